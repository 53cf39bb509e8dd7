"""For each parameter of the 2-2-2 network, the paths from it to the loss: one figure a
parameter, named after it. The first path runs through E_1 (solid), the second through
E_2 (dashed)."""

from backprop import plotting

HIDDEN = ["W1_11", "W1_12", "W1_21", "W1_22", "b1_1", "b1_2"]
OUTPUT = ["W2_11", "W2_12", "W2_21", "W2_22", "b2_1", "b2_2"]


def paths_from(parameter):
    """The names on each path from a parameter to E, in the network's own names."""
    unit = parameter[-1]  # a weight ends in the unit it leads to, a bias in its own unit
    is_weight = parameter.startswith("W")
    if parameter in OUTPUT:
        source = [f"a1_{parameter[-2]}"] if is_weight else []
        return [[*source, parameter, f"z2_{unit}", f"a2_{unit}", f"E_{unit}", "E"]]
    source = [f"x_{parameter[-2]}"] if is_weight else []
    start = [*source, parameter, f"z1_{unit}", f"a1_{unit}"]
    return [[*start, f"W2_{unit}{k}", f"z2_{k}", f"a2_{k}", f"E_{k}", "E"] for k in "12"]


def draw():
    plotting.use_style()
    return {name: plotting.network((2, 2, 2), paths=paths_from(name)) for name in HIDDEN + OUTPUT}
