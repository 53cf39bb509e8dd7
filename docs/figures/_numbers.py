"""The numbers of a network's two ways, by the names in its picture."""

import runpy

import backprop as bp


def numbers(network):
    """For each name in the picture of docs/steppers/NETWORK.py its number on the way forward, and
    the derivative of the loss with respect to it on the way back."""
    its = runpy.run_path(f"docs/steppers/{network}.py")
    net, x, t = its["net"], its["x"], its["t"]
    step = {step.name: step.value for step in bp.trace(net, its["loss"], x, t)}
    dense = [layer for layer in net.layers if layer.parameters]
    last = len(dense)
    forth, back = {"E": step["C"]}, {"E": 1}
    for i in range(x.shape[1]):
        forth[f"x_{i + 1}"], back[f"x_{i + 1}"] = x[0, i], step["dx"][0, i]
    for l, layer in enumerate(dense, start=1):
        a, da = ("y", "dy") if l == last else (f"a{l}", f"da{l}")
        for j in range(len(layer.b)):
            forth[f"z{l}_{j + 1}"] = step[f"z{l}"][0, j]
            forth[f"a{l}_{j + 1}"] = step[a][0, j]
            forth[f"b{l}_{j + 1}"] = layer.b[j]
            back[f"z{l}_{j + 1}"] = step[f"delta{l}"][0, j]
            back[f"a{l}_{j + 1}"] = step[da][0, j]
            back[f"b{l}_{j + 1}"] = step[f"db{l}"][j]
            for i in range(len(layer.W)):
                forth[f"W{l}_{i + 1}{j + 1}"] = layer.W[i, j]
                back[f"W{l}_{i + 1}{j + 1}"] = step[f"dW{l}"][i, j]
    for k, target in enumerate(t[0], start=1):
        forth[f"t_{k}"] = target
    parts = 0.5 * (step["y"] - t)[0] ** 2
    for k, part in enumerate(parts, start=1):
        forth[f"E_{k}"], back[f"E_{k}"] = part, 1
    return forth, back
