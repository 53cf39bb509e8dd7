"""The loss over two weights, and twenty steps downhill on it: too small, right, too large."""

import runpy
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

from backprop import plotting
from backprop.plotting import COLOURS

COMPUTED = runpy.run_path("docs/figures/_landscape.py")
BAND = 0.11  # how much each level adds to the shade


def draw():
    plotting.use_style()
    its = COMPUTED["landscape"]("two_weights")
    ground = COMPUTED["ground"](its)
    figure, panels = plt.subplots(
        len(its["rates"]), 1, figsize=(5.2, 11.6), layout="constrained", sharex=True
    )
    for ax, lr in zip(panels, its["rates"].values(), strict=True):
        draw_ground(ax, its, *ground)
        draw_walk(ax, COMPUTED["walk"](its, lr))
        rate = plotting.symbol(r"\lr")[0].strip("$")
        ax.set_title(f"${rate} = {lr:g}$", size=21, color=COLOURS["ink"], loc="left")
        ax.set(xlim=its["w1"], ylim=its["w2"], aspect="equal", yticks=(-2, 0, 2, 4))
        ax.tick_params(labelsize=16)
        name(ax.set_ylabel, "2", rotation=0, va="center")
    name(panels[-1].set_xlabel, "1")
    return figure


def name(label, index, **options):
    text, colour = plotting.symbol(rf"\weight_{index}")
    label(text, size=22, color=colour, **options)


def draw_ground(ax, its, w1, w2, outputs, losses):
    """Each level shades all that lies above it; the floor is where the answer is right."""
    for level in its["levels"]:
        ax.contourf(w1, w2, losses, [level, np.inf], colors=[COLOURS["loss"]], alpha=BAND)
    off = outputs - np.squeeze(its["t"])
    ax.contour(w1, w2, off, [0], colors=[COLOURS["target"]], linewidths=3)


def draw_walk(ax, places):
    """A dot for each place, an arrow for each step that is long enough to have a head."""
    arrow = {"arrowstyle": "-|>", "lw": 1.8, "color": COLOURS["ink"], "shrinkA": 0, "shrinkB": 2}
    ax.plot(*places.T, "o-", color=COLOURS["ink"], ms=4.5, lw=1.8)
    for before, after in pairwise(places):
        if np.hypot(*(after - before)) > 0.7:
            ax.annotate("", after, before, arrowprops={**arrow, "mutation_scale": 15})
    look = {"ms": 12, "mfc": COLOURS["paper"], "mec": COLOURS["ink"], "mew": 2.2}
    ax.plot(*places[0], "o", zorder=5, **look)
