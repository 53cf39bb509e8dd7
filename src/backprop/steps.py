"""Steps of a pass, as `trace` writes them down."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

__all__ = ["Operand", "Step", "Trace"]


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
        What is computed: "z1", "a1", "y", "C", "dy", "delta2", "dW2", "db2", "da1", …, "dx";
        for a layer of another kind, its gradients: "layers[1].dgamma".
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

    def derivative(self, derivative: Callable[..., Any], z_name: str, *others: float) -> str:
        """Note the derivative of an activation at z as an operand, and return its name; others are
        what it takes besides z."""
        z = self.known[z_name]
        name = f"{derivative.__name__}({', '.join([z_name, *map(repr, others)])})"
        self.known[name] = Operand(name, z.index, derivative(z.value, *others))
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
