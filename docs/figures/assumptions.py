"""Where samples meet, and where a loss touches the network. A batch: four samples through one
network to four losses and one. Inside: a loss with a second arrow, from a hidden activation."""

import runpy
from types import SimpleNamespace

from matplotlib.patches import FancyBboxPatch

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))
ROWS = 4
STEP = 0.84  # from one sample to the next, in inches


def batch():
    figure, ax = part.canvas(5.4, 3.7)
    middle = 1.75
    rows = [middle + STEP * (1.5 - k) for k in range(ROWS)]
    names, box, outputs, losses, end = 0.36, (0.96, 0.96), 2.44, 3.62, 5.08
    left, width = box
    for k, y in enumerate(rows):
        part.code(ax, names, y, f"X[{k}]")
        part.arrow(ax, (names + 0.32, y), (left, y))
        part.arrow(ax, (left + width, y), (outputs - 0.36, y))
        part.code(ax, outputs, y, f"A3[{k}]")
        part.arrow(ax, (outputs + 0.36, y), (losses - part.RADIUS, y))
        part.code(ax, losses - 0.58, y + 0.36, f"T[{k}]")
        part.arrow(ax, (losses - 0.32, y + 0.32), (losses - 0.17, y + 0.18))
        part.ring(ax, losses, y, r"\Lossx")
        part.arrow(ax, (losses, y), (end, middle), strong=True, gap=0.27)
        along = 0.42, (0.3, 0.19, -0.19, -0.3)[k]
        slope = (losses + along[0] * (end - losses), y + along[0] * (middle - y) + along[1])
        part.write(ax, *slope, r"$\frac{1}{n}$", 17)
    look = {"fc": part.PANEL, "ec": part.INK, "lw": 1.4, "zorder": 3}
    shape = "round,pad=0,rounding_size=0.08"
    bottom, height = rows[-1] - 0.32, ROWS * STEP - 0.1
    ax.add_patch(FancyBboxPatch((left, bottom), width, height, boxstyle=shape, **look))
    for layer in (1, 2, 3):
        labels = [rf"\W{{{layer}}}", r"$\;$", rf"\b{{{layer}}}"]
        part.write(ax, left + width / 2, middle + STEP * (2 - layer), labels, 16)
    part.ring(ax, end, middle, r"\Loss", lit=True)
    return figure


def inside():
    figure, ax = part.canvas(5.3, 2.4)
    y, places = 1.3, (0.4, 1.3, 2.3, 3.9, 4.9)
    labels = (r"\z{1}", r"\a{1}", r"\z{2}", r"\y", r"\Lossx")
    dots = 3.1
    for start, end in ((0, 1), (1, 2), (3, 4)):
        part.arrow(ax, (places[start], y), (places[end], y), strong=True, gap=0.3)
    part.arrow(ax, (places[2] + 0.3, y), (dots - 0.18, y), strong=True)
    part.arrow(ax, (dots + 0.18, y), (places[3] - 0.3, y), strong=True)
    part.write(ax, dots, y, r"$\cdots$")
    over = (places[1] + 0.14, y + 0.24), (places[4] - 0.14, y + 0.24)
    part.arrow(ax, *over, dashed=True, bend=-0.36)
    for place, label in zip(places, labels, strict=True):
        lit = label in (r"\a{1}", r"\Lossx")
        part.ring(ax, place, y, label, lit=lit, size=14, radius=0.28)
    total = [part.fraction(r"\Lossx", r"\a{1}", 16), r"$\;=\;$", r"\err{2}", r"$\,($", r"\W{2}"]
    total += [r"$)^{\mathsf{T}}\;+\;$", r"\a{1}"]
    part.write(ax, 2.65, 0.4, part.row(total, 16, "center"))
    return figure


def draw():
    return {"batch": batch(), "inside": inside()}
