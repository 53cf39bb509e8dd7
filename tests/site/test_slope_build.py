"""What the build writes of the curves on which readers drag a point: values and slopes as calculus
has them."""

import json
import re

import course
import numpy as np
import pytest
from hooks.steppers import slopes
from mkdocs.exceptions import PluginError


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(course.ROOT)


def sigma(z):
    return 1 / (1 + np.exp(-z))


RIGHT = {  # of each curve: the function, and its derivative by the rules of calculus
    "square": (lambda x: x * x, lambda x: 2 * x),
    "exponential": (lambda z: np.exp(-z), lambda z: -np.exp(-z)),
    "reciprocal": (lambda v: 1 / v, lambda v: -1 / v**2),
    "sigmoid": (sigma, lambda z: sigma(z) * (1 - sigma(z))),
}


def written(language="en"):
    return {its["name"]: its for its in json.loads(slopes.as_json(language))["curves"]}


def close(found, right, decimals):
    """Equal, but for what rounding to so many decimals takes."""
    np.testing.assert_allclose(found, right, rtol=0, atol=0.51 * 10.0**-decimals)


@pytest.mark.parametrize("name", RIGHT)
def test_values_and_slopes_are_those_of_calculus(name):
    value, slope = RIGHT[name]
    its = written()[name]
    places = its["start"] + its["step"] * np.arange(len(its["values"]))
    close(its["values"], value(places), decimals=9)
    close(its["slopes"], slope(places[: len(its["slopes"])]), decimals=7)


def test_there_is_a_second_point_for_every_step_and_place():
    assert written().keys() == RIGHT.keys()
    for its in written().values():
        assert len(its["slopes"]) + max(its["strides"]) == len(its["values"])
        assert its["strides"] == sorted(its["strides"])
        assert 0 <= its["first"] < len(its["slopes"])


def test_each_curve_is_seen_whole():
    for its in written().values():
        left, right, bottom, top = its["window"]
        end = its["start"] + its["step"] * (len(its["values"]) - 1)
        assert left <= its["start"] < end <= right
        assert bottom <= min(its["values"]) < max(its["values"]) <= top
        for ticks, (low, high) in zip(its["ticks"], ((left, right), (bottom, top)), strict=True):
            assert 0 in ticks and low < min(ticks) < max(ticks) < high


def test_letters_have_the_colours_of_the_notation():
    found = {name: its["colours"] for name, its in written().items()}
    assert found == {
        "square": ["activation", "activation"],
        "exponential": ["preactivation", "ink"],
        "reciprocal": ["ink", "activation"],
        "sigmoid": ["preactivation", "activation"],
    }


def test_the_data_stay_small_and_differ_only_in_words(site):
    files = [site.read(f"{folder}assets/stepper/slope/curves.json") for folder in ("", "ko/")]
    assert max(len(content.encode()) for content in files) < 40_000
    english, korean = (json.loads(content) for content in files)
    assert english["curves"] == korean["curves"] == list(written().values())
    assert english["words"].keys() == korean["words"].keys()
    for key, text in english["words"].items():
        places = [re.findall(r"\{\w+\}", words) for words in (text, korean["words"][key])]
        assert places[0] == places[1], key


class Page:
    class file:
        src_uri = "zero/page.md"


def turned(figure):
    return slopes.on_page_content(figure, Page, None, None)


def test_a_figure_becomes_the_curves_and_stays_inside_them():
    figure = '<p><img alt="A" data-slope="curves" src="s.svg"><img src="s-dark.svg"></p>'
    images = '<img alt="A" src="s.svg"><img src="s-dark.svg">'
    element = '<backprop-slope curves="curves" first="{}">' + images + "</backprop-slope>"
    assert turned(figure) == element.format("square")
    first = figure.replace("src=", 'data-first="sigmoid" src=', 1)
    assert turned(first) == element.format("sigmoid")


@pytest.mark.parametrize("data", ['data-slope="curve"', 'data-slope="curves" data-first="cosine"'])
def test_curves_that_are_not_there_fail_the_build(data):
    with pytest.raises(PluginError, match="there is no curve"):
        turned(f'<p><img {data} src="s.svg"></p>')


def test_curves_in_the_middle_of_a_sentence_fail_the_build():
    with pytest.raises(PluginError, match="a figure of its own"):
        turned('<p>See <img data-slope="curves" src="s.svg"></p>')
