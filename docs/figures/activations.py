"""Sigmoid, tanh and ReLU above, their slopes below, over the same z."""

import runpy
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np

from backprop import plotting, rules

PLANE = SimpleNamespace(**runpy.run_path("docs/figures/_plane.py"))
REACH = 4.0
GAP = 1e-9  # left of 0 and right of it ReLU has two slopes
# For each function: its line style, and where its name is in the two pictures.
LOOKS = {
    "sigmoid": ("-", (2.9, 0.62), (-2.6, 0.16)),
    "tanh": ((0, (7, 2.4)), (-2.6, -0.72), (1.35, 0.72)),
    "relu": ((0, (1.3, 1.3)), (0.2, 1.5), (2.7, 1.13)),
}
NAMES = {"sigmoid": r"$\sigma$", "tanh": "tanh", "relu": "ReLU"}


def draw():
    plotting.use_style()
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(4.9, 5.6), layout="constrained", sharex=True, height_ratios=[1.35, 1]
    )
    z = np.linspace(-REACH, REACH, 321)
    halves = z[z < 0], z[z >= 0] + GAP
    for name, (style, at, at_slope) in LOOKS.items():
        function, slope = getattr(rules, name), getattr(rules, f"{name}_derivative")
        curve = {"color": PLANE.COLOURS["activation"], "lw": 2.2, "ls": style}
        above.plot(z, function(z), **curve)
        above.text(*at, NAMES[name], size=15, color=PLANE.COLOURS["activation"])
        for half in halves:  # the jump of ReLU's slope is no part of it
            below.plot(half, slope(half), color=PLANE.SLOPE, lw=2.2, ls=style)
        below.text(*at_slope, NAMES[name] + "′", size=15, color=PLANE.SLOPE)
    PLANE.axes(above, "", r"$f\,(z)$")
    PLANE.axes(below, r"\preact", r"$f\,\mathrm{′}(z)$")
    above.set(ylim=(-1.15, 2.2), yticks=[-1, 0, 1, 2])
    below.set(ylim=(-0.06, 1.32), yticks=[0, 0.25, 0.5, 0.75, 1], xlim=(-REACH, REACH))
    return figure
