"""The tables of reference/checked: every equation of the site, in the order of the course; and the
mistakes that were planted into them, kind by kind."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import records

WORDS: dict = {
    "en": {
        "head": ("line", "cases", "largest difference", "equation"),
        "sum": "{all} equations, {evaluated} of them evaluated in {instances} cases.",
        "page": "Equations: {all}, cases: {instances}",
        "exempt": "not evaluated: {why}",
        "kinds": ("mistake", "planted", "caught", "left, with a reason"),
        "total": "all",
    },
    "ko": {
        "head": ("줄", "경우의 수", "가장 큰 차이", "식"),
        "sum": "식 {all}개 가운데 {evaluated}개를 모두 {instances}가지 경우에 계산했습니다.",
        "page": "식 {all}개, 모두 {instances}가지 경우",
        "exempt": "계산하지 않음: {why}",
        "kinds": ("실수", "심은 수", "찾은 수", "남은 수(이유를 밝힌 것)"),
        "total": "모두",
        "a changed digit": "숫자 하나를 바꾸기",
        "a lost factor": "인수 하나를 빠뜨리기",
        "a layer index up": "다음 층의 번호를 쓰기",
        "a layer index down": "이전 층의 번호를 쓰기",
        "a transpose added": "전치를 하나 더하기",
        "a transpose dropped": "전치를 빠뜨리기",
        "a sign": "부호를 바꾸기",
        "z for a": "a 자리에 z를 쓰기",
        "a for z": "z 자리에 a를 쓰기",
        "a lost prime": "도함수의 프라임을 빠뜨리기",
        "an elementwise product turned into a matrix product": "원소별 곱을 행렬곱으로 바꾸기",
    },
}


def every_equation(rows: list[dict], config, files) -> str:
    """A sentence, and one table for each page that has equations, as the course goes on; folded, as
    a browser takes seconds to lay out all of them."""
    language = config.theme["language"]
    order = list(pages_of(config.nav))
    words = WORDS[language]
    rows = sorted(rows, key=lambda row: order.index(row["page"]))
    parts = [counted(words["sum"], rows)]
    for uri in dict.fromkeys(row["page"] for row in rows):
        name = re.sub(r"\W", "-", uri.rsplit(".", 1)[0])
        parts.append(f"### [{title(config, files, uri)}](../{uri}) {{#{name}}}")
        its = [row for row in rows if row["page"] == uri]
        body = table(words["head"], [line(row, words, language) for row in its], "bp-report")
        summary = f"<summary>{counted(words['page'], its)}</summary>"
        parts.append(f'<details class="abstract">\n{summary}\n{body}\n</details>')
    return "\n\n".join(parts)


def counted(words: str, rows: list[dict]) -> str:
    evaluated = [row for row in rows if row["instances"]]
    instances = sum(row["instances"] for row in evaluated)
    numbers = {"all": len(rows), "evaluated": len(evaluated), "instances": instances}
    return words.format(**{name: f"{count:,}" for name, count in numbers.items()})


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


def table(head, body: list[str], look: str) -> str:
    named = "".join(f'<th scope="col">{word}</th>' for word in head)
    rows = "\n".join((f'<tbody class="{look}">', *body, "</tbody>"))
    return f"<table>\n<thead><tr>{named}</tr></thead>\n{rows}\n</table>"


def line(row, words, language) -> str:
    formula = rf'<span class="arithmatex">\({html.escape(row["tex"])}\)</span>'
    if row["instances"]:
        result = f"<td>{row['instances']}</td><td>{row['worst']:.0e}</td>".replace("0e+00", "0")
    else:
        why = row["exempt_ko"] if language == "ko" else row["exempt"]
        result = f'<td colspan="2">{words["exempt"].format(why=html.escape(why))}</td>'
    return f'<tr id="{row["id"]}"><td>{row["line"]}</td>{result}<td>{formula}</td></tr>'


# Planted mistakes


def planted(what: str) -> Counter[str]:
    """Of the last whole run: "planted" or "left", by kind."""
    pages = records.read("planted")["pages"].values()
    return sum((Counter(page[what]) for page in pages), Counter())


def every_mistake(language: str) -> str:
    tried, left = planted("planted"), planted("left")
    words, body = WORDS[language], []
    for kind, count in tried.most_common():
        body.append(mistake(words.get(kind, kind), count, left[kind]))
    body.append(mistake(f"<strong>{words['total']}</strong>", tried.total(), left.total()))
    return table(words["kinds"], body, "bp-planted")


def mistake(name: str, tried: int, left: int) -> str:
    cells = "".join(f"<td>{number:,}</td>" for number in (tried, tried - left, left))
    return f"<tr><td>{name}</td>{cells}</tr>"


def changed_since(rows: list[dict]) -> int:
    """Pages whose equations are others than in the last whole run; all of them, if the program
    that evaluates equations has changed."""
    record = records.read("planted")
    now: dict[str, list[str]] = {}
    for row in rows:
        if not row["exempt"]:
            now.setdefault(row["page"].rsplit(".", 1)[0], []).append(row["tex"])
    if record["checker"] != records.state_of_checker():
        return len(now)
    then = {name: page["equations"] for name, page in record["pages"].items()}
    same = [name for name, texts in now.items() if then.get(name) == records.digest(texts)]
    return len(now.keys() | then.keys()) - len(same)
