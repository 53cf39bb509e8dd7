"""Steppers: networks that readers walk through, in docs/theme/assets/stepper.

docs/steppers/NAME.py leaves behind net, loss, x, t and lr. The build writes them, and every step
that `backprop.trace` records, to assets/stepper/NAME.json. In a page,
`![…](../figures/X.svg){ data-stepper="NAME" }` is a figure that becomes the stepper,
`data-nudge="W1_11" data-network="NAME"` one that becomes a slider for that weight,
`data-demon="NAME"` one that becomes a demon, which adds to the sum of a unit the reader chooses,
`data-landscape="NAME"` one that becomes a landscape (landscapes.py), and
`[step #](?stepper=delta2)` a link that moves the stepper there; # is the number of the step.
`data-units="yes"` shows formulas of single units instead of matrices, and no package code.

A network that is one unit with one input is shown in plain letters, without layers, indices or
package code. In its page the names are plain too: `?stepper=delta`, `?stepper=dw:dw` (the steps
are z, a, E, da, delta, dw, db, dx and update), and `data-nudge="w" data-network="NAME"`."""

import inspect
import json
import re
import runpy
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from hooks.content.figures import state_of_sources
from hooks.math.notation import colour_names, load, name_roles
from hooks.scripts import change
from hooks.steppers.formulas import (
    PLAIN_NAMES,
    formula,
    is_plain,
    kind_and_layer,
    name_in_text,
    plain_formula,
    plain_update,
    through,
    unit_formula,
    update_formula,
)
from hooks.steppers.placing import placed
from hooks.steppers.texts import (
    SAYINGS,
    SAYINGS_OF_THE_UNIT,
    WORDS,
    WORDS_OF_THE_DEMON,
    WORDS_OF_THE_UNIT,
    saying,
)
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer
from rjsmin import jsmin

import backprop as bp
from backprop import rules

NETWORKS = Path("docs/steppers")
KINDS = "stepper|nudge|demon|landscape|lab"  # what a figure can become
LINK = re.compile(r'<a href="\?stepper=([^"]+)">(.*?)</a>', re.DOTALL)
EQUATION = re.compile(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', re.DOTALL)

# What computes a step: a function of the package, and how its lines for that begin.
Code = tuple[Callable[..., Any], list[str]]
SUM: Code = (rules.dense_forward, ["z = ", "z += "])
SUM_WITHOUT_BIASES: Code = (rules.dense_forward, ["z = "])
WEIGHTS: Code = (rules.dense_backward, ["dW = "])
BIASES: Code = (rules.dense_backward, ["db = "])
INPUTS: Code = (rules.dense_backward, ["dx = "])
UPDATE: Code = (bp.SGD.step, ["W -= "])
LOSS: dict[str, Code] = {
    "squared_error": (rules.squared_error, ["difference = ", "return "]),
    "softmax_cross_entropy": (rules.softmax_cross_entropy, ["total = ", "right = ", "minus_log"]),
}
SLOPE_OF_LOSS: dict[str, Code] = {
    "squared_error": (rules.squared_error_gradient, ["return "]),
    "softmax_cross_entropy": (rules.softmax_cross_entropy_gradient, ["p = ", "p[", "return "]),
}
ACTIVATIONS: dict[str, tuple[Code, Any]] = {
    "sigmoid": ((rules.sigmoid, ["e = ", "return "]), bp.Sigmoid),
    "tanh": ((rules.tanh, ["return "]), bp.Tanh),
    "relu": ((rules.relu, ["return "]), bp.ReLU),
    "leaky_relu": ((rules.leaky_relu, ["return "]), bp.LeakyReLU),
    "identity": ((rules.identity, ["return "]), bp.Identity),
}


def body(function: Callable[..., Any]) -> list[str]:
    """The lines of a function: dedented, without decorator, docstring and empty lines; of the
    first, the names alone."""
    function = inspect.unwrap(function)
    source = inspect.cleandoc("\n" + inspect.getsource(function))
    _, _, lines = source.split('"""', 2)
    first = f"def {function.__name__}({', '.join(inspect.signature(function).parameters)}):"
    return [first, *(line for line in lines.splitlines() if line.strip())]


def shown(expression: str, function: Callable[..., Any], beginnings: list[str]) -> dict[str, str]:
    """The line that says a step in the names of pages, and the lines of the package that compute
    it, marked; what else the function does is left out."""
    lines = body(function)
    for beginning in beginnings:
        if not any(line.strip().startswith(beginning) for line in lines):
            raise PluginError(f"{function.__qualname__} has no line beginning with {beginning!r}")
    picked = [coloured(lines[0])]
    for line in lines[1:]:
        if line.strip().startswith(tuple(beginnings)):
            picked.append(f"<mark>{coloured(line)}</mark>")
        elif picked[-1] != "    …":
            picked.append("    …")
    html = "\n".join(picked).replace("</mark>\n", "</mark>")
    return {
        "title": f"{function.__module__}.{function.__qualname__}",
        "html": html,
        "line": coloured(expression),
    }


def coloured(code: str) -> str:
    """A line of Python as code blocks of the site show it."""
    html = highlight(code, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return colour_names(html, name_roles(load())).rstrip("\n")


def computing(step: bp.tracing.Step, loss: Any) -> Code:
    """What in the package computes a step."""
    function = step.expression.partition("(")[0]
    if slope := through(step):
        return ACTIVATIONS[slope][1].backward, ["return "]
    if function in ACTIVATIONS:
        return ACTIVATIONS[function][0]
    if step.name == "C":
        return LOSS[repr(loss)]
    if step.name == "dy" or step.expression == "dy":
        return SLOPE_OF_LOSS[repr(loss)]
    total = SUM if step.operands[2:] else SUM_WITHOUT_BIASES
    kinds = {"z": total, "y": SUM, "dW": WEIGHTS, "db": BIASES}
    return kinds.get(kind_and_layer(step.name)[0], INPUTS)


def code_of(step: bp.tracing.Step, loss: Any) -> dict[str, str]:
    """The code that computes a step."""
    return shown(f"{step.name} = {step.expression}", *computing(step, loss))


def update_line(biases: bool) -> str:
    """The update of the first layer, in the names of pages."""
    return "; ".join(f"{name} -= lr * d{name}" for name in (["W1", "b1"] if biases else ["W1"]))


def code_of_update(biases: bool) -> dict[str, str]:
    return shown(update_line(biases), *UPDATE)


def as_network(net: bp.Network, loss, x, t) -> dict[str, Any]:
    """A network as model.js takes it, with its sample."""
    layers: list[dict] = []
    names = {kind: name for name, (_, kind) in ACTIVATIONS.items()}
    slopes = {layer.slope for layer in net.layers if isinstance(layer, bp.LeakyReLU)}
    if len(slopes) > 1:
        raise PluginError(f"a stepper's leaky ReLUs have one slope, got {sorted(slopes)}")
    for layer in net.layers:
        if layer.parameters:
            layers.append({"W": layer.W, "b": layer.b, "activation": None})
        else:
            layers[-1]["activation"] = names[type(layer)]
    its = {"x": x, "t": t, "layers": layers, "loss": repr(loss)}
    return its | ({"leak": slopes.pop()} if slopes else {})


def as_json(net: bp.Network, loss, x, t, lr: float, language: str) -> str:
    """What a stepper reads: the network, its steps, what is said of each, and its code."""
    steps = bp.trace(net, loss, x, t)
    network = as_network(net, loss, x, t) | {"lr": lr}
    layers = network["layers"]
    depth, n = len(layers), len(x)
    last = f"a{depth}"
    plain, biases = is_plain(net, loss, x), any(layer["b"] is not None for layer in layers)
    found = [
        {
            "name": step.name,
            "phase": step.phase,
            "expression": step.expression,
            "operands": [operand.name for operand in step.operands],
            "value": step.value,
            "tex": plain_formula(step) if plain else formula(step, last, n),
            "unit": unit_formula(step, last) if n == 1 and not plain else "",
            "says": saying(step, depth, language, plain),
            "code": None if plain else code_of(step, loss),  # the package speaks of matrices
        }
        for step in steps
    ]
    sayings = (SAYINGS_OF_THE_UNIT if plain else SAYINGS)[language]
    formulas = plain_update(biases) if plain else update_formula(n > 1, biases)
    update: dict[str, Any] = {
        "name": "update",
        "phase": "update",
        "operands": [],
        "tex": formulas,
        "unit": "" if plain else formulas,
        "says": sayings["update" if biases else "update_weights"].format(lr=f"{lr:g}"),
        "code": None if plain else code_of_update(layers[0]["b"] is not None),
    }
    data = {
        "network": network,
        "steps": [*found, update],
        "plain": {name: letter for name, (letter, _) in PLAIN_NAMES.items()} if plain else None,
        "words": WORDS[language] | (WORDS_OF_THE_UNIT if plain else WORDS_OF_THE_DEMON)[language],
    }
    return json.dumps(data, default=lambda array: np.asarray(array).tolist(), ensure_ascii=False)


def network(name: str) -> dict:
    """What docs/steppers/NAME.py leaves behind."""
    if not (NETWORKS / f"{name}.py").exists():
        raise PluginError(f"there is no {NETWORKS}/{name}.py for a stepper")
    found = runpy.run_path(str(NETWORKS / f"{name}.py"))
    return {key: found[key] for key in ("net", "loss", "x", "t", "lr")}


def numbered(its: dict[str, Any]) -> dict[str, int]:
    """The number of each step of a network, as readers count them."""
    steps = bp.trace(its["net"], its["loss"], its["x"], its["t"])
    plain = is_plain(its["net"], its["loss"], its["x"])
    names = [name_in_text(step.name, plain) for step in steps] + ["update"]
    return {step: number for number, step in enumerate(names, start=1)}


def defined(latex: str, layers: int) -> list[str]:
    """The steps that an equation is about: those whose result stands left of an = in it."""
    found = []
    for kind, l in re.findall(r"\\(z|a|err)\{(\d)\}(?:_\{?\d\}?)?\s*&?=", latex):
        name = {"z": "z", "a": "a", "err": "delta"}[kind] + l
        found.append("y" if name == f"a{layers}" else name)
    gradient = r"\\grad\{\\Lossx?(?:_\d)?\}\{\\(W|b|a|x)(?:\{(\d)\})?(?:_\{?\d*\}?)?\}\s*&?="
    for kind, l in re.findall(gradient, latex):
        found.append("dy" if (kind, l) == ("a", str(layers)) else f"d{kind}{l}")
    if re.search(r"\\Lossx?(_\d)?\s*&?=", latex):
        found.append("C")
    if re.search(r"\\[Wb]\{\d\}\s*&?\\leftarrow", latex):
        found.append("update")
    return list(dict.fromkeys(found))


def defined_plainly(latex: str) -> list[str]:
    """The same for the steps of one unit, in plain letters: only what begins a row is defined in
    it, not what stands further right in a chain of equalities. The loss must be that of the unit:
    other examples of a page have another."""
    begins = r"(?:^|\\\\|\\begin\{aligned\}|\\quad)\s*"
    loss = re.escape(r"\frac{1}{2} (\activ - \t)^2")
    found = []
    for name, (letter, tex) in PLAIN_NAMES.items():
        if name in {"x", "W1", "b1", "t"}:
            continue  # given: no step computes them
        ends = r"\s*&?=\s*" + (loss if name == "C" else "")
        if re.search(begins + re.escape(tex) + ends, latex):
            found.append(letter)
    if re.search(begins + r"\\(weight|bias)\s*&?\\leftarrow", latex):
        found.append("update")
    return found


@lru_cache(maxsize=64)  # for a server, which builds again and again
def written(name: str, language: str, state: str) -> str:
    """What a stepper reads, with sources in this state."""
    return as_json(**network(name), language=language)


def on_files(files, config):
    language = config.theme["language"]
    for module in sorted(NETWORKS.glob("*.py")):
        content = written(module.stem, language, state_of_sources())
        files.append(File.generated(config, f"assets/stepper/{module.stem}.json", content=content))
    change(files, config, r"assets/(stepper|lab)/.*\.js", slim_script)
    change(files, config, r"assets/(stepper|lab)/.*\.css", slim_css)
    return files


def slim_script(source: str) -> str:
    """A script without comments and needless space. The library reads a template literal up to the
    next backtick: one inside another it would take for code, and its words would run together."""
    for literal in re.findall(r"`(?:\\.|[^`\\])*`", source):
        if literal.count("{") != literal.count("}"):
            raise PluginError(f"a template literal is inside another: {literal[:60]}")
    return jsmin(source)


def slim_css(source: str) -> str:
    """A stylesheet without comments, and without space that says nothing."""
    lines = re.sub(r"/\*[\s\S]*?\*/", "", source)
    return re.sub(r"\s*([{};,])\s*|(:)\s+|\s+", lambda m: m[1] or m[2] or " ", lines).strip()


def on_page_content(html, page, config, files):
    names = re.findall(r'data-stepper="([^"]+)"', html)
    loaded = {name: network(name) for name in names}
    steps = {name: numbered(its) for name, its in loaded.items()}

    def attributes(kind, name, data):
        if kind == "nudge":
            return f'network="{data["network"]}" parameter="{name}"'
        if kind == "demon" and len(network(name)["x"]) != 1:
            raise PluginError(f"{page.file.src_uri}: a demon needs one sample, {name} has several")
        flags = "".join(f" {flag}" for flag in ("quiet", "units") if flag in data)
        return f'network="{name}"{flags}'

    def link(match):
        state, text = match.groups()
        name, _, place = state.rpartition("~")
        name = name or next(iter(names), "")
        number = steps.get(name, {}).get(place.partition(":")[0])
        if number is None:
            raise PluginError(f"{page.file.src_uri}: no stepper here has a step {state}")
        text = text.replace(" #", f"&nbsp;{number}").replace("#", str(number))
        return f'<a href="?stepper={name}~{place}" class="bp-step-link">{text}</a>'

    def equation(match):
        about = defined_plainly(match[1]) if plain else defined(match[1], depth)
        marked = f'<div class="arithmatex" data-steps="{" ".join(about)}">'
        return match[0].replace('<div class="arithmatex">', marked) if about else match[0]

    html = LINK.sub(link, placed(html, page, KINDS, attributes))
    if names:
        first = loaded[names[0]]
        plain = is_plain(first["net"], first["loss"], first["x"])
        depth = sum(bool(layer.parameters) for layer in first["net"].layers)
        html = EQUATION.sub(equation, html)
    return html
