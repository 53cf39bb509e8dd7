"""What tests of the figures that move (demon, slope, landscape) share."""

from questions import DESK, PHONE, WORDS_FOR
from visits import AXE

WIDTHS = (PHONE, DESK)


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
    visit.page.unroute(script)
    visit.settle()
    return before, heights(), wide


def axe_of(visit, kind, korean=False):
    """What axe finds in a figure, in both schemes and windows of both widths; in Korean, of words,
    as questions.axe does."""
    only = f", {{runOnly: {WORDS_FOR}}}" if korean else ""
    if not visit.page.evaluate("'axe' in window"):
        visit.page.evaluate(AXE)
    found = []
    for scheme in ("light",) if korean else ("light", "dark"):
        visit.page.emulate_media(color_scheme=scheme)
        if scheme == "dark":
            visit.page.get_by_title("Switch to dark mode").click()
            assert visit.page.evaluate("document.body.dataset.mdColorScheme") == "slate"
        for width in WIDTHS:
            visit.be_wide(width)
            result = visit.page.evaluate(f"axe.run('{kind}'{only})")
            found += [(scheme, width, v["id"], v["nodes"][0]["html"]) for v in result["violations"]]
    if not korean:
        visit.page.emulate_media(color_scheme="light")
        visit.page.get_by_title("Switch to light mode").click()
    return found
