"""Real handwritten digits, small enough to ship with the package."""

import gzip
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt

__all__ = ["Digits", "load_digits"]


@dataclass(frozen=True, eq=False, repr=False)
class Digits:
    """Handwritten digits.

    Attributes
    ----------
    x : array of float64, shape (1797, 64)
        One digit a row: 8 rows of 8 pixels, from 0 (paper) to 1 (ink).
    labels : array of int64, shape (1797,)
        Which digit each of them is.
    """

    x: npt.NDArray[np.float64]
    labels: npt.NDArray[np.int64]

    @property
    def images(self) -> npt.NDArray[np.float64]:
        """The same pixels as pictures, shape (1797, 8, 8)."""
        return self.x.reshape(-1, 8, 8)

    def __repr__(self) -> str:
        return f"Digits(x: shape {self.x.shape}, labels: shape {self.labels.shape})"


def load_digits() -> Digits:
    """Return 1797 handwritten digits and what they are.

    Used on the page practice/digits. From E. Alpaydin and C. Kaynak, *Optical Recognition of
    Handwritten Digits*, UCI Machine Learning Repository, https://doi.org/10.24432/C50P49,
    CC BY 4.0: its test part, written by 13 people who did not write its training part.

    Returns
    -------
    Digits
        New arrays at each call, in the order of the original file.

    Examples
    --------
    >>> import backprop as bp
    >>> digits = bp.load_digits()
    >>> digits.x.shape, digits.images.shape, digits.labels[:5]
    ((1797, 64), (1797, 8, 8), array([0, 1, 2, 3, 4]))
    """
    packed = files("backprop").joinpath("data", "digits.csv.gz").read_bytes()
    rows = gzip.decompress(packed).decode("ascii").splitlines()
    table = np.loadtxt(rows, delimiter=",", dtype=np.int64)
    return Digits(x=table[:, :64] / 16, labels=table[:, 64].copy())
