"""The landscape in a browser: its walks are those of the package, the start moves by mouse, touch
and keys, and what goes wrong is said in words."""

import course
import numpy as np
import pytest
from visits import AXE, Visit, at_rest

import backprop as bp

pytestmark = pytest.mark.browser

PATH = "zero/learning/"
START, COUNT = (1.0, -2.0), 20
# One step in another order of a few products: some units in the last of 16 digits.
TOLERANCE = 1e-12


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(course.ROOT)


def place(w1, w2, lr):
    """Loss and slopes at two weights, and the next two weights, by the package; None where it
    says that numbers overflow."""
    first, second = bp.Dense([[w1]]), bp.Dense([[w2]])
    net = bp.Network([first, bp.Sigmoid(), second])
    try:
        y = net.forward([[2.0]])
        loss = bp.squared_error(y, [[1.0]])
        net.backward(bp.squared_error.gradient(y, [[1.0]]))
        slopes = first.dW.item(), second.dW.item()
        bp.SGD(net, lr=lr).step()
    except ValueError as refused:
        assert "finite" in str(refused) or "overflow" in str(refused)
        return None
    return loss, slopes, (first.W.item(), second.W.item())


def test_every_step_of_a_walk_is_the_packages(browser, site):
    """Step by step: with large rates a walk is chaotic, and any two programs part in the end."""
    rng = np.random.default_rng(0)
    starts = [START] * 3 + rng.uniform((-7, -3), (3, 5), (40, 2)).tolist()
    rates = [0.05, 0.5, 2.5, *(10 ** rng.uniform(np.log10(0.02), np.log10(4), 40)).tolist()]
    starts += [[0, 1e200], [1, 1e150], [-400.0, 3.0], [1e308, -1e154]]
    rates += [0.5, 4, 2.5, 4]
    with Visit(browser, site, PATH) as visit:
        walks = visit.page.evaluate(
            """async ([starts, rates, count]) => {
              const { descend, withWeights } = await import("../../assets/stepper/descent.js");
              const { network } = document.querySelector("backprop-landscape").data;
              const walk = (start, i) => descend(withWeights(network, start), rates[i], count);
              return starts.map(walk);
            }""",
            [starts, rates, COUNT],
        )
    short = 0
    for start, lr, walk in zip(starts, rates, walks, strict=True):
        following = tuple(start)
        for found in walk:
            np.testing.assert_allclose(found["weights"], following, rtol=TOLERANCE, atol=1e-300)
            right = place(*found["weights"], lr)
            assert right is not None or found is walk[-1]
            if right is not None:
                loss, slopes, following = right
                scale = max(1, *np.abs(found["weights"]))  # y - t: a small difference of large
                np.testing.assert_allclose(found["loss"], loss, rtol=TOLERANCE, atol=1e-15 * scale)
                np.testing.assert_allclose(
                    found["slopes"], slopes, rtol=TOLERANCE, atol=1e-15 * scale
                )
        if len(walk) <= COUNT:
            short += 1
            assert place(*following, lr) is None
    assert short >= 2


def landscape(visit):
    return visit.page.locator("backprop-landscape")


def shown(visit):
    """The numbers that are shown, as other tools can read them."""
    found = landscape(visit).locator("strong[data-name]")
    pairs = found.evaluate_all("all => all.map(e => [e.dataset.name, e.dataset.value])")
    return {name: float(value) if value else None for name, value in pairs}


def start_of(visit):
    inputs = landscape(visit).locator("input[type=number]")
    return tuple(inputs.evaluate_all("all => all.map(e => e.valueAsNumber)"))


def assert_walked(visit, start, lr, steps):
    """What is shown is where the package is after so many steps."""
    here = start
    for _ in range(steps):
        *_, here = place(*here, lr)
    loss, slopes, _ = place(*here, lr)
    right = dict(zip(("w1", "w2", "E", "dw1", "dw2"), (*here, loss, *slopes), strict=True))
    found = shown(visit)
    for name, value in right.items():
        assert found[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name


def test_the_reader_moves_rate_start_and_steps(browser, site):
    with Visit(browser, site, PATH, reduced_motion="reduce") as visit:
        its, keys = landscape(visit), visit.page.keyboard
        says = its.get_by_role("status")
        handle = its.get_by_role("slider", name="Start of the walk")

        def press(name):
            its.get_by_role("button", name=name, exact=True).click()

        # The three rates
        assert_walked(visit, START, 0.5, COUNT)
        assert "reached the floor" in says.text_content()
        press("too small")
        assert_walked(visit, START, 0.05, COUNT)
        press("too large")
        assert_walked(visit, START, 2.5, COUNT)
        assert "stuck" in says.text_content()

        # Step by step; with reduced motion Play goes to the end at once
        press("Reset")
        assert_walked(visit, START, 2.5, 0)
        press("Step")
        press("Step")
        assert_walked(visit, START, 2.5, 2)
        press("Play")
        assert_walked(visit, START, 2.5, COUNT)
        its.get_by_role("slider", name="Steps taken").fill("4")
        assert_walked(visit, START, 2.5, 4)
        assert "grown" in says.text_content()

        # The rate's slider is logarithmic
        press("right")
        rate = its.get_by_role("slider", name="Learning rate")
        rate.focus()
        keys.press("End")
        assert_walked(visit, START, 4, 4)
        keys.press("Home")
        assert_walked(visit, START, 0.02, 4)

        # The start by keys, by mouse, by a click, and by its two numbers
        handle.focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowLeft"):
            keys.press(key)
        assert start_of(visit) == (0.2, -1.9)
        assert_walked(visit, (0.2, -1.9), 0.02, 4)
        assert handle.get_attribute("aria-valuetext") == "w1 = 0.2, w2 = −1.9"
        dot = handle.bounding_box()
        x, y = dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2
        visit.page.mouse.move(x, y)
        visit.page.mouse.down()
        visit.page.mouse.move(x - 30, y - 50, steps=4)
        visit.page.mouse.up()
        w1, w2 = start_of(visit)
        assert w1 < 0 and w2 > -1
        assert (0.2 - w1) / (w2 + 1.9) == pytest.approx(30 / 50, rel=0.02)  # one scale both ways
        assert_walked(visit, (w1, w2), 0.02, 4)
        visit.page.mouse.click(x, y)
        assert start_of(visit) == pytest.approx((0.2, -1.9), abs=0.06)  # a pixel or so
        w1, w2 = its.locator("input[type=number]").all()
        for box, number in ((w1, "-1"), (w2, "3.5")):
            box.fill(number)
            box.press("Enter")
        assert_walked(visit, (-1, 3.5), 0.02, 4)

        # What leaves the map or overflows is said; nothing is NaN
        w1.fill("8")
        w1.press("Enter")
        assert "The start is off the map." in says.text_content()
        press("Reset")
        rate.focus()
        keys.press("End")
        press("Play")
        assert "Step 1 left the map" in says.text_content()
        w2.fill("1e200")
        w2.press("Enter")
        assert "too large to compute with" in says.text_content()
        assert shown(visit)["E"] is None
        for box, number in ((w1, "400"), (w2, "1e153")):
            box.fill(number)
            box.press("Enter")
        assert "At step 3 the numbers become too large to compute with" in says.text_content()
        assert shown(visit)["E"] > 1e306
        assert "NaN" not in its.inner_html() and "Infinity" not in its.inner_html()

        # In the other language
        visit.page.locator("a.bp-language").first.click()
        visit.page.wait_for_url("**/ko/zero/learning/")
        visit.page.wait_for_selector("backprop-landscape.bp-ready")
        press("너무 크게")
        assert_walked(visit, START, 2.5, COUNT)
        assert "더 나아가지 못합니다" in says.text_content()
        assert visit.complaints == []


def test_by_touch_on_a_phone(browser, site):
    with Visit(browser, site, PATH, width=360, has_touch=True, reduced_motion="reduce") as visit:
        page, its = visit.page, landscape(visit)
        # It came into the room that was kept for it.
        moved = page.evaluate(
            """() => new Promise((done) => {
              let sum = 0;
              const add = (list) => list.getEntries().forEach(({ value }) => (sum += value));
              new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
              setTimeout(() => done(sum));
            })"""
        )
        assert moved <= 0.01
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        its.scroll_into_view_if_needed()
        at_rest(page)
        small = its.evaluate(
            """e => [...e.querySelectorAll("button, input, .bp-handle")]
              .map(each => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
              .filter(([, { width, height }]) => Math.min(width, height) < 24)"""
        )
        assert small == []
        frame = its.locator(".bp-frame").bounding_box()
        page.touchscreen.tap(frame["x"] + 0.3 * frame["width"], frame["y"] + frame["height"] / 4)
        assert start_of(visit) == pytest.approx((-4, 3), abs=0.05)
        assert_walked(visit, start_of(visit), 0.5, COUNT)
        assert visit.complaints == []


def test_play_takes_step_after_step(browser, site):
    with Visit(browser, site, PATH, clock=True) as visit:
        its = landscape(visit)
        its.get_by_role("button", name="Reset", exact=True).click()
        visit.page.clock.pause_at(visit.page.evaluate("Date.now()") / 1000 + 1)
        its.get_by_role("button", name="Play", exact=True).click()
        visit.page.clock.run_for(3 * 450)
        assert_walked(visit, START, 0.5, 3)
        its.get_by_role("button", name="Pause", exact=True).click()
        visit.page.clock.run_for(5 * 450)
        assert_walked(visit, START, 0.5, 3)
        its.get_by_role("button", name="Play", exact=True).click()
        visit.page.clock.run_for(30 * 450)
        assert_walked(visit, START, 0.5, COUNT)
        assert its.get_by_role("button", name="Play", exact=True).is_visible()


@pytest.mark.parametrize(("path", "scheme"), [(PATH, "light"), (f"ko/{PATH}", "dark")])
def test_axe_finds_no_violation(browser, site, path, scheme):
    with Visit(browser, site, path, scheme=scheme) as visit:
        visit.page.evaluate(AXE)
        result = visit.page.evaluate("axe.run('backprop-landscape')")
        assert [(v["id"], v["nodes"][0]["html"]) for v in result["violations"]] == []


def test_without_javascript_the_figure_stands_there(browser, site):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url + PATH)
        image = page.locator("backprop-landscape img").first
        image.scroll_into_view_if_needed()
        assert image.is_visible() and "landscape" in image.get_attribute("src")
        box = image.bounding_box()
        assert box["height"] > 1.8 * box["width"]  # three maps, as they were drawn
