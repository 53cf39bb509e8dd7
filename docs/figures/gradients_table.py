"""The gradient of W2 as a table of products: an activation of layer 1 at each row, an error of
layer 2 above each column, for the first sample."""

import runpy
from types import SimpleNamespace

from matplotlib.patches import Rectangle

unit = SimpleNamespace(**runpy.run_path("docs/figures/gradients_unit.py"))
part = unit.part
WIDTH, HEIGHT = 1.6, 0.86


def draw():
    a1, delta2 = unit.values()
    figure, ax = part.canvas(4.9, 3.75)
    left, top = 1.45, 2.75
    for j, error in enumerate(delta2):
        x = left + (j + 0.5) * WIDTH
        part.write(ax, x, top + 0.68, rf"\err{{2}}_{j + 1}", 18)
        part.write(ax, x, top + 0.25, [(unit.shown(error, 5), unit.ERROR)], 13)
    for i, activation in enumerate(a1):
        y = top - (i + 0.5) * HEIGHT
        part.write(ax, 0.28, y, rf"\a{{1}}_{i + 1}", 18)
        part.write(ax, 0.92, y, unit.shown(activation), 13)
        for j, error in enumerate(delta2):
            x = left + j * WIDTH
            corner = (x, y - HEIGHT / 2)
            ax.add_patch(Rectangle(corner, WIDTH, HEIGHT, fc="none", ec=part.MUTED, lw=0.8))
            pair = [rf"\a{{1}}_{i + 1}", r"$\,\cdot\,$", rf"\err{{2}}_{j + 1}"]
            part.write(ax, x + WIDTH / 2, y + 0.17, pair, 15)
            product = unit.shown(activation * error, 5)
            part.write(ax, x + WIDTH / 2, y - 0.22, product, 13)
    return figure
