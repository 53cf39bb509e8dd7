"""Comparing a value with the right one, and saying in which way it is wrong.

The keys of the mistakes found here have their words in `words`; those of known wrong values have
theirs in the exercise's file."""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Wrong", "compare"]


def half_up(number: float) -> float:
    """Rounded to a whole number, a half away from 0, as at school."""
    return float(np.copysign(np.floor(np.abs(number) + 0.5 + 1e-9), number))


SHORTENED = (np.round, half_up, np.trunc)  # how people leave out decimals


class Wrong(Exception):
    """Raised by a check: the key of a mistake, and what its words mention."""

    def __init__(self, key: str, **mentioned: object) -> None:
        super().__init__(key)
        self.key, self.mentioned = key, mentioned


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
        if any(entry is ... for entry in np.asarray(found, dtype=object).ravel()):
            raise Wrong("dots", name=name)
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
