"""Training over time, lines over one axis, small pictures in a grid, tables of counts, and a curve
with its tangent."""

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from backprop.plotting.style import COLOURS

__all__ = ["curves", "images", "lines", "matrix", "tangent"]

# From strong negative through the paper's own colour to strong positive.
DIVERGING = LinearSegmentedColormap.from_list(
    "weights", [COLOURS["error"], COLOURS["paper"], COLOURS["weight"]]
)
# What tells lines in one panel apart. The notation's colours have meanings, so here they are left
# out: two tones, three patterns.
APART: tuple[tuple[str, Any], ...] = (
    ("ink", "-"),
    ("muted", (0, (4, 1.6))),
    ("ink", (0, (1.2, 1.4))),
    ("muted", "-"),
    ("ink", (0, (4, 1.6))),
    ("muted", (0, (1.2, 1.4))),
)
INK_ON_PAPER = LinearSegmentedColormap.from_list("ink", [COLOURS["paper"], COLOURS["ink"]])


def curves(**series: Sequence[float]) -> Figure:
    """Draw each series over the epochs in a panel of its own; a series ``test_…`` joins the
    panel of its namesake, dashed.

    Used on the page practice/digits.

    Raises
    ------
    ValueError
        If a ``test_…`` has no namesake.

    Examples
    --------
    >>> figure = curves(loss=[2.3, 0.9, 0.4], test_loss=[2.2, 1.1, 0.6], accuracy=[0.2, 0.7, 0.9])
    >>> [ax.get_ylabel() for ax in figure.axes]
    ['loss', 'accuracy']
    >>> plt.close(figure)
    """
    names = [name for name in series if not name.startswith("test_")]
    for name in series:
        if name.removeprefix("test_") not in names:
            raise ValueError(f"{name} needs a series {name.removeprefix('test_')} to be drawn with")
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


def lines(
    x: ArrayLike,
    *,
    xlabel: str,
    ylabel: str,
    log: str = "",
    mark: float | None = None,
    **series: ArrayLike,
) -> Figure:
    """Draw several series over the same x in one panel, told apart by tone and dashes.

    Used on the pages of part In practice, first on practice/gradient-check.

    Parameters
    ----------
    x : (n,) floats, shared by all series
    xlabel, ylabel : what stands at the axes
    log : the axes with a logarithmic scale: "", "x", "y" or "xy"
    mark : an x at which a thin vertical line is drawn, or none
    series : up to six, (n,) floats each; the keyword is the name in the legend. NaN and infinity
        leave a gap.

    Raises
    ------
    ValueError
        If log names no axes, there are no series or more than six, or one is not as long as x.

    Examples
    --------
    >>> figure = lines([1, 2], xlabel="h", ylabel="error", log="y", left=[1, 2], right=[2, 1])
    >>> [line.get_label() for line in figure.axes[0].lines]
    ['left', 'right']
    >>> plt.close(figure)
    """
    if log not in {"", "x", "y", "xy"}:
        raise ValueError(f'log must be "", "x", "y" or "xy", got {log!r}')
    if not 1 <= len(series) <= len(APART):
        raise ValueError(f"series must be 1 to {len(APART)} in number, got {len(series)}")
    across = np.asarray(x, dtype=float)
    heights = {name: np.asarray(values, dtype=float) for name, values in series.items()}
    for name, up in heights.items():
        if up.shape != across.shape or up.ndim != 1:
            raise ValueError(f"{name} must have the shape of x, {across.shape}, got {up.shape}")
    figure, ax = plt.subplots(figsize=(5.6, 3.9), layout="constrained")
    for (name, up), (tone, dashes) in zip(heights.items(), APART, strict=False):
        finite = np.where(np.isfinite(up), up, np.nan)
        ax.plot(across, finite, color=COLOURS[tone], ls=dashes, lw=1.9, label=name)
    if mark is not None:
        ax.axvline(mark, color=COLOURS["muted"], lw=1.0, ls=(0, (1, 2)), zorder=0)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set(**{f"{axis}scale": "log" for axis in log})
    if len(series) > 4:  # too many names to find a free place inside
        figure.legend(loc="outside upper center", ncols=2, handlelength=2.8)
    elif len(series) > 1:
        ax.legend(handlelength=2.8)
    return figure


def images(
    pictures: ArrayLike, titles: Sequence[str] = (), *, columns: int = 8, signed: bool = False
) -> Figure:
    """Draw small pictures in a grid, such as digits or the weights of hidden units.

    Used on the page practice/digits.

    Parameters
    ----------
    pictures : (n, height, width) floats; with ``signed`` zero is the paper's colour.
    titles : one short text above each, or none.
    columns : pictures in a row.

    Raises
    ------
    ValueError
        If pictures is no stack of pictures, or the titles are not as many.

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
    height = 7.4 / columns * rows * (1.36 if titles else 1.04)
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
                ax.set_title(titles[number], size=15, pad=6)
    return figure


def matrix(counts: ArrayLike, *, rows: str, columns: str) -> Figure:
    """Draw a table of counts, such as a confusion matrix: the diagonal in one colour, all else
    in another; zeros stay empty.

    Used on the page practice/digits.

    Parameters
    ----------
    counts : (rows, columns) integers
    rows, columns : what stands beside the rows and above the columns

    Raises
    ------
    ValueError
        If it is no table.

    Examples
    --------
    >>> figure = matrix([[3, 0], [1, 2]], rows="label", columns="prediction")
    >>> plt.close(figure)
    """
    table = np.asarray(counts)
    if table.ndim != 2:
        raise ValueError(f"counts must have shape (rows, columns), got {table.shape}")
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


def tangent(
    value: Callable[[float], float],
    slope: float,
    change: float,
    *,
    reach: float = 1.5,
    xlabel: str,
    ylabel: str,
    predicted: str,
    real: str,
) -> Figure:
    """Draw a value as a function of a change, its tangent where nothing has changed, and for one
    change two bars: how far the tangent says that the value moves, and how far it really moves.

    Used on the page hand/one-path.

    Parameters
    ----------
    value : function of the change
    slope : its derivative at 0
    change : the one to show; not 0
    reach : the curve is drawn from -reach to reach
    xlabel, ylabel : what stands at the axes
    predicted, real : what stands at the two bars

    Raises
    ------
    ValueError
        If change is 0 or farther from it than reach.

    Examples
    --------
    >>> names = dict(xlabel="x", ylabel="y", predicted="dy", real="Δy")
    >>> figure = tangent(lambda x: x**2 + x, slope=1.0, change=0.5, **names)
    >>> [float(line.get_ydata()[1]) for line in figure.axes[0].lines[-2:]]
    [0.5, 0.75]
    >>> plt.close(figure)
    """
    if not 0 < abs(change) <= reach:
        raise ValueError(f"change must not be 0 nor beyond {reach}, got {change}")
    figure, ax = plt.subplots(figsize=(5.6, 3.9), layout="constrained")
    start, moved = value(0.0), value(change)
    xs = np.linspace(-reach, reach, 121)
    ax.plot(xs, [value(float(x)) for x in xs], color=COLOURS["loss"], lw=2.2, zorder=3)
    ax.plot(xs, start + slope * xs, color=COLOURS["muted"], lw=1.4, ls=(0, (4, 2)))
    ax.plot([0, change], [start, start], color=COLOURS["muted"], lw=0.9, ls=(0, (1, 2)))
    ax.plot(0, start, "o", color=COLOURS["loss"], ms=7, zorder=4)
    apart = 0.055 * reach
    for height in (start + slope * change, moved):  # a bracket around what they differ by
        ax.plot(
            [change - apart / 2, change + apart / 2], [height] * 2, color=COLOURS["ink"], lw=1.2
        )
    gap = [start + slope * change, moved]
    ax.plot([change, change], gap, color=COLOURS["ink"], lw=1.2, zorder=4)
    away = "top" if slope * change > 0 else "bottom"  # the names, where no bar and no line is
    for end, shift, side, text, colour in (
        (start + slope * change, apart, "left", predicted, "muted"),
        (moved, -apart, "right", real, "loss"),
    ):
        x = [change + shift] * 2
        ax.plot(x, [start, end], color=COLOURS[colour], lw=4.5, solid_capstyle="butt")
        ax.annotate(
            text,
            (change + shift / 2, start),
            (0, -6 if away == "top" else 6),
            textcoords="offset points",
            size=15,
            color=COLOURS[colour],
            ha=side,
            va=away,
        )
    ax.locator_params(nbins=6)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return figure
