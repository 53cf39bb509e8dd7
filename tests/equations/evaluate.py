"""Evaluates an equation: both sides of every relation, in every network it should hold in."""

from dataclasses import dataclass, field

import numpy as np

from equations.extract import Equation
from equations.letters import name_of
from equations.network import World
from equations.tree import DoesNotApply, Node, Refused, decimals, parse, sides_of
from equations.values import Context, array_name, value_of
from equations.worlds import bindings, worlds

# What a page defines: for each letter, where, and the side that says what it is.
Definitions = dict[str, list[tuple[int, Node]]]

TOLERANCE = 1e-9  # the complex step is exact to about 1e-15; sums of products lose a few digits


@dataclass
class Result:
    """What came of one equation."""

    instances: int = 0
    worst: float = 0.0  # largest relative difference of two sides
    wrong: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.instances > 0 and not self.wrong


def evaluate(
    equation: Equation, page_worlds: list[World], definitions: Definitions | None = None
) -> Result:
    """Evaluate both sides of every relation of a chain, wherever it should hold. Stops at the
    first place where it does not."""
    known = in_force(definitions or {}, equation)
    result, world = Result(), None
    try:
        tree = parse(equation.tex)
        rng = np.random.default_rng(equation.number)
        for world in worlds(equation, tree, page_worlds):
            for context in bindings(equation, tree, world, known, rng):
                for left, relation, right in sides_of(tree):
                    evaluate_relation(left, relation, right, context, result)
    except (Refused, OverflowError, ZeroDivisionError, ValueError) as why:
        result.wrong.append(f"{world.about}: {why}" if world else str(why))
    else:
        if not result.instances:
            result.wrong.append("no numbers were found with which it could be evaluated")
    return result


def in_force(definitions: Definitions, equation: Equation) -> dict[str, Node]:
    """Of the definitions of a page those that hold where an equation stands: the last before it;
    of a letter defined only later, that one."""
    found = {}
    for name, places in definitions.items():
        before = [tree for start, tree in places if start < equation.start]
        if before:
            found[name] = before[-1]
        elif equation.about != "plain letters":
            found[name] = places[0][1]
    return found


def evaluate_relation(
    left: Node, relation: str, right: Node, context: Context, result: Result
) -> None:
    """One relation in one place: counted, or refused with both values."""
    context.tiny = relation == "about"
    try:
        here = stepped(left, context) if relation == "becomes" else value_of(left, context)
        there = value_of(right, context)
    except DoesNotApply:
        return
    difference, allowed = compare(here, there, (left, right), relation)
    result.instances += 1
    if not decimals(left) and not decimals(right):
        size = float(np.max(np.abs(np.asarray(there))))
        result.worst = max(result.worst, difference / max(size, 1e-3))
    if not difference <= allowed:
        raise Refused(f"{shown(here)} is not {shown(there)}")


def shown(side) -> str:
    return np.array2string(side, separator=", ") if isinstance(side, np.ndarray) else repr(side)


def stepped(node: Node, context: Context):
    """The value of a parameter after the page's own step of descent."""
    if node.data != "node":
        raise Refused("only a parameter is updated")
    name = name_of(node) if context.plain else array_name(node, context)
    if name not in context.world.stepped:
        raise Refused(f"the page has no new_{name}")
    return context.world.stepped[name]


def compare(left, right, trees, relation: str) -> tuple[float, float]:
    """The difference of two sides, and how much is allowed."""
    if np.shape(left) != np.shape(right):
        raise Refused(f"sides of shapes {np.shape(left)} and {np.shape(right)}")
    difference = float(np.max(np.abs(np.asarray(left) - np.asarray(right))))
    digits = [d for d in map(decimals, trees) if d is not None]
    if digits:
        return difference, 0.5 * 10.0 ** -min(digits) * (1 + 1e-9)
    moving = any(True for tree in trees for _ in tree.find_data("move"))
    if relation == "about" and not moving:
        raise Refused("≈ needs a printed number on one side")
    size = float(np.max(np.abs(np.asarray(right))))
    return difference, TOLERANCE * max(size, 1e-3)
