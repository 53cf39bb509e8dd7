"""One layer at a time: which one goes back wrongly, and are all of them right at their kinks?

Where several layers have a kink at the same point, the slopes of the loss alone can not tell: a
layer has chosen one slope at its kink, the next has chosen another, and the product of the two
need not lie between the slopes of the loss. But if every layer goes back rightly from what
arrives at it, and the loss starts them rightly, the chain rule says that all together do.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from backprop.arrays import FloatArray, Remembered
from backprop.comparing import ROUNDING, compare
from backprop.guards import bare
from backprop.losses import Loss
from backprop.network import is_chain
from backprop.parameters import parameters_in
from backprop.validation import quiet


@dataclass
class Passage:
    """What one layer was given and what it returned, on the way forward and back."""

    place: str
    layer: Any
    x: FloatArray
    y: FloatArray
    dy: Remembered
    dx: Remembered


@dataclass
class Verdict:
    """Of layers judged by themselves: the first that is wrong, and whether any was at a kink."""

    wrong: str = ""  # as "layers[1].W", or "layers[1]: dx"
    at_kink: bool = False


@quiet
def passages(layers: list[Any], x: FloatArray, dy: FloatArray, place: str = "") -> list[Passage]:
    """Go through layers, forward and back, and note what passes."""
    found = []
    x, dy = x.copy(), dy.copy()  # layers may write into what they are given
    for i, layer in enumerate(layers):
        given, x = x.copy(), bare(layer.forward)(x)
        found.append(Passage(f"{place}layers[{i}]", layer, given, x.copy(), dy, dy))
    for passage in reversed(found):
        passage.dy = dy.copy()
        dy = bare(passage.layer.backward)(dy)
        passage.dx = dy.copy()
    return found


def way_through(net: Any, x: FloatArray, dy: FloatArray) -> list[Passage]:
    """Go through a network's layers; a network that goes its own way is looked at as a whole."""
    if is_chain(net):
        return passages(net.layers, x, dy)
    return [replace(each, place="net") for each in passages([net], x, dy)]


def judge(found: list[Passage], step: float, tolerance: float) -> Verdict:
    """Judge each layer by itself, from the last to the first."""
    verdict = Verdict()
    for passage in reversed(found):
        of_one = judge_one(passage, step, tolerance)
        if of_one.wrong and is_chain(passage.layer):
            inside = passages(passage.layer.layers, passage.x, passage.dy, f"{passage.place}.")
            of_one = judge(inside, step, tolerance)
        elif of_one.wrong and hasattr(passage.layer, "layers"):
            of_one = judge_composite(passage, step, tolerance) or of_one
        verdict.at_kink |= of_one.at_kink
        if of_one.wrong:
            return Verdict(of_one.wrong, verdict.at_kink)
    return verdict


@quiet
def judge_one(passage: Passage, step: float, tolerance: float) -> Verdict:
    """Compare what a layer leaves behind with the slopes of Σ dy ⊙ y, dy held."""
    layer, x, dy = in_float64(passage.layer), passage.x.astype(float), passage.dy.astype(float)

    def loss() -> float:
        return float((dy * layer.forward(x.copy())).sum())

    arrays, analytic = {"x": x}, {"x": passage.dx}
    of_copy, of_layer = parameters_in([layer]), parameters_in([passage.layer])
    for mine, its in zip(of_copy, of_layer, strict=True):
        name = its.full_name.removeprefix("layers[0].")
        arrays[name], analytic[name] = mine.value, its.gradient
    size = np.abs(dy) * (np.abs(passage.y) + step)
    rounding = ROUNDING * float(size.sum())
    slopes, errors = compare(
        loss, arrays, analytic, passage.dy, step=step, rounding=rounding, tolerance=tolerance
    )
    verdict = Verdict(at_kink=any(each.at_kink.any() for each in slopes.values()))
    for name, each in errors.items():
        if each.max() >= tolerance:
            what = f"{passage.place}: dx" if name == "x" else f"{passage.place}.{name}"
            return Verdict(what, verdict.at_kink)
    return verdict


@quiet
def judge_loss(
    loss: Loss, y: FloatArray, t: Any, dy: FloatArray, step: float, tolerance: float
) -> Verdict:
    """Compare what a loss gives as its gradient with its slopes."""
    y64 = y.astype(np.float64)
    rounding = ROUNDING * (abs(loss(y64, t)) + step)
    slopes, errors = compare(
        lambda: float(loss(y64, t)),
        {"y": y64},
        {"y": dy},
        dy,
        step=step,
        rounding=rounding,
        tolerance=tolerance,
    )
    wrong = bool((errors["y"] >= tolerance).any())
    return Verdict("loss.gradient" if wrong else "", bool(slopes["y"].at_kink.any()))


# ---------------------------------------------------------------- a layer made of layers


def judge_composite(passage: Passage, step: float, tolerance: float) -> Verdict | None:
    """Judge what a layer is made of, one by one, and then how it joins them.

    The latter with stand-ins for what it is made of, which are linear: they have no kinks. None
    where a layer can not be judged so: it looks into its parts, say, or goes through one twice.
    """
    try:
        inside = passages_inside(passage)
        if inside is None:
            return None
        verdict = judge(inside, step, tolerance)
        if not verdict.wrong:
            joined = with_stand_ins(passage, inside)
            of_joints = judge_one(joined, step, tolerance)
            verdict = Verdict(of_joints.wrong, verdict.at_kink or of_joints.at_kink)
        return verdict
    except Exception:  # whatever its lines do that stand-ins are no match for
        return None


def passages_inside(passage: Passage) -> list[Passage] | None:
    """Note what passes through the layers of a layer, if it goes through each of them once."""
    layer = copy.deepcopy(passage.layer)
    noted: list[list[Passage]] = []
    for i, inner in enumerate(layer.layers):
        noted.append(note(inner, f"{passage.place}.layers[{i}]"))
    layer.forward(passage.x.copy())
    layer.backward(passage.dy.copy())
    for inner in layer.layers:
        del inner.forward, inner.backward
    once = all(len(each) == 1 and each[0].dx is not None for each in noted)
    return [each[0] for each in noted] if once else None


def note(layer: Any, place: str) -> list[Passage]:
    """Let a layer note what it is given and what it returns, from now on."""
    forward, backward = layer.forward, layer.backward
    noted: list[Passage] = []

    def noting_forward(x: FloatArray) -> FloatArray:
        given = x.copy()
        y: FloatArray = forward(x)
        noted.append(Passage(place, layer, given, y.copy(), None, None))
        return y

    def noting_backward(dy: FloatArray) -> FloatArray:
        given = dy.copy()
        dx: FloatArray = backward(dy)
        noted[-1].dy, noted[-1].dx = given, dx.copy()
        return dx

    layer.forward, layer.backward = noting_forward, noting_backward
    return noted


def with_stand_ins(passage: Passage, inside: list[Passage]) -> Passage:
    """Return the passage of a layer in which stand-ins take the places of its layers."""
    layer, rng = in_float64(passage.layer), np.random.default_rng(0)
    for inner, its in zip(layer.layers, inside, strict=True):
        n_in, n_out = its.x[0].size, its.y[0].size
        M = rng.normal(size=(n_in, n_out)) / n_in**0.5
        inner.forward = linear(M, its.y.shape[1:])
        inner.backward = linear(M.T, its.x.shape[1:])
        inner.parameters = inner.layers = ()
    x, dy = passage.x.astype(float), passage.dy.astype(float)
    y = layer.forward(x.copy())
    return Passage(passage.place, layer, x, y, dy, layer.backward(dy.copy()))


def linear(M: FloatArray, shape: tuple[int, ...]) -> Callable[[FloatArray], FloatArray]:
    """Return x M for each sample, in another shape."""
    return lambda x: (x.reshape(len(x), -1) @ M).reshape(len(x), *shape)


def in_float64(layer: Any) -> Any:
    """Return a copy of a layer, or network, with parameters of float64, to go forward with."""
    layer = copy.deepcopy(layer)
    for parameter in parameters_in([layer]):
        setattr(parameter.layer, parameter.name, parameter.value.astype(np.float64))
        setattr(parameter.layer, f"d{parameter.name}", None)
    return layer


def random_layer(layers: list[Any], x: FloatArray) -> str:
    """Return the place of the first layer that gives two results for one input; "" if none."""
    for i, layer in enumerate(layers):
        y = bare(layer.forward)(x.copy()).copy()
        if not np.array_equal(y, bare(layer.forward)(x.copy())):
            return f"layers[{i}]"
        x = y
    return ""
