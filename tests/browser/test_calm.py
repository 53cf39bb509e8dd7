"""Nothing moves while a page arrives: formulas, fonts, tools and figures keep their place."""

import pytest
from visits import Visit

pytestmark = pytest.mark.browser

# Every shift that the reader did not cause, as browsers report them to Lighthouse
NOTE_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    const what = sources.map(({ node }) => node?.nodeName + "." + (node?.className ?? ""));
    window.shifts.push([value, what.join(" ")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def arrived(browser, site, path, width):
    """The sum of all shifts of a page that has come to rest, and what shifted."""
    with Visit(browser, site, "404.html", width=width) as visit:
        visit.page.add_init_script(NOTE_SHIFTS)
        visit.page.goto(site.url + path)
        visit.settle()
        visit.page.wait_for_load_state("networkidle")
        # Two frames after the last change: by then a shift has been reported.
        visit.page.evaluate(
            "() => new Promise(r => requestAnimationFrame(() => setTimeout(r, 50)))"
        )
        shifts = visit.page.evaluate("window.shifts")
        assert visit.complaints == []
    return sum(value for value, _ in shifts), shifts


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "path",
    [
        "",
        "hand/every-element/",
        "hand/every-element/#one-set-of-numbers",  # the stepper is in sight
        "hand/every-element/#check",  # code with its tools
        "ko/hand/matrix-form/",
        "equations/error/#demon",
        "practice/digits/",
    ],
)
def test_nothing_shifts_while_a_page_arrives(browser, site, path, width):
    moved, shifts = arrived(browser, site, path, width)
    assert moved <= 0.01, shifts


def test_a_shift_is_noticed(browser, site):
    with Visit(browser, site, "404.html") as visit:
        visit.page.add_init_script(NOTE_SHIFTS)
        visit.page.goto(site.url + "reference/glossary/")
        visit.settle()
        visit.page.evaluate(
            "() => new Promise(r => { document.querySelector('article').prepend(Object.assign("
            "document.createElement('p'), {style: 'height: 300px'})); setTimeout(r, 200); })"
        )
        assert sum(value for value, _ in visit.page.evaluate("window.shifts")) > 0.01
