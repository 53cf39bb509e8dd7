"""The LaTeX of an equation as a tree, and what it speaks of: which macros, layers, indices."""

from pathlib import Path
from typing import Any

from lark import Lark, Token
from lark.exceptions import LarkError

PARSER = Lark(
    (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8"),
    start="chain",
    parser="lalr",
    propagate_positions=True,
    maybe_placeholders=False,
)
# A lark tree. Its children are trees and tokens, which lark's types do not tell apart.
Node = Any


class Refused(Exception):
    """The equation cannot be evaluated: shapes that do not fit, an index out of range, …"""


class DoesNotApply(Exception):
    """A general layer for which the equation says nothing, such as l = L with l + 1 in it."""


def parse(tex: str) -> Node:
    try:
        return PARSER.parse(tex)
    except LarkError as error:
        raise Refused(f"not understood: {str(error).splitlines()[0]}") from None


def sides_of(tree: Node) -> list[tuple[Node, str, Node]]:
    children = tree.children
    return [
        (children[i], children[i + 1].data, children[i + 2]) for i in range(0, len(children) - 2, 2)
    ]


def nodes(tree):
    return tree.find_data("node")


def macro(node: Node) -> str:
    return str(node.children[0])[1:]


def macros(tree) -> set[str]:
    return {macro(node) for node in nodes(tree)}


def parts(node: Node) -> tuple[Node | None, list[Token]]:
    """The layer of a node, and its index tokens one by one: _{1k} is 1, k."""
    layer, index = None, []
    for child in node.children[1:]:
        if child.data == "index":
            for token in child.children:
                digits = list(token) if token.type == "NUMBER" else [token]
                index += [Token(token.type, part) for part in digits]
        else:
            layer = child
    return layer, index


def letters_in_layers(tree) -> set[str]:
    found = set()
    for data in ("layer_letter", "layer_above", "layer_below"):
        found |= {str(layer.children[0]) for layer in tree.find_data(data)}
    return found - {"L"}


def largest_layer(tree) -> int:
    return max((int(layer.children[0]) for layer in tree.find_data("layer_number")), default=0)


def has_numbered_elements(tree) -> bool:
    return any(token.type == "NUMBER" for node in nodes(tree) for token in parts(node)[1])


def says_a_number(tree) -> bool:
    """Whether it says what a value is in numbers, such as t_2 = 0: true of the page's own
    numbers only."""
    sides = tree.children[::2]
    named = any(side.data == "node" for side in sides)
    printed = any(decimals(side) is not None for side in sides)
    return printed or (named and any(side.data == "number" for side in sides))


def summed_letters(tree) -> set[str]:
    totals = tree.find_pred(lambda each: each.data in ("total", "whole_product"))
    return {str(under.children[0]) for total in totals for under in total.find_data("under")}


def decimals(tree) -> int | None:
    """Digits behind the point, where a side is one printed number."""
    while tree.data == "negative":
        tree = tree.children[0]
    if tree.data != "number" or "." not in tree.children[0]:
        return None
    return len(tree.children[0].split(".")[1])
