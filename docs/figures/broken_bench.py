"""The second test bench of practice/broken-backward: two paths lead from a1 to s, one through the
second hidden layer, one directly."""

import runpy
from itertools import pairwise
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))

LOW, HIGH, GAP = 0.42, 1.42, 0.3
PLACES = {
    r"\x": (0.4, LOW),
    r"\z{1}": (1.15, LOW),
    r"\a{1}": (1.9, LOW),
    r"\z{2}": (2.4, HIGH),
    r"\a{2}": (3.3, HIGH),
    "$s$": (3.8, LOW),
    r"\z{3}": (4.55, LOW),
    r"\y": (5.3, LOW),
    r"\Loss": (6.05, LOW),
}


def draw():
    figure, ax = part.canvas(6.45, 1.84)
    for start, end in pairwise(PLACES):
        part.arrow(ax, PLACES[start], PLACES[end], strong=True, gap=GAP)
    part.arrow(ax, PLACES[r"\a{1}"], PLACES["$s$"], strong=True, gap=GAP)
    for name, (x, y) in PLACES.items():
        part.ring(ax, x, y, name, lit=name == "$s$", size=16, radius=0.28)
    return figure
