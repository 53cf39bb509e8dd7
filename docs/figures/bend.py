"""Two hidden units on one input, without and with ReLU: thin what each contributes to the output,
thick their sum. Lines add up to a line; bent lines do not."""

import runpy
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np

from backprop import plotting, rules
from backprop.exercises.given.bend import contributions

PLANE = SimpleNamespace(**runpy.run_path("docs/figures/_plane.py"))
STYLES = ("--", (0, (1.3, 1.3)))


def draw():
    plotting.use_style()
    figure, axes = plt.subplots(1, 2, figsize=(4.9, 2.7), layout="constrained", sharey=True)
    x = np.linspace(-1, 3, 161)
    for ax, f in zip(axes, (lambda z: z, rules.relu), strict=True):
        for contribution, style in zip(contributions(x, f), STYLES, strict=True):
            ax.plot(x, contribution, color=PLANE.COLOURS["muted"], lw=1.3, ls=style)
        ax.plot(x, sum(contributions(x, f)), color=PLANE.COLOURS["activation"], lw=2.8)
        ax.set(xlim=(-1, 3), ylim=(-2.1, 2.4), xticks=range(-1, 4), yticks=range(-2, 3))
    PLANE.axes(axes[0], r"\x", r"$f\,(z) = z$")
    PLANE.axes(axes[1], r"\x", r"$f\,(z) = \mathrm{ReLU}\,(z)$")
    return figure
