"""Gradients by backward beside slopes of the loss: how far apart are they?"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backprop.arrays import FloatArray
from backprop.differences import Slopes, slopes_of
from backprop.validation import quiet

__all__ = ["Worst"]


@dataclass(frozen=True)
class Worst:
    """The element with the largest relative error.

    Attributes
    ----------
    name : str
        Which array: "x", "layers[2].W", "layers[2].b", "layers[1].layers[0].W".
    index : tuple of int
        Where in it.
    analytic, numerical : float
        The derivative by backward, and by differences of the loss. At a kink, numerical is
        what lies nearest to analytic between the slopes of both sides.
    relative_error : float
    """

    name: str
    index: tuple[int, ...]
    analytic: float
    numerical: float
    relative_error: float


# By how much of its size a loss may be rounded; 10 stands for the sums inside.
ROUNDING = 10 * float(np.finfo(np.float64).eps)


def compare(
    loss: Callable[[], float],
    arrays: dict[str, FloatArray],
    analytic: dict[str, FloatArray],
    dy: FloatArray,
    *,
    step: float,
    rounding: float,
    tolerance: float,
) -> tuple[dict[str, Slopes], dict[str, FloatArray]]:
    """Return, for each array, the slopes of loss() in it, and how far analytic is from them."""
    slopes = {
        name: slopes_of(loss, array, step=step, rounding=rounding, tolerance=tolerance)
        for name, array in arrays.items()
    }
    floors = floors_of(slopes, rounding, tolerance, dy.dtype == np.float32, dy)
    errors = {
        name: relative_errors(analytic[name], each, floors[name]) for name, each in slopes.items()
    }
    return slopes, errors


@quiet
def relative_errors(analytic: FloatArray, slopes: Slopes, floor: FloatArray) -> FloatArray:
    """Return the relative error of each element; infinite where either side is no number."""
    numerical = np.clip(analytic, slopes.low, slopes.high)
    size = np.maximum(np.maximum(np.abs(analytic), np.abs(numerical)), floor)
    errors = np.array(np.abs(analytic - numerical) / size)
    errors[analytic == numerical] = 0  # 0 / 0 would be NaN
    errors[~(np.isfinite(analytic) & np.isfinite(numerical))] = np.inf
    return errors


def worst_of(name: str, analytic: FloatArray, slopes: Slopes, errors: FloatArray) -> Worst:
    """Return the element of an array with the largest relative error."""
    index = next(i for i in np.ndindex(errors.shape) if errors[i] == errors.max())
    numerical = np.clip(analytic[index], slopes.low[index], slopes.high[index])
    return Worst(name, index, float(analytic[index]), float(numerical), float(errors[index]))


def floors_of(
    slopes: dict[str, Slopes], rounding: float, tolerance: float, single: bool, dy: FloatArray
) -> dict[str, FloatArray]:
    """Return, for each array, below which size errors are measured by the floor instead.

    There, the rounding of the loss divided by h is just tolerated: no losses can tell less from
    zero. In float32 sums also keep what larger numbers have left when they cancelled.
    """
    floors = {name: rounding / each.h / tolerance for name, each in slopes.items()}
    if single:
        largest = {name: float(np.abs(each.high).max()) for name, each in slopes.items()}
        of_all = max(float(np.abs(dy).max()), *largest.values())
        for name in floors:
            floors[name] = np.maximum(floors[name], max(0.1 * largest[name], 0.01 * of_all))
    return floors
