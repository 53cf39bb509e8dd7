"""The two ways through a network of two hidden ReLU layers, box by box: on the left down to the
loss, on the right back up. Between them, what each box notes on the way forward. On the way back a
square is a matrix product, a ring an elementwise one."""

import runpy
from types import SimpleNamespace

from matplotlib.patches import Circle, Rectangle

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))
ERROR = part.plotting.COLOURS["error"]

DOWN = 1.12  # from box to box
LEFT, NOTES, RIGHT, GAINS = 0.86, 2.3, 3.5, 4.5
SIDE = 0.4

# For each box: what it computes, what it notes, what it sends back, what it learns from.
BOXES = [
    ([r"\X\,", r"\W{1}", "$+$", r"\b{1}"], [r"\X", "$,$ ", r"\W{1}"], "dX", ["dW1", "db1"]),
    (["$\\mathrm{relu}$"], [r"$\mathrm{relu′}($", r"\Z{1}", "$)$"], r"\err{1}", []),
    ([r"\A{1}", r"\W{2}", "$+$", r"\b{2}"], [r"\A{1}", "$,$ ", r"\W{2}"], "dA1", ["dW2", "db2"]),
    (["$\\mathrm{relu}$"], [r"$\mathrm{relu′}($", r"\Z{2}", "$)$"], r"\err{2}", []),
    ([r"\A{2}", r"\W{3}", "$+$", r"\b{3}"], [r"\A{2}", "$,$ ", r"\W{3}"], "dA2", ["dW3", "db3"]),
    ([r"\Loss"], [r"\A{3}", r"$-$", r"\Tgt"], r"\err{3}", []),
]
BETWEEN = [r"\X", r"\Z{1}", r"\A{1}", r"\Z{2}", r"\A{2}", r"\A{3}"]


def name(ax, x, y, text, align):
    """A macro in its colour, or a name in code, in the colour of what comes back."""
    if text.startswith("\\"):
        part.write(ax, x, y, text, 16, align)
    else:
        part.code(ax, x, y, text, 13, "left" if align == 0 else "center", ERROR)


def operation(ax, y, elementwise):
    """The product that sends a gradient on: a square for matrices, a ring for ⊙."""
    look = {"fc": part.PANEL, "ec": ERROR, "lw": 1.8, "zorder": 3}
    if elementwise:
        ax.add_patch(Circle((RIGHT, y), SIDE / 2, **look))
        part.write(ax, RIGHT, y, [(r"$\odot$", ERROR)], 17)
    else:
        ax.add_patch(Rectangle((RIGHT - SIDE / 2, y - SIDE / 2), SIDE, SIDE, **look))
        part.code(ax, RIGHT, y, "@", 14, colour=ERROR)


def draw():
    height = DOWN * len(BOXES) + 0.22
    figure, ax = part.canvas(5.0, height)
    for place, (computes, notes, back, gains) in enumerate(BOXES):
        y = height - 0.82 - DOWN * place
        last = place == len(BOXES) - 1
        above = y + DOWN / 2
        part.machine(ax, LEFT, y, part.row(computes, 14), width=1.5, height=0.46)
        part.arrow(ax, (LEFT, above + 0.13), (LEFT, y + 0.24), strong=True)
        part.write(ax, LEFT - 0.18, above + 0.04, BETWEEN[place], 16, 1)
        part.arrow(ax, (LEFT + 0.76, y), (RIGHT - SIDE / 2 - 0.05, y), dashed=True)
        part.write(ax, NOTES, y + 0.22, notes, 15)
        if not last:
            operation(ax, y, elementwise=not gains)
        else:
            ax.add_patch(Circle((RIGHT, y), 0.05, color=ERROR))
        foot = y + (0.03 if last else SIDE / 2)
        part.arrow(ax, (RIGHT, foot), (RIGHT, above + 0.22), strong=True, colour=ERROR)
        name(ax, RIGHT + 0.16, above + 0.04, back, 0)
        for line, gain in enumerate(gains):
            name(ax, GAINS, y + 0.12 - 0.26 * line, gain, 0.5)
        if gains:
            part.arrow(ax, (RIGHT + SIDE / 2, y), (GAINS - 0.27, y), colour=ERROR)
    return figure
