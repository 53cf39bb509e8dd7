"""One unit of layer 2 with all that comes in: over each arrow, the derivative by its weight or its
bias as what came in times the error of the unit, in symbols and in numbers."""

import runpy
from types import SimpleNamespace

from backprop import plotting

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))
NUMBERS = runpy.run_path("docs/figures/_numbers.py")["numbers"]
ERROR = plotting.COLOURS["error"]
UNIT = 1  # of layer 2


def values():
    """What comes into layer 2, and its errors, for the first sample."""
    forth, back = NUMBERS("network_2322")
    return [forth[f"a1_{i}"] for i in (1, 2, 3)], [back[f"z2_{j}"] for j in (1, 2)]


def shown(value, digits=4):
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def draw():
    a1, delta2 = values()
    error = delta2[UNIT - 1]
    figure, ax = part.canvas(5.0, 4.3)
    came_in = [(rf"\a{{1}}_{i}", rf"\W{{2}}_{{{i}{UNIT}}}", a) for i, a in enumerate(a1, 1)]
    came_in.append(("1", rf"\b{{2}}_{UNIT}", 1.0))
    left, box, height = 0.42, 3.85, 1.02
    top = 0.62 + height * (len(came_in) - 1)
    for k, (macro, by, value) in enumerate(came_in):
        y = top - height * k
        part.ring(ax, left, y, macro, size=16, radius=0.3)
        part.arrow(ax, (left + 0.34, y), (box - 0.02, y))
        product = [r"\Lossx"], [by], [macro, r"$\,\cdot\,$", rf"\err{{2}}_{UNIT}"]
        symbols = [r"$\partial$", *product[0], r"$\,/\,\partial$", *product[1], r"$\;=\;$"]
        middle = (left + 0.3 + box) / 2
        part.write(ax, middle, y + 0.25, [*symbols, *product[2]], 15)
        plain = "1" if macro == "1" else shown(value)
        numbers = [
            f"{plain}  \N{MULTIPLICATION SIGN}  ",
            (f"({shown(error, 5)})", ERROR),
            f"  =  {shown(value * error, 5)}",
        ]
        part.write(ax, middle, y - 0.24, numbers, 13)
    bottom = 0.2
    look = {"fc": part.PANEL, "ec": part.INK, "lw": 1.4, "zorder": 3}
    shape = "round,pad=0,rounding_size=0.12"
    ax.add_patch(part.FancyBboxPatch((box, bottom), 1.0, 4.1 - bottom, boxstyle=shape, **look))
    middle = (bottom + 4.1) / 2
    part.write(ax, box + 0.5, middle + 0.85, rf"\z{{2}}_{UNIT}", 19)
    part.write(ax, box + 0.5, middle - 0.3, rf"\err{{2}}_{UNIT}", 19)
    part.write(ax, box + 0.5, middle - 0.75, [(shown(error, 5), ERROR)], 13)
    return figure
