"""A straight line y = w x + b, and one step on it: a run of 1 lifts it by w."""

import runpy
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np

from backprop import plotting

PLANE = SimpleNamespace(**runpy.run_path("docs/figures/_plane.py"))
W, B = 2.0, 1.0
START, RUN = 1.0, 1.0


def line(x):
    return W * x + B


def draw():
    plotting.use_style()
    figure, ax = plt.subplots(figsize=(4.9, 3.9), layout="constrained")
    ends = np.array([-0.4, 2.6])
    ax.plot(ends, line(ends), color=PLANE.COLOURS["activation"], lw=2.4, zorder=3)
    ax.axvline(0, color=PLANE.COLOURS["line"], lw=0.8, zorder=0)
    low, high = (START, line(START)), (START + RUN, line(START + RUN))
    PLANE.triangle(ax, low, high)
    for at in (low, high):
        PLANE.point(ax, at, PLANE.COLOURS["activation"])
    PLANE.point(ax, (0, B), PLANE.COLOURS["bias"])
    run = ["$\\Delta$", r"\x", f"$\\,=\\,{PLANE.number(RUN)}$"]
    rise = ["$\\Delta$", r"\y", "$\\,=\\,$", r"\weight", f"$\\,=\\,{PLANE.number(W * RUN)}$"]
    PLANE.row(ax, run, ((low[0] + high[0]) / 2, low[1]), (0.5, 1), offset=(0, -7))
    PLANE.row(ax, rise, (high[0], (low[1] + high[1]) / 2), (0, 0.5), offset=(8, 0))
    PLANE.row(ax, [r"\bias", f"$\\,=\\,{PLANE.number(B)}$"], (0, B), (0, 1), offset=(9, 0))
    formula = [r"\y", "$\\,=\\,$", r"\weight", r"\x", "$\\,+\\,$", r"\bias"]
    PLANE.row(ax, formula, (0.62, 4.9), size=18)
    PLANE.axes(ax, r"\x", r"\y")
    ax.set(xlim=(-0.5, 3.3), ylim=(0, 6.4), xticks=range(4), yticks=range(7))
    return figure
