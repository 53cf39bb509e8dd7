"""The five steps of backpropagation: forward above, back below, and for each layer its gradients,
which need its error and what came into it on the way forward (dashed)."""

import runpy
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))
ERROR = part.plotting.COLOURS["error"]
FORTH, BACK, GAINS = 3.3, 1.6, 0.3  # heights
FIRST, STEP = 1.6, 1.55  # columns: a layer each
RADIUS = 0.3


def draw():
    figure, ax = part.canvas(6.35, 3.7)
    columns = [FIRST + STEP * k for k in range(3)]
    end = columns[-1] + 1.25
    part.ring(ax, 0.4, FORTH, r"\X", radius=RADIUS)
    before = 0.4
    for k, (x, layer) in enumerate(zip(columns, "123", strict=True)):
        part.ring(ax, x, FORTH, rf"\A{{{layer}}}", radius=RADIUS)
        part.ring(ax, x, BACK, rf"\err{{{layer}}}", radius=RADIUS)
        part.arrow(ax, (before, FORTH), (x, FORTH), strong=True, gap=RADIUS + 0.02)
        if k:
            part.arrow(ax, (x, BACK), (before, BACK), strong=True, colour=ERROR, gap=RADIUS + 0.02)
        names = f"dW{layer}, db{layer}"
        part.code(ax, x, GAINS, names, 12, "center", ERROR)
        part.arrow(ax, (x, BACK - RADIUS), (x, GAINS + 0.17), strong=True, colour=ERROR)
        part.arrow(
            ax, (before + 0.14, FORTH - RADIUS + 0.02), (x - 0.36, GAINS + 0.17), dashed=True
        )
        before = x
    part.ring(ax, end, (FORTH + BACK) / 2, r"\Loss", radius=RADIUS)
    last = columns[-1]
    part.arrow(
        ax, (last + 0.28, FORTH - 0.22), (end - 0.22, (FORTH + BACK) / 2 + 0.28), strong=True
    )
    part.arrow(
        ax, (end - 0.22, (FORTH + BACK) / 2 - 0.28), (last + 0.28, BACK + 0.22), strong=True,
        colour=ERROR,
    )  # fmt: skip
    return figure
