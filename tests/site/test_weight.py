"""What keeps the pages light: search on demand, one stylesheet without what is unused, nothing
that a page has styled twice, figures without notes. What a page weighs in all is asked with the
other questions of its visit, in tests/browser."""

import base64
import re
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import tinycss2
from hooks.content import figures
from hooks.weight import calm, one_stylesheet, search_on_demand, unused_styles
from mkdocs.exceptions import PluginError
from test_site import LANGUAGES
from visits import Visit

MATERIAL = Path(str(files("material"))) / "templates/assets"

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
        visit.page.evaluate("document.documentElement.dataset.ready = ''")
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
    return unused_styles.pruned(rules, frozenset({"a", "b", "kind-", "other--"}))


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
    (whole,) = MATERIAL.glob("stylesheets/main.*.min.css")
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


# Material's script and styles


@pytest.mark.parametrize("part", search_on_demand.CHANGES)
def test_a_material_that_has_changed_fails_the_build(part):
    script = ";".join(search_on_demand.CHANGES)
    search_on_demand.changed(script)
    for other in (script.replace(part, ""), f"{script};{part}"):
        with pytest.raises(PluginError, match="script has changed"):
            search_on_demand.changed(other)


def material(pattern: str) -> str:
    """A script or stylesheet as Material has it."""
    (path,) = MATERIAL.glob(pattern)
    return path.read_text(encoding="utf-8")


def test_what_styles_a_page_anew_is_changed_in_materials_script_and_styles(site):
    (bundle,) = MATERIAL.glob("javascripts/bundle.*.min.js")
    script = site.read(f"assets/javascripts/{bundle.name}")
    assert '"[href]:not(link[rel=stylesheet]), [src]"' in script
    assert '":scope > :not([rel=stylesheet], noscript)"' in script
    assert '{name:"color-scheme"}' not in script
    styles = site.read("assets/site.css")
    assert "table:not(.highlighttable)" in styles and "table:not([class])" not in styles
    assert "data-md-color-switching" not in styles


@pytest.mark.parametrize("part", calm.SCRIPT)
def test_a_material_script_without_a_place_to_be_changed_fails_the_build(part):
    script = material("javascripts/bundle.*.min.js")
    assert calm.calm_script(script) != script
    with pytest.raises(PluginError, match="script has changed"):
        calm.calm_script(re.sub(part, "", script))


def test_material_styles_without_a_place_to_be_changed_fail_the_build():
    css = material("stylesheets/main.*.min.css")
    assert calm.calm_styles(css) != css
    with pytest.raises(PluginError, match="stylesheet has changed"):
        calm.calm_styles(css.replace(calm.ANY_TABLE, ""))


def test_every_block_of_code_has_one_copy_button_with_a_name_ready(site):
    for folder, title in (("", "Copy to clipboard"), ("ko/", "클립보드로 복사")):
        page = site.read(f"{folder}hand/every-element/index.html")
        blocks = page.count("<pre id=")
        assert blocks == page.count("<pre") == page.count(f'title="{title}"') > 10
        ids = re.findall(r'<pre id="([^"]+)"', page)
        assert ids == re.findall(r'data-clipboard-target="#([^ ]+) > code"', page)


# One stylesheet, and the fonts


def test_each_page_has_one_stylesheet_and_its_fonts_before_anything_is_laid_out(site):
    for path in site.pages():
        head = site.read(f"{path}index.html").partition("</head>")[0]
        scripted, unscripted = re.sub(r"<noscript>.*?</noscript>", "", head), head
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', scripted)
        assert len(sheets) == 1 and sheets[0].endswith("assets/site.css"), path
        assert re.search(r'<script src="[^"]*assets/fonts\.js"></script>', head), path
        assert re.search(r"<noscript><link [^>]*assets/fonts\.css", unscripted), path


@pytest.mark.parametrize("folder", LANGUAGES.values())
def test_with_and_without_scripts_the_fonts_are_the_same(site, folder):
    rules = site.read(f"{folder}assets/fonts.css")
    named = re.findall(r"url\(\"?([^)\"]+)\"?\)", rules)
    script = site.read(f"{folder}assets/fonts.js")
    given = re.findall(r'\["([^"]+)","([A-Za-z0-9+/=]+)","([^"]+)","([^"]+)"\]', script)
    assert len(named) == len(given) > 4
    for url, rule, (family, data, weight, style) in zip(
        named, rules.split("@font-face")[1:], given, strict=True
    ):
        file = site.folder / folder / "assets" / url
        assert base64.b64decode(data) == file.read_bytes()
        assert family in rule
        assert ("font-weight" not in rule) or f"font-weight:{weight}" in rule
        assert ("font-style" not in rule) or f"font-style:{style}" in rule
    assert ("Source Serif" in script) == (folder == "")  # Korean has the reader's own fonts


def test_pages_with_different_stylesheets_fail_the_build(tmp_path):
    for name, link in (("a", "assets/one.css"), ("b", "assets/two.css")):
        (tmp_path / name).mkdir()
        page = f'<head>\n<link rel="stylesheet" href="../{link}">\n</head>'
        (tmp_path / name / "index.html").write_text(page, encoding="utf-8")
    config = SimpleNamespace(site_dir=str(tmp_path), theme={"language": "en"})
    with pytest.raises(PluginError, match="different stylesheets"):
        one_stylesheet.on_post_build(config)


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
