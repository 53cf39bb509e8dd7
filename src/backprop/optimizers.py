"""Learning from gradients: move every parameter a little, downhill."""

import math
from typing import Any

import numpy as np

from backprop.arrays import FloatArray
from backprop.doors import check_sound
from backprop.network import Network
from backprop.parameters import Parameter, check_gradient, refuse_undeclared
from backprop.validation import as_positive_float, check_finite, quiet, refuse_overflow

__all__ = ["SGD"]


class SGD:
    """Gradient descent: W ← W − lr dW, in place, and so for every parameter.

    It is called stochastic when the gradients come from a random part of the data, a mini-batch.
    Derived on the page hand/matrix-form.

    Parameters
    ----------
    net : Network
    lr : float
        The learning rate, finite and above 0.

    Raises
    ------
    ValueError
        If lr is not finite and above 0. From `step`: if a gradient or a parameter is not
        finite, or the step would make one so; if a gradient lacks the shape of its parameter;
        if a parameter can't be written; if a layer fills the gradient of something that it
        does not name in ``parameters``.
    TypeError
        If net is no Network, or lr no number. From `step`: if a gradient is no array.
    RuntimeError
        From `step`, if there was no `backward` before it.

    A step that is refused changes nothing.

    Examples
    --------
    >>> import backprop as bp
    >>> net = bp.Network([bp.Dense([[2.0]], [0.0])])
    >>> net.forward([[3.0]])
    array([[6.]])
    >>> net.backward([[1.0]])
    array([[2.]])
    >>> bp.SGD(net, lr=0.5).step()
    >>> net.layers[0].W, net.layers[0].b
    (array([[0.5]]), array([-0.5]))
    """

    def __init__(self, net: Network, lr: float) -> None:
        if not isinstance(net, Network):
            raise TypeError(f"net must be a Network, got {type(net).__name__}")
        self.net = net
        self.lr = as_positive_float("lr", lr)

    # --8<-- [start:sgd-step]
    @quiet
    def step(self) -> None:
        """Move every parameter W against its gradient dW."""
        for W, dW in self.pairs():
            W -= self.lr * dW

    # --8<-- [end:sgd-step]

    def pairs(self) -> list[tuple[FloatArray, FloatArray]]:
        """Return every parameter with its gradient, or refuse the step as a whole."""
        as_positive_float("lr", self.lr)
        sound = check_sound(self.net)
        if not sound.all_declared:
            refuse_undeclared(self.net)
            sound.all_declared = True
        pairs = []
        for parameter, (layer, name, W) in zip(sound.parameters, sound.arrays, strict=True):
            dW: Any = getattr(layer, f"d{name}", None)
            if not (
                type(dW) is np.ndarray
                and dW.shape == W.shape
                and dW.dtype == W.dtype
                and W.flags.writeable
                and getattr(layer, "has_gradient", True)
            ):
                refuse_step(parameter, W, dW)
            # NaN and infinity in W or dW show in their product, and where W − lr dW overflows,
            # with lr up to 1, so does that. So one quick pass is enough, as a rule.
            if self.lr > 1 or not math.isfinite(np.vdot(W, dW)):
                check_finite(parameter.gradient_name, dW)
                check_finite(parameter.full_name, W)
                refuse_overflow(**{parameter.full_name: W - self.lr * dW})
            pairs.append((W, dW))
        return pairs


def refuse_step(parameter: Parameter, W: FloatArray, dW: Any) -> None:
    """Refuse a parameter that can't be written, or a gradient that is none."""
    if not getattr(parameter.layer, "has_gradient", dW is not None):
        raise RuntimeError(
            f"step needs a backward before it: {parameter.place} has no d{parameter.name}"
        )
    if not W.flags.writeable:
        raise ValueError(
            f"{parameter.full_name} can not be changed: it is read-only (it has shape {W.shape})"
        )
    check_gradient(parameter.name, W, dW, f"{parameter.place}.")
