"""The demon at a unit in a browser: put at every unit by keys and by mouse, and its numbers
compared with the package."""

import course
import numpy as np
import pytest
from figures import alone, arriving, axe_of, english
from hooks.steppers import steppers
from visits import Visit

import backprop as bp

pytestmark = pytest.mark.browser

PAGE, KIND = "equations/error/", "backprop-demon"
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


arrived = arriving(PAGE, KIND)


@pytest.fixture
def demon(arrived):
    visit, language, _ = arrived
    yield Demon(visit, language)
    assert visit.complaints == []


class Demon:
    """A new demon, alone on its page."""

    def __init__(self, visit, language):
        self.visit, self.page = visit, visit.page
        self.language, self.words = language, WORDS[language]
        self.element = alone(visit, KIND)
        self.choice = self.element.get_by_role("combobox", name=self.words["unit"])
        self.dial = self.element.get_by_role("slider", name=self.words["size"], exact=True)

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


def test_at_every_unit_by_keys_the_numbers_are_those_of_the_package(demon):
    words, keyboard = demon.words, demon.page.keyboard
    names = [words["units"].format(l=l, j=j) for l, j in UNITS]
    assert demon.choice.locator("option").all_text_contents() == names
    assert demon.checked(FIRST)["change"] == 1
    demon.choice.focus()
    keyboard.press("Home")
    for unit, name in zip(UNITS, names, strict=True):
        if unit != UNITS[0]:
            keyboard.press("ArrowDown")
        state = demon.checked(unit)
        assert all(name in label for label in state["labels"]), "pictures say where it is"
        assert state["live"].startswith(f"{name}: {words['error']} {state['texts']['error']}")
        assert f"{words['real']} {state['texts']['real']}" in state["live"]
        keyboard.press("Tab")
        for key, change in (("Home", -2), ("ArrowRight", -1.99), ("End", 2)):
            keyboard.press(key)
            state = demon.checked(unit)
            assert state["change"] == change
            assert words["real"] in state["said"]
            assert float(state["adds"].replace("−", "-")) == change
        keyboard.press("Shift+Tab")


@english
def test_the_prediction_becomes_right_as_the_demon_adds_less(demon):
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


@english
def test_a_click_on_a_unit_puts_the_demon_there(demon):
    demon.visit.be_wide(390)
    for at, unit in enumerate(UNITS):
        demon.element.locator(".bp-area").nth(at).click()
        assert demon.checked(unit)["live"]
    # nothing in the pictures says it is a button and is none
    assert demon.element.locator("svg :is([role], [tabindex])").count() == 0


def test_it_fits_and_keeps_its_place(arrived):
    _, _, (before, after, wide) = arrived
    assert after == pytest.approx(before, abs=1)
    assert all(its <= width for width, its in wide.items()), wide


def test_another_unit_keeps_its_place_and_axe_finds_nothing(demon, arrived):
    *_, (before, _, _) = arrived
    demon.choice.select_option(index=1)
    for width, height in before.items():
        demon.visit.be_wide(width)
        assert demon.element.bounding_box()["height"] == pytest.approx(height, abs=1)
    assert axe_of(demon.visit, KIND, korean=demon.language == "ko/") == []


def test_without_javascript_a_still_figure_stands_there(browser, site):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url + PAGE)
        image = page.locator("backprop-demon img.bp-light")
        image.scroll_into_view_if_needed()
        assert image.is_visible() and "demon" in image.get_attribute("src")
        assert page.locator("backprop-demon").bounding_box()["height"] < 400


@english
def test_only_its_page_loads_it(arrived, browser, site):
    def loads_it(visit):
        return any("/demon." in address for address in visit.asked)

    assert loads_it(arrived[0])
    with Visit(browser, site, "hand/one-path/") as visit:
        assert not loads_it(visit), visit.asked
