"""Steppers: networks that readers walk through, in docs/theme/assets/stepper.

docs/steppers/NAME.py leaves behind net, loss, x, t and lr. The build writes them, and every step
that `backprop.trace` records, to assets/stepper/NAME.json. In a page,
`![…](../figures/X.svg){ data-stepper="NAME" }` is a figure that becomes the stepper,
`data-nudge="W1_11" data-network="NAME"` one that becomes a slider for that weight, and
`[step #](?stepper=delta2)` a link that moves the stepper there; # is the number of the step."""

import inspect
import json
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from notation import colour_names, load, name_roles
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer
from rjsmin import jsmin
from scripts import change
from stepper_texts import SAYINGS, WORDS, formula, saying, through, update_formula

import backprop as bp

NETWORKS = Path("docs/steppers")
FIGURE = re.compile(r'<p>(<img [^>]*?data-(stepper|nudge)="([^"]+)"[^>]*>(?:<img [^>]*>)*)</p>')
LINK = re.compile(r'<a href="\?stepper=([^"]+)">(.*?)</a>', re.DOTALL)
EQUATION = re.compile(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', re.DOTALL)

# What computes a step: a function of the package, and how its lines for that begin.
Code = tuple[Callable[..., Any], list[str]]
SUM: Code = (bp.Dense.forward, ["z = ", "z += "])
WEIGHTS: Code = (bp.Dense.backward, ["np.matmul("])
BIASES: Code = (bp.Dense.backward, ["db = "])
INPUTS: Code = (bp.Dense.backward, ["dx = "])
UPDATE: Code = (bp.SGD.step, ["layer.W -=", "layer.b -="])
LOSS = {
    "squared_error": ["difference = ", "return "],
    "softmax_cross_entropy": ["total = ", "return "],
}
SLOPE_OF_LOSS = {"squared_error": ["dy = "], "softmax_cross_entropy": ["p = ", "p[", "p /="]}
LAYERS: dict[str, Any] = {
    "sigmoid": bp.Sigmoid,
    "tanh": bp.Tanh,
    "relu": bp.ReLU,
    "identity": bp.Identity,
}


def body(function: Callable[..., Any]) -> list[str]:
    """The lines of a function: dedented, without decorator, docstring and empty lines."""
    source = inspect.cleandoc("\n" + inspect.getsource(inspect.unwrap(function)))
    source = re.sub(r'^    """.*?"""\n', "", source, count=1, flags=re.DOTALL | re.MULTILINE)
    lines = [line for line in source.splitlines() if line.strip()]
    return lines[next(i for i, line in enumerate(lines) if line.startswith("def ")) :]


def shown(function: Callable[..., Any], beginnings: list[str]) -> dict[str, Any]:
    """A function for the page, and which of its lines begin like this."""
    lines = body(function)
    lit = [i for i, line in enumerate(lines) if line.strip().startswith(tuple(beginnings))]
    if len(lit) < len(beginnings):
        raise PluginError(f"{function.__qualname__} has no lines beginning with {beginnings}")
    html = highlight("\n".join(lines), PythonLexer(), HtmlFormatter(nowrap=True))
    coloured = colour_names(html, name_roles(load()))
    return {
        "title": f"{function.__module__}.{function.__qualname__}",
        "lines": coloured.rstrip("\n").split("\n"),
        "lit": lit,
    }


def computing(step: bp.tracing.Step, loss: Any) -> Code:
    """What in the package computes a step."""
    function = step.expression.partition("(")[0]
    if slope := through(step):
        return LAYERS[slope].backward, ["return "]
    if function in LAYERS:
        return LAYERS[function].forward, ["a = "]
    if step.name == "C":
        return type(loss).__call__, LOSS[repr(loss)]
    if step.name == "dy" or step.expression == "dy":
        return type(loss).gradient, SLOPE_OF_LOSS[repr(loss)]
    kinds = {"z": SUM, "y": SUM, "dW": WEIGHTS, "db": BIASES}
    return kinds.get(re.sub(r"\d", "", step.name), INPUTS)


def code_of(steps: bp.Trace, loss: Any) -> dict[str, dict]:
    """For each step, the function that computes it."""
    return {step.name: shown(*computing(step, loss)) for step in steps} | {"update": shown(*UPDATE)}


def as_json(net: bp.Network, loss, x, t, lr: float, language: str) -> str:
    """What a stepper reads: the network, its steps, what is said of each, and its code."""
    steps = bp.trace(net, loss, x, t)
    layers: list[dict] = []
    for layer in net.layers:
        if isinstance(layer, bp.Dense):
            layers.append({"W": layer.W, "b": layer.b, "activation": None})
        else:
            layers[-1]["activation"] = type(layer).__name__.lower()
    network = {"x": x, "t": t, "layers": layers, "loss": repr(loss), "lr": lr}
    depth, n = len(layers), len(x)
    last = f"{'a' if layers[-1]['activation'] else 'z'}{depth}"
    code = code_of(steps, loss)
    found = [
        {
            "name": step.name,
            "phase": step.phase,
            "expression": step.expression,
            "operands": [operand.name for operand in step.operands],
            "value": step.value,
            "tex": formula(step, last, n),
            "says": saying(step, depth, language),
            "code": code[step.name],
        }
        for step in steps
    ]
    update = {
        "name": "update",
        "phase": "update",
        "operands": [],
        "tex": update_formula(n > 1),
        "says": SAYINGS[language]["update"],
        "code": code["update"],
    }
    data = {
        "network": network,
        "steps": [*found, update],
        "words": WORDS[language],
    }
    return json.dumps(data, default=lambda array: np.asarray(array).tolist(), ensure_ascii=False)


def network(name: str) -> dict:
    """What docs/steppers/NAME.py leaves behind."""
    if not (NETWORKS / f"{name}.py").exists():
        raise PluginError(f"there is no {NETWORKS}/{name}.py for a stepper")
    found = runpy.run_path(str(NETWORKS / f"{name}.py"))
    return {key: found[key] for key in ("net", "loss", "x", "t", "lr")}


def numbered(name: str) -> dict[str, int]:
    """The number of each step, as readers count them."""
    its = network(name)
    steps = bp.trace(its["net"], its["loss"], its["x"], its["t"])
    names = [step.name for step in steps] + ["update"]
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


def on_files(files, config):
    language = config.theme["language"]
    for module in sorted(NETWORKS.glob("*.py")):
        content = as_json(**network(module.stem), language=language)
        files.append(File.generated(config, f"assets/stepper/{module.stem}.json", content=content))
    change(files, config, r"assets/stepper/.*\.js", jsmin)
    change(files, config, r"assets/stepper/.*\.css", slim_css)
    return files


def slim_css(source: str) -> str:
    """A stylesheet without comments and indentation."""
    return re.sub(r"/\*[\s\S]*?\*/\n*|^ +", "", source, flags=re.MULTILINE)


def on_page_content(html, page, config, files):
    names = re.findall(r'data-stepper="([^"]+)"', html)
    if not names:
        return html
    steps = {name: numbered(name) for name in names}

    def element(match):
        images, kind, name = match.groups()
        images = re.sub(r' data-(stepper|nudge|network|quiet)="[^"]*"', "", images)
        extra = " quiet" if 'data-quiet="' in match[0] else ""
        if kind == "nudge":
            extra = f' parameter="{name}"'
            name, *_ = re.findall(r'data-network="([^"]+)"', match[0])
        return f'<backprop-{kind} network="{name}"{extra}>{images}</backprop-{kind}>'

    def link(match):
        state, text = match.groups()
        name, _, place = state.rpartition("~")
        name = name or names[0]
        number = steps[name].get(place.partition(":")[0])
        if number is None:
            raise PluginError(f"{page.file.src_uri}: the stepper {name} has no step {place}")
        text = text.replace(" #", f"&nbsp;{number}").replace("#", str(number))
        return f'<a href="?stepper={name}~{place}" class="bp-step-link">{text}</a>'

    def equation(match):
        layers = sum(isinstance(layer, bp.Dense) for layer in network(names[0])["net"].layers)
        about = defined(match[1], layers)
        marked = f'<div class="arithmatex" data-steps="{" ".join(about)}">' if about else None
        return match[0].replace('<div class="arithmatex">', marked) if marked else match[0]

    return EQUATION.sub(equation, LINK.sub(link, FIGURE.sub(element, html)))
