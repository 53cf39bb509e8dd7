"""A record of every step of a forward and a backward pass, for pictures and for readers."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from backprop import rules
from backprop.doors import as_input, check_sound
from backprop.layers import Dense, Identity, LeakyReLU, ReLU, Sigmoid, Tanh
from backprop.losses import Loss, softmax_cross_entropy, squared_error
from backprop.network import Layer, Network, is_chain
from backprop.parameters import parameters_in
from backprop.steps import Operand, Recorder, Step, Trace
from backprop.validation import as_array

__all__ = ["Operand", "Step", "Trace", "trace"]

# What is derived on the pages, by the method that computes it: a step of such a layer is a formula.
# That of any other layer shows as layers[i].forward or layers[i].backward.
FUNCTIONS: dict[Any, str] = {
    Sigmoid.forward: "sigmoid",
    Tanh.forward: "tanh",
    ReLU.forward: "relu",
    LeakyReLU.forward: "leaky_relu",
    Identity.forward: "identity",
}
DERIVATIVES: dict[Any, Callable[..., Any]] = {
    Sigmoid.backward: rules.sigmoid_derivative,
    Tanh.backward: rules.tanh_derivative,
    ReLU.backward: rules.relu_derivative,
    LeakyReLU.backward: rules.leaky_relu_derivative,
    Identity.backward: rules.identity_derivative,
}


def trace(net: Network, loss: Loss, x: npt.ArrayLike, t: npt.ArrayLike) -> Trace:
    """Return every step of a forward and a backward pass, computed by the layers themselves.

    The steps are those derived on the page hand/matrix-form: for each `Dense` layer l, from 1
    to L, z{l} and a{l}, then the loss C, then dy, delta{l}, dW{l}, db{l} and da{l-1}, and at
    last dx. The last a is called y. A layer of another kind shows as one step forward, its
    gradients, and one step back. The network stays as it was, gradients included.

    Parameters
    ----------
    net : Network
    loss : `squared_error` or `softmax_cross_entropy`
    x : array, shape (batch, n_in)
    t : array
        Targets, shape (batch, n_out), or labels, shape (batch,).

    Returns
    -------
    Trace

    Raises
    ------
    ValueError, TypeError
        If the loss is of another kind, or x or t do not fit.

    Examples
    --------
    >>> import backprop as bp
    >>> net = bp.Network([bp.Dense([[0.5]], [0.0]), bp.Sigmoid()])
    >>> bp.trace(net, bp.squared_error, [[0.0]], [[1.0]])
     0  forward   z1     = x @ W1 + b1                  (1, 1)
     1  forward   y      = sigmoid(z1)                  (1, 1)
     2  loss      C      = squared_error(y, t)          0.125
     3  backward  dy     = (y - t) / n                  (1, 1)
     4  backward  delta1 = dy * sigmoid_derivative(z1)  (1, 1)
     5  backward  dW1    = x.T @ delta1                 (1, 1)
     6  backward  db1    = delta1.sum(axis=0)           (1,)
     7  backward  dx     = delta1 @ W1.T                (1, 1)
    """
    if not isinstance(net, Network):
        raise TypeError(f"net must be a Network, got {type(net).__name__}")
    if loss is not squared_error and loss is not softmax_cross_entropy:
        raise TypeError(f"loss must be squared_error or softmax_cross_entropy, got {loss!r}")
    net, t = copy.deepcopy(net), as_array("t", t)
    x = as_input(net, check_sound(net), x)
    net.backward(loss.gradient(net.forward(x), t))  # what is refused, is refused in words here
    record = Recorder()
    record.given(x=x, t=t, n=len(x))
    # A network that goes its own way (y = x + super().forward(x), say) shows as one step.
    walk = name_layers(net.layers) if is_chain(net) else [Named(net, "net", 0, "x", "y")]
    y = trace_forward(record, walk, x.copy())  # layers may write into it
    record.step("loss", "C", f"{loss}(y, t)", ["y", "t"], loss(y, t))
    dy = loss.gradient(y, t)
    if loss is squared_error:
        record.step("backward", "dy", "(y - t) / n", ["y", "t", "n"], dy)
    else:
        one_hot = f"np.eye({y.shape[1]})[t]"
        record.step("backward", "dy", f"(softmax(y) - {one_hot}) / n", ["y", "t", "n"], dy)
    trace_backward(record, walk, dy)
    return record.steps


@dataclass(frozen=True)
class Named:
    """A layer, where it stands, its number, and what goes in and comes out by their names."""

    layer: Any
    place: str
    number: int
    input: str
    output: str

    @property
    def is_dense(self) -> bool:
        return self.forward is Dense.forward

    @property
    def forward(self) -> Any:
        return getattr(type(self.layer), "forward", None)

    @property
    def backward(self) -> Any:
        return getattr(type(self.layer), "backward", None)

    @property
    def parameters(self) -> dict[str, str]:
        """The names of a Dense layer's parameters as they are numbered in formulas: W to W1."""
        return {name: f"{name}{self.number}" for name in self.layer.parameters}

    @property
    def arguments(self) -> list[float]:
        """What the formula of an activation takes besides z: the slope of a leaky ReLU."""
        return [getattr(self.layer, name) for name in self.layer.arguments]


def name_layers(layers: list[Layer]) -> list[Named]:
    """Number the Dense layers, as formulas do; an activation behind one has its number.

    What other layers put out is called by their place: h2 is that of layers[2].
    """
    walk: list[Named] = []
    name, number = "x", 0
    for i, layer in enumerate(layers):
        given, forward = name, getattr(type(layer), "forward", None)
        if forward is Dense.forward:
            number += 1
            name = f"z{number}"
        elif i == len(layers) - 1:
            name = "y"
        elif forward in FUNCTIONS and given.startswith("z"):
            name = f"a{number}"
        else:
            name = f"h{i}"
        walk.append(Named(layer, f"layers[{i}]", number, given, name))
    return walk


def trace_forward(record: Recorder, walk: list[Named], x: Any) -> Any:
    """Record z1, a1, … y, and return y."""
    a = x
    for named in walk:
        operands = [named.input]
        expression = f"{named.place}.forward({named.input})"
        if named.is_dense:
            names = named.parameters
            record.given(**{names[name]: getattr(named.layer, name) for name in names})
            expression = " + ".join([f"{named.input} @ {names['W']}", *list(names.values())[1:]])
            operands += names.values()
        elif named.forward in FUNCTIONS:
            arguments = ", ".join([named.input, *map(repr, named.arguments)])
            expression = f"{FUNCTIONS[named.forward]}({arguments})"
        a = named.layer.forward(a)
        record.step("forward", named.output, expression, operands, a)
    if walk[-1].is_dense:
        record.step("forward", "y", walk[-1].output, [walk[-1].output], a)
    return a


def trace_backward(record: Recorder, walk: list[Named], dy: Any) -> None:
    """Record the gradients from the last layer to dx."""
    if walk[-1].is_dense:
        record.step("backward", f"delta{walk[-1].number}", "dy", ["dy"], dy)
    gradient = dy
    for named in reversed(walk):
        given, result = gradient_by(named.output), gradient_by(named.input)
        gradient = named.layer.backward(gradient)
        expression, operands = f"{named.place}.backward({given})", [given]
        if named.is_dense and named.backward is Dense.backward:
            trace_dense(record, named, given)
            W = named.parameters["W"]
            expression, operands = f"{given} @ {W}.T", [given, W]
        elif named.backward in DERIVATIVES:
            rule = DERIVATIVES[named.backward]
            derivative = record.derivative(rule, named.input, *named.arguments)
            expression, operands = f"{given} * {derivative}", [given, derivative, named.input]
        else:
            for parameter in parameters_in([named.layer]):
                place = parameter.gradient_name.replace("layers[0]", named.place, 1)
                name = f"d{parameter.name}{named.number}" if named.is_dense else place
                record.step("backward", name, place, [], parameter.gradient)
        record.step("backward", result, expression, operands, gradient)


def trace_dense(record: Recorder, named: Named, delta: str) -> None:
    """Record dW and db of a Dense layer."""
    names, x = named.parameters, named.input
    record.step("backward", f"d{names['W']}", f"{x}.T @ {delta}", [x, delta], named.layer.dW)
    if "b" in names:
        name = f"d{names['b']}"
        record.step("backward", name, f"{delta}.sum(axis=0)", [delta], named.layer.db)


def gradient_by(name: str) -> str:
    """Return the name of the loss's gradient with respect to name; for z it is delta."""
    return name.replace("z", "delta") if name.startswith("z") else f"d{name}"
