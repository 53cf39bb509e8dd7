"""A layer of two units, above in letters, below with the numbers of the page hand/forward: in each
unit the sum z on the left, the activation a on the right."""

import matplotlib.pyplot as plt

from backprop import plotting
from backprop.exercises.given.one_layer import W, a, b, x, z


def draw():
    plotting.use_style()
    numbers = {f"x_{i}": f"{x[0, i - 1]:g}" for i in (1, 2)}
    for j in (1, 2):
        numbers[f"b1_{j}"] = f"{b[j - 1]:g}"
        numbers[f"z1_{j}"] = f"{z[0, j - 1]:.2f}"
        numbers[f"a1_{j}"] = f"{a[0, j - 1]:.3f}".removeprefix("0")
        numbers |= {f"W1_{i}{j}": f"{W[i - 1, j - 1]:g}" for i in (1, 2)}
    figure, axes = plt.subplots(2, 1, figsize=(4.6, 6.4), layout="constrained")
    plotting.network((2, 2), loss=False, ax=axes[0])
    plotting.network((2, 2), loss=False, values=numbers, ax=axes[1])
    return figure
