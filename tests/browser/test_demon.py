"""The demon at a unit in a browser: put at every unit by keys and by mouse, and its numbers
compared with the package."""

import re

import course
import numpy as np
import pytest
from hooks.steppers import steppers
from visits import AXE, Visit, at_rest

import backprop as bp

pytestmark = pytest.mark.browser

PAGE = "equations/error/"
WORDS = {
    "": {"unit": "The demon sits at", "size": "Δz: what the demon adds to the sum",
         "units": "unit {j} of layer {l}", "error": "error δ of the unit",
         "real": "real change of the loss"},
    "ko/": {"unit": "도깨비가 있는 곳", "size": "Δz: 도깨비가 가중합에 더하는 값",
            "units": "층 {l}의 유닛 {j}", "error": "유닛의 오차 δ", "real": "실제 손실 변화"},
}  # fmt: skip
UNITS = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1), (3, 2)]
FIRST = (2, 1)


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(course.ROOT)


def steps_with(unit, change):
    """Every step of the package, with the sum of one unit moved: by the unit's bias, which does
    the same to a single sample."""
    its = steppers.network("network_2322")
    layer, j = unit
    dense = [each for each in its["net"].layers if each.parameters]
    dense[layer - 1].b[j - 1] += change
    return {step.name: step.value for step in bp.trace(its["net"], its["loss"], its["x"], its["t"])}


class Demon:
    """The demon of a page."""

    def __init__(self, visit, language=""):
        words = WORDS[language]
        self.page = visit.page
        self.element = visit.page.locator("backprop-demon")
        self.choice = self.element.get_by_role("combobox", name=words["unit"])
        self.dial = self.element.get_by_role("slider", name=words["size"], exact=True)
        self.element.scroll_into_view_if_needed()

    def state(self):
        """What is chosen, the numbers that can be read, and those in the picture."""
        return self.element.evaluate(
            """element => {
              const cells = [...element.querySelectorAll(".bp-knobs [data-name], p [data-name]")];
              const drawn = [...element.querySelectorAll("svg [data-name]")];
              return {
                at: element.querySelector("select").selectedIndex,
                change: element.querySelector("[type=range]").valueAsNumber,
                shown: Object.fromEntries(cells.map((e) => [e.dataset.name, e.dataset.value])),
                texts: Object.fromEntries(cells.map((e) => [e.dataset.name, e.textContent])),
                drawn: Object.fromEntries(drawn.map((e) => [e.dataset.name, e.dataset.value])),
                strong: drawn.filter((e) => e.matches(".bp-chosen")).map((e) => e.dataset.name),
                adds: element.querySelector(".bp-demon text").textContent,
                labels: [...element.querySelectorAll("svg")].map((e) => e.ariaLabel),
                said: element.querySelector("[type=range]").ariaValueText,
                live: element.querySelector("[aria-live]").textContent,
              };
            }"""
        )

    def checked(self, unit):
        """The state with the demon at a unit, once all numbers have been compared."""
        state = self.state()
        assert UNITS[state["at"]] == unit
        layer, j = unit
        change = state["change"]
        before, after = steps_with(unit, 0), steps_with(unit, change)
        shown = {name: float(value or "nan") for name, value in state["shown"].items()}
        predicted = before[f"delta{layer}"][0, j - 1] * change
        real = after["C"] - before["C"]
        assert shown == pytest.approx(
            {
                "change": change,
                "error": before[f"delta{layer}"][0, j - 1],
                "predicted": predicted,
                "real": real,
                "ratio": real / predicted if change else np.nan,
            },
            rel=1e-9,
            abs=1e-15,
            nan_ok=True,
        )
        sizes = {1: 3, 2: 2, 3: 2}
        right = {"x_1": 0.4, "x_2": 0.9, "E": after["C"]}
        for l, size in sizes.items():
            for i in range(size):
                right[f"z{l}_{i + 1}"] = after[f"z{l}"][0, i]
                right[f"a{l}_{i + 1}"] = after["y" if l == 3 else f"a{l}"][0, i]
        drawn = {name: float(value) for name, value in state["drawn"].items()}
        assert drawn == pytest.approx(right, rel=1e-12)
        old = {"E": before["C"]} | {
            name: before[f"{name[:-2]}"][0, int(name[-1]) - 1]
            for name in right
            if name[0] == "z" or name[:2] in {"a1", "a2"}
        }
        moved = {name for name in old if right[name] != pytest.approx(old[name], rel=1e-12)}
        strong = {name for name in state["strong"] if name in old}
        assert strong == moved
        return state


@pytest.mark.parametrize("language", ["", "ko/"])
def test_at_every_unit_by_keys_the_numbers_are_those_of_the_package(browser, site, language):
    words = WORDS[language]
    with Visit(browser, site, language + PAGE) as visit:
        demon = Demon(visit, language)
        names = [words["units"].format(l=l, j=j) for l, j in UNITS]
        assert demon.choice.locator("option").all_text_contents() == names
        assert demon.checked(FIRST)["change"] == 1
        demon.choice.focus()
        visit.page.keyboard.press("Home")
        for unit, name in zip(UNITS, names, strict=True):
            if unit != UNITS[0]:
                visit.page.keyboard.press("ArrowDown")
            state = demon.checked(unit)
            assert all(name in label for label in state["labels"]), "pictures say where it is"
            assert state["live"].startswith(f"{name}: {words['error']} {state['texts']['error']}")
            assert f"{words['real']} {state['texts']['real']}" in state["live"]
            visit.page.keyboard.press("Tab")
            for key, change in (("Home", -2), ("ArrowRight", -1.99), ("End", 2)):
                visit.page.keyboard.press(key)
                state = demon.checked(unit)
                assert state["change"] == change
                assert words["real"] in state["said"]
                assert float(state["adds"].replace("−", "-")) == change
            visit.page.keyboard.press("Shift+Tab")
        assert visit.complaints == []


def test_the_prediction_becomes_right_as_the_demon_adds_less(browser, site):
    with Visit(browser, site, PAGE) as visit:
        demon = Demon(visit)
        for at, unit in enumerate(UNITS):
            demon.choice.select_option(index=at)
            off = []
            for change in ("1", "0.5", "0.1", "0.01"):
                demon.dial.fill(change)
                off.append(abs(float(demon.checked(unit)["shown"]["ratio"]) - 1))
            assert off == sorted(off, reverse=True) and off[-1] < 0.01
            demon.dial.fill("0")
            state = demon.checked(unit)
            assert state["texts"]["ratio"] == "–" and state["strong"] == []
            assert state["texts"]["predicted"] == state["texts"]["real"] == "0"
        assert visit.complaints == []


def test_a_click_on_a_unit_puts_the_demon_there(browser, site):
    with Visit(browser, site, PAGE, width=390) as visit:
        demon = Demon(visit)
        for at, unit in enumerate(UNITS):
            demon.element.locator(".bp-area").nth(at).click()
            assert demon.checked(unit)["live"]
        # nothing in the pictures says it is a button and is none
        assert demon.element.locator("svg :is([role], [tabindex])").count() == 0
        assert visit.complaints == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["", "ko/"])
def test_it_fits_keeps_its_place_and_is_accessible(browser, site, language, width):
    with Visit(browser, site, "reference/licences/", width=width, reduced_motion="reduce") as visit:
        # The script of the element comes late: what stood there before?
        waiting = []
        visit.page.route("**/stepper/demon.js", lambda route: waiting.append(route))
        visit.page.goto(site.url + language + PAGE)
        element = visit.page.locator("backprop-demon")
        visit.page.wait_for_function("document.documentElement.dataset.ready === 'page'")
        element.scroll_into_view_if_needed()
        before = element.bounding_box()["height"]
        for route in waiting:
            route.continue_()
        visit.page.unroute("**/stepper/demon.js")
        visit.settle()
        at_rest(visit.page)
        assert element.bounding_box()["height"] == pytest.approx(before, abs=1)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        visit.page.evaluate(AXE)
        for scheme, title in (("light", ""), ("dark", r"dark mode|다크|어두운")):
            visit.page.emulate_media(color_scheme=scheme)
            if title:
                visit.page.get_by_title(re.compile(title)).first.click()
            element.get_by_role("combobox").select_option(index=1)
            at_rest(visit.page)
            result = visit.page.evaluate("axe.run('backprop-demon')")
            assert [(v["id"], v["nodes"][0]["html"]) for v in result["violations"]] == []
        assert element.bounding_box()["height"] == pytest.approx(before, abs=1)
        assert visit.complaints == []


def test_without_javascript_a_still_figure_stands_there(browser, site):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url + PAGE)
        image = page.locator("backprop-demon img.bp-light")
        image.scroll_into_view_if_needed()
        assert image.is_visible() and "demon" in image.get_attribute("src")
        assert page.locator("backprop-demon").bounding_box()["height"] < 400


def test_only_its_page_loads_it(browser, site):
    for path, loaded in ((PAGE, True), ("hand/one-path/", False)):
        with Visit(browser, site, path) as visit:
            assert any("/demon." in address for address in visit.asked) == loaded, visit.asked
