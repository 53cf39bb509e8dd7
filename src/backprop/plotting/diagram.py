"""A network with every name on it, and paths through it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from backprop.plotting.style import COLOURS, macro_of, symbol

__all__ = ["network"]

# Distances in the drawing's own unit.
UNIT = 0.92  # from the z of a unit to its a
COLUMN = 2.68  # from layer to layer
ROW = 1.85  # from unit to unit
RADIUS = 0.38
ROUND = 0.4  # of a capsule, at its z and at its a
CLEAR = 0.04  # from an arrow to what it leads to

HEAD: dict[str, Any] = {"mutation_scale": 12, "shrinkA": 0, "shrinkB": 0}  # seen on a phone, too
SOLID_THEN_DASHED = ("solid", (0, (2.6, 2.0)))  # gaps that are seen on a phone, too
GLOW: dict[str, Any] = {"color": COLOURS["glow"], "lw": 9.0, "zorder": 1.5}  # behind what is lit

# The names of a single unit in plain letters: for each, the name in the notation of layers and
# indices, and the macro that writes it.
PLAIN = {
    "x": ("x_1", r"\x"),
    "w": ("W1_11", r"\weight"),
    "b": ("b1_1", r"\bias"),
    "z": ("z1_1", r"\preact"),
    "a": ("a1_1", r"\activ"),
    "t": ("t_1", r"\t"),
    "E": ("E", r"\Lossx"),
}


def network(
    sizes: Sequence[int] = (2, 2, 2),
    *,
    paths: Sequence[Collection[str]] = (),
    values: Mapping[str, str] | None = None,
    widths: Mapping[str, float] | None = None,
    backward: bool = False,
    loss: bool = True,
    targets: bool = False,
    plain: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Draw a fully connected network: each unit as its z and its a, each arrow with its weight.

    Names in ``paths``, ``values`` and ``widths`` are those of the notation in code: ``x_1``,
    ``z1_2``, ``a1_2``, ``W1_12`` (from unit 1 to unit 2), ``b1_2``, ``E_1``, ``E``, ``t_1``. With
    ``plain`` they are ``x``, ``w``, ``b``, ``z``, ``a``, ``t``, ``E``. Used on the pages
    zero/chain-rule, hand/one-path and hand/every-element.

    Parameters
    ----------
    sizes : units in each layer, inputs first
    paths : at most two sets of names to light up, the first solid, the second dashed; all
        else fades
    values : what to write in place of a name; an empty text leaves the name out
    widths : line width of an arrow, by the name of its weight
    backward : arrows point from the loss to the inputs, and all is in the colour of errors
    loss : draw E_1 … E_n and their sum E after the outputs; after a single output E alone
    targets : write each target above the loss that it goes into
    plain : a single unit with a single input, in plain letters: no layers, no indices, and its
        target above the loss
    ax : where to draw; a new figure if not given

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are fewer than two layers, a layer without units, more than two paths, or
        plain letters for more than one unit with one input.

    Examples
    --------
    >>> figure = network((2, 3, 1), loss=False)
    >>> plt.close(figure)
    >>> figure = network((1, 1), plain=True)
    >>> [text.get_text() for text in figure.axes[0].texts if text.get_text()]
    ['$w$', '$b$', '$t$', '$x$', '$z$', '$a$', '$E$']
    >>> plt.close(figure)
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must be at least two positive numbers, got {tuple(sizes)}")
    if len(paths) > 2:
        raise ValueError(f"paths must be at most two, got {len(paths)}")
    if plain and tuple(sizes) != (1, 1):
        raise ValueError(f"sizes must be (1, 1) for plain letters, got {tuple(sizes)}")
    if ax is None:
        _, ax = plt.subplots(figsize=(7.4, 3.15), layout="constrained")

    def full(name: str) -> str:
        return PLAIN[name][0] if plain and name in PLAIN else name

    drawing = Drawing(
        ax,
        spots_of(sizes, loss),
        [{full(name) for name in path} for path in paths],
        {full(name): text for name, text in (values or {}).items()},
        {full(name): width for name, width in (widths or {}).items()},
        backward,
        plain,
    )
    draw_units(drawing)
    draw_arrows(drawing, sizes, loss)
    draw_biases(drawing, sizes)
    if loss and (targets or plain):
        for unit, part in enumerate(parts_of_the_loss(sizes) or ["E"], start=1):
            draw_above(drawing, f"t_{unit}", part)
    for name, (x, y) in drawing.spots.items():
        write(drawing, name, x, y, size=20)

    xs, ys = zip(*drawing.spots.values(), strict=True)
    ax.set(xlim=(-0.45, max(xs) + 0.45), ylim=(min(ys) - 0.5, max(ys) + 1.15), aspect="equal")
    ax.axis("off")
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


@dataclass
class Drawing:
    """What every part of the drawing needs to know."""

    ax: Axes
    spots: dict[str, tuple[float, float]]
    paths: list[Collection[str]]
    values: dict[str, str] = field(default_factory=dict)
    widths: dict[str, float] = field(default_factory=dict)
    backward: bool = False
    plain: bool = False

    def macro(self, name: str) -> str:
        """What writes a name: with layer and index, or as a plain letter."""
        return dict(PLAIN.values())[name] if self.plain else macro_of(name)

    def is_lit(self, *names: str) -> bool:
        return any(all(name in path for name in names) for path in self.paths)

    @property
    def plain_line(self) -> str:
        """The colour of what is on no path."""
        return "error" if self.backward else "line" if self.paths else "muted"

    @property
    def head(self) -> str:
        """Arrows lead to where the numbers go."""
        return ("<|-" if self.backward else "-|>") + ",head_length=0.7,head_width=0.33"

    def is_left_out(self, name: str) -> bool:
        return self.values.get(name) == ""


def spots_of(sizes: Sequence[int], loss: bool) -> dict[str, tuple[float, float]]:
    """Where each name stands."""

    def height(layer: int, unit: int) -> float:
        return ROW * ((sizes[layer] + 1) / 2 - unit)

    spots = {f"x_{unit}": (0.0, height(0, unit)) for unit in range(1, sizes[0] + 1)}
    for layer, unit in units_of(sizes):
        x = COLUMN * layer - 0.35
        spots[f"z{layer}_{unit}"] = (x, height(layer, unit))
        spots[f"a{layer}_{unit}"] = (x + UNIT, height(layer, unit))
    if loss:
        right = max(x for x, _ in spots.values()) + 1.15
        parts = parts_of_the_loss(sizes)
        for unit, part in enumerate(parts, start=1):
            spots[part] = (right, height(-1, unit))
        spots["E"] = (right + 0.95 if parts else right, 0.0)
    return spots


def parts_of_the_loss(sizes: Sequence[int]) -> list[str]:
    """E_1 … E_n, or none: the loss of a single output has no parts."""
    return [f"E_{unit}" for unit in range(1, sizes[-1] + 1)] if sizes[-1] > 1 else []


def units_of(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(layer, unit) for each unit after the inputs."""
    for layer in range(1, len(sizes)):
        for unit in range(1, sizes[layer] + 1):
            yield layer, unit


def write(drawing: Drawing, name: str, x: float, y: float, size: float, **options: Any) -> None:
    """A name, or its value, in the colour of its symbol."""
    text, colour = symbol(drawing.macro(name))
    if name in drawing.values:
        text, size = drawing.values[name], 16.0  # numbers are wider than letters
    if drawing.backward:
        colour = COLOURS["error"]
    faded = bool(drawing.paths) and not drawing.is_lit(name)
    drawing.ax.text(
        x,
        y,
        text,
        size=size,
        color=colour,
        alpha=0.48 if faded else 1.0,
        ha="center",
        va="center",
        zorder=5,
        **options,
    )


def draw_units(drawing: Drawing) -> None:
    """A ring for each input and loss, a capsule for each unit with its z and its a."""
    ax = drawing.ax
    for name, (x, y) in drawing.spots.items():
        kind, unit = name[0], name[1:]
        if kind == "a":
            continue  # shares the capsule of its z
        # An input is a factor of its weight's slope; the path itself starts at the weight.
        through = [name, f"a{unit}"] if kind == "z" else [name]
        lit = kind != "x" and drawing.is_lit(*through)
        plain = "line" if drawing.paths and not drawing.is_lit(*through) else "muted"
        colour, width = (COLOURS["ink"], 2.0) if lit else (COLOURS[plain], 1.0)
        looks: list[Any] = [{"fc": COLOURS["panel"], "ec": colour, "lw": width, "zorder": 3}]
        if lit:
            looks.append({"fc": "none", "ec": GLOW["color"], "lw": GLOW["lw"], "zorder": 2.5})
        for look in looks:
            if kind in "xE":
                ax.add_patch(Circle((x, y), RADIUS, **look))
                continue
            around = "round,pad=0.36,rounding_size=0.4"
            box = FancyBboxPatch((x - 0.04, y - 0.04), UNIT + 0.08, 0.08, boxstyle=around, **look)
            ax.add_patch(box)
        if kind not in "xE":
            middle = x + UNIT / 2
            ax.plot([middle, middle], [y - 0.4, y + 0.4], color=colour, lw=0.8, zorder=4)


def draw_arrows(drawing: Drawing, sizes: Sequence[int], loss: bool) -> None:
    """Every arrow between units with its weight, and those that lead to the loss."""
    for layer, unit in units_of(sizes):
        crossing = min(sizes[layer - 1], sizes[layer]) > 1
        for source in range(1, sizes[layer - 1] + 1):
            weight, end = f"W{layer}_{source}{unit}", f"z{layer}_{unit}"
            start = f"x_{source}" if layer == 1 else f"a{layer - 1}_{source}"
            arrow(drawing, start, end, [weight, end])
            if not drawing.is_left_out(weight):
                (x0, y0), (x1, y1) = drawing.spots[start], drawing.spots[end]
                at = 0.34 if crossing and y0 != y1 else 0.5  # before the crossing, off the head
                if drawing.backward:
                    at = 0.66 if at < 0.5 else 0.53
                patch = {"boxstyle": "round,pad=0.08", "fc": COLOURS["paper"], "ec": "none"}
                x, y = x0 + at * (x1 - x0), y0 + at * (y1 - y0)
                write(drawing, weight, x, y, size=17, bbox=patch)
    if loss:
        last = len(sizes) - 1
        parts = parts_of_the_loss(sizes)
        for unit, part in enumerate(parts, start=1):
            arrow(drawing, f"a{last}_{unit}", part, [part])
            arrow(drawing, part, "E", [part])
        if not parts:
            arrow(drawing, f"a{last}_1", "E", ["E"])


def arrow(drawing: Drawing, start: str, end: str, names: Sequence[str]) -> None:
    """An arrow; lit once for each path that runs through all its names, side by side."""
    (x0, y0), (x1, y1) = edges(drawing, start, end)
    through = [n for n, path in enumerate(drawing.paths) if all(name in path for name in names)]
    shift = 0.08 if len(through) == 2 else 0.0
    strokes: list[tuple[str, float, Any, float]] = [
        ("ink", 2.4, SOLID_THEN_DASHED[n], shift * (1 - 2 * n)) for n in through
    ]
    if not strokes:
        strokes = [(drawing.plain_line, drawing.widths.get(names[0], 1.1), "solid", 0.0)]
    for colour, width, style, dy in strokes:
        if through:
            drawing.ax.plot((x0, x1), (y0 + dy, y1 + dy), **GLOW)
        drawing.ax.add_patch(
            FancyArrowPatch(
                (x0, y0 + dy),
                (x1, y1 + dy),
                arrowstyle=drawing.head,
                **HEAD,
                lw=width,
                ls=style,
                color=COLOURS[colour],
                zorder=2 if through else 1,
            )
        )


def edges(drawing: Drawing, start: str, end: str) -> list[tuple[float, float]]:
    """Where an arrow between two names begins and ends: at the edges of what is drawn around."""
    (x0, y0), (x1, y1) = drawing.spots[start], drawing.spots[end]
    long = np.hypot(x1 - x0, y1 - y0)
    found = []
    for name, x, y, sign in ((start, x0, y0, 1), (end, x1, y1, -1)):
        away = sign * ((RADIUS if name[0] in "xE" else ROUND) + CLEAR) / long
        found.append((x + away * (x1 - x0), y + away * (y1 - y0)))
    return found


def draw_biases(drawing: Drawing, sizes: Sequence[int]) -> None:
    """Each bias above its unit, with an arrow into the sum."""
    for layer, unit in units_of(sizes):
        draw_above(drawing, f"b{layer}_{unit}", f"z{layer}_{unit}")


def draw_above(drawing: Drawing, name: str, below: str) -> None:
    """A name above another, with an arrow into it."""
    if drawing.is_left_out(name):
        return
    x, y = drawing.spots[below]
    write(drawing, name, x - 0.02, y + 0.97, size=17)
    lit = drawing.is_lit(name)
    look = {"arrowstyle": drawing.head, "lw": 2.4 if lit else 1.1, **HEAD}
    colour = COLOURS["ink" if lit else drawing.plain_line]
    if lit:
        drawing.ax.plot((x, x), (y + 0.78, y + ROUND + CLEAR), **GLOW)
    drawing.ax.annotate(
        "", (x, y + ROUND + CLEAR), (x, y + 0.78), arrowprops={**look, "color": colour}
    )
