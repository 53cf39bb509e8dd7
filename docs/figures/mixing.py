"""What a sum reaches: with an elementwise function its own activation, with softmax all of them."""

import runpy
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))
SUMS, ACTIVATIONS, LOSS = 0.4, 2.6, 4.5
MIDDLE, SPREAD = 1.35, 1.0
GAP = 0.28


def mixing(ax, bottom, mixes):
    heights = [bottom + MIDDLE + shift * SPREAD for shift in (1, 0, -1)]
    loss = (LOSS, bottom + MIDDLE)
    for i, start in enumerate(heights, start=1):
        part.ring(ax, SUMS, start, rf"\z{{L}}_{i}", lit=i == 1)
        part.ring(ax, ACTIVATIONS, start, rf"\a{{L}}_{i}")
        part.arrow(ax, (ACTIVATIONS, start), loss, strong=mixes or i == 1, gap=GAP)
        for k, end in enumerate(heights, start=1):
            if mixes or i == k:
                part.arrow(ax, (SUMS, start), (ACTIVATIONS, end), strong=i == 1, gap=GAP)
    part.ring(ax, *loss, r"\Lossx")


def draw():
    figure, ax = part.canvas(4.9, 5.8)
    mixing(ax, 3.1, mixes=False)
    mixing(ax, 0.0, mixes=True)
    return figure
