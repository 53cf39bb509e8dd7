"""reference/api: every public name is there, leads to the page that derives it, and is led to."""

import importlib
import inspect
import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable
from html import unescape

import course
import pytest

import backprop
from backprop import rules

API = "reference/api/"
SHOWN = ["layers", "losses", "network", "optimizers", "gradcheck", "comparing", "training"]
SHOWN += ["tracing", "steps", "activations", "datasets", "plotting"]
RULES = [n for n, each in vars(rules).items() if inspect.isfunction(each)]
ENTRY = re.compile(r'<h3 id="([a-z]+\.\w+)">([\w.]+)<')
PAGE = re.compile(r"\b[a-z]+/[a-z-]+\b")
SECTION = re.compile(r"(\w+\n--+|, optional)$", re.MULTILINE)
CODE = re.compile(r"<code[^>]*>(.*?)</code>")
ROW = re.compile(r"<tr>\s*<td>(.*?)</td>", re.DOTALL)
PAGES = {course.name_of(path) for path in course.all_pages("en")}


def names() -> dict[str, object]:
    """What must be there, by Python's own account: as it is written, and what it is."""
    found = {f"rules.{name}": getattr(rules, name) for name in RULES}
    found |= {f"bp.{name}": getattr(backprop, name) for name in backprop.__all__}
    for module in SHOWN:
        home = importlib.import_module(f"backprop.{module}")
        prefix = "plotting" if module == "plotting" else f"bp.{module}"
        for name in home.__all__:
            if name not in backprop.__all__ and name != "COLOURS":
                found[f"{prefix}.{name}"] = getattr(home, name)
    return found


def pages_of(each: object) -> set[str]:
    """The pages that its docstring names."""
    told = each if inspect.isfunction(each) or inspect.isclass(each) else type(each)
    return set(PAGE.findall(inspect.getdoc(told) or "")) & PAGES


def words_of(each: object) -> Counter[str]:
    """Those of its docstring, but for what is said by other means."""
    told = each if inspect.isfunction(each) or inspect.isclass(each) else type(each)
    return Counter(re.findall(r"\w+", PAGE.sub("", SECTION.sub("", inspect.getdoc(told) or ""))))


def complaints(read: Callable[[str], str], folder: str) -> list[str]:
    """What is wrong with the API page of a language, and with the links to it."""
    found = []
    parts = ENTRY.split(read(f"{folder}{API}"))
    entries = dict(zip(parts[2::3], zip(parts[1::3], parts[3::3], strict=True), strict=True))
    for name, each in names().items():
        if name not in entries:
            found.append(f"{name} is not there")
            continue
        key, html = entries[name]
        html = html.split("<h2")[0]
        shown = Counter(re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", "", html))))
        if not key.startswith("activations") and (lost := words_of(each) - shown):
            found.append(f"{name} has lost {sorted(lost)}")
        if wrong := [n for row in ROW.findall(html) for n in CODE.findall(row) if " " in n]:
            found.append(f"{name} has {wrong} for names")
        links = set(re.findall(r'href="([^"#]*)(#[^"]+)?"', html))
        pages = {
            posixpath.normpath(API + to): anchor[1:] for to, anchor in links if to[:3] == "../"
        }
        if not pages_of(each) <= set(pages):
            found.append(f"{name} does not lead to {pages_of(each) - set(pages)}")
        for page in pages_of(each) & set(pages):
            there = read(f"{folder}{page}/")
            if pages[page] and f' id="{pages[page]}"' not in there:
                found.append(f"{page} has no place {pages[page]}")
            back = key.replace("activations.", "rules.")
            if f'/{API.split("/")[1]}/#{back}"' not in there.replace('"../api/', '"/api/'):
                found.append(f"{page} does not lead back to {name}")
        for at in re.findall(r'href="#([^"]+)"', html):
            if f' id="{at}"' not in read(f"{folder}{API}"):
                found.append(f"{name} leads to {at}, which is not there")
    return found


@pytest.mark.parametrize("folder", ["", "ko/"])
def test_every_public_name_leads_to_its_page_and_back(site, folder):
    assert complaints(lambda page: site.read(f"{page}index.html"), folder) == []


@pytest.mark.parametrize(
    ("page", "before", "after", "said"),
    [
        (API, ">rules.tanh<", ">rules.tan<", "rules.tanh is not there"),
        (API, ">plotting.lines<", ">plotting.line<", "plotting.lines is not there"),
        (
            API,
            "hand/forward/#tanh",
            "hand/backward-walk/#tanh",
            "does not lead to {'hand/forward'}",
        ),
        ("hand/forward/", ' id="tanh"', ' id="tanj"', "hand/forward has no place tanh"),
        ("hand/forward/", "#layers.ReLU", "#layers.Relu", "does not lead back to bp.ReLU"),
        ("practice/digits/", "#training.train", "#train", "does not lead back to bp.train"),
        (API, 'id="training.train"', 'id="train"', "bp.train is not there"),
        (API, "on shuffled", "", "bp.train has lost ['on', 'shuffled']"),
        (API, "<code>RuntimeError</code>", "<code>Runtime Error</code>", "for names"),
    ],
)
def test_what_is_missing_is_seen(site, page, before, after, said):
    def read(asked):
        html = site.read(f"{asked}index.html")
        assert asked != page or before in html
        return html.replace(before, after) if asked == page else html

    assert any(said in complaint for complaint in complaints(read, ""))


def quoted(page: str) -> list[str]:
    """Whose code a page quotes from the package: a rule, or a class with a method of its own."""
    text = (course.ENGLISH / f"{page}.md").read_text(encoding="utf-8")
    found = []
    for module, section in re.findall(r'^--8<-- "(\w+)\.py:([\w-]+)"$', text, re.MULTILINE):
        if module in ("rules", *SHOWN):
            code = bare(course.snippet(f"{module}.py", section))
            told = [n for n, each in names().items() if n[:6] == "rules." or inspect.isclass(each)]
            found += [n for n in told if code in bare(inspect.getsource(names()[n]))]  # type: ignore
    return found


def bare(code: str) -> str:
    return re.sub(r"\s+|# --8<--.*", "", code)


def links_under_code(html: str) -> list[str]:
    """The names that stand under code, as links."""
    under = r'</div>\s*<p class="bp-api">[^<]*<a href="[^"]*reference/api/#[\w.]+"><code>([\w.]+)'
    return re.findall(under, html)


def test_code_quoted_from_the_package_leads_to_its_entry(site):
    pages = [page for page in sorted(PAGES) if (course.ENGLISH / f"{page}.md").exists()]
    assert sum(len(quoted(page)) for page in pages) > 8
    for page in pages:
        for folder in ("", "ko/"):
            html = site.read(f"{folder}{page}/index.html" if page != "index" else "index.html")
            assert links_under_code(html) == quoted(page), page


def test_search_finds_names(site):
    for folder in ("", "ko/"):
        index = json.loads(site.read(f"{folder}search/search_index.json"))
        titles = {entry["title"] for entry in index["docs"] if entry["location"].startswith(API)}
        assert set(names()) <= titles
