"""One law for every layer, ours or a reader's.

A layer says in ``parameters`` which of its attributes are learned: a tuple of names. The gradient
of ``NAME`` stands in ``dNAME`` after `backward`. A layer made of layers lists them in ``layers``.
Whoever needs the parameters of a network (an optimizer, the gradient check, training) asks here,
and asks no layer for its class.
"""

from collections.abc import Iterable, Iterator
from operator import is_
from typing import Any, NamedTuple

import numpy as np

from backprop.arrays import FloatArray
from backprop.validation import FLOATS, check_finite, check_fits, not_floats, refuse_overflow

__all__ = ["Parameter", "parameters_of"]

# Names under which layers keep what flows through them, and its gradient: never parameters.
FLOWING = {"x", "y", "z", "a", "t"}


class Parameter(NamedTuple):
    """A learned array: where it stands, and its gradient beside it."""

    place: str  # as "layers[2]"
    layer: Any
    name: str

    @property
    def full_name(self) -> str:
        return f"{self.place}.{self.name}"

    @property
    def gradient_name(self) -> str:
        return f"{self.place}.d{self.name}"

    @property
    def value(self) -> FloatArray:
        value: FloatArray = getattr(self.layer, self.name)
        return value

    @property
    def gradient(self) -> Any:
        """What stands in dNAME; None where there is nothing."""
        return getattr(self.layer, f"d{self.name}", None)


def every_layer(layers: Iterable[Any], place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every layer and where it stands; after a layer made of layers, what it is made of."""
    for i, layer in enumerate(layers):
        here = f"{place}layers[{i}]"
        yield here, layer
        inner = getattr(layer, "layers", ())
        if not isinstance(inner, list | tuple):
            raise TypeError(f"{here}.layers must be a list of layers, got {type(inner).__name__}")
        yield from every_layer(inner, f"{here}.")


def parameters_of(net: Any) -> list[Parameter]:
    """Return every parameter of a network, in the order of its layers."""
    return parameters_in(net.layers)


def parameters_in(layers: Iterable[Any]) -> list[Parameter]:
    return [
        Parameter(place, layer, name)
        for place, layer in every_layer(layers)
        for name in getattr(layer, "parameters", ())
    ]


# ---------------------------------------------------------------- what a layer declares


def check_declared(layer: Any) -> None:
    """Refuse ``parameters`` that are no names of attributes."""
    names = getattr(layer, "parameters", ())
    if isinstance(names, str):
        raise TypeError(
            f"parameters must be a tuple of names, got the string {names!r}: write ({names!r},)"
        )
    if not isinstance(names, tuple | list) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"parameters must be a tuple of names, got {names!r}")
    for name in names:
        if not hasattr(layer, name):
            raise TypeError(f"{name} is missing, but stands in parameters = {names!r}")
    if len(set(names)) < len(names):  # each step would move it twice
        raise TypeError(f"parameters must name each only once, got {names!r}")


def refuse_undeclared(net: Any) -> None:
    """Refuse a layer that fills dg for a g that it does not declare: g would never be trained."""
    numbers = int | float | np.ndarray | np.generic
    refuse_unlisted(net)
    began = {id(layer): held for layer, held in getattr(net, "began", ())}
    for place, layer in every_layer(net.layers):
        before = began.get(id(layer))
        declared, attributes = getattr(layer, "parameters", ()), getattr(layer, "__dict__", {})
        if "parameters" in attributes and not declared:
            continue  # taken away from this one layer: it is to stay as it is
        for gradient_name, gradient in attributes.items():
            name = gradient_name.removeprefix("d")
            if name in (gradient_name, "", *FLOWING, *declared):
                continue
            value: Any = getattr(layer, name, None)
            if before is not None and name in attributes and before.get(name) is not value:
                continue  # made by this very forward: it flows
            both = isinstance(value, numbers) and isinstance(gradient, numbers)
            if both and np.size(value) == np.size(gradient):
                raise ValueError(
                    f"{place}.{name} is not declared: {type(layer).__name__} fills d{name}"
                    f" (shape {np.shape(gradient)}), but {name} is not among its parameters, so"
                    f" it would not be trained. Write parameters = {(*declared, name)!r}"
                    " in the class"
                )


def refuse_unlisted(net: Any) -> None:
    """Refuse a layer that has gone back through another which no ``layers`` lists."""
    every = list(every_layer(net.layers))
    listed = {id(layer) for _, layer in every}
    for place, layer in every:
        for name, value in getattr(layer, "__dict__", {}).items():
            for each in value if isinstance(value, list | tuple) else [value]:
                if id(each) not in listed and has_gone_back(each):
                    raise ValueError(
                        f"{place}.{name} is not listed: {type(layer).__name__} goes through a layer"
                        f" with parameters, {each}, which would not be trained. Let {place}.layers"
                        " be a list of all the layers it is made of (or parameters of that layer"
                        " be (), if it is to stay as it is)"
                    )


def has_gone_back(thing: Any) -> bool:
    """Whether something is a layer whose backward has left gradients."""
    if isinstance(thing, type) or not callable(getattr(thing, "backward", None)):
        return False
    try:
        parameters = parameters_in([thing])
    except TypeError:
        return False  # no layer of this kind
    return any(
        each.gradient is not None and getattr(each.layer, "has_gradient", True)
        for each in parameters
    )


# ---------------------------------------------------------------- the parameters themselves


def check_layer(layer: Any) -> None:
    """Refuse a layer's parameters if they are no finite arrays of one dtype, or do not fit."""
    check_declared(layer)
    for name in getattr(layer, "parameters", ()):
        value = getattr(layer, name)
        if not isinstance(value, np.ndarray) or value.dtype not in FLOATS:
            refuse_parameter(name, value)
    fit = getattr(layer, "check_parameters", None)
    if fit is not None:
        fit()
    for name in getattr(layer, "parameters", ()):
        check_finite(name, getattr(layer, name))
    check_layers(getattr(layer, "layers", ()))


def check_layers(layers: Iterable[Any]) -> None:
    """Check each of these layers as `check_layer` does; errors name it: "layers[2].W must …"."""
    for i, layer in enumerate(layers):
        try:
            check_layer(layer)
        except (TypeError, ValueError) as error:
            raise type(error)(f"layers[{i}].{error}") from None


def one_dtype(parameters: list[Parameter]) -> np.dtype[Any] | None:
    """Return the dtype of all parameters, or None if there are none; refuse several."""
    first: Parameter | None = None  # of the layer before, or of the layer itself
    for parameter in parameters:
        if first is not None and first.value.dtype != parameter.value.dtype:
            raise TypeError(
                f"layers must have one dtype: {first.full_name} has shape {first.value.shape},"
                f" {parameter.full_name} {parameter.value.shape};"
                f" {first.value.dtype}, {parameter.value.dtype}"
            )
        if first is None or first.layer is not parameter.layer:
            first = parameter
    return first.value.dtype if first is not None else None


def refuse_parameter(name: str, value: Any) -> None:
    hint = ""
    if isinstance(value, int | float | np.number):
        hint = f": make it one, with np.array({float(value)})"
    elif isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        hint = ": make it one, with .astype(float)"
    raise TypeError(f"{name} must be an array of float64 or float32, got {not_floats(value)}{hint}")


def same(now: Any, then: Any) -> bool:
    """Whether two lists hold the same objects; to compare them by value is their own affair."""
    return isinstance(now, list | tuple) and len(now) == len(then) and all(map(is_, now, then))


class Sound:
    """Layers and parameters that have been found in order, to be looked at again.

    As long as the same arrays stand in the same places, only their numbers can have changed: a
    quick look, so that a pass over a small network does not spend its time on checks.
    """

    def __init__(self, layers: list[Any]) -> None:
        self.layers = list(layers)
        self.every = [layer for _, layer in every_layer(layers)]
        nested = [getattr(layer, "layers", []) for layer in self.every]
        self.lists = [(inner, list(inner)) for inner in nested if inner]
        self.parameters = parameters_in(layers)
        self.arrays = [(layer, name, getattr(layer, name)) for _, layer, name in self.parameters]
        self.declared = [(layer, getattr(layer, "parameters", ())) for layer in self.every]
        self.dtype = one_dtype(self.parameters)
        self.all_declared = False  # until `refuse_undeclared` has looked, after a backward pass

    def still(self, layers: list[Any]) -> bool:
        """Whether the same arrays stand in the same places."""
        if not same(layers, self.layers) or not all(same(*lists) for lists in self.lists):
            return False
        for layer, names in self.declared:
            if getattr(layer, "parameters", ()) != names:
                return False
        for layer, name, array in self.arrays:  # noqa: SIM110 (a generator would cost more)
            if getattr(layer, name, None) is not array:
                return False
        return True


# ---------------------------------------------------------------- their gradients


def check_gradients_left(layer: Any, lenient: bool = False) -> None:
    """Refuse what `backward` has left in dNAME, for the layer and all it is made of, by name.

    ``lenient``: NaN and infinity are let through.
    """
    for name in getattr(layer, "parameters", ()):
        value: FloatArray = getattr(layer, name)
        gradient: Any = getattr(layer, f"d{name}", None)
        check_gradient(name, value, gradient)
        if not lenient:
            refuse_overflow(**{f"d{name}": gradient})
    for i, inner in enumerate(getattr(layer, "layers", ())):
        try:
            check_gradients_left(inner, lenient)
        except (TypeError, ValueError) as error:
            raise type(error)(f"layers[{i}].{error}") from None


def check_gradient(name: str, value: FloatArray, gradient: Any, place: str = "") -> None:
    """Refuse a gradient that is missing, or lacks the shape or dtype of its parameter."""
    name, gradient_name = f"{place}{name}", f"{place}d{name}"
    is_array = isinstance(gradient, np.ndarray | np.generic) and not hasattr(gradient, "filled")
    if not is_array or gradient.dtype not in FLOATS:
        raise TypeError(
            f"{gradient_name} must be an array of float64 or float32, got {not_floats(gradient)}:"
            f" backward must leave one of shape {value.shape}, that of {name}"
        )
    check_fits(gradient_name, gradient, value.shape, name, value)


def drop_gradients(layers: Iterable[Any]) -> None:
    """Take every dNAME away: a pass has failed halfway, and what stands there is of no pass."""
    for _, layer in every_layer(layers):
        for name in getattr(layer, "parameters", ()):
            setattr(layer, f"d{name}", None)
            if hasattr(layer, "has_gradient"):
                layer.has_gradient = False
