"""Where the transpose comes from. Above: X_12 reaches row 1 of Y, over row 2 of W. Below: the
way back multiplies row 1 of dY by that row of W, which is column 2 of the transposed W."""

import runpy
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))

WIDTH, HEIGHT = 0.68, 0.42
SIZE = {"width": WIDTH, "height": HEIGHT, "size": 16}


def gradient(letter, i, j):
    """An entry of the gradient named d + letter, in the colour of the letter."""
    return rf"$\mathtt{{d{letter}}}_{{{i}{j}}}$", part.plotting.symbol(rf"\{letter}")[1]


def fan(ax):
    """X_12 and the two entries of Y that it reaches."""
    middle = 3.95
    start = (0.42, middle)
    for j, y in ((1, middle + 0.55), (2, middle - 0.55)):
        end = (1.95, y)
        part.arrow(ax, start, end, strong=True, gap=0.33)
        side = 1 if j == 1 else -1
        part.write(ax, 1.12, (start[1] + y) / 2 + side * 0.23, rf"\weights_{{2{j}}}", 16)
        part.ring(ax, *end, rf"\Y_{{1{j}}}", size=16, radius=0.31)
    part.ring(ax, *start, r"\X_{12}", lit=True, size=16, radius=0.31)


def draw():
    figure, ax = part.canvas(5.0, 4.9)
    fan(ax)
    # W, its row 2, and how that row turns into a column.
    left, top = 3.3, 4.75
    weights = [[rf"\weights_{{{i}{j}}}" for j in (1, 2)] for i in (1, 2, 3)]
    part.grid(ax, left, top, weights, [(1, 0), (1, 1)], **SIZE)
    part.frame(ax, left, top - HEIGHT, 2 * WIDTH, HEIGHT)
    part.write(ax, left - 0.3, top - 1.5 * HEIGHT, r"\weights", 20)
    # dX = dY times the transposed W.
    right, high = 2.4, 2.75
    low = high - 2 * HEIGHT - 0.25
    turned = [list(line) for line in zip(*weights, strict=True)]
    part.grid(ax, right, high, turned, [(0, 1), (1, 1)], **SIZE)
    x = right + WIDTH
    part.frame(ax, x, high, WIDTH, 2 * HEIGHT)
    part.arrow(ax, (left + WIDTH, top - 3 * HEIGHT - 0.05), (left + WIDTH, high + 0.06))
    dY = [[gradient("Y", i, j) for j in (1, 2)] for i in (1, 2)]
    dX = [[gradient("X", i, j) for j in (1, 2, 3)] for i in (1, 2)]
    part.grid(ax, 0.3, low, dY, [(0, 0), (0, 1)], **SIZE)
    part.frame(ax, 0.3, low, 2 * WIDTH, HEIGHT)
    part.grid(ax, right, low, dX, [(0, 1)], **SIZE)
    part.frame(ax, x, low, WIDTH, HEIGHT)
    turned_name = part.row([r"\weights", r"${}^{\mathrm{\mathsf{T}}}$"], 20)
    part.write(ax, right - 0.35, high - HEIGHT, turned_name)
    y = low - 0.5 * HEIGHT
    part.arrow(ax, (0.3 + 2 * WIDTH + 0.08, y), (right - 0.08, y))
    part.arrow(ax, (x + WIDTH / 2, high - 2 * HEIGHT - 0.02), (x + WIDTH / 2, low + 0.02))
    total = [gradient("X", 1, 2), r"$\;=\;$"]
    for j in (1, 2):
        plus = [r"$\;+\;$"] if j == 2 else []
        total += [*plus, gradient("Y", 1, j), r"$\,$", rf"\weights_{{2{j}}}"]
    part.write(ax, 2.5, 0.28, part.row(total, 17))
    return figure
