"""The rule for numbers in prose, and the finder of those that break it. README.md says the rule.

PYTHONPATH=tests:docs python -m prose.numbers          what breaks it
PYTHONPATH=tests:docs python -m prose.numbers --all    every number, with what lets it stand
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import course

from backprop.exercises import Exercise, load
from prose import extract
from prose.extract import FRACTION, MARK, PERCENT, Number, Page, has_a_symbol

MARKS_PER_PAGE = 3
SHORTEST_REASON = 15
NO_MARKS = {"alt text", "heading", "title", "front matter", "block", "words"}  # shown, or lost

# Words beside which a digit is a name or a size. These lists are all there is.

COUNTERS = (
    "개|장|번|배|명|가지|줄|층|행|열|쪽|퍼센트|프로|회|초|분|시간|픽셀|에포크|단계|비트|차원|점"
    "|천|만(?!큼)|억"
)
MEASURED = re.compile(  # behind a digit: it counts or measures something
    rf"\s?(?:\\?%|percent|per cent|(?:times|fold|x|×|k|M|ms|s|MB|kB)\b)|\s*(?:{COUNTERS})|[A-Za-z]"
    r"|\s+(?:wrong|mistakes?|errors?|misread|misclassified|correct|right|of\s+\d+)\b"
)
NAMED = re.compile(
    r"\b(?:units?|layers?|inputs?|outputs?|exercises?|questions?|figures?|equations?|rows?"
    r"|columns?|paths?|parts?|steps?)\s+(?:\d(?:,|,? and|,? or| to|–)\s*)*$"
    r"|(?:유닛|층|입력|출력|행|열|문제|그림|식|경로|단계)\s+(?:\d(?:,|과|와|이나|나|에서)\s*)*$",
    re.IGNORECASE,
)
THINGS = (
    r"(?:inputs?|outputs?|units?|neurons?|samples?|layers?|rows?|columns?|pixels?|pictures?"
    r"|images?|epochs?|steps?|digits?|classes|features|dimensions?)"
)
SIZE_AHEAD = re.compile(
    r"(?:\b(?:batch(?:es)?|mini-batch(?:es)?) of|\bbatch size(?: of)?|\blearning rate(?: of)?"
    r"|배치(?:의)? 크기\S{0,2}|학습률\S{0,2})\s*$",
    re.IGNORECASE,
)
SIZE_BEHIND = re.compile(
    rf"(?:\s+|-)(?:(?:hidden|output|input|training|held-out|true)\s+)?{THINGS}\b"
    r"|\s*(?:행|열|층|픽셀|에포크)"
)
KOREAN_SIZE_AHEAD = re.compile(
    r"(?:입력|출력|유닛|뉴런|표본|층|행|열|픽셀|그림|배치|에포크|특징|원소)"
    r"(?:\([^)]*\))?[가-힣]{0,2}\s*$"
)
KOREAN_SIZE_BEHIND = re.compile(r"\s*(?:개|장|번|차원)")
SHAPE = re.compile(
    r"\(\d+(?:, \d+)+\)|\(\d+,\)|(?<![\w.])\d+(?: by | ?[×x] ?| \\times )\d+(?![\d.])"
)
JUDGED = re.compile(
    r"\b(?:wrong|misread|misclassified|mistakes?|correct(?:ly)?|accura\w+)\b"
    r"|틀[린렸려]|맞[힌혔]|잘못|정확도"
)
ARCHITECTURE = re.compile(r"(?<![\w.])\d+(?:-\d+){2,}(?=\s(?:\S+\s)?(?:network|신경망))")

YEAR = r"(?:1[6-9]\d\d|20[0-3]\d)"
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATE = re.compile(
    rf"(?<!\w){YEAR}-\d\d-\d\d(?!\d)|\b(?:\d{{1,2}} )?{MONTH} {YEAR}(?!\d)"
    rf"|(?<!\w){YEAR}년(?: ?\d{{1,2}}월(?: ?\d{{1,2}}일)?)?"
    rf"|(?:\b[A-Z][\w’'-]+[”\"]?|\bothers|\bal\.|등|외|[』」])\s*\({YEAR}[a-z]?\)"
    rf"|\((?:[A-Z][\w’'-]+|[A-Z][^()\d]* (?:others|al\.|[A-Z][\w’'-]+)|[가-힣]+ [등외]),? {YEAR}"
    r"[a-z]?\)"
)
PROPER = re.compile(
    r"\bPython \d(?:\.\d+)?(?:\.\d+)?(?![\d%]| %)"
    r"|\b(?:NumPy|PyTorch|MkDocs|MathJax|JAX|Pyodide|matplotlib) \d+(?:\.\d+)+(?![\d%]| %)"
    r"|\b(?:CC BY(?:-[A-Z]+)*|Attribution|MPL|Apache|Open Font Licen[cs]e|저작자표시) \d\.\d"
    r"(?![\d%]| %)"
    r"|\bdoi:\s?10\.\d+/[\w./-]+|\barXiv:\d{4}\.\d{4,5}|\bISBN [\d-]+\d"
    r"|\b[A-Z][A-Za-z]*[A-Z][A-Za-z]*-\d+(?![\d.%]| %)"  # UTF-8, CIFAR-10
    r"|(?:\bpp?\.|[,(] pages?) \d{1,4}(?:[–-]\d{1,4})?(?![\d%]| %)"
    r"|\b(?:[Cc]hapters?|[Ss]ections?|[Vv]ol\.) \d{1,2}(?:\.\d{1,2})*(?![\d%]| %)"
    r"|(?<![\d.])\d+(?:\.\d+)*(?:쪽|절)|제\d+장"
)
QUOTATION = re.compile(r"(?:“[^”]*”|\"[^\"]*\"),? ?\(?\[[^]]*\]\(https?://[^)\s]+\)")
SOURCE = re.compile(r"\]\(https?://[^)\s]+\)")
MARKER = re.compile(r"^\s*(?:# ?)?(\d+)[.)]\s")
HEADING_NUMBER = re.compile(r"#{1,6} (\d+)\. .*\{ ?#exercise-(\d+) ?\}$")
BOX = re.compile(r"^(?:!!!|\?\?\?)", re.MULTILINE)
EXERCISE = re.compile(r"^#{1,6} .*\{ ?#exercise-\d+ ?\}$", re.MULTILINE)
NEXT_HEADING = re.compile(r"^#{1,6} .*\{ ?#[\w-]+ ?\}$", re.MULTILINE)


# What stands around a number


def around(page: Page, number: Number) -> tuple[str, str]:
    """The text before and behind it, as far as its paragraph reaches."""
    first, last = page.bounds(number.start)
    return page.text[first : number.start], page.text[number.behind : last]


def inside(pattern: re.Pattern, page: Page, number: Number, text: str = "") -> bool:
    """It stands inside a match of the pattern in its paragraph."""
    first, last = page.bounds(number.start)
    spans = spans_of(pattern, (text or page.text)[first:last])
    return any(a <= number.start - first < b for a, b in spans)


@lru_cache(10_000)
def spans_of(pattern: re.Pattern, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def clause(page: Page, number: Number) -> str:
    before, behind = around(page, number)
    edge = re.compile(r"[.;:!?|](?=\s|$)")
    return edge.split(before)[-1] + edge.split(behind)[0]


def one_digit(number: Number) -> bool:
    return bool(re.fullmatch(r"\d", number.value))


def has_percent(page: Page, number: Number) -> bool:
    text = number.expression[:-1] if number.expression else ""
    here = text[text.rfind(number.shown) + len(number.shown) :] if text else ""
    return bool(PERCENT.match(around(page, number)[1]) or PERCENT.match(here))


def is_size(page: Page, number: Number) -> bool:
    """A word for a thing that networks are made of or fed with stands beside it, and the clause
    does not speak of right and wrong."""
    before, behind = around(page, number)
    if (
        number.shown != number.value
        or has_percent(page, number)
        or JUDGED.search(clause(page, number))
    ):
        return False
    return bool(
        SIZE_AHEAD.search(before)
        or SIZE_BEHIND.match(behind)
        or (KOREAN_SIZE_AHEAD.search(before) and KOREAN_SIZE_BEHIND.match(behind))
        or inside(SHAPE, page, number)
        or SHAPE.fullmatch(number.expression.strip("`$ "))
    )


def in_a_named_expression(number: Number) -> bool:
    """In a formula with a symbol, or in code with a name."""
    if number.expression.startswith("$"):
        return has_a_symbol(extract.without_indices(number.expression))
    return bool(re.search(r"[A-Za-z]", re.sub(r"\d[eE][-+]?\d", "", number.expression)))


# The reasons that let a number stand


def zero_or_one(page: Page, number: Number) -> bool:
    behind = around(page, number)[1]
    free = number.value in {"0", "1", "-1"} and number.shown[-1] in "01"
    return free and not MEASURED.match(behind) and not has_percent(page, number)


def name(page: Page, number: Number) -> bool:
    """unit 2, 층 1: one digit right behind such a word, counting and measuring nothing."""
    before, behind = around(page, number)
    named = one_digit(number) and not number.expression and NAMED.search(before)
    return bool(named and not MEASURED.match(behind) and not SIZE_BEHIND.match(behind))


def architecture(page: Page, number: Number) -> bool:
    return inside(ARCHITECTURE, page, number)


def proper_name(page: Page, number: Number) -> bool:
    return inside(PROPER, page, number)


def date(page: Page, number: Number) -> bool:
    return inside(DATE, page, number)


def place_in_a_list(page: Page, number: Number) -> bool:
    """1. 2. 3. in order; and an exercise's number, which is that of its anchor."""
    line = page.line(number.start)
    text = page.lines[line - 1]
    heading = HEADING_NUMBER.match(text)
    if heading and number.place == "heading":
        return heading[1] == heading[2] == number.value and number.start == page.starts[
            line - 1
        ] + heading.start(1)
    marker = MARKER.match(text)
    if not marker or page.starts[line - 1] + marker.start(1) != number.start:
        return False
    if number.value == "1":
        return True
    for earlier in reversed(page.lines[: line - 1]):
        if NEXT_HEADING.match(earlier):
            return False
        if before := MARKER.match(earlier):
            return int(before[1]) == int(number.value) - 1
    return False


def chosen_size(page: Page, number: Number) -> bool:
    return number.value in page.code and is_size(page, number)


def given(page: Page, number: Number) -> bool:
    """A size that an exercise's statement chooses, there and in its solution."""
    for heading in EXERCISE.finditer(page.source):
        end = NEXT_HEADING.search(page.source, heading.end())
        last = end.start() if end else len(page.source)
        if heading.end() <= number.start < last and is_size(page, number):
            box = BOX.search(page.source, heading.end(), last)
            stated = box.start() if box else last
            return any(
                other.value == number.value
                for other in page.numbers
                if heading.end() <= other.start < stated and is_size(page, other)
            )
    return False


def stands_in(sets: list[tuple[int, set[str]]], page: Page, number: Number) -> bool:
    """The fewer digits, the less a match says: one digit counts from the next paragraph, an
    integer of two from the same section, all others from the page."""
    if re.match(r"[A-Za-z×]", around(page, number)[1]):
        return False  # 2nd, 12ms, 3x
    value = number.value + ("%" if has_percent(page, number) else "")
    here = number.start

    def near(at: int) -> bool:
        if re.fullmatch(r"-?\d", value):
            return abs(page.paragraph(at) - page.paragraph(here)) <= 1
        return page.section(at) == page.section(here) or not re.fullmatch(r"-?\d\d", value)

    return any(value in numbers and near(at) for at, numbers in sets)


def output(page: Page, number: Number) -> bool:
    return stands_in(page.outputs, page, number)


def equation(page: Page, number: Number) -> bool:
    if stands_in(page.equations, page, number):
        return True
    same = [m for m in FRACTION.finditer(number.expression) if m[0] in page.fractions]
    return any(number.value in {m[1], m[2]} for m in same) and not has_percent(page, number)


def expression(page: Page, number: Number) -> bool:
    """Part of a formula with a symbol or of code with a name: one digit, or a number that the
    page's code names."""
    known = one_digit(number) or number.value.lstrip("-") in page.code
    return known and in_a_named_expression(number) and not has_percent(page, number)


def quoted(page: Page, number: Number) -> bool:
    """In a quotation with its source right behind it, as a link to another site."""
    first, last = page.bounds(number.start)
    block = page.source[first:last].lstrip().startswith(">")
    return inside(QUOTATION, page, number, page.source) or bool(
        block and SOURCE.search(page.source[first:last])
    )


def marked(page: Page, number: Number) -> bool:
    mark = MARK.match(page.source, number.behind)
    return bool(mark and number.place not in NO_MARKS and len(mark["why"]) > SHORTEST_REASON)


REASONS: list[Callable[[Page, Number], bool]] = [
    zero_or_one,
    name,
    architecture,
    proper_name,
    date,
    place_in_a_list,
    output,
    equation,
    expression,
    chosen_size,
    given,
    quoted,
    marked,
]


def reason(page: Page, number: Number) -> str:
    """What lets the number stand; an empty text if nothing does."""
    return next((why.__name__ for why in REASONS if why(page, number)), "")


# Finding


@dataclass(frozen=True)
class Finding:
    line: int
    place: str
    number: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.line}: {self.number} ({self.place}): {self.sentence}"


def sentence(page: Page, start: int, end: int) -> str:
    """The words around a number, for a report."""
    first, last = page.bounds(start)
    first, last = max(first, start - 70), min(last, end + 50)
    return re.sub(r"\s+", " ", page.source[first:last]).strip()


def findings(source: str, words: bool = False, printed: Sequence[str] = ()) -> list[Finding]:
    """The numbers of a Markdown text that nothing lets stand, and marks that are no use.
    With `words` the text is a string of the build, where a mark would be shown; `printed` is what
    the cells of a notebook print."""
    page = extract.read(source, printed)
    found, used = [], set()
    for number in page.numbers:
        why = "" if words and MARK.match(page.source, number.behind) else reason(page, number)
        if not why:
            where = sentence(page, number.start, number.end)
            found.append(Finding(page.line(number.start), number.place, number.shown, where))
        elif why == "marked":
            mark = MARK.match(page.source, number.behind)
            used.add(page.source.index("<!--", number.behind) if mark else -1)
    for at in page.marks:
        if at not in used:
            where = sentence(page, at, at)
            found.append(Finding(page.line(at), "mark", "a mark that no number needs", where))
    if len(used) > MARKS_PER_PAGE:
        found.append(Finding(1, "mark", f"{len(used)} marks", f"at most {MARKS_PER_PAGE} a page"))
    return sorted(found, key=lambda finding: finding.line)


def shifted(found: list[Finding], lines: int) -> list[Finding]:
    return [Finding(f.line + lines, f.place, f.number, f.sentence) for f in found]


@cache
def sources() -> list[Path]:
    """Every file whose words readers see."""
    docs = course.ROOT / "docs"
    return [
        course.ROOT / "README.md",
        *course.all_pages("en"),
        *course.all_pages("ko"),
        *sorted((course.ROOT / "src/backprop/exercises/given").glob("network*.py")),
        *sorted((course.ROOT / "src/backprop/exercises").rglob("*.md")),
        *sorted((docs / "hooks").rglob("*.py")),
        *sorted((docs / "theme").rglob("*.html")),
        course.ROOT / "mkdocs.yml",
        course.ROOT / "mkdocs.ko.yml",
    ]


def words_of_exercise(exercise: Exercise) -> tuple[list[str], list[str]]:
    """Its texts in each language, with the code that tests run; and its verdicts."""
    texts = [
        "\n\n".join(
            [
                exercise.title[language],
                exercise.task[language],
                f"```python\n{exercise.starter_in(language)}```",
                *exercise.hints[language],
                f"```python\n{exercise.solution}```",
                exercise.explanation[language],
            ]
        )
        for language in ("en", "ko")
    ]
    return texts, [words for each in exercise.words.values() for words in each.values()]


def findings_of(path: Path) -> list[Finding]:
    """What breaks the rule in a file: a page, or the words that the build puts into pages."""
    folders = path.relative_to(course.ROOT).parts if path.is_relative_to(course.ROOT) else ()
    if path.suffix == ".yml":
        strings = extract.settings(path)
    elif path.suffix == ".html":
        strings = extract.words_of_templates(path)
    elif "hooks" in folders:
        strings = extract.words_of_hooks(path)
    elif "exercises" in folders and path.suffix == ".md":
        texts, said = words_of_exercise(load(path.stem))
        return [f for t in texts for f in findings(t)] + [
            f for s in said for f in findings(s, True)
        ]
    elif "given" in folders:
        lines = path.read_text(encoding="utf-8").splitlines()
        code = "\n".join("" if course.MARKER.match(line) else line for line in lines)
        return shifted(findings(f"```python\n{code}\n```\n"), -1)
    else:
        return findings(extract.source_of(path), printed=extract.printed_on(path))
    return [f for line, words in strings for f in shifted(findings(words, True), line - 1)]


def standing(path: Path) -> Iterator[tuple[int, str, str, str]]:
    """Every number of a page: line, number, what lets it stand, the words around it."""
    page = extract.read(extract.source_of(path), extract.printed_on(path))
    for number in page.numbers:
        where = sentence(page, number.start, number.end)
        yield page.line(number.start), number.shown, reason(page, number) or "NOTHING", where


def main() -> None:
    for path in sources():
        place = path.relative_to(course.ROOT)
        for found in findings_of(path):
            print(f"{place}:{found}")
        if "--all" in sys.argv and path.suffix in {".md", ".py"} and "hooks" not in path.parts:
            for line, shown, why, where in standing(path):
                print(f"{place}:{line}: {shown} stands as {why}: {where}")


if __name__ == "__main__":
    main()
