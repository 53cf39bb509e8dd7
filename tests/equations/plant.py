"""Mistakes as authors make them, planted into the LaTeX of an equation one at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lark import Token

from equations.tree import Node, macro, parse, parts

SWAPPED = {"a": "z", "A": "Z", "z": "a", "Z": "A", "activ": "preact", "preact": "activ"}


@dataclass(frozen=True)
class Mutant:
    kind: str
    tex: str
    where: int  # in the LaTeX of the equation


def mutants(tex: str) -> list[Mutant]:
    """Every planted version of an equation, each different from it and from the others."""
    seen, found = {tex}, []
    for kind, start, end, new in sorted(edits(tex, parse(tex)), key=lambda e: (e[1], e[0])):
        planted = tex[:start] + new + tex[end:]
        if planted not in seen:
            seen.add(planted)
            found.append(Mutant(kind, planted, start))
    return found


def span(tree) -> tuple[int, int]:
    place: Any = tree if isinstance(tree, Token) else tree.meta
    return place.start_pos, place.end_pos


Edit = tuple[str, int, int, str]


def edits(tex: str, tree: Node) -> Iterator[Edit]:
    yield from signs(tex, tree)
    yield from transposes(tex, tree)
    yield from lost_factors(tex, tree)
    for node in tree.find_data("node"):
        yield from layers(tex, node)
        yield from swapped_letters(node)
    yield from digits(tree)
    for match in re.finditer(r"\\act'", tex):
        yield "a lost prime", match.start(), match.end(), r"\act"
    for match in re.finditer(r"\\(sigmoid|tanh|relu|then)'", tex):
        yield "a lost prime", match.start(), match.end(), rf"\{match[1]}"
    for match in re.finditer(r"\\had(?![A-Za-z])", tex):
        yield "an elementwise product turned into a matrix product", *match.span(), "{}"


def between(tex: str, tree: Node) -> tuple[int, int]:
    """The place of the operator between the two operands of a tree."""
    return span(tree.children[0])[1], span(tree.children[1])[0]


def signs(tex: str, tree: Node) -> Iterator[Edit]:
    for data, old, new in (("plus", "+", "-"), ("minus", "-", "+")):
        for found in tree.find_data(data):
            start, end = between(tex, found)
            place = tex.index(old, start, end)
            yield "a sign", place, place + 1, new
    for found in tree.find_data("negative"):
        start = span(found)[0]
        if tex[start] == "-":
            yield "a sign", start, start + 1, ""


def transposes(tex: str, tree: Node) -> Iterator[Edit]:
    for match in re.finditer(r"\^\\T(?![A-Za-z])", tex):
        yield "a transpose dropped", *match.span(), ""
    in_gradients = {id(n) for g in tree.find_data("gradient") for n in g.find_data("node")}
    transposed = {id(t.children[0]) for t in tree.find_data("transpose")}
    for node in tree.find_data("node"):
        whole = not parts(node)[1] and macro(node) not in ("Loss", "Lossx", "lr")
        if whole and id(node) not in in_gradients and id(node) not in transposed:
            start, end = span(node)
            yield "a transpose added", start, end, f"({tex[start:end]})^\\T"


def lost_factors(tex: str, tree: Node) -> Iterator[Edit]:
    for data in ("times", "elementwise"):
        for found in tree.find_data(data):
            left, right = (span(child) for child in found.children[:2])
            if tex[left[1] : right[0]].count("(") or tex[left[1] : right[0]].count(")"):
                # a parenthesis belongs to an operand but not to its span: widen to it
                left, right = widened(tex, left), widened(tex, right)
            yield "a lost factor", left[1], right[1], ""
            yield "a lost factor", left[0], right[0], ""


def widened(tex: str, place: tuple[int, int]) -> tuple[int, int]:
    """A span together with the parentheses right around it."""
    start, end = place
    while start > 0 and end < len(tex) and tex[start - 1] == "(" and tex[end] == ")":
        start, end = start - 1, end + 1
    return start, end


def layers(tex: str, node: Node) -> Iterator[Edit]:
    layer = parts(node)[0]
    if layer is None:
        return
    start, end = span(layer)
    inside = tex[start:end]
    if inside.isdigit():
        changed = [str(int(inside) + 1), str(int(inside) - 1)]
    elif len(inside) == 1:
        changed = [f"{inside}+1", f"{inside}-1"]
    else:
        changed = [inside[0], {"+": f"{inside[0]}-1", "-": f"{inside[0]}+1"}[inside[1]]]
    for new in changed:
        kind = "a layer index up" if new > inside else "a layer index down"
        yield kind, start, end, new


def swapped_letters(node: Node) -> Iterator[Edit]:
    name = macro(node)
    if name in SWAPPED:
        token = node.children[0]
        kind = "z for a" if name in ("a", "A", "activ") else "a for z"
        yield kind, token.start_pos, token.end_pos, "\\" + SWAPPED[name]


def digits(tree: Node) -> Iterator[Edit]:
    """A digit of a number changed, or of an index: 11 becomes 21 and 12."""
    for number in tree.find_data("number"):
        token = number.children[0]
        for place, digit in enumerate(token):
            if digit != ".":
                at = token.start_pos + place
                yield "a changed digit", at, at + 1, str((int(digit) + 1) % 10)
    for index in tree.find_data("index"):
        for token in index.children:
            if token.type == "NUMBER":
                for place, digit in enumerate(token):
                    at = token.start_pos + place
                    yield "a changed digit", at, at + 1, "2" if digit == "1" else "1"
