"""The laboratory: a reader's own network behind five tabs, in a real browser."""

import gzip
import json
import re

import pytest
from playwright.sync_api import expect
from questions import DESK, PHONE, WORDS_FOR, axe
from test_stepper_model import CASES
from visits import Visit

pytestmark = pytest.mark.browser

PAGE = "lab/your-network/"
PANELS = ("bring", "walk", "derive", "take", "sheet")
FILES = {"walk": "walking"}  # the script of a panel, where it is not named as the panel is
SCRIPT = 25_000  # bytes, compressed, that a panel may load beyond the stepper's


def tab(visit, name):
    return visit.page.locator(f"#bp-tab-{name}")


def panel(visit, name):
    return visit.page.locator(f"[role=tabpanel][data-panel={name}]")


def network(visit):
    return visit.page.evaluate("document.querySelector('backprop-lab').network")


def test_its_scripts_are_small_and_only_its_page_loads_them(browser, site):
    with Visit(browser, site, "hand/one-path/") as visit:
        assert not [url for url in visit.asked if "/lab/" in url]
    with Visit(browser, site, PAGE) as visit:
        for name in PANELS:
            tab(visit, name).click()
            expect(panel(visit, name)).to_be_visible()
            visit.asked.clear()
            visit.page.reload()  # the page comes back with this panel, and loads no other
            visit.settle()
            expect(panel(visit, name)).to_be_visible()
            assert any(url.endswith("lab/lab.json") for url in visit.asked)
            assert not [url for url in visit.asked if "runtime" in url]
            loaded = {url for url in visit.asked if re.search(r"/lab/\w+\.js$", url)}
            sizes = {url: len(gzip.compress((site.folder / url).read_bytes())) for url in loaded}
            assert {f"assets/lab/{file}.js" for file in ("lab", FILES.get(name, name))} <= loaded
            assert sum(sizes.values()) <= SCRIPT, (name, sizes)
        assert "assets/lab/bring.js" not in loaded


def may_be_a_readers(case):
    """Whether the laboratory takes a network: each layer has an activation function, but for the
    last one where softmax is part of the loss."""
    *hidden, last = [layer["activation"] for layer in case["layers"]]
    softmax = case["loss"] == "softmax_cross_entropy"
    return len(hidden) < 4 and all(hidden) and bool(last) != softmax


def test_every_step_of_any_network_has_its_formula_its_words_and_its_code(browser, site):
    cases = [case for case in CASES if may_be_a_readers(case)]
    page = browser.new_page()
    page.goto(f"{site.url}404.html")
    missed = page.evaluate(
        """async ([at, cases]) => {
          const { walkData } = await import(`${at}assets/lab/data.js`);
          const { steps } = await (await fetch(`${at}assets/lab/lab.json`)).json();
          const told = new Map(steps.map((step) => [step.key, step]));
          const missed = [];
          for (const each of cases) {
            for (const step of walkData({ ...each, lr: 0.1 }, told, {}).steps) {
              const whole = step.tex?.includes("mjx-container") && step.says && step.code?.html;
              if (!whole) missed.push([step.name, step.expression]);
            }
            const update = walkData({ ...each, lr: 0.1 }, told, {}).steps.at(-1);
            const biases = each.layers.some(({ b }) => b);
            if (update.code.line.includes("b1") !== biases) missed.push(update);
          }
          return missed;
        }""",
        [site.url, cases],
    )
    page.close()
    assert len(cases) > 30
    assert missed == []


def take_the_rest_away(visit):
    """Leave the laboratory alone on its page: axe takes its time for all that stands around, and
    for each letter of a formula."""
    visit.page.evaluate(
        """() => document.querySelectorAll(
          "article > :not(backprop-lab, :has(backprop-lab)), mjx-container"
        ).forEach((e) => e.remove())"""
    )


@pytest.mark.parametrize("folder", ["", "ko/"])
def test_each_panel_opens_by_keyboard_fits_a_phone_and_axe_finds_nothing(browser, site, folder):
    with Visit(browser, site, folder + PAGE, width=PHONE) as visit:
        tab(visit, "bring").focus()
        for name in PANELS:
            expect(panel(visit, name)).to_be_visible()
            expect(tab(visit, name)).to_be_focused()
            visit.be_wide(PHONE)
            width = visit.page.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE, f"{name}: {width} px"
            visit.page.keyboard.press("ArrowRight")
        expect(tab(visit, "bring")).to_be_focused()
        for name in PANELS:
            expect(panel(visit, name)).to_be_visible()
            take_the_rest_away(visit)
            rules = f"runOnly: {WORDS_FOR}" if folder else ""
            assert axe(visit, rules, of="'backprop-lab'") == [], name
            visit.page.keyboard.press("ArrowRight")
        assert visit.complaints == []


def test_in_the_dark_nothing_is_too_pale(browser, site):
    with Visit(browser, site, PAGE, scheme="dark", width=DESK) as visit:
        for name in PANELS:
            tab(visit, name).click()
            expect(panel(visit, name)).to_be_visible()
            take_the_rest_away(visit)
            assert axe(visit, "runOnly: ['color-contrast']", of="'backprop-lab'") == [], name


def test_a_page_leads_here_with_its_network_a_link_and_a_reload_bring_back_another(browser, site):
    with Visit(browser, site, f"{PAGE}?preset=network_relu") as visit:
        given = network(visit)
        assert [layer["activation"] for layer in given["layers"]] == ["relu", "relu", "identity"]
        changed = json.loads(json.dumps(given))
        changed["layers"][0]["W"][0][0] = 0.1 + 0.2  # all 17 digits of it
        visit.page.evaluate(
            "network => document.querySelector('backprop-lab').take(network)", changed
        )
        visit.page.get_by_role("button", name="Link to this network").click()
        visit.page.wait_for_url("**/*net=*")
        address = visit.page.url
        assert network(visit) == changed
        visit.page.goto(f"{site.url}{PAGE}?preset=xor")  # looked at, not changed
        visit.settle()
        visit.page.goto(site.url + PAGE)
        visit.settle()
        assert network(visit) == changed  # kept in this browser
        assert visit.complaints == []
    with Visit(browser, site, address.removeprefix(site.url)) as visit:
        assert network(visit) == changed  # in another one
        visit.page.goto(f"{site.url}{PAGE}?net=n2s2_what")
        visit.settle()
        expect(visit.page.locator(".bp-told")).to_contain_text("The link could not be read")
        assert len(network(visit)["layers"]) == 2  # something to begin with
        assert visit.complaints == []


def test_the_stepper_walks_the_network_and_its_link_brings_both_back(browser, site):
    with Visit(browser, site, f"{PAGE}?preset=xor") as visit:
        tab(visit, "walk").click()
        stepper = visit.page.locator("backprop-stepper.bp-ready")
        stepper.get_by_role("button", name="Next").click()
        assert stepper.get_attribute("data-step") == "a1"
        href = stepper.locator(".bp-foot a").get_attribute("href")
    with Visit(browser, site, href.removeprefix(site.url)) as visit:
        stepper = visit.page.locator("backprop-stepper.bp-ready")
        expect(stepper).to_have_attribute("data-step", "a1")
        assert len(network(visit)["x"]) == 4
        assert visit.complaints == []


def test_without_javascript_the_page_says_what_it_would_do_and_shows_an_example(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for folder in ("", "ko/"):
        page.goto(site.url + folder + PAGE)
        image = page.locator("backprop-lab img").first
        image.scroll_into_view_if_needed()
        assert image.is_visible()
        assert page.locator("#without-javascript").is_visible()
    context.close()
