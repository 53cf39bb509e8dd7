"""A point on a curve in a browser: dragged, moved by keys, and its numbers compared with those that
the build wrote."""

import json
from itertools import pairwise

import pytest
from figures import alone, arriving, axe_of, english

pytestmark = pytest.mark.browser

PAGE, KIND = "zero/derivative/", "backprop-slope"
WORDS = {
    "": {"point": "Point on the curve", "size": "Step h to the second point", "curve": "Curve"},
    "ko/": {"point": "곡선 위의 점", "size": "둘째 점까지의 간격 h", "curve": "곡선"},
}
NAMES = ["square", "exponential", "reciprocal", "sigmoid"]


arrived = arriving(PAGE, KIND, has_touch=True)


@pytest.fixture
def curves(arrived):
    visit, language, _ = arrived
    yield Curves(visit, language)
    assert visit.complaints == []


class Curves:
    """New curves, alone on their page, and the numbers that the build wrote for them."""

    def __init__(self, visit, language):
        self.visit, self.page, words = visit, visit.page, WORDS[language]
        data = json.loads(visit.site.read(f"{language}assets/stepper/slope/curves.json"))
        self.all = {curve["name"]: curve for curve in data["curves"]}
        self.element = alone(visit, KIND)
        self.choice = self.element.get_by_role("combobox", name=words["curve"], exact=True)
        self.dial = self.element.get_by_role("slider", name=words["point"], exact=True)
        self.size = self.element.get_by_role("slider", name=words["size"], exact=True)
        self.secant = self.element.get_by_role("checkbox")
        self.picture = self.element.get_by_role("img")

    def state(self):
        """Where the sliders are, and the numbers that can be read."""
        return self.element.evaluate(
            """element => ({
              name: element.querySelector("select").value,
              sliders: [...element.querySelectorAll("[type=range]")].map((s) => s.valueAsNumber),
              said: [...element.querySelectorAll("[type=range]")].map((s) => s.ariaValueText),
              shown: Object.fromEntries([...element.querySelectorAll("[data-name]")]
                .map((cell) => [cell.dataset.name, Number(cell.dataset.value)])),
              texts: Object.fromEntries([...element.querySelectorAll("[data-name]")]
                .map((cell) => [cell.dataset.name, cell.textContent])),
              lines: element.querySelectorAll(".bp-secant").length,
            })"""
        )

    def checked(self):
        """The state, once its numbers have been compared with those of the build."""
        state = self.state()
        its, (i, k) = self.all[state["name"]], state["sliders"]
        stride = its["strides"][k]
        y, h = its["values"][i], round(stride * its["step"], 6)
        right = {
            "x": round(its["start"] + i * its["step"], 6),
            "y": y,
            "slope": its["slopes"][i],
            "h": h,
            "secant": (its["values"][i + stride] - y) / h,
        }
        assert state["shown"] == pytest.approx(right, rel=1e-12)
        return state

    def place(self):
        return self.state()["sliders"][0]

    def pixel(self, i):
        """Where on the screen a place of the curve is."""
        its, box = self.all[self.choice.input_value()], self.picture.bounding_box()
        left, right, _, _ = its["window"]
        part = (its["start"] + i * its["step"] - left) / (right - left)
        return box["x"] + part * box["width"], box["y"] + box["height"] / 2


def test_keys_move_the_point_and_the_numbers_are_those_of_the_build(curves):
    letters = {name: its["letters"] for name, its in curves.all.items()}
    assert list(letters) == NAMES and letters["exponential"] == ["z", "u"]
    for name in NAMES:
        curves.choice.select_option(name)
        assert curves.place() == curves.all[name]["first"]
        assert curves.element.locator("p > span").all_text_contents()[:2] == letters[name]
        curves.dial.focus()
        end = len(curves.all[name]["slopes"]) - 1
        for key, place in (
            ("Home", 0),
            ("ArrowRight", 1),
            ("End", end),
            ("ArrowLeft", end - 1),
        ):
            curves.page.keyboard.press(key)
            state = curves.checked()
            assert state["sliders"][0] == place
        said, texts = state["said"][0], state["texts"]
        assert f"{letters[name][0]} = {texts['x']}" in said and texts["slope"] in said


@english
def test_the_point_follows_mouse_and_finger(curves):
    mouse = curves.page.mouse
    for name in NAMES[::3]:
        curves.choice.select_option(name)
        end = len(curves.all[name]["slopes"]) - 1
        mouse.move(*curves.pixel(20))
        assert curves.place() == curves.all[name]["first"]
        mouse.down()
        for place in (20, end - 30):
            mouse.move(*curves.pixel(place), steps=2)
            # A pixel is several places wide.
            assert curves.checked()["sliders"][0] == pytest.approx(place, abs=2)
        mouse.move(1, curves.pixel(0)[1])  # far beyond the end of the curve
        assert curves.place() == 0
        mouse.up()
        said = curves.element.locator(".bp-live").text_content()
        assert said == curves.state()["said"][0]
        mouse.move(*curves.pixel(end))
        assert curves.place() == 0
    curves.page.touchscreen.tap(*curves.pixel(100))
    assert curves.place() == pytest.approx(100, abs=2)
    style = curves.picture.evaluate("picture => getComputedStyle(picture).touchAction")
    assert style == "pan-y"  # up and down, a finger scrolls the page


@english
def test_the_slope_of_the_secant_comes_near_as_h_falls(curves):
    lines = curves.element.locator(".bp-secant")
    assert curves.size.is_disabled() and lines.count() == 0
    assert not curves.element.locator("[data-name=secant]").is_visible()
    curves.secant.check()
    assert curves.element.locator("[data-name=secant]").is_visible()
    for name in NAMES:
        curves.choice.select_option(name)
        curves.dial.fill(str(curves.all[name]["first"] + 15))
        curves.size.focus()
        off = []
        for _ in curves.all[name]["strides"]:
            state = curves.checked()
            found = state["shown"]
            assert state["texts"]["secant"] in state["said"][1] and state["lines"] == 1
            off.append(abs(found["secant"] - found["slope"]))
            curves.page.keyboard.press("ArrowLeft")
        assert curves.state()["sliders"][1] == 0
        assert all(before > after for before, after in pairwise(off))
        # One-sided: off by about h/2 times the second derivative, which is below 2.5 there.
        assert off[-1] < 1.25 * found["h"]


@english
def test_it_fits_and_keeps_its_place(arrived):
    *_, (before, after, wide) = arrived
    assert after == before
    assert all(its <= width for width, its in wide.items()), wide


@english
def test_axe_finds_nothing(curves):
    curves.secant.check()
    curves.choice.select_option("exponential")
    assert axe_of(curves.visit, KIND) == []


def test_without_javascript_a_still_figure_stands_there(browser, site):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url + PAGE)
        image = page.locator("backprop-slope img.bp-light")
        image.scroll_into_view_if_needed()
        assert image.is_visible()
        assert page.locator("backprop-slope").bounding_box()["height"] < 400
