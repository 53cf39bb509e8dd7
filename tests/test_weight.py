"""What keeps the pages light: search on demand, styles without what is unused, helpers of MathJax
once, figures without notes. What a page weighs in all is measured in test_run.py."""

import re
from importlib.resources import files
from urllib.parse import quote

import figures
import formulas
import mathjax_helpers
import pytest
import search_on_demand
import tinycss2
import unused_styles
from mkdocs.exceptions import PluginError
from test_site import LANGUAGES
from visits import Visit

# Search


def requests_for_search(visit):
    """Those that the visit makes from now on."""
    asked = []
    visit.context.on("request", lambda r: asked.append(r.url) if "search" in r.url else None)
    return asked


def open_page(visit, address):
    visit.page.goto(visit.site.url + address)
    visit.settle()
    visit.page.wait_for_load_state("networkidle")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("folder", "turn_to", "word"),
    [
        ("", "/", "transpose"),
        ("", "tab", "transpose"),
        ("ko/", "s", "가중치를"),
        ("ko/", "click", "transpose"),
    ],
)
def test_search_loads_nothing_before_it_is_used_and_then_finds_what_is_typed(
    browser, site, folder, turn_to, word
):
    with Visit(browser, site, f"{folder}reference/licences/") as visit:
        asked = requests_for_search(visit)
        open_page(visit, f"{folder}hand/every-element/")
        visit.page.evaluate("document.documentElement.dataset.math = ''")
        visit.page.locator(".md-footer__link--next").click()  # a worker's address is relative
        visit.page.wait_for_url(f"{site.url}{folder}hand/matrix-form/")
        visit.settle()
        visit.page.wait_for_timeout(300)  # Material closes the search on arrival, a moment late
        assert asked == []
        if turn_to == "click":
            visit.page.locator(".md-search__input").click()
        elif turn_to == "tab":
            visit.page.locator("a.bp-language").focus()
            visit.page.keyboard.press("Tab")
        else:
            visit.page.keyboard.press(turn_to)
        visit.page.keyboard.type(word)  # at once, whatever is still loading
        visit.page.keyboard.press("End")  # typed Hangul has no keys here, which Material awaits
        visit.page.locator(".md-search-result__link").first.wait_for()
        assert {re.sub(r"\.\w+\.min\.js$", "", url.rpartition("/")[2]) for url in asked} == {
            "search",
            "search_index.json",
        }
        assert visit.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize(("folder", "word"), [("", "transpose"), ("ko/", "가중치를")])
def test_a_search_in_the_address_is_made(browser, site, folder, word):
    with Visit(browser, site, f"{folder}?q={quote(word)}") as visit:
        assert visit.page.locator(".md-search__input").input_value() == word
        visit.page.locator(".md-search-result__link").first.wait_for()
        assert visit.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("way", ["by a result", "by the address"])
def test_the_words_of_a_search_are_marked_in_the_page(browser, site, way):
    with Visit(browser, site, "" if way == "by a result" else "hand/matrix-form/?h=step") as visit:
        if way == "by a result":
            visit.page.keyboard.press("/")
            visit.page.keyboard.type("transpose")
            visit.page.locator(".md-search-result__link").first.wait_for()
            visit.page.keyboard.press("Enter")
            visit.page.wait_for_url("**?h=*")
        visit.page.locator("article mark").first.wait_for(state="attached")
        assert visit.complaints == []


# Styles


def rules_of(css: str) -> str:
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return unused_styles.pruned(rules, {"a", "b", "kind-", "other--"})


@pytest.mark.parametrize(
    ("css", "left"),
    [
        ("h1{x:1}", "h1{x:1}"),
        (".a .b>p{x:1}.c{x:2}", ".a .b>p{x:1}"),
        (".a .c,.b,.c.a{x:1}", ".b{x:1}"),
        ("p:not(.c),:is(.c,.a){x:1}", "p:not(.c),:is(.c,.a){x:1}"),
        ("[href='.c']{x:1}", "[href='.c']{x:1}"),
        (".aa{x:1}.kind-c{x:2}.other--c{x:3}.kinds-c{x:4}", ".kind-c{x:2}.other--c{x:3}"),
        ("@media print{.c{x:1}.a{x:2}}@media print{.c{x:1}}", "@media print{.a{x:2}}"),
        ("@media print{@supports (x:1){.a,.c{x:1}}}", "@media print{@supports (x:1){.a{x:1}}}"),
        ("@keyframes c{to{x:1}}@page{x:1}", "@keyframes c{to{x:1}}@page{x:1}"),
    ],
)
def test_rules_go_whose_class_nobody_names(css, left):
    assert rules_of(css).replace('"', "'") == left


def rules_with(name: str, css: str) -> bool:
    return bool(re.search(rf"\.{re.escape(name)}(?![\w-])", css))


def test_what_pages_and_scripts_use_keeps_its_rules_in_both_languages(site):
    whole = next(files("material").joinpath("templates/assets/stylesheets").glob("main.*.min.css"))
    english, korean = (
        site.read(f"{folder}assets/stylesheets/{whole.name}") for folder in LANGUAGES.values()
    )
    assert english == korean
    made_by_scripts = {
        "md-search-result__item",
        "md-code__button",
        "md-nav__link--passed",
        "md-typeset__scrollwrap",
        "md-dialog--active",
        "md-tag--",
    }
    for name in unused_styles.names(site.folder) | made_by_scripts:
        if name.startswith("md-") and rules_with(name, whole.read_text(encoding="utf-8")):
            assert rules_with(name, english), name
    for name in ("md-consent", "md-post", "giscus"):
        assert rules_with(name, whole.read_text(encoding="utf-8"))
        assert not rules_with(name, english), name


# MathJax, and Material's script


def test_helpers_of_mathjax_stand_once_in_a_script(site):
    for name in formulas.COMPONENTS:
        original = (formulas.ROOT / name).read_text(encoding="utf-8")
        for folder in LANGUAGES.values():
            script = site.read(f"{folder}assets/mathjax/{name}")
            for part in ("Class extends value", "Symbol.iterator is not"):
                assert script.count(part) == min(1, original.count(part))


@pytest.mark.parametrize(
    "script",
    [
        '!function(){"use strict";var a=this&&this.__values||function(b){return b.values()}}();',
        "!function(){var a=this&&this.__values||" + mathjax_helpers.HELPERS["values"] + "}();",
    ],
)
def test_a_mathjax_that_has_changed_fails_the_build(script):
    with pytest.raises(PluginError, match="MathJax has changed"):
        mathjax_helpers.said_once(script)


@pytest.mark.parametrize("part", search_on_demand.CHANGES)
def test_a_material_that_has_changed_fails_the_build(part):
    script = ";".join(search_on_demand.CHANGES)
    search_on_demand.changed(script)
    for other in (script.replace(part, ""), f"{script};{part}"):
        with pytest.raises(PluginError, match="script has changed"):
            search_on_demand.changed(other)


# Figures


def test_a_figure_is_the_same_drawing_without_notes():
    drawn = """<svg viewBox="0 0 532.8123 226">
 <metadata>
  <dc:title>Matplotlib</dc:title>
 </metadata>
 <!-- $W$ -->
 <g transform="translate(80.806198 -0.289) scale(0.1234 -0.1234)">
  <path d="M 53.030687 -77.358984 
Q 95 7.5 135.952288 77.355 
z
" style="stroke-width: 1.125"/>
 </g>
</svg>
"""
    assert (
        figures.slim(drawn).replace("\n\n", "\n")
        == """<svg viewBox="0 0 532.8123 226">
<g transform="translate(80.81 -0.29) scale(0.1234 -0.1234)">
<path d="M53.03 -77.36Q95 7.5 135.95 77.36z" style="stroke-width: 1.125"/>
</g>
</svg>
"""
    )
