"""The equations of one page with the numbers its code blocks leave behind."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import course
import numpy as np
from lark import Tree

from equations.evaluate import Result, evaluate
from equations.extract import Equation, equations
from equations.network import World
from equations.tree import parse


@dataclass
class Checked:
    """An equation of a page and what came of it; no result where it is exempt."""

    page: Path
    equation: Equation
    result: Result | None


def page_worlds(path: Path) -> list[World]:
    """The networks that a page's code blocks define: its x, t (one sample) and X, T (a batch)
    with its W1, b1, W2, b2. Only these and its updated parameters are read: nothing the page
    computed backward can stand for a side of an equation."""
    if path.suffix == ".py":
        return []  # a notebook's network is trained; its equations are general
    namespace: dict = {"__name__": "__main__"}
    for block in course.runnable(path):
        if block.kind == "python":
            course.run_python(block.text, namespace, path.name)
    layers = [k for k in range(1, 10) if f"W{k}" in namespace]
    if not layers:
        return []
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
                    stepped=stepped if x == "x" else {},
                )
            )
    return found


def definitions(found: list[Equation]) -> dict[str, Tree]:
    """Letters that a page defines by an equation marked so: <!-- equation: defines p -->."""
    defined = {}
    for equation in found:
        if equation.defines:
            defined[equation.defines] = parse(equation.tex)
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
