"""Losses: one number for a whole batch, and its gradient with respect to the output.

The formulas are those of `rules`. ``loss(y, t)`` is the number, ``loss.gradient(y, t)`` the
gradient; both look first at what they are given.
"""

import math
import numbers
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from backprop import rules
from backprop.arrays import FloatArray
from backprop.validation import (
    as_batch,
    as_batch_like,
    as_labels,
    not_floats,
    quiet,
    refuse_overflow,
)

__all__ = ["Loss", "softmax", "softmax_cross_entropy", "squared_error"]


class Loss(Protocol):
    """What `check_gradients`, `trace` and `train` ask of a loss."""

    def __call__(self, y: npt.ArrayLike, t: npt.ArrayLike, /) -> float: ...

    def gradient(self, y: npt.ArrayLike, t: npt.ArrayLike, /) -> FloatArray: ...


def check_loss(loss: object) -> None:
    """Refuse what can't be called for a loss, or asked for its gradient."""
    if isinstance(loss, type):
        raise TypeError(f"loss is the class {loss.__name__}: write {loss.__name__}()")
    if not callable(loss):
        raise TypeError(f"loss must be a loss such as squared_error, got {loss!r}")
    if not callable(getattr(loss, "gradient", None)):
        raise TypeError(
            f"loss must be a loss such as squared_error, got {loss!r}, which has no gradient:"
            " needed are loss(y, t), one number, and loss.gradient(y, t), an array like y"
        )


def value_of(loss: Loss, y: FloatArray, t: Any) -> float:
    """Return loss(y, t), one finite number, or refuse what the loss returns."""
    C: Any = loss(y, t)
    if not isinstance(C, numbers.Real | np.ndarray) or np.ndim(C):  # type: ignore[arg-type]
        of = f"an array of shape {np.shape(C)}" if np.ndim(C) else type(C).__name__
        hint = ": its mean, say" if np.ndim(C) else ""
        raise TypeError(f"loss must return one number for the whole batch{hint}; it returned {of}")
    if not math.isfinite(C):
        raise ValueError(f"loss must be finite, it returned {float(C)} (y has shape {y.shape})")
    return float(C)


def gradient_of(loss: Loss, y: FloatArray, t: Any) -> FloatArray:
    """Return loss.gradient(y, t), an array like y, or refuse what the loss returns."""
    dy: Any = loss.gradient(y, t)
    if not isinstance(dy, np.ndarray):
        raise TypeError(
            f"loss.gradient must return an array in the shape of y, {y.shape};"
            f" it returned {not_floats(dy)}"
        )
    if dy.shape != y.shape:
        raise ValueError(
            f"loss.gradient must return an array in the shape of y, {y.shape};"
            f" it returned shape {dy.shape}"
        )
    if dy.dtype != y.dtype:
        raise TypeError(
            f"loss.gradient must return the dtype of y: y is {y.dtype} of shape {y.shape};"
            f" it returned {dy.dtype} of shape {dy.shape}"
        )
    return dy


class SquaredError:
    """The mean over the batch of ½‖y − t‖²: ``squared_error(y, t)``.

    Derived on the page hand/every-element.

    Parameters
    ----------
    y : array, shape (batch, n_out)
        What the network put out.
    t : array, shape (batch, n_out)
        The targets.

    Raises
    ------
    ValueError
        If the shapes differ, a number is not finite, or the result is too large for its dtype
        (the loss itself is computed in float64: differences up to about 1e154 fit).
    TypeError
        If one is float32 and the other float64.

    Examples
    --------
    >>> import backprop as bp
    >>> y, t = [[0.5, 2.0], [1.0, 1.0]], [[0.0, 1.0], [1.0, 3.0]]
    >>> bp.squared_error(y, t)
    1.3125
    >>> bp.squared_error.gradient(y, t)
    array([[ 0.25,  0.5 ],
           [ 0.  , -1.  ]])
    """

    @quiet
    def __call__(self, y: npt.ArrayLike, t: npt.ArrayLike) -> float:
        """Return the loss of the batch."""
        y = as_batch("y", y)
        t = as_batch_like("t", t, "y", y)
        return not_too_large(rules.squared_error(y, t), y)

    @quiet
    def gradient(self, y: npt.ArrayLike, t: npt.ArrayLike) -> FloatArray:
        """Return dy = dC/dy = (y − t) / n, shape (batch, n_out)."""
        y = as_batch("y", y)
        t = as_batch_like("t", t, "y", y)
        dy = rules.squared_error_gradient(y, t)
        refuse_overflow(dy=dy)
        return dy

    def __repr__(self) -> str:
        return "squared_error"


@quiet
def softmax(logits: npt.ArrayLike) -> FloatArray:
    """Return exp(logits), each row divided by its sum: positive numbers that sum to 1.

    Derived on the page equations/softmax.

    Parameters
    ----------
    logits : array, shape (batch, classes)

    Returns
    -------
    array of the same shape

    Raises
    ------
    ValueError
        If logits is not 2-D, or holds NaN or infinity.
    TypeError
        If logits holds anything but float64, float32 or integers.

    Examples
    --------
    >>> import backprop as bp
    >>> bp.softmax([[0, 0], [1000, 0]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    return rules.softmax(as_batch("logits", logits))


class SoftmaxCrossEntropy:
    """The mean over the batch of −log p: ``softmax_cross_entropy(logits, labels)``.

    p is what softmax(logits) gives the right class: the number in the label's column.

    Derived on the page equations/softmax.

    Parameters
    ----------
    logits : array, shape (batch, classes)
        What the network put out, before any softmax.
    labels : array of integers, shape (batch,)
        The right class of each sample, from 0 to classes − 1.

    Raises
    ------
    ValueError
        If the shapes do not fit, a label is out of range, a number is not finite, or the
        loss is too large for float64 (it fits for logits up to about 9e307).
    TypeError
        If labels are not integers.

    Examples
    --------
    >>> import backprop as bp
    >>> logits, labels = [[0, 0], [1000, 0]], [0, 1]
    >>> print(f"{bp.softmax_cross_entropy(logits, labels):.6f}")
    500.346574
    >>> bp.softmax_cross_entropy.gradient(logits, labels)
    array([[-0.25,  0.25],
           [ 0.5 , -0.5 ]])
    """

    @quiet
    def __call__(self, logits: npt.ArrayLike, labels: npt.ArrayLike) -> float:
        """Return the loss of the batch."""
        logits = as_batch("logits", logits)
        labels = as_labels("labels", labels, logits)
        return not_too_large(rules.softmax_cross_entropy(logits, labels), logits)

    @quiet
    def gradient(self, logits: npt.ArrayLike, labels: npt.ArrayLike) -> FloatArray:
        """Return dC/dlogits = (p − one-hot labels) / n, p = softmax(logits), in their shape."""
        logits = as_batch("logits", logits)
        return rules.softmax_cross_entropy_gradient(logits, as_labels("labels", labels, logits))

    def __repr__(self) -> str:
        return "softmax_cross_entropy"


def not_too_large(loss: float, y: FloatArray) -> float:
    """Return a loss of finite numbers, or refuse it."""
    if not math.isfinite(loss):
        raise ValueError(f"loss overflows: it is too large for float64 (y has shape {y.shape})")
    return loss


squared_error = SquaredError()
softmax_cross_entropy = SoftmaxCrossEntropy()
