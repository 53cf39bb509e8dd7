"""Checks of arguments, one small function each, so that the lesson stays clear of them.

Every check either returns what it was given (integers turned into floats) or raises an error
that names the argument and says what was expected of it. Where which is looked at:

==================  ====================================================  ======================
who is called       what goes in, before anything changes                 what comes out
==================  ====================================================  ======================
`activations`       z: finite numbers; slope: between 0 and 1
`losses`            y and t: finite, and fit each other                   overflow
a layer by itself   parameters; x: shape, finite; dy: shape and dtype     as in a network
                    of what forward returned, finite
`Network`           parameters of all layers: arrays, finite, fitting     of each layer: an array,
                    (``layers[2].W``); x and dy, copied                   finite, its shape; dNAME
`SGD.step`          every dNAME beside its NAME; that no number would
                    overflow; that each array may be written
`check_gradients`,  all of these, on copies                               `train` also on the way:
`train`, `trace`                                                          overflow
==================  ====================================================  ======================

`rules`, the bare lines of `layers` and the loops of `network` check nothing; the doors that stand
around the latter two are in `doors`. NumPy's own warnings would only repeat, less clearly, what is
said here, so `quiet` turns them off.
"""

import math
import numbers
import operator
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from backprop.arrays import FloatArray, LabelArray

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
        raise ValueError(
            f"{name} must be finite, got {first_not_finite(array)} ({name} has shape {array.shape})"
        )


def first_not_finite(array: FloatArray) -> str:
    """Say what the first NaN or infinity of an array is, and where it stands."""
    where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
    return f"{float(array[where])} at index {list(where)}" if where else f"{float(array[where])}"


def refuse_overflow(**results: FloatArray) -> None:
    """Refuse results, given by name, that came out infinite or NaN from finite numbers."""
    for name, array in results.items():
        if not is_finite(array):
            raise ValueError(
                f"{name} overflows: a number in it is too large for {array.dtype}"
                f" ({name} has shape {array.shape})"
            )


def as_array(name: str, value: npt.ArrayLike) -> npt.NDArray[Any]:
    """Return value as an array, whatever it holds; masked ones are refused."""
    if type(value) is np.ndarray:
        return value
    if is_masked(value) or (isinstance(value, list | tuple) and any(map(is_masked, value))):
        raise TypeError(
            f"{name} must not be masked: what is masked would take part with the number under it."
            f" Put one there, with np.ma.filled({name}, 0), or leave those rows out"
            f" ({name} has shape {np.shape(value)})"
        )
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be an array, every row as long as the others") from error
    if array.dtype == object and hasattr(value, "columns") and hasattr(value, "iloc"):
        return columns_of(name, value)
    return array


def is_masked(value: Any) -> bool:
    return isinstance(value, np.ndarray) and hasattr(value, "filled")  # without loading numpy.ma


def as_floats(name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float64) -> FloatArray:
    """Return value as an array of float64 or float32; integers take the dtype given."""
    if type(value) is np.ndarray and value.dtype in FLOATS:
        return value
    array = as_array(name, value)
    if array.dtype.kind in "iu":
        return array.astype(dtype)
    if array.dtype not in FLOATS:
        raise TypeError(
            f"{name} must hold float64, float32 or integers, got dtype {array.dtype}"
            f" ({name} has shape {array.shape})"
        )
    return array


def columns_of(name: str, table: Any) -> npt.NDArray[Any]:
    """Return the numbers of a table whose columns differ, such as a DataFrame."""
    columns = [table.iloc[:, j] for j in range(len(table.columns))]
    arrays = [np.asarray(column) for column in columns]
    faults = [
        f"column {title!r} holds {column.dtype}"
        for title, column, array in zip(table.columns, columns, arrays, strict=True)
        if array.dtype not in FLOATS and array.dtype.kind not in "iu"
    ]
    if faults:
        raise TypeError(
            f"{name} must hold float64, float32 or integers in every column: {', '.join(faults)}"
            f" ({name} has shape {np.shape(table)}). .astype(float) makes numbers of true and false"
        )
    return np.column_stack(arrays)


def as_finite_floats(
    name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float64
) -> FloatArray:
    """Return value as floats of any shape, all of them finite."""
    array = as_floats(name, value, dtype)
    check_finite(name, array)
    return array


def as_batch(name: str, value: npt.ArrayLike) -> FloatArray:
    """Return value as finite floats of shape (batch, n): one row for each sample."""
    array = as_rows(name, value)
    check_finite(name, array)
    return array


def as_rows(name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float64) -> FloatArray:
    """Return value as floats of shape (batch, n), whether finite or not."""
    array = as_samples(name, value, dtype)
    if array.ndim > 2:
        refuse_samples(name, array)
    return array


def as_samples(name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float64) -> FloatArray:
    """Return value as floats of shape (batch, …), finite or not: one entry for each sample."""
    array = as_floats(name, value, dtype)
    if array.ndim < 2 or array.size == 0:
        refuse_samples(name, array)
    return array


def refuse_samples(name: str, array: FloatArray) -> NoReturn:
    raise ValueError(
        f"{name} must have shape (batch, n) with at least one row and one column,"
        f" got shape {array.shape}"
    )


def as_batch_like(
    name: str, value: npt.ArrayLike, other_name: str, other: FloatArray
) -> FloatArray:
    """Return value as finite floats in the shape and dtype of another array."""
    array = as_like(name, value, other_name, other)
    check_finite(name, array)
    return array


def as_like(name: str, value: npt.ArrayLike, other_name: str, other: FloatArray) -> FloatArray:
    """Return value as floats in the shape and dtype of another array, finite or not."""
    if type(value) is np.ndarray and value.shape == other.shape and value.dtype == other.dtype:
        return value
    array = as_floats(name, value, other.dtype)
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
    one_hot = labels.ndim == 2 and labels.dtype.kind in "fbiu"
    hint = f" (one-hot rows become labels by {name}.argmax(axis=1))" if one_hot else ""
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"{name} must hold integers, got dtype {labels.dtype}{hint}:"
            f" {name} has shape {labels.shape}, logits has shape {logits.shape}"
        )
    if labels.shape != (n,):
        raise ValueError(
            f"{name} must have shape ({n},), one label for each row of logits{hint}:"
            f" {name} has shape {labels.shape}, logits has shape {logits.shape}"
        )
    # argmin and argmax are found faster than min and max
    if labels[labels.argmin()] < 0 or labels[labels.argmax()] >= classes:
        raise ValueError(
            f"{name} must lie in 0 to {classes - 1}, one for each column of logits:"
            f" {name} has shape {labels.shape} and goes from {labels.min()} to {labels.max()},"
            f" logits has shape {logits.shape}"
        )
    return labels


def check_weights(W: FloatArray, b: FloatArray | None) -> None:
    """Refuse weights and biases that have not the shapes (n_in, n_out) and (n_out,)."""
    if W.ndim != 2 or W.size == 0:
        raise ValueError(f"W must have shape (n_in, n_out), none of them 0, got shape {W.shape}")
    if b is not None:
        check_fits("b", b, W.shape[1:], "W", W)


def check_is_array(name: str, array: FloatArray) -> None:
    """Refuse what someone put in place of an array of floats."""
    if not isinstance(array, np.ndarray) or array.dtype not in FLOATS:
        raise TypeError(f"{name} must be an array of float64 or float32, got {not_floats(array)}")


def not_floats(value: Any) -> str:
    """Say what someone put in place of an array of floats."""
    if isinstance(value, np.ndarray | np.generic):
        return f"{type(value).__name__} of dtype {value.dtype} and shape {value.shape}"
    return type(value).__name__


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
    if type(value) is float and 0 < value < math.inf:
        return value
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, got {value!r}")
    try:
        number = float(value)
    except OverflowError:  # an int of more than 308 digits
        number = math.inf
    if not 0 < number < math.inf:
        raise ValueError(f"{name} must be finite and above 0, got {number!r}")
    return number


def as_fraction(name: str, value: float) -> float:
    """Return value as a float between 0 and 1, neither of the two."""
    number = as_positive_float(name, value)
    if number >= 1:
        raise ValueError(f"{name} must be below 1, got {number!r}")
    return number


def check_rng(rng: np.random.Generator) -> None:
    """Refuse anything but a generator: all randomness comes through one."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
