"""Pictures of networks, of digits and of training, in the colours of the notation.

The only module of the package that needs matplotlib: ``pip install matplotlib``, then
``from backprop import plotting``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from importlib.resources import files
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from numpy.typing import ArrayLike

NOTATION: dict[str, Any] = json.loads((files("backprop") / "notation.json").read_text("utf-8"))
COLOURS: dict[str, str] = {n: c["light"] for n, c in NOTATION["colours"].items()}

STYLE: dict[str, Any] = {
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

    Examples
    --------
    >>> use_style()
    >>> plt.rcParams["mathtext.fontset"]
    'stix'
    """
    plt.rcParams.update(STYLE)


def symbol(macro: str) -> tuple[str, str]:
    r"""A symbol of the notation as matplotlib text, and its colour.

    Parameters
    ----------
    macro : str
        LaTeX that begins with one of the course's macros, such as ``\W{1}_{11}``.

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
    r"""The macro for a name in code: ``W1_12`` is ``\W{1}_{12}``, ``delta2_1`` is ``\err{2}_{1}``.

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


# A network with every name on it


UNIT = 0.92  # from the z of a unit to its a
COLUMN = 2.55  # from layer to layer
ROW = 1.85  # from unit to unit


def network(
    sizes: Sequence[int] = (2, 2, 2),
    *,
    paths: Sequence[Collection[str]] = (),
    values: Mapping[str, str] | None = None,
    widths: Mapping[str, float] | None = None,
    backward: bool = False,
    loss: bool = True,
    ax: Axes | None = None,
) -> Figure:
    """Draw a fully connected network: each unit as its z and its a, each edge with its weight.

    Names in ``paths`` and ``values`` are those of the notation in code: ``x_1``, ``z1_2``,
    ``a1_2``, ``W1_12`` (from unit 1 to unit 2), ``b1_2``, ``E_1``, ``E``.

    Parameters
    ----------
    sizes : units in each layer, inputs first.
    paths : at most two sets of names to light up, the first solid, the second dashed; all
        else fades.
    values : what to write in place of a name; an empty text writes nothing.
    widths : line width of an edge, by the name of its weight.
    backward : arrows point from the loss to the inputs, and all is in the colour of errors.
    loss : draw E_1 … E_n and their sum E behind the outputs.

    Returns
    -------
    Figure

    Examples
    --------
    >>> figure = network((2, 3, 1), loss=False)
    >>> plt.close(figure)
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7.4, 3.15), layout="constrained")
    depth = len(sizes) - 1
    spots = _spots(sizes, loss)
    lit = set().union(*paths)

    def reached_by(name: str) -> int | None:
        """Which path, if any, runs through this name."""
        return next((n for n, path in enumerate(paths) if name in path), None)

    def write(name: str, x: float, y: float, size: float, **options: Any) -> None:
        text, colour = symbol(macro_of(name))
        text = (values or {}).get(name, text)
        size = 15.0 if name in (values or {}) else size  # numbers are wider than letters
        colour = COLOURS["error"] if backward else colour
        faded = bool(paths) and name not in lit
        ax.text(
            x, y, text, size=size, color=colour, ha="center", va="center",
            alpha=0.35 if faded else 1.0, **options,
        )  # fmt: skip

    def edge(start: str, end: str, names: Sequence[str]) -> None:
        """An arrow; lit once for each path that runs through all its names."""
        runs = [n for n, path in enumerate(paths) if all(name in path for name in names)]
        width = (widths or {}).get(names[0], 1.1)
        plain = "error" if backward else "line"
        lines: list[tuple[str, float, Any, float]] = [(plain, width, "solid", 0.0)]
        if runs:
            shift = 0.06 if len(runs) == 2 else 0.0
            lines = [
                ("error", 2.4, ("solid", (0, (2.2, 1.1)))[n], shift * (1 - 2 * n)) for n in runs
            ]
        for colour, line_width, style, dy in lines:
            (x0, y0), (x1, y1) = spots[start], spots[end]
            ax.add_patch(
                FancyArrowPatch(
                    (x0, y0 + dy), (x1, y1 + dy), mutation_scale=9,
                    arrowstyle="<|-" if backward else "-|>", shrinkA=23, shrinkB=25, lw=line_width, ls=style, color=COLOURS[colour],
                    zorder=1 + bool(runs),
                )
            )  # fmt: skip

    _draw_units(ax, sizes, spots, reached_by)
    for layer in range(1, depth + 1):
        before = "x" if layer == 1 else f"a{layer - 1}"
        for i in range(1, sizes[layer - 1] + 1):
            for j in range(1, sizes[layer] + 1):
                weight = f"W{layer}_{i}{j}"
                start, end = f"{before}_{i}", f"z{layer}_{j}"
                edge(start, end, [weight, end])
                (x0, y0), (x1, y1) = spots[start], spots[end]
                at = 0.5 if i == j else 0.34
                if (values or {}).get(weight) == "":
                    continue
                write(
                    weight, x0 + at * (x1 - x0), y0 + at * (y1 - y0) + (0.02 if i != j else 0.0),
                    15.5, zorder=4,
                    bbox={"boxstyle": "round,pad=0.08", "fc": COLOURS["paper"], "ec": "none"},
                )  # fmt: skip
        for j in range(1, sizes[layer] + 1):
            x, y = spots[f"z{layer}_{j}"]
            bias = f"b{layer}_{j}"
            if (values or {}).get(bias) == "":
                continue
            write(bias, x - 0.02, y + 0.95, 15.5)
            is_lit = reached_by(bias) is not None
            ax.annotate(
                "", (x, y + 0.4), (x, y + 0.74),
                arrowprops={
                    "arrowstyle": "-|>", "lw": 2.4 if is_lit else 1.1, "shrinkA": 0, "shrinkB": 0,
                    "color": COLOURS["error" if is_lit else "line"],
                },
            )  # fmt: skip
    if loss:
        for k in range(1, sizes[-1] + 1):
            edge(f"a{depth}_{k}", f"E_{k}", [f"E_{k}"])
            edge(f"E_{k}", "E", [f"E_{k}"])
    for name, (x, y) in spots.items():
        write(name, x, y, 18, zorder=5)
    left, right = -0.45, max(x for x, _ in spots.values()) + 0.45
    heights = [y for _, y in spots.values()]
    ax.set(xlim=(left, right), ylim=(min(heights) - 0.5, max(heights) + 1.15), aspect="equal")
    ax.axis("off")
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def _spots(sizes: Sequence[int], loss: bool) -> dict[str, tuple[float, float]]:
    """Where each name stands."""
    spots = {}
    for layer, size in enumerate(sizes):
        for unit in range(1, size + 1):
            y = ROW * ((size + 1) / 2 - unit)
            if layer == 0:
                spots[f"x_{unit}"] = (0.0, y)
            else:
                x = COLUMN * layer - 0.35
                spots[f"z{layer}_{unit}"] = (x, y)
                spots[f"a{layer}_{unit}"] = (x + UNIT, y)
    if loss:
        right = max(x for x, _ in spots.values())
        for unit in range(1, sizes[-1] + 1):
            spots[f"E_{unit}"] = (right + 1.25, ROW * ((sizes[-1] + 1) / 2 - unit))
        spots["E"] = (right + 2.2, 0.0)
    return spots


def _draw_units(
    ax: Axes, sizes: Sequence[int], spots: Mapping[str, tuple[float, float]], reached_by: Any
) -> None:
    """A ring for each input and loss, a capsule for each unit with its z and its a."""

    def ink(*names: str) -> tuple[str, float]:
        is_lit = all(reached_by(name) is not None for name in names)
        return (COLOURS["error"], 2.0) if is_lit else (COLOURS["muted"], 1.0)

    for name, (x, y) in spots.items():
        if name[0] in "xE":
            colour, width = ink(name)
            ax.add_patch(Circle((x, y), 0.38, fc=COLOURS["panel"], ec=colour, lw=width, zorder=3))
        elif name[0] == "z":
            colour, width = ink(name, "a" + name[1:])
            ax.add_patch(
                FancyBboxPatch(
                    (x - 0.04, y - 0.04), UNIT + 0.08, 0.08,
                    boxstyle="round,pad=0.36,rounding_size=0.4",
                    fc=COLOURS["panel"], ec=colour, lw=width, zorder=3,
                )
            )  # fmt: skip
            middle = x + UNIT / 2
            ax.plot([middle, middle], [y - 0.4, y + 0.4], color=colour, lw=0.8, zorder=4)


# Training, and what a network sees


# From strong negative through the paper's own colour to strong positive.
DIVERGING = LinearSegmentedColormap.from_list(
    "weights", [COLOURS["error"], COLOURS["paper"], COLOURS["weight"]]
)
INK_ON_PAPER = LinearSegmentedColormap.from_list("ink", [COLOURS["paper"], COLOURS["ink"]])


def curves(**series: Sequence[float]) -> Figure:
    """Draw each series over the epochs in a panel of its own; a series ``test_…`` joins the
    panel of its namesake, dashed.

    Used on the page practice/digits.

    Examples
    --------
    >>> figure = curves(loss=[2.3, 0.9, 0.4], test_loss=[2.2, 1.1, 0.6], accuracy=[0.2, 0.7, 0.9])
    >>> [ax.get_ylabel() for ax in figure.axes]
    ['loss', 'accuracy']
    >>> plt.close(figure)
    """
    names = [name for name in series if not name.startswith("test_")]
    figure, panels = plt.subplots(
        1, len(names), figsize=(7.4, 2.9), layout="constrained", squeeze=False
    )
    for ax, name in zip(panels[0], names, strict=True):
        colour = COLOURS["loss" if name == "loss" else "activation"]
        for line, style in ((name, "-"), (f"test_{name}", (0, (2.2, 1.1)))):
            if line in series:
                epochs = np.arange(1, len(series[line]) + 1)
                ax.plot(epochs, series[line], color=colour, lw=1.8, ls=style, label=line)
        ax.set(xlabel="epoch", ylabel=name)
        ax.legend()
    return figure


def images(
    pictures: ArrayLike, titles: Sequence[str] = (), *, columns: int = 8, signed: bool = False
) -> Figure:
    """Small square pictures in a grid, such as digits or the weights of hidden units.

    Parameters
    ----------
    pictures : (n, height, width) floats; with ``signed`` zero is the paper's colour.
    titles : one short text above each, or none.

    Examples
    --------
    >>> figure = images(np.zeros((3, 8, 8)), ["0", "1", "2"], columns=3)
    >>> plt.close(figure)
    """
    stack = np.asarray(pictures, dtype=float)
    if stack.ndim != 3:
        raise ValueError(f"pictures must have shape (n, height, width), got {stack.shape}")
    if titles and len(titles) != len(stack):
        raise ValueError(f"titles must be one for each picture: {len(titles)} for {len(stack)}")
    rows = -(-len(stack) // columns)
    height = 7.4 / columns * rows * (1.28 if titles else 1.04)
    figure, grid = plt.subplots(
        rows, columns, figsize=(7.4, height), layout="constrained", squeeze=False
    )
    limit = float(np.abs(stack).max()) or 1.0
    for number, ax in enumerate(grid.flat):
        ax.axis("off")
        if number < len(stack):
            colours = DIVERGING if signed else INK_ON_PAPER
            ax.imshow(stack[number], cmap=colours, vmin=-limit if signed else 0, vmax=limit)
            if titles:
                ax.set_title(titles[number], size=12, pad=3)
    return figure


def matrix(counts: ArrayLike, *, rows: str, columns: str) -> Figure:
    """A table of counts, such as a confusion matrix: the diagonal in one colour, all else in another; zeros stay empty.

    Examples
    --------
    >>> figure = matrix([[3, 0], [1, 2]], rows="label", columns="prediction")
    >>> plt.close(figure)
    """
    table = np.asarray(counts)
    figure, ax = plt.subplots(figsize=(4.8, 4.8), layout="constrained")
    for (row, column), count in np.ndenumerate(table):
        if count:
            colour = COLOURS["activation" if row == column else "error"]
            ax.text(column, row, f"{count}", ha="center", va="center", size=13, color=colour)
    ax.set(
        xlim=(-0.5, table.shape[1] - 0.5),
        ylim=(table.shape[0] - 0.5, -0.5),
        xticks=range(table.shape[1]),
        yticks=range(table.shape[0]),
        xlabel=columns,
        ylabel=rows,
        aspect="equal",
    )
    ax.set_xticks(np.arange(0.5, table.shape[1] - 1), minor=True)
    ax.set_yticks(np.arange(0.5, table.shape[0] - 1), minor=True)
    ax.grid(which="minor", color=COLOURS["line"], lw=0.6)
    ax.tick_params(which="both", length=0)
    ax.xaxis.set_label_position("top")
    ax.xaxis.tick_top()
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(True)
    return figure
