"""Slopes for checks of exercises, from nothing but a loss: an oracle that knows no rule."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["slopes_of"]

STEP = 1e-30  # so small that its square is nothing beside 1


def slopes_of(loss: Callable[..., Any], *arrays: Any) -> list[npt.NDArray[np.float64]]:
    """Return the derivatives of loss(*arrays) with respect to every number of every array.

    A number is moved by a tiny imaginary amount; the imaginary part of the loss, divided by it,
    is the slope. So the loss must not use abs, a maximum or a comparison of complex numbers.

    Examples
    --------
    >>> slopes_of(lambda x, y: (x * x * y).sum(), [1.0, 2.0], [3.0, 4.0])
    [array([ 6., 16.]), array([1., 4.])]
    """
    moved = [np.asarray(array, dtype=complex).copy() for array in arrays]
    found = [np.zeros(array.shape) for array in moved]
    for array, slopes in zip(moved, found, strict=True):
        for place in np.ndindex(array.shape):
            array[place] += STEP * 1j
            slopes[place] = loss(*moved).imag / STEP
            array[place] -= STEP * 1j
    return found
