"""A step of the bias with and without the sum over the rows of dY. Without it NumPy repeats b
for each row and says nothing: what comes out has another shape."""

import runpy
from types import SimpleNamespace

import numpy as np

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))

b, lr = np.array([0.1, 0.2]), 0.5
dY = np.array([[0.2, -0.4], [0.6, 0.2]])
db = dY.sum(axis=0)
RIGHT, WRONG = b - lr * db, b - lr * dY
WIDTH, HEIGHT = 0.6, 0.42
X = (0.1, 2.1, 3.74)  # where b, its gradient and the result begin


COLOURED = {"b": r"\bias", "db": r"\bias", "dY": r"\Y"}


def table(ax, x, top, array, rows=0):
    """An array as a grid; dashed below it the rows that broadcasting adds, `rows` in all."""
    lines = [[part.number(round(value, 6)) for value in line] for line in np.atleast_2d(array)]
    added = range(len(lines), rows)
    lines += [[(text, part.MUTED) for text in lines[0]]] * len(added)
    part.grid(ax, x, top, lines, size=16, width=WIDTH, height=HEIGHT, ghost=added)


def name(ax, x, y, text, array):
    """Name and shape, below or above a grid."""
    part.code(ax, x + WIDTH, y, text, 15, colour=part.plotting.symbol(COLOURED[text])[1])
    part.code(ax, x + WIDTH, y - 0.24, str(array.shape), 13)


def step(ax, top, gradient, text, result):
    """One line: b minus the rate times a gradient, and what that makes."""
    rows = len(np.atleast_2d(result))
    table(ax, X[0], top, b, rows)
    table(ax, X[1], top, gradient)
    table(ax, X[2], top, result)
    middle = top - rows * HEIGHT / 2
    part.write(
        ax,
        (X[0] + 2 * WIDTH + X[1]) / 2,
        middle,
        ["$-$", (part.number(lr), part.plotting.COLOURS["rate"]), r"$\,\cdot$"],
        17,
    )
    part.write(ax, (X[1] + 2 * WIDTH + X[2]) / 2, middle, "$=$", 18)
    below = top - rows * HEIGHT - 0.19
    for x, label, array in zip(X, ("b", text, "b"), (b, gradient, result), strict=True):
        name(ax, x, below, label, array)
    mark(ax, X[2] + 2 * WIDTH, below - 0.14, result.shape == b.shape)


def mark(ax, x, y, right):
    """A tick or a cross."""
    if right:
        ax.plot([x - 0.12, x - 0.03, x + 0.14], [y, y - 0.1, y + 0.13], color=part.INK, lw=3)
    else:
        for tilt in (1, -1):
            ax.plot([x - 0.12, x + 0.12], [y - 0.12 * tilt, y + 0.12 * tilt], color=part.INK, lw=3)


def draw():
    figure, ax = part.canvas(5.15, 4.5)
    top = 3.85
    table(ax, X[1], top, dY)
    name(ax, X[1], top + 0.44, "dY", dY)
    x = X[1] + WIDTH
    part.arrow(ax, (x, top - 2 * HEIGHT - 0.02), (x, top - 2 * HEIGHT - 0.4), strong=True)
    part.code(ax, x + 0.15, top - 2 * HEIGHT - 0.2, "sum(axis=0)", 13, "left", part.INK)
    step(ax, top - 2 * HEIGHT - 0.42, db, "db", RIGHT)
    ax.plot([0.1, 5.05], [1.56, 1.56], color=part.LINE, lw=1.2)
    step(ax, 1.42, dY, "dY", WRONG)
    return figure
