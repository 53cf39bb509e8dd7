"""A network: layers one after another, gone through forward and then backward."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from backprop.layers import Dense
from backprop.validation import (
    FloatArray,
    as_batch,
    as_batch_like,
    check_finite,
    remembered,
)

__all__ = ["Layer", "Network"]


class Layer(Protocol):
    """What a network asks of a layer."""

    def forward(self, x: npt.ArrayLike, /) -> FloatArray: ...

    def backward(self, dy: npt.ArrayLike, /) -> FloatArray: ...


class Network:
    """Layers, the output of each being the input of the next.

    Derived on the page hand/matrix-form.

    Parameters
    ----------
    layers : sequence of layers
        `Dense`, `Sigmoid`, `Tanh`, `ReLU`, `Identity`, or anything with their ``forward``
        and ``backward``.

    Attributes
    ----------
    layers : list of layers
        Those given, not copies.
    y : array, shape (batch, n_out), or None
        What the last `forward` returned.

    Raises
    ------
    ValueError
        If there is no layer, one stands there twice, or neighbouring sizes do not fit.
        From `forward` and `backward`: if a shape does not fit, or something is not finite:
        what they are given, a parameter, or a result (an overflow).
    TypeError
        If something is no layer, or float32 and float64 meet.
    RuntimeError
        From `backward`, if there was no `forward` before it.

    A call that is refused changes nothing.

    Examples
    --------
    >>> import backprop as bp
    >>> net = bp.Network([bp.Dense([[1], [2]], [0.5]), bp.Dense([[3]], [0])])
    >>> net.forward([[1, 1]])
    array([[10.5]])
    >>> net.backward([[1]])
    array([[3., 6.]])
    >>> net.layers[0].dW
    array([[3.],
           [3.]])
    """

    def __init__(self, layers: Iterable[Layer]) -> None:
        if not isinstance(layers, Iterable):
            raise TypeError(f"layers must be a sequence of layers, got {type(layers).__name__}")
        self.layers = list(layers)
        self.y: FloatArray | None = None
        check_layers(self.layers)

    # --8<-- [start:network-forward]
    def forward(self, x: npt.ArrayLike) -> FloatArray:
        """Return y, shape (batch, n_out), for x, shape (batch, n_in)."""
        a = as_batch("x", x).copy()
        with unchanged_if_refused(self.layers):
            for layer in self.layers:
                a = layer.forward(a)
        self.y = a
        return a

    # --8<-- [end:network-forward]

    # --8<-- [start:network-backward]
    def backward(self, dy: npt.ArrayLike) -> FloatArray:
        """Return dx = dC/dx for dy = dC/dy; fill every dW and db.

        dy has the shape of y, dx that of x.
        """
        gradient = as_batch_like("dy", dy, "y", remembered(self.y))
        with unchanged_if_refused(self.layers, gradients_too=True):
            for layer in reversed(self.layers):
                gradient = layer.backward(gradient)
        return gradient

    # --8<-- [end:network-backward]

    def __repr__(self) -> str:
        return f"Network({self.layers})"


def check_layers(layers: Sequence[Layer]) -> None:
    """Refuse what can't work as the layers of one network, naming the layers at fault."""
    if not layers:
        raise ValueError("layers must hold at least one layer, got none")
    for i, layer in enumerate(layers):
        if isinstance(layer, type):
            raise TypeError(f"layers[{i}] is the class {layer.__name__}: write {layer.__name__}()")
        has_both = hasattr(layer, "forward") and hasattr(layer, "backward")
        if not has_both or isinstance(layer, Network):
            raise TypeError(f"layers[{i}] must be a layer, got {type(layer).__name__}")
        if not hasattr(layer, "__dict__"):
            raise TypeError(
                f"layers[{i}] must have a __dict__, got {type(layer).__name__} with __slots__:"
                " what it remembers could not be put back when a call is refused"
            )
        for j in range(i):
            if layers[j] is layer:
                raise ValueError(
                    f"layers[{j}] and layers[{i}] are one object, {layer}: it could remember"
                    " the input of only one of them"
                )
    dense = [(i, layer) for i, layer in enumerate(layers) if isinstance(layer, Dense)]
    for i, layer in dense:
        try:
            layer.check_parameters()
            check_finite("W", layer.W)
        except (TypeError, ValueError) as error:
            raise type(error)(f"layers[{i}].{error}") from None
    for (i, before), (j, after) in pairwise(dense):
        shapes = f"layers[{i}].W has shape {before.W.shape}, layers[{j}].W {after.W.shape}"
        if before.W.shape[1] != after.W.shape[0]:
            raise ValueError(f"layers must fit each other: {shapes}")
        if before.W.dtype != after.W.dtype:
            raise TypeError(
                f"layers must have one dtype: {shapes}; {before.W.dtype}, {after.W.dtype}"
            )


@contextmanager
def unchanged_if_refused(layers: Sequence[Layer], gradients_too: bool = False) -> Iterator[None]:
    """Put every layer back as it was if one of them refuses halfway through.

    `Dense.backward` overwrites the numbers of dW and db, so that they have to be copied first;
    ``gradients_too`` asks for that. Not so those of layers[0]: backward comes there last, and
    `Dense.backward` itself changes nothing if it refuses.
    """
    before = [vars(layer).copy() for layer in layers]
    dense = [layer for layer in layers[1:] if gradients_too and isinstance(layer, Dense)]
    arrays = [array for layer in dense for array in (layer.dW, layer.db)]
    gradients = [(array, array.copy()) for array in arrays if isinstance(array, np.ndarray)]
    try:
        yield
    except BaseException:
        for layer, attributes in zip(layers, before, strict=True):
            vars(layer).clear()
            vars(layer).update(attributes)
        for array, values in gradients:
            array[...] = values
        check_layers(layers)  # says which layer's parameters are at fault, if it is that
        raise
