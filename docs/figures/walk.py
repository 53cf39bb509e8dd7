"""What a stepper shows, for readers without JavaScript: the network of docs/steppers/NAME.py with
all its numbers, those of the way forward above, the derivatives of the way back below."""

import runpy

import matplotlib.pyplot as plt

import backprop as bp
from backprop import plotting

NETWORKS = ["network_222", "network_221"]


def number(value):
    """Three decimals without the leading zero, so that they fit into a unit."""
    digits = f"{value:.3f}" if round(value * 100) != value * 100 else f"{value:g}"
    return digits.replace("0.", ".").replace("-", "\N{MINUS SIGN}")


def numbers(net, loss, x, t):
    """For each name in the picture its number on the way forward, and on the way back."""
    step = {step.name: step.value for step in bp.trace(net, loss, x, t)}
    dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
    last = len(dense)
    forth, back = {"E": number(step["C"])}, {"E": "1"}
    for i in range(x.shape[1]):
        forth[f"x_{i + 1}"], back[f"x_{i + 1}"] = number(x[0, i]), number(step["dx"][0, i])
    for l, layer in enumerate(dense, start=1):
        a, da = ("y", "dy") if l == last else (f"a{l}", f"da{l}")
        for j in range(len(layer.b)):
            forth[f"z{l}_{j + 1}"] = number(step[f"z{l}"][0, j])
            forth[f"a{l}_{j + 1}"] = number(step[a][0, j])
            forth[f"b{l}_{j + 1}"] = number(layer.b[j])
            back[f"z{l}_{j + 1}"] = number(step[f"delta{l}"][0, j])
            back[f"a{l}_{j + 1}"] = number(step[da][0, j])
            back[f"b{l}_{j + 1}"] = number(step[f"db{l}"][j])
            for i in range(len(layer.W)):
                forth[f"W{l}_{i + 1}{j + 1}"] = number(layer.W[i, j])
                back[f"W{l}_{i + 1}{j + 1}"] = number(step[f"dW{l}"][i, j])
    parts = 0.5 * (step["y"] - t)[0] ** 2
    for k, part in enumerate(parts, start=1):
        forth[f"E_{k}"], back[f"E_{k}"] = number(part), "1"
    return forth, back


def draw():
    plotting.use_style()
    figures = {}
    for name in NETWORKS:
        its = runpy.run_path(f"docs/steppers/{name}.py")
        forth, back = numbers(its["net"], its["loss"], its["x"], its["t"])
        sizes = tuple(int(digit) for digit in name[-3:])
        figure, (above, below) = plt.subplots(2, 1, figsize=(7.4, 6.5), layout="constrained")
        plotting.network(sizes, values=forth, ax=above)
        plotting.network(sizes, values=back, backward=True, ax=below)
        figures[name] = figure
    return figures
