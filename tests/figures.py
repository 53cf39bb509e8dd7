"""What tests of the figures that move (demon, slope, landscape) share."""

import pytest
from questions import DESK, PHONE, WORDS_FOR
from visits import AXE, Visit

WIDTHS = (PHONE, DESK)


def arriving(page, kind, **options):
    """A fixture, to be called `arrived`: one window for all tests of a language, its folder, and
    how the figure came into its page."""

    @pytest.fixture(scope="module", params=["", "ko/"])
    def arrived(request, browser, site):
        with Visit(browser, site, "404.html", **options) as visit:
            yield visit, request.param, arrive(visit, request.param + page, kind)

    return arrived


english = pytest.mark.parametrize("arrived", [""], indirect=True)


def alone(visit, kind):
    """Put a new figure of its kind alone into the article: what stands around it takes its time at
    every click, and what an earlier test did with the old one is gone."""
    visit.page.evaluate(
        """(kind) => {
          const old = document.querySelector(kind), fresh = document.createElement(kind);
          for (const { name, value } of old.attributes) {
            if (name !== "class") fresh.setAttribute(name, value);
          }
          document.querySelector("article").replaceChildren(fresh);
        }""",
        kind,
    )
    visit.page.wait_for_selector(f"{kind}.bp-ready")
    visit.be_wide(DESK)
    return visit.page.locator(kind)


def arrive(visit, path, kind):
    """Open a page on which the figure's script comes late, in windows of both widths. Returns how
    high the figure is before it comes and afterwards, and how wide the page is then."""
    script = f"**/stepper/{kind.removeprefix('backprop-')}.js"
    waiting = []
    visit.page.route(script, lambda route: waiting.append(route))
    visit.page.goto(visit.site.url + path)
    visit.page.wait_for_function("document.documentElement.dataset.ready === 'page'")
    figure = visit.page.locator(kind)

    def heights():
        found = {}
        for width in WIDTHS:
            visit.be_wide(width)
            figure.scroll_into_view_if_needed()
            found[width] = figure.bounding_box()["height"]
            wide[width] = visit.page.evaluate("document.documentElement.scrollWidth")
        return found

    wide: dict[int, int] = {}
    before = heights()
    assert len(waiting) == 1, "its script is still on its way"
    waiting[0].continue_()
    visit.settle()
    visit.page.unroute(script)  # not before: a request on its way just then can be lost
    return before, heights(), wide


def axe_of(visit, kind, korean=False):
    """What axe finds in a figure, in both schemes and windows of both widths; in Korean, of words,
    as questions.axe does."""
    only = f", {{runOnly: {WORDS_FOR}}}" if korean else ""
    if not visit.page.evaluate("'axe' in window"):
        visit.page.evaluate(AXE)

    def asked(scheme):
        for width in WIDTHS:
            visit.be_wide(width)
            result = visit.page.evaluate(f"axe.run('{kind}'{only})")
            for v in result["violations"]:
                yield scheme, width, v["id"], v["nodes"][0]["html"]

    found = list(asked("light"))
    if not korean:
        with visit.in_the_dark() as dark:
            assert dark
            found += asked("dark")
    return found
