"""The course's letters and colours, read from notation.json."""

import json
import re
from importlib.resources import files
from typing import Any

import matplotlib.pyplot as plt

__all__ = ["COLOURS", "NOTATION", "macro_of", "symbol", "use_style"]

NOTATION: dict[str, Any] = json.loads((files("backprop") / "notation.json").read_text("utf-8"))

# Figures are drawn in the light colours; the site makes their dark twins by replacing each.
COLOURS: dict[str, str] = {name: c["light"] for name, c in NOTATION["colours"].items()}

STYLE: Any = {  # what matplotlib calls rcParams
    "font.family": "STIXGeneral",
    "font.size": 13,
    "mathtext.fontset": "stix",
    "figure.facecolor": COLOURS["paper"],
    "savefig.facecolor": COLOURS["paper"],
    "axes.facecolor": COLOURS["paper"],
    "axes.edgecolor": COLOURS["line"],
    "axes.labelcolor": COLOURS["ink"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": COLOURS["ink"],
    "xtick.color": COLOURS["muted"],
    "ytick.color": COLOURS["muted"],
    "legend.frameon": False,
    "svg.fonttype": "path",  # the same letters on every machine
    "svg.hashsalt": "backprop",  # the same ids in every build
}


def use_style() -> None:
    """Draw in the course's colours and letters from here on.

    Used on the page practice/digits.

    Examples
    --------
    >>> use_style()
    >>> plt.rcParams["mathtext.fontset"]
    'stix'
    """
    plt.rcParams.update(STYLE)


def symbol(macro: str) -> tuple[str, str]:
    r"""A symbol of the notation as matplotlib text, and its colour.

    Defined on the page reference/notation.

    Parameters
    ----------
    macro : str
        LaTeX that begins with one of the course's macros, such as ``\W{1}_{11}``.

    Raises
    ------
    ValueError
        If it does not.

    Examples
    --------
    >>> symbol(r"\W{1}_{11}")
    ('$W^{[1]}_{11}$', '#1d4ed8')
    """
    match = re.match(r"\\([A-Za-z]+)(?:\{(\w+)\})?(.*)", macro)
    if match is None or match[1] not in NOTATION["symbols"]:
        raise ValueError(f"macro must begin with a symbol of the notation, got {macro!r}")
    known = NOTATION["symbols"][match[1]]
    plain = known["tex"].replace("#1", match[2] or "")
    return f"${plain}{match[3]}$", COLOURS[known.get("role", "ink")]


def macro_of(name: str) -> str:
    r"""The macro for a name in code.

    Defined on the page reference/notation.

    Raises
    ------
    ValueError
        If the name is not a letter or ``delta``, a layer, and an index.

    Examples
    --------
    >>> macro_of("W1_12"), macro_of("x_1"), macro_of("delta2_1")
    ('\\W{1}_{12}', '\\x_{1}', '\\err{2}_{1}')
    """
    match = re.fullmatch(r"([A-Za-z]+)(\d*)(?:_(\d+))?", name)
    if match is None:
        raise ValueError(f"name must look like W1_12, x_1 or delta2_1, got {name!r}")
    letter = {"delta": "err", "E": "Lossx", "C": "Loss"}.get(match[1], match[1])
    layer = f"{{{match[2]}}}" if match[2] else ""
    index = f"_{{{match[3]}}}" if match[3] else ""
    return f"\\{letter}{layer}{index}"
