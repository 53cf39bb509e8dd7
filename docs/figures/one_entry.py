"""Y = X W + b, one entry: X stands beside Y and W above it, so that row 1 of X, column 2 of W
and the entry of b below that column run into Y_12."""

import runpy
from types import SimpleNamespace

import numpy as np

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))

X, W = np.zeros((2, 3)), np.zeros((3, 2))
b = np.zeros(2)
Y = X @ W + b
WIDTH, HEIGHT = 0.7, 0.44
ROW, COLUMN = 1, 2  # of the entry that is lit, counted from 1


def entries(macro, shape):
    """The entries of a matrix, or of a row with one index."""
    if len(shape) == 1:
        return [[rf"{macro}_{{{j + 1}}}" for j in range(shape[0])]]
    return [[rf"{macro}_{{{i + 1}{j + 1}}}" for j in range(shape[1])] for i in range(shape[0])]


def draw():
    figure, ax = part.canvas(5.0, 4.15)
    left, right = 0.25, 0.25 + 3 * WIDTH + 0.95
    top = 4.05
    below_b = top - 3 * HEIGHT - 0.3 - HEIGHT
    low = below_b - 0.3
    size = {"width": WIDTH, "height": HEIGHT, "size": 17}
    row, column = ROW - 1, COLUMN - 1
    whole_row = [(row, k) for k in range(3)]
    whole_column = [(k, column) for k in range(3)]
    part.grid(ax, right, top, entries(r"\weights", W.shape), whole_column, **size)
    part.grid(ax, right, below_b + HEIGHT, entries(r"\bias", b.shape), [(0, column)], **size)
    part.grid(ax, left, low, entries(r"\X", X.shape), whole_row, **size)
    part.grid(ax, right, low, entries(r"\Y", Y.shape), [(row, column)], **size)
    x = right + column * WIDTH
    part.frame(ax, left, low - row * HEIGHT, 3 * WIDTH, HEIGHT)
    part.frame(ax, x, top, WIDTH, 3 * HEIGHT)
    part.frame(ax, x, below_b + HEIGHT, WIDTH, HEIGHT)
    part.frame(ax, x, low - row * HEIGHT, WIDTH, HEIGHT)
    part.write(ax, right + WIDTH, below_b + HEIGHT + 0.15, "$+$", 17)
    y = low - (row + 0.5) * HEIGHT
    part.arrow(ax, (left + 3 * WIDTH + 0.08, y), (right - 0.08, y))
    part.arrow(ax, (x + WIDTH / 2, below_b - 0.01), (x + WIDTH / 2, low + 0.01), strong=True)
    names(ax, left + 0.1, top - 0.3)
    total = [rf"\Y_{{{ROW}{COLUMN}}}", r"$\,=\,$"]
    for k in (1, 2, 3):
        total += [rf"\X_{{{ROW}{k}}}", r"$\,$", rf"\weights_{{{k}{COLUMN}}}", r"$\,+\,$"]
    part.write(ax, 2.5, 0.3, [*total, rf"\bias_{COLUMN}"], 17)
    return figure


def names(ax, x, y):
    """The equation, and below it each array's shape."""
    equation = [r"\Y", r"$\,=\,$", r"\X", r"$\,$", r"\weights", r"$\,+\,$", r"\bias"]
    part.write(ax, x, y, equation, 20, align=0)
    named = ((r"\X", X), (r"\weights", W), (r"\bias", b), (r"\Y", Y))
    for k, (name, array) in enumerate(named, start=1):
        part.write(ax, x + 0.2, y - 0.1 - 0.33 * k, name, 17)
        part.code(ax, x + 0.5, y - 0.1 - 0.33 * k, str(array.shape), align="left")
