"""Guards: what a network's loop meets in place of its layers.

A guard hands on to the layer's bare lines and looks at what comes back. Errors name the layer.

What is finite is seen from the sum of squares, one quick pass. Two facts save more such passes.
Of our activations, every output and slope is bounded by what goes in, or by 1. And no element of
dW = xᵀ δ or of db, nor any part of the sums that make them, is larger than √(‖x‖² ‖δ‖²), or than
√(n ‖δ‖²): that is the inequality of Cauchy and Schwarz. So where ‖x‖² and ‖δ‖² are finite, they
are finite too (4 leaves room for rounding).
"""

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, NamedTuple, NoReturn

import numpy as np

from backprop.arrays import FloatArray
from backprop.parameters import FLOWING, check_gradients_left, every_layer
from backprop.validation import first_not_finite, is_finite, not_floats

Pass = Callable[[Any, Any], Any]


class Bare(NamedTuple):
    """A method without the door around it, and what is known of its lines."""

    lines: Pass
    bounded: bool  # one of our activations
    product: bool  # our Dense


BARE: dict[Any, Bare] = {}  # by the method with the door


class Guard:
    """Stands before a layer inside a network, between the guards of its neighbours."""

    def __init__(self, i: int, layer: Any) -> None:
        self.i, self.layer = i, layer
        self.before: Any = SimpleNamespace()  # at the ends stands nobody who would look
        self.after: Any = SimpleNamespace()
        self.lenient = False  # whether gradients may be NaN or infinite
        self.ours = False  # whether the lines that went forward are ours, and what they remember
        self.x_shape: tuple[int, ...] = ()
        self.x_squares = self.dy_squares = math.inf  # sums of squares of what comes in

    def forward(self, x: FloatArray) -> FloatArray:
        layer = self.layer
        bare = BARE.get(getattr(layer.forward, "__func__", None))
        self.x_shape = x.shape
        self.ours = bare is not None and (bare.bounded or bare.product)
        try:
            if bare is None:
                y = layer.forward(x)
            else:
                if bare.product and x.shape[1:] != layer.W.shape[:1]:
                    layer.check_x("x", x)  # a reader's layer stands before this one
                y = bare.lines(layer, x)
                if bare.bounded:
                    self.after.x_squares = self.x_squares + x.size
                    return y  # type: ignore[no-any-return]
            self.after.x_squares = check_output(y, x, "forward", layer)
        except Exception as error:
            self.blame(error)
        return y  # type: ignore[no-any-return]

    def backward(self, dy: FloatArray) -> FloatArray:
        layer = self.layer
        bare = BARE.get(getattr(layer.backward, "__func__", None))
        try:
            if bare is None:
                dx = layer.backward(dy)
            else:
                dx = bare.lines(layer, dy)
                if bare.bounded and self.ours:
                    self.before.dy_squares = self.dy_squares
                    return dx  # type: ignore[no-any-return]
            self.before.dy_squares = check_output(dx, dy, "backward", layer, self.lenient)
            if dx.shape != self.x_shape:
                raise ValueError(
                    f"backward must return dx in the shape of x, {self.x_shape}:"
                    f" it returned shape {dx.shape}"
                )
            squares = 4 * (self.x_squares + self.dy_squares)
            if not (bare and bare.product and self.ours and math.isfinite(squares)):
                check_gradients_left(layer, self.lenient)
        except Exception as error:
            self.blame(error)
        if bare is not None:
            layer.has_gradient = True
        return dx  # type: ignore[no-any-return]

    def blame(self, error: Exception) -> NoReturn:
        """Raise the error with the layer's place in front of its words, or noted beside them."""
        place, layer = f"layers[{self.i}]", self.layer
        for inner_place, inner in every_layer(getattr(layer, "layers", ())):
            if inner is getattr(error, "layer", None):
                place, layer = f"{place}.{inner_place}", inner
        if type(error) not in (TypeError, ValueError, RuntimeError):
            error.add_note(f"in {place}, {type(layer).__name__}")
            raise error
        words = str(error)
        first = words.partition(" ")[0]
        of_layer = hasattr(layer, first) and first not in FLOWING
        joint = "." if of_layer or first.startswith("layers[") else ": "
        raise type(error)(f"{place}{joint}{words}") from error


def bare(method: Any) -> Callable[[Any], Any]:
    """Return a layer's bound method without the door around it, if there is one."""
    found = BARE.get(getattr(method, "__func__", None))
    return method if found is None else partial(found.lines, method.__self__)


def is_ours(definition: Any) -> bool:
    """Whether a class or a method, with its door or without, is of the package's own layers."""
    return getattr(definition, "__module__", None) == "backprop.layers"


def guards_of(layers: list[Any]) -> list[Guard]:
    """Return a guard for each layer, each knowing its neighbours."""
    guards = [Guard(i, layer) for i, layer in enumerate(layers)]
    for before, after in pairwise(guards):
        before.after, after.before = after, before
    return guards


def check_output(y: Any, x: FloatArray, name: str, layer: Any, lenient: bool = False) -> float:
    """Refuse what a layer returned, if it is not finite floats, one entry for each sample.

    Returns the sum of its squares, or infinity where that is too large for a float.
    """
    if type(y) is not np.ndarray or y.dtype != x.dtype or y.shape[:1] != x.shape[:1]:
        refuse_output(y, x, name)
    squares: float = np.vdot(y, y)
    if math.isfinite(squares):
        return squares
    if not lenient and not is_finite(y):
        found = first_not_finite(y)
        own_name = getattr(layer, "results", {}).get(name)
        if own_name is not None:
            raise ValueError(
                f"{own_name} overflows: a number in it is too large for {y.dtype}, it came to"
                f" {found} ({own_name} has shape {y.shape})"
            )
        raise ValueError(
            f"{name} returned {found} of shape {y.shape}, from finite numbers: it overflows"
            f" {y.dtype}, or is not defined there"
        )
    return math.inf


def refuse_output(y: Any, x: FloatArray, name: str) -> None:
    if not isinstance(y, np.ndarray) or hasattr(y, "filled"):
        hint = ": its return is missing" if y is None else ""
        raise TypeError(f"{name} must return an array, it returned {not_floats(y)}{hint}")
    if y.dtype != x.dtype:
        raise TypeError(
            f"{name} must return {x.dtype}, as it was given:"
            f" it returned {y.dtype} of shape {y.shape} for shape {x.shape}"
        )
    if y.shape[:1] != x.shape[:1]:
        raise ValueError(
            f"{name} must return an entry for each of {len(x)} samples:"
            f" it returned shape {y.shape} for shape {x.shape}"
        )
