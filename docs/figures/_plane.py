"""What the figures of curves and slopes share: axes with a letter at each end, a step drawn as a
triangle, a tangent, and symbols in their colours side by side."""

import runpy
from types import SimpleNamespace

from matplotlib.offsetbox import AnnotationBbox

from backprop import plotting

LABELS = SimpleNamespace(**runpy.run_path("docs/figures/_labels.py"))
COLOURS = plotting.COLOURS
SLOPE = COLOURS["error"]  # of tangents: a slope is a derivative
DASHED = (0, (4, 2))
number = LABELS.number


def row(ax, parts, at, align=(0.5, 0.5), size=16, offset=(0, 0)):
    """Symbols and signs side by side, each in its colour, at a point of the curve's plane."""
    look = {"frameon": False, "pad": 0, "box_alignment": align, "zorder": 6}
    box = LABELS.row(parts, size)
    ax.add_artist(AnnotationBbox(box, at, offset, boxcoords="offset points", **look))


def axes(ax, across, up, size=17):
    """The letter of each axis at its end, numbers large enough for a phone."""
    text, colour = LABELS.lettered(across)
    ax.set_xlabel(text, size=size, color=colour, labelpad=1, loc="right")
    text, colour = LABELS.lettered(up)
    ax.set_title(text, size=size, color=colour, pad=5, loc="left")
    ax.tick_params(labelsize=13, length=3, color=COLOURS["line"])


def triangle(ax, start, end):
    """The step from one point to the other: first across, then up."""
    (x0, y0), (x1, y1) = start, end
    ax.fill([x0, x1, x1], [y0, y0, y1], color=COLOURS["panel"], lw=0, zorder=1)
    ax.plot([x0, x1, x1], [y0, y0, y1], color=COLOURS["ink"], lw=1.3, zorder=2)


def tangent(ax, at, slope, reach):
    """The straight line through a point with this slope, so far to both sides."""
    x, y = at
    ends = [-reach, reach]
    ax.plot(
        [x + end for end in ends], [y + slope * end for end in ends], color=SLOPE, lw=1.6,
        ls=DASHED, zorder=4,
    )  # fmt: skip


def point(ax, at, colour=COLOURS["ink"]):
    ax.plot(*at, "o", color=colour, ms=7, zorder=5)
