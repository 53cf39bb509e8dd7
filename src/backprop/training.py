"""The loop around everything: forward, loss, backward, step, again and again."""

import copy
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from backprop.losses import Loss
from backprop.network import Network
from backprop.optimizers import SGD
from backprop.validation import as_batch, as_labels, as_positive_int, check_loss, check_rng

__all__ = ["History", "accuracy", "train"]


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
    loss : `squared_error` or `softmax_cross_entropy`
    x : array, shape (samples, n_in)
    t : array
        Targets, shape (samples, n_out), or integer labels, shape (samples,).
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
        If an argument does not fit: before anything is changed. Also, in the middle, if
        the learning rate is so large that the numbers overflow.

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
    rehearse(net, loss, x, t)
    if x_test is not None and t_test is not None:
        try:
            rehearse(net, loss, x_test, t_test)
        except (TypeError, ValueError) as error:
            raise type(error)(f"x_test or t_test: {error}") from None
    elif x_test is not None or t_test is not None:
        raise ValueError("x_test and t_test must be given together, got one of them")

    x, t = np.asarray(x), np.asarray(t)
    history = History()
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            y = net.forward(x[batch])
            net.backward(loss.gradient(y, t[batch]))
            optimizer.step()

        measure(net, loss, x, t, history.loss, history.accuracy)
        if x_test is not None and t_test is not None:
            measure(net, loss, x_test, t_test, history.test_loss, history.test_accuracy)
    return history


def rehearse(net: Network, loss: Loss, x: npt.ArrayLike, t: npt.ArrayLike) -> None:
    """Refuse data that does not fit, without touching the network."""
    y = copy.deepcopy(net).forward(x)
    loss(y, t)


def measure(
    net: Network,
    loss: Loss,
    x: npt.ArrayLike,
    t: npt.ArrayLike,
    losses: list[float],
    accuracies: list[float],
) -> None:
    """Append the loss of all of x and, where t holds labels, the accuracy."""
    y = net.forward(x)
    losses.append(loss(y, t))
    if np.ndim(t) == 1:
        accuracies.append(accuracy(y, t))
