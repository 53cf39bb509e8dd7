"""A batch on its way through two layers, with the shape of every array: the grids have as many rows
and columns as the arrays. The first sample is marked; it keeps its row."""

import runpy
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))

SAMPLES, SIZES = 3, (2, 2, 1)
CELL = 0.34
AT = (0.28, 2.15, 3.85)  # where the three arrays of a row begin


def array(ax, left, top, columns, macro):
    """An empty grid of the array's shape, its name above, its shape below."""
    cells = [[""] * columns for _ in range(SAMPLES)]
    part.grid(ax, left, top, cells, [(0, k) for k in range(columns)], width=CELL, height=CELL)
    middle = left + columns * CELL / 2
    part.write(ax, middle, top + 0.24, macro, 18)
    part.code(ax, middle, top - SAMPLES * CELL - 0.2, f"({SAMPLES}, {columns})", 12.5)
    return left + columns * CELL


def layer(ax, number, top):
    """What comes in, the sums, the activations."""
    n_in, n_out = SIZES[number - 1 : number + 1]
    came_in = r"\X" if number == 1 else rf"\A{{{number - 1}}}"
    middle = top - SAMPLES * CELL / 2
    end = array(ax, AT[0], top, n_in, came_in)
    begin = AT[1]
    part.arrow(ax, (end + 0.08, middle), (begin - 0.08, middle), strong=True)
    between = (end + begin) / 2
    part.write(ax, between, middle + 0.52, [r"$\cdot\;$", rf"\W{{{number}}}"], 17)
    part.code(ax, between, middle + 0.2, f"({n_in}, {n_out})", 12.5)
    part.write(ax, between, middle - 0.24, [r"$+\;$", rf"\b{{{number}}}"], 17)
    part.code(ax, between, middle - 0.54, f"({n_out},)", 12.5)
    end = array(ax, begin, top, n_out, rf"\Z{{{number}}}")
    part.arrow(ax, (end + 0.08, middle), (AT[2] - 0.08, middle), strong=True)
    part.write(ax, (end + AT[2]) / 2, middle + 0.24, r"$\sigma$", 18)
    array(ax, AT[2], top, n_out, rf"\A{{{number}}}")


def draw():
    figure, ax = part.canvas(4.9, 3.9)
    layer(ax, 1, 3.45)
    layer(ax, 2, 1.45)
    return figure
