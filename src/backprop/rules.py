"""Every formula of the course, once: forward and backward side by side.

Read this file first. It is plain NumPy, without state and without checks: what goes in is an
array of floats of the shape that is written there. Who remembers what between forward and
backward are the `layers`; who looks at what a reader passes is told in `validation`.

A batch is rows, shape (batch, n). ``dNAME`` is the gradient of the loss C by NAME, in the shape of
NAME. Every backward is the same sentence: *what arrives, times the local derivative*, added up
over all the paths that lead on from a number.
"""

import numpy as np

from backprop.arrays import FloatArray, LabelArray

# Dense layer: z = x W + b


# --8<-- [start:dense-forward-rule]
def dense_forward(
    x: FloatArray,
    W: FloatArray,
    b: FloatArray | None = None,
) -> FloatArray:
    """Return z = x W + b, shape (batch, n_out): the page hand/matrix-form.

    x has shape (batch, n_in), W (n_in, n_out); b (n_out,) is added to
    every row, and None where a layer has no biases.

    >>> import numpy as np
    >>> x, W = np.array([[1.0, 1.0]]), np.array([[1.0], [3.0]])
    >>> dense_forward(x, W, np.array([10.0]))
    array([[14.]])
    """
    z = x @ W
    if b is not None:
        z += b
    return z


# --8<-- [end:dense-forward-rule]


# --8<-- [start:dense-backward-rule]
def dense_backward(
    delta: FloatArray, x: FloatArray, W: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return dx, dW, db for delta = dC/dz: the page hand/matrix-form.

    delta has shape (batch, n_out); dx, dW and db have those of x, W and b.

    >>> import numpy as np
    >>> x, W = np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])
    >>> dx, dW, db = dense_backward(np.array([[10.0]]), x, W)
    >>> dx, dW.T, db
    (array([[30., 40.]]), array([[10., 20.]]), array([10.]))
    """
    dW = x.T @ delta
    db = delta.sum(axis=0)
    dx = delta @ W.T
    return dx, dW, db


# --8<-- [end:dense-backward-rule]

# Activation functions, element by element. A derivative takes z, what went into the function,
# never a, what came out of it.


# --8<-- [start:sigmoid]
def sigmoid(z: FloatArray) -> FloatArray:
    """Return σ(z) = 1 / (1 + exp(−z)): the page hand/forward.

    >>> import backprop as bp
    >>> bp.sigmoid([-1000, 0, 1000])
    array([0. , 0.5, 1. ])
    """
    # exp(−z) overflows where z is far below 0; exp(−|z|) never does.
    # Where z < 0, it is exp(z): 1 / (1 + exp(−z)) with numerator and
    # denominator multiplied by that.
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


# --8<-- [end:sigmoid]


# --8<-- [start:sigmoid-derivative]
def sigmoid_derivative(z: FloatArray) -> FloatArray:
    """Return σ′(z) = σ(z) (1 − σ(z)): the page zero/chain-rule.

    >>> import backprop as bp
    >>> bp.sigmoid_derivative([-2, 0, 2])
    array([0.10499359, 0.25      , 0.10499359])
    """
    # 1 − σ(z) is σ(−z), which keeps its digits where σ(z) rounds to 1.
    return sigmoid(z) * sigmoid(-z)


# --8<-- [end:sigmoid-derivative]


def tanh(z: FloatArray) -> FloatArray:
    """Return tanh(z) = 2σ(2z) − 1, from −1 to 1: the page hand/forward.

    >>> import backprop as bp
    >>> bp.tanh([-1000, 0, 1000])
    array([-1.,  0.,  1.])
    """
    return np.tanh(z)


def tanh_derivative(z: FloatArray) -> FloatArray:
    """Return tanh′(z) = 1 − tanh²(z) = 1 / cosh²(z): the page hand/forward.

    >>> import backprop as bp
    >>> bp.tanh_derivative([-2, 0, 2])
    array([0.07065082, 1.        , 0.07065082])
    """
    # 1 − tanh² loses its digits where tanh rounds to 1, and cosh overflows.
    # 1 / cosh(z) = 2e / (1 + e²) with e = exp(−|z|) does neither.
    e = np.exp(-np.abs(z))
    return (2 * e / (1 + e * e)) ** 2


def relu(z: FloatArray) -> FloatArray:
    """Return max(0, z): the page hand/forward.

    >>> import backprop as bp
    >>> bp.relu([-2, 0, 3])
    array([0., 0., 3.])
    """
    return np.maximum(z, 0)


# --8<-- [start:relu-derivative]
def relu_derivative(z: FloatArray) -> FloatArray:
    """Return relu′(z), 1 where z > 0, else 0: the page hand/forward.

    At z = 0 there is a kink and no derivative: 0 is returned there.

    >>> import backprop as bp
    >>> bp.relu_derivative([-2, 0, 3])
    array([0., 0., 1.])
    """
    return (z > 0).astype(z.dtype)


# --8<-- [end:relu-derivative]


def leaky_relu(z: FloatArray, slope: float = 0.01) -> FloatArray:
    """Return z where z > 0, else slope · z: the page hand/forward.

    slope lies between 0 and 1.

    >>> import backprop as bp
    >>> bp.leaky_relu([-2, 0, 3], 0.1)
    array([-0.2,  0. ,  3. ])
    """
    return np.where(z > 0, z, slope * z)


def leaky_relu_derivative(z: FloatArray, slope: float = 0.01) -> FloatArray:
    """Return leaky_relu′(z), 1 where z > 0, else slope: the page hand/forward.

    At z = 0 there is a kink and no derivative: slope is returned there.

    >>> import backprop as bp
    >>> bp.leaky_relu_derivative([-2, 0, 3], 0.1)
    array([0.1, 0.1, 1. ])
    """
    return np.where(z > 0, 1, slope).astype(z.dtype)


def identity(z: FloatArray) -> FloatArray:
    """Return z, copied: the activation of a layer that has none, on the page hand/forward.

    >>> import backprop as bp
    >>> bp.identity([-2, 0, 3])
    array([-2.,  0.,  3.])
    """
    return z.copy()


def identity_derivative(z: FloatArray) -> FloatArray:
    """Return ones, the slope of `identity`: the page hand/forward.

    >>> import backprop as bp
    >>> bp.identity_derivative([-2, 0, 3])
    array([1., 1., 1.])
    """
    return np.ones_like(z)


# Losses. The loss of a batch is the mean over its n samples, so that the gradient carries the
# factor 1/n and nothing after it has to. Divided before it is summed: the sum could overflow
# where the mean does not. Losses are float64, whatever the network's dtype.


def squared_error(y: FloatArray, t: FloatArray) -> float:
    """Return the mean over the batch of ½‖y − t‖²: the page hand/every-element.

    y, the output, and t, the targets, have shape (batch, n_out).

    >>> import backprop as bp
    >>> bp.squared_error([[0.5, 2.0], [1.0, 1.0]], [[0.0, 1.0], [1.0, 3.0]])
    1.3125
    """
    n = len(y)
    difference = np.subtract(y, t, dtype=np.float64)
    return float((0.5 * (difference**2).sum(axis=1) / n).sum())


# --8<-- [start:squared-error-gradient]
def squared_error_gradient(y: FloatArray, t: FloatArray) -> FloatArray:
    """Return dy = (y − t) / n, shape of y: the page hand/every-element.

    >>> import backprop as bp
    >>> y, t = [[0.5, 2.0], [1.0, 1.0]], [[0.0, 1.0], [1.0, 3.0]]
    >>> bp.squared_error.gradient(y, t)
    array([[ 0.25,  0.5 ],
           [ 0.  , -1.  ]])
    """
    n = len(y)
    return (y - t) / n


# --8<-- [end:squared-error-gradient]


# --8<-- [start:softmax]
def softmax(logits: FloatArray) -> FloatArray:
    """Return exp(logits) by the sum of its row: the page equations/softmax.

    logits have shape (batch, classes); each row of the result sums to 1.

    >>> import backprop as bp
    >>> bp.softmax([[0, 0], [1000, 0]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    # A number taken off a whole row cancels; with the largest taken off,
    # no exp overflows.
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# --8<-- [end:softmax]


def softmax_cross_entropy(logits: FloatArray, labels: LabelArray) -> float:
    """Return the mean over the batch of −log p: the page equations/softmax.

    p is what `softmax` gives the right class, the number in the label's column. logits have
    shape (batch, classes), labels (batch,): integers from 0 to classes − 1.

    >>> import backprop as bp
    >>> print(f"{bp.softmax_cross_entropy([[0, 0], [1000, 0]], [0, 1]):.6f}")
    500.346574
    """
    n = len(labels)
    largest = logits.max(axis=1)
    total = np.exp(logits - largest[:, np.newaxis]).sum(axis=1)
    right = logits[np.arange(n), labels]
    # −log(exp(right − largest) / total), without the quotient that could round to 0
    minus_log_p = np.log(total) + np.subtract(largest, right, dtype=np.float64)
    return float((minus_log_p / n).sum())


def softmax_cross_entropy_gradient(logits: FloatArray, labels: LabelArray) -> FloatArray:
    """Return dlogits = (p − one-hot labels) / n, in their shape: the page equations/softmax.

    >>> import backprop as bp
    >>> bp.softmax_cross_entropy.gradient([[0, 0], [1000, 0]], [0, 1])
    array([[-0.25,  0.25],
           [ 0.5 , -0.5 ]])
    """
    n = len(labels)
    p = softmax(logits)
    p[np.arange(n), labels] -= 1
    return p / n
