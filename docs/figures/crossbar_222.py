"""A weight matrix as a crossbar: a row for each unit before it, a column for each unit
after it. Forward sums down a column, backward sums along a row, and the gradient fills
each crossing with the product of what arrives there from both sides."""

import runpy

import matplotlib.pyplot as plt
from matplotlib.offsetbox import AnnotationBbox
from matplotlib.patches import FancyArrowPatch, Rectangle

from backprop import plotting

row = runpy.run_path("docs/figures/_labels.py")["row"]
INK, ERROR = plotting.COLOURS["muted"], plotting.COLOURS["error"]
FORTH = plotting.COLOURS["activation"]  # what comes from the left; red is for errors


def write(ax, x, y, macro, size=19):
    text, colour = plotting.symbol(macro)
    ax.text(x, y, text, size=size, color=colour, ha="center", va="center")


def write_parts(ax, x, y, parts, size=18):
    """Several symbols in a row, each in its own colour, as in the formulas."""
    ax.add_artist(AnnotationBbox(row(parts, size), (x, y), frameon=False, pad=0))


def grid(cells):
    """Two by two cells with a macro in each; row 1 on top."""
    figure, ax = plt.subplots(figsize=(4.8, 3.1), layout="constrained")
    for (i, j), text in cells.items():
        x, y = 1.5 * (j - 1), -1.0 * (i - 1)
        ax.add_patch(Rectangle((x - 0.75, y - 0.5), 1.5, 1, fc="none", ec=INK, lw=0.8))
        if isinstance(text, str):
            write(ax, x, y, text)
        else:
            for shift, macro in zip((-0.27, 0.27), text, strict=True):
                write(ax, x + shift, y, macro, 17)
    ax.set(xlim=(-2.65, 2.4), ylim=(-2.4, 0.7), aspect="equal")
    ax.axis("off")
    return figure, ax


def arrow(ax, start, end, colour, lit=True):
    colour, width = (colour, 2.4) if lit else (INK, 1.0)
    ax.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=13, color=colour, lw=width)
    )


def weights():
    return grid({(i, j): rf"\W{{2}}_{{{i}{j}}}" for i in (1, 2) for j in (1, 2)})


def shade(ax, x, y, width, height, colour):
    ax.add_patch(Rectangle((x, y), width, height, fc=colour, alpha=0.12, ec="none", zorder=0))


def forward():
    """In from the left, out at the bottom: column 1 makes the first sum."""
    figure, ax = weights()
    shade(ax, -0.75, -1.5, 1.5, 2, FORTH)
    for i in (1, 2):
        write(ax, -1.95, 1.0 - i, rf"\a{{1}}_{i}")
        arrow(ax, (-1.55, 1.0 - i), (-0.78, 1.0 - i), FORTH)
        write(ax, 1.5 * (i - 1), -2.1, rf"\z{{2}}_{i}")
        arrow(ax, (1.5 * (i - 1), -1.52), (1.5 * (i - 1), -1.88), FORTH, lit=i == 1)
    return figure


def backward():
    """In from below, out on the left: row 1 makes the first activation's share."""
    figure, ax = weights()
    shade(ax, -0.75, -0.5, 3, 1, ERROR)
    for i in (1, 2):
        write(ax, 1.5 * (i - 1), -2.1, rf"\err{{2}}_{i}")
        arrow(ax, (1.5 * (i - 1), -1.86), (1.5 * (i - 1), -1.5), ERROR)
        label = [r"$\partial$", r"\Lossx", r"$/\partial$", rf"\a{{1}}_{i}"]
        write_parts(ax, -1.98, 1.0 - i, label)
        arrow(ax, (-0.76, 1.0 - i), (-1.33, 1.0 - i), ERROR, lit=i == 1)
    return figure


def gradient():
    """From both sides at once: each crossing gets a product of its own."""
    cells = {(i, j): (rf"\a{{1}}_{i}", rf"\err{{2}}_{j}") for i in (1, 2) for j in (1, 2)}
    figure, ax = grid(cells)
    shade(ax, -0.75, -1.5, 3, 2, INK)
    for i in (1, 2):
        write(ax, -1.95, 1.0 - i, rf"\a{{1}}_{i}")
        arrow(ax, (-1.55, 1.0 - i), (-0.78, 1.0 - i), FORTH)
        write(ax, 1.5 * (i - 1), -2.1, rf"\err{{2}}_{i}")
        arrow(ax, (1.5 * (i - 1), -1.86), (1.5 * (i - 1), -1.52), ERROR)
    return figure


def draw():
    plotting.use_style()
    return {"forward": forward(), "backward": backward(), "gradient": gradient()}
