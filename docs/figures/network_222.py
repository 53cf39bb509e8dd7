"""The network of the chapter, every weight and bias named."""

from backprop import plotting


def draw():
    plotting.use_style()
    return plotting.network((2, 2, 2))
