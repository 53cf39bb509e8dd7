"""Checking an answer: run it, look at the values it leaves behind, say what is wrong with them.

A check is a function ``check(answer)`` in the exercise's file. It computes what is right and
compares, never by looking at the text of the answer:

    def check(answer):
        answer.expect("dW1", x.T @ delta1, no_slope=x.T @ (delta2 @ W2.T))

If the value is another, the reader is told what is wrong with it: it equals one of the known
wrong values (here ``no_slope``; its words stand in the exercise's file), or it is transposed, has
the wrong sign, is a multiple, has another shape, … (`comparing`). A check that ends in silence
has passed.
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

import numpy.typing as npt

from backprop.exercises.comparing import Wrong, compare
from backprop.exercises.files import Exercise, load
from backprop.exercises.words import WORDS

__all__ = ["Answer", "Verdict", "Wrong", "check"]

ANSWER, CHECK = "answer.py", "check.py"


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
        for found in sorted(value, key=repr):  # a set has no order of its own
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
    key, mentioned, printed = judged(exercise, source)
    return Verdict(key == "right", key, said_of(exercise, key, mentioned, language), printed)


def judged(exercise: Exercise, source: str) -> tuple[str, dict[str, Any], str]:
    """Run an answer and return which kind of mistake it is, what of it is to be mentioned, and what
    the answer printed."""
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
            if "truth value of an array" in str(error):
                key = "one number only"
    return key, mentioned, printed.getvalue()


def said_of(exercise: Exercise, key: str, mentioned: dict[str, Any], language: str) -> str:
    return filled({**WORDS, **exercise.words}[key][language], mentioned)


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
