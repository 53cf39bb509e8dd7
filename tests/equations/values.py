"""The value of a tree in a network: a number, or an array of two dimensions.

Shapes are strict: no broadcasting but a bias over a batch and a number before an array."""

import math
import operator
from dataclasses import dataclass, field, replace

import numpy as np
from lark import Token, Tree

from equations import letters
from equations.network import ACTIVATIONS, STEP, World
from equations.tree import DoesNotApply, Node, Refused, macro, nodes, parts

# Which array a macro names, and how its name depends on the layer.
ARRAYS = {"X": "A0", "x": "A0", "y": "A{L}", "t": "T", "Tgt": "T"}
ONE_LAYER = {"X": "A0", "weights": "W1", "bias": "b1", "Y": "Z1", "Tgt": "T"}
LAYERED = {"W": "W", "b": "b", "z": "Z", "Z": "Z", "a": "A", "A": "A", "err": "Z", "errx": "Z"}
ERRORS = ("err", "errx")


@dataclass
class Context:
    """Where a tree is evaluated: a network, a layout, and what letters stand for."""

    world: World
    columns: bool
    letters: dict[str, float | np.ndarray] = field(default_factory=dict)
    sample: int | None = None
    definitions: dict[str, Node] = field(default_factory=dict)
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    plain: bool = False  # plain letters instead of a network
    moved: dict[str, complex] = field(default_factory=dict)  # plain letters that stand elsewhere
    moves: dict[str, float | np.ndarray] = field(default_factory=dict)  # what Δ adds, and to what
    tiny: bool = False  # whether these movements are

    def with_letter(self, letter: str, value: float) -> "Context":
        return replace(self, letters={**self.letters, letter: value})

    def with_sample(self, sample: int) -> "Context":
        return replace(self, sample=sample)

    def with_moved(self, moved: dict[str, complex]) -> "Context":
        return replace(self, moved=moved)


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
    if context.world.is_one_layer and name in ONE_LAYER and layer is None:
        return ONE_LAYER[name]
    if name in ARRAYS and layer is None:
        return ARRAYS[name].format(L=context.world.L)
    if name not in LAYERED or layer is None:
        raise Refused(f"\\{name} with or without a layer")
    number = layer_of(layer, context)
    lowest = 0 if name in ("a", "A") else 1
    if not lowest <= number <= context.world.L:
        beyond_the_last = layer.data == "layer_above" and layer.children[0] == "L"
        if layer.data == "layer_number" or beyond_the_last:
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
    if is_matrix(node, context):
        if context.columns:  # there an index says first where the arrow ends
            index = index[::-1]
        return element(index, "ij", list(shape), context)  # type: ignore[return-value]
    if shape[0] != 1 and context.sample is None:
        raise Refused("an element of a batch of several samples")
    (column,) = element(index, "j", [shape[1]], context)
    return (context.sample or 0) if shape[0] > 1 else 0, column


def is_matrix(node: Node, context: Context) -> bool:
    """Whether its elements are written with two indices."""
    return macro(node) == "W" or (context.world.is_one_layer and macro(node) != "bias")


def laid_out(array: np.ndarray, context: Context):
    return array.T if context.columns else array


def of_sample(array: np.ndarray, name: str, context: Context) -> np.ndarray:
    """Inside a sum over the samples the row of one; parameters have no rows for samples."""
    if context.sample is None or name in ("W", "b"):
        return array
    return array[context.sample : context.sample + 1]


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
    return laid_out(of_sample(array, name, context), context)


def error(name: str, Z: str, context: Context) -> np.ndarray:
    """δ, as the derivative of the loss by Z: never by a formula for it."""
    if name == "err":
        return context.world.derivative("C", (0, 0), Z)
    if context.sample is None and context.world.n != 1:
        raise Refused("the error of one sample, in a batch of several")
    return context.world.derivative("E", (context.sample or 0, 0), Z)


def gradient(of: Node, by: Node, context: Context):
    if context.plain:
        return letters.slope(letters.name_of(of), letters.name_of(by), context, value_of)
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
    if by_place is not None:
        return float(slopes[by_place])
    return laid_out(of_sample(slopes, macro(by), context), context)


def jacobian(of: Node, by: Node, context: Context) -> np.ndarray:
    """A row for each number of one array, a column for each of the other, of one sample."""
    world, (of_name, by_name) = context.world, (array_name(each, context) for each in (of, by))
    if parts(of)[1] or parts(by)[1] or {macro(of), macro(by)} & {"W", "b", *ERRORS}:
        raise Refused("a Jacobian is of one row of numbers by another")
    if world.n != 1:
        raise Refused("a Jacobian, in a batch of several samples")
    size = world.values[of_name].shape[1]
    return np.vstack([world.derivative(of_name, (0, k), by_name) for k in range(size)])


def is_number(value) -> bool:
    return np.ndim(value) == 0


def product(left, right):
    if is_number(left) or is_number(right):
        return left * right
    if left.shape[1] != right.shape[0]:
        raise Refused(f"matrix product of shapes {left.shape} and {right.shape}")
    return left @ right


def is_bias(tree) -> bool:
    return isinstance(tree, Tree) and tree.data == "node" and macro(tree) in ("b", "bias")


def summed(left, right, trees, sign: int):
    """A sum or difference. A bias may stand beside a batch, a number before an array."""
    if is_number(left) == is_number(right):
        if np.shape(left) != np.shape(right) and not any(map(is_bias, trees)):
            raise Refused(f"sum of shapes {np.shape(left)} and {np.shape(right)}")
    elif not is_number(left) or sign > 0:
        raise Refused("sum of a number and an array")
    return left + sign * right


def movement(node: Node, context: Context):
    """Δ of an array of a layer, or of its loss; see letters.movement."""
    if context.plain:
        return letters.movement(letters.name_of(node), context, value_of)
    world = context.world
    name = "C" if is_loss(node) else array_name(node, context)
    by = STEP * 1j if context.tiny else 1.0
    moved = world.forward(
        {at: world.values[at] + by * change for at, change in context.moves.items()}
    )
    change = moved[name].imag / STEP if context.tiny else moved[name] - world.values[name]
    return float(change.item()) if is_loss(node) else change


def movers(tree: Node, context: Context) -> list[str]:
    """The arrays of an equation whose movement is given: the others follow from them."""
    if context.plain:
        return letters.movers(tree, context.definitions)
    moving = [move.children[0] for move in tree.find_data("move")]
    names = {array_name(node, context) for node in moving if not is_loss(node)}
    return sorted(names - {"Z1"}) or sorted(names)


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
    inner = replace(context, letters=dict(context.letters), definitions={})
    for token, value in zip(own, index, strict=True):
        bound = int(value) if value.type == "NUMBER" else context.letters[str(value)]
        inner.letters[str(token)] = bound
    return value_of(body, inner)


def total(under: Node, over: Node | None, body: Node, context: Context):
    terms = terms_of(under, over, body, context)
    return sum(terms[1:], terms[0])


def terms_of(under: Node, over: Node | None, body: Node, context: Context) -> list:
    """What is added: over the samples, if the letter is x and indexes nothing; else over an
    index."""
    letter = str(under.children[0])
    sizes = sizes_of_letter(letter, body, context)
    if letter == "x" and not sizes:
        return [value_of(body, context.with_sample(s)) for s in range(context.world.n)]
    if over is not None and over.children[0].type == "NUMBER":
        sizes = {int(over.children[0])}
    if len(sizes) != 1:
        raise Refused(f"the sum over {letter} has no one range: {sorted(sizes)}")
    (size,) = sizes
    first, left_out = 1, None
    if len(under.children) > 1 and under.children[1].type == "NUMBER":
        first = int(under.children[1])
    elif len(under.children) > 1:
        left_out = context.letters.get(str(under.children[1]))
        if left_out is None:
            raise Refused(f"the index {under.children[1]} is not bound")
    if over is not None and over.children[0].type == "LETTER":
        context = context.with_letter(str(over.children[0]), size)
    return [
        value_of(body, context.with_letter(letter, k))
        for k in range(first, size + 1)
        if k != left_out
    ]


def sizes_of_letter(letter: str, tree: Node, context: Context) -> set[int]:
    """How far an index letter may run, from the arrays it is used with."""
    sizes = set()
    for node in nodes(tree):
        index = [str(token) for token in parts(node)[1]]
        if letter in index:
            if is_loss(node):
                shape: tuple[int, ...] = (context.world.T.shape[1],)
            elif is_matrix(node, context):
                shape = context.world.values[array_name(node, context)].shape
                shape = shape[::-1] if context.columns else shape
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


def then(y):
    """A second function after f, with no law of its own."""
    return np.sin(y) + 0.5 * y * y


def slope_of(f, z: float) -> float:
    return (f(np.asarray(z) + 1j * STEP)).imag / STEP


def value_of(tree, context: Context):
    """A number, or an array of two dimensions."""
    world = context.world
    kind, children = tree.data, tree.children

    def value(position):
        return value_of(children[position], context)

    if context.plain and kind in ("node", "letter"):
        if tree.children == ["e"]:
            return math.e
        return letters.value_of_name(letters.name_of(tree), context, value_of)
    match kind:
        case "number":
            return float(children[0])
        case "node":
            return node_value(tree, context)
        case "letter":
            return letter_value(tree, context)
        case "gradient":
            return gradient(children[0], children[1], context)
        case "move":
            return movement(children[0], context)
        case "inner":
            left, right = value(0), value(1)
            if is_number(left) or is_number(right) or left.shape != right.shape:
                raise Refused(f"inner product of {np.shape(left)} and {np.shape(right)}")
            return float(np.sum(left * right))
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
            of = value(0)
            return np.log(of) if isinstance(of, complex) else math.log(of)
        case "function":
            return ACTIVATIONS[str(children[0])[1:]](value(1))
        case "function_slope":
            return slope_of(ACTIVATIONS[str(children[0])[1:]], value(1))
        case "then":
            return then(value(0))
        case "then_slope":
            return slope_of(then, value(0))
        case "act":
            return world.f(value(0))
        case "act_slope":
            return slope_of(world.f, value(0))
        case "matrix":
            rows = [[value_of(cell, context) for cell in row.children] for row in children]
            return np.array(rows, dtype=float)
        case "cases":
            return first_case(children, context)
        case "bracket":
            return float(COMPARED[children[1].data](value(0), value(2)))
        case "total":
            return total(children[0], over_of(children), children[-1], context)
        case "whole_product":
            return math.prod(terms_of(children[0], over_of(children), children[-1], context))
        case "jacobian":
            return jacobian(children[0], children[1], context)
    raise Refused(f"{kind} is not understood")


COMPARED = {
    "less": operator.lt,
    "greater": operator.gt,
    "at_most": operator.le,
    "at_least": operator.ge,
    "same": operator.eq,
}


def first_case(rows: list[Node], context: Context):
    """The value beside the first condition that holds."""
    for row in rows:
        value, *condition = row.children
        if not condition:
            return value_of(value, context)
        left, compared, right = condition
        if COMPARED[compared.data](value_of(left, context), value_of(right, context)):
            return value_of(value, context)
    raise Refused("no case holds")


def over_of(children) -> Node | None:
    return children[1] if children[1].data == "over" else None
