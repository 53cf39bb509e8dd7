"""The page reference/checked: what of the course is held by tests, in numbers that nobody types,
and every equation with the number of cases in which its two sides were computed and compared.
Numbered equations link to their rows."""

import posixpath
import re
from collections import Counter

import course
import records
from hooks.content.checking import counts, equations, pages

PLACEHOLDER = re.compile(r"CHECKED_(EQUATIONS|MISTAKES|RED)\b")
NUMBERED = re.compile(
    r'(<div class="arithmatex">\\\[(?:(?!</div>).)*?\\tag\{([^}]+)\}.*?</div>)', re.S
)
WORDS = {"en": "checked in {instances} cases", "ko": "{instances}가지 경우에 검산함"}
report: dict = {}


def on_pre_build(config):
    told = [pages.told_of(page) for page in course.all_pages("en")]
    report["rows"] = [row for rows, _ in told for row in rows]
    report["counts"] = sum((counted for _, counted in told), Counter())


def on_page_markdown(markdown, page, config, files):
    if not PLACEHOLDER.search(markdown):
        return markdown

    def made(match):
        if match[1] == "EQUATIONS":
            return equations.every_equation(report["rows"], config, files)
        if match[1] == "MISTAKES":
            return equations.every_mistake(config.theme["language"])
        return records.read("counted")["red"]

    filled = counts.filled(markdown, report["rows"], report["counts"], config)
    return PLACEHOLDER.sub(made, filled)


def on_page_content(content, page, config, files):
    said = WORDS[config.theme["language"]]
    own = [row for row in report["rows"] if row["page"] == page.file.src_uri]
    numbered = iter([row for row in own if row["label"] and row["display"]])

    def with_link(match):
        row = next(numbered)  # in the order of the page: a label may stand there twice
        up = posixpath.relpath("reference/checked", page.url.rstrip("/") or ".")
        text = said.format(instances=row["instances"])
        link = f'<a href="{up}/#{row["id"]}">{match[2]}: {text}</a>'
        return f'{match[1]}<p class="bp-checked">{link}</p>'

    return NUMBERED.sub(with_link, content)
