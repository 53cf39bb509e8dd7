"""Equations in plain letters: x, w, b, z, a, t, E and what a page defines from them.

A page says what depends on what by equations marked as definitions: z = wx + b, a = σ(z). They are
only ever evaluated forward. A derivative of one letter by another comes from the complex step, as
in `network`: a tiny imaginary number is added to the one, and what was defined with it follows."""

from lark import Tree

from equations.network import STEP
from equations.tree import Node, Refused, macro, parts

# Macros by their name in code; any other letter stands for itself.
NAMES = {
    **{"x": "x", "y": "y", "t": "t", "weight": "w", "bias": "b", "preact": "z", "activ": "a"},
    **{"scale": "gamma", "shift": "beta"},
    **{"Lossx": "E", "Loss": "C", "lr": "lr", "error": "delta"},
}


def name_of(quantity: Node) -> str:
    """The name in code of a letter: w, b, z_1, E."""
    if quantity.data == "letter":
        name = str(quantity.children[0])
    else:
        if macro(quantity) not in NAMES or parts(quantity)[0] is not None:
            raise Refused(f"\\{macro(quantity)} is no plain letter")
        name = NAMES[macro(quantity)]
    index = "".join(parts(quantity)[1])
    return f"{name}_{index}" if index else name


def names_in(tree: Tree) -> set[str]:
    """All letters of a tree, e aside; the error δ is what E and z make of it."""
    found = {name_of(each) for kind in ("node", "letter") for each in tree.find_data(kind)}
    if "delta" in found:
        found = found - {"delta"} | {"E", "z"}
    return found - {"e"}


def sources(names: set[str], definitions: dict[str, Node]) -> set[str]:
    """Some letters and all from which they are computed."""
    found, new = set(names), set(names)
    while new:
        new = {n for name in new & definitions.keys() for n in names_in(definitions[name])} - found
        found |= new
    return found


def free_names(tree: Tree, definitions: dict[str, Node]) -> set[str]:
    """The letters from which all others in a tree are computed."""
    return sources(names_in(tree), definitions) - definitions.keys()


def value_of_name(name: str, context, value_of):
    if name in context.moved:
        return context.moved[name]
    if name in context.definitions:
        return value_of(context.definitions[name], context)
    if name == "delta":
        return slope("E", "z", context, value_of)
    if name in context.letters:
        return context.letters[name]
    raise Refused(f"{name} is not known")


def slope(of: str, by: str, context, value_of) -> float:
    """How fast one letter changes with another, which is held by nothing else."""
    start = value_of_name(by, context, value_of)
    moved = context.with_moved({**context.moved, by: start + 1j * STEP})
    return value_of_name(of, moved, value_of).imag / STEP


def movement(name: str, context, value_of) -> float:
    """Δ of a letter, when those letters of the equation move that depend on no other: by tiny
    amounts where the equation says ≈, else by amounts that can be seen."""
    starts = {each: value_of_name(each, context, value_of) for each in context.moves}
    if context.tiny:
        moves = {each: starts[each] + 1j * STEP * by for each, by in context.moves.items()}
        end = value_of_name(name, context.with_moved(moves), value_of)
        return end.imag / STEP
    moves = {each: starts[each] + by for each, by in context.moves.items()}
    end = value_of_name(name, context.with_moved(moves), value_of)
    return end - value_of_name(name, context, value_of)


def movers(tree: Tree, definitions: dict[str, Node]) -> list[str]:
    """The letters of an equation whose movement is given: the others follow from them."""
    moving = {name_of(move.children[0]) for move in tree.find_data("move")}
    return [name for name in sorted(moving) if not sources({name}, definitions) & moving - {name}]
