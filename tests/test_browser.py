"""The site in a real browser: what a reader sees, hears and can reach by keyboard."""

import pytest
from visits import ALL, AXE, NAMES, Visit

pytestmark = pytest.mark.browser


def test_the_list_of_pages_is_complete(site):
    assert sorted(ALL) == site.pages()


@pytest.mark.parametrize("path", ALL)
def test_pages_load_without_a_complaint_and_with_all_math_typeset(browser, site, path):
    with Visit(browser, site, path) as visit:
        state = visit.page.evaluate(
            """() => {
              const article = document.querySelector("article").cloneNode(true);
              for (const e of article.querySelectorAll("pre, code, mjx-container")) e.remove();
              return {
                formulas: document.querySelectorAll(".arithmatex").length,
                typeset: document.querySelectorAll(".arithmatex > mjx-container").length,
                errors: document.querySelectorAll("mjx-merror, [data-mjx-error]").length,
                text: article.textContent,
              };
            }"""
        )
        assert state["typeset"] == state["formulas"] and not state["errors"]
        for raw in ("$", r"\(", r"\[", "{#", "???", "///", "--8<--", r"\W{", "INSTALL_LINE"):
            assert raw not in state["text"], raw
        visit.page.mouse.wheel(0, 30000)
        visit.page.wait_for_load_state("networkidle")
        assert visit.complaints == []


def test_what_fails_on_a_page_is_a_complaint_but_not_what_its_reader_gives_up(browser, site):
    with Visit(browser, site, "reference/glossary/") as visit:
        visit.page.route("**/slow", lambda route: None)  # never answered
        with visit.page.expect_event("requestfailed"):
            visit.page.evaluate("void fetch('slow').catch(() => {})")
            visit.page.goto(f"{site.url}reference/notation/")
        assert visit.complaints == []
        visit.page.route("**/broken", lambda route: route.abort())
        visit.page.evaluate("fetch('broken').catch(() => {})")
        visit.page.evaluate("fetch('missing')")
        told = "\n".join(visit.complaints)
        assert "/broken: net::ERR_FAILED" in told
        assert "404: " in told


@pytest.mark.parametrize("path", ALL)
def test_nothing_is_wider_than_a_small_phone(browser, site, path):
    with Visit(browser, site, path, width=360) as visit:
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
        visit.page.wait_for_timeout(200)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", ALL)
def test_no_formula_is_cut_off_on_a_small_phone(browser, site, path):
    """Display math fits at 360 px; where a matrix must scroll, its edge shows it."""
    with Visit(browser, site, path, width=360) as visit:
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
        visit.page.wait_for_timeout(300)
        cut = visit.page.evaluate(
            """() => [...document.querySelectorAll("div.arithmatex")]
              .filter(e => e.scrollWidth > e.clientWidth + 1)
              .map(e => [e.scrollWidth - e.clientWidth, e.classList.contains("bp-scrolls"),
                         e.textContent.slice(0, 60)])"""
        )
        assert all(marked for _, marked, _ in cut), cut
        wide = visit.page.evaluate(
            """() => [...document.querySelectorAll("span.arithmatex")]
              .filter(e => !e.closest(".bp-scrolls") && e.getBoundingClientRect().right > 361)
              .map(e => e.textContent)"""
        )
        assert wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ALL)
def test_axe_finds_no_violation(browser, site, path, scheme):
    with Visit(browser, site, path, scheme=scheme) as visit:
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
        visit.page.evaluate(AXE)
        found = visit.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        told = [
            (v["id"], v["help"], [n["html"][:160] for n in v["nodes"][:4]])
            for v in found["violations"]
        ]
        assert told == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_figure_of_the_scheme_is_shown(browser, site, scheme):
    with Visit(browser, site, "hand/every-element/", scheme=scheme) as visit:
        for other in ("light", "dark"):
            visible = visit.page.locator(f".bp-{other}.bp-figure").first.is_visible()
            assert visible == (other == scheme)


def test_switching_the_scheme_switches_the_figures(browser, site):
    with Visit(browser, site, "hand/matrix-form/") as visit:
        visit.page.get_by_title("Switch to dark mode").click()
        assert visit.page.locator(".bp-dark.bp-figure").first.is_visible()
        assert not visit.page.locator(".bp-light.bp-figure").first.is_visible()


@pytest.mark.parametrize("name", NAMES)
def test_the_language_link_leads_to_the_same_page_and_back(browser, site, name):
    with Visit(browser, site, name) as visit:
        visit.page.get_by_role("link", name="한국어").click()
        visit.page.wait_for_url(f"{site.url}ko/{name}")
        visit.settle()
        assert visit.page.evaluate("document.documentElement.lang") == "ko"
        visit.page.get_by_role("link", name="English").click()
        visit.page.wait_for_url(site.url + name)
        assert visit.complaints == []


@pytest.mark.parametrize("folder", ["", "ko/"])
def test_after_instant_navigation_math_is_typeset_and_the_language_link_follows(
    browser, site, folder
):
    with Visit(browser, site, f"{folder}hand/every-element/") as visit:
        visit.page.evaluate("window.stillTheSameDocument = true")
        visit.page.evaluate("document.documentElement.dataset.math = ''")
        visit.page.locator(".md-footer__link--next").click()
        visit.page.wait_for_url(f"{site.url}{folder}hand/matrix-form/")
        visit.settle()
        assert visit.page.evaluate("window.stillTheSameDocument")
        other = "" if folder else "ko/"
        href = visit.page.locator("a.bp-language").get_attribute("href")
        assert href == f"{site.url}{other}hand/matrix-form/"
        assert visit.complaints == []


@pytest.mark.parametrize(
    ("folder", "word"),
    [
        ("", "transpose"),
        ("", "nudge"),
        ("ko/", "역전파"),
        ("ko/", "가중치를"),
        ("ko/", "transpose"),
    ],
)
def test_search_finds_words(browser, site, folder, word):
    with Visit(browser, site, folder) as visit:
        visit.page.wait_for_load_state("networkidle")
        visit.page.keyboard.press("/")
        visit.page.keyboard.type(word)
        visit.page.keyboard.press(
            "End"
        )  # Material listens for keys, and typed Hangul has none here
        first = visit.page.locator(".md-search-result__link").first
        first.wait_for()
        assert first.get_attribute("href").startswith(f"{site.url}{folder}")
        assert "\\(" not in visit.page.locator(".md-search-result").inner_text()
        assert visit.complaints == []


def test_code_can_be_copied(browser, site):
    options = {"permissions": ["clipboard-read", "clipboard-write"]}
    for path in ("hand/matrix-form/", "practice/digits/"):
        with Visit(browser, site, path, **options) as visit:
            block = visit.page.locator(".language-python.highlight").first
            block.hover()
            block.get_by_role("button", name="Copy").click()
            visit.page.wait_for_function(
                "async text => (await navigator.clipboard.readText()).trim() === text",
                arg=block.locator("code").inner_text().strip(),
            )


def test_symbols_have_one_colour_in_formulas_and_in_code(browser, site):
    with Visit(browser, site, "hand/matrix-form/") as visit:
        for role in ("weight", "bias", "error", "activation", "preactivation", "target"):
            colours = visit.page.evaluate(
                f"""() => [...document.querySelectorAll("mjx-mi.bp-{role}, code .bp-{role}")]
                  .map(e => getComputedStyle(e).color)"""
            )
            assert len(colours) > 3 and len(set(colours)) == 1, role


def test_on_paper_solutions_are_unfolded_and_figures_light(browser, site):
    with Visit(browser, site, "hand/every-element/", scheme="dark") as visit:
        visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        visit.page.emulate_media(media="print")
        assert visit.page.locator("details:not([open])").count() == 0
        assert visit.page.locator(".bp-light.bp-figure").first.is_visible()
        assert not visit.page.locator(".bp-dark.bp-figure").first.is_visible()
        assert not visit.page.locator(".md-header").is_visible()
        visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert visit.page.locator("details[open]").count() == 0


def test_without_javascript_the_text_and_figures_are_there(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}hand/every-element/")
    assert page.locator("h1").inner_text().startswith("Every element")
    assert page.locator(".bp-light.bp-figure").first.is_visible()
    assert page.locator("p.bp-note").is_visible()
    context.close()


def test_reduced_motion_is_respected(browser, site):
    with Visit(browser, site, "", reduced_motion="reduce") as visit:
        moving = visit.page.evaluate(
            """() => [...document.querySelectorAll("*")].filter(e => {
              const style = getComputedStyle(e);
              const durations = [style.transitionDuration, style.animationDuration];
              return durations.some(duration => parseFloat(duration) > 0);
            }).length"""
        )
        assert moving == 0


def test_a_missing_page_shows_the_404_page(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}404.html")
    assert page.get_by_role("link", name="Start from the map").is_visible()
    assert page.get_by_role("link", name="강의 지도에서 시작").is_visible()
    context.close()
