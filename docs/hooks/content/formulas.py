"""The page reference/formulas: beside each of its formulas a link to the lines of the report of
checked equations which say in how many cases it was computed."""

import html
import posixpath
import re
from pathlib import Path

from equations.extract import chains
from hooks.content.checking import pages

SHEET = "bp-formulas"
ENTRY = re.compile(r"<dd>.*?</dd>", re.S)
DISPLAY = re.compile(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', re.S)
WORDS = {
    "en": {"one": "checked in one case", "many": "checked in {} cases"},
    "ko": {"one": "한 가지 경우에 검산", "many": "{}가지 경우에 검산"},
}


def on_page_content(content, page, config, files):
    if SHEET not in content:
        return content
    words = WORDS[config.theme["language"]]
    rows, _ = pages.told_of(Path("docs/en") / page.file.src_uri)
    shown = iter([row for row in rows if row["display"]])
    report = posixpath.relpath("reference/checked", page.url.rstrip("/"))

    def with_link(match):
        found = [next_of(shown, tex) for tex in equations_in(match[0])]
        if not found:
            return match[0]
        cases = sum(row["instances"] for row in found)
        text = words["one" if cases == 1 else "many"].format(cases)
        link = f'<a href="{report}/#{found[0]["id"]}">{text}</a>'
        return match[0].replace("</p>", f" · {link}</p>", 1)

    return ENTRY.sub(with_link, content)


def equations_in(entry: str) -> list[str]:
    """The equations of an entry, as the checker takes them apart."""
    return [tex for block in DISPLAY.findall(entry) for tex in chains(html.unescape(block))]


def next_of(rows, tex: str) -> dict:
    """The next line of the report, which is that of this equation."""
    row: dict = next(rows)
    if row["tex"].split() != tex.split():
        raise ValueError(f"the report has {row['tex']} where the sheet has {tex}")
    return row
