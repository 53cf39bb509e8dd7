"""A slope as a zoom into a curve: y = x² near x = 1, three times, each frame enlarged by the next
panel. In the last one the curve cannot be told from its tangent."""

import runpy
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import ConnectionPatch, Rectangle

from backprop import plotting

PLANE = SimpleNamespace(**runpy.run_path("docs/figures/_plane.py"))
X, SLOPE = 1.0, 2.0
WIDTHS = [2.0, 0.4, 0.04]


def curve(x):
    return x**2


def window(width):
    """What a panel shows: its lower left corner, its width and its height, as steep in each."""
    height = SLOPE * width
    return X - width / 2, curve(X) - height / 2, width, height


def enlarge(figure, ax, following, width):
    """Lines from the frame in a panel to the panel that shows it enlarged."""
    x, y, w, h = window(width)
    for corner, (across, up) in (((x + w, y), (0, 0)), ((x + w, y + h), (0, 1))):
        line = ConnectionPatch(
            corner, (across, up), ax.transData, following.transAxes, color=PLANE.COLOURS["muted"],
            lw=0.9, zorder=2,
        )  # fmt: skip
        line.set_in_layout(False)
        figure.add_artist(line)


def draw():
    plotting.use_style()
    figure, panels = plt.subplots(1, 3, figsize=(5.6, 2.75), layout="constrained")
    for ax, following, width, inner in zip(
        panels, [*panels[1:], None], WIDTHS, [*WIDTHS[1:], None], strict=True
    ):
        left, low, _, height = window(width)
        xs = np.linspace(left, left + width, 101)
        ax.plot(xs, curve(xs), color=PLANE.COLOURS["activation"], lw=2.6, zorder=3)
        PLANE.tangent(ax, (X, curve(X)), SLOPE, width / 2)
        PLANE.point(ax, (X, curve(X)))
        if inner:
            x, y, w, h = window(inner)
            ax.add_patch(Rectangle((x, y), w, h, fc="none", ec=PLANE.COLOURS["ink"], lw=1.3))
            enlarge(figure, ax, following, inner)
        else:
            step = width / 4
            end = (X + step, curve(X) + SLOPE * step)
            PLANE.triangle(ax, (X, curve(X)), end)
            middle = X + step / 2, (curve(X) + end[1]) / 2
            run, rise = ["$\\Delta$", r"\x"], ["$\\Delta$", r"\y"]
            PLANE.row(ax, run, (middle[0], curve(X)), (0.5, 1), offset=(0, -4))
            PLANE.row(ax, rise, (end[0], middle[1]), (0, 0.5), offset=(3, 0))
        ax.set(xlim=(left, left + width), ylim=(low, low + height))
        ax.set(xticks=[X - width / 4, X + width / 4], yticks=[])
        ax.set_xticklabels([PLANE.number(tick) for tick in ax.get_xticks()])
        ax.tick_params(labelsize=13, length=3, color=PLANE.COLOURS["line"])
        for side in ax.spines.values():
            side.set(visible=True, color=PLANE.COLOURS["ink"], lw=1.3)
    return figure
