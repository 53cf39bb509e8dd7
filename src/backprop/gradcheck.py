"""Is a backward pass right? Ask the forward pass, which knows nothing about derivatives."""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop.differences import Signs, arrays_of, numerical_gradients, relu_signs
from backprop.layers import Dense
from backprop.losses import Loss
from backprop.network import Network
from backprop.validation import (
    FloatArray,
    as_array,
    as_batch,
    as_positive_float,
    check_fits,
    check_loss,
    quiet,
)

__all__ = ["GradientCheck", "Worst", "check_gradients"]

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

    analytic, signs, rounding = analytic_gradients(copy.deepcopy(net), loss, x, t, step)
    differences = numerical_gradients(*in_float64(net, loss, x, t), step, signs)
    floors = {name: rounding / h / tolerance for name, h in differences.steps.items()}
    if x.dtype == np.float32:
        raise_floors_to_float32(floors, differences.gradients, analytic["y"])

    worst = max(
        (
            find_worst(name, analytic[name], numerical, floors[name])
            for name, numerical in differences.gradients.items()
        ),
        key=lambda found: found.relative_error,
    )
    return GradientCheck(
        passed=worst.relative_error < tolerance,
        max_relative_error=worst.relative_error,
        worst=worst,
        tolerance=tolerance,
        checked=sum(gradient.size for gradient in differences.gradients.values()),
        at_kinks=differences.at_kinks,
    )


def analytic_gradients(
    net: Network, loss: Loss, x: FloatArray, t: npt.NDArray[Any], step: float
) -> tuple[dict[str, FloatArray], Signs, float]:
    """Return the gradients by backward, the ReLUs' signs, and how far C may be rounded."""
    for gradient in arrays_of(net, "dW", "db").values():
        gradient[:] = np.nan  # so that what backward forgets to fill can't look right
    y = net.forward(x)
    C, dy = loss(y, t), loss.gradient(y, t)
    dx = net.backward(dy)
    check_fits("dx", dx, x.shape, "x", x)

    parameters, gradients = arrays_of(net, "W", "b"), arrays_of(net, "dW", "db").values()
    by_name = dict(zip(parameters, gradients, strict=True))
    # y is rounded too. How much of that reaches C, dy says: the one here, and those at points
    # moved by a step. 10 stands for the sums inside.
    reaching = float((np.abs(y) * (np.abs(dy) + step)).sum())
    rounding = 10 * np.finfo(np.float64).eps * (abs(C) + reaching)
    return {"y": dy, "x": dx, **by_name}, relu_signs(net), rounding


def in_float64(
    net: Network, loss: Loss, x: FloatArray, t: npt.NDArray[Any]
) -> tuple[Network, Loss, FloatArray, npt.NDArray[Any]]:
    """Return the same in float64, net and x copied; labels stay integers."""
    net = copy.deepcopy(net)
    for layer in net.layers:
        if isinstance(layer, Dense):
            layer.W, layer.b = layer.W.astype(np.float64), layer.b.astype(np.float64)
            layer.dW, layer.db = layer.dW.astype(np.float64), layer.db.astype(np.float64)
    return net, loss, x.astype(np.float64), t.astype(np.float64) if t.dtype.kind == "f" else t


def raise_floors_to_float32(
    floors: dict[str, FloatArray], gradients: dict[str, FloatArray], dy: FloatArray
) -> None:
    """Allow for sums of float32 in which larger numbers have cancelled."""
    largest = max(float(np.abs(gradient).max()) for gradient in [dy, *gradients.values()])
    for name, gradient in gradients.items():
        least = max(0.1 * float(np.abs(gradient).max()), 0.01 * largest)
        floors[name] = np.maximum(floors[name], least)


@quiet
def find_worst(name: str, analytic: FloatArray, numerical: FloatArray, floor: FloatArray) -> Worst:
    """Return the element of an array with the largest relative error."""
    size = np.maximum(np.maximum(np.abs(analytic), np.abs(numerical)), floor)
    errors = np.abs(analytic - numerical) / size
    errors[analytic == numerical] = 0  # 0 / 0 would be NaN
    errors[~np.isfinite(analytic)] = np.inf  # inf / inf would be NaN, and larger than nothing
    index = tuple(int(i) for i in np.unravel_index(errors.argmax(), errors.shape))
    return Worst(name, index, float(analytic[index]), float(numerical[index]), float(errors[index]))
