"""The stepper's model computes what the package computes: the same steps, the same numbers."""

import json
import shutil
import subprocess
from itertools import pairwise

import course
import numpy as np
import pytest

import backprop as bp

MODEL = course.ROOT / "docs/theme/assets/stepper/model.js"
LAYERS = {"sigmoid": bp.Sigmoid, "tanh": bp.Tanh, "relu": bp.ReLU, "identity": bp.Identity}
LR = 0.3
# Sums of a few products, in another order: some units in the last of 16 digits.
TOLERANCE = 1e-12


def random_case(seed):
    """A random network with data, as the model takes it and as the package does."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 5, size=rng.integers(2, 5)).tolist()
    batch = int(rng.integers(1, 4))
    spread = rng.choice([0.5, 1.0, 5.0, 20.0])  # the last ones saturate
    layers = []
    for n_in, n_out in pairwise(sizes):
        W, b = rng.normal(0, spread, (n_in, n_out)), rng.normal(0, 1, n_out).tolist()
        kind = rng.choice([*LAYERS, ""])
        has_b = rng.random() < 0.8
        its = {"W": W.tolist(), "b": b if has_b else None, "activation": str(kind) or None}
        layers.append(its)
    x = rng.normal(size=(batch, sizes[0]))
    if rng.random() < 0.5:
        loss, t = "squared_error", rng.normal(size=(batch, sizes[-1])).tolist()
    else:
        loss, t = "softmax_cross_entropy", rng.integers(0, sizes[-1], batch).tolist()
    return {"x": x.tolist(), "t": t, "layers": layers, "loss": loss}


def two_relu_layers():
    """What a later page shows: two hidden ReLU layers, a batch of two, softmax cross-entropy."""
    rng = np.random.default_rng(7)
    sizes, kinds = [3, 4, 4, 3], ["relu", "relu", None]
    layers = [
        {"W": rng.normal(size=(n, m)).tolist(), "b": rng.normal(size=m).tolist(), "activation": k}
        for (n, m), k in zip(pairwise(sizes), kinds, strict=True)
    ]
    x = rng.normal(size=(2, 3)).tolist()
    return {"x": x, "t": [2, 0], "layers": layers, "loss": "softmax_cross_entropy"}


CASES = [two_relu_layers(), *(random_case(seed) for seed in range(250))]


def network(case):
    layers = []
    for layer in case["layers"]:
        layers.append(bp.Dense(layer["W"], layer["b"]))
        if layer["activation"]:
            layers.append(LAYERS[layer["activation"]]())
    return bp.Network(layers)


def by_the_package(case):
    """The steps that the package records, and the parameters after a step of descent."""
    net, loss = network(case), getattr(bp, case["loss"])
    steps = [
        {"name": step.name, "value": step.value}
        for step in bp.trace(net, loss, case["x"], case["t"])
    ]
    net.backward(loss.gradient(net.forward(case["x"]), case["t"]))
    bp.SGD(net, lr=LR).step()
    dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
    return steps, [(layer.W, layer.b) for layer in dense]


def difference(found, right):
    """The largest difference of two arrays, relative to the largest number of the right one, or
    to 1: where a network is sure, the loss is a small difference of large numbers, in both."""
    found, right = np.asarray(found, float), np.asarray(right, float)
    assert found.shape == right.shape
    return float(np.abs(found - right).max() / max(np.abs(right).max(), 1))


def assert_same(results):
    worst = 0.0
    for case, result in zip(CASES, results, strict=True):
        steps, parameters = by_the_package(case)
        for found, right in zip(result["steps"], steps, strict=True):
            worst = max(worst, difference(found.pop("value"), right.pop("value")))
            assert found == right
        for layer, (W, b) in zip(result["layers"], parameters, strict=True):
            worst = max(worst, difference(layer["W"], W))
            if b is None:
                assert layer["b"] is None
            else:
                worst = max(worst, difference(layer["b"], b))
    assert worst < TOLERANCE, worst


RESULTS = f"""
  const results = cases.map((each) => {{
    const steps = trace(each);
    return {{ steps, layers: updated(each, steps, {LR}).layers }};
  }});
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node: Chromium runs it all the same")
def test_the_model_agrees_with_the_package_in_node(tmp_path):
    program = tmp_path / "cases.mjs"
    program.write_text(
        f"import {{ trace, updated }} from {json.dumps(MODEL.as_uri())};\n"
        f"const cases = {json.dumps(CASES)};\n{RESULTS}"
        "process.stdout.write(JSON.stringify(results));\n",
        encoding="utf-8",
    )
    run = subprocess.run(["node", program], capture_output=True, text=True, check=True)
    assert_same(json.loads(run.stdout))


@pytest.mark.browser
def test_the_model_agrees_with_the_package_in_chromium(browser, site):
    page = browser.new_page()
    page.goto(site.url)
    results = page.evaluate(
        f"""async (cases) => {{
          const {{ trace, updated }} = await import("./assets/stepper/model.js");
          {RESULTS}
          return JSON.stringify(results);
        }}""",
        CASES,
    )
    page.close()
    assert_same(json.loads(results))


def test_a_planted_mistake_is_found():
    """Without the derivative, or with a transpose lost, the comparison fails."""
    results = []
    for case in CASES:
        steps, parameters = by_the_package(case)
        for step in steps:
            step["value"] = np.array(step["value"]) + (step["name"] == "delta1") * 1e-11
        results.append({"steps": steps, "layers": [{"W": W, "b": b} for W, b in parameters]})
    with pytest.raises(AssertionError):
        assert_same(results)
