"""Evaluates an equation: both sides of every relation, in every network it should hold in."""

import itertools
import math
import operator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from lark import Lark, Token, Tree
from lark.exceptions import LarkError

from equations.extract import Equation
from equations.network import World, random_world

PARSER = Lark(
    (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8"),
    start="chain",
    parser="lalr",
    propagate_positions=True,
    maybe_placeholders=False,
)
# A lark tree. Its children are trees and tokens, which lark's types do not tell apart.
Node = Any

TOLERANCE = 1e-9  # the complex step is exact to about 1e-15; sums of products lose a few digits

# Which array a macro names, and how its name depends on the layer.
ARRAYS = {"X": "A0", "x": "A0", "y": "A{L}", "t": "T", "Tgt": "T"}
LAYERED = {"W": "W", "b": "b", "z": "Z", "Z": "Z", "a": "A", "A": "A", "err": "Z", "errx": "Z"}
ERRORS = ("err", "errx")
OF_A_BATCH = {"X", "Z", "A", "Tgt", "Loss"}
OF_A_SAMPLE = {"x", "z", "a", "t", "y", "Lossx", "errx"}


class Refused(Exception):
    """The equation cannot be evaluated: shapes that do not fit, an index out of range, …"""


class DoesNotApply(Exception):
    """A general layer for which the equation says nothing, such as l = L with l + 1 in it."""


@dataclass
class Result:
    """What came of one equation."""

    instances: int = 0
    worst: float = 0.0  # largest relative difference of two sides
    wrong: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.instances > 0 and not self.wrong


# What an equation speaks of


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
    totals = tree.find_data("total")
    return {str(under.children[0]) for total in totals for under in total.find_data("under")}


def worlds(equation: Equation, tree: Node, page_worlds: list[World]) -> list[World]:
    """The page's own numbers where they fit, and networks drawn at random: of different sizes
    in every dimension, and square ones, whose shapes can't give a mistake away."""
    names = macros(tree)
    if not names:
        return [World(np.zeros((1, 1)), np.zeros((1, 1)), {}, {}, about="numbers drawn at random")]
    depth = equation.layers or (page_worlds[0].L if page_worlds else max(2, largest_layer(tree)))
    general = bool(letters_in_layers(tree)) or "L" in {
        str(t.children[0]) for d in ("layer_letter",) for t in tree.find_data(d)
    }
    over_samples = "x" in summed_letters(tree)
    one_sample = bool(names & OF_A_SAMPLE) and not over_samples
    a_batch = bool(names & OF_A_BATCH) or over_samples
    batches = [1] if one_sample else [4, 3, 1] if a_batch else [3, 1]
    activations = ["sigmoid"]
    if any(True for data in ("act", "act_slope") for _ in tree.find_data(data)):
        activations = ["sigmoid", "tanh"]

    if has_numbered_elements(tree):
        last = [2, 3, 4] if summed_letters(tree) else [2, 2, 2]
        sizes = [[2] * depth + [k] for k in last]
    else:
        depths = [2, 3, 4] if general else [depth]
        sizes = [[3, 5, 2, 4, 6][: L + 1] for L in depths]
        sizes += [[4, 2, 5, 3, 2][: L + 1] for L in depths]
        sizes += [[3] * (L + 1) for L in depths]

    own = [
        world
        for world in page_worlds
        if not equation.outputs
        and (world.n == 1 or not one_sample)
        and (general or depth == world.L)
    ]
    if any(True for _ in tree.find_data("becomes")):
        return [world for world in own if world.stepped]
    if says_a_number(tree):
        return own
    rng = np.random.default_rng(equation.number)
    drawn = [
        random_world(rng, size, n, activation, equation.outputs or None)
        for size in sizes
        for n in batches
        for activation in activations
    ]
    return own + drawn


# Evaluating


@dataclass
class Context:
    """Where a tree is evaluated: a network, a layout, and what letters stand for."""

    world: World
    columns: bool
    letters: dict[str, float | np.ndarray] = field(default_factory=dict)
    sample: int | None = None
    definitions: dict[str, Node] = field(default_factory=dict)
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def with_letter(self, letter: str, value: float) -> "Context":
        letters = {**self.letters, letter: value}
        return Context(self.world, self.columns, letters, self.sample, self.definitions, self.rng)

    def with_sample(self, sample: int) -> "Context":
        return Context(self.world, self.columns, self.letters, sample, self.definitions, self.rng)


def layer_of(layer: Node, context: Context) -> int:
    if layer.data == "layer_number":
        return int(layer.children[0])
    letter = str(layer.children[0])
    value = context.world.L if letter == "L" else context.letters.get(letter)
    if value is None:
        raise Refused(f"the layer {letter} is not bound")
    shift = int(layer.children[1]) if len(layer.children) > 1 else 0
    return int(value) + (-shift if layer.data == "layer_below" else shift)


def array_name(node: Node, context: Context) -> str:
    """The name in the forward pass of the array that a node speaks of."""
    name, (layer, _) = macro(node), parts(node)
    if name in ARRAYS and layer is None:
        return ARRAYS[name].format(L=context.world.L)
    if name not in LAYERED or layer is None:
        raise Refused(f"\\{name} with or without a layer")
    number = layer_of(layer, context)
    lowest = 0 if name in ("a", "A") else 1
    if not lowest <= number <= context.world.L:
        if layer.data == "layer_number":
            raise Refused(f"there is no layer {number}")
        raise DoesNotApply
    return f"{LAYERED[name]}{number}"


def is_loss(node: Node) -> bool:
    return macro(node) in ("Loss", "Lossx")


def loss_place(node: Node, context: Context) -> tuple[str, tuple[int, int]]:
    """A loss as a place in the forward pass: C, E of the sample, or its part k."""
    _, index = parts(node)
    sample = context.sample or 0
    if macro(node) == "Loss":
        if index:
            raise Refused("the loss of a batch has no parts")
        return "C", (0, 0)
    if context.sample is None and context.world.n != 1:
        raise Refused("the loss of one sample, in a batch of several")
    if not index:
        return "E", (sample, 0)
    (k,) = element(index, ("n_L",), [context.world.T.shape[1]], context)
    return "parts", (sample, k)


def element(index: list[Token], names, sizes: list[int], context: Context) -> tuple[int, ...]:
    """Indices from 1, written as numbers or letters, as places from 0."""
    if len(index) != len(sizes):
        raise Refused(f"{len(index)} indices for {len(sizes)} dimensions")
    places = []
    for token, size in zip(index, sizes, strict=True):
        value = int(token) if token.type == "NUMBER" else context.letters.get(str(token))
        if value is None:
            raise Refused(f"the index {token} is not bound")
        if not 1 <= value <= size:
            raise Refused(f"index {value} of {size}")
        places.append(int(value) - 1)
    return tuple(places)


def place_in(node: Node, shape: tuple[int, int], context: Context) -> tuple[int, int] | None:
    """Where in its array an indexed node lies; None for the whole array."""
    _, index = parts(node)
    if not index:
        return None
    if context.columns:
        raise Refused("elements are written in the row layout only")
    if macro(node) == "W":
        return element(index, "ij", list(shape), context)  # type: ignore[return-value]
    if shape[0] != 1 and context.sample is None:
        raise Refused("an element of a batch of several samples")
    (column,) = element(index, "j", [shape[1]], context)
    return (context.sample or 0) if shape[0] > 1 else 0, column


def laid_out(array: np.ndarray, context: Context):
    return array.T if context.columns else array


def node_value(node: Node, context: Context):
    world, name = context.world, macro(node)
    if name == "lr":
        return world.lr
    if is_loss(node):
        loss, where = loss_place(node, context)
        return float(world.values[loss][where])
    array_of = array_name(node, context)
    array = error(name, array_of, context) if name in ERRORS else world.values[array_of]
    place = place_in(node, array.shape, context)
    if place is not None:
        return float(array[place])
    if context.sample is not None and name not in ("W", "b"):
        array = array[context.sample : context.sample + 1]
    return laid_out(array, context)


def error(name: str, Z: str, context: Context) -> np.ndarray:
    """δ, as the derivative of the loss by Z: never by a formula for it."""
    if name == "err":
        return context.world.derivative("C", (0, 0), Z)
    if context.sample is None and context.world.n != 1:
        raise Refused("the error of one sample, in a batch of several")
    return context.world.derivative("E", (context.sample or 0, 0), Z)


def gradient(of: Node, by: Node, context: Context):
    world = context.world
    if is_loss(of):
        of_name, of_place = loss_place(of, context)
    else:
        of_name = array_name(of, context)
        found = place_in(of, world.values[of_name].shape, context)
        if found is None or macro(of) in ERRORS:
            raise Refused("only a number can be differentiated")
        of_place = found
    if is_loss(by):
        by_name, by_place = loss_place(by, context)
    else:
        by_name = array_name(by, context)
        found = place_in(by, world.values[by_name].shape, context)
        if macro(by) in ERRORS:
            raise Refused("a derivative by an error")
        by_place = found  # type: ignore[assignment]
    slopes = world.derivative(of_name, of_place, by_name)
    return float(slopes[by_place]) if by_place is not None else laid_out(slopes, context)


def is_number(value) -> bool:
    return np.ndim(value) == 0


def product(left, right):
    if is_number(left) or is_number(right):
        return left * right
    if left.shape[1] != right.shape[0]:
        raise Refused(f"matrix product of shapes {left.shape} and {right.shape}")
    return left @ right


def is_bias(tree) -> bool:
    return isinstance(tree, Tree) and tree.data == "node" and macro(tree) == "b"


def summed(left, right, trees, sign: int):
    """A sum or difference. A bias may stand beside a batch, a number before an array."""
    if is_number(left) == is_number(right):
        if np.shape(left) != np.shape(right) and not any(map(is_bias, trees)):
            raise Refused(f"sum of shapes {np.shape(left)} and {np.shape(right)}")
    elif not is_number(left) or sign > 0:
        raise Refused("sum of a number and an array")
    return left + sign * right


def letter_value(tree: Node, context: Context):
    letter = str(tree.children[0])
    index = parts(tree)[1]
    if letter in context.definitions:
        return definition_value(letter, index, context)
    if index:
        vector = context.letters.get(f"{letter}_")
        if vector is None:
            raise Refused(f"{letter} with an index is not known")
        return float(vector[element(index, "k", [len(vector)], context)[0]])  # type: ignore
    if letter == "e":
        return math.e
    if letter == "n":
        return float(context.world.n)
    if letter == "L":
        return float(context.world.L)
    if letter in context.letters:
        return context.letters[letter]
    raise Refused(f"{letter} is not known")


def definition_value(letter: str, index: list[Token], context: Context):
    """p_c from p_k = …: the defining side, with its index letter bound to this one."""
    tree = context.definitions[letter]
    head, body = tree.children[0], tree.children[2]
    own = parts(head)[1]
    if len(own) != len(index):
        raise Refused(f"{letter} is defined with {len(own)} indices")
    inner = Context(context.world, context.columns, dict(context.letters), rng=context.rng)
    for token, value in zip(own, index, strict=True):
        bound = int(value) if value.type == "NUMBER" else context.letters[str(value)]
        inner.letters[str(token)] = bound
    return value_of(body, inner)


def total(under: Node, over: Node | None, body: Node, context: Context):
    """A sum over the samples, if its letter is x and indexes nothing; else over an index."""
    letter = str(under.children[0])
    sizes = sizes_of_letter(letter, body, context)
    if letter == "x" and not sizes:
        terms = [value_of(body, context.with_sample(s)) for s in range(context.world.n)]
        return sum(terms[1:], terms[0])
    if len(sizes) != 1:
        raise Refused(f"the sum over {letter} has no one range: {sorted(sizes)}")
    (size,) = sizes
    first = int(under.children[1]) if len(under.children) > 1 else 1
    last = size
    if over is not None:
        token = over.children[0]
        if token.type == "NUMBER":
            last = int(token)
        else:
            context = context.with_letter(str(token), size)
    terms = [value_of(body, context.with_letter(letter, k)) for k in range(first, last + 1)]
    return sum(terms[1:], terms[0])


def sizes_of_letter(letter: str, tree: Node, context: Context) -> set[int]:
    """How far an index letter may run, from the arrays it is used with."""
    sizes = set()
    for node in nodes(tree):
        index = [str(token) for token in parts(node)[1]]
        if letter in index:
            if is_loss(node):
                shape: tuple[int, ...] = (context.world.T.shape[1],)
            elif macro(node) == "W":
                shape = context.world.values[array_name(node, context)].shape
            else:
                shape = context.world.values[array_name(node, context)].shape[1:]
            sizes |= {size for name, size in zip(index, shape, strict=False) if name == letter}
    for plain in tree.find_data("letter"):
        index = [str(token) for token in parts(plain)[1]]
        if letter in index:
            vector = context.letters.get(f"{plain.children[0]}_")
            sizes.add(len(vector) if vector is not None else FREE_LENGTH)  # type: ignore
    return sizes


FREE_LENGTH = 4  # of plain letters with an index, such as z_k


def slope_of(f, z: float) -> float:
    from equations.network import STEP

    return (f(np.asarray(z) + 1j * STEP)).imag / STEP


def value_of(tree, context: Context):
    """A number, or an array of two dimensions."""
    world = context.world
    kind, children = tree.data, tree.children

    def value(position):
        return value_of(children[position], context)

    match kind:
        case "number":
            return float(children[0])
        case "node":
            return node_value(tree, context)
        case "letter":
            return letter_value(tree, context)
        case "gradient":
            return gradient(children[0], children[1], context)
        case "negative":
            return -value(0)
        case "plus":
            return summed(value(0), value(1), children, +1)
        case "minus":
            return summed(value(0), value(1), children, -1)
        case "times":
            return product(value(0), value(1))
        case "divided":
            if not is_number(value(1)):
                raise Refused("division by an array")
            return value(0) / value(1)
        case "elementwise":
            left, right = value(0), value(1)
            if is_number(left) or is_number(right) or left.shape != right.shape:
                shapes = f"{np.shape(left)} and {np.shape(right)}"
                raise Refused(f"elementwise product of shapes {shapes}")
            return left * right
        case "transpose":
            if is_number(value(0)):
                raise Refused("the transpose of a number")
            return value(0).T
        case "power":
            if not (is_number(value(0)) and is_number(value(1))):
                raise Refused("the power of an array")
            return value(0) ** value(1)
        case "norm":
            return float(np.sqrt(np.sum(np.asarray(value(0)) ** 2)))
        case "logarithm":
            return math.log(value(0))
        case "sigmoid":
            return 1 / (1 + np.exp(-value(0)))
        case "sigmoid_slope":
            return slope_of(lambda z: 1 / (1 + np.exp(-z)), value(0))
        case "act":
            return world.f(value(0))
        case "act_slope":
            return slope_of(world.f, value(0))
        case "matrix":
            rows = [[value_of(cell, context) for cell in row.children] for row in children]
            return np.array(rows, dtype=float)
        case "cases":
            return first_case(children, context)
        case "total":
            return total(children[0], over_of(children), children[-1], context)
    raise Refused(f"{kind} is not understood")


COMPARED = {
    "<": operator.lt,
    ">": operator.gt,
    r"\le": operator.le,
    r"\ge": operator.ge,
    "=": operator.eq,
}


def first_case(rows: list[Node], context: Context):
    """The value beside the first condition that holds."""
    for row in rows:
        value, *condition = row.children
        if not condition:
            return value_of(value, context)
        left, compared, right = condition
        if COMPARED[str(compared)](value_of(left, context), value_of(right, context)):
            return value_of(value, context)
    raise Refused("no case holds")


def over_of(children) -> Node | None:
    return children[1] if children[1].data == "over" else None


# One equation


def bindings(tree: Node, world: World, columns: bool, rng) -> list[Context]:
    """Every layer for a general layer, every unit for a free index, random numbers for plain
    letters."""
    layer_letters = sorted(letters_in_layers(tree))
    contexts = [Context(world, columns, rng=rng)]
    for letter in layer_letters:
        contexts = [c.with_letter(letter, k) for c in contexts for k in range(1, world.L + 1)]
    for context in contexts:
        for plain in tree.find_data("letter"):
            letter, index = str(plain.children[0]), parts(plain)[1]
            if index:
                context.letters.setdefault(f"{letter}_", rng.normal(0, 1, FREE_LENGTH))
            elif letter.isupper() and letter != "L":
                shape = {"A": (3, 4), "B": (4, 2)}.get(letter, (3, 3))
                context.letters.setdefault(letter, rng.normal(0, 1, shape))
            elif letter not in "neL" and letter not in summed_letters(tree):
                context.letters.setdefault(letter, float(rng.normal()))
    bound = summed_letters(tree) | {str(over.children[0]) for over in tree.find_data("over")}
    found = []
    for context in contexts:
        indexed = itertools.chain(nodes(tree), tree.find_data("letter"))
        names = {str(t) for n in indexed for t in parts(n)[1] if t.type == "LETTER"}
        free = sorted(names - bound)
        try:
            ranges = [sorted(sizes_of_letter(name, tree, context)) for name in free]
        except DoesNotApply:
            continue
        for combination in itertools.product(*(range(1, min(r, default=0) + 1) for r in ranges)):
            inner = context
            for name, number in zip(free, combination, strict=True):
                inner = inner.with_letter(name, number)
            found.append(inner)
    return found


def decimals(tree) -> int | None:
    """Digits behind the point, where a side is one printed number."""
    while tree.data == "negative":
        tree = tree.children[0]
    if tree.data != "number" or "." not in tree.children[0]:
        return None
    return len(tree.children[0].split(".")[1])


def compare(left, right, trees, relation: str) -> tuple[float, float]:
    """The difference of two sides, and how much is allowed."""
    if np.shape(left) != np.shape(right):
        raise Refused(f"sides of shapes {np.shape(left)} and {np.shape(right)}")
    difference = float(np.max(np.abs(np.asarray(left) - np.asarray(right))))
    digits = [d for d in map(decimals, trees) if d is not None]
    if digits:
        return difference, 0.5 * 10.0 ** -min(digits) * (1 + 1e-9)
    if relation == "about":
        raise Refused("≈ needs a printed number on one side")
    size = float(np.max(np.abs(np.asarray(right))))
    return difference, TOLERANCE * max(size, 1e-3)


def sides_of(tree: Node) -> list[tuple[Node, str, Node]]:
    children = tree.children
    return [
        (children[i], children[i + 1].data, children[i + 2]) for i in range(0, len(children) - 2, 2)
    ]


def parse(tex: str) -> Node:
    try:
        return PARSER.parse(tex)
    except LarkError as error:
        raise Refused(f"not understood: {str(error).splitlines()[0]}") from None


def evaluate(
    equation: Equation, page_worlds: list[World], definitions: dict[str, Node] | None = None
) -> Result:
    """Evaluate both sides of every relation of a chain, wherever it should hold."""
    result = Result()
    try:
        tree = parse(equation.tex)
        everywhere = worlds(equation, tree, page_worlds)
    except Refused as why:
        result.wrong.append(str(why))
        return result
    rng = np.random.default_rng(equation.number)
    for world in everywhere:
        repeats = 5 if not macros(tree) else 1
        for context in [
            c for _ in range(repeats) for c in bindings(tree, world, equation.columns, rng)
        ]:
            context.definitions = definitions or {}
            for left, relation, right in sides_of(tree):
                try:
                    if relation == "becomes":
                        sides = stepped(left, context), value_of(right, context)
                        difference, allowed = compare(*sides, (left, right), "equals")
                    else:
                        sides = value_of(left, context), value_of(right, context)
                        difference, allowed = compare(*sides, (left, right), relation)
                except DoesNotApply:
                    continue
                except (Refused, OverflowError, ZeroDivisionError, ValueError) as why:
                    result.wrong.append(f"{world.about}: {why}")
                    return result
                result.instances += 1
                size = float(np.max(np.abs(np.asarray(sides[1])))) or 1.0
                if not decimals(left) and not decimals(right):
                    result.worst = max(result.worst, difference / max(size, 1e-3))
                if not difference <= allowed:
                    result.wrong.append(f"{world.about}: {sides[0]!r} is not {sides[1]!r}")
                    return result
    if not result.instances:
        result.wrong.append("no network was found in which it could be evaluated")
    return result


def stepped(node: Node, context: Context):
    """The value of a parameter after the page's own step of descent."""
    if node.data != "node":
        raise Refused("only a parameter is updated")
    name = array_name(node, context)
    if name not in context.world.stepped:
        raise Refused(f"the page has no new_{name}")
    return context.world.stepped[name]
