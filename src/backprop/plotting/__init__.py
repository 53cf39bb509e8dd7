"""Pictures of networks, of digits and of training, in the colours of the notation.

The only part of the package that needs matplotlib: ``pip install matplotlib``, then
``from backprop import plotting``.
"""

from backprop.plotting.charts import curves, images, lines, matrix, tangent
from backprop.plotting.diagram import network
from backprop.plotting.style import COLOURS, macro_of, symbol, use_style

__all__ = [
    "COLOURS",
    "curves",
    "images",
    "lines",
    "macro_of",
    "matrix",
    "network",
    "symbol",
    "tangent",
    "use_style",
]
