"""Networks that no page has, for what must hold for any."""

from itertools import pairwise

import numpy as np

import backprop as bp

LAYERS = {
    "sigmoid": bp.Sigmoid,
    "tanh": bp.Tanh,
    "relu": bp.ReLU,
    "leaky_relu": bp.LeakyReLU,
    "identity": bp.Identity,
}


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


def random_network(seed, most=5):
    """A network of 1 to 4 layers and at most so many units, with its data, as model.js has it."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, most + 1, size=rng.integers(2, 6)).tolist()
    batch = int(rng.integers(1, 5))
    spread = rng.choice([0.5, 1.0, 1.0, 5.0, 20.0])  # the last ones saturate
    layers = []
    for n_in, n_out in pairwise(sizes):
        W, b = rng.normal(0, spread, (n_in, n_out)), rng.normal(0, 1, n_out).tolist()
        kind = rng.choice([*LAYERS, ""])
        has_b = rng.random() < 0.7
        its = {"W": W.tolist(), "b": b if has_b else None, "activation": str(kind) or None}
        layers.append(its)
    x = rng.normal(size=(batch, sizes[0]))
    if rng.random() < 0.5:
        loss, t = "squared_error", rng.normal(size=(batch, sizes[-1])).tolist()
    else:
        loss, t = "softmax_cross_entropy", rng.integers(0, sizes[-1], batch).tolist()
    lr, leak = float(rng.choice([0.1, 0.3, 1.0])), float(rng.choice([0.2, 1e-5, 0.03125]))
    network = {"x": x.tolist(), "t": t, "layers": layers, "loss": loss, "lr": lr}
    return network | ({"leak": leak} if rng.random() < 0.5 else {})


def by_the_package(network):
    """A network of model.js as one of the package."""
    layers = []
    slope = (network["leak"],) if "leak" in network else ()
    for layer in network["layers"]:
        layers.append(bp.Dense(layer["W"], layer["b"]))
        if kind := layer["activation"]:
            layers.append(LAYERS[kind](*(slope if kind == "leaky_relu" else ())))
    return bp.Network(layers)
