"""Of a page on a layer of one's own: how scale and shift, shared by two samples, reach the loss;
and two residual blocks in a row. On each arrow its slope."""

import runpy
from types import SimpleNamespace

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))

GAP = 0.27


def rule():
    """Solid through the first sample, dashed through the second."""
    figure, ax = part.canvas(5.0, 3.5)
    left, middle, right = 0.5, 2.75, 4.5
    scale, shift, loss = (left, 2.4), (left, 1.1), (right, 1.75)
    samples = ((left, 3.2), (middle, 2.75), 1), ((left, 0.3), (middle, 0.75), -1)
    for number, (x, y, up) in enumerate(samples, 1):
        look = {"strong": up > 0, "dashed": up < 0, "gap": GAP}
        for start in (x, scale, shift):
            part.arrow(ax, start, y, **look)
        part.arrow(ax, y, loss, **look)
        part.write(ax, 1.55, 1.75 + up * 1.42, r"\scale")
        part.ring(ax, *x, rf"\x_{number}")
        part.ring(ax, *y, rf"\y_{number}")
        slope = part.fraction(r"\Loss", rf"\y_{number}")
        part.write(ax, 3.8, 1.75 + up * 0.92, slope)
    part.write(ax, 1.32, 2.76, r"\x_1")
    part.write(ax, 1.02, 1.8, r"\x_2")
    part.write(ax, 2.2, 2.14, "1")
    part.write(ax, 1.32, 0.74, "1")
    part.ring(ax, *scale, r"\scale", lit=True)
    part.ring(ax, *shift, r"\shift", lit=True)
    part.ring(ax, *loss, r"\Loss")
    return figure


def residual():
    """The way round each block is dashed; where it joins the way through, they are added."""
    figure, ax = part.canvas(5.2, 1.9)
    y, places = 0.75, (0.35, 1.3, 2.2, 3.15, 4.05, 4.85)
    start, first, joint, second, last, end = places
    for a, b in ((start, first), (first, joint), (joint, second), (second, last), (last, end)):
        reach = 0.36 if a in (first, second) else GAP, 0.36 if b in (first, second) else GAP
        part.arrow(ax, (a + reach[0], y), (b - reach[1], y), strong=True)
    for a, b in ((start, joint), (joint, last)):
        part.arrow(ax, (a, y + 0.05), (b, y + 0.05), dashed=True, bend=-0.5, gap=GAP)
        part.write(ax, (a + b) / 2, y + 0.72, "1")
    for x, name, slope in ((first, "$f$", "$s_1$"), (second, "$g$", "$s_2$")):
        part.machine(ax, x, y, name, 0.6, 0.5)
        part.write(ax, x, y - 0.5, slope)
    part.ring(ax, start, y, r"\x")
    for x in (joint, last):
        part.ring(ax, x, y, "$+$", lit=True)
    part.write(ax, end, y, r"\y", 17)
    return figure


def draw():
    return {"rule": rule(), "residual": residual()}
