"""The sigmoid above, its slope below, over the same z: steepest in the middle, flat far out."""

import runpy
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np

import backprop as bp
from backprop import plotting

PLANE = SimpleNamespace(**runpy.run_path("docs/figures/_plane.py"))
MIDDLE, REACH = 0.0, 6.0


def draw():
    plotting.use_style()
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(4.9, 4.3), layout="constrained", sharex=True, height_ratios=[1.5, 1]
    )
    z = np.linspace(-REACH, REACH, 241)
    half, steepest = float(bp.sigmoid(MIDDLE)), float(bp.sigmoid_derivative(MIDDLE))
    above.plot(z, bp.sigmoid(z), color=PLANE.COLOURS["activation"], lw=2.4)
    PLANE.tangent(above, (MIDDLE, half), steepest, 1.9)
    PLANE.point(above, (MIDDLE, half))
    below.plot(z, bp.sigmoid_derivative(z), color=PLANE.SLOPE, lw=2.4)
    PLANE.point(below, (MIDDLE, steepest), PLANE.SLOPE)
    for ax, top in ((above, half), (below, steepest)):
        ax.plot([MIDDLE] * 2, [0, top], color=PLANE.COLOURS["muted"], lw=1, ls=(0, (1, 2)))
    PLANE.axes(above, "", r"$\sigma(z)$")
    PLANE.axes(below, r"\preact", r"$\sigma\mathrm{′}(z)$")
    above.set(ylim=(0, 1.05), yticks=[0, half, 1])
    below.set(ylim=(0, 0.29), yticks=[0, steepest], xlim=(-REACH, REACH), xticks=range(-6, 7, 2))
    above.set_yticklabels([PLANE.number(tick) for tick in above.get_yticks()])
    below.set_yticklabels(["0", f"1/{1 / steepest:g}"])
    return figure
