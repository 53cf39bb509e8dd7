"""A network of two hidden layers, every name on it; beside it, what is gathered in each W and b.

From top to bottom, so that a phone shows it in full and every name can be read there."""

import matplotlib.pyplot as plt

from backprop import plotting
from backprop.plotting import diagram

SIZES = (2, 2, 2, 1)
ACROSS, DOWN = 2.85, 2.5  # from unit to unit, from layer to layer
EDGE = 0.42  # from the middle of a unit to where arrows begin and end
RIGHT = ACROSS + 1.65  # where the brackets are


def draw():
    plotting.use_style()
    _, ax = plt.subplots(figsize=(5.0, 7.3), layout="constrained")
    drawing = diagram.Drawing(ax, spots(), paths=[])
    diagram.draw_units(drawing)
    for name, (x, y) in drawing.spots.items():
        diagram.write(drawing, name, x, y, size=20)
    for layer, unit in diagram.units_of(SIZES):
        draw_bias(drawing, layer, unit)
        for source in range(1, SIZES[layer - 1] + 1):
            draw_weight(drawing, layer, source, unit)
    for layer in range(1, len(SIZES)):
        draw_bracket(ax, layer)
    (x, y), (_, above) = drawing.spots["E"], drawing.spots["a3_1"]
    draw_arrow(ax, (x, above - EDGE), (x, y + EDGE))
    lowest = drawing.spots["E"][1]
    ax.set(xlim=(-1.35, RIGHT + 0.95), ylim=(lowest - 0.45, 0.45), aspect="equal")
    ax.axis("off")
    return ax.get_figure()


def spots():
    """Where each name is: of a unit's z and a the middle is in its column."""
    middle = (ACROSS + diagram.UNIT) / 2
    found = {f"x_{i}": (ACROSS * (i - 1) + diagram.UNIT / 2, 0.0) for i in (1, 2)}
    for layer, unit in diagram.units_of(SIZES):
        alone = SIZES[layer] == 1
        x = middle - diagram.UNIT / 2 if alone else ACROSS * (unit - 1)
        found[f"z{layer}_{unit}"] = (x, -DOWN * layer)
        found[f"a{layer}_{unit}"] = (x + diagram.UNIT, -DOWN * layer)
    last = len(SIZES) - 1
    found["E"] = (middle + diagram.UNIT / 2, -DOWN * last - 1.55)
    return found


def draw_arrow(ax, start, end):
    look = {"arrowstyle": "-|>", "lw": 1.1, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops={**look, "color": plotting.COLOURS["line"]})


def draw_bias(drawing, layer, unit):
    """Each bias left of its unit, with an arrow into the sum."""
    x, y = drawing.spots[f"z{layer}_{unit}"]
    diagram.write(drawing, f"b{layer}_{unit}", x - 1.02, y, size=17)
    draw_arrow(drawing.ax, (x - 0.76, y), (x - EDGE, y))


def draw_weight(drawing, layer, source, unit):
    """An arrow into the sum of a unit, its weight on it: before arrows cross."""
    before = f"x_{source}" if layer == 1 else f"a{layer - 1}_{source}"
    (x0, y0), (x1, y1) = drawing.spots[before], drawing.spots[f"z{layer}_{unit}"]
    y0, y1 = y0 - EDGE, y1 + EDGE
    draw_arrow(drawing.ax, (x0, y0), (x1, y1))
    x, y = x0 + 0.3 * (x1 - x0), y0 + 0.3 * (y1 - y0)
    ground = {"boxstyle": "round,pad=0.08", "fc": plotting.COLOURS["paper"], "ec": "none"}
    diagram.write(drawing, f"W{layer}_{source}{unit}", x, y, size=17, bbox=ground)


def draw_bracket(ax, layer):
    """From the units that a layer's weights come from to the sums that they lead to."""
    above, below = -DOWN * (layer - 1) - 0.1, -DOWN * layer + 0.1
    edge = [RIGHT - 0.12, RIGHT, RIGHT, RIGHT - 0.12], [above, above, below, below]
    ax.plot(*edge, color=plotting.COLOURS["muted"], lw=1.2)
    middle = (above + below) / 2
    for macro, y in ((r"\W", middle + 0.33), (r"\b", middle - 0.33)):
        text, colour = plotting.symbol(rf"{macro}{{{layer}}}")
        ax.text(RIGHT + 0.16, y, text, size=22, color=colour, va="center")
