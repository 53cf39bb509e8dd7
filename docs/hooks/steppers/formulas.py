"""The formulas of a stepper's steps, with the course's macros; tests/site/test_stepper_build.py
evaluates them. `formula` is written with matrices, `unit_formula` for the first unit of a layer,
`plain_formula` for a network that is one unit with one input: in plain letters."""

import re
from typing import Any

import numpy as np

import backprop as bp

FUNCTIONS = {
    "sigmoid": r"\sigmoid",
    "tanh": r"\tanh",
    "relu": r"\relu",
    "leaky_relu": r"\leaky",
}


# The names of `backprop.trace` where a network is one unit with one input, and what writes them.
PLAIN_NAMES = {
    "x": ("x", r"\x"),
    "W1": ("w", r"\weight"),
    "b1": ("b", r"\bias"),
    "z1": ("z", r"\preact"),
    "y": ("a", r"\activ"),
    "t": ("t", r"\t"),
    "C": ("E", r"\Lossx"),
    "dy": ("da", r"\grad{\Lossx}{\activ}"),
    "delta1": ("delta", r"\error"),
    "dW1": ("dw", r"\grad{\Lossx}{\weight}"),
    "db1": ("db", r"\grad{\Lossx}{\bias}"),
    "dx": ("dx", r"\grad{\Lossx}{\x}"),
}


def is_plain(net: bp.Network, loss: Any, x: np.ndarray) -> bool:
    """Whether plain letters say all there is: one unit, one input, one sample."""
    weights = [layer.W for layer in net.layers if isinstance(layer, bp.Dense)]
    one = [np.shape(W) for W in weights] == [(1, 1)]
    return one and len(x) == 1 and loss is bp.squared_error


def name_in_text(name: str, plain: bool) -> str:
    """The name of a step for readers, also in links: dW1, or dw where letters are plain."""
    return PLAIN_NAMES[name][0] if plain and name in PLAIN_NAMES else name


def kind_and_layer(name: str) -> tuple[str, str]:
    """What a name stands for, and its layer: "dW", "1" for dW1; "C", "" for C."""
    kind = name.rstrip("0123456789")
    return kind, name.removeprefix(kind)


def through(step: bp.tracing.Step) -> str | None:
    """The activation function whose slope is a factor of a step."""
    found = re.search(r"(\w+)_derivative", step.expression)
    return found and found[1]


def symbol(name: str, last: str, batch: bool) -> str:
    """A name of `backprop.trace` in LaTeX; last is the output's, by the number of its layer."""
    loss = r"\Loss" if batch else r"\Lossx"
    kind, l = kind_and_layer(name)
    if kind == "y":
        return symbol(last, last, batch)
    if kind == "delta":
        return rf"\err{{{l}}}"
    if kind in {"x", "t"}:
        return {"x": r"\X", "t": r"\Tgt"}[kind] if batch else rf"\{kind}"
    if kind in {"dy", "dW", "db", "da", "dx"}:
        return rf"\grad{{{loss}}}{{{symbol(name[1:], last, batch)}}}"
    return rf"\{kind.upper() if batch and kind in 'za' else kind}{{{l}}}"


def formula(step: bp.tracing.Step, last: str, n: int) -> str:
    """How a step computes its result, for all units at once."""
    batch = n > 1

    def of(name: str) -> str:
        return symbol(name, last, batch)

    names = [operand.name for operand in step.operands]
    softmax = "softmax" in step.expression
    if step.name == "C":
        if softmax:
            return rf"\Loss = -\frac{{1}}{{n}} \sum_i \log p_i, \quad p = \operatorname{{softmax}}({of('y')})"
        square = rf"\left\| {of('y')} - {of('t')} \right\|^2"
        return (
            rf"\Loss = \frac{{1}}{{2 n}} {square}"
            if batch
            else rf"\Lossx = \frac{{1}}{{2}} {square}"
        )
    left = f"{of(step.name)} = "
    if step.name == "dy":
        if softmax:
            return rf"{left}\frac{{1}}{{n}} (\operatorname{{softmax}}({of('y')}) - \text{{one-hot}}(\t))"
        difference = f"{of('y')} - {of('t')}"
        return rf"{left}\frac{{1}}{{n}} ({difference})" if batch else left + difference
    if step.phase == "forward":
        if step.name.startswith("z"):
            bias = f" + {of(names[2])}" if names[2:] else ""
            return f"{left}{of(names[0])} {of(names[1])}{bias}"
        function = FUNCTIONS.get(step.expression.partition("(")[0])
        return f"{left}{function}({of(names[0])})" if function else left + of(names[0])
    if slope := through(step):
        factor = rf" \had {FUNCTIONS[slope]}'({of(names[2])})" if slope in FUNCTIONS else ""
        return left + of(names[0]) + factor
    if step.name.startswith("dW"):
        before = of(names[0]) if names[0] == "x" else f"({of(names[0])})"
        return rf"{left}{before}^\T {of(names[1])}"
    if step.name.startswith("db"):
        return left + (rf"\sum_x {of(names[0])}" if batch else of(names[0]))
    return left + of(names[0]) + (rf" ({of(names[1])})^\T" if len(names) > 1 else "")


def update_formula(batch: bool, biases: bool = True) -> str:
    """The last step: gradient descent, in every layer l."""
    loss = r"\Loss" if batch else r"\Lossx"
    learned = [r"\W{l}", r"\b{l}"][: 1 + biases]
    rows = [rf"{p} &\leftarrow {p} - \lr \grad{{{loss}}}{{{p}}}" for p in learned]
    return r"\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}"


def unit_formula(step: bp.tracing.Step, last: str) -> str:
    """How a step computes its first number, for readers who have not met matrices yet; nothing
    where that can't be said of one number."""

    def of(name: str, *index: int) -> str:
        if name.startswith("d") and not name.startswith("delta"):
            return rf"\grad{{\Lossx}}{{{of(name[1:], *index)}}}"
        digits = "".join(map(str, index))
        return (
            symbol(name, last, batch=False) + f"_{digits if len(digits) == 1 else f'{{{digits}}}'}"
        )

    operands = [operand.name for operand in step.operands]
    first = operands[0]
    slope = through(step)
    if "softmax" in step.expression:
        return ""  # one output says nothing without the others
    if step.name == "C":
        outputs = range(1, np.shape(step.operands[0].value)[1] + 1)
        squares = [rf"\frac{{1}}{{2}} ({of('y', k)} - {of('t', k)})^2" for k in outputs]
        return r"\Lossx = " + " + ".join(squares)
    is_weight = step.name.startswith("dW")
    left = of(step.name, 1, 1) if is_weight else of(step.name, 1)
    if step.name == "dy":
        right = f"{of('y', 1)} - {of('t', 1)}"
    elif step.name.startswith("z"):
        inputs = range(1, len(step.operands[1].value) + 1)
        right = " + ".join(f"{of(first, i)} {of(operands[1], i, 1)}" for i in inputs)
        right += f" + {of(operands[2], 1)}" if operands[2:] else ""
    elif step.phase == "forward":
        function = FUNCTIONS.get(step.expression.partition("(")[0])
        right = f"{function}({of(first, 1)})" if function else of(first, 1)
    elif slope == "sigmoid":
        a = f"a{operands[2][1:]}"
        right = rf"{of(first, 1)} \cdot {of(a, 1)} (1 - {of(a, 1)})"
    elif slope in FUNCTIONS:
        right = rf"{of(first, 1)} \cdot {FUNCTIONS[slope]}'({of(operands[2], 1)})"
    elif is_weight:
        right = f"{of(first, 1)} {of(operands[1], 1)}"
    elif step.name.startswith("db"):
        right = of(first, 1)
    elif slope or not operands[1:]:
        right = of(first, 1)  # nothing on the way changes it
    else:
        errors = range(1, np.shape(step.operands[0].value)[1] + 1)
        right = " + ".join(f"{of(first, k)} {of(operands[1], 1, k)}" for k in errors)
    return f"{left} = {right}"


def plain_formula(step: bp.tracing.Step) -> str:
    """How a step computes its number, in plain letters."""
    slope = through(step)
    function = FUNCTIONS.get(step.expression.partition("(")[0])
    right = {
        "z1": r"\weight \x" + (r" + \bias" if step.operands[2:] else ""),
        "y": rf"{function}(\preact)" if function else r"\preact",
        "C": r"\frac{1}{2} (\activ - \t)^2",
        "dy": r"\activ - \t",
        "delta1": r"\grad{\Lossx}{\activ}",
        "dW1": r"\x \error",
        "db1": r"\error",
        "dx": r"\error \weight",
    }[step.name]
    if slope == "sigmoid":
        right += r" \cdot \activ (1 - \activ)"
    elif slope in FUNCTIONS:
        right += rf" \cdot {FUNCTIONS[slope]}'(\preact)"
    return f"{PLAIN_NAMES[step.name][1]} = {right}"


def plain_update(bias: bool = True) -> str:
    """The last step of the one unit: gradient descent."""
    learned = [r"\weight", r"\bias"][: 1 + bias]
    rows = [rf"{p} &\leftarrow {p} - \lr \grad{{\Lossx}}{{{p}}}" for p in learned]
    return r"\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}"
