"""Layers: each goes forward and, with what it remembers of that, back.

Forward, a layer turns its input into its output and remembers what its rule for the way back
needs. Backward, it turns the gradient of the loss by its output into the one by its input, and
leaves the gradients by its own parameters in ``dNAME``. A batch is rows: shape (batch, n).

The formulas are those of `rules`. What is passed is looked at by the base class, in `doors`.
A layer remembers its input itself, not a copy: leave that array alone until after `backward`.
(`Network` copies what it is given, so there it can't happen.)
"""

from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from backprop import rules
from backprop.arrays import FloatArray, Remembered
from backprop.doors import LayerDoor
from backprop.parameters import check_layer
from backprop.validation import (
    as_batch_like,
    as_finite_floats,
    as_float_dtype,
    as_floats,
    as_fraction,
    as_positive_int,
    as_rows,
    check_finite,
    check_fits,
    check_is_array,
    check_rng,
    check_weights,
)

__all__ = ["Activation", "Dense", "Identity", "LeakyReLU", "ReLU", "Sigmoid", "Tanh"]


class Dense(LayerDoor):
    """A layer of weights and biases, z = x W + b: the page hand/matrix-form.

    Parameters
    ----------
    W : array, shape (n_in, n_out)
        Weights; ``W[i, j]`` leads from unit i to unit j. Copied.
    b : array, shape (n_out,), optional
        Biases. Copied. Without them, z = x W.

    Attributes
    ----------
    W, b : arrays of float64 or float32; b may be None
    parameters : tuple of str
        What is learned: ("W", "b"), or ("W",) where there is no b.
    dW, db : arrays
        The gradients of the loss by W and b, left by `backward`; zeros before the first, None
        after one that failed.
    x : array, shape (batch, n_in), or None
        What the last `forward` was given.
    n_in, n_out : int

    Raises
    ------
    ValueError
        If the shapes don't fit, or a number is not finite.
    TypeError
        If one is float32 and the other float64, or they hold anything else.

    Examples
    --------
    >>> import backprop as bp
    >>> layer = bp.Dense([[1, 2], [3, 4]], [10, 20])
    >>> layer.forward([[1, 1]])
    array([[14., 26.]])
    >>> layer.backward([[1, 2]])
    array([[ 5., 11.]])
    >>> layer.dW
    array([[1., 2.],
           [1., 2.]])
    """

    parameters: tuple[str, ...] = ("W", "b")
    results: ClassVar = {"forward": "z", "backward": "dx"}

    def __init__(self, W: npt.ArrayLike, b: npt.ArrayLike | None = None) -> None:
        if isinstance(W, int | float) and not isinstance(W, bool):
            sizes = f"{W}, {b}" if isinstance(W, int) and isinstance(b, int) else "n_in, n_out"
            raise ValueError(
                "W must have shape (n_in, n_out), being an array of weights"
                f" (Dense.random({sizes}, rng=rng) makes a layer with random ones), got shape ()"
            )
        self.W = as_finite_floats("W", W).copy()
        self.b = None if b is None else as_finite_floats("b", b).copy()
        if b is None:
            self.parameters = ("W",)
        check_layer(self)
        self.dW: Remembered = np.zeros_like(self.W)
        self.db: Remembered = None if self.b is None else np.zeros_like(self.b)
        self.has_gradient = False  # dW and db are still what they began with
        self.x: Remembered = None

    @classmethod
    def random(
        cls,
        n_in: int,
        n_out: int,
        *,
        rng: np.random.Generator,
        scheme: str = "xavier",
        dtype: npt.DTypeLike = np.float64,
    ) -> "Dense":
        """Return a layer with normally distributed weights and biases 0.

        ``scheme`` says how large: their standard deviation is √(2 / (n_in + n_out)) for
        "xavier" (Glorot and Bengio, 2010), √(2 / n_in) for "he" (He and others, 2015),
        1 for "normal": derived on the page practice/slow-learning.

        >>> import backprop as bp, numpy as np
        >>> bp.Dense.random(64, 32, rng=np.random.default_rng(0), scheme="he")
        Dense(64, 32)
        """
        n_in, n_out = as_positive_int("n_in", n_in), as_positive_int("n_out", n_out)
        check_rng(rng)
        dtype = as_float_dtype(dtype)
        deviations = {"xavier": (2 / (n_in + n_out)) ** 0.5, "he": (2 / n_in) ** 0.5, "normal": 1}
        if not isinstance(scheme, str) or scheme not in deviations:
            raise ValueError(f"scheme must be one of {list(deviations)}, got {scheme!r}")
        W = rng.normal(0, deviations[scheme], size=(n_in, n_out))
        return cls(W.astype(dtype), np.zeros(n_out, dtype))

    # --8<-- [start:dense-forward]
    def forward(self, x: FloatArray) -> FloatArray:
        """Return z = x W + b, shape (batch, n_out), and remember x."""
        self.x = x
        return rules.dense_forward(x, self.W, self.b)

    # --8<-- [end:dense-forward]

    # --8<-- [start:dense-backward]
    def backward(self, delta: FloatArray) -> FloatArray:
        """Fill dW and db; return dx. delta is dC/dz, dx is dC/dx."""
        dx, self.dW, self.db = rules.dense_backward(delta, self.x, self.W)
        return dx

    # --8<-- [end:dense-backward]

    @property
    def n_in(self) -> int:  # type: ignore[override]
        return int(self.W.shape[0])

    @property
    def n_out(self) -> int:  # type: ignore[override]
        return int(self.W.shape[1])

    def check_parameters(self) -> None:
        check_weights(self.W, self.b)
        for name in self.parameters:
            gradient = getattr(self, f"d{name}", None)
            if gradient is not None:
                check_is_array(f"d{name}", gradient)
                check_fits(name, getattr(self, name), gradient.shape, f"d{name}", gradient)

    def check_dy(self, name: str, dy: npt.ArrayLike) -> FloatArray | None:
        if self.x is None:
            return None
        check_finite("x", self.x)  # not a copy: someone may have written into it since
        delta = as_floats(name, dy, self.W.dtype)
        check_fits(name, delta, (len(self.x), self.n_out), "W", self.W)
        return delta

    def check_x(self, name: str, x: npt.ArrayLike) -> FloatArray:
        x = as_rows(name, x, self.W.dtype)
        check_fits(name, x, (len(x), self.n_in), "W", self.W)
        return x

    def __repr__(self) -> str:
        return f"{type(self).__name__}{np.shape(self.W)}"


class Activation(LayerDoor):
    """A layer without parameters that remembers z, of any shape whose first axis is the batch."""

    arguments: tuple[str, ...] = ()  # what its rule takes besides z
    bounded = True
    results: ClassVar = {"forward": "a", "backward": "delta"}
    z: Remembered = None

    def check_dy(self, name: str, dy: npt.ArrayLike) -> FloatArray | None:
        if self.z is None:
            return None
        check_finite("z", self.z)  # not a copy: someone may have written into it since
        return as_batch_like(name, dy, "z", self.z)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(repr(getattr(self, a)) for a in self.arguments)})"


# --8<-- [start:sigmoid-layer]
class Sigmoid(Activation):
    """a = σ(z), element by element: the page hand/forward.

    >>> import backprop as bp
    >>> layer = bp.Sigmoid()
    >>> layer.forward([[0, 2]])
    array([[0.5       , 0.88079708]])
    >>> layer.backward([[1, 1]])
    array([[0.25      , 0.10499359]])
    """

    def forward(self, z: FloatArray) -> FloatArray:
        """Return a = σ(z), and remember z."""
        self.z = z
        return rules.sigmoid(z)

    def backward(self, da: FloatArray) -> FloatArray:
        """Return delta = da ⊙ σ′(z)."""
        return da * rules.sigmoid_derivative(self.z)


# --8<-- [end:sigmoid-layer]


class Tanh(Activation):
    """a = tanh(z), element by element: the page hand/forward.

    >>> import backprop as bp
    >>> bp.Tanh().forward([[0, 2]])
    array([[0.        , 0.96402758]])
    """

    def forward(self, z: FloatArray) -> FloatArray:
        """Return a = tanh(z), and remember z."""
        self.z = z
        return rules.tanh(z)

    def backward(self, da: FloatArray) -> FloatArray:
        """Return delta = da ⊙ tanh′(z)."""
        return da * rules.tanh_derivative(self.z)


class ReLU(Activation):
    """a = max(0, z), element by element: the page hand/forward.

    >>> import backprop as bp
    >>> bp.ReLU().forward([[-1, 2]])
    array([[0., 2.]])
    """

    def forward(self, z: FloatArray) -> FloatArray:
        """Return a = max(0, z), and remember z."""
        self.z = z
        return rules.relu(z)

    def backward(self, da: FloatArray) -> FloatArray:
        """Return delta = da ⊙ relu′(z)."""
        return da * rules.relu_derivative(self.z)


class LeakyReLU(Activation):
    """a = z where z > 0, else slope · z, element by element: the page hand/forward.

    >>> import backprop as bp
    >>> bp.LeakyReLU(slope=0.1).forward([[-1, 2]])
    array([[-0.1,  2. ]])
    """

    arguments = ("slope",)

    def __init__(self, slope: float = 0.01) -> None:
        self.slope: Final = as_fraction("slope", slope)

    def forward(self, z: FloatArray) -> FloatArray:
        """Return a = z, or slope · z left of 0, and remember z."""
        self.z = z
        return rules.leaky_relu(z, self.slope)

    def backward(self, da: FloatArray) -> FloatArray:
        """Return delta = da ⊙ leaky_relu′(z)."""
        return da * rules.leaky_relu_derivative(self.z, self.slope)


class Identity(Activation):
    """a = z: the layer that changes nothing; see the page hand/forward.

    >>> import backprop as bp
    >>> bp.Identity().forward([[-1, 2]])
    array([[-1.,  2.]])
    """

    def forward(self, z: FloatArray) -> FloatArray:
        """Return a = z, and remember z."""
        self.z = z
        return rules.identity(z)

    def backward(self, da: FloatArray) -> FloatArray:
        """Return delta = da ⊙ 1."""
        return da * rules.identity_derivative(self.z)
