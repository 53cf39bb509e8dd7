"""The numbers of a network's two ways, by the names in its picture."""

import backprop as bp


def numbers(net, loss, x, t, number):
    """For each name in the picture its number on the way forward, and on the way back, written by
    number(value)."""
    step = {step.name: step.value for step in bp.trace(net, loss, x, t)}
    dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
    last = len(dense)
    forth, back = {"E": number(step["C"])}, {"E": "1"}
    for i in range(x.shape[1]):
        forth[f"x_{i + 1}"], back[f"x_{i + 1}"] = number(x[0, i]), number(step["dx"][0, i])
    for l, layer in enumerate(dense, start=1):
        a, da = ("y", "dy") if l == last else (f"a{l}", f"da{l}")
        for j in range(len(layer.b)):
            forth[f"z{l}_{j + 1}"] = number(step[f"z{l}"][0, j])
            forth[f"a{l}_{j + 1}"] = number(step[a][0, j])
            forth[f"b{l}_{j + 1}"] = number(layer.b[j])
            back[f"z{l}_{j + 1}"] = number(step[f"delta{l}"][0, j])
            back[f"a{l}_{j + 1}"] = number(step[da][0, j])
            back[f"b{l}_{j + 1}"] = number(step[f"db{l}"][j])
            for i in range(len(layer.W)):
                forth[f"W{l}_{i + 1}{j + 1}"] = number(layer.W[i, j])
                back[f"W{l}_{i + 1}{j + 1}"] = number(step[f"dW{l}"][i, j])
    parts = 0.5 * (step["y"] - t)[0] ** 2
    for k, part in enumerate(parts, start=1):
        forth[f"E_{k}"], back[f"E_{k}"] = number(part), "1"
    return forth, back
