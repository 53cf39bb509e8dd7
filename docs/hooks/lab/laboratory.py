"""The laboratory, in docs/theme/assets/lab: a reader's own network walked, derived, written out.

The build writes assets/lab/lab.json: the networks to begin with (docs/steppers/presets, and those
of the course), all words, and what a stepper says of each step that any network may have. A step
is found by its key, which docs/theme/assets/lab/data.js makes in the same way."""

import json
import re
import runpy
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from hooks.content.figures import state_of_sources
from hooks.lab.words import bring, derive, frame, sheet, take
from hooks.steppers import steppers
from hooks.steppers.formulas import formula, update_formula
from hooks.steppers.texts import SAYINGS, saying
from hooks.steppers.texts import WORDS as WORDS_OF_STEPPERS
from mkdocs.structure.files import File

import backprop as bp

PRESETS = Path("docs/steppers/presets")
COURSE = ("network_221", "network_222", "network_2322", "network_relu")
PANELS = {"frame": frame, "bring": bring, "derive": derive, "take": take, "sheet": sheet}
DEPTH = 4  # layers that a reader's network may have
ACTIVATIONS = (bp.Sigmoid, bp.Tanh, bp.ReLU, bp.LeakyReLU, bp.Identity)


def key(name: str, expression: str, depth: int, n: int) -> str:
    """What a step is found by: all that its formula and its words depend on. Only where the output
    is named does the number of the last layer count."""
    of_any_size = re.sub(r"eye\(\d+\)", "eye(k)", expression)
    of_any_size = re.sub(r"(leaky\w+\(\w+), [^)]*", r"\1", of_any_size)
    last = depth if re.search(r"\bd?y\b", f"{name} {expression}") else ""
    return f"{name}|{of_any_size}|{last}|{'n' if n > 1 else 1}"


def networks_of_every_kind() -> Iterator[tuple[bp.Network, Any, np.ndarray, np.ndarray]]:
    """Networks of one unit a layer that have between them every step there may be."""
    for depth, activation, biases, n in product(
        range(1, DEPTH + 1), ACTIVATIONS, (True, False), (1, 2)
    ):
        for loss in (bp.squared_error, bp.softmax_cross_entropy):
            layers: list[Any] = []
            for l in range(1, depth + 1):
                layers.append(bp.Dense([[1.0]], [0.0] if biases else None))
                if l < depth or loss is bp.squared_error:
                    layers.append(activation())
            t = np.zeros((n, 1)) if loss is bp.squared_error else np.zeros(n, int)
            yield bp.Network(layers), loss, np.ones((n, 1)), t


def steps(language: str) -> list[dict[str, Any]]:
    """What is said of each step, with its key."""
    found: dict[str, dict[str, Any]] = {}
    for net, loss, x, t in networks_of_every_kind():
        n, depth = len(x), sum(bool(layer.parameters) for layer in net.layers)
        for step in bp.trace(net, loss, x, t):
            its = key(step.name, step.expression, depth, n)
            if its not in found:
                found[its] = {
                    "tex": formula(step, f"a{depth}", n),
                    "says": saying(step, depth, language),
                    "code": steppers.code_of(step, loss),
                }
    for n, biases in product((1, 2), (True, False)):
        found[key("update", steppers.update_line(biases), 0, n)] = {
            "tex": update_formula(n > 1, biases),
            "says": SAYINGS[language]["update" if biases else "update_weights"],
            "code": steppers.code_of_update(biases),
        }
    return [{"key": its, "unit": "", **told} for its, told in found.items()]


def presets(language: str) -> list[dict[str, Any]]:
    """The networks to begin with: those of the course, then others."""
    titles = frame.PRESETS[language]
    modules = [steppers.NETWORKS / f"{name}.py" for name in COURSE]
    modules += [PRESETS / f"{name}.py" for name in titles if name not in COURSE]
    found = []
    for module in modules:
        its = runpy.run_path(str(module))
        network = steppers.as_network(its["net"], its["loss"], its["x"], its["t"])
        network["lr"] = its["lr"]
        if its["loss"] is bp.squared_error:  # there a layer always has an activation function
            network["layers"][-1]["activation"] = network["layers"][-1]["activation"] or "identity"
        found.append({"name": module.stem, "title": titles[module.stem], "network": network})
    return found


@lru_cache(maxsize=4)  # for a server, which builds again and again
def as_json(language: str, state: str) -> str:
    """What the laboratory reads, with sources in this state."""
    data = {
        "presets": presets(language),
        "steps": steps(language),
        "stepper": WORDS_OF_STEPPERS[language],
        "words": {name: panel.WORDS[language] for name, panel in PANELS.items()},
    }
    return json.dumps(data, default=lambda array: np.asarray(array).tolist(), ensure_ascii=False)


def on_files(files, config):
    content = as_json(config.theme["language"], state_of_sources())
    files.append(File.generated(config, "assets/lab/lab.json", content=content))
    return files
