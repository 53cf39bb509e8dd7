"""What `<backprop-slope>` shows, for readers without JavaScript: y = x², a point on it with its
tangent, and a secant through a second point a step h further on."""

import runpy
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np

from backprop import plotting

PLANE = SimpleNamespace(**runpy.run_path("docs/figures/_plane.py"))
X, H = 0.5, 1.0
SLOPE = 2 * X


def curve(x):
    return x**2


def draw():
    plotting.use_style()
    figure, ax = plt.subplots(figsize=(4.9, 3.9), layout="constrained")
    xs = np.linspace(-1.5, 2.3, 101)
    ax.plot(xs, curve(xs), color=PLANE.COLOURS["activation"], lw=2.4, zorder=3)
    start, end = (X, curve(X)), (X + H, curve(X + H))
    PLANE.triangle(ax, start, end)
    secant = (end[1] - start[1]) / H
    ends = np.array([-1.0, 1.7])
    ax.plot(X + ends, start[1] + secant * ends, color=PLANE.COLOURS["ink"], lw=1.3, zorder=3)
    PLANE.tangent(ax, start, SLOPE, 1.5)
    PLANE.point(ax, start)
    PLANE.point(ax, end)
    PLANE.row(ax, ["$h$"], (X + H / 2, start[1]), (0.5, 1), offset=(0, -10))
    PLANE.row(ax, ["$\\Delta$", r"\y"], (end[0], (start[1] + end[1]) / 2), (0, 0.5), offset=(7, -6))
    PLANE.axes(ax, r"\x", r"\y")
    ax.set(xlim=(-1.6, 2.6), ylim=(-1.3, 4.6), xticks=range(-1, 3), yticks=range(-1, 5))
    return figure
