"""The loss all over a landscape, and walks downhill on it, computed by the package."""

import runpy

import numpy as np

import backprop as bp


def landscape(name):
    """What docs/steppers/landscapes/NAME.py leaves behind."""
    found = runpy.run_path(f"docs/steppers/landscapes/{name}.py")
    keys = ("net", "loss", "x", "t", "rates", "steps", "w1", "w2", "levels")
    return {key: found[key] for key in keys}


def at(its, w1, w2):
    """The network with these two weights."""
    first, *activations, second = its["net"].layers
    assert first.W.size == second.W.size == 1
    return bp.Network([bp.Dense([[w1]]), *activations, bp.Dense([[w2]])])


def start(its):
    """The two weights that the network comes with."""
    return its["net"].layers[0].W.item(), its["net"].layers[-1].W.item()


def ground(its, step=0.1):
    """The weights of a grid over the map, and for each pair of them the network's output and its
    loss."""
    along, up = (np.linspace(a, b, round((b - a) / step) + 1) for a, b in (its["w1"], its["w2"]))
    outputs, losses = np.empty((2, len(up), len(along)))
    net = at(its, 0.0, 0.0)
    for i, net.layers[-1].W[:] in enumerate(up):
        for j, net.layers[0].W[:] in enumerate(along):
            y = net.forward(its["x"])
            outputs[i, j], losses[i, j] = y.item(), its["loss"](y, its["t"])
    return along, up, outputs, losses


def walk(its, lr):
    """The two weights at the start and after each step of gradient descent."""
    net = at(its, *start(its))
    places = [start(its)]
    for _ in range(its["steps"]):
        net.backward(its["loss"].gradient(net.forward(its["x"]), its["t"]))
        bp.SGD(net, lr=lr).step()
        places.append((net.layers[0].W.item(), net.layers[-1].W.item()))
    return np.array(places)
