"""Gradients from losses alone: what `check_gradients` holds a backward pass against.

Nothing here calls `backward`: the derivative of the loss by one number is found by moving that
number and looking at the loss.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop.layers import Dense, ReLU
from backprop.losses import Loss
from backprop.network import Layer, Network
from backprop.validation import FloatArray

# Two central differences, (C(h) − C(−h)) / 2h and the same with 2h, combined so that their
# leading errors cancel: at which multiples of h to look, and the weight of each.
CENTRAL = {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12}

Signs = list[npt.NDArray[np.bool]]


@dataclass
class Differences:
    """Numerical gradients by the names of their arrays, and how they came about."""

    gradients: dict[str, FloatArray]
    steps: dict[str, FloatArray]
    at_kinks: int


def numerical_gradients(
    net: Network, loss: Loss, x: FloatArray, t: npt.NDArray[Any], step: float, signs: Signs
) -> Differences:
    """Return dC/dx and, for every Dense layer, dC/dW and dC/db.

    ``signs`` says where each ReLU is on; where they change among the points compared, the ReLUs
    are continued straight. Moves the numbers in x and net about, and puts them back.
    """
    straight = continued_straight(net, signs)
    steps = choose_steps(net, x, step)
    found = Differences({}, steps, 0)
    for name, array in {"x": x, **arrays_of(net, "W", "b")}.items():
        gradient = np.empty_like(array)
        for index in np.ndindex(array.shape):
            h = float(steps[name][index])
            gradient[index], crossed = slope(net, loss, x, t, array, index, h, signs)
            if crossed:
                gradient[index], _ = slope(straight, loss, x, t, array, index, h, signs)
                found.at_kinks += 1
        found.gradients[name] = gradient
    return found


def slope(
    net: Network,
    loss: Loss,
    x: FloatArray,
    t: npt.NDArray[Any],
    array: FloatArray,
    index: tuple[int, ...],
    h: float,
    signs: Signs,
) -> tuple[float, bool]:
    """Return dC/d(array[index]), and whether some ReLU's z changed its sign on the way."""
    start, total, crossed = array[index], 0.0, False
    for k, weight in CENTRAL.items():
        array[index] = start + k * h
        total += weight * loss(net.forward(x), t)
        crossed |= not all(map(np.array_equal, relu_signs(net), signs))
    array[index] = start
    return total / h, crossed


def choose_steps(net: Network, x: FloatArray, step: float) -> dict[str, FloatArray]:
    """Return how far to move each element: so that no z moves by much more than step."""
    net.forward(x)
    # What an element is multiplied with on its way into z.
    factors: dict[str, FloatArray] = {"x": np.ones(1)}
    for i, layer in reversed(list(enumerate(net.layers))):
        if isinstance(layer, Dense) and layer.x is not None:
            factors |= {f"layers[{i}].W": layer.x, f"layers[{i}].b": np.ones(1), "x": layer.W}
    steps = {}
    for name, array in {"x": x, **arrays_of(net, "W", "b")}.items():
        h = step / max(1.0, float(np.abs(factors[name]).max()))
        steps[name] = np.maximum(h, 1e-8 * np.abs(array))  # less would be rounded away
    return steps


def relu_signs(net: Network) -> Signs:
    """Return, for each ReLU, where its z is above 0."""
    return [layer.z > 0 for layer in net.layers if isinstance(layer, ReLU) and layer.z is not None]


class Straight:
    """A ReLU continued straight: a = z where it was on, a = 0 where it was off."""

    def __init__(self, on: npt.NDArray[np.bool]) -> None:
        self.on = on

    def forward(self, z: npt.ArrayLike) -> FloatArray:
        return np.where(self.on, z, 0)

    def backward(self, da: npt.ArrayLike) -> FloatArray:
        raise NotImplementedError  # only its losses are asked for


def continued_straight(net: Network, signs: Signs) -> Network:
    """Return a network of the same Dense layers with every ReLU continued straight."""
    on = iter(signs)
    layers: list[Layer] = [
        Straight(next(on)) if isinstance(layer, ReLU) else layer for layer in net.layers
    ]
    return Network(layers)


def arrays_of(net: Network, *attributes: str) -> dict[str, FloatArray]:
    """Return these arrays of every Dense layer, by names like "layers[2].W"."""
    return {
        f"layers[{i}].{attribute}": getattr(layer, attribute)
        for i, layer in enumerate(net.layers)
        if isinstance(layer, Dense)
        for attribute in attributes
    }
