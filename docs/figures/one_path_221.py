"""The network of the page hand/one-path, its loss on top. The path of W1_11 is lit, and each
part of it points at the local derivative that it gives. On the left the product so far, computed
from the page's own numbers: after two factors the error of the output unit, after four that of
the hidden unit."""

import itertools
import operator
import runpy

import matplotlib.pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, DrawingArea, VPacker
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, PathPatch
from matplotlib.path import Path

from backprop import plotting

row = runpy.run_path("docs/figures/_labels.py")["row"]
INK, MUTED, LINE = (plotting.COLOURS[name] for name in ("ink", "muted", "line"))
LIT, GLOW = INK, plotting.COLOURS["glow"]
NUMBERS = runpy.run_path("src/backprop/exercises/given/network_221.py")
RADIUS = 0.4
OTHER = 2.2  # where the other input and the other hidden unit stand, beside the path
HEIGHT = {"E": 0.0, "a2": -1.55, "z2": -2.45, "a1": -4.65, "z1": -5.55, "x": -7.7}
EQUALS = -3.5  # where the equals signs of the formulas stand

# From the loss to the weight: where a part of the path stands, which derivative it is, and what
# it comes to. Macros of the notation in their colours, everything else as it is.
FACTORS = [
    (-0.7, (r"\Lossx", r"\a{2}_1"), [r"\a{2}_1", r"$\,-\,$", r"\t_1"]),
    (-2.0, (r"\a{2}_1", r"\z{2}_1"), [r"\a{2}_1", "$(1-$", r"\a{2}_1", "$)$"]),
    (-3.55, (r"\z{2}_1", r"\a{1}_1"), [r"\W{2}_{11}"]),
    (-5.1, (r"\a{1}_1", r"\z{1}_1"), [r"\a{1}_1", "$(1-$", r"\a{1}_1", "$)$"]),
    (-6.65, (r"\z{1}_1", r"\W{1}_{11}"), [r"\x_1"]),
]
PRODUCT = -8.95
SO_FAR = -5.0  # where the products stand, right-aligned


def products():
    """What the factors come to, multiplied one after the other."""
    a1, a2 = NUMBERS["a1"][0, 0], NUMBERS["a2"][0, 0]
    factors = a2 - NUMBERS["t"][0, 0], a2 * (1 - a2), NUMBERS["W2"][0, 0], a1 * (1 - a1)
    return list(itertools.accumulate([*factors, NUMBERS["x"][0, 0]], operator.mul))


def write(ax, x, y, macro, size=16, faded=False, **options):
    text, colour = plotting.symbol(macro)
    look = {"size": size, "color": colour, "alpha": 0.48 if faded else 1.0}
    ax.text(x, y, text, ha="center", va="center", zorder=5, **look, **options)


def place(ax, x, y, box, align):
    ax.add_artist(
        AnnotationBbox(box, (x, y), frameon=False, pad=0, box_alignment=(align, 0.5), zorder=5)
    )


def fraction(of, by):
    rule = DrawingArea(36, 1)
    rule.add_artist(Line2D([0, 36], [0.5, 0.5], color=INK, lw=0.9))
    parts = [row([r"$\partial$", of], 15), rule, row([r"$\partial$", by], 15)]
    return VPacker(children=parts, align="center", pad=0, sep=2.5)


def arrow(ax, start, end, lit=False, gap=(0.0, 0.0), colour=LINE):
    width, head = (2.4, 13) if lit else (1.1, 9)
    if lit:
        glow = {"arrowstyle": "-", "color": GLOW, "lw": 9, "zorder": 1.5}
        ax.add_patch(FancyArrowPatch(start, end, shrinkA=gap[0], shrinkB=gap[1], **glow))
    ax.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=head, lw=width, shrinkA=gap[0],
            shrinkB=gap[1], color=LIT if lit else colour, zorder=2 if lit else 1,
        )
    )  # fmt: skip


def ring(ax, x, name, macro, lit=False, faded=False):
    colour, width = (LIT, 2.0) if lit else (LINE if faded else MUTED, 1.0)
    look = {"fc": plotting.COLOURS["panel"], "ec": colour, "lw": width}
    if lit:
        glow = {"fc": "none", "ec": GLOW, "lw": 9, "zorder": 2.5}
        ax.add_patch(Circle((x, HEIGHT[name]), RADIUS, **glow))
    ax.add_patch(Circle((x, HEIGHT[name]), RADIUS, zorder=3, **look))
    write(ax, x, HEIGHT[name], macro, faded=faded)


def unit(ax, x, layer, number, lit):
    """A capsule: the sum z below, the activation a above."""
    low, high = HEIGHT[f"z{layer}"], HEIGHT[f"a{layer}"]
    colour, width = (LIT, 2.0) if lit else (LINE, 1.0)
    look = {"fc": plotting.COLOURS["panel"], "ec": colour, "lw": width, "zorder": 3}
    shape = f"round,pad={RADIUS - 0.04},rounding_size={RADIUS}"
    if lit:
        glow = {"fc": "none", "ec": GLOW, "lw": 9, "zorder": 2.5, "boxstyle": shape}
        ax.add_patch(FancyBboxPatch((x - 0.06, low), 0.12, high - low, **glow))
    ax.add_patch(FancyBboxPatch((x - 0.06, low), 0.12, high - low, boxstyle=shape, **look))
    middle = (low + high) / 2
    ax.plot([x - RADIUS, x + RADIUS], [middle] * 2, color=colour, lw=0.8, zorder=4)
    for letter, y in (("z", low), ("a", high)):
        write(ax, x, y, rf"\{letter}{{{layer}}}_{number}", faded=not lit)


def bias(ax, x, layer, number):
    y = HEIGHT[f"z{layer}"]
    write(ax, x + 1.12, y, rf"\b{{{layer}}}_{number}", size=15, faded=True)
    arrow(ax, (x + 0.84, y), (x + RADIUS + 0.1, y))


def weight(ax, start, end, macro, lit=False, at=0.5):
    """An arrow upward with its weight on it."""
    (x0, y0), (x1, y1) = start, end
    arrow(ax, start, end, lit, gap=(18, 21))
    patch = {"boxstyle": "round,pad=0.06", "fc": plotting.COLOURS["paper"], "ec": "none"}
    x, y = x0 + at * (x1 - x0), y0 + at * (y1 - y0)
    write(ax, x, y, macro, size=15, faded=not lit, bbox=patch)


def draw_network(ax):
    for number, x in ((1, 0.0), (2, OTHER)):
        ring(ax, x, "x", rf"\x_{number}", faded=number == 2)
        unit(ax, x, 1, number, lit=number == 1)
        bias(ax, x, 1, number)
    unit(ax, 0.0, 2, 1, lit=True)
    bias(ax, 0.0, 2, 1)
    ring(ax, 0.0, "E", r"\Lossx", lit=True)
    for i, start in ((1, 0.0), (2, OTHER)):
        for j, end in ((1, 0.0), (2, OTHER)):
            points = (start, HEIGHT["x"]), (end, HEIGHT["z1"])
            weight(ax, *points, rf"\W{{1}}_{{{i}{j}}}", i == j == 1, at=0.5 if i == j else 0.29)
        weight(ax, (start, HEIGHT["a1"]), (0.0, HEIGHT["z2"]), rf"\W{{2}}_{{{i}1}}", lit=i == 1)
    arrow(ax, (0, HEIGHT["a2"]), (0, HEIGHT["E"]), lit=True, gap=(18, 19))


def draw_formulas(ax):
    for number, (y, (of, by), result) in enumerate(FACTORS):
        arrow(ax, (-0.6, y), (-1.0, y), colour=MUTED)
        place(ax, EQUALS - 0.22, y, fraction(of, by), 1)
        ax.text(EQUALS, y, "$=$", size=16, color=INK, ha="center", va="center")
        place(ax, EQUALS + 0.25, y, row(result), 0)
        if number:
            between = (y + FACTORS[number - 1][0]) / 2
            ax.text(EQUALS, between, r"$\cdot$", size=26, color=INK, ha="center", va="center")
    so_far = products()
    for (y, *_), product in zip(FACTORS, so_far, strict=True):
        ax.text(SO_FAR, y, f"{product:.4f}", size=14, color=INK, ha="right", va="center")
    for last, x, macro in ((1, SO_FAR - 1.3, r"\err{2}_1"), (3, SO_FAR - 2.55, r"\err{1}_1")):
        top, foot = FACTORS[0][0] + 0.3, FACTORS[last][0] - 0.3
        brace(ax, x, top, foot)
        write(ax, x - 0.62, (top + foot) / 2, macro)
    place(ax, EQUALS - 0.22, PRODUCT, fraction(r"\Lossx", r"\W{1}_{11}"), 1)
    ax.text(EQUALS, PRODUCT, "$=$", size=16, color=INK, ha="center", va="center")
    result = [r"\x_1", r"$\,\cdot\,$", r"\err{1}_1", rf"$\,=\,${so_far[-1]:.4f}"]
    place(ax, EQUALS + 0.25, PRODUCT, row(result), 0)


def brace(ax, x, top, foot):
    """Open to the right, its tip on the left."""
    middle, depth = (top + foot) / 2, -0.11
    points = [(x, top), (x + depth, top), (x, middle), (x + 2 * depth, middle)]
    points += [(x, middle), (x + depth, foot), (x, foot)]
    codes = [Path.MOVETO] + [Path.CURVE4] * 6
    ax.add_patch(PathPatch(Path(points, codes), fc="none", ec=MUTED, lw=1.2))


def draw():
    plotting.use_style()
    figure, ax = plt.subplots(figsize=(6.4, 5.7), layout="constrained")
    draw_network(ax)
    draw_formulas(ax)
    ax.set(xlim=(SO_FAR - 3.7, OTHER + 1.5), ylim=(PRODUCT - 0.6, 0.5), aspect="equal")
    ax.axis("off")
    return figure
