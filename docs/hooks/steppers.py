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
from pathlib import Path
from types import FunctionType

import numpy as np
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from notation import colour_names, load, name_roles
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer
from scripts import change
from stepper_texts import SAYINGS, WORDS, formula, saying, update_formula

import backprop as bp

NETWORKS = Path("docs/steppers")
FIGURE = re.compile(r'<p>(<img [^>]*?data-(stepper|nudge)="([^"]+)"[^>]*>(?:<img [^>]*>)*)</p>')
LINK = re.compile(r'<a href="\?stepper=([^"]+)">(.*?)</a>', re.DOTALL)
EQUATION = re.compile(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', re.DOTALL)

# Which lines of the package a step runs: the function, and what its lines begin with.
FORWARD, BACKWARD = bp.Dense.forward, bp.Dense.backward
LINES = {
    "z": (FORWARD, ["z = ", "z += "]),
    "dW": (BACKWARD, ["np.matmul("]),
    "db": (BACKWARD, ["db = "]),
    "dx": (BACKWARD, ["dx = "]),
    "update": (bp.SGD.step, ["layer.W -=", "layer.b -="]),
}
LOSS_LINES = {
    "squared_error": (["difference = ", "return "], ["dy = "]),
    "softmax_cross_entropy": (["total = ", "return "], ["p = ", "p[", "p /="]),
}


def body(function: FunctionType) -> list[str]:
    """The lines of a function: dedented, without decorator, docstring and empty lines."""
    source = inspect.cleandoc("\n" + inspect.getsource(inspect.unwrap(function)))
    source = re.sub(r'^    """.*?"""\n', "", source, count=1, flags=re.DOTALL | re.MULTILINE)
    lines = [line for line in source.splitlines() if line.strip()]
    return lines[next(i for i, line in enumerate(lines) if line.startswith("def ")) :]


def shown(function: FunctionType, beginnings: list[str]) -> dict:
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


def code_of(steps: bp.Trace, loss) -> dict:
    """For each step, the function that computes it."""
    functions, keys = {}, {}
    for step in steps:
        kind = re.sub(r"\d", "", step.name)
        called = re.match(r"(sigmoid|tanh|relu|identity)\(", step.expression)
        through = re.search(r"(sigmoid|tanh|relu|identity)_derivative\(", step.expression)
        if called or through:
            name = (called or through)[1]
            layer = {"relu": "ReLU"}.get(name, name.capitalize())
            way = "forward" if called else "backward"
            starts = ["a = "] if called else ["return "]
            key, lines = f"{name}.{way}", (getattr(getattr(bp, layer), way), starts)
        elif kind == "C":
            key, lines = "C", (type(loss).__call__, LOSS_LINES[repr(loss)][0])
        elif kind == "dy":
            key, lines = "dy", (type(loss).gradient, LOSS_LINES[repr(loss)][1])
        else:
            handed_on = step.expression in {"dy"} or step.name == "y"
            kind = "z" if step.name == "y" else "dy" if handed_on else kind
            key = kind if kind in LINES or handed_on else "dx"
            lines = LINES.get(key, (type(loss).gradient, LOSS_LINES[repr(loss)][1]))
        functions.setdefault(key, shown(*lines))
        keys[step.name] = key
    functions["update"] = shown(*LINES["update"])
    return {"steps": keys, "functions": functions}


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
            "code": code["steps"][step.name],
        }
        for step in steps
    ]
    update = {
        "name": "update",
        "phase": "update",
        "operands": [],
        "tex": update_formula(n > 1),
        "says": SAYINGS[language]["update"],
        "code": "update",
    }
    data = {
        "network": network,
        "steps": [*found, update],
        "functions": code["functions"],
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
    change(files, config, r"assets/stepper/.*\.(js|css)", slim)
    return files


def slim(source: str) -> str:
    """A script or stylesheet without comments on lines of their own, and without indentation."""
    source = re.sub(r"^ *(//.*|/\*[\s\S]*?\*/)\n", "", source, flags=re.MULTILINE)
    return re.sub(r"^ +", "", source, flags=re.MULTILINE)


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
            name = re.search(r'data-network="([^"]+)"', match[0])[1]
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
