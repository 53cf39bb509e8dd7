"""Checkpointing, six layers in segments of two: the way forward, and then each segment, last to
first. Thick rings are checkpoints, dotted ones forgotten; thin ones are there for a while."""

import runpy
from types import SimpleNamespace

from matplotlib.patches import Circle

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))
ERROR = part.plotting.COLOURS["error"]
LAYERS, SEGMENT = 6, 2
FIRST, STEP, RADIUS = 0.4, 0.92, 0.31
ROWS = (4.0, 2.85, 1.7, 0.55)  # heights: forward, and a row for each segment


def ring(ax, layer, y, kept, again=False):
    x = FIRST + STEP * layer
    if kept:
        part.ring(ax, x, y, rf"\A{{{layer}}}", lit=not again, size=18, radius=RADIUS)
    else:
        look = {"fc": "none", "ec": part.MUTED, "lw": 1.4, "ls": (0, (1, 2.2)), "zorder": 3}
        ax.add_patch(Circle((x, y), RADIUS, **look))


def step(ax, layer, y, back=False):
    """Through a layer, forward or back."""
    left, right = FIRST + STEP * (layer - 1), FIRST + STEP * layer
    if back:
        part.arrow(
            ax, (right - 0.05, y - RADIUS), (left + 0.05, y - RADIUS), strong=True, bend=-0.3,
            colour=ERROR, gap=0.03,
        )  # fmt: skip
    else:
        part.arrow(ax, (left, y), (right, y), strong=True, gap=RADIUS + 0.02)


def draw():
    figure, ax = part.canvas(6.35, 4.55)
    checkpoints = range(0, LAYERS, SEGMENT)
    for layer in range(LAYERS + 1):
        last = layer == LAYERS
        ring(ax, layer, ROWS[0], kept=layer in checkpoints or last, again=last)
        if layer:
            step(ax, layer, ROWS[0])
    for first, y in zip(reversed(checkpoints), ROWS[1:], strict=True):
        segment = range(first + 1, first + SEGMENT + 1)
        for layer in range(segment[-1] + 1):
            ring(ax, layer, y, layer in checkpoints or layer in segment, layer in segment)
        for layer in segment:
            step(ax, layer, y)
            step(ax, layer, y, back=True)
    return figure
