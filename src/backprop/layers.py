"""Layers: each goes forward and, with what it remembers of that, back.

Forward, a layer turns its input into its output. Backward, it turns the gradient of the loss with
respect to its output into the one with respect to its input. A batch is rows throughout: shape
(batch, n).

A layer remembers its input itself, not a copy: leave that array alone until after `backward`.
(`Network` copies what it is given, so there it can't happen.) A call that is refused changes
nothing.
"""

import numpy as np
import numpy.typing as npt

from backprop.activations import (
    identity,
    identity_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)
from backprop.validation import (
    FloatArray,
    as_batch_like,
    as_float_dtype,
    as_floats,
    as_positive_int,
    as_rows,
    check_dW,
    check_finite,
    check_fits,
    check_is_array,
    check_parameters,
    check_rng,
    quiet,
    refuse_not_finite,
    remembered,
)

__all__ = ["Activation", "Dense", "Identity", "ReLU", "Sigmoid", "Tanh"]


class Dense:
    """A layer of weights and biases: z = x W + b.

    Derived on the page hand/matrix-form.

    Parameters
    ----------
    W : array, shape (n_in, n_out)
        Weights; ``W[i, j]`` leads from unit i to unit j. Copied.
    b : array, shape (n_out,)
        Biases. Copied.

    Attributes
    ----------
    W, b : arrays of float64 or float32
    dW, db : arrays
        The gradients of the loss by W and b, filled by `backward`; zeros before.
    x : array, shape (batch, n_in), or None
        What the last `forward` was given.
    has_gradient : bool
        Whether `backward` has filled dW and db.

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

    def __init__(self, W: npt.ArrayLike, b: npt.ArrayLike) -> None:
        self.W = as_floats("W", W).copy()
        self.b = as_floats("b", b).copy()
        check_parameters(self.W, self.b)
        check_finite("W", self.W)
        check_finite("b", self.b)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)
        self.x: FloatArray | None = None
        self.has_gradient = False

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
        1 for "normal". Used on the page practice/digits.

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
    @quiet
    def forward(self, x: npt.ArrayLike) -> FloatArray:
        """Return z = x W + b, shape (batch, n_out), and remember x."""
        self.check_parameters()
        x = as_rows("x", x)
        check_fits("x", x, (len(x), len(self.W)), "W", self.W)

        z = x @ self.W
        z += self.b

        refuse_not_finite({"W": self.W, "x": x}, z=z)
        self.x = x
        return z

    # --8<-- [end:dense-forward]

    # --8<-- [start:dense-backward]
    @quiet
    def backward(self, delta: npt.ArrayLike) -> FloatArray:
        """Fill dW and db, and return dx = dC/dx, shape (batch, n_in).

        delta is dC/dz, shape (batch, n_out).
        """
        self.check_parameters()
        x = remembered(self.x)
        delta = as_floats("delta", delta)
        check_fits("delta", delta, (len(x), len(self.b)), "W", self.W)

        db = delta.sum(axis=0)
        dx = delta @ self.W.T

        refuse_not_finite({"W": self.W, "delta": delta}, db=db, dx=dx)
        check_dW(x, delta)
        np.matmul(x.T, delta, out=self.dW)  # dW = x.T @ delta, in place
        self.db[:] = db
        self.has_gradient = True
        return dx

    # --8<-- [end:dense-backward]

    def check_parameters(self) -> None:
        """Refuse parameters that have been replaced by what doesn't fit, and b if not finite."""
        check_parameters(self.W, self.b)
        check_is_array("dW", self.dW)
        check_is_array("db", self.db)
        check_fits("W", self.W, self.dW.shape, "dW", self.dW)
        check_fits("b", self.b, self.db.shape, "db", self.db)
        check_finite("b", self.b)  # that W is finite shows in the products

    def __repr__(self) -> str:
        return f"Dense{np.shape(self.W)}"


class Activation:
    """A layer without parameters. It remembers z, what the last `forward` was given."""

    z: FloatArray | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


# --8<-- [start:sigmoid-layer]
class Sigmoid(Activation):
    """a = σ(z), element by element: the page hand/every-element.

    >>> import backprop as bp
    >>> layer = bp.Sigmoid()
    >>> layer.forward([[0, 2]])
    array([[0.5       , 0.88079708]])
    >>> layer.backward([[1, 1]])
    array([[0.25      , 0.10499359]])
    """

    def forward(self, z: npt.ArrayLike) -> FloatArray:
        """Return a = σ(z), and remember z."""
        z = as_rows("z", z)
        a = sigmoid(z)
        self.z = z
        return a

    @quiet
    def backward(self, da: npt.ArrayLike) -> FloatArray:
        """Return delta = da ⊙ σ′(z)."""
        z = remembered(self.z)
        da = as_batch_like("da", da, "z", z)
        return da * sigmoid_derivative(z)


# --8<-- [end:sigmoid-layer]


class Tanh(Activation):
    """a = tanh(z), element by element: as `Sigmoid`, on the page hand/every-element.

    >>> import backprop as bp
    >>> bp.Tanh().forward([[0, 2]])
    array([[0.        , 0.96402758]])
    """

    def forward(self, z: npt.ArrayLike) -> FloatArray:
        """Return a = tanh(z), and remember z."""
        z = as_rows("z", z)
        a = tanh(z)
        self.z = z
        return a

    @quiet
    def backward(self, da: npt.ArrayLike) -> FloatArray:
        """Return delta = da ⊙ tanh′(z)."""
        z = remembered(self.z)
        da = as_batch_like("da", da, "z", z)
        return da * tanh_derivative(z)


class ReLU(Activation):
    """a = max(0, z), element by element: the page practice/digits.

    >>> import backprop as bp
    >>> bp.ReLU().forward([[-1, 2]])
    array([[0., 2.]])
    """

    def forward(self, z: npt.ArrayLike) -> FloatArray:
        """Return a = max(0, z), and remember z."""
        z = as_rows("z", z)
        a = relu(z)
        self.z = z
        return a

    def backward(self, da: npt.ArrayLike) -> FloatArray:
        """Return delta = da ⊙ relu′(z)."""
        z = remembered(self.z)
        da = as_batch_like("da", da, "z", z)
        return da * relu_derivative(z)


class Identity(Activation):
    """a = z: the layer that changes nothing; see the page hand/matrix-form.

    >>> import backprop as bp
    >>> bp.Identity().forward([[-1, 2]])
    array([[-1.,  2.]])
    """

    def forward(self, z: npt.ArrayLike) -> FloatArray:
        """Return a = z, and remember z."""
        z = as_rows("z", z)
        a = identity(z)
        self.z = z
        return a

    def backward(self, da: npt.ArrayLike) -> FloatArray:
        """Return delta = da ⊙ 1."""
        z = remembered(self.z)
        da = as_batch_like("da", da, "z", z)
        return da * identity_derivative(z)
