"""In which networks an equation should hold, and what its letters may stand for there."""

import itertools
from dataclasses import replace

import numpy as np

from equations.extract import Equation
from equations.letters import free_names, name_of, names_in
from equations.network import World, random_world
from equations.tree import (
    DoesNotApply,
    Node,
    has_numbered_elements,
    largest_layer,
    letters_in_layers,
    macros,
    nodes,
    parts,
    says_a_number,
    sides_of,
    summed_letters,
)
from equations.values import FREE_LENGTH, Context, movers, sizes_of_letter

OF_A_BATCH = {"X", "Z", "A", "Tgt", "Loss"}
OF_A_SAMPLE = {"x", "z", "a", "t", "y", "Lossx", "errx"}


def worlds(equation: Equation, tree: Node, page_worlds: list[World]) -> list[World]:
    """The page's own numbers where they fit, and networks drawn at random: of different sizes
    in every dimension, and square ones, whose shapes can't give a mistake away."""
    if equation.about == "plain letters":
        return worlds_of_letters(equation, tree, page_worlds)
    if equation.about == "one layer":
        return worlds_of_one_layer(equation, tree, page_worlds)
    page_worlds = [w for w in page_worlds if w.W and not w.is_one_layer]
    names = macros(tree)
    if not names:
        nothing = World(np.zeros((1, 1)), np.zeros((1, 1)), {}, {}, about="numbers at random")
        return [nothing] * 5  # letters only: five draws of numbers for them
    depth = equation.layers or (page_worlds[0].L if page_worlds else max(2, largest_layer(tree)))
    general = bool(letters_in_layers(tree)) or "L" in {
        str(t.children[0]) for d in ("layer_letter",) for t in tree.find_data(d)
    }
    over_samples = "x" in summed_letters(tree)
    one_sample = bool(names & OF_A_SAMPLE) and not over_samples
    a_batch = bool(names & OF_A_BATCH) or over_samples
    batches = [1] if one_sample else [4, 3, 1] if a_batch else [3, 1]
    any_function = any(True for data in ("act", "act_slope") for _ in tree.find_data(data))
    activations = ["sigmoid", "tanh"] if any_function else ["sigmoid"]
    if equation.hidden:
        activations = [equation.hidden]

    if has_numbered_elements(tree):
        # As many units as the page's network has, if that is as deep; as many outputs anyway.
        units = page_worlds[0].sizes if page_worlds else [2] * (depth + 1)
        inner = units[:-1] if len(units) == depth + 1 else [2] * depth
        last = [2, 3, 4] if summed_letters(tree) else [units[-1]] * 3
        sizes = [[*inner, k] for k in last]
    else:
        depths = [2, 3, 4] if general else [depth]
        sizes = [[3, 5, 2, 4, 6][: L + 1] for L in depths]
        sizes += [[4, 2, 5, 3, 2][: L + 1] for L in depths]
        sizes += [[3] * (L + 1) for L in depths]

    own = [
        world.turned(equation.hidden, equation.outputs, equation.loss)
        for world in page_worlds
        if "outputs=" not in equation.mark
        and (world.n == 1 or not one_sample)
        and (general or depth == world.L)
        and (equation.loss != "cross-entropy" or np.allclose(world.T.sum(axis=1), 1))
    ]
    if any(True for _ in tree.find_data("becomes")):
        return [world for world in own if world.stepped]
    if says_a_number(tree):
        return own
    rng = np.random.default_rng(equation.number)
    drawn = [
        random_world(
            *(rng, size, n, activation, equation.outputs or None),
            loss=equation.loss or "squared error",
        )
        for size in sizes
        for n in batches
        for activation in activations
    ]
    return own + drawn


def worlds_of_letters(equation: Equation, tree: Node, page_worlds: list[World]) -> list[World]:
    """The numbers that the page's code gives to letters in the next block that has them all, or
    several draws at random."""
    nothing = World(np.zeros((1, 1)), np.zeros((1, 1)), {}, {}, about="letters at random")
    if equation.numbers:
        return [replace(nothing, letters=equation.numbers, about="the numbers of its mark")]
    steps = {name_of(left) for left, relation, _ in sides_of(tree) if relation == "becomes"}
    if steps or equation.is_definition or says_a_number(tree):
        own = [
            w
            for w in page_worlds
            if names_in(tree) <= w.letters.keys() and steps <= w.stepped.keys()
        ]
        after = [world for world in own if world.line > equation.line]
        return after[:1] or own[-1:]
    return [nothing] * 7


def worlds_of_one_layer(equation: Equation, tree: Node, page_worlds: list[World]) -> list[World]:
    own = [world for world in page_worlds if world.is_one_layer]
    if says_a_number(tree):
        return own
    rng = np.random.default_rng(equation.number)
    shapes = [(4, 3, 5), (3, 4, 2), (1, 3, 2), (3, 3, 3), (2, 2, 2)]
    if has_numbered_elements(tree):  # written for as many samples, inputs and units as the page has
        m, k = own[0].W[1].shape if own else (3, 2)
        shapes = [(own[0].n if own else 2, m, k)] * 3
    drawn = [random_world(rng, [m, k], n, "identity") for n, m, k in shapes]
    return own + [replace(world, is_one_layer=True) for world in drawn]


def letters_bound(
    equation: Equation, tree: Node, world: World, definitions: dict[str, Node], rng
) -> Context:
    """Numbers for plain letters: the world's own, or drawn. A definition is held against what the
    page's code computed, so there no letter is computed here."""
    if equation.is_definition:
        definitions = {}
    needed = free_names(tree, definitions)
    found = world.letters or {name: float(rng.normal()) for name in sorted(needed)}
    context = Context(world, False, dict(found), definitions=definitions, rng=rng, plain=True)
    for name in movers(tree, context):
        context.moves[name] = float(rng.normal())
    return context


def bindings(
    equation: Equation, tree: Node, world: World, definitions: dict[str, Node], rng
) -> list[Context]:
    """Every layer for a general layer, every unit for a free index, random numbers for plain
    letters."""
    if equation.about == "plain letters":
        return [letters_bound(equation, tree, world, definitions, rng)]
    layer_letters = sorted(letters_in_layers(tree))
    contexts = [Context(world, equation.columns, definitions=definitions, rng=rng)]
    for context in contexts:
        for name in movers(tree, context):
            context.moves[name] = rng.normal(0, 1, world.values[name].shape)
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
