"""The site in a real browser: what a reader sees, hears and can reach by keyboard."""

import re

import pytest
import questions
from visits import ALL, Visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def window(browser, site):
    """One window for many pages: a new one takes longer than most pages do."""
    with Visit(browser, site, "404.html", width=questions.DESK) as opened:
        yield opened


@pytest.fixture
def visit(window):
    yield window
    window.page.set_default_timeout(30_000)
    window.page.unroute_all()


def test_the_list_of_pages_is_complete(site):
    assert sorted(ALL) == site.pages()


@pytest.mark.parametrize("path", ALL)
def test_nothing_is_wrong_with_a_page_whatever_is_asked(visit, path):
    """One visit; each complaint names its page and its question."""
    asked = [*questions.OF_EACH]
    if not path.startswith("ko/"):
        asked += questions.OF_ONE_LANGUAGE
    visit.open(path)
    told = questions.ask(visit, asked)
    assert not told, "\n".join(told)


PLANTED = "zero/learning/"
WIDE = "Object.assign(document.createElement('p'), {textContent: 'wide', style: 'width: 400px'})"
FAULTS = [  # what may be wrong with a page, planted into it, and what is then said
    ("its_weight", "fetch(`${at}assets/run/session.js`)", "session.js'] are loaded"),
    ("its_weight", "fetch(`${at}assets/runtime/pyodide/pyodide.asm.wasm`)", "bytes: "),
    ("its_formulas", "article.querySelector('mjx-container').remove()", "arithmatex"),
    ("its_formulas", "article.append(document.createElement('mjx-merror'))", "<mjx-merror>"),
    ("its_text", r"article.append('a \\W{1} in a \\(text\\)')", r"its_text: \W{"),
    ("its_code", "article.querySelector('.bp-runnable').classList.remove('bp-runnable')", "blocks"),
    ("its_code", "article.querySelector('.bp-runnable code').append('1')", "import"),
    ("its_code", "article.querySelector('.output code').append('1')", "1')"),
    ("its_width", f"article.append({WIDE})", "px"),
    (
        "its_formulas_on_a_phone",
        """const math = article.querySelector('div.arithmatex');
        math.style = 'width: 100px; overflow: auto';
        math.firstElementChild.style = 'display: block; width: 300px';
        new MutationObserver(() => {
          if (math.matches('.bp-scrolls')) math.classList.remove('bp-scrolls');
        }).observe(math, {attributes: true});""",
        "[200, ",
    ),
    (
        "its_formulas_on_a_phone",
        """article.querySelector('span.arithmatex').style =
        'position: absolute; left: 350px; width: 20px'""",
        "[370",
    ),
    ("its_accessibility", "article.append(new Image())", "image-alt"),
    (
        "its_contrast",
        "article.querySelector('p').style = 'color: white; background: white'",
        "in the colour of their ground",
    ),
    ("its_contrast", "article.querySelectorAll('p')[5].style.color = '#999'", "contrast"),
    ("its_contrast", "article.querySelector('.output code').style.color = '#aaa'", "contrast"),
    (
        "its_contrast_in_the_dark",
        "article.firstElementChild.style = 'color: #333'",
        "color-contrast",
    ),
    (
        "its_contrast_in_the_dark",
        "document.querySelector('[data-md-component=palette]').onclick = e => e.preventDefault()",
        "it does not get dark",
    ),
    ("its_silence", "console.error('a fault')", "console error: a fault"),
    (
        "its_silence",
        "article.append(Object.assign(new Image(), {loading: 'lazy', src: 'missing.png'}))",
        "404: ",
    ),
    ("its_twin", "document.querySelector('a.bp-language').remove()", "Timeout"),
    ("its_twin", "document.querySelector('a.bp-language').href += 'reference/'", "reference/"),
    (
        "its_twin",
        "document.querySelector('a.bp-language').onclick = (e) => e.preventDefault()",
        "Timeout",
    ),
]


@pytest.mark.parametrize(("question", "fault", "said"), FAULTS)
def test_each_question_can_be_wrong_and_names_itself_and_the_page(visit, question, fault, said):
    visit.open(PLANTED)
    visit.be_wide(questions.PHONE)
    visit.page.evaluate(
        """([fault, at]) => {
          const article = document.querySelector("article");
          return Function("article", "at", fault)(article, at);
        }""",
        [fault, visit.site.url],
    )
    visit.page.set_default_timeout(2_000)
    told = questions.ask(visit, [getattr(questions, question)])
    assert told and all(each.startswith(f"/{PLANTED}: {question}: ") for each in told)
    assert said in "".join(told)


def test_a_picture_without_words_is_noticed_in_korean_too(visit):
    visit.open(f"ko/{PLANTED}")
    visit.page.evaluate("document.querySelector('article').append(new Image())")
    (told,) = questions.ask(visit, [questions.its_accessibility])
    assert "image-alt" in told


def test_no_question_is_asked_that_was_not_seen_to_be_wrong():
    asked = {question.__name__ for question in questions.OF_EACH + questions.OF_ONE_LANGUAGE}
    assert {question for question, _, _ in FAULTS} == asked


def test_what_fails_on_a_page_is_a_complaint_but_not_what_its_reader_gives_up(visit, site):
    visit.open("reference/glossary/")
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_figure_of_the_scheme_is_shown(browser, site, scheme):
    with Visit(browser, site, "hand/every-element/", scheme=scheme) as visit:
        for other in ("light", "dark"):
            visible = visit.page.locator(f".bp-{other}.bp-figure").first.is_visible()
            assert visible == (other == scheme)


def test_switching_the_scheme_switches_the_figures(visit):
    visit.open("hand/matrix-form/")
    visit.page.get_by_title("Switch to dark mode").click()
    assert visit.page.locator(".bp-dark.bp-figure").first.is_visible()
    assert not visit.page.locator(".bp-light.bp-figure").first.is_visible()


@pytest.mark.parametrize("folder", ["", "ko/"])
def test_after_instant_navigation_math_is_typeset_and_the_language_link_follows(
    visit, site, folder
):
    visit.open(f"{folder}hand/every-element/")
    visit.page.evaluate("window.stillTheSameDocument = true")
    visit.page.evaluate("document.documentElement.dataset.ready = ''")
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
def test_search_finds_words(visit, site, folder, word):
    visit.open(folder)
    visit.page.wait_for_load_state("networkidle")
    visit.page.keyboard.press("/")
    visit.page.keyboard.type(word)
    visit.page.keyboard.press("End")  # Material listens for keys, and typed Hangul has none here
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


def test_symbols_have_one_colour_in_formulas_and_in_code(visit):
    visit.open("hand/matrix-form/")
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


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("folder", ["", "ko/"])
def test_the_sheet_alone_is_printed_on_one_page_that_can_be_read(browser, site, folder):
    with Visit(browser, site, f"{folder}equations/algorithm/", scheme="dark") as visit:
        page = visit.page
        page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
        ink, paper = page.locator(".bp-print").evaluate(
            "e => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor]"
        )
        assert ink != paper  # axe passes over words that cannot be seen at all
        page.locator(".bp-print").focus()
        page.keyboard.press("Enter")
        margin = dict.fromkeys(("top", "bottom", "left", "right"), "12mm")
        sheet = page.pdf(format="A4", margin=margin)
        assert pages_of(sheet) == 1
        page.keyboard.press("Enter")  # once more: the first printing is over
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 703, "height": 1000})  # 186 mm, what the margins leave
        sheet_box = page.locator(".bp-sheet").bounding_box()
        assert 500 < sheet_box["height"] < 1030  # of 273 mm
        assert not page.locator("h1").is_visible()
        sizes = page.evaluate(
            """() => [...document.querySelectorAll(".bp-sheet :is(p, td, mjx-container)")]
              .map((e) => parseFloat(getComputedStyle(e).fontSize))"""
        )
        assert min(sizes) >= 9 * 96 / 72
        wide = "e => e.scrollWidth > e.clientWidth + 1"
        for formula in page.locator(".bp-sheet div.arithmatex").all():
            assert not formula.evaluate(wide)
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("h1").is_visible()
        page.emulate_media(media="screen")
        assert pages_of(page.pdf(format="A4", margin=margin)) > 5


@pytest.mark.parametrize("folder", ["", "ko/"])
def test_all_formulas_are_printed_on_one_page_that_can_be_read(browser, site, folder):
    with Visit(browser, site, f"{folder}reference/formulas/", scheme="dark") as visit:
        page = visit.page
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        margin = dict.fromkeys(("top", "bottom", "left", "right"), "12mm")
        assert pages_of(page.pdf(format="A4", margin=margin)) == 1
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 703, "height": 1000})  # 186 mm, what the margins leave
        assert 900 < page.locator(".bp-sheet").bounding_box()["height"] < 1030  # of 273 mm
        assert page.locator(".bp-paper").is_visible()
        for hidden in ("h1", "#exercise-1", ".md-header", ".bp-print"):
            assert not page.locator(hidden).is_visible(), hidden
        cut, small, faint = page.evaluate(
            """() => {
              const all = [...document.querySelectorAll(".bp-sheet mjx-container")];
              const of = (e) => getComputedStyle(e);
              const ink = "rgb(28, 31, 36)"; // notation.json, light
              return [
                [...document.querySelectorAll(".bp-sheet div.arithmatex")]
                  .filter((e) => e.scrollWidth > e.clientWidth + 1),
                all.filter((e) => parseFloat(of(e).fontSize) < 8 * 96 / 72 - 0.01),
                all.filter((e) => of(e).color !== ink),
              ].map((found) => found.map((e) => e.textContent));
            }"""
        )
        assert (cut, small, faint) == ([], [], [])


def test_without_javascript_the_text_and_figures_are_there(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}hand/every-element/")
    assert page.locator("h1").inner_text().startswith("Every element")
    assert page.locator(".bp-light.bp-figure").first.is_visible()
    formula = page.locator("article div.arithmatex > mjx-container").first
    assert formula.is_visible() and formula.bounding_box()["height"] > 10
    # Nothing offers what cannot work.
    assert not page.locator(".md-code__nav").first.is_visible()
    assert not page.locator("label[for=__search].md-header__button").is_visible()
    fonts = page.evaluate("() => document.fonts.ready.then(f => [...f].map(x => x.family))")
    assert any("MJX" in family for family in fonts)
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


def test_a_link_to_a_row_of_the_report_opens_its_table_which_then_can_be_scrolled(browser, site):
    with Visit(browser, site, "reference/notation/", width=questions.PHONE) as visit:
        link = visit.page.locator(".bp-checked a").first
        name = link.get_attribute("href").partition("#")[2]
        link.click()
        row = visit.page.locator(f"[id='{name}']")
        row.wait_for()  # it is seen
        assert visit.page.locator("details.abstract[open]").count() == 1
        row.evaluate(
            """async (row) => {
              const box = row.closest(".md-typeset__scrollwrap");
              if (box.scrollWidth <= box.clientWidth) throw Error("wider than a phone");
              while (box.tabIndex !== 0) await new Promise(requestAnimationFrame);
            }"""
        )
        assert visit.complaints == []


def test_a_missing_page_shows_the_404_page(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}404.html")
    assert page.get_by_role("link", name="Start from the map").is_visible()
    assert page.get_by_role("link", name="강의 지도에서 시작").is_visible()
    context.close()
