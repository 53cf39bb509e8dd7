"""What a stepper shows, for readers without JavaScript: the network of docs/steppers/NAME.py with
all its numbers, those of the way forward above, the derivatives of the way back below."""

import runpy

import matplotlib.pyplot as plt

from backprop import plotting

NETWORKS = ["network_222", "network_221"]


def number(value):
    """Three decimals without the leading zero, so that they fit into a unit."""
    digits = f"{value:.3f}" if round(value * 100) != value * 100 else f"{value:g}"
    return digits.replace("0.", ".").replace("-", "\N{MINUS SIGN}")


def draw():
    plotting.use_style()
    numbers = runpy.run_path("docs/figures/_numbers.py")["numbers"]
    figures = {}
    for name in NETWORKS:
        forth, back = (
            {place: number(value) for place, value in way.items()} for way in numbers(name)
        )
        sizes = tuple(int(digit) for digit in name[-3:])
        figure, (above, below) = plt.subplots(2, 1, figsize=(7.4, 6.5), layout="constrained")
        plotting.network(sizes, values=forth, ax=above)
        plotting.network(sizes, values=back, backward=True, ax=below)
        figures[name] = figure
    return figures
