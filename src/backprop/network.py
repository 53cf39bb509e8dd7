"""A network: layers one after another, gone through forward and then backward."""

from collections.abc import Iterable
from typing import Any, Protocol

from backprop.arrays import FloatArray, Remembered
from backprop.doors import NetworkDoor, check_sound, is_known
from backprop.parameters import check_layers, every_layer

__all__ = ["Layer", "Network"]


class Layer(Protocol):
    """What a network asks of a layer; if it learns, also ``parameters`` and a dNAME for each."""

    def forward(self, x: FloatArray, /) -> FloatArray: ...

    def backward(self, dy: FloatArray, /) -> FloatArray: ...


class Network(NetworkDoor):
    """Layers, the output of each being the input of the next.

    Derived on the page hand/matrix-form.

    Parameters
    ----------
    layers : sequence of layers
        `Dense`, `Sigmoid`, `Tanh`, `ReLU`, `LeakyReLU`, `Identity`, another network, or anything
        with their ``forward`` and ``backward``. What it learns it names in ``parameters``, and
        `backward` fills dNAME for each; a layer made of layers lists them in ``layers``.

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

    An argument or parameter that is refused changes nothing. A layer that fails in the middle is
    named; parameters are as before, but there is no gradient, and a `forward` must come first.

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
        self.y: Remembered = None
        check_sound(self)

    # --8<-- [start:network-forward]
    def forward(self, x: FloatArray) -> FloatArray:
        """Return y, shape (batch, n_out), for x, shape (batch, n_in)."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    # --8<-- [end:network-forward]

    # --8<-- [start:network-backward]
    def backward(self, dy: FloatArray) -> FloatArray:
        """Return dx = dC/dx for dy = dC/dy; layers fill their dW and db."""
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    # --8<-- [end:network-backward]

    def check_layers(self) -> None:
        if not self.layers:
            raise ValueError("layers must hold at least one layer, got none")
        places: dict[int, str] = {}
        for place, layer in every_layer(self.layers):
            check_is_layer(place, layer)
            if id(layer) in places:
                raise ValueError(
                    f"{places[id(layer)]} and {place} are one object, {layer}: it could remember"
                    " the input of only one of them"
                )
            places[id(layer)] = place
        check_layers(self.layers)
        check_sizes(self.layers)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.layers})"


def is_chain(net: Any) -> bool:
    """Whether a network goes through its layers one after another, and does nothing else."""
    kind = type(net)
    own = getattr(kind, "forward", None), getattr(kind, "backward", None)
    return own == (Network.forward, Network.backward)


def check_is_layer(place: str, layer: object) -> None:
    """Refuse what can't go forward and backward."""
    if isinstance(layer, type):
        raise TypeError(f"{place} is the class {layer.__name__}: write {layer.__name__}()")
    if not callable(getattr(layer, "forward", None)) or not callable(
        getattr(layer, "backward", None)
    ):
        raise TypeError(
            f"{place} must be a layer, got {type(layer).__name__}, which has not both forward and"
            " backward"
        )


def check_sizes(layers: list[Any]) -> None:
    """Refuse neighbours of which one puts out another size than the next takes.

    Nothing is known behind a layer that does not say what it puts out.
    """
    before = -1  # the layer that has put out the numbers which come in
    for i, layer in enumerate(layers):
        if not is_known(layer):
            before = -1
        elif layer.n_in is not None:
            if before >= 0 and layer.n_in != layers[before].n_out:
                raise ValueError(
                    f"layers must fit each other: layers[{before}].W has shape"
                    f" {layers[before].W.shape}, layers[{i}].W {layer.W.shape}"
                )
            before = i
