"""Boxes, rings, arrows, grids and labels of the figures in part Zero.

A canvas is measured in inches from its lower left corner. What a label is: _labels.py. Several in
a list stand side by side."""

import runpy
from types import SimpleNamespace

import matplotlib.pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, DrawingArea, HPacker, VPacker
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle

from backprop import plotting

LABELS = SimpleNamespace(**runpy.run_path("docs/figures/_labels.py"))
number, row = LABELS.number, LABELS.row
INK, MUTED, LINE, PANEL = (plotting.COLOURS[name] for name in ("ink", "muted", "line", "panel"))
DASHED = (0, (5, 2.6))  # long enough to be seen on a phone
RADIUS = 0.25


def canvas(width, height):
    plotting.use_style()
    figure = plt.figure(figsize=(width, height))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    return figure, ax


def fraction(of, by, size=16, sign=r"$\partial$"):
    """A derivative as a label: `of` above a line, `by` below it."""
    above, below = (row([sign, part], size) for part in (of, by))
    width = size * (2.4 if "_" in of + by else 1.5)
    rule = DrawingArea(width, 1)
    rule.add_artist(Line2D([0, width], [0.5, 0.5], color=INK, lw=0.9))
    return VPacker(children=[above, rule, below], align="center", pad=0, sep=2)


def write(ax, x, y, label, size=16, align=0.5):
    """A label, or a list of labels; `align` says which part of its width stands at x."""
    if not isinstance(label, (VPacker, HPacker)):
        label = row(label if isinstance(label, list) else [label], size)
    box = AnnotationBbox(label, (x, y), frameon=False, pad=0, box_alignment=(align, 0.5))
    box.set_zorder(5)
    ax.add_artist(box)


def code(ax, x, y, text, size=13, align="center", colour=MUTED):
    options = {"size": size, "color": colour, "family": "DejaVu Sans Mono", "zorder": 5}
    ax.text(x, y, text, ha=align, va="center_baseline", **options)


def ring(ax, x, y, label, lit=False, size=17, radius=RADIUS):
    """A quantity; lit where paths join, or where one begins."""
    look = {"fc": PANEL, "ec": INK if lit else MUTED, "lw": 3.0 if lit else 1.0, "zorder": 3}
    ax.add_patch(Circle((x, y), radius, **look))
    write(ax, x, y, label, size)


def machine(ax, x, y, label, width=0.7, height=0.6):
    shape = "round,pad=0,rounding_size=0.08"
    corner = (x - width / 2, y - height / 2)
    look = {"fc": PANEL, "ec": INK, "lw": 1.4, "zorder": 3}
    ax.add_patch(FancyBboxPatch(corner, width, height, boxstyle=shape, **look))
    write(ax, x, y, label, 19)


def arrow(ax, start, end, strong=False, dashed=False, bend=0.0, gap=0.0, colour=None):
    """From a point to a point; `gap` inches of it are left out at both ends."""
    colour = colour or (INK if strong or dashed else MUTED)
    scale = 19 if dashed else 15 if strong else 12
    if dashed:  # the line alone, so that the head's own outline is not dashed
        line = FancyArrowPatch(
            start, end, arrowstyle="-", connectionstyle=f"arc3,rad={bend}", lw=2.0, color=colour,
            shrinkA=72 * gap, shrinkB=72 * gap + 6, ls=DASHED, zorder=2,
        )  # fmt: skip
        ax.add_patch(line)
    look = {"color": colour, "lw": 2.0 if strong else 1.2}
    if dashed:
        look["lw"] = 0  # its head alone
    ax.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=scale,
            connectionstyle=f"arc3,rad={bend}", shrinkA=72 * gap, shrinkB=72 * gap, zorder=2,
            **look,
        )
    )  # fmt: skip


def grid(ax, left, top, cells, lit=(), size=15, width=0.6, height=0.42, ghost=()):
    """Cells with a label in each, row by row; (i, j) from 0 in `lit` are shaded and framed,
    rows in `ghost` stand dashed: they are not stored."""
    for i, line in enumerate(cells):
        for j, label in enumerate(line):
            x, y = left + j * width, top - (i + 1) * height
            look = {"ec": MUTED, "lw": 0.8, "ls": DASHED if i in ghost else "-", "zorder": 2}
            ax.add_patch(Rectangle((x, y), width, height, fc="none", **look))
            if (i, j) in lit:
                ax.add_patch(Rectangle((x, y), width, height, fc=INK, alpha=0.13, ec="none"))
            write(ax, x + width / 2, y + height / 2, label, size)


def frame(ax, left, top, width, height):
    """A thick frame around cells that belong together."""
    look = {"fc": "none", "ec": INK, "lw": 2.2, "zorder": 4}
    ax.add_patch(Rectangle((left, top - height), width, height, **look))
