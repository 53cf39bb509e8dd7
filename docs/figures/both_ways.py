"""The home page's picture: the same small network gone through forward, in numbers, and then
backward, each line as thick as the gradient of its weight is large."""

import runpy

import matplotlib.pyplot as plt

from backprop import plotting


def number(value):
    """Two or three decimals without the leading zero, so that it fits into a unit."""
    if value == 1:
        return "1"
    digits = f"{value:.2f}" if abs(value) >= 0.01 else f"{value:.3f}"
    return digits.replace("0.", ".").replace("-", "\N{MINUS SIGN}")


def draw():
    plotting.use_style()
    forth, back = runpy.run_path("docs/figures/_numbers.py")["numbers"]("network_222")
    slopes = {name: abs(slope) for name, slope in back.items() if name.startswith("W")}
    widths = {name: 0.8 + 5 * slope / max(slopes.values()) for name, slope in slopes.items()}

    # Weights and biases stay without a number: the arrows would be covered.
    forth, back = (
        {name: "" if name[0] in "Wb" else number(value) for name, value in way.items()}
        for way in (forth, back)
    )
    figure, (above, below) = plt.subplots(2, 1, figsize=(7.4, 6.1), layout="constrained")
    plotting.network((2, 2, 2), values=forth, ax=above)
    plotting.network((2, 2, 2), values=back, widths=widths, backward=True, ax=below)
    return figure
