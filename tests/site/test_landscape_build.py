"""What the build writes for landscapes: the package's own losses, and where the answer is right."""

import json
import re
import runpy

import course
import numpy as np
import pytest
from hooks.steppers import landscapes, steppers
from hooks.steppers.landscape_words import WORDS
from matplotlib.path import Path as Outline
from mkdocs.exceptions import PluginError

import backprop as bp


def near(level):
    """How far the loss may be from the level on its contour: between points of a grid, 0.1 apart,
    that is a straight line, while the loss bends, by at most 6; and it is drawn up to OFF beside
    that, where the loss has a slope of at most 2.6 √(2 E)."""
    return 6 * 0.1**2 / 8 + landscapes.OFF * 2.6 * (2 * level) ** 0.5


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(course.ROOT)


@pytest.fixture(scope="module")
def written():
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course.ROOT)
        return json.loads(landscapes.as_json("two_weights", "en"))


def lines(path):
    """The points of each line of an SVG path."""
    return [
        np.array([pair.split(",") for pair in line.rstrip("Z").split()], float)
        for line in path.split("M")[1:]
    ]


def answer(w1, w2):
    net = bp.Network([bp.Dense([[w1]]), bp.Sigmoid(), bp.Dense([[w2]])])
    return net.forward([[2.0]])


def test_shaded_is_what_lies_higher_by_the_package(written):
    rng = np.random.default_rng(0)
    points = rng.uniform(*zip(written["w1"], written["w2"], strict=True), size=(400, 2))
    losses = np.array([bp.squared_error(answer(*point), [[1.0]]) for point in points])
    for level, band in zip(written["levels"], written["bands"], strict=True):
        inside = sum(Outline(ring).contains_points(points).astype(int) for ring in lines(band)) % 2
        clear = np.abs(losses - level) > near(level)
        assert clear.sum() > 200
        np.testing.assert_array_equal(inside[clear] == 1, losses[clear] > level)


def test_on_the_floor_the_answer_is_right(written):
    (floor,) = lines(written["floor"])
    assert floor[:, 0].max() == written["w1"][1] and floor[:, 1].max() == written["w2"][1]
    for point in floor:
        assert abs(answer(*point).item() - 1) < 0.01


def test_the_network_is_that_of_the_page(written):
    given = runpy.run_path("src/backprop/exercises/given/two_weights.py")
    first, second = written["network"]["layers"]
    assert (first["W"], second["W"]) == ([[given["w_1"]]], [[given["w_2"]]])
    assert (first["b"], second["b"]) == (None, None)
    assert (written["network"]["x"], written["network"]["t"]) == ([[given["x"]]], [[given["t"]]])
    assert written["rates"]["right"] == given["lr"]


def test_what_follows_from_the_numbers_is_what_the_package_computes():
    given = runpy.run_path("src/backprop/exercises/given/two_weights.py")
    net = bp.Network([bp.Dense([[given["w_1"]]]), bp.Sigmoid(), bp.Dense([[given["w_2"]]])])
    steps = {s.name: s.value for s in bp.trace(net, bp.squared_error, [[2.0]], [[1.0]])}
    for name, step in {"a": "a1", "y": "y", "E": "C", "dw_1": "dW1", "dw_2": "dW2"}.items():
        assert given[name] == pytest.approx(np.squeeze(steps[step]), rel=1e-14)


def test_walks_in_the_figure_are_steps_against_the_slope():
    """By hand, in plain numbers; and they end as the page says."""
    computed = runpy.run_path("docs/figures/_landscape.py")
    its = computed["landscape"]("two_weights")
    ends = {}
    for name, lr in its["rates"].items():
        w1, w2 = 1.0, -2.0
        for place in computed["walk"](its, lr):
            np.testing.assert_allclose(place, (w1, w2), rtol=1e-9)
            a = 1 / (1 + np.exp(-2.0 * w1))
            ends[name] = 0.5 * (w2 * a - 1) ** 2
            w1, w2 = w1 - lr * (w2 * a - 1) * w2 * a * (1 - a) * 2, w2 - lr * (w2 * a - 1) * a
    assert ends["small"] > 0.8
    assert ends["right"] < 1e-5
    assert ends["large"] == pytest.approx(0.5, abs=1e-3)


def test_it_is_small_and_says_the_same_in_both_languages():
    english, korean = (landscapes.as_json("two_weights", language) for language in WORDS)
    assert max(len(english.encode()), len(korean.encode())) < 15_000
    named = [{key: re.findall(r"\{\w+\}", text) for key, text in w.items()} for w in WORDS.values()]
    assert [{key: sorted(found) for key, found in its.items()} for its in named] == [
        {key: sorted(found) for key, found in named[0].items()}
    ] * 2


class Page:
    class file:
        src_uri = "zero/page.md"


def test_a_figure_becomes_the_landscape():
    images = '<img alt="A" src="l.svg" data-landscape="two_weights"><img alt="A" src="l-dark.svg">'
    html = steppers.on_page_content(f"<p>{images}</p>", Page, None, None)
    assert html == (
        '<backprop-landscape network="two_weights"><img alt="A" src="l.svg">'
        '<img alt="A" src="l-dark.svg"></backprop-landscape>'
    )
    with pytest.raises(PluginError, match="a landscape must be a figure of its own"):
        steppers.on_page_content(f"<p>See {images}</p>", Page, None, None)
