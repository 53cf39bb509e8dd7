"""Curves on which readers drag a point and see the slope, in docs/theme/assets/stepper/slope.js.

The build writes to assets/stepper/slope/curves.json, of each curve, values and slopes close
together: the script computes no function. In a page,
`![…](../figures/slope.svg){ data-slope="curves" }` is a figure that becomes such curves, with
`data-first="sigmoid"` another one than x² stands there first."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from hooks.content.figures import state_of_sources
from hooks.math.notation import load, name_roles
from hooks.steppers.placing import placed
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

import backprop as bp
from backprop.arrays import FloatArray
from backprop.differences import slopes_of

WORDS = {
    "en": {
        "picture": "The curve {formula}, a point on it, its tangent. The slider moves the point.",
        "curve": "Curve",
        "point": "Point on the curve",
        "slope": "slope of the tangent",
        "secant": "slope through both points",
        "show": "second point",
        "size": "Step h to the second point",
    },
    "ko": {
        "picture": "곡선 {formula}, 그 위의 점 하나와 그 점에서의 접선. 슬라이더로 점을 옮깁니다.",
        "curve": "곡선",
        "point": "곡선 위의 점",
        "slope": "접선의 기울기",
        "secant": "두 점을 지나는 직선의 기울기",
        "show": "둘째 점",
        "size": "둘째 점까지의 간격 h",
    },
}

STRIDES = (1, 2, 5, 10, 20, 50, 100)  # what the h of the secant can be, in steps of a curve


@dataclass
class Curve:
    """A function, where the reader's point can be, and what the picture shows around it."""

    name: str
    formula: str
    letters: str  # of its two axes
    function: Callable[[FloatArray], FloatArray]
    reach: tuple[float, float]
    first: float  # where the point stands before anything is moved
    window: tuple[float, float, float, float]  # left, right, bottom, top
    ticks: tuple[list[float], list[float]]
    slope: Callable[[FloatArray], FloatArray] | None = None  # None: found by small steps
    step: float = 0.01  # from one place to the next

    def places(self, beyond: int = 0) -> FloatArray:
        """Where the point can be, and so many places beyond."""
        low, high = self.reach
        return low + self.step * np.arange(round((high - low) / self.step) + 1 + beyond)

    def slopes(self) -> FloatArray:
        return self.slope(self.places()) if self.slope else by_small_steps(self)


CURVES = [
    Curve(
        name="square",
        formula="y = x²",
        letters="xy",
        function=lambda x: x**2,
        reach=(-1.5, 1.5),
        first=0.5,
        window=(-1.7, 3.3, -1.3, 6.6),
        ticks=([-1, 0, 1, 2, 3], [0, 2, 4, 6]),
    ),
    Curve(
        name="exponential",
        formula="u = e^(−z)",
        letters="zu",
        function=lambda z: np.exp(-z),
        reach=(-1.5, 1.5),
        first=0.0,
        window=(-1.7, 3.3, -0.7, 5.2),
        ticks=([-1, 0, 1, 2, 3], [0, 1, 2, 3, 4, 5]),
    ),
    Curve(
        name="reciprocal",
        formula="a = 1/v",
        letters="va",
        function=lambda v: 1 / v,
        reach=(0.6, 3.6),
        first=1.0,
        window=(-0.5, 5.2, -1.4, 2.3),
        ticks=([0, 1, 2, 3, 4, 5], [-1, 0, 1, 2]),
    ),
    Curve(
        name="sigmoid",
        formula="a = σ(z)",
        letters="za",
        function=bp.sigmoid,
        slope=bp.sigmoid_derivative,
        reach=(-4.0, 4.0),
        first=0.0,
        window=(-4.4, 6.2, -0.16, 1.3),
        ticks=([-4, -2, 0, 2, 4, 6], [0, 0.5, 1]),
        step=0.02,
    ),
]


def by_small_steps(curve: Curve) -> FloatArray:
    """The slopes of a curve from its values alone: two-sided differences."""

    def slope_at(place: float) -> float:
        x = np.array([place])
        found = slopes_of(
            lambda: float(curve.function(x)[0]), x, step=1e-3, rounding=1e-15, tolerance=1e-6
        )
        return float(found.low[0])

    return np.array([slope_at(place) for place in curve.places()])


def as_json(language: str) -> str:
    """What the script reads: the curves, and what is said of them."""
    roles = name_roles(load())

    def colour(letter: str) -> str:
        return next((role for pattern, role in roles if pattern.fullmatch(letter)), "ink")

    curves = [
        {
            "name": curve.name,
            "formula": curve.formula,
            "letters": list(curve.letters),
            "colours": [colour(letter) for letter in curve.letters],
            "start": curve.reach[0],
            "step": curve.step,
            "first": round((curve.first - curve.reach[0]) / curve.step),
            "strides": STRIDES,
            "window": curve.window,
            "ticks": curve.ticks,
            # A secant divides a difference of values by h: they need more digits than slopes.
            "values": np.round(curve.function(curve.places(beyond=max(STRIDES))), 9).tolist(),
            "slopes": np.round(curve.slopes(), 7).tolist(),
        }
        for curve in CURVES
    ]
    data = {"curves": curves, "words": WORDS[language]}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=8)  # for a server, which builds again and again
def written(language: str, state: str) -> str:
    """What the script reads, with sources in this state."""
    return as_json(language)


def on_files(files, config):
    content = written(config.theme["language"], state_of_sources())
    files.append(File.generated(config, "assets/stepper/slope/curves.json", content=content))
    return files


def on_page_content(html, page, config, files):
    def attributes(kind, name, data):
        first = data.get("first", CURVES[0].name)
        if name != "curves" or first not in [curve.name for curve in CURVES]:
            raise PluginError(f"{page.file.src_uri}: there is no curve {first} of {name}")
        return f'curves="{name}" first="{first}"'

    return placed(html, page, "slope", attributes)
