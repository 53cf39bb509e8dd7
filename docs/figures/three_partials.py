"""y = w x + b as each of its three variables moves alone, the other two held: three straight lines,
whose slopes are the partial derivatives."""

import runpy
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np

from backprop import plotting

PLANE = SimpleNamespace(**runpy.run_path("docs/figures/_plane.py"))
HELD = {"x": 3.0, "w": 2.0, "b": 1.0}
MACROS = {"x": r"\x", "w": r"\weight", "b": r"\bias"}
ROLES = {"x": "activation", "w": "weight", "b": "bias"}
# Which variable moves, and what stands at the rise of a run of 1.
RISES = {"x": ["w"], "w": ["x"], "b": []}
RUN = 1.0


def line(x, w, b):
    return w * x + b


def draw():
    plotting.use_style()
    figure, panels = plt.subplots(1, 3, figsize=(5.6, 3.2), layout="constrained", sharey=True)
    here = line(**HELD)
    for ax, (moved, rises) in zip(panels, RISES.items(), strict=True):
        at = HELD[moved]
        values = np.array([at - 1.3, at + 1.7])
        ups = line(**HELD | {moved: values})
        ax.plot(values, ups, color=PLANE.COLOURS[ROLES[moved]], lw=2.4, zorder=3)
        end = (at + RUN, line(**HELD | {moved: at + RUN}))
        PLANE.triangle(ax, (at, here), end)
        PLANE.point(ax, (at, here))
        middle = (here + end[1]) / 2
        rise = [MACROS[name] for name in rises]
        value = PLANE.number(end[1] - here)
        PLANE.row(ax, [f"${PLANE.number(RUN)}$"], (at + RUN / 2, here), (0.5, 1), offset=(0, -4))
        parts = [*rise, f"$\\,=\\,{value}$"] if rise else [f"${value}$"]
        PLANE.row(ax, parts, (end[0], middle), (0, 0.5), 15, offset=(5, 0))
        PLANE.axes(ax, MACROS[moved], r"\y" if ax is panels[0] else "")
        ax.set(xlim=(at - 1.5, at + 2.5), ylim=(2.5, 12.5))
        ax.set(xticks=[at - 1, at, at + 1], yticks=[4, here, 10])
    return figure
