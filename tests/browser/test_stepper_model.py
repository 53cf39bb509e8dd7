"""The stepper's model computes what the package computes: the same steps, the same numbers, each
explained by what it was computed from."""

import copy
import json
import math
import re
import shutil
import subprocess
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import course
import numpy as np
import pytest
from networks import by_the_package, random_network

import backprop as bp

ASSETS = course.ROOT / "docs/theme/assets"
# Sums of a few products, in another order: some units in the last of 16 digits.
TOLERANCE = 1e-12


def two_relu_layers():
    """What a later page shows: two hidden ReLU layers, a batch of two, softmax cross-entropy."""
    rng = np.random.default_rng(7)
    sizes, kinds = [3, 4, 4, 3], ["relu", "relu", None]
    layers = [
        {"W": rng.normal(size=(n, m)).tolist(), "b": rng.normal(size=m).tolist(), "activation": k}
        for (n, m), k in zip(pairwise(sizes), kinds, strict=True)
    ]
    x = rng.normal(size=(2, 3)).tolist()
    return {"x": x, "t": [2, 0], "layers": layers, "loss": "softmax_cross_entropy", "lr": 0.3}


CASES = [two_relu_layers(), *(random_network(seed) for seed in range(300))]


@cache
def computed(i):
    """The steps that the package records, and the parameters after a step of descent."""
    case = CASES[i]
    net, loss = by_the_package(case), getattr(bp, case["loss"])
    steps = [
        {
            "name": step.name,
            "phase": step.phase,
            "expression": step.expression,
            "operands": [operand.name for operand in step.operands],
            "value": step.value,
        }
        for step in bp.trace(net, loss, case["x"], case["t"])
    ]
    net.backward(loss.gradient(net.forward(case["x"]), case["t"]))
    bp.SGD(net, lr=case["lr"]).step()
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
    assert len(results) == len(CASES)
    for i, result in enumerate(results):
        steps, parameters = computed(i)
        assert result["names"] == [step["name"] for step in steps]
        for found, right in zip(result["steps"], steps, strict=True):
            worst = max(worst, difference(found["value"], right["value"]))
            assert found | {"value": 0} == right | {"value": 0}
        for layer, (W, b) in zip(result["layers"], parameters, strict=True):
            worst = max(worst, difference(layer["W"], W))
            if b is None:
                assert layer["b"] is None
            else:
                worst = max(worst, difference(layer["b"], b))
    assert worst < TOLERANCE, worst


class Power(NamedTuple):
    """A power of e, of which a float could not hold the largest."""

    exponent: float

    def __add__(self, other):
        larger, smaller = max(self.exponent, other.exponent), min(self.exponent, other.exponent)
        return Power(larger + math.log1p(math.exp(smaller - larger)))

    def __truediv__(self, other):
        return math.exp(self.exponent - other.exponent)


# What a row of the stepper says, as Python.
SIGNS = {"½ (": "0.5 * (", "²": "**2", "−": "-", "·": "*", "σ": "sigmoid"}
FUNCTIONS = {
    "sigmoid": lambda z: math.exp(min(z, 0)) / (1 + math.exp(-abs(z))),
    "tanh": math.tanh,
    "log": lambda p: math.log(p) if p else -math.inf,
    "exp": Power,
}


def said(terms):
    """What the terms of a number come to, read as they stand, and how large they are."""
    values = []
    for term in terms:
        text = "".join(part if isinstance(part, str) else f"({part!r})" for part in term)
        text = re.sub(r"½ / (\d) ", r"0.5 / \1 * ", text)
        for sign, python in SIGNS.items():
            text = text.replace(sign, python)
        values.append(eval(text, dict(FUNCTIONS)))
    return sum(values), max(map(abs, values))


def assert_explained(results):
    """Each number is what its terms say, and each gradient the sum over its paths; returns what
    numbers there were."""
    kinds = set()
    for result in results:
        for label, value, terms in result["rows"]:
            found, size = said(terms)
            if math.isfinite(found):  # the loss where p is rounded to 0
                assert abs(found - value) <= TOLERANCE * max(size, 1), (label, value, terms)
            kinds.add(label.partition("_")[0])
        for label, value, total, size in result["paths"]:
            assert abs(total - value) <= TOLERANCE * max(size, 1), (label, value, total)
    return kinds


RESULTS = """
  const results = cases.map((each, i) => {
    const found = steps(each);
    const moved = updated(each, found, each.lr);
    const numbers = new Numbers(each, found, moved, null);
    const named = Object.keys(numbers.values).flatMap((name) => numbers.all(name));
    named.push(...numbers.results("C").filter(({ name }) => name === "p"));
    const written = (term) => term.map((part) => part.value ?? part);
    const rows = i % 2 ? [] : named.flatMap((number) => {
      const terms = numbers.terms(number);
      return terms ? [[numbers.label(number), number.value, terms.map(written)]] : [];
    });
    const multiplied = ({ factors }) => factors.reduce((all, { value }) => all * value, 1);
    const ways = each.layers.reduce((all, { W }) => all * W[0].length, each.x.length);
    const gradients = named.filter(({ name }) => /^d/.test(name) && ways < 200);
    const paths = gradients.map((number) => {
      const products = numbers.paths(number).map(multiplied);
      const total = products.reduce((sum, each) => sum + each, 0);
      return [numbers.label(number), number.value, total, Math.max(...products.map(Math.abs))];
    });
    const names = trace(each).map(({ name }) => name);
    return { names, steps: found, layers: moved.layers, rows, paths };
  });
"""
MODULES = {
    "stepper/model.js": "trace, updated",
    "stepper/numbers.js": "Numbers",
    "lab/steps.js": "steps",
}


def assert_right(results):
    results = json.loads(results)
    kinds = assert_explained(results)
    assert kinds >= {f"{name}{l}" for l in range(1, 5) for name in ("z", "W", "b", "dW", "db")}
    assert kinds >= {"E", "C", "a1", "a4", "y", "dy", "da1", "da4", "delta1", "delta4", "dx", "p"}
    assert_same(results)


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node: Chromium runs it all the same")
def test_the_model_agrees_with_the_package_in_node(tmp_path):
    imports = (
        f"import {{ {names} }} from {json.dumps((ASSETS / file).as_uri())};\n"
        for file, names in MODULES.items()
    )
    program = tmp_path / "cases.mjs"
    program.write_text(
        f"{''.join(imports)}const cases = {json.dumps(CASES)};\n{RESULTS}"
        "process.stdout.write(JSON.stringify(results));\n",
        encoding="utf-8",
    )
    run = subprocess.run(["node", program], capture_output=True, text=True, check=True)
    assert_right(run.stdout)


@pytest.mark.browser
def test_the_model_agrees_with_the_package_in_chromium(browser, site):
    imports = "".join(
        f'const {{ {names} }} = await import("./assets/{file}");\n'
        for file, names in MODULES.items()
    )
    page = browser.new_page()
    page.goto(site.url)
    results = page.evaluate(
        f"async (cases) => {{ {imports} {RESULTS} return JSON.stringify(results); }}", CASES
    )
    page.close()
    assert_right(results)


def test_a_planted_mistake_is_found():
    """Without the derivative, or with a transpose lost, the comparison fails."""
    right = []
    for i in range(len(CASES)):
        steps, parameters = computed(i)
        names = [step["name"] for step in steps]
        layers = [{"W": W, "b": b} for W, b in parameters]
        right.append({"names": names, "steps": copy.deepcopy(steps), "layers": layers})
    assert_same(right)
    wrong = copy.deepcopy(right)
    for step in wrong[7]["steps"]:
        step["value"] = np.array(step["value"]) + (step["name"] == "delta1") * 1e-11
    with pytest.raises(AssertionError):
        assert_same(wrong)
    wrong = copy.deepcopy(right)
    for step in wrong[0]["steps"]:
        step["expression"] = step["expression"].replace("a1.T", "a1")
    with pytest.raises(AssertionError):
        assert_same(wrong)


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (["z1_1", 5.0, [[2.0, " · ", 3.0]]], None),  # the bias is missing
        (["E", 0.5, [["½ (", 3.0, " − ", 1.0, ")²"]]], None),
        (["a1_1", 0.5, [["σ(", 1.0, ")"]]], None),
        (["new W1_11", 1.0, [[0.5, " − ", 0.1, " · ", 5.0]]], None),  # plus for minus
        (["E", 1.0, [["(−log ", math.exp(-1), ") / 2"]]], None),
        (["p_1", 0.6, [["exp(", 1.0, ") / (exp(", 1.0, ") + exp(", 1.0, "))"]]], None),
        (None, ["dW1_11", 1.0, 1.0 + 1e-11, 1.0]),
    ],
)
def test_a_number_that_does_not_come_of_its_terms_is_found(row, path):
    with pytest.raises(AssertionError, match=(row or path)[0]):
        assert_explained([{"rows": [row] if row else [], "paths": [path] if path else []}])


@pytest.mark.parametrize(
    ("terms", "value"),
    [
        ([[2.0, " · ", -3.0], [1.0]], -5),
        ([["½ (", -1.0, " − ", 2.0, ")²"], ["½ / 3 (", 3.0, " − ", 0.0, ")²"]], 4.5 + 1.5),
        ([["(−log ", math.exp(-3), ") / 2"]], 1.5),
        ([["exp(", 900.0, ") / (exp(", 900.0, ") + exp(", 900.0, "))"]], 0.5),
        ([["(", 0.25, " − 1", ") / 3"]], -0.25),
        ([["max(0, ", -2.0, ")"]], 0),
        ([[0.5, " − ", 0.1, " · ", -5.0]], 1),
    ],
)
def test_rows_are_read_as_they_stand(terms, value):
    assert said(terms)[0] == pytest.approx(value, rel=1e-14)
