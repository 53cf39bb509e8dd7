"""Gradients from losses alone: what `check_gradients` holds a backward pass against.

Nothing here calls `backward`: the slope of the loss in one number is found by moving that number
and looking at the loss. Where a kink is near, or the loss curves strongly, the slopes found from
the numbers above and below disagree: then the step is made smaller. At the kink itself no step
is small enough, and both slopes are kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from backprop.arrays import FloatArray

SHRINK = 10  # where the halves disagree, this much smaller a step is tried
SMALLEST = 1e-9  # of 1, or of the number that is moved: less would be rounded away


@dataclass
class Halves:
    """The slopes found with one step h: from above, from below, and from both sides together."""

    h: float
    above: float
    below: float
    central: float

    @property
    def disagreement(self) -> float:
        return max(abs(self.above - self.central), abs(self.below - self.central))

    @property
    def size(self) -> float:
        return max(abs(self.above), abs(self.below))


@dataclass
class Slopes:
    """Numerical gradients of one array, in its shape. low and high differ at kinks only."""

    low: FloatArray
    high: FloatArray
    h: FloatArray  # the step each was found with

    @property
    def at_kink(self) -> npt.NDArray[np.bool]:
        return np.asarray(self.low < self.high)


def slopes_of(
    loss: Callable[[], float],
    array: FloatArray,
    *,
    step: float,
    rounding: float,
    tolerance: float,
) -> Slopes:
    """Return the slopes of loss() in every number of an array, which are moved and put back.

    ``rounding`` says by how much a loss may be rounded; below ``tolerance``, relative to the
    slope, halves agree.
    """
    found = Slopes(*(np.empty(array.shape) for _ in range(3)))
    middle, largest = loss(), step
    for index in np.ndindex(array.shape):
        start = float(array[index])
        smallest = SMALLEST * max(1.0, abs(start))
        tried = []
        h = max(largest, smallest)
        while True:
            tried.append(halves(loss, middle, array, index, h))
            if agree(tried[-1], rounding, tolerance) or h / SHRINK < smallest:
                break
            h /= SHRINK
        chosen, at_kink = choose(tried, rounding, tolerance)
        found.low[index], found.high[index] = sides(chosen) if at_kink else (chosen.central,) * 2
        found.h[index] = chosen.h
        if not at_kink:
            largest = min(step, SHRINK * chosen.h)  # the next number is likely to need no more
    return found


def halves(
    loss: Callable[[], float],
    middle: float,
    array: FloatArray,
    index: tuple[int, ...],
    h: float,
) -> Halves:
    """Return the slopes at array[index] from the losses at −2h, −h, 0, h and 2h around it.

    Three equally spaced losses give a slope to O(h²), the four outer ones to O(h⁴): the weights
    are those for which the first terms of the Taylor series cancel.
    """
    start = array[index]
    try:
        below_2, below, above, above_2 = (at(loss, array, index, start, k * h) for k in STEPS)
    finally:
        array[index] = start
    return Halves(
        h=h,
        above=(-3 * middle + 4 * above - above_2) / (2 * h),
        below=(3 * middle - 4 * below + below_2) / (2 * h),
        central=(8 * (above - below) - (above_2 - below_2)) / (12 * h),
    )


STEPS = (-2, -1, 1, 2)


def at(
    loss: Callable[[], float],
    array: FloatArray,
    index: tuple[int, ...],
    start: float,
    distance: float,
) -> float:
    """Return the loss with one number moved; NaN where there is none."""
    array[index] = start + distance
    try:
        return loss()
    except (ValueError, ArithmeticError):
        return float("nan")


def agree(found: Halves, rounding: float, tolerance: float) -> bool:
    """Whether the halves are one slope: within the tolerance, or as far as rounding lets see."""
    return found.disagreement <= max(0.3 * tolerance * found.size, rounding / found.h)


def choose(tried: list[Halves], rounding: float, tolerance: float) -> tuple[Halves, bool]:
    """Return the step to go by, and whether the number lies at a kink."""
    if agree(tried[-1], rounding, tolerance):
        return tried[-1], False
    # At a kink each half settles as the step shrinks, but not on what the other settles on.
    # Rounding, in contrast, lets both change from step to step.
    changes = [
        abs(now.above - then.above) + abs(now.below - then.below) for then, now in pairwise(tried)
    ]
    if changes and not np.isnan(changes).all():
        least = int(np.nanargmin(changes))
        settled = tried[least + 1]
        if changes[least] <= 0.05 * abs(settled.above - settled.below):
            return settled, True
    finite = [each for each in tried if np.isfinite(each.disagreement)]
    return min(finite or tried[-1:], key=lambda each: each.disagreement), False


def sides(found: Halves) -> tuple[float, float]:
    return min(found.above, found.below), max(found.above, found.below)
