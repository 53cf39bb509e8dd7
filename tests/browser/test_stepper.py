"""The stepper and the nudge in a browser: walked through by keyboard, turned, linked to, and at
every step compared with the package."""

import gzip
import json
import math
import re

import course
import numpy as np
import pytest
from hooks.steppers import steppers
from hooks.steppers.formulas import PLAIN_NAMES
from networks import two_relu_layers
from questions import WORDS_FOR, axe, contrast
from visits import Visit

import backprop as bp

pytestmark = pytest.mark.browser

WITH_STEPPER = {"hand/one-path/": "network_221", "hand/every-element/": "network_222",
                "hand/matrix-form/": "network_222"}  # fmt: skip
BOTH = [language + path for language in ("", "ko/") for path in WITH_STEPPER]
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


def korean(path):
    return path.startswith("ko/")


def figures(site, path):
    """A page's stepper, and its nudge, as the build wrote them."""
    found = re.findall(
        r"<backprop-(stepper|nudge)(.*?</)", site.read(f"{path}index.html"), re.DOTALL
    )
    return "".join(f"<backprop-{kind}{rest}backprop-{kind}>" for kind, rest in found)


def text(site, path):
    """All of a page's text, its formulas as screen readers get them: thousands of elements less."""
    html = re.search(r"<article.*?>(.*)</article>", site.read(f"{path}index.html"), re.DOTALL)[1]
    return re.sub(r"<mjx-math.*?</mjx-math>", "", html, flags=re.DOTALL)


def place(visit, path, html=None, *, state="", width=1280, motion="reduce"):
    """As if a page had just been opened in this window, in whose article is nothing but this; if
    not said otherwise, the page's stepper and its nudge."""
    visit.path = path
    visit.page.emulate_media(reduced_motion=motion)
    visit.be_wide(width)
    visit.page.evaluate(
        """([address, html]) => {
          const article = document.querySelector("article");
          article.replaceChildren();
          history.replaceState(null, "", address);
          scrollTo(0, 0);
          article.innerHTML = html;
        }""",
        [visit.site.url + path + state, html or figures(visit.site, path)],
    )
    visit.page.wait_for_function(
        "!document.querySelector('article :is(backprop-stepper, backprop-nudge):not(.bp-ready)')"
    )
    return visit


@pytest.fixture(scope="module")
def windows(browser, site):
    """A window of each language for all tests that need no page around the stepper. The page first
    opened in it has loaded the modules of both figures."""
    with (
        Visit(browser, site, "hand/one-path/") as english,
        Visit(browser, site, "ko/hand/one-path/") as its_twin,
    ):
        yield english, its_twin


@pytest.fixture
def put(windows):
    """place(), in the window of the page's language."""
    for visit in windows:
        visit.complaints.clear()
    yield lambda path, *its, **options: place(windows[korean(path)], path, *its, **options)
    assert [visit.complaints for visit in windows] == [[], []]


@pytest.fixture
def visit(put):
    return put("hand/matrix-form/")


def stepper(visit, number=0):
    return visit.page.locator("backprop-stepper").nth(number)


def words(visit):
    return WORDS["ko/" if korean(visit.path) else ""]


def button(visit, name, number=0):
    return stepper(visit, number).get_by_role("button", name=words(visit)[name], exact=True)


def press(visit, name, times=1):
    """As a click, without the waiting of a hand; by hand: the tests with click()."""
    for _ in range(times):
        button(visit, name).evaluate("button => button.click()")


def go_to(visit, state):
    stepper(visit).evaluate("(stepper, state) => stepper.goTo(state)", state)


def go_through(visit):
    """Each step in turn, by its place."""
    for at in range(1 + int(stepper(visit).locator(".bp-moves input").get_attribute("max"))):
        stepper(visit).evaluate("(stepper, at) => stepper.go(at)", at)
        yield at


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


@pytest.mark.parametrize("path", [*WITH_STEPPER, "ko/hand/one-path/"])  # Korean: for the words
def test_by_keyboard_from_the_first_step_to_the_last_with_the_numbers_of_the_package(put, path):
    visit = put(path, motion="no-preference")
    assert button(visit, "back").is_disabled()
    stepper(visit).locator(".bp-picture").click(position={"x": 3, "y": 3})
    tab_to(visit, button(visit, "next"))
    right = expected(*network(WITH_STEPPER[path.removeprefix("ko/")]))
    for number, step in enumerate(right):
        if number:
            visit.page.keyboard.press("Enter")
        assert_step(shown_step(visit), step)
        assert stepper(visit).get_attribute("data-step") == step[0]
        said = stepper(visit).locator(".bp-live").text_content()
        assert not number or re.search(rf"\b{number + 1}(?=\D)", said), said
    assert button(visit, "next").is_disabled()
    focused = visit.page.evaluate("document.activeElement.textContent")
    assert focused == words(visit)["back"], "the focus must not be lost"
    visit.page.keyboard.press("Enter")
    assert shown_step(visit)[0] == right[-2][0]


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
    where = tuple(int(digit) - 1 for digit in index)
    where = where if len(where) == 2 else (0, *where)
    assert abs(value - array[where]) > 0.05
    array[where] = value
    right = expected(net, loss, x, t, lr)
    for number, step in enumerate(right):
        if number:
            press(visit, "next")
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
    # What is too large stays to be mended, and the browser says why; what is none is put back.
    assert "1000000" in box.evaluate("e => e.validationMessage").replace(",", "")
    box.press("Tab")
    assert box.input_value() == "1e30"
    box.fill("")
    box.press("Tab")
    assert box.input_value() == "0.123456789"


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
    go_to(visit, step)
    stepper(visit).locator(".bp-picture").click(position={"x": 3, "y": 3})
    tab_to(visit, stepper(visit).get_by_role("link", name=WORDS[""]["link"]), limit=80)


def test_enter_in_a_chain_follows_the_factor_and_escape_leads_back(visit):
    go_to(visit, "dW1")
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
    go_to(visit, "dW1:dW1_11")
    stepper(visit).get_by_role("combobox").first.select_option(label="W2_11")
    stepper(visit).locator("input[type=number]").fill("2")
    factors = stepper(visit).locator(".bp-chain [data-name='W2_11']")
    assert factors.get_attribute("data-value") == "2"


def test_from_a_link_in_the_text_the_reader_gets_back_to_it(put, site):
    visit = put("hand/matrix-form/", text(site, "hand/matrix-form/"))
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
    go_to(visit, "da1")
    step = {step.name: step.value for step in bp.trace(*network("network_222")[:4])}
    W2 = network("network_222")[0].layers[2].W
    parts = step["delta2"][0] * W2[0]
    text = stepper(visit).locator(".bp-row").first.text_content().replace("−", "-")
    first, second, total = (f"{float(f'{value:.4g}')}" for value in (*parts, step["da1"][0, 0]))
    assert f"({first}) + {second} = {total}" in text


@pytest.mark.parametrize("name", ["dW1_11", "db1_2", "dW2_21", "dx_1", "da1_2", "delta1_1"])
def test_a_number_opens_its_chain_of_factors(visit, name):
    """The products of all paths add up to it, and its path is lit in the picture."""
    go_to(visit, f"{name.split('_')[0]}:{name}")
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
    where = [int(digit) - 1 for digit in index]
    right = value[tuple(where)] if np.ndim(value) == len(where) else value[0, where[0]]
    assert total == pytest.approx(right, rel=2e-3, abs=1e-5), "from numbers of four digits"
    lit = stepper(visit).locator(".bp-arrow.bp-onpath").count()
    assert lit == {"dW1_11": 5, "db1_2": 4, "dW2_21": 2, "dx_1": 8, "da1_2": 4, "delta1_1": 4}[name]


@pytest.mark.parametrize(
    ("name", "arrows", "boxes"),
    [("z1_2", 2, 1), ("a2_1", 0, 1), ("W2_12", 1, 0), ("x_1", 0, 1), ("b1_1", 0, 1), ("E", 0, 1)],
)
def test_a_number_of_the_way_forward_is_lit_where_it_stands(visit, name, arrows, boxes):
    step = {"z": "z1", "a": "y", "E": "C"}.get(name[0], "update")
    go_to(visit, f"{step}:{name}")
    assert stepper(visit).locator(".bp-chain").is_visible()
    assert stepper(visit).locator(".bp-arrow.bp-onpath").count() == arrows
    assert stepper(visit).locator(".bp-box.bp-onpath").count() == boxes


def test_numbers_are_reached_by_arrow_keys_and_let_go_by_escape(visit):
    go_to(visit, "dW1")
    stepper(visit).locator("svg .bp-number[tabindex='0']").first.focus()
    seen = set()
    for _ in range(12):
        visit.page.keyboard.press("ArrowRight")
        seen.add(visit.page.evaluate("document.activeElement.dataset.name"))
        assert stepper(visit).locator(".bp-chain").is_visible()
    assert len(seen) == 12
    visit.page.keyboard.press("Escape")
    assert stepper(visit).locator(".bp-chain").is_hidden()


@pytest.mark.parametrize("path", BOTH)
def test_links_in_the_text_move_the_stepper_and_mark_the_equation(put, site, path):
    visit = put(path, text(site, path))
    links = visit.page.locator("a.bp-step-link")
    assert links.count() >= 2
    for i in range(links.count()):
        state = links.nth(i).get_attribute("href").partition("~")[2]
        links.nth(i).press("Enter")
        step, _, focus = state.partition(":")
        assert stepper(visit).get_attribute("data-step") == step
        number = re.search(r"\d+", links.nth(i).text_content() if not focus else "")
        if number:
            assert stepper(visit).locator(".bp-count").text_content().startswith(f"{number[0]} /")
        marked = visit.page.locator(".arithmatex.bp-now").evaluate_all(
            "all => all.map(e => e.dataset.steps)"
        )
        assert all(step in steps.split() for steps in marked)
        about = visit.page.locator(f".arithmatex[data-steps~='{step}']").count()
        assert len(marked) == about
    assert "?stepper" not in visit.page.url


def test_the_link_to_a_state_restores_exactly_that_state(browser, site, visit):
    box = stepper(visit).locator("input[type=number]")
    box.fill("0.7")
    stepper(visit).get_by_role("combobox").first.select_option(label="x_2")
    box.fill("-1.25")
    press(visit, "next", 14)
    press(visit, "again", 3)
    press(visit, "back", 3)
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
def test_a_state_that_makes_no_sense_does_no_harm(put, state):
    visit = put("hand/matrix-form/", state=f"?stepper=network_222~{state}")
    right = dict(expected(*network("network_222")))
    name, value = shown_step(visit)
    np.testing.assert_allclose(value, right[name], rtol=TOLERANCE)


def test_the_home_page_plays_once_when_seen_and_then_only_when_asked(browser, site):
    with Visit(browser, site, "", clock=True) as visit:
        element = stepper(visit)
        assert element.get_attribute("data-step") == "z1"
        assert button(visit, "next").is_hidden()
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
        button(visit, "walk").click()
        assert element.get_attribute("data-step") == "z1"
        visit.page.clock.run_for(2500)
        assert element.get_attribute("data-step") == "z1", "it plays on"
        button(visit, "play").click()
        assert button(visit, "pause").count() == 1
        visit.page.clock.run_for(2500)
        step = element.get_attribute("data-step")
        assert step != "z1"
        button(visit, "pause").click()
        step = element.get_attribute("data-step")
        visit.page.clock.run_for(2500)
        assert element.get_attribute("data-step") == step
        assert visit.complaints == []


@pytest.mark.parametrize("path", ["", "ko/"])
def test_where_motion_is_unwanted_the_home_page_shows_the_end_and_invites_to_step(put, path):
    visit = put(path)
    visit.page.wait_for_function(
        "document.querySelector('backprop-stepper').dataset.step === 'update'"
    )
    assert button(visit, "next").is_hidden()
    button(visit, "walk").click()
    assert button(visit, "next").is_visible()
    assert stepper(visit).get_attribute("data-step") == "z1"
    assert visit.page.evaluate("document.activeElement.textContent") == words(visit)["next"]


def test_deltas_travel_back_over_their_arrows_unless_motion_is_unwanted(put):
    for motion, count in (("no-preference", 4), ("reduce", 0)):
        visit = put("hand/matrix-form/", motion=motion)
        go_to(visit, "da1")
        running = visit.page.evaluate(
            "document.getAnimations().filter(a => a.effect.target.localName === 'circle').length"
        )
        assert running == count


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
def test_no_labels_collide_at_any_step(put, path, width):
    visit = put(path, width=width)
    for at in go_through(visit):
        assert visit.page.evaluate(OVERLAPS) == [], at
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["hand/one-path/", "ko/hand/every-element/"])
def test_a_page_with_a_stepper_is_not_wider_than_its_window(browser, site, path):
    with Visit(browser, site, path, reduced_motion="reduce") as visit:
        for width in (768, 1440):  # on a phone: its_width of every page
            visit.be_wide(width)
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
def test_every_arrow_has_a_head_at_the_unit_it_leads_to(put, path, width):
    visit = put(path, width=width)
    for step in ("z1", "dW1", "update") if "zero" not in path else ("z", "dw", "update"):
        go_to(visit, step)
        found = visit.page.evaluate(ARROWS)
        for arrow in found["arrows"]:
            assert arrow["head"] and arrow["seen"] and not arrow["shaft"], arrow
            assert 0 <= arrow["from"] < arrow["to"], arrow  # boxes are listed by their layers
        numbers = 1 if "zero" in path else 6 if "one" in path else 8
        assert found["cut"] == [1] * numbers, "a number stands on its arrow, and on no other"


def assert_axe_finds_nothing(visit, *questions):
    for state in ("z1", "C", "delta2", "dW1:dW1_11", "db1", "update:W1_11"):
        go_to(visit, state)
        for question in questions:
            assert question(visit) == [], state


def of_figures(options):
    return lambda visit: axe(visit, options, of="'backprop-stepper, backprop-nudge'")


@pytest.mark.parametrize("path", ["hand/one-path/", "hand/matrix-form/"])
def test_axe_finds_no_violation_at_any_step_with_a_chain_open(put, path):
    but_of_colours = of_figures("rules: {'color-contrast': {enabled: false}}")
    assert_axe_finds_nothing(put(path), but_of_colours, lambda visit: contrast(visit, "light"))


@pytest.mark.parametrize("path", ["ko/hand/one-path/", "ko/hand/matrix-form/"])
def test_axe_finds_no_violation_of_korean_words(put, path):
    assert_axe_finds_nothing(put(path), of_figures(f"runOnly: {WORDS_FOR}"))


def test_axe_finds_nothing_too_pale_in_the_dark(browser, site):
    with Visit(browser, site, "hand/one-path/", scheme="dark") as visit:
        assert visit.page.evaluate("document.body.dataset.mdColorScheme") == "slate"
        for path in ("hand/one-path/", "hand/matrix-form/"):
            assert_axe_finds_nothing(place(visit, path), lambda visit: contrast(visit, "dark"))


def test_it_is_there_after_instant_navigation_and_for_each_language(browser, site):
    with Visit(browser, site) as visit:
        for link, path in (
            ("a[href$='one-path/']", "hand/one-path/"),
            ("a[href$='matrix-form/']", "hand/matrix-form/"),  # from a page that has one
            ("a.bp-language", "ko/hand/matrix-form/"),
        ):
            visit.page.locator(link).first.click()
            visit.page.wait_for_url(site.url + path)
            visit.path = path
            visit.page.wait_for_selector("backprop-stepper.bp-ready")
            button(visit, "next").click()
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


@pytest.fixture
def two_steppers(windows, put, site):
    """A page with two steppers of which one shows a larger network, which no page has."""
    data = steppers.as_json(**two_relu_layers(), language="en")
    one = figures(site, "hand/matrix-form/")
    windows[0].page.route("**/another.json", lambda route: route.fulfill(body=data))
    yield put("hand/matrix-form/", one.replace("network_222", "another", 1) + one, width=1440)
    windows[0].page.unroute("**/another.json")


def test_two_relu_layers_and_a_batch_of_two_beside_another_stepper(two_steppers):
    its = two_relu_layers()
    right = expected(*its.values())
    for number, step in enumerate(right):
        if number:
            press(two_steppers, "next")
        assert_step(shown_step(two_steppers), step)
        assert two_steppers.page.evaluate(OVERLAPS) == []
        for row in stepper(two_steppers).locator(".bp-row").all_text_contents():
            assert row.count("(") == row.count(")"), row
    assert shown_step(two_steppers, 1)[0] == "z1", "the other one stays where it is"
    button(two_steppers, "next", number=1).click()
    assert shown_step(two_steppers, 1)[0] == "a1"


def test_the_rows_say_how_softmax_and_its_loss_came_about(two_steppers):
    def rows(step):
        two_steppers.page.evaluate(
            "step => document.querySelector('backprop-stepper').goTo(step)", step
        )
        for name in stepper(two_steppers).locator(".bp-row .bp-name").all():
            name.evaluate("name => name.textContent = ' '")
        return stepper(two_steppers).locator(".bp-row").all_text_contents()

    its = two_relu_layers()
    logits = its["net"].forward(its["x"])
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    loss, *powers = rows("C")
    assert re.fullmatch(r"C = \(−log +\S+\) / 2 \+ \(−log +\S+\) / 2 = \S+", loss)
    found = [re.fullmatch(r"p_\d\d = exp\(.*\) / \(exp\(.*\)\) = (\S+)", row)[1] for row in powers]
    np.testing.assert_allclose([float(each) for each in found], p.ravel(), rtol=1e-3)
    for row, right in zip(rows("dy"), its["t"].ravel().repeat(p.shape[1]), strict=True):
        minus = " − 1" if row.startswith("dy_") and int(row[4]) - 1 == right else ""
        assert re.fullmatch(rf"dy_\d\d = \( \S+{minus}\) / 2 = \S+", row), row


def test_each_sample_of_a_batch_can_be_looked_at(two_steppers):
    shown = stepper(two_steppers).locator("svg [data-name='z1_21']")
    assert shown.count() == 0
    stepper(two_steppers).get_by_role("combobox", name="Sample").select_option("1")
    assert shown.count() == 1


@pytest.mark.parametrize("width", [360, 768])
def test_a_larger_network_fits_a_phone(two_steppers, width):
    two_steppers.be_wide(width)
    assert two_steppers.page.evaluate(OVERLAPS) == []
    assert two_steppers.page.evaluate("document.documentElement.scrollWidth") <= width


# One unit in plain letters


PLAIN = {name: letter for name, (letter, _) in PLAIN_NAMES.items()}


@pytest.fixture(params=["", "ko/"])
def unit(request, put):
    """A page with the stepper of the single unit."""
    element = '<backprop-stepper network="unit"></backprop-stepper>'
    return put(f"{request.param}hand/one-path/", element, width=1440)


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
            press(unit, "next")
        plain = PLAIN.get(name, name)
        assert_step(shown_step(unit), (plain, value))
        assert stepper(unit).get_attribute("data-step") == plain
        assert list(numbers_of_step(unit)) == (["w", "b"] if name == "update" else [plain])
        assert stepper(unit).locator(".bp-formula mjx-container").count() == 1
        assert_plain(unit)
        assert unit.page.evaluate(OVERLAPS) == []


def test_a_number_of_the_unit_opens_its_chain_in_plain_letters(unit):
    for letter in PLAIN.values():
        go_to(unit, f"update:{letter}")
        chain = stepper(unit).locator(".bp-chain")
        title = chain.locator(".bp-title").text_content()
        assert title.startswith(f"{letter.replace('delta', 'δ')} = ")
        assert_plain(unit)
        if letter == "dw":
            assert chain.locator(".bp-name").all_text_contents() == ["da", "σ′(z)", "x"]


def test_ten_times_again_the_loss_of_the_unit_has_fallen_ten_times(unit):
    net, loss, x, t, lr = network("unit")
    go_to(unit, "update")
    losses = [loss(net.forward(x), t)]
    for _ in range(10):
        press(unit, "again")
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
    go_to(unit, "z~w!9")
    go_to(unit, state)
    assert stepper(unit).evaluate("e => e.walk.network") == before
    assert before["layers"][0]["W"] == [[0.5]]


def test_the_unit_fits_a_phone(unit):
    for width in (360, 768):
        unit.be_wide(width)
        for at in go_through(unit):
            assert unit.page.evaluate(OVERLAPS) == [], at
            assert unit.page.evaluate("document.documentElement.scrollWidth") <= width


# Rows and code


def test_in_a_sum_every_negative_term_has_brackets(put):
    visit = put("hand/one-path/")
    row = stepper(visit).locator(".bp-row").first
    names = row.locator(".bp-name").all_text_contents()
    values = row.locator(".bp-token > span:last-child").all_text_contents()
    assert dict(zip(names, values, strict=False))["b1_1"] == "(−0.7)"
    for row in stepper(visit).locator(".bp-row").all_text_contents():
        assert not re.search(r"[+·] −", row), row


def test_a_row_breaks_between_terms_and_not_inside_of_one(put):
    visit = put("hand/one-path/", width=360)
    for at in go_through(visit):
        broken = visit.page.evaluate(
            "[...document.querySelectorAll('.bp-term')].filter((term) => new Set("
            "[...term.children].map((part) => part.getBoundingClientRect().bottom)).size > 1)"
            ".map((term) => term.textContent)"
        )
        assert broken == [], at
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
        wide = "e => e.scrollWidth > e.clientWidth + 1"
        assert not stepper(visit).locator(".bp-rows").evaluate(wide), at


def test_package_code_stands_only_beside_matrices(put):
    for path in WITH_STEPPER:
        count = stepper(put(path)).locator(".bp-code").count()
        assert count == (1 if path == "hand/matrix-form/" else 0), path


# The nudge


@pytest.mark.parametrize("language", ["", "ko/"])
def test_the_nudge_shows_the_predicted_and_the_real_change(put, language):
    net, loss, x, t, _ = network("network_221")
    before = loss(net.forward(x), t)
    net.backward(loss.gradient(net.forward(x), t))
    slope = net.layers[0].dW[0, 0]
    start = net.layers[0].W[0, 0]
    visit = put(language + "hand/one-path/")
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


def test_the_stepper_is_loaded_only_where_it_is_used(browser, site, visit):
    assert any("/stepper/" in url for url in visit.asked)
    with Visit(browser, site, "reference/licences/") as elsewhere:
        assert not [url for url in elsewhere.asked if "/stepper/" in url]
