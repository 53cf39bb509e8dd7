"""Landscapes: the loss over two weights of a tiny network, and walks downhill on it.

docs/steppers/landscapes/NAME.py leaves behind a network whose two Dense layers hold one weight
each, w1 and w2, and what the map shows. The package computes the loss all over the map; the build
writes its contours to assets/stepper/NAME.json. In a page,
`![…](../figures/X.svg){ data-landscape="NAME" }` is a figure that becomes the landscape."""

import json
import runpy
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import contourpy
import numpy as np
import numpy.typing as npt
from hooks.content.figures import state_of_sources
from hooks.steppers.landscape_words import WORDS
from hooks.steppers.steppers import as_network
from mkdocs.structure.files import File

LANDSCAPES = Path("docs/steppers/landscapes")
COMPUTED = "docs/figures/_landscape.py"  # as for the figure
OFF = 0.003  # how far a contour may be from where the grid has it: a part of a pixel

Points = npt.NDArray[np.float64]


def simpler(line: Points, off: float = OFF) -> Points:
    """A line with fewer points, nowhere further than off from the one given (Ramer, Douglas
    and Peucker): the point furthest from the chord stays, if it is far enough; so on each side."""
    along, rest = line[-1] - line[0], line - line[0]
    length = np.hypot(*along)
    away = (
        np.abs(along[0] * rest[:, 1] - along[1] * rest[:, 0]) / length
        if length
        else np.hypot(*rest.T)
    )
    furthest = int(away.argmax())
    if away[furthest] <= off:
        return line[[0, -1]]
    return np.concatenate([simpler(line[: furthest + 1], off)[:-1], simpler(line[furthest:], off)])


def rings(heights: Any, level: float) -> list[Points]:
    """The borders of all that lies at a level or above it."""
    areas, starts = heights.filled(level, np.inf)
    return [area[a:b] for area, at in zip(areas, starts, strict=True) for a, b in pairwise(at)]


def path(lines: list[Points], end: str = "") -> str:
    """Lines as an SVG path, in weights."""
    return "".join(
        "M" + " ".join(f"{x:.4g},{y:.4g}" for x, y in simpler(line)) + end for line in lines
    )


@lru_cache(maxsize=16)  # for both languages, and for a server, which builds again and again
def ground(name: str, state: str) -> dict[str, Any]:
    """The network, what the map shows, and where the loss is at least each level, with sources in
    this state; the floor of the valley is where the answer is right."""
    computed = runpy.run_path(COMPUTED)
    its = computed["landscape"](name)
    w1, w2, outputs, losses = computed["ground"](its)
    heights = contourpy.contour_generator(w1, w2, losses)
    off: Any = contourpy.contour_generator(w1, w2, outputs - np.squeeze(its["t"]))
    return {
        "network": as_network(its["net"], its["loss"], its["x"], its["t"]),
        **{key: its[key] for key in ("rates", "w1", "w2", "levels")},
        "count": its["steps"],
        "bands": [path(rings(heights, level), end="Z") for level in its["levels"]],
        "floor": path(off.lines(0)),
    }


def as_json(name: str, language: str) -> str:
    """What a landscape reads."""
    data = ground(name, state_of_sources()) | {"words": WORDS[language]}
    return json.dumps(data, default=lambda array: np.asarray(array).tolist(), ensure_ascii=False)


def on_files(files, config):
    language = config.theme["language"]
    for module in sorted(LANDSCAPES.glob("*.py")):
        content = as_json(module.stem, language)
        files.append(File.generated(config, f"assets/stepper/{module.stem}.json", content=content))
    return files
