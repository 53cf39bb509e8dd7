"""A demon at one unit adds to its sum: what changes because of it is lit."""

import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch, Polygon

from backprop import plotting

# These have no names here: the demon changes nothing through them.
UNNAMED = [f"W1_{i}{j}" for i in (1, 2) for j in (1, 2, 3)]
UNNAMED += [f"W2_{i}{j}" for i in (1, 2, 3) for j in (1, 2)]
UNNAMED += ["W3_21", "W3_22"]
UNNAMED += [f"b{layer}_{j}" for layer in (1, 2, 3) for j in (1, 2, 3)]
REACHED = ["z2_1", "a2_1", "W3_11", "W3_12", "z3_1", "z3_2", "a3_1", "a3_2", "E_1", "E_2", "E"]


def place_of(ax, name):
    """Where the symbol of a name stands."""
    symbol, _ = plotting.symbol(plotting.macro_of(name))
    (found,) = [text for text in ax.texts if text.get_text() == symbol]
    return found.get_position()


def demon(ax, x, y):
    """The demon, as in the figure that moves, with its middle here."""
    looks = {"fc": plotting.COLOURS["error"], "ec": "none", "zorder": 6}
    for side in (-1, 1):
        horn = [(0.14, 0.1), (0.33, 0.42), (0.33, 0.05)]
        ax.add_patch(Polygon([(x + side * across, y + up) for across, up in horn], **looks))
    round_corners = "round,pad=0.12,rounding_size=0.16"
    ax.add_patch(FancyBboxPatch((x - 0.24, y - 0.08), 0.48, 0.16, boxstyle=round_corners, **looks))
    paper = plotting.COLOURS["paper"]
    ax.text(x, y, r"$+\Delta z$", size=15, color=paper, ha="center", va="center", zorder=7)


def draw():
    plotting.use_style()
    _, ax = plt.subplots(figsize=(9.4, 3.7), layout="constrained")
    figure = plotting.network(
        (2, 3, 2, 2), paths=[REACHED], values=dict.fromkeys(UNNAMED, ""), ax=ax
    )
    x, y = place_of(ax, "z2_1")
    demon(ax, x + 0.12, y + 0.55)
    return figure
