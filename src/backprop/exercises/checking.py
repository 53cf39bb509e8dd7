"""Checking an answer: run it, look at the values it leaves behind, say what is wrong with them.

A check is a function ``check(answer)`` in the exercise's file. It computes what is right and
compares, never by looking at the text of the answer:

    def check(answer):
        answer.expect("dW1", x.T @ delta1, no_slope=x.T @ (delta2 @ W2.T))

If the value is another, the reader is told what is wrong with it: it equals one of the known
wrong values (here ``no_slope``; its words stand in the exercise's file), or it is transposed, has
the wrong sign, is a multiple, has another shape, … A check that ends in silence has passed.
"""

import contextlib
import copy
import io
import re
import sys
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop.exercises.files import load
from backprop.exercises.words import WORDS

__all__ = ["Answer", "Verdict", "Wrong", "check"]

ANSWER, CHECK = "answer.py", "check.py"
SHORTENED = (np.round, np.trunc)  # how people leave out decimals


@dataclass(frozen=True)
class Verdict:
    """What is said about an answer.

    Attributes
    ----------
    passed : bool
    key : str
        Which kind of mistake; "right" if none.
    words : str
        The same for the reader.
    printed : str
        What the answer printed while it ran.
    """

    passed: bool
    key: str
    words: str
    printed: str


class Wrong(Exception):
    """Raised by a check: the key of a mistake, and what its words mention."""

    def __init__(self, key: str, **mentioned: object) -> None:
        super().__init__(key)
        self.key, self.mentioned = key, mentioned


class Answer:
    """What an answer has left behind: ``answer["dW1"]``, ``answer.call("relu", z)``."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace

    def __getitem__(self, name: str) -> Any:
        """Return the value of a name; say so if the name or the value is not there yet."""
        if name not in self.namespace:
            raise Wrong("missing", name=name)
        value = self.namespace[name]
        if value is ...:
            raise Wrong("todo", name=name)
        return value

    def call(self, name: str, *arguments: Any) -> Any:
        """Return what the reader's function returns."""
        function = self[name]
        if not callable(function):
            raise Wrong("no function", name=name)
        try:
            value = function(*copy.deepcopy(arguments))  # the answer may write into them
        except Exception as error:
            if lines_in_answer(error):
                raise
            raise Wrong("can't be called", name=name, error=said(error)) from error
        if value is ...:
            raise Wrong("todo", name=name)
        if value is None:
            raise Wrong("returns nothing", name=name)
        return value

    def chosen(self, name: str, among: Iterable[str]) -> set[str]:
        """Return a set of names, each one of those to choose from."""
        value = self[name]
        if not isinstance(value, set | frozenset | list | tuple | dict):  # {} is a dict
            raise Wrong("no names", name=name)
        for found in value:
            if found is ...:
                raise Wrong("todo", name=name)
            if not isinstance(found, str):
                raise Wrong("no names", name=name)
            if found not in among:
                choice = ", ".join(f"`{one}`" for one in among)
                raise Wrong("unknown name", name=name, found=found, among=choice)
        return set(value)

    def expect(
        self, name: str, right: npt.ArrayLike, *, decimals: int | None = None, **known: Any
    ) -> None:
        """Refuse a value that is not the right one; see `compare`."""
        compare(name, self[name], right, decimals=decimals, **known)


def compare(
    name: str, found: Any, right: npt.ArrayLike, *, decimals: int | None = None, **known: Any
) -> None:
    """Raise Wrong if found is not right, saying in which way.

    ``known`` maps the keys of known mistakes to the values they lead to. With ``decimals``, a
    value rounded to so many decimals is right as well.
    """
    right = np.asarray(right, dtype=np.float64)
    value = as_numbers(name, found)
    if right.ndim == 0 and value.size == 1:
        value = value.reshape(())
    if close(value, right, decimals):
        return
    for key, wrong in known.items():
        if close(value, np.asarray(wrong, dtype=np.float64), decimals):
            raise Wrong(key, name=name, found=shown(value))
    if not np.isfinite(value).all():
        raise Wrong("not finite", name=name)
    if value.shape != right.shape:
        refuse_shape(name, value, right, decimals)
    refuse_values(name, value, right, decimals)


def as_numbers(name: str, found: Any) -> npt.NDArray[np.float64]:
    if found is ...:
        raise Wrong("todo", name=name)
    try:
        if found is None or isinstance(found, str | bytes | bool):
            raise TypeError
        return np.asarray(found, dtype=np.float64)
    except (TypeError, ValueError):
        raise Wrong("no number", name=name, kind=type(found).__name__) from None


def close(value: Any, right: Any, decimals: int | None) -> bool:
    """Whether two arrays agree in shape and, but for rounding, in every number."""
    return value.shape == right.shape and bool(agreeing(value, right, decimals).all())


def agreeing(value: Any, right: Any, decimals: int | None) -> Any:
    """Which numbers of two arrays of one shape agree, but for rounding."""
    margin = 1e-9 if decimals is None else 0.5001 * 10.0**-decimals
    return np.isclose(value, right, rtol=1e-6, atol=margin)


def refuse_shape(name: str, value: Any, right: Any, decimals: int | None) -> None:
    if right.ndim == 0:
        raise Wrong("one number", name=name, found=value.shape)
    shapes = {"name": name, "found": value.shape, "right": right.shape}
    if value.size == right.size and close(value.ravel(), right.ravel(), decimals):
        raise Wrong("right but for the shape", **shapes)
    if value.ndim == 2 and close(value.T, right, decimals):
        raise Wrong("transposed", name=name)
    raise Wrong("shape", **shapes)


def refuse_values(name: str, value: Any, right: Any, decimals: int | None) -> None:
    """Say what the wrong values have in common with the right ones."""
    if right.ndim == 2 and right.shape == right.T.shape and close(value.T, right, decimals):
        raise Wrong("transposed", name=name)
    if close(-value, right, decimals):
        raise Wrong("sign", name=name)
    used = right != 0
    if used.any() and not value[~used].any():
        ratios = value[used] / right[used]
        factor = float(ratios.flat[0])
        # Any two numbers have a ratio: it says something if there are more, or if it is round.
        telling = factor and (ratios.size > 1 or is_round(factor))
        if telling and np.allclose(ratios, factor, rtol=1e-6):
            raise Wrong("factor", name=name, factor=f"{factor:.4g}")
    if right.ndim == 0:
        shorter = [f(right * 10.0**d) / 10.0**d for d in range(decimals or 0) for f in SHORTENED]
        if value and np.isclose(value, shorter, rtol=1e-12, atol=0).any():
            raise Wrong("rounded", name=name, found=shown(value), decimals=decimals)
        raise Wrong("value", name=name, found=shown(value))
    agree = agreeing(value, right, decimals)
    if agree.any():
        where = [int(i) for i in np.argwhere(~agree)[0]]
        count = {"right": int(agree.sum()), "all": right.size}
        raise Wrong("some", name=name, where=where, found=shown(value[tuple(where)]), **count)
    raise Wrong("none", name=name)


def is_round(factor: float) -> bool:
    """Whether a factor is a small whole number, or one divided by it."""
    larger = max(abs(factor), 1 / abs(factor))
    return larger < 100 and abs(larger - round(larger)) < 1e-6


def shown(value: Any) -> str:
    return f"{float(value):.6g}" if np.ndim(value) == 0 else str(np.round(value, 6).tolist())


def check(name: str, source: str, language: str = "en") -> Verdict:
    """Run an answer and return what is to be said about it.

    Parameters
    ----------
    name : str
        Of the exercise.
    source : str
        The answer, Python.
    language : "en" or "ko"

    Examples
    --------
    >>> from backprop.exercises import check, load
    >>> exercise = load("a-number-by-hand")
    >>> check("a-number-by-hand", exercise.solution).passed
    True
    >>> print(check("a-number-by-hand", exercise.starter).words)
    `db2_2` is still `...`: your answer goes there.
    """
    exercise = load(name)
    printed = io.StringIO()
    checker: dict[str, Any] = {"__name__": CHECK, "Wrong": Wrong, "compare": compare}
    forget_given()
    exec(compile(exercise.check, CHECK, "exec"), checker)
    forget_given()
    key, mentioned = "right", {}
    with contextlib.redirect_stdout(printed):
        try:
            namespace: dict[str, Any] = {"__name__": "__main__"}
            exec(compile(source, ANSWER, "exec"), namespace)
            checker["check"](Answer(namespace))
        except Wrong as wrong:
            key, mentioned = wrong.key, wrong.mentioned
        except Exception as error:
            key, mentioned = "raised", raised(error)
    template = {**WORDS, **exercise.words}[key][language]
    return Verdict(key == "right", key, filled(template, mentioned), printed.getvalue())


def forget_given() -> None:
    """Let the next import of given numbers find them as they are in the file: an answer that
    writes into its own, as ``W1 -= lr * dW1`` does, changes nobody else's."""
    for module in [m for m in sys.modules if m.startswith("backprop.exercises.given")]:
        del sys.modules[module]


def raised(error: Exception) -> dict[str, object]:
    """Where in the answer an error arose; an error of the check itself is passed on."""
    if isinstance(error, SyntaxError) and error.filename == ANSWER:
        return {"line": error.lineno, "error": f"SyntaxError: {error.msg}"}
    lines = lines_in_answer(error)
    if not lines:
        raise error
    return {"line": lines[-1], "error": said(error)}


def lines_in_answer(error: Exception) -> list[int | None]:
    frames = traceback.extract_tb(error.__traceback__)
    return [frame.lineno for frame in frames if frame.filename == ANSWER]


def said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def filled(template: str, mentioned: dict[str, Any]) -> str:
    """The words with {name} and the like put in; other braces stay, they may be LaTeX."""
    return re.sub(r"\{(\w+)\}", lambda m: str(mentioned.get(m[1], m[0])), template)
