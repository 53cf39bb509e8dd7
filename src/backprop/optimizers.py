"""Learning from gradients: move every parameter a little, downhill."""

import math

import numpy as np

from backprop.layers import Dense
from backprop.network import Network
from backprop.validation import (
    FloatArray,
    as_positive_float,
    check_finite,
    check_fits,
    check_is_array,
    quiet,
    refuse_overflow,
)

__all__ = ["SGD"]


class SGD:
    """Gradient descent: W ← W − lr dW and b ← b − lr db, in place.

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
        finite, or the step would make one so.
    TypeError
        If net is no Network, or lr no number.
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
        """Move W and b of every layer against their gradients."""
        self.check_step()
        for layer in self.net.layers:
            if isinstance(layer, Dense):
                layer.W -= self.lr * layer.dW
                layer.b -= self.lr * layer.db

    # --8<-- [end:sgd-step]

    def check_step(self) -> None:
        """Refuse the step as a whole, before anything is changed."""
        as_positive_float("lr", self.lr)
        for i, layer in enumerate(self.net.layers):
            if isinstance(layer, Dense):
                if not layer.has_gradient:
                    raise RuntimeError(f"step needs a backward before it: layers[{i}] has no dW")
                check_update(f"layers[{i}].W", layer.W, f"layers[{i}].dW", layer.dW, self.lr)
                check_update(f"layers[{i}].b", layer.b, f"layers[{i}].db", layer.db, self.lr)


def check_update(name: str, W: FloatArray, gradient_name: str, dW: FloatArray, lr: float) -> None:
    """Refuse W − lr dW if it can't be computed or would not be finite."""
    check_is_array(name, W)
    check_is_array(gradient_name, dW)
    check_fits(gradient_name, dW, W.shape, name, W)
    # One quick pass: NaN or infinity in W or dW is in the sum of their products too. And where
    # W − lr dW overflows, with lr up to 1, so does W times dW. Only if the sum is not finite
    # are the elements looked at.
    if lr > 1 or not math.isfinite(np.vdot(W, dW)):
        check_finite(gradient_name, dW)
        check_finite(name, W)
        refuse_overflow(**{name: W - lr * dW})
