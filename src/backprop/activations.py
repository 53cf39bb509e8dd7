"""Activation functions and their derivatives, element by element.

Every function takes an array of any shape and returns a new one of the same shape: float32 stays
float32, integers become float64. A derivative takes ``z``, what went into the function, and never
``a``, what came out of it. Nothing here overflows, however large the finite number.

NaN or infinity in z is refused with a ValueError, anything but numbers with a TypeError.
"""

import numpy as np
import numpy.typing as npt

from backprop.validation import FloatArray, as_finite_floats, quiet

__all__ = [
    "identity",
    "identity_derivative",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "tanh",
    "tanh_derivative",
]


@quiet
def sigmoid(z: npt.ArrayLike) -> FloatArray:
    """Return σ(z) = 1 / (1 + exp(−z)).

    Used throughout the page hand/every-element.

    Parameters
    ----------
    z : array of any shape

    Returns
    -------
    array of the same shape, from 0 to 1

    Raises
    ------
    ValueError
        If z holds NaN or infinity.
    TypeError
        If z holds anything but float64, float32 or integers.

    Examples
    --------
    >>> import backprop as bp
    >>> bp.sigmoid([-1000, 0, 1000])
    array([0. , 0.5, 1. ])
    """
    z = as_finite_floats("z", z)
    # exp(−z) overflows where z is far below 0; exp(−|z|) never does. For z < 0 it is exp(z),
    # by which numerator and denominator of 1 / (1 + exp(−z)) have been multiplied.
    e = np.exp(-np.abs(z))
    a: FloatArray = np.where(z >= 0, 1, e) / (1 + e)
    return a


# --8<-- [start:sigmoid-derivative]
def sigmoid_derivative(z: npt.ArrayLike) -> FloatArray:
    """Return σ′(z) = σ(z) (1 − σ(z)), in the shape of z.

    Derived on the page hand/every-element. Raises as `sigmoid` does.

    >>> import backprop as bp
    >>> bp.sigmoid_derivative([-2, 0, 2])
    array([0.10499359, 0.25      , 0.10499359])
    """
    z = as_finite_floats("z", z)
    # 1 − σ(z) is σ(−z), which keeps its digits where σ(z) rounds to 1.
    return sigmoid(z) * sigmoid(-z)


# --8<-- [end:sigmoid-derivative]


@quiet
def tanh(z: npt.ArrayLike) -> FloatArray:
    """Return the hyperbolic tangent of z, in the shape of z.

    It is 2σ(2z) − 1: the σ of the page hand/every-element, stretched. Raises as `sigmoid` does.

    Examples
    --------
    >>> import backprop as bp
    >>> bp.tanh([-1000, 0, 1000])
    array([-1.,  0.,  1.])
    """
    return np.tanh(as_finite_floats("z", z))


@quiet
def tanh_derivative(z: npt.ArrayLike) -> FloatArray:
    """Return tanh′(z) = 1 − tanh²(z) = 1 / cosh²(z), in the shape of z.

    Derived as σ′ is on the page hand/every-element. Raises as `sigmoid` does.

    Examples
    --------
    >>> import backprop as bp
    >>> bp.tanh_derivative([-2, 0, 2])
    array([0.07065082, 1.        , 0.07065082])
    """
    z = as_finite_floats("z", z)
    # 1 − tanh² loses its digits where tanh rounds to 1, and cosh overflows.
    # 1 / cosh(z) = 2e / (1 + e²) with e = exp(−|z|) does neither.
    e = np.exp(-np.abs(z))
    slope: FloatArray = (2 * e / (1 + e * e)) ** 2
    return slope


def relu(z: npt.ArrayLike) -> FloatArray:
    """Return max(0, z), in the shape of z.

    Used on the page practice/digits. Raises as `sigmoid` does.

    Examples
    --------
    >>> import backprop as bp
    >>> bp.relu([-2, 0, 3])
    array([0., 0., 3.])
    """
    return np.maximum(as_finite_floats("z", z), 0)


def relu_derivative(z: npt.ArrayLike) -> FloatArray:
    """Return relu′(z): 1 where z > 0, and 0 elsewhere, in the shape of z.

    At z = 0 there is a kink and no derivative; this function returns 0 there.
    Used on the page practice/digits. Raises as `sigmoid` does.

    Examples
    --------
    >>> import backprop as bp
    >>> bp.relu_derivative([-2, 0, 3])
    array([0., 0., 1.])
    """
    z = as_finite_floats("z", z)
    return (z > 0).astype(z.dtype)


def identity(z: npt.ArrayLike) -> FloatArray:
    """Return a copy of z: the activation of a layer that has none.

    See the page hand/matrix-form. Raises as `sigmoid` does.

    Examples
    --------
    >>> import backprop as bp
    >>> bp.identity([-2, 0, 3])
    array([-2.,  0.,  3.])
    """
    return as_finite_floats("z", z).copy()


def identity_derivative(z: npt.ArrayLike) -> FloatArray:
    """Return ones, in the shape of z.

    See the page hand/matrix-form. Raises as `sigmoid` does.

    Examples
    --------
    >>> import backprop as bp
    >>> bp.identity_derivative([-2, 0, 3])
    array([1., 1., 1.])
    """
    return np.ones_like(as_finite_floats("z", z))
