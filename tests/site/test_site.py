"""The built site as files: links, notebooks, wheel, search, what crawlers and strangers get."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
import venv
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import course
import nbformat
import pytest
from conftest import ROOT, build, copy_project
from hooks.content import notebooks
from nbclient import NotebookClient

NOTEBOOKS = {course.name_of(p): p for p in course.all_pages("en") if p.suffix == ".py"}
LANGUAGES = {"en": "", "ko": "ko/"}


def test_each_page_exists_in_both_languages(site):
    pages = site.pages()
    english = [page for page in pages if not page.startswith("ko/")]
    assert [page for page in pages if page.startswith("ko/")] == [f"ko/{p}" for p in english]
    assert len(english) >= 7


def test_hreflang_names_the_same_page_in_each_language(site):
    for page in site.pages():
        twin = page.removeprefix("ko/")
        links = re.findall(
            r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">',
            site.read(f"{page}index.html"),
        )
        assert dict(links) == {
            "en": site.url + twin,
            "ko": f"{site.url}ko/{twin}",
            "x-default": site.url + twin,
        }


def test_each_page_has_its_own_description_and_preview(site):
    seen = set()
    for page in site.pages():
        html = site.read(f"{page}index.html")
        description = re.search(r'<meta name="description" content="([^"]{40,})">', html)[1]
        assert f'<meta property="og:description" content="{description}">' in html
        assert f'<meta property="og:url" content="{site.url}{page}">' in html
        image = re.search(r'<meta property="og:image" content="([^"]+)">', html)[1]
        assert (site.folder / image.removeprefix(site.url)).exists()
        seen.add(description)
    assert len(seen) == len(site.pages())


def test_each_page_can_be_edited_and_reported(site):
    repository = "https://github.com/someone/backprop-course"
    for page in site.pages():
        html = site.read(f"{page}index.html")
        source = re.search(rf'href="{repository}/edit/main/(docs/[^"]+)"', html)[1]
        assert (ROOT / source).exists()
        assert source.startswith("docs/ko/") == page.startswith("ko/")
        assert f"{repository}/issues/new?template=mistake.yml&amp;page=" in html


def test_sitemaps_list_every_page(site):
    for folder in LANGUAGES.values():
        tree = ElementTree.fromstring(site.read(f"{folder}sitemap.xml"))
        listed = {e.text for e in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
        pages = {p for p in site.pages() if p.startswith("ko/") == bool(folder)}
        assert listed == {site.url + page for page in pages}


def test_the_404_page_speaks_both_languages_and_works_at_any_depth(site):
    for folder in LANGUAGES.values():
        html = site.read(f"{folder}404.html")
        assert '<div lang="en">' in html and '<div lang="ko">' in html
        assert f'href="{site.url}"' in html and f'href="{site.url}ko/"' in html
        for address in re.findall(r'(?:href|src)="([^"#]+)"', html):
            assert re.match(r"/|https?:", address), f"{address} breaks below the root"


def test_no_page_names_another_host_for_anything_it_loads(site):
    for page in site.pages():
        html = site.read(f"{page}index.html")
        loaded = re.findall(r'<(?:script|img|iframe)[^>]* src="([^"]+)"', html)
        loaded += re.findall(
            r'<link[^>]* rel="(?:stylesheet|preload|icon)"[^>]* href="([^"]+)"', html
        )
        assert not [address for address in loaded if re.match(r"(https?:)?//", address)]


@pytest.mark.parametrize("folder", LANGUAGES.values(), ids=LANGUAGES)
def test_search_knows_the_words_of_every_page(site, folder):
    index = json.loads(site.read(f"{folder}search/search_index.json"))
    assert index["config"]["lang"] == (["ko", "en"] if folder else ["en"])
    text = " ".join(entry["text"] for entry in index["docs"])
    for word in ("역전파", "가중치", "전치") if folder else ("derivative", "transpose"):
        assert word in text
    found = {re.sub(r"#.*", "", entry["location"]) for entry in index["docs"]}
    assert {
        p.removeprefix("ko/") for p in site.pages() if p.startswith("ko/") == bool(folder)
    } <= found


def test_licence_texts_are_shipped(site):
    for folder in LANGUAGES.values():
        html = site.read(f"{folder}reference/licences/index.html")
        linked = set(re.findall(r"assets/licences/([\w-]+\.txt)", html))
        shipped = {path.name for path in (site.folder / folder / "assets/licences").iterdir()}
        assert linked == shipped
        assert all(
            (site.folder / folder / "assets/licences" / n).stat().st_size > 500 for n in linked
        )


# Notebooks


def test_what_a_slow_cell_prints_stays_in_one_piece():
    """The kernel hands it over every fifth of a second: on a slower machine in more pieces."""
    picture = {"output_type": "display_data", "data": {}}
    pieces = [{"output_type": "stream", "name": "stdout", "text": t} for t in ("a\n", "b\n")]
    whole = {"output_type": "stream", "name": "stdout", "text": "a\nb\n"}
    assert notebooks.joined([*pieces, picture]) == [whole, picture]


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("folder", LANGUAGES.values(), ids=LANGUAGES)
def test_notebook_pages_look_like_other_pages_and_stay_light(site, folder, name):
    html = site.read(f"{folder}{name}/index.html")
    # As it travels, formulas and all; the longest pages of Four equations have as much
    assert len(gzip.compress(html.encode())) <= 34_000
    assert "jp-" not in html and "jupyter" not in html.split("<article")[1].lower()
    assert '<div class="language-python highlight runnable">' in html
    assert 'class="arithmatex"' in html and 'class="headerlink"' in html
    pictures = len(
        re.findall(r"!\[[^]]*\]\([^)]*(?:figure|\.svg)\)", course.page_text(NOTEBOOKS[name]))
    )
    assert html.count("bp-figure bp-light") == html.count("bp-figure bp-dark") == pictures >= 2


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("folder", LANGUAGES.values(), ids=LANGUAGES)
def test_the_download_is_plain(site, folder, name):
    """Macros expanded, links absolute, nothing of the site's own Markdown left."""
    html = site.read(f"{folder}{name}/index.html")
    assert f'href="../{name.rsplit("/", 1)[1]}.ipynb"' in html
    notebook = nbformat.reads(site.read(f"{folder}{name}.ipynb"), as_version=4)
    nbformat.validate(notebook)
    macros = json.loads((ROOT / "src/backprop/notation.json").read_text())["symbols"]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for macro in macros:
                assert not re.search(rf"\\{macro}(?![A-Za-z])", cell.source), (macro, cell.source)
            links = re.findall(r"(?<!!)\]\(([^)]+)\)", cell.source)
            assert all(link.startswith("http") for link in links)
            assert not re.search(r"\?\?\?|!!!|///|\{ ?#|<!--", cell.source), cell.source
            pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", cell.source)
            assert all(picture.startswith(site.url) for picture in pictures)
            for link in [*links, *pictures]:
                if link.startswith(site.url):
                    path = re.split("[?#]", link.removeprefix(site.url))[0]
                    target = site.folder / path
                    assert target.exists(), link
    assert any(o for c in notebook.cells if c.cell_type == "code" for o in c.outputs)


def printed(notebook):
    """What each cell printed; figures are not compared."""
    return [
        [o["text"] for o in cell.outputs if o["output_type"] == "stream"]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_download_holds_the_cells_of_the_page_and_what_they_print(site, name):
    """The same in both languages, and the same as where no kernel ran them."""
    wrong, by_cells = course.notebook_run(NOTEBOOKS[name])
    assert not wrong
    cells = [text for kind, text in course.notebook_cells(NOTEBOOKS[name]) if kind == "code"]
    for folder in LANGUAGES.values():
        notebook = nbformat.reads(site.read(f"{folder}{name}.ipynb"), as_version=4)
        assert [cell.source for cell in notebook.cells if cell.cell_type == "code"] == cells
        assert ["".join(texts).rstrip() for texts in printed(notebook)] == by_cells


def test_a_download_executes_again_with_the_same_output(site, tmp_path):
    """One stands for all: what they print is compared above, without a kernel."""
    notebook = nbformat.reads(site.read("practice/digits.ipynb"), as_version=4)
    before = printed(notebook)
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": tmp_path}}).execute()
    assert printed(notebook) == before


def test_the_network_reads_at_least_96_percent_of_held_out_digits(site):
    notebook = nbformat.reads(site.read("practice/digits.ipynb"), as_version=4)
    text = "".join(text for texts in printed(notebook) for text in texts)
    assert float(re.search(r"held-out pictures +([\d.]+)%", text)[1]) >= 96


# Checked equations


@pytest.mark.parametrize("folder", LANGUAGES.values(), ids=LANGUAGES)
def test_every_numbered_equation_links_to_its_row_of_the_report(site, folder):
    report = site.read(f"{folder}reference/checked/index.html")
    rows = dict(re.findall(r'<tr id="([\w-]+)"><td>\d+</td><td>(\d+)</td>', report))
    assert len(rows) > 80
    html = site.read(f"{folder}reference/notation/index.html")
    links = re.findall(r'<p class="bp-checked"><a href="\.\./checked/#([\w-]+)">(.*?)</a>', html)
    assert len(links) == len(set(links)) == html.count("<mlabeledtr>") == 8
    for row, text in links:
        assert rows[row] in text


@pytest.mark.parametrize("folder", LANGUAGES.values(), ids=LANGUAGES)
def test_every_formula_of_the_sheet_links_to_its_rows_of_the_report(site, folder):
    report = site.read(f"{folder}reference/checked/index.html")
    row = r'<tr id="(reference-formulas-\d+)"><td>\d+</td><td>(\d+)</td>.*?</tr>'
    rows = {name: int(cases) for name, cases in re.findall(row, report, re.DOTALL)}
    html = site.read(f"{folder}reference/formulas/index.html")
    entries = [e for e in re.findall(r"<dd>.*?</dd>", html, re.DOTALL) if "<div class" in e]
    for entry in entries:
        [(name, text)] = re.findall(r'href="\.\./checked/#([\w-]+)">(.*?)</a>', entry)
        cases = re.findall(r"\d+", text) or ["1"]  # in one case
        assert rows[name] <= int(cases[0])
    assert len(entries) > 60


# The package on the site


def test_the_install_line_installs_the_package(site, tmp_path):
    """The line from the home page, typed into a new environment, and the page's first code."""
    html = site.read("index.html")
    line = re.search(r"pip install \S+\.whl", html)[0]
    assert f"pip install {site.url}wheels/" in line
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    constraints = str(ROOT / "constraints.txt")
    subprocess.run(
        [python, "-m", *line.split(), "-c", constraints, "--quiet"], check=True, cwd=tmp_path
    )
    import course

    first = course.runnable(ROOT / "docs/en/index.md")[0]
    run = subprocess.run(
        [python, "-c", first.text], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert run.stdout.rstrip() == course.runnable(ROOT / "docs/en/index.md")[1].text


@pytest.mark.parametrize("folder", LANGUAGES.values(), ids=LANGUAGES)
def test_every_first_code_block_leads_to_the_install_line(site, folder):
    assert 'id="install"' in site.read(f"{folder}index.html")
    for page in site.pages():
        html = site.read(f"{page}index.html")
        if page.startswith("ko/") != bool(folder) or page in ("", "ko/"):
            continue
        first = html.find('class="language-python')
        if first > 0:
            link = re.search(r'<p class="bp-install">.*?href=[\'"]([^\'"]+)', html)
            assert link and link.start() < first
            target = (site.folder / page / link[1].split("#")[0]).resolve()
            assert target == (site.folder / folder).resolve()


# What must fail the build


NOTEBOOK = """
# %% [markdown]
# # A notebook {#page}

# %%
from backprop import plotting

plotting.network((1, 1))

# %% [markdown]
# ![Two units, and an arrow between them](figure)
"""


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The project with a line in place of each page's text: it is built in a third of the time."""
    project = copy_project(tmp_path_factory.mktemp("plain") / "project")
    for language in LANGUAGES:
        for path in (project / "docs" / language).rglob("*.*"):
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".py":
                front = re.match(r"(?s)# ---\n.*?\n# ---\n", text)[0]
                path.write_text(front + NOTEBOOK, encoding="utf-8")
            else:
                front = re.match(r"(?s)---\n.*?\n---\n", text)[0]
                front = re.sub(r"(?ms)^keywords:.*?(?=^\S)", "", front)  # they name sections
                path.write_text(f"{front}\n# A page {{#page}}\n\nText.\n", encoding="utf-8")
    return project


@pytest.fixture
def brief(plain, tmp_path):
    """A copy of it, to be spoiled. What a build keeps in .cache serves those after it."""
    project = tmp_path / "project"
    shutil.copytree(plain, project, ignore=shutil.ignore_patterns(".cache"))
    (project / ".cache").symlink_to(plain / ".cache")
    return project


def test_pages_of_a_line_each_do_not_fail_the_build(brief):
    """So it is what the next tests put in that does."""
    run = build(brief, brief / "site")
    assert run.returncode == 0, run.stdout + run.stderr


def spoil(page: Path, text: str) -> None:
    """Put a paragraph at the end of a page, or a cell at the end of a notebook."""
    source = page.read_text(encoding="utf-8")
    added = f"\n# %% [markdown]\n# {text}\n" if page.suffix == ".py" else f"\n\n{text}\n"
    page.write_text(source + added, encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_broken_links_and_anchors_fail_the_build(brief, language):
    """In a page and in a notebook; one language at a time, as each must fail the build."""
    names = ("hand/matrix-form.md", "practice/digits.py")
    for name in names:
        page = brief / "docs" / language / name
        spoil(page, "[link](nowhere-to-be-found.md) and [anchor](../hand/every-element.md#gone)")
    run = build(brief, brief / "site")
    assert run.returncode != 0
    said = run.stdout + run.stderr
    for name in names:
        assert re.search(rf"WARNING.*'{name}'.*nowhere-to-be-found", said), said
        assert re.search(rf"WARNING.*'{name}'.*#gone", said), said
    assert "Aborted with 4 warnings" in said, said


def test_a_failing_cell_fails_the_build(brief):
    page = brief / "docs" / "en" / "practice" / "digits.py"
    with page.open("a", encoding="utf-8") as source:
        source.write("\n# %%\nraise KeyError('on purpose')\n")
    run = build(brief, brief / "site")
    assert run.returncode != 0
    assert "on purpose" in run.stdout + run.stderr


def test_a_figure_without_its_text_fails_the_build(brief):
    for language in LANGUAGES:
        page = brief / "docs" / language / "practice" / "digits.py"
        source = page.read_text(encoding="utf-8")
        page.write_text(re.sub(r"# !\[[^]]*\]\(figure\)\n", "", source), encoding="utf-8")
    run = build(brief, brief / "site")
    assert run.returncode != 0
    assert "no text for" in run.stdout + run.stderr


# The served site


def fetched(url: str, wanted: str, seconds: float = 120) -> str:
    """The page at this address as soon as it holds the wanted text."""
    end, text = time.monotonic() + seconds, ""
    while time.monotonic() < end:
        try:
            text = urllib.request.urlopen(url, timeout=5).read().decode()
            if wanted in text:
                return text
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{wanted!r} did not appear at {url}; the page begins {text[:200]!r}")


def test_mkdocs_serve_has_both_languages_and_reloads_both(brief):
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    server = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "--livereload", "-a", f"127.0.0.1:{port}"],
        cwd=brief,
        env={name: value for name, value in os.environ.items() if name != "REPO_URL"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        html = fetched(f"{address}hand/every-element/", "</html>")
        assert f'hreflang="ko" href="{address}ko/hand/every-element/"' in html
        assert "issues/new" not in html, "no repository is known, so no page links to one"
        html = fetched(f"{address}ko/hand/every-element/", "</html>")
        assert f'hreflang="en" href="{address}hand/every-element/"' in html
        for language, folder in LANGUAGES.items():
            spoil(brief / "docs" / language / "hand/every-element.md", "A-NEW-LINE")
            fetched(f"{address}{folder}hand/every-element/", "A-NEW-LINE")
    finally:
        server.terminate()
        server.wait(timeout=20)
