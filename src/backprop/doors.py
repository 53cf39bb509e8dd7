"""The doors of layers and networks: what goes in and what comes out is looked at here.

A door stands around ``forward`` and ``backward``, whose own lines show the lesson alone. It is put
there by the base class. What is checked where: the table in `validation`.

- `LayerDoor`: for a layer of ours, or a class derived from one, that is called by itself.
- `NetworkDoor`: for a network. Its loop runs over `guards`, one for each layer, which hand on to
  the layer's bare lines and look at what comes back. So a reader's layer, which needs no base
  class, is looked at like ours; and inside a network no layer looks twice.
"""

import inspect
import math
from collections.abc import Callable
from functools import wraps
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from backprop.arrays import FloatArray, Remembered
from backprop.guards import BARE, Bare, Guard, Pass, check_output, guards_of, is_ours
from backprop.parameters import (
    Parameter,
    Sound,
    check_gradients_left,
    check_layer,
    check_layers,
    drop_gradients,
    same,
)
from backprop.validation import (
    as_finite_floats,
    as_like,
    as_samples,
    check_finite,
    quiet,
)


def put_door(cls: Any, name: str, door: Callable[[Pass], Pass]) -> None:
    """Put a door around a method that the class itself defines."""
    method = vars(cls).get(name)
    if method is not None:
        around = wraps(method)(quiet(naming(door(method))))
        ours = is_ours(cls)
        BARE[around] = Bare(method, ours and cls.bounded, ours and not cls.bounded)
        setattr(cls, name, around)


def naming(method: Pass) -> Pass:
    """Let errors say which layer they are of: a reader's layer may be made of it."""

    def around(layer: Any, x: npt.ArrayLike) -> FloatArray:
        try:
            return method(layer, x)  # type: ignore[no-any-return]
        except Exception as error:
            vars(error).setdefault("layer", layer)
            raise

    return around


# ---------------------------------------------------------------- a layer called by itself


class LayerDoor:
    """The base of a layer that checks what it is given when it is called by itself."""

    parameters: tuple[str, ...] = ()
    has_gradient = False  # whether dNAME is of a backward pass, and not what it began with
    bounded = False  # whether finite numbers, and gradients, always lead to finite ones
    n_in: int | None = None  # how many numbers each sample must bring, and
    n_out: int | None = None  # how many it leaves with; None: as many as it came with
    results: ClassVar[dict[str, str]] = {}  # what forward and backward return, by name
    forward: Callable[[Any], Any]

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        put_door(cls, "forward", layer_forward)
        put_door(cls, "backward", layer_backward)

    def check_parameters(self) -> None:
        """Refuse parameters that do not fit each other."""

    def check_x(self, name: str, x: npt.ArrayLike) -> FloatArray:
        """Return what `forward` is given as an array, or refuse it."""
        return as_samples(name, x)

    def check_dy(self, name: str, dy: npt.ArrayLike) -> FloatArray | None:
        """Return what `backward` is given as an array, or refuse it; None before a `forward`."""
        raise NotImplementedError


def is_known(layer: Any) -> bool:
    """Whether n_in and n_out tell the sizes: in a class with a forward of its own they may not."""
    return isinstance(layer, LayerDoor) and is_ours(type(layer).forward)


def layer_forward(method: Pass) -> Pass:
    argument = list(inspect.signature(method).parameters)[1]
    ours = is_ours(method)

    def forward(layer: Any, x: npt.ArrayLike) -> FloatArray:
        check_layer(layer)
        x = layer.check_x(argument, x) if ours else as_samples(argument, x)
        check_finite(argument, x)
        before = remembered([layer])
        try:
            y = method(layer, x)
            check_output(y, x, "forward", layer)
        except BaseException:
            put_back([layer], before)
            raise
        return y  # type: ignore[no-any-return]

    return forward


def layer_backward(method: Pass) -> Pass:
    argument = list(inspect.signature(method).parameters)[1]

    def backward(layer: Any, dy: npt.ArrayLike) -> FloatArray:
        check_layer(layer)
        # A class with a forward of its own may remember what it likes.
        dy = layer.check_dy(argument, dy) if is_known(layer) else as_finite_floats(argument, dy)
        if dy is None:
            raise RuntimeError("backward needs a forward before it: nothing is remembered yet")
        check_finite(argument, dy)
        before = remembered([layer])
        try:
            dx = method(layer, dy)
            check_output(dx, dy, "backward", layer)
            check_gradients_left(layer)
        except BaseException:
            put_back([layer], before)
            raise
        layer.has_gradient = True
        return dx  # type: ignore[no-any-return]

    return backward


# ---------------------------------------------------------------- a network


class NetworkDoor:
    """The base of a network that checks what it is given and what its layers return."""

    # Slots: what a reader sees in a network is its layers and y.
    __slots__ = ("began", "entrance", "guards", "hiding", "passed", "sound")

    layers: list[Any]
    y: Remembered
    sound: Sound
    guards: list[Guard]
    passed: list[Any] | None  # the layers that the last forward went through
    began: list[tuple[Any, dict[str, Any]]]  # what each held before it: for `refuse_undeclared`
    hiding: list[tuple[Parameter, FloatArray]]  # those in which NaN may not show
    entrance: Any  # the layer that says how many numbers each sample must bring, if one does

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        # What is derived from Network and overrides forward calls that of Network, which looks.
        if NetworkDoor in cls.__bases__:
            for name, door in (("forward", network_forward), ("backward", network_backward)):
                method = vars(cls)[name]
                setattr(cls, name, wraps(method)(quiet(door(method))))

    def check_layers(self) -> None:
        """Refuse layers that can't work together."""


def network_forward(method: Pass) -> Pass:
    def forward(net: Any, x: npt.ArrayLike) -> FloatArray:
        sound = check_sound(net)
        x = as_input(net, sound, x).copy()
        before = remembered(sound.every)
        try:
            y = method(SimpleNamespace(layers=net.guards), x)
        except BaseException:
            put_back(sound.every, before)
            check_layers(net.layers)  # if a parameter is at fault, its name says more
            raise
        net.y, net.passed = y, sound.layers
        net.began = [] if sound.all_declared else list(zip(sound.every, before, strict=True))
        return y  # type: ignore[no-any-return]

    return forward


def network_backward(method: Pass) -> Pass:
    def backward(net: Any, dy: npt.ArrayLike) -> FloatArray:
        sound = check_sound(net)
        if net.y is None or not same(net.passed, net.layers):
            raise RuntimeError(
                "backward needs a forward before it: these layers have nothing remembered"
            )
        dy = as_like("dy", dy, "y", net.y)
        net.guards[-1].dy_squares = finite_squares("dy", dy)
        before = remembered(sound.every)
        try:
            dx = method(SimpleNamespace(layers=net.guards), dy.copy())  # layers may write into it
        except BaseException:
            put_back(sound.every, before)
            check_layers(net.layers)  # if a parameter is at fault, its name says more
            drop_gradients(net.layers)
            raise
        return dx  # type: ignore[no-any-return]

    return backward


NOTHING: dict[str, Any] = {}


def remembered(layers: list[Any]) -> list[dict[str, Any]]:
    """Return what layers hold: references, no copies, as every pass makes new arrays."""
    return [getattr(layer, "__dict__", NOTHING).copy() for layer in layers]


def put_back(layers: list[Any], before: list[dict[str, Any]]) -> None:
    """Let layers hold what they held before a pass that has failed."""
    for layer, attributes in zip(layers, before, strict=True):
        if hasattr(layer, "__dict__"):
            vars(layer).clear()
            vars(layer).update(attributes)


def check_sound(net: Any) -> Sound:
    """Refuse layers and parameters that are not in order, naming them.

    Not all numbers are looked at: NaN or infinity in W of our Dense shows in every product, and
    is traced back to W then. What might hide it is looked at here.
    """
    sound: Sound | None = getattr(net, "sound", None)
    if sound is None or not sound.still(net.layers):
        net.check_layers()
        if sound is None or not same(net.layers, sound.layers):
            net.guards, net.passed = guards_of(net.layers), None
            net.entrance = entrance(net.layers)
        net.sound = sound = Sound(net.layers)
        net.hiding = [
            (each, each.value)
            for each in sound.parameters
            if not is_known(each.layer) or each.value.ndim < 2  # b takes no part in backward
        ]
    for parameter, array in net.hiding:
        if not math.isfinite(np.vdot(array, array)):
            check_finite(parameter.full_name, array)
    return sound


def entrance(layers: list[Any]) -> Any:
    """Return the layer whose n_in says how many numbers x must bring, or None."""
    for layer in layers:
        if not is_known(layer):
            return None
        if layer.n_in is not None:
            return layer
    return None


def as_input(net: Any, sound: Sound, x: npt.ArrayLike) -> FloatArray:
    """Return what a network is given as an array, or refuse it."""
    if net.entrance is not None:
        array: FloatArray = net.entrance.check_x("x", x)
    else:
        array = as_samples("x", x, np.float64 if sound.dtype is None else sound.dtype)
    if sound.dtype is not None and array.dtype != sound.dtype:
        raise TypeError(
            f"x must have the dtype of the parameters: x is {array.dtype} of shape {array.shape},"
            f" the parameters are {sound.dtype}"
        )
    net.guards[0].x_squares = finite_squares("x", array)
    return array


def finite_squares(name: str, array: FloatArray) -> float:
    """Return the sum of an array's squares, or refuse the array if it is not finite."""
    squares: Any = np.vdot(array, array)
    if not math.isfinite(squares):
        check_finite(name, array)
    return squares  # type: ignore[no-any-return]
