"""Two machines in a row, f and then g: what a small move of x becomes behind each, and the
slopes, which multiply."""

import runpy
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))

F, G = 3, 0.5  # the slopes of y = 3 x and z = 0.5 y
CHANGE = 0.1
NAMES = (r"\x", r"\y", "$z$")
X = (0.54, 2.55, 4.53)  # where x, y and z stand
MACHINES = (1.54, 3.54)


def moves(x=1.0):
    """How far x, y and z move when x moves by CHANGE."""
    before, after = ((at, F * at, G * F * at) for at in (x, x + CHANGE))
    return [new - old for old, new in zip(before, after, strict=True)]


def draw():
    figure, ax = part.canvas(5.1, 3.2)
    top, middle = 3.02, 2.42
    for x, name, move in zip(X, NAMES, moves(), strict=True):
        part.write(ax, x, top, [r"$\Delta$", name, f"$\\,=\\,${part.number(move)}"], 15)
        part.write(ax, x, middle, name, 20)
    for start, end, x in zip(X, X[1:], MACHINES, strict=False):
        part.arrow(ax, (start + 0.5, top), (end - 0.5, top), gap=0.03)
        part.arrow(ax, (start + 0.14, middle), (x - 0.35, middle), strong=True)
        part.arrow(ax, (x + 0.35, middle), (end - 0.14, middle), strong=True)
    for k, (x, letter, slope) in enumerate(zip(MACHINES, (r"\act", r"\then"), (F, G), strict=True)):
        by, of = NAMES[k : k + 2]
        part.machine(ax, x, middle, letter)
        part.write(ax, x, 1.93, [of, f"$\\,=\\,${part.number(slope)}$\\,$", by], 15)
        ratio = part.fraction(of, by, 15, "$d$")
        part.write(ax, x, 1.4, part.row([ratio, f"$\\,=\\,${part.number(slope)}"], 15, "center"))
    # From x to z at once.
    low = 0.86
    ax.plot([X[0], X[0], X[2]], [middle - 0.2, low, low], color=part.INK, lw=2.0)
    part.arrow(ax, (X[2], low - 0.012), (X[2], middle - 0.2), strong=True)
    ratio = part.fraction(NAMES[2], NAMES[0], 16, "$d$")
    product = f"$\\,=\\,${part.number(F)} $\\cdot$ {part.number(G)}$\\,=\\,${part.number(F * G)}"
    part.write(ax, X[1], 0.38, part.row([ratio, product], 16, "center"))
    return figure
