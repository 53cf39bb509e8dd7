"""The sheet reference/formulas says nothing of its own: each formula occurs in the section that
its link names, and no key formula of the course is missing."""

import re
from dataclasses import dataclass
from functools import cache

import course
import pytest
from equations.extract import Equation, equations

import backprop.rules

SHEET = "reference/formulas.md"
HEADING = re.compile(r"^(#{1,6}) .*?\{ ?#([\w-]+)[^}]*\}$", re.MULTILINE)
ENTRY = re.compile(r"^(?=\S).*\{#([\w-]+)\}\n:   (?:.*\n(?=    |\n|\Z)|    .*\n|\n)+", re.MULTILINE)
LINK = re.compile(r"\[([^]]+)\]\(([^)#]*)#([\w-]+)\)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
MATH = re.compile(r"\$([^$\n]+)\$")
CHECKED = {"checked", "검산"}
RELATIONS = ("=", r"\approx", r"\leftarrow")

# What a formula of one sample is called where a batch is meant.
FOR_A_BATCH = {r"\Lossx": r"\Loss", r"\a": r"\A", r"\z": r"\Z", r"\x": r"\X"}
NOT_ON_THE_SHEET = {
    "zero/learning.md": "its formulas are derived on the pages after it",
    "hand/one-path.md": "one weight of one network: chain rule and unit are on the sheet",
    "hand/every-element.md": "twelve weights of one network",
    "hand/matrix-form.md": "the four equations for two layers",
    "practice/digits.py": "softmax and cross-entropy with other numbers",
    "practice/broken-backward.py": "wrong backward passes beside the right one",
    "lab/your-network.md": "one weight of one network: chain rule, BP1 and BP2 are on the sheet",
}


@dataclass
class Entry:
    anchor: str
    text: str

    @property
    def links(self) -> list[tuple[str, str]]:
        """Page and anchor of each section in which it is derived."""
        lines = self.text.splitlines()[1]
        found = [
            (page, anchor) for word, page, anchor in LINK.findall(lines) if word not in CHECKED
        ]
        return [(page_of(page), anchor) for page, anchor in found]

    @property
    def equations(self) -> list[Equation]:
        return equations(self.text)

    @property
    def words(self) -> list[str]:
        """What it says in code and in formulas without a relation, where it has no equation."""
        text = COMMENT.sub("", "\n".join(self.text.splitlines()[2:]))
        return [] if "$$" in text else CODE.findall(text) + MATH.findall(text)


def page_of(link: str) -> str:
    return link.removeprefix("../") if link.startswith("../") else f"reference/{link}"


def entries(language: str) -> list[Entry]:
    text = course.page_text(course.ROOT / "docs" / language / SHEET)
    sheet = text.partition("## Exercises")[0].partition("## 연습 문제")[0]
    return [Entry(match[1], match[0]) for match in ENTRY.finditer(sheet)]


@cache
def text_of(page: str) -> str:
    """A page's text; a notebook's with its code."""
    path = course.ENGLISH / page
    if path.suffix == ".py":
        return "\n\n".join(text for _, text in course.notebook_cells(path))
    return course.page_text(path)


@cache
def section(page: str, anchor: str) -> str:
    """A section of a page, with the sections below it."""
    text = text_of(page)
    begins = next(match for match in HEADING.finditer(text) if match[2] == anchor)
    ends = [m for m in HEADING.finditer(text, begins.end()) if len(m[1]) <= len(begins[1])]
    return text[begins.start() : ends[0].start() if ends else len(text)]


def plain(tex: str) -> str:
    """LaTeX without what only sets it: space, alignment, braces that hold one letter."""
    tex = re.sub(r"\\tag\{[^}]*\}|\\q?quad|&|\{\}|\\[,;]", " ", tex)
    return re.sub(r"\s+", "", re.sub(r"_\{(\w)\}", r"_\1", tex))


def parts(tex: str) -> list[str]:
    """The sides of a chain and the relations between them, outside of braces and brackets."""
    found, depth = [""], 0
    for token in re.findall(r"\\[a-zA-Z]+|\\.|.", tex, re.DOTALL):
        depth += (token in "{[") - (token in "}]")
        if depth == 0 and token in RELATIONS:
            found += [token, ""]
        else:
            found[-1] += token
    return [plain(part) for part in found]


def occurs(tex: str, others: list[str]) -> bool:
    """Whether one of some chains has the sides of this one, in their order."""
    wanted = parts(tex)
    for other in others:
        rest = iter(parts(other))
        if all(part in rest for part in wanted):
            return True
    return False


@pytest.mark.parametrize("entry", entries("en"), ids=lambda entry: entry.anchor)
def test_a_formula_occurs_where_its_link_leads(entry):
    texts = [section(*link) for link in entry.links]
    there = [each.tex for text in texts for each in equations(text)]
    for each in entry.equations:
        assert occurs(each.tex, there), each.tex
    for word in entry.words:
        assert any(word in text for text in texts), word
    assert entry.equations or entry.words


@pytest.mark.parametrize("entry", entries("en"), ids=lambda entry: entry.anchor)
def test_what_is_no_equation_says_where_it_is_checked(entry):
    links = [word for word, _, _ in LINK.findall(entry.text.splitlines()[1])]
    assert ("checked" in links) == (not any(e.display for e in entry.equations))


def test_both_languages_link_to_the_same_sections():
    english, korean = (
        [(each.anchor, each.links, CODE.findall(each.text)) for each in entries(language)]
        for language in ("en", "ko")
    )
    assert english == korean and len(english) > 60


def test_no_rule_of_the_package_is_missing():
    names = {name for each in entries("en") for name in CODE.findall(each.text)}
    rules = {
        name
        for name, rule in vars(backprop.rules).items()
        if getattr(rule, "__module__", "") == backprop.rules.__name__
    }
    assert len(rules) > 10 and not rules - names


def test_no_numbered_equation_is_missing():
    """BP1 to BP4: on the sheet as they are, or for a batch; those in columns too."""
    sheet = [each.tex for entry in entries("en") for each in entry.equations]
    linked = {link for entry in entries("en") for link in entry.links}
    for name in (path.relative_to(course.ENGLISH).as_posix() for path in course.all_pages("en")):
        for each in equations(text_of(name)):
            if each.label:
                assert missing(each.tex, sheet) is None, (name, each.tex)
                assert name == "reference/notation.md" or (name, each.label.lower()) in linked


def missing(tex: str, sheet: list[str]) -> str | None:
    """The equation, if neither it nor the same for a batch is on the sheet."""
    ends = parts(tex)
    single = f"{ends[0]} = {ends[-1]}"
    batch = re.sub(r"\\[a-zA-Z]+", lambda match: FOR_A_BATCH.get(match[0], match[0]), single)
    return None if occurs(single, sheet) or occurs(batch, sheet) else tex


def test_every_page_of_the_course_is_on_the_sheet_or_says_why_not():
    linked = {page for entry in entries("en") for page, _ in entry.links}
    for path in course.all_pages("en"):
        name = path.relative_to(course.ENGLISH).as_posix()
        if name == "index.md" or name.startswith("reference/"):
            continue
        has = any(each.display for each in equations(text_of(name)))
        assert not has or (name in linked) != (name in NOT_ON_THE_SHEET), name


# The comparison itself: what it must see is planted.

THERE = [r"\err{l} = \sum_k \err{l+1}_k \W{l+1}_{jk} = (\err{l+1} (\W{l+1})^\T) \had \act'(\z{l})"]


@pytest.mark.parametrize(
    ("tex", "found"),
    [
        (THERE[0], True),
        (r"\err{l} &= (\err{l+1} (\W{l+1})^\T) \had \act'(\z{l})", True),
        (r"\err{l} = (\err{l+1} \W{l+1}) \had \act'(\z{l})", False),
        (r"\err{l} = ((\W{l+1})^\T \err{l+1}) \had \act'(\z{l})", False),
        (r"\err{l} = (\err{l+1} (\W{l+1})^\T) \had \act'(\a{l})", False),
        (r"\err{l} \approx (\err{l+1} (\W{l+1})^\T) \had \act'(\z{l})", False),
        (r"\err{l-1} = (\err{l+1} (\W{l+1})^\T) \had \act'(\z{l})", False),
        (r"(\err{l+1} (\W{l+1})^\T) \had \act'(\z{l}) = \err{l}", False),
    ],
)
def test_a_formula_that_differs_is_seen(tex, found):
    assert occurs(tex, THERE) == found


def test_a_numbered_equation_that_is_missing_is_seen():
    tex = r"\err{l} = (\err{l+1} (\W{l+1})^\T) \had \act'(\z{l})"
    sheet = [r"\err{l} = (\err{l+1} (\W{l+1})^\T) \had \act'(\Z{l})"]
    assert missing(tex, sheet) is None
    assert missing(tex.replace(r"^\T", ""), sheet) and missing(tex, [])
