"""Activation functions and their derivatives, for whoever calls them by hand.

The formulas are those of `rules`, with a door before them. Every function takes an array of any
shape and returns a new one of the same shape: float32 stays float32, integers become float64. A
derivative takes ``z``, what went into the function, and never ``a``, what came out of it. Nothing
here overflows, however large the finite number. NaN or infinity in z is refused with a ValueError,
anything but numbers with a TypeError; and so is a slope that does not lie between 0 and 1.
"""

from collections.abc import Callable
from functools import wraps

import numpy.typing as npt

from backprop import rules
from backprop.arrays import FloatArray
from backprop.validation import as_finite_floats, as_fraction, quiet

__all__ = [
    "identity",
    "identity_derivative",
    "leaky_relu",
    "leaky_relu_derivative",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "tanh",
    "tanh_derivative",
]


def checked(rule: Callable[[FloatArray], FloatArray]) -> Callable[[npt.ArrayLike], FloatArray]:
    """Return the rule for any array of finite numbers; all else is refused."""

    @wraps(rule)
    @quiet
    def function(z: npt.ArrayLike) -> FloatArray:
        return rule(as_finite_floats("z", z))

    function.__module__ = __name__
    return function


def checked_with_slope(
    rule: Callable[[FloatArray, float], FloatArray],
) -> Callable[..., FloatArray]:
    """Return the rule for any array of finite numbers and a slope between 0 and 1."""

    @wraps(rule)
    @quiet
    def function(z: npt.ArrayLike, slope: float = 0.01) -> FloatArray:
        return rule(as_finite_floats("z", z), as_fraction("slope", slope))

    function.__module__ = __name__
    return function


sigmoid = checked(rules.sigmoid)
sigmoid_derivative = checked(rules.sigmoid_derivative)
tanh = checked(rules.tanh)
tanh_derivative = checked(rules.tanh_derivative)
relu = checked(rules.relu)
relu_derivative = checked(rules.relu_derivative)
leaky_relu = checked_with_slope(rules.leaky_relu)
leaky_relu_derivative = checked_with_slope(rules.leaky_relu_derivative)
identity = checked(rules.identity)
identity_derivative = checked(rules.identity_derivative)
