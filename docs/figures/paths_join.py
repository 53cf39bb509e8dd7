"""Two paths from one value, solid and dashed, and where they join: in the loss, inside a sum,
in a product of a value with itself. On each arrow its slope; the joint is lit."""

import runpy
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))


def derivative(of, by, size=16):
    return part.fraction(of, by, size)


def fork(ax, start, ends, slopes, out, join=False):
    """Two arrows from one point to two, or back where they join; the first solid, the second
    dashed, their slopes outside, `out` inches above the one and below the other."""
    for end, slope, sign in zip(ends, slopes, (1, -1), strict=True):
        points = (end, start) if join else (start, end)
        part.arrow(ax, *points, strong=sign > 0, dashed=sign < 0, gap=0.27)
        x, y = ((a + b) / 2 for a, b in zip(start, end, strict=True))
        part.write(ax, x, y + sign * out, slope)


def loss():
    """A value that feeds both parts of the loss."""
    figure, ax = part.canvas(4.8, 3.0)
    middle, spread = 1.85, 0.72
    parts = (r"\Lossx_1", r"\Lossx_2")
    ends = [(2.4, middle + spread), (2.4, middle - spread)]
    fork(ax, (0.45, middle), ends, [derivative(of, r"\activ") for of in parts], 0.4)
    fork(ax, (4.35, middle), ends, ("1", "1"), 0.22, join=True)
    part.ring(ax, 0.45, middle, r"\activ")
    for place, name in zip(ends, parts, strict=True):
        part.ring(ax, *place, name)
    part.ring(ax, 4.35, middle, r"\Lossx", lit=True)
    total = [derivative(r"\Lossx", r"\activ"), r"$\;=\;$"]
    total += [derivative(parts[0], r"\activ"), r"$\;+\;$", derivative(parts[1], r"\activ")]
    part.write(ax, 2.4, 0.36, part.row(total, 16, "center"))
    return figure


def inside():
    """Two units that meet in one sum: behind it there is one movement."""
    figure, ax = part.canvas(5.0, 3.3)
    middle, spread = 1.9, 0.72
    names, weights = ("$u$", "$v$"), (r"\weight_1", r"\weight_2")
    first, second, joint, last = 0.4, 1.75, 3.15, 4.6
    ends = [(second, middle + spread), (second, middle - spread)]
    fork(ax, (first, middle), ends, [derivative(of, r"\x") for of in names], 0.42)
    fork(ax, (joint, middle), ends, weights, 0.22, join=True)
    part.arrow(ax, (joint, middle), (last, middle), strong=True, gap=0.27)
    part.write(ax, (joint + last) / 2, middle - 0.4, derivative(r"\Lossx", "$s$"))
    part.ring(ax, first, middle, r"\x")
    for place, name in zip(ends, names, strict=True):
        part.ring(ax, *place, name)
    part.ring(ax, joint, middle, "$s$", lit=True)
    part.ring(ax, last, middle, r"\Lossx")
    # The movements: one on each path up to the sum, one behind it.
    part.write(ax, first, middle + 0.42, [r"$\Delta$", r"\x"])
    part.write(ax, second, middle + spread + 0.4, r"$\Delta u$")
    part.write(ax, second, middle - spread - 0.4, r"$\Delta v$")
    part.write(ax, (joint + last) / 2, middle + 0.2, r"$\Delta s$")
    move = [r"$\Delta s\;=\;$", weights[0], r"$\,\Delta u\;+\;$", weights[1], r"$\,\Delta v$"]
    part.write(ax, 2.5, 0.28, move, 18)
    return figure


def twice():
    """A value that enters a product as both of its factors."""
    figure, ax = part.canvas(4.4, 2.65)
    middle, places = 1.7, (0.5, 2.6, 3.9)
    for dashed, bend, y in ((False, -0.5, 0.72), (True, 0.5, -0.72)):
        start, end = ((x, middle) for x in places[:2])
        part.arrow(ax, start, end, strong=not dashed, dashed=dashed, bend=bend, gap=0.27)
        part.write(ax, (places[0] + places[1]) / 2, middle + y, r"\x", 18)
    part.arrow(ax, (places[1], middle), (places[2], middle), strong=True, gap=0.27)
    part.ring(ax, places[0], middle, r"\x")
    part.ring(ax, places[1], middle, r"$\cdot$", lit=True, size=30)
    part.ring(ax, places[2], middle, r"\y")
    slope = part.fraction(r"\y", r"\x", 16, "$d$")
    total = [slope, r"$\;=\;$", r"\x", r"$\;+\;$", r"\x", r"$\;=\;2\,$", r"\x"]
    part.write(ax, 2.2, 0.36, part.row(total, 17, "center"))
    return figure


def draw():
    return {"loss": loss(), "sum": inside(), "twice": twice()}
