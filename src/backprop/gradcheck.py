"""Is a backward pass right? Ask the forward pass, which knows nothing about derivatives."""

import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backprop.arrays import FloatArray
from backprop.comparing import ROUNDING, Worst, compare, worst_of
from backprop.doors import as_input, check_sound
from backprop.doubts import doubts_about
from backprop.layerwise import (
    Passage,
    Verdict,
    in_float64,
    judge,
    judge_loss,
    random_layer,
    way_through,
)
from backprop.losses import Loss, check_loss, gradient_of, value_of
from backprop.network import Network, is_chain
from backprop.parameters import every_layer, parameters_of, refuse_undeclared
from backprop.validation import as_array, as_positive_float, quiet

__all__ = ["GradientCheck", "check_gradients"]

TOLERANCES = {np.dtype(np.float64): 1e-6, np.dtype(np.float32): 1e-4}


@dataclass(frozen=True, repr=False)
class GradientCheck:
    """What `check_gradients` found.

    Attributes
    ----------
    passed : bool
        Whether max_relative_error is below the tolerance.
    max_relative_error : float
    worst : Worst
        Where that is.
    tolerance : float
    checked : int
        How many elements were compared: all there are.
    at_kinks : int
        How many of them lie at a kink, where the loss has two slopes.
    by_layers : int
        How many of those were judged layer by layer.
    reason : str
        Why it failed, where that could be found out: which layer goes back wrongly by itself,
        or that forward gives two results for one input.
    doubts : tuple of str
        What would not show with these data, if it were wrong.
    """

    passed: bool
    max_relative_error: float
    worst: Worst
    tolerance: float
    checked: int
    at_kinks: int
    by_layers: int = 0
    reason: str = ""
    doubts: tuple[str, ...] = ()

    def __repr__(self) -> str:
        w = self.worst
        kinks = ""
        if self.at_kinks:
            layers = f" ({self.by_layers} layer by layer)" if self.by_layers else ""
            kinks = (
                f",\n{self.at_kinks} of them at a kink, judged by the slopes of both sides{layers}"
            )
        lines = [
            f"gradient check {'passed' if self.passed else 'FAILED'}:"
            f" {self.checked} elements compared{kinks}"
        ]
        if self.checked:
            lines += [
                f"largest relative error {w.relative_error:.1e}, tolerance {self.tolerance:.0e},"
                f" in {w.name}{list(w.index)}:",
                f"backward gives {w.analytic:.8g}, differences give {w.numerical:.8g}",
            ]
        lines += [self.reason] if self.reason else []
        return "\n".join(lines + [f"note: {doubt}" for doubt in self.doubts])


def check_gradients(
    net: Network,
    loss: Loss,
    x: npt.ArrayLike,
    t: npt.ArrayLike,
    *,
    step: float = 1e-4,
    tolerance: float | None = None,
) -> GradientCheck:
    """Compare every gradient that `Network.backward` gives with differences of the loss.

    Explained on the page practice/gradient-check. Each element of each parameter, of
    whatever layer, and of x is moved by ±h and ±2h. h is ``step``, and less where the slopes
    found above and below the element disagree.

    *Error.* |analytic − numerical| divided by the larger of the two in size, or by a floor if
    both are below it. At the floor, the rounding of the loss divided by h is just tolerated:
    no pair of losses can tell less from zero. For float32 the floor is also at least 0.1 of the
    largest element of the same array, and 0.01 of the largest of all (that of dy included).

    *Kinks.* Where the two slopes still disagree at the smallest step, and each has settled, the
    element lies at a kink (of a ReLU, a maximum, an absolute value). There a gradient is right
    if it lies between the two. Several kinks at one point may combine to something outside:
    then every layer is judged by itself, and if each is right, so are all together. No element
    is left out; ``at_kinks`` counts those at kinks.

    *float32.* The gradient is computed in float32, as ever. The losses are those of a copy in
    float64, whose differences are exact enough to judge it.

    *Doubts.* The report also says what could not show with these data: with one sample, for
    example, a forgotten 1/n.

    Everything happens in copies: the network stays as it was.

    Parameters
    ----------
    net : Network
    loss : `squared_error`, `softmax_cross_entropy`, or anything called and derived like them
    x : array, shape (batch, n_in)
    t : array
        What the loss compares y with.
    step, tolerance : float
        The tolerance, where not given, is 1e-6, or 1e-4 for float32.

    Raises
    ------
    ValueError, TypeError
        If an argument is refused by the network or the loss; if a layer returns or leaves
        behind what it must not: a gradient that is missing or has another shape, or one of
        something that it does not name in ``parameters``.

    Examples
    --------
    >>> import backprop as bp, numpy as np
    >>> rng = np.random.default_rng(0)
    >>> net = bp.Network([bp.Dense.random(3, 4, rng=rng), bp.Sigmoid()])
    >>> result = bp.check_gradients(net, bp.squared_error, np.ones((5, 3)), np.ones((5, 4)))
    >>> result.passed, result.checked, result.max_relative_error < 1e-6
    (True, 31, True)
    """
    if not isinstance(net, Network):
        raise TypeError(f"net must be a Network, got {type(net).__name__}")
    check_loss(loss)
    step = as_positive_float("step", step)
    net, t = copy.deepcopy(net), as_array("t", t)
    x = as_input(net, check_sound(net), x).copy()
    if tolerance is None:
        tolerance = TOLERANCES[x.dtype]
    tolerance = as_positive_float("tolerance", tolerance)

    y, C, dy, analytic = analytic_gradients(net, loss, x, t)
    if not np.array_equal(y, net.forward(x)):
        return two_results(random_layer(net.layers if is_chain(net) else [], x), tolerance)

    # y is rounded too. How much of that reaches C, dy says: the one here, and those at points
    # moved by a step.
    reaching = float((np.abs(y) * (np.abs(dy) + step)).sum())
    rounding = ROUNDING * (abs(C) + reaching)
    net64, x64 = in_float64(net), x.astype(np.float64)
    t64 = t.astype(np.float64) if t.dtype.kind == "f" else t

    @quiet
    def loss64() -> float:
        return float(loss(net64.forward(x64), t64))

    arrays = {"x": x64, **{p.full_name: p.value for p in parameters_of(net64)}}
    slopes, errors = compare(
        loss64, arrays, analytic, dy, step=step, rounding=rounding, tolerance=tolerance
    )
    at_kink = {name: each.at_kink for name, each in slopes.items()}
    way, reason, by_layers = way_through(net, x, dy), "", 0
    if any(each.max() >= tolerance for each in errors.values()):
        of_loss = judge_loss(loss, y, t64, dy, step, tolerance)
        reason, by_layers = judge_by_layers(way, of_loss, errors, at_kink, step, tolerance)

    worst = max(
        (worst_of(name, analytic[name], slopes[name], each) for name, each in errors.items()),
        key=lambda found: found.relative_error,
    )
    return GradientCheck(
        passed=worst.relative_error < tolerance,
        max_relative_error=worst.relative_error,
        worst=worst,
        tolerance=tolerance,
        checked=sum(array.size for array in arrays.values()),
        at_kinks=int(sum(each.sum() for each in at_kink.values())),
        by_layers=by_layers,
        reason=reason,
        doubts=doubts_about(way),
    )


def analytic_gradients(
    net: Network, loss: Loss, x: FloatArray, t: npt.NDArray[np.generic]
) -> tuple[FloatArray, float, FloatArray, dict[str, FloatArray]]:
    """Return y, C, dy, and by name the gradients that backward leaves behind."""
    rng = np.random.default_rng(0)
    for each in [net, *(layer for _, layer in every_layer(net.layers))]:
        for guard in each.guards if isinstance(each, Network) else ():
            guard.lenient = True  # NaN in a gradient is to be reported like any other mistake
    y = net.forward(x)
    net.backward(gradient_of(loss, y, t))  # so that there is something from before
    for parameter in parameters_of(net):
        left = parameter.gradient  # from before: what backward forgets to fill can't look right
        if isinstance(left, np.ndarray | np.generic):
            wrong = np.asarray(rng.normal(size=left.shape)).astype(left.dtype)
            setattr(parameter.layer, f"d{parameter.name}", wrong)
    y = net.forward(x)
    C, dy = value_of(loss, y, t), gradient_of(loss, y, t)
    dx = net.backward(dy)
    refuse_undeclared(net)
    by_name = {each.full_name: np.copy(each.gradient) for each in parameters_of(net)}
    return y, C, dy, {"x": dx, **by_name}


def judge_by_layers(
    way: list[Passage],
    of_loss: Verdict,
    errors: dict[str, FloatArray],
    at_kink: dict[str, npt.NDArray[np.bool]],
    step: float,
    tolerance: float,
) -> tuple[str, int]:
    """Say what errs, a layer or the loss; or, if none does, take back what several kinks explain.

    Returns the reason, and how many errors were taken back.
    """
    verdict = judge(way, step, tolerance)
    if verdict.wrong:
        return f"{verdict.wrong} is wrong, as the layer's own forward shows", 0
    if of_loss.wrong:
        return f"{of_loss.wrong} is wrong, as the loss itself shows", 0
    taken_back = 0
    # A kink may also be nearer than the smallest step for the network, yet not for the layer.
    if verdict.at_kink or of_loss.at_kink or any(each.any() for each in at_kink.values()):
        for name, each in errors.items():
            wrong = each >= tolerance
            at_kink[name] |= wrong
            each[wrong] = 0
            taken_back += int(wrong.sum())
    return "", taken_back


def two_results(place: str, tolerance: float) -> GradientCheck:
    """Return the report on a network with a random forward: there is nothing to compare."""
    worst = Worst(place or "y", (), np.nan, np.nan, np.inf)
    reason = (
        f"forward gives two results for one input{f', in {place}' if place else ''}: hold what is"
        " random (the mask of a dropout, say) while checking"
    )
    return GradientCheck(False, np.inf, worst, tolerance, 0, 0, reason=reason)
