"""The network of the page hand/one-path: one output, so no parts of the loss."""

from backprop import plotting


def draw():
    plotting.use_style()
    return plotting.network((2, 2, 1), targets=True)
