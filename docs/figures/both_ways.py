"""The home page's picture: the same small network gone through forward, in numbers, and then
backward, each line as thick as the gradient of its weight is large."""

import runpy

import matplotlib.pyplot as plt
import numpy as np

import backprop as bp
from backprop import plotting

NUMBERS = runpy.run_path("src/backprop/exercises/given/network_222.py")


def steps():
    """Every step of one forward and one backward pass, by name."""
    net = bp.Network([
        bp.Dense(NUMBERS["W1"], NUMBERS["b1"]), bp.Sigmoid(),
        bp.Dense(NUMBERS["W2"], NUMBERS["b2"]), bp.Sigmoid(),
    ])  # fmt: skip
    trace = bp.trace(net, bp.squared_error, NUMBERS["x"], NUMBERS["t"])
    return {step.name: step.value for step in trace}


def number(value):
    """Two or three decimals without the leading zero, so that it fits into a unit."""
    digits = f"{value:.2f}" if abs(value) >= 0.01 else f"{value:.3f}"
    return digits.replace("0.", ".").replace("-", "\N{MINUS SIGN}")


def draw():
    plotting.use_style()
    value = steps()
    value["a2"] = value["y"]
    units = [(layer, unit) for layer in (1, 2) for unit in (1, 2)]
    weights = [f"W{layer}_{i}{j}" for layer in (1, 2) for i in (1, 2) for j in (1, 2)]
    silent = {name: "" for name in [*weights, *(f"b{layer}_{unit}" for layer, unit in units)]}
    squares = 0.5 * (value["y"] - NUMBERS["t"]) ** 2

    forth = dict(silent) | {"E": number(value["C"])}
    back = dict(silent) | {"E": "1", "E_1": "1", "E_2": "1"}  # dE/dE, and dE/dE_k
    widths = {}
    for unit in (1, 2):
        forth[f"x_{unit}"] = number(NUMBERS["x"][0, unit - 1])
        forth[f"E_{unit}"] = number(squares[0, unit - 1])
        back[f"x_{unit}"] = number(value["dx"][0, unit - 1])
    for layer, unit in units:
        for letter, incoming in (("z", f"delta{layer}"), ("a", {1: "da1", 2: "dy"}[layer])):
            forth[f"{letter}{layer}_{unit}"] = number(value[f"{letter}{layer}"][0, unit - 1])
            back[f"{letter}{layer}_{unit}"] = number(value[incoming][0, unit - 1])
    largest = max(np.abs(value["dW1"]).max(), np.abs(value["dW2"]).max())
    for weight in weights:
        layer, i, j = int(weight[1]), int(weight[3]), int(weight[4])
        widths[weight] = 0.8 + 5 * abs(value[f"dW{layer}"][i - 1, j - 1]) / largest

    figure, (above, below) = plt.subplots(2, 1, figsize=(7.4, 6.1), layout="constrained")
    plotting.network((2, 2, 2), values=forth, ax=above)
    plotting.network((2, 2, 2), values=back, widths=widths, backward=True, ax=below)
    return figure
