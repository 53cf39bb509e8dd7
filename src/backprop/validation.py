"""Checks of arguments, one small function each, so that the lesson stays clear of them.

Every check either returns what it was given (integers turned into float64) or raises an error
that names the argument and says what was expected of it.

Two rules keep the arithmetic honest without slowing it down:

- what goes into a computation is finite, or it is refused (`check_finite`);
- what comes out is finite too, or the call is refused as an overflow (`refuse_overflow`).
  NumPy's own warnings would only repeat that, less clearly, so `quiet` turns them off.

A matrix product needs one look for both: NaN or infinity in a factor is also in the product, so
the factors are looked at only where the product is not finite (`refuse_not_finite`).
"""

import math
import numbers
import operator
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]
LabelArray = npt.NDArray[np.integer[Any]]

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))

# A decorator: inside the decorated function NumPy neither warns nor raises.
quiet = np.errstate(all="ignore")


def is_finite(array: FloatArray) -> bool:
    """Whether no element is NaN or infinite."""
    # The sum of squares takes one quick pass and is finite only if every element is. If it
    # isn't, the elements may still be finite but large, so they are looked at one by one.
    return math.isfinite(np.vdot(array, array)) or bool(np.isfinite(array).all())


def check_finite(name: str, array: FloatArray) -> None:
    """Refuse NaN and infinity, and say where the first of them stands."""
    if not is_finite(array):
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        place = f" at index {list(where)}" if where else ""
        raise ValueError(
            f"{name} must be finite, got {float(array[where])}{place}"
            f" ({name} has shape {array.shape})"
        )


def refuse_overflow(**results: FloatArray) -> None:
    """Refuse results, given by name, that came out infinite or NaN from finite numbers."""
    for name, array in results.items():
        if not is_finite(array):
            raise ValueError(
                f"{name} overflows: a number in it is too large for {array.dtype}"
                f" ({name} has shape {array.shape})"
            )


def refuse_not_finite(factors: dict[str, FloatArray], **results: FloatArray) -> None:
    """Refuse results that are not finite: because of a factor, or else as an overflow."""
    for result in results.values():
        if not is_finite(result):
            for name, factor in factors.items():
                check_finite(name, factor)
            refuse_overflow(**results)


def check_dW(x: FloatArray, delta: FloatArray) -> None:
    """Refuse dW = xᵀ delta, before it is computed in place, if it would not be finite.

    By the inequality of Cauchy and Schwarz no element of it, and no part of the sum that makes
    one, is larger than the root of ‖x‖² ‖delta‖². If both are finite, all is well (4 is room for
    rounding); if not, the product is computed here to see.
    """
    if not (math.isfinite(4 * np.vdot(x, x)) and math.isfinite(4 * np.vdot(delta, delta))):
        # delta has been looked at before: db and dx are finite.
        refuse_not_finite({"x": x}, dW=x.T @ delta)


def as_array(name: str, value: npt.ArrayLike) -> npt.NDArray[Any]:
    """Return value as an array, whatever it holds."""
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be an array, every row as long as the others") from error


def as_floats(name: str, value: npt.ArrayLike) -> FloatArray:
    """Return value as an array of float64 or float32; integers become float64."""
    array = as_array(name, value)
    if array.dtype.kind in "iu":
        return array.astype(np.float64)
    if array.dtype not in FLOATS:
        raise TypeError(
            f"{name} must hold float64, float32 or integers, got dtype {array.dtype}"
            f" ({name} has shape {array.shape})"
        )
    return array


def as_finite_floats(name: str, value: npt.ArrayLike) -> FloatArray:
    """Return value as floats of any shape, all of them finite."""
    array = as_floats(name, value)
    check_finite(name, array)
    return array


def as_batch(name: str, value: npt.ArrayLike) -> FloatArray:
    """Return value as finite floats of shape (batch, n): one row for each sample."""
    array = as_rows(name, value)
    check_finite(name, array)
    return array


def as_rows(name: str, value: npt.ArrayLike) -> FloatArray:
    """Return value as floats of shape (batch, n), whether finite or not."""
    array = as_floats(name, value)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(
            f"{name} must have shape (batch, n) with at least one row and one column,"
            f" got shape {array.shape}"
        )
    return array


def as_batch_like(
    name: str, value: npt.ArrayLike, other_name: str, other: FloatArray
) -> FloatArray:
    """Return value as a batch with the shape and dtype of another, which is one."""
    array = as_finite_floats(name, value)
    check_fits(name, array, other.shape, other_name, other)
    return array


def check_fits(
    name: str,
    array: FloatArray,
    shape: tuple[int, ...],
    other_name: str,
    other: FloatArray,
) -> None:
    """Refuse an array that lacks the shape it needs beside another, or has another dtype."""
    if array.shape != shape:
        raise ValueError(
            f"{name} must have shape {shape} to fit {other_name}:"
            f" {name} has shape {array.shape}, {other_name} has shape {other.shape}"
        )
    if array.dtype != other.dtype:
        raise TypeError(
            f"{name} must have the dtype of {other_name}:"
            f" {name} is {array.dtype} of shape {array.shape},"
            f" {other_name} is {other.dtype} of shape {other.shape}"
        )


def as_labels(name: str, value: npt.ArrayLike, logits: FloatArray) -> LabelArray:
    """Return value as integers of shape (batch,), each the number of a column of logits."""
    labels = as_array(name, value)
    n, classes = logits.shape
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"{name} must hold integers, got dtype {labels.dtype}:"
            f" {name} has shape {labels.shape}, logits has shape {logits.shape}"
        )
    if labels.shape != (n,):
        raise ValueError(
            f"{name} must have shape ({n},), one label for each row of logits:"
            f" {name} has shape {labels.shape}, logits has shape {logits.shape}"
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"{name} must lie in 0 to {classes - 1}, one for each column of logits:"
            f" {name} has shape {labels.shape} and goes from {labels.min()} to {labels.max()},"
            f" logits has shape {logits.shape}"
        )
    return labels


def check_parameters(W: FloatArray, b: FloatArray) -> None:
    """Refuse weights and biases that are not floats of shapes (n_in, n_out), (n_out,)."""
    check_is_array("W", W)
    check_is_array("b", b)
    if W.ndim != 2 or W.size == 0:
        raise ValueError(f"W must have shape (n_in, n_out), none of them 0, got shape {W.shape}")
    check_fits("b", b, W.shape[1:], "W", W)


def check_is_array(name: str, array: FloatArray) -> None:
    """Refuse what someone put in place of an array of floats."""
    if not isinstance(array, np.ndarray) or array.dtype not in FLOATS:
        kind = getattr(array, "dtype", type(array).__name__)
        raise TypeError(f"{name} must be an array of float64 or float32, got {kind}")


def remembered(array: FloatArray | None) -> FloatArray:
    """Return what the forward pass left behind, or refuse if there was none."""
    if array is None:
        raise RuntimeError("backward needs a forward before it: nothing is remembered yet")
    return array


def as_float_dtype(dtype: npt.DTypeLike) -> np.dtype[Any]:
    """Return dtype as float64 or float32, or refuse it."""
    try:
        found = np.dtype(dtype)
    except (TypeError, ValueError) as error:
        raise TypeError(f"dtype must be float64 or float32, got {dtype!r}") from error
    if found not in FLOATS:
        raise TypeError(f"dtype must be float64 or float32, got {found}")
    return found


def as_positive_int(name: str, value: int) -> int:
    """Return value as an int of at least 1."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value!r}")
    return operator.index(value)


def as_positive_float(name: str, value: float) -> float:
    """Return value as a finite float above 0."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, got {value!r}")
    try:
        number = float(value)
    except OverflowError:  # an int of more than 308 digits
        number = math.inf
    if not 0 < number < math.inf:
        raise ValueError(f"{name} must be finite and above 0, got {number!r}")
    return number


def check_rng(rng: np.random.Generator) -> None:
    """Refuse anything but a generator: all randomness comes through one."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")


def check_loss(loss: object) -> None:
    """Refuse what can't be called for a loss, or asked for its gradient."""
    if not callable(loss) or not hasattr(loss, "gradient"):
        raise TypeError(f"loss must be a loss such as squared_error, got {loss!r}")
