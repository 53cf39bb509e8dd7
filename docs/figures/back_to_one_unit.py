"""BP2 at one unit: the errors of the units it leads to come back along its arrows, each times the
arrow's weight; they are added, and the unit's own slope is the last factor. With the numbers of
unit 1 of layer 2 of the part's network, for its first sample."""

import runpy
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))
NUMBERS = runpy.run_path("docs/figures/_numbers.py")["numbers"]
ERROR = part.plotting.COLOURS["error"]
RING, MIDDLE = 0.3, 1.55


def shown(value):
    return part.number(round(float(value), 3))


def draw():
    forth, back = NUMBERS("network_2322")
    slope = forth["a2_1"] * (1 - forth["a2_1"])
    figure, ax = part.canvas(5.5, 3.1)
    left, middle, right = 0.5, 2.3, 4.3
    heights = (2.5, 0.6)
    part.ring(ax, left, MIDDLE, r"\err{2}_1", size=18, radius=RING)
    part.ring(ax, middle, MIDDLE, "$+$", size=20, radius=0.24, lit=True)
    part.arrow(ax, (middle, MIDDLE), (left, MIDDLE), strong=True, colour=ERROR, gap=RING)
    part.write(
        ax,
        (left + middle) / 2 + 0.03,
        1.83,
        [r"$\cdot\;f'($", r"\z{2}_1", "$)$"],
        15,
    )
    part.write(ax, (left + middle) / 2 + 0.03, 1.27, [f"$\\cdot\\;{slope:.3f}$"], 14)
    part.write(ax, left, 1.05, [(shown(back["z2_1"]), ERROR)], 14)
    part.write(ax, middle, 1.13, [(shown(back["a2_1"]), ERROR)], 14)
    for k, y in enumerate(heights):
        part.ring(ax, right, y, rf"\err{{3}}_{k + 1}", size=18, radius=RING)
        part.write(ax, right + 0.38, y, [(shown(back[f"z3_{k + 1}"]), ERROR)], 14, 0)
        part.arrow(ax, (right, y), (middle, MIDDLE), strong=True, colour=ERROR, gap=RING)
        side = 0.34 if k == 0 else -0.34
        label = [
            r"$\cdot\;$",
            rf"\W{{3}}_{{1{k + 1}}}",
            f"  =  {part.number(forth[f'W3_1{k + 1}'])}",
        ]
        part.write(ax, (middle + right) / 2 - 0.22, (MIDDLE + y) / 2 + side, label, 15)
    return figure
