"""One case of an equation: both of its sides as numbers, element by element. Above they are equal;
below a mistake is planted, a transpose dropped, and they are not."""

import runpy
from types import SimpleNamespace

import numpy as np
from matplotlib.patches import Rectangle

part = SimpleNamespace(**runpy.run_path("docs/figures/_machines.py"))

# The network of the page, three samples
X = np.array([[1.0, 2.0], [0.0, 1.0], [2.0, -1.0]])
T = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
W1, b1 = np.array([[1.0, -1.0], [0.5, 1.0]]), np.array([-1.0, 0.5])
W2, b2 = np.array([[2.0, -1.0], [1.0, 3.0]]), np.array([-1.0, -1.0])

LEFT, RIGHT = 1.02, 3.62  # the middles of the two sides
CELL = 0.72, 0.36
TINY = 1e-30


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss(Z2):
    return 0.5 * np.sum((sigmoid(Z2) - T) ** 2) / len(X)


def nudged(loss_of, Z):
    """The derivative of a loss by each element of Z, from values alone."""
    found = np.zeros(Z.shape)
    for place in np.ndindex(Z.shape):
        moved = Z.astype(complex)
        moved[place] += TINY * 1j
        found[place] = loss_of(moved).imag / TINY
    return found


def sides():
    """The left side, the right side, and the right side without its transpose."""
    Z1 = X @ W1 + b1
    delta2 = nudged(loss, sigmoid(Z1) @ W2 + b2)
    left = nudged(lambda Z1: loss(sigmoid(Z1) @ W2 + b2), Z1)
    slope = sigmoid(Z1) * (1 - sigmoid(Z1))
    return left, (delta2 @ W2.T) * slope, (delta2 @ W2) * slope


def rounded(value):
    return f"{value:.3f}".replace("-", "\N{MINUS SIGN}")


def numbers(ax, middle, top, array):
    cells = [[rounded(value) for value in row] for row in array]
    width, height = CELL
    part.grid(ax, middle - width, top, cells, size=14, width=width, height=height)


def case(ax, top, transposed, right):
    """The equation, and below it both of its sides."""
    left = sides()[0]
    weights = [r"$($", r"\W{2}", r"$)^\mathsf{T}$"] if transposed else [r"$\;$", r"\W{2}", r"$\;$"]
    part.write(ax, LEFT, top, r"\err{1}", 18)
    part.write(ax, (LEFT + RIGHT) / 2 - 0.34, top, "$=$", 18)
    factors = [
        r"$($",
        r"\err{2}",
        r"$\,$",
        *weights,
        r"$)\odot$",
        r"\act'",
        r"$($",
        r"\Z{1}",
        "$)$",
    ]
    part.write(ax, RIGHT, top, factors, 18)
    if not transposed:
        look = {"fc": "none", "ec": part.INK, "lw": 2.2, "zorder": 4}
        ax.add_patch(Rectangle((RIGHT - 0.57, top - 0.21), 0.5, 0.42, **look))
    for x in (LEFT, RIGHT):
        part.arrow(ax, (x, top - 0.28), (x, top - 0.64), strong=True)
    numbers(ax, LEFT, top - 0.7, left)
    numbers(ax, RIGHT, top - 0.7, right)
    sign = "$=$" if np.allclose(left, right) else r"$\neq$"
    part.write(ax, (LEFT + RIGHT) / 2, top - 0.7 - 1.5 * CELL[1], sign, 26)


def draw():
    figure, ax = part.canvas(5.1, 4.7)
    _, right, wrong = sides()
    case(ax, 4.38, True, right)
    case(ax, 1.93, False, wrong)
    return figure
