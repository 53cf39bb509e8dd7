"""What backpropagation saves, in a network of three layers of three units. Above: every path from
one first-layer weight to the loss, drawn apart; the same units come back again and again. Below:
the network itself, with one error for each unit, each computed once from those after it."""

import matplotlib.pyplot as plt

from backprop import plotting

UNITS = (1, 2, 3)
ROW = 0.36  # from one path to the next, in inches, as all lengths here
COLUMNS = (0.0, 1.0, 2.0, 3.05, 4.4)  # the weight, layers 1 to 3, the loss
SPREAD = 0.72  # from one unit of a layer to the next, in the network
GAP = 0.5  # between the paths and the network
EDGE = 0.25  # from the middle of a symbol to where arrows begin and end


def draw():
    plotting.use_style()
    lowest = -4 * ROW - GAP - 2 * SPREAD
    size = COLUMNS[-1] + 0.55, 4 * ROW - lowest + 0.5
    _, ax = plt.subplots(figsize=size, layout="constrained")
    draw_paths(ax)
    draw_errors(ax, -4 * ROW - GAP - SPREAD)
    ax.set(xlim=(-0.3, COLUMNS[-1] + 0.25), ylim=(lowest - 0.25, 4 * ROW + 0.25), aspect="equal")
    ax.axis("off")
    return ax.get_figure()


def draw_paths(ax):
    """The weight, then a tree: each unit leads to all units of the next layer."""
    start, end = (COLUMNS[1], 0.0), (COLUMNS[4], 0.0)
    write(ax, r"\W{1}_{11}", COLUMNS[0], 0)
    write(ax, r"\z{1}_1", *start)
    arrow(ax, (COLUMNS[0] + 0.03, 0), start)
    for j in UNITS:
        here = (COLUMNS[2], 3 * ROW * (2 - j))
        write(ax, rf"\z{{2}}_{j}", *here)
        arrow(ax, start, here)
        for k in UNITS:
            there = (COLUMNS[3], here[1] + ROW * (2 - k))
            write(ax, rf"\z{{3}}_{k}", *there)
            arrow(ax, here, there)
            arrow(ax, there, end)
    write(ax, r"\Lossx", *end)


def draw_errors(ax, middle):
    """From the loss back: every error is there once, and serves all units before it."""
    end = (COLUMNS[4], middle)
    write(ax, r"\Lossx", *end)
    rows = [middle + SPREAD * (2 - unit) for unit in UNITS]
    for layer in (1, 2, 3):
        for unit, y in zip(UNITS, rows, strict=True):
            here = (COLUMNS[layer], y)
            write(ax, rf"\err{{{layer}}}_{unit}", *here)
            after = [(COLUMNS[layer + 1], y) for y in rows] if layer < 3 else [end]
            for there in after:
                arrow(ax, there, here, "error")


def write(ax, macro, x, y):
    text, colour = plotting.symbol(macro)
    ax.text(x, y, text, size=17, color=colour, ha="center", va="center")


def arrow(ax, start, end, role="muted"):
    """Between two symbols, not over them."""
    shift = EDGE if end[0] > start[0] else -EDGE
    look = {"arrowstyle": "-|>", "lw": 0.9, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 8}
    ax.annotate(
        "",
        (end[0] - shift, end[1]),
        (start[0] + shift, start[1]),
        arrowprops={**look, "color": plotting.COLOURS[role]},
    )
