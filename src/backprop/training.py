"""The loop around everything: forward, loss, backward, step, again and again."""

import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop.arrays import FloatArray
from backprop.losses import Loss, check_loss, gradient_of, value_of
from backprop.network import Network
from backprop.optimizers import SGD
from backprop.parameters import Parameter, parameters_of
from backprop.validation import as_array, as_batch, as_labels, as_positive_int, check_rng

__all__ = ["Diverged", "History", "accuracy", "train"]


Array = npt.NDArray[Any]


@dataclass
class History:
    """What `train` saw: one number for each epoch, taken after it over all the data.

    Attributes
    ----------
    loss, test_loss : list of float
    accuracy, test_accuracy : list of float
        Between 0 and 1. Empty where the targets are not labels; the lists of the test data
        are empty where none were given.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    test_loss: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)

    def add(self, *seen: float | None) -> None:
        """Add an epoch: loss, accuracy, test loss, test accuracy, or None for what there is not."""
        lists = (self.loss, self.accuracy, self.test_loss, self.test_accuracy)
        for numbers, number in zip(lists, seen, strict=False):
            if number is not None:
                numbers.append(number)


class Diverged(ValueError):
    """The numbers have grown too large in the middle of `train`.

    The parameters are those of before the step that failed.

    Attributes
    ----------
    history : History
        Of the epochs that were completed.
    """

    def __init__(self, words: str, history: History) -> None:
        super().__init__(words)
        self.history = history


def accuracy(logits: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Return the share of rows whose largest number stands in the column of their label.

    Used on the page practice/digits.

    Parameters
    ----------
    logits : array, shape (batch, classes)
    labels : array of integers, shape (batch,)

    Raises
    ------
    ValueError, TypeError
        As `softmax_cross_entropy` does.

    Examples
    --------
    >>> import backprop as bp
    >>> bp.accuracy([[0.1, 0.9], [0.8, 0.2]], [1, 1])
    0.5
    """
    logits = as_batch("logits", logits)
    labels = as_labels("labels", labels, logits)
    return float((logits.argmax(axis=1) == labels).mean())


def train(
    net: Network,
    loss: Loss,
    x: npt.ArrayLike,
    t: npt.ArrayLike,
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    rng: np.random.Generator,
    x_test: npt.ArrayLike | None = None,
    t_test: npt.ArrayLike | None = None,
) -> History:
    """Train a network by gradient descent on shuffled mini-batches.

    Used on the page practice/digits.

    Parameters
    ----------
    net : Network
        Its parameters are changed in place.
    loss : `squared_error`, `softmax_cross_entropy`, or anything called and derived like them
    x : array, shape (samples, n_in)
    t : array
        An entry for each sample: targets, shape (samples, n_out), or integer labels, shape
        (samples,).
    epochs : int
        How many times to go through the data.
    batch_size : int
        Samples in a mini-batch; the last of an epoch may be smaller.
    lr : float
        The learning rate.
    rng : numpy.random.Generator
        Shuffles the samples, anew for each epoch.
    x_test, t_test : arrays, optional
        Data that is only looked at, never learned from.

    Returns
    -------
    History

    Raises
    ------
    ValueError, TypeError
        If an argument does not fit: before anything is changed.
    Diverged
        A ValueError, in the middle, if the learning rate is so large that the numbers
        overflow. The parameters are put back to those of before the step that did it; the
        history so far is the error's ``history``.

    Examples
    --------
    >>> import backprop as bp, numpy as np
    >>> x, t = [[0], [1], [2]], [[1], [3], [5]]
    >>> net = bp.Network([bp.Dense([[0]], [0])])
    >>> rng = np.random.default_rng(0)
    >>> history = bp.train(net, bp.squared_error, x, t, epochs=200, batch_size=2, lr=0.2, rng=rng)
    >>> print(f"t = {net.layers[0].W[0, 0]:.3f} x + {net.layers[0].b[0]:.3f}")
    t = 2.000 x + 1.000
    """
    epochs = as_positive_int("epochs", epochs)
    batch_size = as_positive_int("batch_size", batch_size)
    check_rng(rng)
    check_loss(loss)
    optimizer = SGD(net, lr)
    x, t = as_array("x", x), as_array("t", t)
    has_labels = rehearse(net, loss, x, t)
    if x_test is not None and t_test is not None:
        try:
            x_test, t_test = as_array("x", x_test), as_array("t", t_test)
            rehearse(net, loss, x_test, t_test)
        except (TypeError, ValueError) as error:
            raise type(error)(f"x_test or t_test: {error}") from None
    elif x_test is not None or t_test is not None:
        raise ValueError("x_test and t_test must be given together, got one of them")

    history = History()
    parameters = parameters_of(net)
    before = [parameter.value.copy() for parameter in parameters]
    for epoch in range(1, epochs + 1):
        try:
            order = rng.permutation(len(x))
            for start in range(0, len(x), batch_size):
                batch = order[start : start + batch_size]
                y = net.forward(x[batch])
                net.backward(gradient_of(loss, y, t[batch]))
                keep(parameters, before)
                optimizer.step()

            seen: tuple[float | None, ...] = measure(net, loss, x, t, has_labels)
            if x_test is not None and t_test is not None:
                seen += measure(net, loss, x_test, t_test, has_labels)
        except ValueError as error:
            if "overflows" not in str(error) and "must be finite" not in str(error):
                raise
            put_back(parameters, before)
            raise Diverged(
                f"training diverged in epoch {epoch}: {error}. The learning rate, lr = {lr:g}, is"
                " too large for these data: choose a smaller one, or bring inputs and targets"
                " nearer to 1. The parameters are those of before the last step, and the history"
                " so far is this error's history",
                history,
            ) from error
        history.add(*seen)
    return history


def keep(parameters: list[Parameter], before: list[FloatArray]) -> None:
    """Copy the parameters into arrays that are there already."""
    for parameter, array in zip(parameters, before, strict=True):
        np.copyto(array, parameter.value)


def put_back(parameters: list[Parameter], before: list[FloatArray]) -> None:
    for parameter, array in zip(parameters, before, strict=True):
        np.copyto(parameter.value, array)


def rehearse(net: Network, loss: Loss, x: Array, t: Array) -> bool:
    """Refuse data that does not fit, without touching the network; return if t are labels."""
    net = copy.deepcopy(net)
    y = net.forward(x)
    value_of(loss, y, t)
    if t.ndim == 0 or len(t) != len(y):
        raise ValueError(
            f"t must have an entry for each sample: t has shape {t.shape}, y has shape {y.shape}"
        )
    net.backward(gradient_of(loss, y, t))
    return are_labels(y, t)


def are_labels(y: FloatArray, t: Array) -> bool:
    """Whether t names a column of y for each row, so that there is an accuracy."""
    is_whole = t.ndim == 1 and t.dtype.kind in "iu" and y.ndim == 2
    return is_whole and t.min() >= 0 and t.max() < y.shape[1]


def measure(
    net: Network, loss: Loss, x: Array, t: Array, has_labels: bool
) -> tuple[float, float | None]:
    """Return the loss of all of x and, where t are labels, the accuracy."""
    y = net.forward(x)
    return value_of(loss, y, t), accuracy(y, t) if has_labels else None
