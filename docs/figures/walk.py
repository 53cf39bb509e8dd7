"""What a stepper shows, for readers without JavaScript: the network of docs/steppers/NAME.py with
all its numbers, those of the way forward above, the derivatives of the way back below."""

import runpy

import matplotlib.pyplot as plt

from backprop import plotting

NETWORKS = {"network_222": (2, 2, 2), "network_221": (2, 2, 1), "network_relu": (2, 2, 2, 1)}


def number(value):
    """Three decimals without the leading zero, so that they fit into a unit."""
    value = round(value, 12) + 0.0  # 1 for 1.0000000000000002, 0 for -0.0
    digits = f"{value:.3f}" if round(value, 2) != value else f"{value:g}"
    return digits.replace("0.", ".").replace("-", "\N{MINUS SIGN}")


def both_ways(name, sizes, figsize, plain=False):
    """The network above with its numbers, below with its derivatives; in plain letters there is
    room for these too."""
    numbers = runpy.run_path("docs/figures/_numbers.py")["numbers"]
    forth, back = ({place: number(value) for place, value in way.items()} for way in numbers(name))
    figure, axes = plt.subplots(3 if plain else 2, 1, figsize=figsize, layout="constrained")
    *letters, above, below = axes
    for ax in letters:
        plotting.network(sizes, plain=True, ax=ax)
    plotting.network(sizes, values=forth, targets=True, plain=plain, ax=above)
    plotting.network(
        sizes,
        values={"t": ""} | back,  # a target is given: nothing leads back to it
        backward=True,
        plain=plain,
        ax=below,
    )
    return figure


def draw():
    plotting.use_style()
    figures = {"unit": both_ways("unit", (1, 1), figsize=(5.0, 5.6), plain=True)}
    for name, sizes in NETWORKS.items():
        figures[name] = both_ways(name, sizes, figsize=(2.5 * len(sizes) - 0.1, 6.5))
    return figures
