"""The page reference/checked: every equation of the site with the number of cases in which its
two sides were computed and compared. Numbered equations link to their rows."""

import hashlib
import html
import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

import course
from equations import report as equations_report
from hooks.keeping import keep

CACHE = Path(".cache/equations")
CODE = (".py", ".json", ".lark")
PLACEHOLDER = "CHECKED_TABLE"
NUMBERED = re.compile(
    r'(<div class="arithmatex">\\\[(?:(?!</div>).)*?\\tag\{([^}]+)\}.*?</div>)', re.S
)
WORDS: dict = {
    "en": {
        "head": ("line", "cases", "largest difference", "equation"),
        "sum": "{all} equations, {evaluated} of them evaluated in {instances} cases.",
        "exempt": "not evaluated: {why}",
        "link": "checked in {instances} cases",
    },
    "ko": {
        "head": ("줄", "경우의 수", "가장 큰 차이", "식"),
        "sum": "식 {all}개 가운데 {evaluated}개를 모두 {instances}가지 경우에 계산했습니다.",
        "exempt": "계산하지 않음: {why}",
        "link": "{instances}가지 경우에 검산함",
    },
}
report: dict = {}


def state_of_code() -> bytes:
    """Changes with whatever computes the two sides of an equation."""
    digest = hashlib.sha256()
    folders = ("docs/hooks", "tests/equations", "src/backprop")
    sources = [path for folder in folders for path in Path(folder).rglob("*")]
    for source in sorted([*sources, Path("tests/course.py")]):
        if source.suffix in CODE:
            digest.update(source.read_bytes())
    return digest.digest()


# As it was when this process took the checker in: what it computes later is still by that code.
STATE = state_of_code()


def on_pre_build(config):
    report["rows"] = [row for page in course.all_pages("en") for row in rows_of(page)]


def rows_of(page: Path) -> list[dict]:
    """What the checker says of a page, now or when it last had this text."""
    digest = hashlib.sha256(STATE)
    for path in (page, equations_report.twin(page)):
        digest.update(course.page_text(path).encode() + b"\0")
    kept = CACHE / f"{digest.hexdigest()[:32]}.json"
    if not kept.exists():
        rows = equations_report.as_dicts([page])
        keep(kept, json.dumps(rows, ensure_ascii=False))
    found: list[dict] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def on_page_markdown(markdown, page, config, files):
    if PLACEHOLDER in markdown:
        return markdown.replace(PLACEHOLDER, tables(config, files))
    return markdown


def on_page_content(content, page, config, files):
    words = WORDS[config.theme["language"]]
    own = [row for row in report["rows"] if row["page"] == page.file.src_uri]
    numbered = iter([row for row in own if row["label"] and row["display"]])

    def with_link(match):
        row = next(numbered)  # in the order of the page: a label may stand there twice
        up = posixpath.relpath("reference/checked", page.url.rstrip("/") or ".")
        text = words["link"].format(instances=row["instances"])
        link = f'<a href="{up}/#{row["id"]}">{match[2]}: {text}</a>'
        return f'{match[1]}<p class="bp-checked">{link}</p>'

    return NUMBERED.sub(with_link, content)


def tables(config, files) -> str:
    """A sentence, and one table for each page that has equations, as the course goes on."""
    language = config.theme["language"]
    order = list(pages_of(config.nav))
    words = WORDS[language]
    rows = sorted(report["rows"], key=lambda row: order.index(row["page"]))
    evaluated = [row for row in rows if row["instances"]]
    instances = sum(row["instances"] for row in evaluated)
    parts = [words["sum"].format(all=len(rows), evaluated=len(evaluated), instances=instances)]
    for uri in dict.fromkeys(row["page"] for row in rows):
        name = re.sub(r"\W", "-", uri.rsplit(".", 1)[0])
        parts.append(f"### [{title(config, files, uri)}](../{uri}) {{#{name}}}")
        head = "".join(f'<th scope="col">{word}</th>' for word in words["head"])
        body = "\n".join(line(r, words, language) for r in rows if r["page"] == uri)
        parts.append(
            f"<table>\n<thead><tr>{head}</tr></thead>\n"
            f'<tbody class="bp-report">\n{body}\n</tbody>\n</table>'
        )
    return "\n\n".join(parts)


def pages_of(nav) -> Iterator[str]:
    """The pages of a navigation, in its order."""
    if isinstance(nav, str):
        yield nav
    for each in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from pages_of(each)


def title(config, files, uri) -> str:
    """The page's title, as its front matter gives it."""
    source = (Path(config.docs_dir) / uri).read_text(encoding="utf-8")
    return re.findall(r"^(?:# )?title: (.+)$", source, re.MULTILINE)[0]


def line(row, words, language) -> str:
    formula = rf'<span class="arithmatex">\({html.escape(row["tex"])}\)</span>'
    if row["instances"]:
        result = f"<td>{row['instances']}</td><td>{row['worst']:.0e}</td>".replace("0e+00", "0")
    else:
        why = row["exempt_ko"] if language == "ko" else row["exempt"]
        result = f'<td colspan="2">{words["exempt"].format(why=html.escape(why))}</td>'
    return f'<tr id="{row["id"]}"><td>{row["line"]}</td>{result}<td>{formula}</td></tr>'
