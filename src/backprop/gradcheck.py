"""Is a backward pass right? Ask the forward pass, which knows nothing about derivatives."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop.layers import Dense, ReLU
from backprop.losses import Loss
from backprop.network import Network
from backprop.validation import FloatArray, as_batch, as_positive_float

__all__ = ["GradientCheck", "Worst", "check_gradients"]

# Ways to get a slope from values of the loss: "the value at k steps from here, times this".
# Divided by the step, each gives the exact slope of any polynomial up to degree 4. The first is
# two central differences, of widths 1 and 2, combined so that their leading errors cancel. The
# others look to one side only, for places where the other side lies behind a kink.
CENTRAL = {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12}
RIGHT = {0: -25 / 12, 1: 48 / 12, 2: -36 / 12, 3: 16 / 12, 4: -3 / 12}
LEFT = {-k: -weight for k, weight in RIGHT.items()}

TOLERANCES = {np.dtype(np.float64): 1e-6, np.dtype(np.float32): 1e-4}


@dataclass(frozen=True)
class Worst:
    """The element with the largest relative error.

    Attributes
    ----------
    name : str
        Which array: "x", "layers[2].W", "layers[2].b".
    index : tuple of int
        Where in it.
    analytic, numerical : float
        What `Network.backward` says, and what the loss itself says.
    relative_error : float
    """

    name: str
    index: tuple[int, ...]
    analytic: float
    numerical: float
    relative_error: float


@dataclass(frozen=True, repr=False)
class GradientCheck:
    """What `check_gradients` found.

    Attributes
    ----------
    passed : bool
        Whether every element checked is right and no array went unchecked altogether.
    max_relative_error : float
        The largest there is; NaN if nothing could be checked.
    worst : Worst or None
        Where that is.
    tolerance : float
        What the error had to stay below.
    checked, excluded : int
        Elements compared, and elements too close to a kink of a ReLU to be.
    unchecked : tuple of str
        Names of arrays of which every element was excluded.
    """

    passed: bool
    max_relative_error: float
    worst: Worst | None
    tolerance: float
    checked: int
    excluded: int
    unchecked: tuple[str, ...]

    def __repr__(self) -> str:
        verdict = "passed" if self.passed else "FAILED"
        lines = [f"gradient check {verdict}: {self.checked} elements checked"]
        if self.worst is not None:
            w = self.worst
            lines += [
                f"  largest relative error {w.relative_error:.1e} (tolerance {self.tolerance:.0e})"
                f" in {w.name}{list(w.index)}:",
                f"  backward says {w.analytic:.8g}, differences say {w.numerical:.8g}",
            ]
        if self.excluded:
            lines.append(f"  {self.excluded} elements at a kink of a ReLU were not checked")
        if self.unchecked:
            lines.append(f"  nothing was checked in {', '.join(self.unchecked)}: move x a little")
        return "\n".join(lines)


def check_gradients(
    net: Network,
    loss: Loss,
    x: npt.ArrayLike,
    t: npt.ArrayLike,
    *,
    step: float = 1e-4,
    tolerance: float | None = None,
) -> GradientCheck:
    """Compare every gradient of `Network.backward` with differences of the loss.

    Derived on the page hand/matrix-form. Every element of every W and b and of x is moved by
    ±h and ±2h, where h is ``step`` (times the element's size, if that is above 1).

    *What counts as wrong.* The relative error is |analytic − numerical| divided by the larger of
    the two in size, or by a floor if both are below it. The floor is what makes the rounding of
    the loss, divided by h, count as the tolerance: a difference that small can't be told from
    zero by any pair of losses. For weights of float32 it is at least a tenth of the largest
    element of the same array.

    *Kinks.* Where a ReLU's z changes sign between the points compared, differences are wrong and
    the gradient may be right. There the slope is taken from the one side that keeps the signs
    of the point itself; if neither does, with smaller steps, down to h/1000. If that fails too,
    as at z = 0 exactly, the element is excluded, and counted. An array of which every element
    is excluded makes the check fail, so that nothing wrong can hide behind kinks.

    *float32.* The gradient is computed as it is, in float32; the losses it is compared with are
    those of a copy in float64, whose differences are exact enough to judge it.

    The network stays as it was: all of this happens in copies.

    Parameters
    ----------
    net : Network
    loss : `squared_error`, `softmax_cross_entropy` or the like
    x : array, shape (batch, n_in)
    t : array
        What the loss compares y with.
    step : float
    tolerance : float, optional
        1e-6 for weights of float64, 1e-4 for float32.

    Returns
    -------
    GradientCheck

    Raises
    ------
    ValueError, TypeError
        If an argument is refused by the network or the loss.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> net = Network([Dense.random(3, 4, rng=rng), Sigmoid(), Dense.random(4, 2, rng=rng)])
    >>> result = check_gradients(net, squared_error, rng.normal(size=(5, 3)), np.ones((5, 2)))
    >>> result.passed, result.checked, result.max_relative_error < 1e-6
    (True, 41, True)
    """
    if not isinstance(net, Network):
        raise TypeError(f"net must be a Network, got {type(net).__name__}")
    step = as_positive_float("step", step)
    x, t = as_batch("x", x), np.asarray(t)
    if tolerance is None:
        tolerance = TOLERANCES[x.dtype]
    tolerance = as_positive_float("tolerance", tolerance)

    gradients, signs, rounding = gradients_of(copy.deepcopy(net), loss, x, t)
    twin = in_float64(net)
    x64 = x.astype(np.float64)
    t64 = t.astype(np.float64) if t.dtype.kind == "f" else t

    def loss_and_signs() -> tuple[float, list[bytes]]:
        return loss(twin.forward(x64), t64), relu_signs(twin)

    worst: Worst | None = None
    excluded, unchecked = 0, []
    places = {"x": x64} | parameters_of(twin)
    for name, array in places.items():
        numerical = np.full(array.shape, np.nan)
        floor = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            slope, width = slope_at(array, index, step, signs, loss_and_signs)
            numerical[index], floor[index] = slope, rounding / width / tolerance

        analytic = gradients[name]
        compared = ~np.isnan(numerical)
        excluded += int((~compared).sum())
        if not compared.any():
            unchecked.append(name)
            continue
        if analytic.dtype == np.float32:
            floor = np.maximum(floor, 0.1 * np.nanmax(np.abs(numerical)))
        errors = relative_errors(analytic, numerical, floor)
        at = np.unravel_index(np.nanargmax(errors), errors.shape)
        index = tuple(int(i) for i in at)
        if worst is None or errors[index] > worst.relative_error:
            worst = Worst(
                name, index, float(analytic[index]), float(numerical[index]), float(errors[index])
            )

    max_relative_error = float("nan") if worst is None else worst.relative_error
    return GradientCheck(
        passed=max_relative_error < tolerance and not unchecked,
        max_relative_error=max_relative_error,
        worst=worst,
        tolerance=tolerance,
        checked=sum(array.size for array in places.values()) - excluded,
        excluded=excluded,
        unchecked=tuple(unchecked),
    )


def slope_at(
    array: FloatArray,
    index: tuple[int, ...],
    step: float,
    signs: list[bytes],
    loss_and_signs: Callable[[], tuple[float, list[bytes]]],
) -> tuple[float, float]:
    """Return dC/d(array[index]) from losses alone, and the width of the step that gave it.

    NaN if, whatever the step, some ReLU's z has another sign at every choice of points.
    """
    start = array[index]
    for width in step * max(1.0, abs(start)) * np.array([1, 0.1, 0.01, 0.001]):
        for weights in (CENTRAL, RIGHT, LEFT):
            slope = 0.0
            for k, weight in weights.items():
                array[index] = start + k * width
                C, signs_there = loss_and_signs()
                if signs_there != signs:
                    break
                slope += weight * C / width
            else:
                array[index] = start
                return slope, float(width)
    array[index] = start
    return float("nan"), float(width)


def gradients_of(
    net: Network, loss: Loss, x: FloatArray, t: npt.NDArray[Any]
) -> tuple[dict[str, FloatArray], list[bytes], float]:
    """Return the gradients that backward gives, the ReLUs' signs, and the loss's rounding."""
    for layer in net.layers:
        if isinstance(layer, Dense):  # so that what backward forgets to fill can't look right
            layer.dW[:], layer.db[:] = np.nan, np.nan
    y = net.forward(x)
    C, dy = loss(y, t), loss.gradient(y, t)
    dx = net.backward(dy)
    # y is rounded, and dy says how much of that reaches C. 10 stands for the sums inside.
    rounding = 10 * np.finfo(np.float64).eps * (abs(C) + float(np.abs(dy * y).sum()))
    gradients = {"x": dx}
    for i, layer in enumerate(net.layers):
        if isinstance(layer, Dense):
            gradients |= {f"layers[{i}].W": layer.dW, f"layers[{i}].b": layer.db}
    return gradients, relu_signs(net), rounding


def relative_errors(analytic: FloatArray, numerical: FloatArray, floor: FloatArray) -> FloatArray:
    """Return |analytic − numerical| / max(|analytic|, |numerical|, floor), element by element."""
    size = np.maximum(np.maximum(np.abs(analytic), np.abs(numerical)), floor)
    difference = np.abs(analytic - numerical)
    errors = np.divide(difference, size, out=np.zeros_like(difference), where=size > 0)
    errors[~np.isfinite(analytic)] = np.inf
    return errors


def relu_signs(net: Network) -> list[bytes]:
    """Return, for each ReLU, which elements of its z are above 0."""
    return [
        (layer.z > 0).tobytes()
        for layer in net.layers
        if isinstance(layer, ReLU) and layer.z is not None
    ]


def parameters_of(net: Network) -> dict[str, FloatArray]:
    """Return every W and b by its name."""
    return {
        f"layers[{i}].{name}": parameter
        for i, layer in enumerate(net.layers)
        if isinstance(layer, Dense)
        for name, parameter in (("W", layer.W), ("b", layer.b))
    }


def in_float64(net: Network) -> Network:
    """Return a copy of net with its parameters in float64."""
    twin = copy.deepcopy(net)
    for layer in twin.layers:
        if isinstance(layer, Dense):
            layer.W, layer.b = layer.W.astype(np.float64), layer.b.astype(np.float64)
            layer.dW, layer.db = layer.dW.astype(np.float64), layer.db.astype(np.float64)
    return twin
