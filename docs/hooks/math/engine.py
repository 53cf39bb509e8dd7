"""MathJax itself, from the installed package, run by V8 in Python: no Node is needed."""

import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files as package_files
from pathlib import Path
from typing import NamedTuple

from hooks.math import notation
from py_mini_racer import MiniRacer

ES5 = package_files("mathjax") / "static" / "mathjax" / "es5"
CALLED = Path(__file__).with_name("engine.js")
COMPONENTS = [
    "startup.js",
    "core.js",
    "adaptors/liteDOM.js",
    "input/tex-base.js",
    "input/tex/extensions/ams.js",
    "input/tex/extensions/newcommand.js",  # configmacros needs it
    "input/tex/extensions/configmacros.js",
    "input/tex/extensions/html.js",
    "output/chtml.js",
    "output/chtml/fonts/tex.js",
    "a11y/assistive-mml.js",
]
FONTS = ES5 / "output/chtml/fonts/woff-v2"


class Formula(NamedTuple):
    """LaTeX, and whether it stands on lines of its own."""

    tex: str
    display: bool


class Typeset(NamedTuple):
    """HTML, and its height in em."""

    html: str
    height: float


def program() -> list[str]:
    """Everything that V8 is given, in order."""
    settings = {
        "loader": {"load": []},
        "startup": {"typeset": False},
        "tex": {
            "packages": ["base", "ams", "newcommand", "configmacros", "html"],
            "macros": notation.macros(notation.load()),
        },
        "chtml": {
            "displayAlign": "left",
            "displayIndent": "0",
            "adaptiveCSS": False,
            "fontURL": ".",
        },
    }
    return [
        f"globalThis.global = globalThis; globalThis.MathJax = {json.dumps(settings)}; 0",
        *((ES5 / name).read_text(encoding="utf-8") + "\n;0" for name in COMPONENTS),
        CALLED.read_text(encoding="utf-8"),
    ]


def version(*more: str) -> str:
    """Changes whenever the same formula may be set otherwise, or more has been changed."""
    return hashlib.sha256("\0".join([*program(), *more]).encode()).hexdigest()[:16]


def typeset(formulas: Sequence[Formula]) -> tuple[list[Typeset], str]:
    """Set formulas; return them, and MathJax's whole stylesheet."""
    with MiniRacer() as v8:  # left open, it can keep the process from ending
        for script in program():
            v8.eval(script)
        made = json.loads(str(v8.eval(f"typeset({json.dumps(formulas)})")))
        styles = v8.eval("stylesheet()")
    return [Typeset(*each) for each in made], str(styles)
