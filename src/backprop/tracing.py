"""A record of every step of a forward and a backward pass, for pictures and for readers."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from backprop.activations import (
    identity_derivative,
    relu_derivative,
    sigmoid_derivative,
    tanh_derivative,
)
from backprop.layers import Dense, Identity, ReLU, Sigmoid, Tanh
from backprop.losses import Loss, softmax_cross_entropy, squared_error
from backprop.network import Layer, Network
from backprop.validation import as_array, as_batch

__all__ = ["Operand", "Step", "Trace", "trace"]

DERIVATIVES: dict[type, Callable[[Any], Any]] = {
    Sigmoid: sigmoid_derivative,
    Tanh: tanh_derivative,
    ReLU: relu_derivative,
    Identity: identity_derivative,
}


@dataclass(frozen=True, eq=False)
class Operand:
    """One factor or term of a step.

    Attributes
    ----------
    name : str
        As it stands in the step's expression.
    index : int or None
        Which step it comes from; None for what was given: x, t, n, weights and biases.
        The index of ``sigmoid_derivative(z1)`` is that of z1.
    value : array or number
    """

    name: str
    index: int | None
    value: Any


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a pass.

    Attributes
    ----------
    name : str
        What is computed: "z1", "a1", "y", "C", "dy", "delta2", "dW2", "db2", "da1", …, "dx".
    phase : {"forward", "loss", "backward"}
    expression : str
        How, as Python code: names of operands and functions of this package.
    operands : tuple of Operand
        In the order in which the expression names them.
    value : array or float
        A copy of the result.
    """

    name: str
    phase: Literal["forward", "loss", "backward"]
    expression: str
    operands: tuple[Operand, ...]
    value: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value; () for a number."""
        return np.shape(self.value)


class Trace(list[Step]):
    """The steps in their order: a list that prints as a table."""

    def step(self, name: str) -> Step:
        """Return the step that computes name."""
        for step in self:
            if step.name == name:
                return step
        raise KeyError(f"no step computes {name!r}; there are {[step.name for step in self]}")

    def __repr__(self) -> str:
        names = max((len(step.name) for step in self), default=0)
        expressions = max((len(step.expression) for step in self), default=0)
        return "\n".join(
            f"{i:2}  {step.phase:8}  {step.name:{names}} = {step.expression:{expressions}}"
            f"  {step.shape if step.shape else float(step.value)}"
            for i, step in enumerate(self)
        )


class Recorder:
    """Writes steps down, and finds the operands of each among what it knows so far."""

    def __init__(self) -> None:
        self.steps = Trace()
        self.known: dict[str, Operand] = {}

    def given(self, **values: Any) -> None:
        """Note values that no step computes."""
        for name, value in values.items():
            self.known[name] = Operand(name, None, copy.copy(value))

    def derivative(self, activation: Layer, z_name: str) -> str:
        """Note the derivative of an activation at z as an operand, and return its name."""
        z = self.known[z_name]
        derivative = DERIVATIVES[type(activation)]
        name = f"{derivative.__name__}({z_name})"
        self.known[name] = Operand(name, z.index, derivative(z.value))
        return name

    def step(
        self,
        phase: Literal["forward", "loss", "backward"],
        name: str,
        expression: str,
        operands: list[str],
        value: Any,
    ) -> None:
        value = copy.copy(value)
        found = tuple(self.known[operand] for operand in operands)
        self.known[name] = Operand(name, len(self.steps), value)
        self.steps.append(Step(name, phase, expression, found, value))


def trace(net: Network, loss: Loss, x: npt.ArrayLike, t: npt.ArrayLike) -> Trace:
    """Return every step of a forward and a backward pass, computed by the layers themselves.

    The steps are those derived on the page hand/matrix-form: for each `Dense` layer l, from 1
    to L, z{l} and a{l}, then the loss C, then dy, delta{l}, dW{l}, db{l} and da{l-1}, and at
    last dx. The last a is called y. The network stays as it was, gradients included.

    Parameters
    ----------
    net : Network
        `Dense` layers, each followed by at most one activation.
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
        If the network or the loss is of another kind, or x or t do not fit.

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
    blocks = split_into_blocks(copy.deepcopy(net).layers)
    record = Recorder()
    x, t = as_batch("x", x), as_array("t", t)
    record.given(x=x, t=t, n=len(x))
    y = trace_forward(record, blocks, x)
    record.step("loss", "C", f"{loss}(y, t)", ["y", "t"], loss(y, t))
    dy = loss.gradient(y, t)
    if loss is squared_error:
        record.step("backward", "dy", "(y - t) / n", ["y", "t", "n"], dy)
    else:
        one_hot = f"np.eye({y.shape[1]})[t]"
        record.step("backward", "dy", f"(softmax(y) - {one_hot}) / n", ["y", "t", "n"], dy)
    trace_backward(record, blocks, dy)
    return record.steps


Block = tuple[Dense, Layer | None]


def split_into_blocks(layers: list[Layer]) -> list[Block]:
    """Return each Dense layer together with the activation behind it, if there is one."""
    blocks: list[Block] = []
    for i, layer in enumerate(layers):
        if isinstance(layer, Dense):
            blocks.append((layer, None))
        elif type(layer) in DERIVATIVES and i > 0 and isinstance(layers[i - 1], Dense):
            blocks[-1] = (blocks[-1][0], layer)
        else:
            raise ValueError(
                "net must be made of Dense layers, each followed by at most one activation:"
                f" layers[{i}] is {layer}"
            )
    return blocks


def trace_forward(record: Recorder, blocks: list[Block], x: Any) -> Any:
    """Record z1, a1, … y, and return y."""
    a, a_name = x, "x"
    for l, (dense, activation) in enumerate(blocks, start=1):
        W, b, z = f"W{l}", f"b{l}", f"z{l}"
        record.given(**{W: dense.W, b: dense.b})
        a = dense.forward(a)
        record.step("forward", z, f"{a_name} @ {W} + {b}", [a_name, W, b], a)
        a_name = z
        last = l == len(blocks)
        if activation is not None:
            function = type(activation).__name__.lower()
            a = activation.forward(a)
            a_name = "y" if last else f"a{l}"
            record.step("forward", a_name, f"{function}({z})", [z], a)
        elif last:
            record.step("forward", "y", z, [z], a)
    return a


def trace_backward(record: Recorder, blocks: list[Block], dy: Any) -> None:
    """Record delta, dW, db and what goes on backward, from the last layer to dx."""
    gradient, gradient_name = dy, "dy"
    for l, (dense, activation) in reversed(list(enumerate(blocks, start=1))):
        delta, z = f"delta{l}", f"z{l}"
        if activation is not None:
            derivative = record.derivative(activation, z)
            operands = [gradient_name, derivative, z]
            gradient = activation.backward(gradient)
            record.step("backward", delta, f"{gradient_name} * {derivative}", operands, gradient)
        elif gradient_name == "dy":
            record.step("backward", delta, "dy", ["dy"], gradient)

        a_name = input_name(blocks, l)
        dx = dense.backward(gradient)
        record.step("backward", f"dW{l}", f"{a_name}.T @ {delta}", [a_name, delta], dense.dW)
        record.step("backward", f"db{l}", f"{delta}.sum(axis=0)", [delta], dense.db)
        gradient, gradient_name = dx, gradient_by(a_name)
        record.step("backward", gradient_name, f"{delta} @ W{l}.T", [delta, f"W{l}"], gradient)


def input_name(blocks: list[Block], l: int) -> str:
    """Return the name of what goes into Dense layer l: x, a{l-1}, or z{l-1} unchanged."""
    if l == 1:
        return "x"
    return f"z{l - 1}" if blocks[l - 2][1] is None else f"a{l - 1}"


def gradient_by(name: str) -> str:
    """Return the name of the loss's gradient with respect to name; for z it is delta."""
    return name.replace("z", "delta") if name.startswith("z") else f"d{name}"
