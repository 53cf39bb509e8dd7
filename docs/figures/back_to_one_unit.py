"""BP2 at one unit: the errors of the units it leads to come back along its arrows, each times the
arrow's weight; they are added, and the unit's own slope is the last factor. With the numbers of
unit 1 of layer 2 of the part's network, for its first sample."""

import runpy
from types import SimpleNamespace

from backprop.exercises.given.network_2322 import W1, W2, W3, T, X, b1, b2, b3
from backprop.rules import sigmoid

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))
ERROR = part.plotting.COLOURS["error"]
RING = 0.3


def numbers():
    """What the figure shows: the errors of layer 3, what arrives, the slope, the error."""
    x, t = X[:1], T[:1]
    a2 = sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2)
    a3 = sigmoid(a2 @ W3 + b3)
    delta3 = (a3 - t) * a3 * (1 - a3)
    arrives = (delta3 @ W3.T)[0, 0]
    slope = (a2 * (1 - a2))[0, 0]
    return delta3[0], arrives, slope, arrives * slope


def shown(value):
    return part.number(round(float(value), 3))


def draw():
    delta3, arrives, slope, delta = numbers()
    figure, ax = part.canvas(5.5, 3.1)
    left, middle, right = 0.5, 2.3, 4.3
    heights = (2.5, 0.6)
    part.ring(ax, left, 1.55, r"\err{2}_1", size=18, radius=RING)
    part.ring(ax, middle, 1.55, "$+$", size=20, radius=0.24, lit=True)
    part.arrow(ax, (middle, 1.55), (left, 1.55), strong=True, colour=ERROR, gap=0.3)
    part.write(
        ax,
        (left + middle) / 2 + 0.03,
        1.83,
        [r"$\cdot\;\act'($".replace(r"\act", "f"), r"\z{2}_1", "$)$"],
        15,
    )
    part.write(ax, (left + middle) / 2 + 0.03, 1.27, [f"$\\cdot\\;{slope:.3f}$"], 14)
    part.write(ax, left, 1.05, [(shown(delta), ERROR)], 14)
    part.write(ax, middle, 1.13, [(shown(arrives), ERROR)], 14)
    for k, y in enumerate(heights):
        part.ring(ax, right, y, rf"\err{{3}}_{k + 1}", size=18, radius=RING)
        part.write(ax, right + 0.38, y, [(shown(delta3[k]), ERROR)], 14, 0)
        part.arrow(ax, (right, y), (middle, 1.55), strong=True, colour=ERROR, gap=0.3)
        side = 0.34 if k == 0 else -0.34
        label = [r"$\cdot\;$", rf"\W{{3}}_{{1{k + 1}}}", f"  =  {part.number(W3[0, k])}"]
        part.write(ax, (middle + right) / 2 - 0.22, (1.55 + y) / 2 + side, label, 15)
    return figure
