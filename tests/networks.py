"""Networks that no page has, for what must hold for any."""

import numpy as np

import backprop as bp


def two_relu_layers():
    """Two hidden ReLU layers, a batch of two, softmax cross-entropy."""
    rng = np.random.default_rng(7)
    layers = []
    for n_in, n_out in ((3, 4), (4, 4), (4, 3)):
        layers += [bp.Dense(rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)), bp.ReLU()]
    x, t = rng.normal(size=(2, 3)), np.array([2, 0])
    return {
        "net": bp.Network(layers[:-1]),
        "loss": bp.softmax_cross_entropy,
        "x": x,
        "t": t,
        "lr": 0.1,
    }
