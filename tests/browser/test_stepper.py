"""The stepper and the nudge in a browser: walked through by keyboard, turned, linked to, and at
every step compared with the package."""

import gzip
import json
import math
import re
from contextlib import contextmanager

import course
import numpy as np
import pytest
from hooks.steppers import steppers
from hooks.steppers.formulas import PLAIN_NAMES
from networks import two_relu_layers
from visits import AXE, Visit, at_rest

import backprop as bp

pytestmark = pytest.mark.browser

WITH_STEPPER = {"hand/one-path/": "network_221", "hand/every-element/": "network_222",
                "hand/matrix-form/": "network_222"}  # fmt: skip
BOTH = [(language, path) for language in ("", "ko/") for path in WITH_STEPPER]
WORDS = {
    "": {"next": "Next", "back": "Back", "again": "Again", "reset": "Reset", "play": "Play",
         "pause": "Pause", "walk": "Step through it", "link": "Link to this state"},
    "ko/": {"next": "다음", "back": "이전", "again": "한 번 더", "reset": "초기화",
            "play": "재생", "pause": "일시정지", "walk": "한 단계씩 보기",
            "link": "이 상태로 가는 링크"},
}  # fmt: skip
TOLERANCE = 1e-12


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(course.ROOT)


@pytest.fixture
def visit(browser, site):
    with Visit(browser, site, "hand/matrix-form/", reduced_motion="reduce") as visit:
        yield visit
        assert visit.complaints == []


def stepper(visit, number=0):
    return visit.page.locator("backprop-stepper").nth(number)


def button(visit, name, language="", number=0):
    return stepper(visit, number).get_by_role("button", name=WORDS[language][name], exact=True)


def network(name):
    its = steppers.network(name)
    x, t = its["x"].copy(), its["t"].copy()  # tests change them
    return its["net"], its["loss"], x, t, its["lr"]


def parameters(net):
    dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
    return [{"W": layer.W.tolist(), "b": layer.b.tolist()} for layer in dense]


def descend(net, loss, x, t, lr):
    net.backward(loss.gradient(net.forward(x), t))
    bp.SGD(net, lr=lr).step()


def shown_step(visit, number=0):
    """The name and the numbers of the step that is shown, as other tools can read them."""
    data = stepper(visit, number).locator(".bp-rows").evaluate("e => ({...e.dataset})")
    return data["name"], json.loads(data["value"])


def numbers_of_step(visit, number=0):
    """The numbers in the row of results, by their names."""
    buttons = stepper(visit, number).locator(".bp-final")
    return dict(
        buttons.evaluate_all("all => all.map(e => [e.dataset.name, Number(e.dataset.value)])")
    )


def expected(net, loss, x, t, lr):
    """Each step with its numbers, the update among them."""
    steps = [(step.name, step.value) for step in bp.trace(net, loss, x, t)]
    descend(net, loss, x, t, lr)
    return [*steps, ("update", parameters(net))]


def assert_step(found, right):
    (name, value), (right_name, right_value) = found, right
    assert name == right_name
    if name == "update":
        for layer, its in zip(value, right_value, strict=True):
            for kind in ("W", "b"):
                np.testing.assert_allclose(layer[kind], its[kind], rtol=TOLERANCE, atol=TOLERANCE)
    else:
        np.testing.assert_allclose(value, right_value, rtol=TOLERANCE, atol=TOLERANCE)


def tab_to(visit, locator, limit=150):
    """Press Tab until an element has the focus."""
    handle = locator.element_handle()
    for _ in range(limit):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("e => e === document.activeElement", handle):
            return
    raise AssertionError("not reached by keyboard")


@pytest.mark.parametrize(("language", "path"), BOTH)
def test_by_keyboard_from_the_first_step_to_the_last_with_the_numbers_of_the_package(
    browser, site, language, path
):
    with Visit(browser, site, language + path) as visit:
        stepper(visit).locator(".bp-moves").scroll_into_view_if_needed()
        assert button(visit, "back", language).is_disabled()
        stepper(visit).locator(".bp-picture").click(position={"x": 3, "y": 3})
        tab_to(visit, button(visit, "next", language))
        right = expected(*network(WITH_STEPPER[path]))
        for number, step in enumerate(right):
            if number:
                visit.page.keyboard.press("Enter")
            assert_step(shown_step(visit), step)
            assert stepper(visit).get_attribute("data-step") == step[0]
            said = stepper(visit).locator(".bp-live").text_content()
            assert not number or re.search(rf"\b{number + 1}(?=\D)", said), said
        assert button(visit, "next", language).is_disabled()
        focused = visit.page.evaluate("document.activeElement.textContent")
        assert focused == WORDS[language]["back"], "the focus must not be lost"
        visit.page.keyboard.press("Enter")
        assert shown_step(visit)[0] == right[-2][0]
        assert visit.complaints == []


def test_each_number_of_a_step_stands_in_the_markup_at_full_precision(visit):
    button(visit, "next").click()
    right = bp.trace(*network("network_222")[:4]).step("a1").value
    assert numbers_of_step(visit) == {"a1_1": right[0, 0], "a1_2": right[0, 1]}
    in_picture = stepper(visit).locator("svg [data-name='a1_2']").get_attribute("data-value")
    assert float(in_picture) == right[0, 1]


@pytest.mark.parametrize("name", ["W1_12", "b2_1", "x_2", "t_1"])
def test_a_turned_number_changes_every_step_as_it_does_in_the_package(visit, name):
    net, loss, x, t, lr = network("network_222")
    stepper(visit).get_by_role("combobox").first.select_option(label=name)
    slider = stepper(visit).locator(".bp-knobs input[type=range]")
    slider.focus()
    for _ in range(7):
        visit.page.keyboard.press("ArrowRight" if name != "t_1" else "ArrowLeft")
    value = float(slider.input_value())
    kind, index = name.split("_")
    array = {"x": x, "t": t}.get(kind)
    if array is None:
        dense = net.layers[2 * (int(kind[1]) - 1)]
        array = dense.W if kind[0] == "W" else dense.b[np.newaxis]
    place = tuple(int(digit) - 1 for digit in index)
    place = place if len(place) == 2 else (0, *place)
    assert abs(value - array[place]) > 0.05
    array[place] = value
    right = expected(net, loss, x, t, lr)
    for number, step in enumerate(right):
        if number:
            button(visit, "next").click()
        assert_step(shown_step(visit), step)
    button(visit, "reset").click()
    assert_step(shown_step(visit), expected(*network("network_222"))[0])


def test_a_number_can_be_typed_and_nonsense_changes_nothing(visit):
    box = stepper(visit).locator("input[type=number]")
    box.fill("0.123456789")
    net, loss, x, t, _ = network("network_222")
    net.layers[0].W[0, 0] = 0.123456789
    right = bp.trace(net, loss, x, t).step("z1").value
    np.testing.assert_allclose(shown_step(visit)[1], right, rtol=TOLERANCE)
    for nonsense in ("", "1e30"):
        box.fill(nonsense)
        np.testing.assert_allclose(shown_step(visit)[1], right, rtol=TOLERANCE)


def test_again_goes_on_downhill_as_the_package_does(visit):
    net, loss, x, t, lr = network("network_222")
    stepper(visit).locator(".bp-moves input[type=range]").evaluate(
        "e => { e.value = e.max; e.dispatchEvent(new Event('input')); }"
    )
    losses = [loss(net.forward(x), t)]
    for _ in range(4):
        descend(net, loss, x, t, lr)
        losses.append(loss(net.forward(x), t))
        new = stepper(visit).locator("[data-name='new C']").get_attribute("data-value")
        assert float(new) == pytest.approx(losses[-1], rel=TOLERANCE)
        button(visit, "again").click()
    curve = stepper(visit).locator("svg.bp-losses").get_attribute("aria-label")
    assert [float(text) for text in re.findall(r"\d\.\d+", curve)][:5] == pytest.approx(
        losses, abs=1e-6
    )


@pytest.mark.parametrize("step", ["z1", "dW1", "dx", "update"])
def test_the_keyboard_gets_through_all_numbers_and_out_again(visit, step):
    """From Next by Tab, past every number of the rows, to the link at the end."""
    visit.page.evaluate("step => document.querySelector('backprop-stepper').goTo(step)", step)
    stepper(visit).locator(".bp-picture").click(position={"x": 3, "y": 3})
    tab_to(visit, stepper(visit).get_by_role("link", name=WORDS[""]["link"]), limit=80)


def test_enter_in_a_chain_follows_the_factor_and_escape_leads_back(visit):
    visit.page.evaluate("document.querySelector('backprop-stepper').goTo('dW1')")
    opener = stepper(visit).locator(".bp-rows .bp-final").first
    opener.focus()
    visit.page.keyboard.press("Enter")
    chain = stepper(visit).locator(".bp-chain")
    assert chain.locator(".bp-title").text_content().startswith("dW1_11 =")
    chain.locator("[data-name='da2_1']").first.focus()
    assert chain.locator(".bp-title").text_content().startswith("dW1_11 ="), "focus alone stays"
    visit.page.keyboard.press("Enter")
    assert chain.locator(".bp-title").text_content().startswith("da2_1 =")
    assert visit.page.evaluate("document.activeElement.matches('.bp-chain .bp-title')")
    visit.page.keyboard.press("Escape")
    assert chain.is_hidden()
    assert visit.page.evaluate("document.activeElement.dataset.name") == "dW1_11"


def test_numbers_are_turned_while_a_chain_stays_open(visit):
    visit.page.evaluate("document.querySelector('backprop-stepper').goTo('dW1:dW1_11')")
    stepper(visit).get_by_role("combobox").first.select_option(label="W2_11")
    stepper(visit).locator("input[type=number]").fill("2")
    factors = stepper(visit).locator(".bp-chain [data-name='W2_11']")
    assert factors.get_attribute("data-value") == "2"


def test_from_a_link_in_the_text_the_reader_gets_back_to_it(visit):
    link = visit.page.locator("a.bp-step-link").last
    link.click()
    visit.page.wait_for_function(  # it stands right under the header
        """() => {
          const top = document.querySelector("backprop-stepper").getBoundingClientRect().top;
          const header = document.querySelector(".md-header").getBoundingClientRect().bottom;
          return header <= top && top < header + 60;
        }"""
    )
    assert visit.page.evaluate("document.activeElement.type") == "range"
    stepper(visit).get_by_role("button", name="Back to the text").click()
    assert link.evaluate("e => e === document.activeElement")


def test_where_paths_join_both_contributions_and_their_sum_are_shown(visit):
    visit.page.evaluate("document.querySelector('backprop-stepper').goTo('da1')")
    step = {step.name: step.value for step in bp.trace(*network("network_222")[:4])}
    W2 = network("network_222")[0].layers[2].W
    parts = step["delta2"][0] * W2[0]
    text = stepper(visit).locator(".bp-row").first.text_content().replace("−", "-")
    first, second, total = (f"{float(f'{value:.4g}')}" for value in (*parts, step["da1"][0, 0]))
    assert f"({first}) + {second} = {total}" in text


@pytest.mark.parametrize("name", ["dW1_11", "db1_2", "dW2_21", "dx_1", "da1_2", "delta1_1"])
def test_a_number_opens_its_chain_of_factors(visit, name):
    """The products of all paths add up to it, and its path is lit in the picture."""
    visit.page.evaluate(
        "name => document.querySelector('backprop-stepper').goTo(`${name.split('_')[0]}:${name}`)",
        name,
    )
    rows = (
        stepper(visit)
        .locator(".bp-chain .bp-row:has(.bp-token)")
        .evaluate_all(
            "rows => rows.map(row => [...row.querySelectorAll('.bp-token')]"
            ".map(e => e.lastChild.textContent))"
        )
    )
    assert len(rows) == {"dW2_21": 1, "dx_1": 4}.get(name, 2)
    total = sum(np.prod([float(f.strip("()").replace("−", "-")) for f in row]) for row in rows)
    kind, index = name.split("_")
    value = bp.trace(*network("network_222")[:4]).step(kind).value
    place = [int(digit) - 1 for digit in index]
    right = value[tuple(place)] if np.ndim(value) == len(place) else value[0, place[0]]
    assert total == pytest.approx(right, rel=2e-3, abs=1e-5), "from numbers of four digits"
    lit = stepper(visit).locator(".bp-arrow.bp-onpath").count()
    assert lit == {"dW1_11": 5, "db1_2": 4, "dW2_21": 2, "dx_1": 8, "da1_2": 4, "delta1_1": 4}[name]


@pytest.mark.parametrize(
    ("name", "arrows", "boxes"),
    [("z1_2", 2, 1), ("a2_1", 0, 1), ("W2_12", 1, 0), ("x_1", 0, 1), ("b1_1", 0, 1), ("E", 0, 1)],
)
def test_a_number_of_the_way_forward_is_lit_where_it_stands(visit, name, arrows, boxes):
    place = {"z": "z1", "a": "y", "E": "C"}.get(name[0], "update")
    visit.page.evaluate(
        "place => document.querySelector('backprop-stepper').goTo(place)", f"{place}:{name}"
    )
    assert stepper(visit).locator(".bp-chain").is_visible()
    assert stepper(visit).locator(".bp-arrow.bp-onpath").count() == arrows
    assert stepper(visit).locator(".bp-box.bp-onpath").count() == boxes


def test_numbers_are_reached_by_arrow_keys_and_let_go_by_escape(visit):
    visit.page.evaluate("document.querySelector('backprop-stepper').goTo('dW1')")
    stepper(visit).locator("svg .bp-number[tabindex='0']").first.focus()
    seen = set()
    for _ in range(12):
        visit.page.keyboard.press("ArrowRight")
        seen.add(visit.page.evaluate("document.activeElement.dataset.name"))
        assert stepper(visit).locator(".bp-chain").is_visible()
    assert len(seen) == 12
    visit.page.keyboard.press("Escape")
    assert stepper(visit).locator(".bp-chain").is_hidden()


@pytest.mark.parametrize(("language", "path"), BOTH)
def test_links_in_the_text_move_the_stepper_and_mark_the_equation(browser, site, language, path):
    with Visit(browser, site, language + path, reduced_motion="reduce") as visit:
        links = visit.page.locator("a.bp-step-link")
        assert links.count() >= 2
        for i in range(links.count()):
            state = links.nth(i).get_attribute("href").partition("~")[2]
            links.nth(i).click()
            step, _, focus = state.partition(":")
            assert stepper(visit).get_attribute("data-step") == step
            number = re.search(r"\d+", links.nth(i).text_content() if not focus else "")
            if number:
                assert (
                    stepper(visit).locator(".bp-count").text_content().startswith(f"{number[0]} /")
                )
            marked = visit.page.locator(".arithmatex.bp-now").evaluate_all(
                "all => all.map(e => e.dataset.steps)"
            )
            assert all(step in steps.split() for steps in marked)
            about = visit.page.locator(f".arithmatex[data-steps~='{step}']").count()
            assert len(marked) == about
        assert "?stepper" not in visit.page.url
        assert visit.complaints == []


def test_the_link_to_a_state_restores_exactly_that_state(browser, site, visit):
    box = stepper(visit).locator("input[type=number]")
    box.fill("0.7")
    stepper(visit).get_by_role("combobox").first.select_option(label="x_2")
    box.fill("-1.25")
    for _ in range(14):
        button(visit, "next").click()
    for _ in range(3):
        button(visit, "again").click()
    for _ in range(3):
        button(visit, "back").click()
    stepper(visit).locator(".bp-rows .bp-final").nth(1).click()
    stepper(visit).get_by_role("link", name=WORDS[""]["link"]).click()
    state = "e => [e.dataset.step, e.walk.focus, e.walk.network, e.walk.losses, e.walk.state]"
    before = stepper(visit).evaluate(state)
    url = visit.page.url
    assert "?stepper=network_222~" in url
    with Visit(browser, site, url.removeprefix(site.url)) as again:
        assert stepper(again).evaluate(state) == before
        assert shown_step(again) == shown_step(visit)
        assert again.complaints == []


@pytest.mark.parametrize(
    "state", ["nonsense", "dW9:dW9_11", "dW1~again*x~W1.9.9!3~!!~W1.0.0!NaN~sample*7", "~~", "%00"]
)
def test_a_state_that_makes_no_sense_does_no_harm(browser, site, state):
    with Visit(browser, site, f"hand/matrix-form/?stepper=network_222~{state}") as visit:
        right = dict(expected(*network("network_222")))
        name, value = shown_step(visit)
        np.testing.assert_allclose(value, right[name], rtol=TOLERANCE)
        assert visit.complaints == []


@pytest.mark.parametrize("language", ["", "ko/"])
def test_the_home_page_plays_once_when_seen_and_invites_to_step(browser, site, language):
    with Visit(browser, site, language, clock=True) as visit:
        element = stepper(visit)
        assert element.get_attribute("data-step") == "z1"
        assert button(visit, "next", language).is_hidden()
        assert element.locator(".bp-play").is_visible(), "what plays by itself can be paused"
        element.scroll_into_view_if_needed()
        visit.page.wait_for_function(
            "document.querySelector('backprop-stepper').dataset.step !== 'z1'"
        )
        before = element.get_attribute("data-step")
        visit.page.clock.run_for(2500)
        assert element.get_attribute("data-step") != before, "time alone moves it"
        assert not element.locator(".bp-live").text_content(), (
            "what plays by itself is not announced"
        )
        button(visit, "walk", language).click()
        assert button(visit, "next", language).is_visible()
        assert element.get_attribute("data-step") == "z1"
        assert visit.page.evaluate("document.activeElement.textContent") == WORDS[language]["next"]
        visit.page.clock.run_for(2500)
        assert element.get_attribute("data-step") == "z1", "it plays on"
        assert visit.complaints == []


def test_play_goes_on_by_itself_until_paused(browser, site):
    with Visit(browser, site, "hand/matrix-form/", clock=True) as visit:
        button(visit, "play").click()
        assert button(visit, "pause").count() == 1
        visit.page.clock.run_for(2500)
        step = stepper(visit).get_attribute("data-step")
        assert step != "z1"
        button(visit, "pause").click()
        step = stepper(visit).get_attribute("data-step")
        visit.page.clock.run_for(2500)
        assert stepper(visit).get_attribute("data-step") == step


def test_deltas_travel_back_over_their_arrows_unless_motion_is_unwanted(browser, site):
    for motion, count in (("no-preference", 4), ("reduce", 0)):
        with Visit(browser, site, "hand/matrix-form/", reduced_motion=motion) as visit:
            visit.page.evaluate("document.querySelector('backprop-stepper').goTo('da1')")
            running = visit.page.evaluate(
                "document.getAnimations()"
                ".filter(a => a.effect.target.localName === 'circle').length"
            )
            assert running == count
    with Visit(browser, site, "", reduced_motion="reduce") as visit:
        stepper(visit).scroll_into_view_if_needed()
        visit.page.wait_for_function(
            "document.querySelector('backprop-stepper').dataset.step === 'update'"
        )


OVERLAPS = """() => {
  const found = [];
  for (const drawing of document.querySelectorAll("backprop-stepper .bp-picture svg")) {
    const texts = [...drawing.querySelectorAll("text")].map(e => [e, e.getBoundingClientRect()]);
    const edge = drawing.getBoundingClientRect();
    texts.forEach(([a, r], i) => {
      if (r.left < edge.left - 1 || r.right > edge.right + 1) found.push([a.textContent, "edge"]);
      for (const [b, q] of texts.slice(i + 1)) {
        const wide = Math.min(r.right, q.right) - Math.max(r.left, q.left);
        const high = Math.min(r.bottom, q.bottom) - Math.max(r.top, q.top);
        if (wide > 0.5 && high > 3) found.push([a.textContent, b.textContent]);
      }
    });
  }
  return found;
}"""


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("path", ["hand/one-path/", "ko/hand/every-element/"])
def test_no_labels_collide_at_any_step(browser, site, path, width):
    with Visit(browser, site, path, width=width, reduced_motion="reduce") as visit:
        steps = int(stepper(visit).locator(".bp-moves input").get_attribute("max"))
        for at in range(steps + 1):
            visit.page.evaluate("at => document.querySelector('backprop-stepper').go(at)", at)
            assert visit.page.evaluate(OVERLAPS) == [], at
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


# Each arrow: the two points on both sides of its middle line where a head is, whether the fill is
# there and seen, the boxes at its two ends, and how many arrows run through each number's ground.
ARROWS = """() => {
  const drawing = document.querySelector("backprop-stepper .bp-picture svg");
  const boxes = [...drawing.querySelectorAll(".bp-box")].map((box) => box.getBBox());
  const at = ({ x, y }) => boxes.findIndex((box) =>
    x > box.x - 2 && x < box.x + box.width + 2 && y > box.y - 2 && y < box.y + box.height + 2);
  const grounds = [...drawing.querySelectorAll(".bp-ground")].map((ground) => ground.getBBox());
  const cut = grounds.map(() => 0);
  const arrows = [...drawing.querySelectorAll(".bp-arrow")].map((arrow) => {
    const matrix = arrow.transform.baseVal.consolidate().matrix;
    const long = -arrow.getBBox().x;
    const point = (x, y) => new DOMPoint(x, y).matrixTransform(matrix);
    grounds.forEach(({ x, y, width, height }, i) => {
      const runs = Array.from({ length: 200 }, (_, k) => point((-long * k) / 200, 0))
        .some((p) => p.x > x && p.x < x + width && p.y > y && p.y < y + height);
      if (runs) cut[i] += 1;
    });
    const style = getComputedStyle(arrow);
    return {
      head: [1.5, -1.5].every((y) => arrow.isPointInFill(new DOMPoint(-6, y))),
      shaft: [1.5, -1.5].some((y) => arrow.isPointInFill(new DOMPoint(-long + 2, y))),
      seen: style.fill === style.stroke && style.fill !== "none",
      from: at(point(-long, 0)),
      to: at(point(0, 0)),
    };
  });
  return { arrows, cut };
}"""


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("path", ["hand/one-path/", "hand/matrix-form/", "zero/chain-rule/"])
def test_every_arrow_has_a_head_at_the_unit_it_leads_to(browser, site, path, width):
    with Visit(browser, site, path, width=width, reduced_motion="reduce") as visit:
        for place in ("z1", "dW1", "update") if "zero" not in path else ("z", "dw", "update"):
            visit.page.evaluate(
                "place => document.querySelector('backprop-stepper').goTo(place)", place
            )
            found = visit.page.evaluate(ARROWS)
            for arrow in found["arrows"]:
                assert arrow["head"] and arrow["seen"] and not arrow["shaft"], arrow
                assert 0 <= arrow["from"] < arrow["to"], arrow  # boxes are listed by their layers
            numbers = 1 if "zero" in path else 6 if "one" in path else 8
            assert found["cut"] == [1] * numbers, "a number stands on its arrow, and on no other"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["hand/one-path/", "ko/hand/matrix-form/"])
def test_axe_finds_no_violation_at_any_step_with_a_chain_open(browser, site, path, scheme):
    with Visit(browser, site, path, scheme=scheme, reduced_motion="reduce") as visit:
        visit.page.evaluate(AXE)
        visit.page.evaluate(  # the page around has its own test, and axe takes its time for it
            """() => {
              for (const formula of document.querySelectorAll("mjx-container")) {
                if (!formula.closest("backprop-stepper")) formula.parentElement.remove();
              }
            }"""
        )
        for place in ("z1", "C", "delta2", "dW1:dW1_11", "db1", "update:W1_11"):
            visit.page.evaluate(
                "place => document.querySelector('backprop-stepper').goTo(place)", place
            )
            visit.settle()
            only = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
            result = visit.page.evaluate(
                "only => axe.run('backprop-stepper, backprop-nudge', only)", only
            )
            assert [(v["id"], v["nodes"][0]["html"]) for v in result["violations"]] == []


@pytest.mark.parametrize("start", ["", "hand/matrix-form/"])
def test_it_is_there_after_instant_navigation_and_for_each_language(browser, site, start):
    with Visit(browser, site, start) as visit:
        visit.page.locator("a[href$='every-element/']").first.click()
        visit.page.wait_for_url("**/every-element/")
        visit.page.wait_for_selector("backprop-stepper.bp-ready")
        button(visit, "next").click()
        assert stepper(visit).get_attribute("data-step") == "a1"
        visit.page.locator("a.bp-language").first.click()
        visit.page.wait_for_url("**/ko/hand/every-element/")
        visit.page.wait_for_selector("backprop-stepper.bp-ready")
        button(visit, "next", "ko/").click()
        assert stepper(visit).get_attribute("data-step") == "a1"
        assert visit.complaints == []


def test_without_javascript_a_figure_with_all_numbers_stands_there(browser, site):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url + "hand/one-path/")
        for name, figure in (("stepper", "walk-network_221"), ("nudge", "nudge_221")):
            image = page.locator(f"backprop-{name} img").first
            image.scroll_into_view_if_needed()
            assert image.is_visible() and figure in image.get_attribute("src")


# Two hidden ReLU layers, a batch of two, softmax cross-entropy, and a second stepper beside it


@contextmanager
def with_another(browser, site, path, place, data=None):
    """A page in which place(element) says what stands where its stepper stood; data are those of
    "another", a network that no page has."""
    page = site.read(f"{path}index.html")
    element = re.search(r"<backprop-stepper.*?</backprop-stepper>", page, re.DOTALL)[0]
    page = page.replace(element, place(element))

    def answer(route):
        url = route.request.url
        if url.endswith("another.json"):
            route.fulfill(body=data, content_type="application/json")
        elif route.request.resource_type == "document":
            route.fulfill(body=page, content_type="text/html")
        else:
            route.continue_()

    context = browser.new_context(viewport={"width": 1440, "height": 1000}, reduced_motion="reduce")
    opened = context.new_page()
    complaints = []
    opened.on(
        "console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.route("**/*", answer)
    opened.goto(site.url + path)
    opened.wait_for_function("!document.querySelector('backprop-stepper:not(.bp-ready)')")
    opened.wait_for_function("document.documentElement.dataset.ready === 'page'")
    yield type("Page", (), {"page": opened})
    assert complaints == []
    context.close()


@pytest.fixture
def two_steppers(browser, site):
    """A page with two steppers of which one shows a larger network."""

    def place(element):
        return element.replace("network_222", "another", 1) + element

    data = steppers.as_json(**two_relu_layers(), language="en")
    with with_another(browser, site, "hand/matrix-form/", place, data) as visit:
        yield visit


def test_two_relu_layers_and_a_batch_of_two_beside_another_stepper(two_steppers):
    its = two_relu_layers()
    right = expected(*its.values())
    for number, step in enumerate(right):
        if number:
            button(two_steppers, "next").click()
        assert_step(shown_step(two_steppers), step)
        assert two_steppers.page.evaluate(OVERLAPS) == []
    assert shown_step(two_steppers, 1)[0] == "z1", "the other one stays where it is"
    button(two_steppers, "next", number=1).click()
    assert shown_step(two_steppers, 1)[0] == "a1"


def test_each_sample_of_a_batch_can_be_looked_at(two_steppers):
    shown = stepper(two_steppers).locator("svg [data-name='z1_21']")
    assert shown.count() == 0
    stepper(two_steppers).get_by_role("combobox", name="Sample").select_option("1")
    assert shown.count() == 1


@pytest.mark.parametrize("width", [360, 768])
def test_a_larger_network_fits_a_phone(two_steppers, width):
    two_steppers.page.set_viewport_size({"width": width, "height": 900})
    at_rest(two_steppers.page)
    assert two_steppers.page.evaluate(OVERLAPS) == []
    assert two_steppers.page.evaluate("document.documentElement.scrollWidth") <= width


# One unit in plain letters


PLAIN = {name: letter for name, (letter, _) in PLAIN_NAMES.items()}


@pytest.fixture(params=["", "ko/"])
def unit(request, browser, site):
    """A page with the stepper of the single unit."""
    element = '<backprop-stepper network="unit"></backprop-stepper>'
    path = f"{request.param}hand/one-path/"
    with with_another(browser, site, path, lambda _: element) as visit:
        visit.language = request.param
        yield visit


# All that a reader sees and hears of the stepper.
SAID = """() => {
  const stepper = document.querySelector("backprop-stepper");
  const all = [stepper, ...stepper.querySelectorAll("*")];
  const labels = ["aria-label", "aria-valuetext", "data-name", "data-step", "title"];
  const texts = document.createTreeWalker(stepper, NodeFilter.SHOW_TEXT);
  const found = all.flatMap((e) => labels.map((name) => e.getAttribute(name))).filter(Boolean);
  while (texts.nextNode()) found.push(texts.currentNode.data);
  return found;
}"""


def assert_plain(visit):
    """No index and no layer, in words, labels and formulas."""
    for text in visit.page.evaluate(SAID):
        assert not re.search(r"_|[A-Za-zδ]\d|\bd?W(?![a-z])|layer|층", text), text
    formula = stepper(visit).locator(".bp-formula")
    assert formula.locator("msub, msubsup").count() == 0
    square = 1 if stepper(visit).get_attribute("data-step") == "E" else 0
    assert formula.locator("msup").count() == square


def test_the_unit_is_walked_in_plain_letters_with_the_numbers_of_the_package(unit):
    right = expected(*network("unit"))
    assert stepper(unit).locator(".bp-code").count() == 0
    options = stepper(unit).get_by_role("combobox").first.locator("option")
    assert options.all_text_contents() == ["x", "w", "b", "t"]
    for number, (name, value) in enumerate(right):
        if number:
            button(unit, "next", unit.language).click()
        plain = PLAIN.get(name, name)
        assert_step(shown_step(unit), (plain, value))
        assert stepper(unit).get_attribute("data-step") == plain
        assert list(numbers_of_step(unit)) == (["w", "b"] if name == "update" else [plain])
        assert stepper(unit).locator(".bp-formula mjx-container").count() == 1
        assert_plain(unit)
        assert unit.page.evaluate(OVERLAPS) == []


def test_a_number_of_the_unit_opens_its_chain_in_plain_letters(unit):
    for letter in PLAIN.values():
        unit.page.evaluate(
            "state => document.querySelector('backprop-stepper').goTo(state)", f"update:{letter}"
        )
        chain = stepper(unit).locator(".bp-chain")
        title = chain.locator(".bp-title").text_content()
        assert title.startswith(f"{letter.replace('delta', 'δ')} = ")
        assert_plain(unit)
        if letter == "dw":
            assert chain.locator(".bp-name").all_text_contents() == ["da", "σ′(z)", "x"]


def test_ten_times_again_the_loss_of_the_unit_has_fallen_ten_times(unit):
    net, loss, x, t, lr = network("unit")
    unit.page.evaluate("document.querySelector('backprop-stepper').goTo('update')")
    losses = [loss(net.forward(x), t)]
    for _ in range(10):
        button(unit, "again", unit.language).click()
        descend(net, loss, x, t, lr)
        losses.append(loss(net.forward(x), t))
        assert stepper(unit).evaluate("e => e.walk.loss") == pytest.approx(losses[-1])
        assert losses[-1] < losses[-2]
        assert_plain(unit)
    # and what was done can be said in the names of the page, and found again
    stepper(unit).locator("input[type=number]").fill("0.5")
    state = stepper(unit).evaluate("e => e.walk.state")
    assert state == "update~again*10~w!0.5"
    before = stepper(unit).evaluate("e => e.walk.network")
    unit.page.evaluate("document.querySelector('backprop-stepper').goTo('z~w!9')")
    unit.page.evaluate("state => document.querySelector('backprop-stepper').goTo(state)", state)
    assert stepper(unit).evaluate("e => e.walk.network") == before
    assert before["layers"][0]["W"] == [[0.5]]


def test_the_unit_fits_a_phone(unit):
    for width in (360, 768):
        unit.page.set_viewport_size({"width": width, "height": 900})
        at_rest(unit.page)
        for at in range(9):
            unit.page.evaluate("at => document.querySelector('backprop-stepper').go(at)", at)
            assert unit.page.evaluate(OVERLAPS) == []
            assert unit.page.evaluate("document.documentElement.scrollWidth") <= width


# Rows and code


def test_in_a_sum_every_negative_term_has_brackets(browser, site):
    with Visit(browser, site, "hand/one-path/", reduced_motion="reduce") as visit:
        row = stepper(visit).locator(".bp-row").first
        names = row.locator(".bp-name").all_text_contents()
        values = row.locator(".bp-token > span:last-child").all_text_contents()
        assert dict(zip(names, values, strict=False))["b1_1"] == "(−0.7)"
        for row in stepper(visit).locator(".bp-row").all_text_contents():
            assert not re.search(r"[+·] −", row), row


def test_a_row_breaks_between_terms_and_not_inside_of_one(browser, site):
    with Visit(browser, site, "hand/one-path/", width=360, reduced_motion="reduce") as visit:
        steps = int(stepper(visit).locator(".bp-moves input").get_attribute("max"))
        for at in range(steps + 1):
            visit.page.evaluate("at => document.querySelector('backprop-stepper').go(at)", at)
            broken = visit.page.evaluate(
                "[...document.querySelectorAll('.bp-term')].filter((term) => new Set("
                "[...term.children].map((part) => part.getBoundingClientRect().bottom)).size > 1)"
                ".map((term) => term.textContent)"
            )
            assert broken == [], at
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
            wide = "e => e.scrollWidth > e.clientWidth + 1"
            assert not stepper(visit).locator(".bp-rows").evaluate(wide), at


def test_package_code_stands_only_beside_matrices(browser, site):
    for path in WITH_STEPPER:
        with Visit(browser, site, path) as visit:
            count = stepper(visit).locator(".bp-code").count()
            assert count == (1 if path == "hand/matrix-form/" else 0), path


# The nudge


@pytest.mark.parametrize("language", ["", "ko/"])
def test_the_nudge_shows_the_predicted_and_the_real_change(browser, site, language):
    net, loss, x, t, _ = network("network_221")
    before = loss(net.forward(x), t)
    net.backward(loss.gradient(net.forward(x), t))
    slope = net.layers[0].dW[0, 0]
    start = net.layers[0].W[0, 0]
    with Visit(browser, site, language + "hand/one-path/") as visit:
        nudge = visit.page.locator("backprop-nudge")
        slider = nudge.get_by_role("slider")
        slider.focus()
        for keys in (["Home"], ["End"], ["ArrowLeft"] * 9):
            for key in keys:
                visit.page.keyboard.press(key)
            change = float(slider.input_value())
            net.layers[0].W[0, 0] = start + change
            real = loss(net.forward(x), t) - before
            cells = {
                name: nudge.locator(f"[data-name={name}]")
                for name in ("change", "predicted", "real", "off")
            }
            found = {n: float(cell.get_attribute("data-value")) for n, cell in cells.items()}
            assert found["change"] == change
            assert found["predicted"] == pytest.approx(slope * change, rel=TOLERANCE)
            assert found["real"] == pytest.approx(real, abs=TOLERANCE)
            assert found["off"] == pytest.approx(real - slope * change, abs=TOLERANCE)
            decimals = 3 - math.floor(math.log10(abs(slope * change)))
            for name in ("predicted", "real", "off"):  # with as many decimals, to compare
                text = f"{found[name]:+.{decimals}f}".replace("-", "−")
                assert cells[name].text_content() == text
        slider.fill("0")
        assert nudge.locator("strong").all_text_contents() == ["0"] * 4
        assert visit.complaints == []


def test_all_of_the_stepper_is_small(site):
    """What its module imports, and its styles; other figures have files of their own beside it."""
    folder = site.folder / "assets/stepper"
    files = {"stepper.css"}
    found = {"stepper.js"}
    while found:
        name = found.pop()
        files.add(name)
        source = (folder / name).read_text(encoding="utf-8")
        found |= set(re.findall(r"""from\s*["']\./(\w+\.js)""", source)) - files
    assert "model.js" in files
    sizes = {name: len(gzip.compress((folder / name).read_bytes(), 9)) for name in files}
    assert sum(sizes.values()) <= 15_400, sizes


def test_the_stepper_is_loaded_only_where_it_is_used(browser, site):
    for path, loaded in (("reference/glossary/", False), ("hand/matrix-form/", True)):
        with Visit(browser, site, path) as visit:
            asked = visit.page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
            assert any("/stepper/" in url for url in asked) == loaded
