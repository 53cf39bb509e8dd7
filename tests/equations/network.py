"""A plain forward pass, and derivatives of it without any rule for derivatives.

Nothing here knows backpropagation. A derivative is taken by the complex step: add a tiny
imaginary number to one value, go forward, and read the imaginary part of the result. It is
exact to the last digits for functions made of sums, products, exponentials and the like
(Squire and Trapp, 1998), and it cannot share a mistake with a formula under test."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

STEP = 1e-30


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def relu(z):
    return np.where(np.real(z) > 0, z, 0)


def leaky(z):
    return np.where(np.real(z) > 0, z, 0.01 * z)


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


ACTIVATIONS: dict[str, Callable] = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": relu,
    "leaky": leaky,
    "identity": lambda z: z,
    "softmax": softmax,
}
LOSSES = ("squared error", "cross-entropy", "hidden", "all-hidden")


@dataclass
class World:
    """The numbers of one network and one batch. Layers count from 1; a batch is rows."""

    X: np.ndarray  # (n, n_0)
    T: np.ndarray  # (n, n_L)
    W: dict[int, np.ndarray]
    b: dict[int, np.ndarray]  # each (1, n_l)
    activation: str = "sigmoid"
    output: str = "sigmoid"
    loss: str = "squared error"
    lr: float = 0.5
    about: str = ""
    stepped: dict[str, np.ndarray] = field(default_factory=dict)  # after a step, by code name
    letters: dict[str, float] = field(default_factory=dict)  # plain letters instead of a network
    is_one_layer: bool = False  # Y = XW + b alone, with letters of its own
    line: int = 0  # of the page, after which its plain letters stand for these numbers
    kept: dict = field(default_factory=dict, repr=False)

    @property
    def L(self) -> int:
        return len(self.W)

    @property
    def sizes(self) -> list[int]:
        return [self.X.shape[1], *(W.shape[1] for W in self.W.values())]

    @property
    def n(self) -> int:
        return len(self.X)

    def f(self, z, layer: int | None = None):
        return ACTIVATIONS[self.output if layer == self.L else self.activation](z)

    def forward(self, changed: dict[str, np.ndarray] | None = None) -> dict[str, np.ndarray]:
        """Every value of a forward pass, by name: "W1", "Z1", "A1", …, "parts" (one loss for
        each sample and output), with some replaced by others on the way."""
        changed = changed or {}
        values: dict[str, np.ndarray] = {"A0": changed.get("A0", self.X)}
        for layer in range(1, self.L + 1):
            W = values[f"W{layer}"] = changed.get(f"W{layer}", self.W[layer])
            b = values[f"b{layer}"] = changed.get(f"b{layer}", self.b[layer])
            Z = values[f"A{layer - 1}"] @ W + b
            Z = values[f"Z{layer}"] = changed.get(f"Z{layer}", Z)
            values[f"A{layer}"] = changed.get(f"A{layer}", self.f(Z, layer))
        values["T"] = self.T
        values["parts"] = self.parts(values[f"A{self.L}"])
        values["E"] = values["parts"].sum(axis=1, keepdims=True)
        for layer in {"hidden": [1], "all-hidden": range(1, self.L)}.get(self.loss, []):
            inside = 0.5 * (values[f"A{layer}"] ** 2).sum(axis=1, keepdims=True)
            values["E"] = values["E"] + inside
        values["E"] = changed.get("E", values["E"])
        values["C"] = values["E"].mean(keepdims=True)
        return values

    def parts(self, y: np.ndarray) -> np.ndarray:
        """What each output adds to the loss of its sample."""
        if self.loss == "cross-entropy":
            return -self.T * np.log(y)
        return 0.5 * (y - self.T) ** 2

    def turned(self, hidden: str, outputs: str, loss: str) -> "World":
        """The same numbers with other functions; itself where none is named."""
        changed = (hidden or self.activation, outputs or self.output, loss or self.loss)
        if changed == (self.activation, self.output, self.loss):
            return self
        if changed not in self.kept:
            activation, output, named = changed
            self.kept[changed] = replace(
                self, activation=activation, output=output, loss=named, kept={}
            )
        return self.kept[changed]

    @cached_property
    def values(self) -> dict[str, np.ndarray]:
        return self.forward()

    def derivative(self, of: str, place: tuple[int, int] | None, by: str) -> np.ndarray:
        """The derivative of one number (`of`, at a place if it is an array) by every element
        of an array, in the array's shape. Its value before is held, so what leads to it does
        not matter: a partial derivative."""
        key = (of, place, by)
        if key not in self.kept:
            original = self.values[by]
            slopes = np.empty(original.shape)
            for index in np.ndindex(original.shape):
                moved = original.astype(complex)
                moved[index] += 1j * STEP
                value = self.forward({by: moved})[of]
                number = value[place] if place is not None else value.item()
                slopes[index] = number.imag / STEP
            self.kept[key] = slopes
        return self.kept[key]


def random_world(
    rng, sizes, n, activation="sigmoid", output=None, about="", loss="squared error"
) -> World:
    """A network with these sizes, a batch of n, and numbers that no accident makes equal."""
    W = {k: rng.normal(0, 1, (a, b)) for k, (a, b) in enumerate(pairwise(sizes), start=1)}
    b = {k: rng.normal(0, 1, (1, size)) for k, size in enumerate(sizes[1:], start=1)}
    T = rng.normal(0, 1, (n, sizes[-1]))
    if loss == "cross-entropy":  # targets are probabilities: a row adds up to 1
        T = np.exp(T) / np.exp(T).sum(axis=1, keepdims=True)
    return World(
        X=rng.normal(0, 1, (n, sizes[0])),
        T=T,
        W=W,
        b=b,
        activation=activation,
        output=output or activation,
        loss=loss,
        lr=float(rng.uniform(0.1, 1)),
        about=about or f"{'-'.join(map(str, sizes))}, batch of {n}, {activation}",
    )
