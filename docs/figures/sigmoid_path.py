"""The sigmoid as a path of its own, z, u, v, a: what stands in each ring, and under each arrow
its slope."""

import runpy
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))

PLACES = (0.35, 1.75, 3.15, 4.55)
NAMES = (r"\preact", "$u$", "$v$", r"\activ")


def power(size, sign=""):
    """e to the minus z, its z in its own colour and raised."""
    colour = part.plotting.symbol(r"\preact")[1]
    return part.row([f"${sign}e^{{-}}$", ("${}^{z}$", colour)], size)


def draw():
    figure, ax = part.canvas(4.9, 2.75)
    middle = 1.8
    formulas = (None, power(17), "$1+u$", r"$\dfrac{1}{v}$")
    slopes = (power(17, "-"), "$1$", r"$-\dfrac{1}{v^2}$")
    for x, name, formula in zip(PLACES, NAMES, formulas, strict=True):
        part.ring(ax, x, middle, name)
        if formula is not None:
            part.write(ax, x, middle + 0.6, formula, 17)
    for start, end, slope in zip(PLACES, PLACES[1:], slopes, strict=False):
        part.arrow(ax, (start, middle), (end, middle), strong=True, gap=0.26)
        part.write(ax, (start + end) / 2, middle - 0.45, slope, 17)
    # From z to a at once.
    low = 0.86
    ax.plot([PLACES[0], PLACES[0], PLACES[3]], [middle - 0.28, low, low], color=part.INK, lw=2.0)
    part.arrow(ax, (PLACES[3], low - 0.012), (PLACES[3], middle - 0.27), strong=True)
    ratio = part.fraction(r"\activ", r"\preact", 16, "$d$")
    product = [ratio, r"$\;=\;($", power(17, "-"), r"$)\,\cdot\,1\,\cdot\,$"]
    product += [r"$\left(-\dfrac{1}{v^2}\right)$"]
    part.write(ax, 2.45, 0.36, part.row(product, 17, "center"))
    return figure
