"""The equations of one page with the numbers its code blocks leave behind."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import course
import numpy as np

from equations.evaluate import Definitions, Result, evaluate
from equations.extract import Equation, equations
from equations.letters import name_of
from equations.network import World
from equations.tree import parse


@dataclass
class Checked:
    """An equation of a page and what came of it; no result where it is exempt."""

    page: Path
    equation: Equation
    result: Result | None


def page_worlds(path: Path) -> list[World]:
    """What the letters of a page stand for in its own code: the networks that its blocks define,
    x, t (one sample) and X, T (a batch) with W1, b1, W2, b2; a single layer X, W, b; its plain
    letters. Only these and the updated parameters are read: nothing the page computed backward
    can stand for a side of an equation."""
    if path.suffix == ".py":
        return []  # a notebook's network is trained; its equations are general
    namespace: dict = {"__name__": "__main__"}
    others: list[World] = []
    plain = "<!-- equations: plain letters -->" in course.page_text(path)
    for block in course.runnable(path):
        if block.kind == "python":
            course.run_python(block.text, namespace, path.name)
            others += [page_letters(namespace, block.last)] if plain else []
    others += page_layer(namespace)
    layers = [k for k in range(1, 10) if f"W{k}" in namespace]
    if not layers:
        return others
    W = {k: np.asarray(namespace[f"W{k}"], dtype=float) for k in layers}
    b = {k: np.asarray(namespace[f"b{k}"], dtype=float)[None, :] for k in layers}
    stepped = {}
    for name in [f"W{k}" for k in layers] + [f"b{k}" for k in layers]:
        if f"new_{name}" in namespace:
            stepped[name] = np.atleast_2d(namespace[f"new_{name}"])
    found = []
    for x, t in (("x", "t"), ("X", "T")):
        if x in namespace and t in namespace:
            found.append(
                World(
                    np.asarray(namespace[x], dtype=float),
                    np.asarray(namespace[t], dtype=float),
                    W,
                    b,
                    lr=float(namespace.get("lr", 0.5)),
                    about=f"the page's own numbers, {x}",
                    stepped=stepped if x == "x" or "x" not in namespace else {},
                )
            )
    return found + others


def page_letters(namespace: dict, line: int) -> World:
    """The numbers that plain letters stand for behind a line of the page."""
    numbers = {
        name: float(value) for name, value in namespace.items() if isinstance(value, (int, float))
    }
    stepped = {
        name.removeprefix("new_"): np.asarray(value)
        for name, value in numbers.items()
        if name.startswith("new_")
    }
    about, nothing = f"the page's own numbers, after its line {line + 1}", np.zeros((1, 1))
    return World(nothing, nothing, {}, {}, about=about, stepped=stepped, letters=numbers, line=line)


def page_layer(namespace: dict) -> list[World]:
    """The one layer of a page that is about Y = XW + b: its X, W, b and targets T."""
    if not {"X", "W", "b", "T"} <= namespace.keys():
        return []
    X, W, b, T = (np.asarray(namespace[name], dtype=float) for name in "XWbT")
    return [
        World(
            *(X, T, {1: W}, {1: b[None, :]}),
            activation="identity",
            output="identity",
            about="the page's own numbers",
            is_one_layer=True,
        )
    ]


def definitions(found: list[Equation]) -> Definitions:
    """Letters that a page defines by equations marked so: <!-- equation: defines p -->, or in
    plain letters <!-- equation: definitions -->."""
    defined: Definitions = {}
    for equation in found:
        if not equation.is_definition:
            continue
        tree = parse(equation.tex)
        if equation.defines:
            defined.setdefault(equation.defines, []).append((equation.start, tree))
        else:
            name, body = name_of(tree.children[0]), tree.children[2]
            defined.setdefault(name, []).append((equation.start, body))
    return defined


def check_page(path: Path) -> list[Checked]:
    """Every equation of a page, evaluated; in one process once for each state of the page."""
    return evaluated(path, course.page_text(path))


@cache
def evaluated(path: Path, text: str) -> list[Checked]:
    found, worlds = equations(text), page_worlds(path)
    defined = definitions(found)
    return [Checked(path, e, None if exemption(e) else evaluate(e, worlds, defined)) for e in found]


def exemption(equation: Equation) -> str:
    """Why an equation is not evaluated; an empty text if it is."""
    if equation.defines:
        return f"defines {equation.defines}, which the next equations use"
    return equation.exempt
