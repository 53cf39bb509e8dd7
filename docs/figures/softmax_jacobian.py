"""The paths from two logits to a probability: directly, and through the sum. On each arrow its
slope."""

import runpy
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))

LOGITS, POWERS, SUM, END = 0.4, 1.75, 3.15, 4.65
TOP, BOTTOM = 1.95, 0.55
GAP = 0.27


def draw():
    figure, ax = part.canvas(5.05, 2.75)
    for number, y in ((1, TOP), (2, BOTTOM)):
        part.arrow(ax, (LOGITS, y), (POWERS, y), strong=True, gap=GAP)
        part.arrow(ax, (POWERS, y), (SUM, BOTTOM), strong=True, gap=GAP)
        part.ring(ax, LOGITS, y, rf"\preact_{number}")
        part.ring(ax, POWERS, y, f"$u_{number}$")
        part.write(ax, (LOGITS + POWERS) / 2, y + 0.22, f"$u_{number}$")
    part.write(ax, (POWERS + SUM) / 2 + 0.18, (TOP + BOTTOM) / 2 + 0.12, "1")
    part.write(ax, (POWERS + SUM) / 2, BOTTOM - 0.22, "1")
    part.arrow(ax, (SUM, BOTTOM), (END, TOP), strong=True, gap=GAP)
    part.write(ax, (SUM + END) / 2 + 0.52, (TOP + BOTTOM) / 2 - 0.22, "$-u_1 / s^2$")
    part.arrow(ax, (POWERS, TOP), (END, TOP), dashed=True, bend=-0.12, gap=GAP)
    part.write(ax, (POWERS + END) / 2, TOP + 0.45, "$1 / s$")
    part.ring(ax, SUM, BOTTOM, "$s$", lit=True)
    part.ring(ax, END, TOP, "$p_1$", lit=True)
    return figure
