"""From three logits to the loss: all of them meet in the sum s; the logit of the right class has a
second path of its own. On each arrow its slope."""

import runpy
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))

LOGITS, POWERS, SUM, LOSS = 0.4, 1.75, 3.2, 4.6
MIDDLE, SPREAD = 1.3, 0.95
GAP = 0.27


def draw():
    figure, ax = part.canvas(5.0, 2.85)
    for number, shift in ((1, 1), (2, 0), (3, -1)):
        y, name = MIDDLE + shift * SPREAD, f"$u_{number}$"
        part.arrow(ax, (LOGITS, y), (POWERS, y), strong=True, gap=GAP)
        part.arrow(ax, (POWERS, y), (SUM, MIDDLE), strong=True, gap=GAP)
        part.ring(ax, LOGITS, y, rf"\preact_{number}")
        part.ring(ax, POWERS, y, name)
        part.write(ax, (LOGITS + POWERS) / 2, y + (0.2 if shift < 1 else -0.2), name)
        above = 0.24 if shift >= 0 else -0.24
        part.write(ax, (POWERS + SUM) / 2, (y + MIDDLE) / 2 + above, "1")
    part.arrow(ax, (SUM, MIDDLE), (LOSS, MIDDLE), strong=True, gap=GAP)
    part.write(ax, (SUM + LOSS) / 2, MIDDLE - 0.26, "$1 / s$")
    part.ring(ax, SUM, MIDDLE, "$s$", lit=True)
    part.ring(ax, LOSS, MIDDLE, r"\Lossx")
    top = (LOGITS, MIDDLE + SPREAD)
    part.arrow(ax, top, (LOSS, MIDDLE), dashed=True, bend=-0.32, gap=GAP)
    part.write(ax, (LOGITS + LOSS) / 2 + 0.7, MIDDLE + SPREAD + 0.32, "$-1$")
    return figure
