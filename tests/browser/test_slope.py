"""A point on a curve in a browser: dragged, moved by keys, and its numbers compared with those that
the build wrote."""

import json
from itertools import pairwise

import pytest
from visits import AXE, Visit, at_rest

pytestmark = pytest.mark.browser

PAGE = "zero/derivative/"
WORDS = {
    "": {"point": "Point on the curve", "size": "Step h to the second point", "curve": "Curve"},
    "ko/": {"point": "곡선 위의 점", "size": "둘째 점까지의 간격 h", "curve": "곡선"},
}
NAMES = ["square", "exponential", "reciprocal", "sigmoid"]


class Curves:
    """The curves on a page, and the numbers that the build wrote for them."""

    def __init__(self, visit, language=""):
        self.page, words = visit.page, WORDS[language]
        visit.page.goto(visit.site.url + language + PAGE)
        visit.settle()
        data = json.loads(visit.site.read(f"{language}assets/stepper/slope/curves.json"))
        self.all = {curve["name"]: curve for curve in data["curves"]}
        self.element = visit.page.locator("backprop-slope")
        self.choice = self.element.get_by_role("combobox", name=words["curve"], exact=True)
        self.dial = self.element.get_by_role("slider", name=words["point"], exact=True)
        self.size = self.element.get_by_role("slider", name=words["size"], exact=True)
        self.secant = self.element.get_by_role("checkbox")
        self.picture = self.element.get_by_role("img")
        self.element.scroll_into_view_if_needed()

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


@pytest.mark.parametrize("language", ["", "ko/"])
def test_keys_move_the_point_and_the_numbers_are_those_of_the_build(browser, site, language):
    with Visit(browser, site, "reference/licences/") as visit:
        curves = Curves(visit, language)
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
                visit.page.keyboard.press(key)
                state = curves.checked()
                assert state["sliders"][0] == place
            said, texts = state["said"][0], state["texts"]
            assert f"{letters[name][0]} = {texts['x']}" in said and texts["slope"] in said
        assert visit.complaints == []


def test_the_point_follows_mouse_and_finger(browser, site):
    with Visit(browser, site, "reference/licences/", has_touch=True) as visit:
        curves, mouse = Curves(visit), visit.page.mouse
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
        visit.page.touchscreen.tap(*curves.pixel(100))
        assert curves.place() == pytest.approx(100, abs=2)
        style = curves.picture.evaluate("picture => getComputedStyle(picture).touchAction")
        assert style == "pan-y"  # up and down, a finger scrolls the page
        assert visit.complaints == []


def test_the_slope_of_the_secant_comes_near_as_h_falls(browser, site):
    with Visit(browser, site, "reference/licences/") as visit:
        curves = Curves(visit)
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
                visit.page.keyboard.press("ArrowLeft")
            assert curves.state()["sliders"][1] == 0
            assert all(before > after for before, after in pairwise(off))
            # One-sided: off by about h/2 times the second derivative, which is below 2.5 there.
            assert off[-1] < 1.25 * found["h"]
        assert visit.complaints == []


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_keeps_its_place_and_is_accessible(browser, site, width):
    with Visit(browser, site, "reference/licences/", width=width) as visit:
        # The script of the element comes late: what stood there before?
        waiting = []
        visit.page.route("**/stepper/slope.js", lambda route: waiting.append(route))
        visit.page.goto(site.url + PAGE)
        element = visit.page.locator("backprop-slope")
        visit.page.wait_for_function("document.documentElement.dataset.ready === 'page'")
        element.scroll_into_view_if_needed()
        before = element.bounding_box()["height"]
        for route in waiting:
            route.continue_()
        visit.page.unroute("**/stepper/slope.js")
        visit.settle()
        at_rest(visit.page)
        assert element.bounding_box()["height"] == before
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        element.get_by_role("checkbox").check()
        visit.page.evaluate(AXE)
        for scheme, title in (("light", ""), ("dark", "Switch to dark mode")):
            visit.page.emulate_media(color_scheme=scheme)
            if title:
                visit.page.get_by_title(title).click()
            element.get_by_role("combobox").select_option("exponential")
            at_rest(visit.page)
            result = visit.page.evaluate("axe.run('backprop-slope')")
            assert [(v["id"], v["nodes"][0]["html"]) for v in result["violations"]] == []
        assert visit.complaints == []


def test_without_javascript_a_still_figure_stands_there(browser, site):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url + PAGE)
        image = page.locator("backprop-slope img.bp-light")
        image.scroll_into_view_if_needed()
        assert image.is_visible()
        assert page.locator("backprop-slope").bounding_box()["height"] < 400
