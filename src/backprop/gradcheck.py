"""Is a backward pass right? Ask the forward pass, which knows nothing about derivatives."""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop.layers import Dense, ReLU
from backprop.losses import Loss
from backprop.network import Layer, Network
from backprop.validation import (
    FloatArray,
    as_array,
    as_batch,
    as_positive_float,
    check_fits,
    check_loss,
)

__all__ = ["GradientCheck", "Worst", "check_gradients"]

# Two central differences, (C(h) − C(−h)) / 2h and the same with 2h, combined so that their
# leading errors cancel: at which multiples of h to look, and the weight of each.
CENTRAL = {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12}

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
        The derivative by backward, and by differences of the loss.
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
        Whether max_relative_error is below the tolerance.
    max_relative_error : float
    worst : Worst
        Where that is.
    tolerance : float
    checked : int
        How many elements were compared: all there are.
    at_kinks : int
        For how many of them a ReLU had to be continued straight across its kink.
    """

    passed: bool
    max_relative_error: float
    worst: Worst
    tolerance: float
    checked: int
    at_kinks: int

    def __repr__(self) -> str:
        w = self.worst
        kinks = f", {self.at_kinks} of them at a kink of a ReLU" if self.at_kinks else ""
        return (
            f"gradient check {'passed' if self.passed else 'FAILED'}:"
            f" {self.checked} elements compared{kinks}\n"
            f"largest relative error {w.relative_error:.1e}, tolerance {self.tolerance:.0e},"
            f" in {w.name}{list(w.index)}:\n"
            f"backward gives {w.analytic:.8g}, differences give {w.numerical:.8g}"
        )


def check_gradients(
    net: Network,
    loss: Loss,
    x: npt.ArrayLike,
    t: npt.ArrayLike,
    *,
    step: float = 1e-4,
    tolerance: float | None = None,
) -> GradientCheck:
    """Compare every gradient that `Network.backward` gives with differences of the loss.

    Used on the pages hand/matrix-form and practice/digits. Each element of each W and b and of
    x is moved by ±h and ±2h. h is ``step``; less where the element is multiplied by something
    larger than 1, so that no z moves by much more.

    *Error.* |analytic − numerical| divided by the larger of the two in size, or by a floor if
    both are below it. At the floor, the rounding of the loss divided by h is just tolerated:
    no pair of losses can tell less from zero. For float32 the floor is also at least 0.1 of the
    largest element of the same array, and 0.01 of the largest of all (that of dy included).

    *Kinks.* Where a ReLU's z changes sign among the points compared, the difference is wrong
    though the gradient may be right. There it is computed again with every ReLU continued
    straight: as a = z where z > 0 at the point itself, as a = 0 elsewhere. This is the slope of
    the piece on which the point lies and, at z = 0, the one that relu′(0) = 0 stands for. No
    element is left out, so nothing wrong can hide behind a kink; ``at_kinks`` counts them.

    *float32.* The gradient is computed in float32, as ever. The losses are those of a copy in
    float64, whose differences are exact enough to judge it.

    Everything happens in copies: the network stays as it was.

    Parameters
    ----------
    net : Network
    loss : `squared_error`, `softmax_cross_entropy`, or anything called and derived like them
    x : array, shape (batch, n_in)
    t : array
        What the loss compares y with.
    step, tolerance : float
        The tolerance, where not given, is 1e-6, or 1e-4 for float32.

    Raises
    ------
    ValueError, TypeError
        If an argument is refused by the network or the loss.

    Examples
    --------
    >>> import backprop as bp, numpy as np
    >>> rng = np.random.default_rng(0)
    >>> net = bp.Network([bp.Dense.random(3, 4, rng=rng), bp.Sigmoid()])
    >>> result = bp.check_gradients(net, bp.squared_error, np.ones((5, 3)), np.ones((5, 4)))
    >>> result.passed, result.checked, result.max_relative_error < 1e-6
    (True, 31, True)
    """
    if not isinstance(net, Network):
        raise TypeError(f"net must be a Network, got {type(net).__name__}")
    check_loss(loss)
    step = as_positive_float("step", step)
    x, t = as_batch("x", x), as_array("t", t)
    if tolerance is None:
        tolerance = TOLERANCES[x.dtype]
    tolerance = as_positive_float("tolerance", tolerance)

    analytic, rounding, signs = gradients_of(copy.deepcopy(net), loss, x, t, step)
    in_float32 = x.dtype == np.float32
    twin, x, t = in_float64(net, x, t)
    straight = continued_straight(twin, signs)  # it shares the Dense layers of its twin

    widths = widths_of(twin, x, step)
    numerical, floors, at_kinks = {}, {}, 0
    for name, array in {"x": x, **arrays_of(twin, "W", "b")}.items():
        slopes = np.empty_like(array)
        for index in np.ndindex(array.shape):
            place = (array, index, widths[name][index])
            slopes[index], same_signs = slope(twin, loss, x, t, *place, signs)
            if not same_signs:
                slopes[index], _ = slope(straight, loss, x, t, *place, signs)
                at_kinks += 1
        numerical[name] = slopes
        floors[name] = rounding / widths[name] / tolerance

    if in_float32:
        largest = max(np.abs(gradient).max() for gradient in [analytic["y"], *numerical.values()])
        for name, slopes in numerical.items():
            floors[name] = np.maximum(floors[name], 0.1 * np.abs(slopes).max())
            floors[name] = np.maximum(floors[name], 0.01 * largest)

    worst = max(
        (find_worst(name, analytic[name], numerical[name], floors[name]) for name in numerical),
        key=lambda w: w.relative_error,
    )
    return GradientCheck(
        passed=worst.relative_error < tolerance,
        max_relative_error=worst.relative_error,
        worst=worst,
        tolerance=tolerance,
        checked=sum(slopes.size for slopes in numerical.values()),
        at_kinks=at_kinks,
    )


def gradients_of(
    net: Network, loss: Loss, x: FloatArray, t: npt.NDArray[Any], step: float
) -> tuple[dict[str, FloatArray], float, list[npt.NDArray[np.bool]]]:
    """Return the gradients by backward, how far C may be rounded, and the ReLUs' signs."""
    for gradient in arrays_of(net, "dW", "db").values():
        gradient[:] = np.nan  # so that what backward forgets to fill can't look right
    y = net.forward(x)
    C, dy = loss(y, t), loss.gradient(y, t)
    dx = net.backward(dy)
    check_fits("dx", dx, x.shape, "x", x)
    # y is rounded too. How much of that reaches C, dy says: the one here, and those at points
    # moved by a step. 10 stands for the sums inside.
    reaching = float((np.abs(y) * (np.abs(dy) + step)).sum())
    rounding = 10 * np.finfo(np.float64).eps * (abs(C) + reaching)
    gradients = arrays_of(net, "dW", "db").values()
    by_name = dict(zip(arrays_of(net, "W", "b"), gradients, strict=True))
    return {"y": dy, "x": dx, **by_name}, rounding, relu_signs(net)


def widths_of(net: Network, x: FloatArray, step: float) -> dict[str, FloatArray]:
    """Return how far to move each element, so that no z moves by much more than step."""
    net.forward(x)
    dense = [(i, layer) for i, layer in enumerate(net.layers) if isinstance(layer, Dense)]
    factors = {"x": (x, dense[0][1].W if dense else x)}
    for i, layer in dense:
        factors[f"layers[{i}].W"] = (layer.W, remembered(layer.x))
        factors[f"layers[{i}].b"] = (layer.b, np.ones(1))
    return {
        name: np.maximum(step / max(1.0, np.abs(factor).max()), 1e-8 * np.abs(array))
        for name, (array, factor) in factors.items()
    }


def slope(
    net: Network,
    loss: Loss,
    x: FloatArray,
    t: npt.NDArray[Any],
    array: FloatArray,
    index: tuple[int, ...],
    width: float,
    signs: list[npt.NDArray[np.bool]],
) -> tuple[float, bool]:
    """Return dC/d(array[index]) from losses alone, and whether the ReLUs kept their signs."""
    start, total, same_signs = array[index], 0.0, True
    for k, weight in CENTRAL.items():
        array[index] = start + k * width
        total += weight * loss(net.forward(x), t)
        same_signs &= all(map(np.array_equal, relu_signs(net), signs))
    array[index] = start
    return total / width, same_signs


def relu_signs(net: Network) -> list[npt.NDArray[np.bool]]:
    """Return, for each ReLU, where its z is above 0."""
    return [layer.z > 0 for layer in net.layers if isinstance(layer, ReLU) and layer.z is not None]


class Straight:
    """A ReLU continued straight: a = z where it was on, a = 0 where it was off."""

    def __init__(self, on: npt.NDArray[np.bool]) -> None:
        self.on = on

    def forward(self, z: npt.ArrayLike, /) -> FloatArray:
        return np.where(self.on, z, 0)

    def backward(self, da: npt.ArrayLike, /) -> FloatArray:
        raise NotImplementedError("only its losses are asked for")


def continued_straight(net: Network, signs: list[npt.NDArray[np.bool]]) -> Network:
    """Return a network of the same layers, but with every ReLU continued straight."""
    remaining = iter(signs)
    layers: list[Layer] = [
        Straight(next(remaining)) if isinstance(layer, ReLU) else layer for layer in net.layers
    ]
    return Network(layers)


def find_worst(name: str, analytic: FloatArray, numerical: FloatArray, floor: FloatArray) -> Worst:
    """Return the element of an array with the largest relative error."""
    size = np.maximum(np.maximum(np.abs(analytic), np.abs(numerical)), floor)
    difference = np.abs(analytic - numerical)
    errors = np.divide(difference, size, out=np.zeros_like(numerical), where=difference != 0)
    errors[np.isnan(analytic)] = np.inf
    index = tuple(int(i) for i in np.unravel_index(errors.argmax(), errors.shape))
    return Worst(name, index, float(analytic[index]), float(numerical[index]), float(errors[index]))


def arrays_of(net: Network, *attributes: str) -> dict[str, FloatArray]:
    """Return these arrays of every Dense layer, by names like "layers[2].W"."""
    return {
        f"layers[{i}].{attribute}": getattr(layer, attribute)
        for i, layer in enumerate(net.layers)
        if isinstance(layer, Dense)
        for attribute in attributes
    }


def in_float64(
    net: Network, x: FloatArray, t: npt.NDArray[Any]
) -> tuple[Network, FloatArray, npt.NDArray[Any]]:
    """Return copies in float64; labels stay integers."""
    net = copy.deepcopy(net)
    for layer in net.layers:
        if isinstance(layer, Dense):
            layer.W, layer.b = layer.W.astype(np.float64), layer.b.astype(np.float64)
            layer.dW, layer.db = layer.dW.astype(np.float64), layer.db.astype(np.float64)
    return net, x.astype(np.float64), t.astype(np.float64) if t.dtype.kind == "f" else t
