"""The page reference/api: every public name with its docstring, which links to the page that
derives it. That page links back, at its end and under what it quotes from the package.

(Not mkdocstrings, which was tried: to it `squared_error` and `sigmoid` are values without a word,
"array, shape (n_in, n_out)" is a call, and its anchors get lost where a server does not convert a
page again.)"""

import json
import posixpath
import re
from functools import partial
from pathlib import Path

from hooks.content.api_entries import Entry, as_markdown, public
from hooks.content.checking.equations import title
from hooks.content.figures import state_of_sources

HERE = "reference/api"
# Where on a page names are derived: {"hand/forward": {"tanh": ["tanh", …]}}
PLACES = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
ENTRIES = re.compile(r"^<!-- api: ([\w ]+) -->$", re.MULTILINE)
QUOTED = re.compile(
    r'^``` \{ \.python \.source \}\n--8<-- "(\w+)\.py:([\w-]+)"\n```$', re.MULTILINE
)
OPEN = '<div class="bp-entry" lang="en" markdown="1">'
WORDS = {
    "en": {"under": "{} in the API reference", "end": "In the API reference: {}"},
    "ko": {"under": "API 레퍼런스의 {}", "end": "API 레퍼런스에서 보기: {}"},
}


modules: dict[str, list[Entry]] = {}


def on_pre_build(config):
    modules.clear()
    modules.update(public(state_of_sources()))


def on_page_markdown(markdown, page, config, files):
    if name_of(page) != HERE:
        return QUOTED.sub(lambda quoted: with_link(quoted, page, config), markdown)
    return ENTRIES.sub(lambda found: entries(found[1].split(), config, files), markdown)


def on_page_content(html, page, config, files):
    """At the end of a page, the names that it derives."""
    up = posixpath.relpath(HERE, page.url.rstrip("/") or ".")
    links = [
        f'<a href="{up}/#{entry.key}"><code>{entry.written}</code></a>'
        for entry in derived_on(name_of(page))
    ]
    said = WORDS[config.theme["language"]]["end"].format(", ".join(links))
    return f'{html}\n<p class="bp-api">{said}</p>' if links else html


def name_of(page) -> str:
    return page.file.src_uri.rpartition(".")[0]


def derived_on(page: str) -> list[Entry]:
    """(A function that calls a rule is found from there.)"""
    entries = [entry for each in modules.values() for entry in each if not entry.rule]
    return [entry for entry in entries if page in entry.pages]


# Under a quotation


def with_link(quoted, page, config) -> str:
    entry = quoted_from(quoted[1], quoted[2])
    if entry is None:
        return quoted[0]
    up = posixpath.relpath(HERE, posixpath.dirname(page.file.src_uri))
    link = f"[`{entry.written}`]({up}.md#{entry.key})"
    said = WORDS[config.theme["language"]]["under"].format(link)
    return f"{quoted[0]}\n\n{said}\n{{ .bp-api }}"


def quoted_from(module: str, section: str) -> Entry | None:
    """Whose section it is: of the first name that ends behind its beginning."""
    if not modules.get(module):
        return None
    source = Path(f"src/backprop/{module}.py").read_text(encoding="utf-8")
    line = source[: source.index(f"[start:{section}]")].count("\n") + 1
    in_order = sorted(modules[module], key=lambda entry: entry.object.lineno)
    return next((entry for entry in in_order if entry.object.endlineno > line), None)


# The page


def entries(names: list[str], config, files) -> str:
    parts = []
    for entry in (entry for name in names for entry in modules[name]):
        said = as_markdown(entry, partial(link, entry, config, files))
        parts += [f"### {entry.written} {{#{entry.key}}}", OPEN, said, "</div>"]
    return "\n\n".join(parts)


def link(entry: Entry, config, files, found: str) -> str:
    """A page by its title, at the place that derives the name; a name by what is said of it."""
    if found.startswith("`"):
        known = {e.name: e.key for each in modules.values() for e in each if e.written[:3] == "bp."}
        known |= {e.key: e.key for each in modules.values() for e in each}
        known |= {e.name: e.key for e in modules[entry.key.partition(".")[0]]}
        name = found.strip("`") if found[1] != "`" else ""
        key = known.get(name) or known.get(name.partition(".")[0])
        return f"[{found}](#{key})" if key and key != entry.key else found
    uri = next(f"{found}{end}" for end in (".md", ".py") if files.get_file_from_path(found + end))
    anchors = [at for at, names in PLACES.get(found, {}).items() if entry.name in names]
    address = "#".join([f"../{uri}", *anchors[:1]])
    return f"[{title(config, files, uri)}]({address}){{ lang={config.theme['language']} }}"
