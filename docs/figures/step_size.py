"""How far an estimated slope is off, for steps h from 0.1 down to 1e-15: 1/x at x = 1.5, one-sided
and two-sided. Smaller is better only up to a point."""

import runpy
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np

from backprop import plotting

PLANE = SimpleNamespace(**runpy.run_path("docs/figures/_plane.py"))
X = 1.5
RIGHT = -1 / X**2  # the rule
STEPS = np.logspace(-15, -1, 71)


def f(x):
    return 1 / x


ONE_SIDED = (f(X + STEPS) - f(X)) / STEPS
TWO_SIDED = (f(X + STEPS) - f(X - STEPS)) / (2 * STEPS)


def draw():
    plotting.use_style()
    figure, ax = plt.subplots(figsize=(4.9, 4.1), layout="constrained")
    for found, colour, style in (
        (ONE_SIDED, PLANE.COLOURS["muted"], PLANE.DASHED),
        (TWO_SIDED, PLANE.COLOURS["ink"], "-"),
    ):
        ax.loglog(STEPS, np.abs(found - RIGHT), color=colour, ls=style, lw=1.9)
    one = r"$\dfrac{f(x+h)-f(x)}{h}$"
    two = r"$\dfrac{f(x+h)-f(x-h)}{2h}$"
    ax.text(1e-6, 1.2e-5, one, size=15, color=PLANE.COLOURS["muted"], ha="center")
    ax.text(4e-12, 6e-12, two, size=15, ha="center")
    PLANE.axes(ax, "$h$", r"$|\,\cdots-f\mathrm{′}(x)\,|$")
    ax.set(xlim=(1e-15, 1e-1), ylim=(1e-13, 1))
    ax.set(xticks=10.0 ** np.arange(-15, 0, 2), yticks=10.0 ** np.arange(-12, 1, 2))
    ax.tick_params(which="minor", length=0)
    return figure
