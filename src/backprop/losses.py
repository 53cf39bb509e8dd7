"""Losses: one number for a whole batch, and its gradient with respect to the output.

A loss of a batch is the mean over its n samples, so the gradient carries the factor 1/n and
nothing after it has to. ``loss(y, t)`` is the number, ``loss.gradient(y, t)`` the gradient.
"""

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from backprop.validation import (
    FloatArray,
    as_batch,
    as_batch_like,
    as_labels,
    quiet,
    refuse_overflow,
)

__all__ = ["Loss", "softmax", "softmax_cross_entropy", "squared_error"]


class Loss(Protocol):
    """What `check_gradients`, `trace` and `train` ask of a loss."""

    def __call__(self, y: npt.ArrayLike, t: npt.ArrayLike, /) -> float: ...

    def gradient(self, y: npt.ArrayLike, t: npt.ArrayLike, /) -> FloatArray: ...


def batch_mean(C: npt.NDArray[Any]) -> float:
    """Return the mean of the samples' losses C, shape (batch,)."""
    # Divided first: the sum could overflow where the mean does not.
    mean = (C / len(C)).sum()
    refuse_overflow(loss=mean)
    return float(mean)


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
        difference = np.subtract(y, t, dtype=np.float64)
        return batch_mean(0.5 * (difference**2).sum(axis=1))

    # --8<-- [start:squared-error-gradient]
    @quiet
    def gradient(self, y: npt.ArrayLike, t: npt.ArrayLike) -> FloatArray:
        """Return dy = dC/dy = (y − t) / n, shape (batch, n_out)."""
        y = as_batch("y", y)
        t = as_batch_like("t", t, "y", y)
        n = len(y)
        dy = (y - t) / n
        refuse_overflow(dy=dy)
        return dy

    # --8<-- [end:squared-error-gradient]

    def __repr__(self) -> str:
        return "squared_error"


@quiet
def softmax(logits: npt.ArrayLike) -> FloatArray:
    """Return exp(logits), each row divided by its sum: positive numbers that sum to 1.

    Derived on the page practice/digits.

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
    logits = as_batch("logits", logits)
    # A number taken off a whole row cancels; with the largest taken off, no exp overflows.
    e: FloatArray = np.exp(logits - logits.max(axis=1, keepdims=True))
    e /= e.sum(axis=1, keepdims=True)
    return e


class SoftmaxCrossEntropy:
    """The mean over the batch of −log p: ``softmax_cross_entropy(logits, labels)``.

    p is what softmax(logits) gives the right class: the number in the label's column.

    Derived on the page practice/digits.

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
        largest: FloatArray = logits.max(axis=1)
        total = np.exp(logits - largest[:, np.newaxis]).sum(axis=1)
        chosen = logits[np.arange(len(labels)), labels]
        # −log(exp(chosen − largest) / total), without the quotient that could round to 0
        return batch_mean(np.log(total) + np.subtract(largest, chosen, dtype=np.float64))

    @quiet
    def gradient(self, logits: npt.ArrayLike, labels: npt.ArrayLike) -> FloatArray:
        """Return dC/dlogits = (p − one-hot labels) / n, p = softmax(logits), in their shape."""
        logits = as_batch("logits", logits)
        labels = as_labels("labels", labels, logits)
        n = len(labels)
        p = softmax(logits)
        p[np.arange(n), labels] -= 1
        p /= n
        return p

    def __repr__(self) -> str:
        return "softmax_cross_entropy"


squared_error = SquaredError()
softmax_cross_entropy = SoftmaxCrossEntropy()
