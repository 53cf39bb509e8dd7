"""The home page's picture: the same small network gone through forward, in numbers, and then
backward, each line as thick as the gradient of its weight is large."""

import runpy

import matplotlib.pyplot as plt

from backprop import plotting


def number(value):
    """Two or three decimals without the leading zero, so that it fits into a unit."""
    digits = f"{value:.2f}" if abs(value) >= 0.01 else f"{value:.3f}"
    return digits.replace("0.", ".").replace("-", "\N{MINUS SIGN}")


def draw():
    plotting.use_style()
    its = runpy.run_path("docs/steppers/network_222.py")
    ways = runpy.run_path("docs/figures/_numbers.py")["numbers"]
    data = its["net"], its["loss"], its["x"], its["t"]
    _, slopes = ways(*data, number=abs)
    slopes = {name: slope for name, slope in slopes.items() if name.startswith("W")}
    widths = {name: 0.8 + 5 * slope / max(slopes.values()) for name, slope in slopes.items()}

    # Weights and biases stay without a number: the arrows would be covered.
    forth, back = (
        {name: "" if name[0] in "Wb" else text for name, text in way.items()}
        for way in ways(*data, number=number)
    )
    figure, (above, below) = plt.subplots(2, 1, figsize=(7.4, 6.1), layout="constrained")
    plotting.network((2, 2, 2), values=forth, ax=above)
    plotting.network((2, 2, 2), values=back, widths=widths, backward=True, ax=below)
    return figure
