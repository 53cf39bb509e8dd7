"""The glossary has every term that a Korean page gives with its English name, under the names that
the page uses; each entry leads to where its term is used, and both languages have the same."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import course
import pytest
from test_pages import HEADING, without_code

FOLDERS = {"en": course.ENGLISH, "ko": course.KOREAN}
ENTRY = re.compile(r"^(?=\S)(?P<names>.+) \{#(?P<anchor>[\w-]+)\}\n:   (?P<text>.+)$", re.MULTILINE)
NAMES = re.compile(r"(.+?) \((.+?)\)(?:, |$)")
LINK = re.compile(r"\[[^]]+\]\(([^)#]+)(?:#([\w-]+))?\)")
ALSO = re.compile(r"([\w가-힣 -]*[\w가-힣])\**\(([A-Za-z][A-Za-z -]+)\)")  # inside an entry

# A Korean word and its English name in parentheses, as a page first writes it
GLOSS = re.compile(r"([가-힣\w -]*[가-힣])\**\(([A-Za-z][A-Za-z -]*)(?:, [가-힣 ]+)?\)")
NO_TERM = {  # what stands in parentheses like an English name, and why it has no entry
    "hidden": "a part of hidden unit and hidden layer",
    "elements": "a column of the output below it",
    "matrices": "a column of the output below it",
    "package": "a column of the output below it",
    "nudging": "a column of the output below it",
    "held-out": "the first word of held-out data",
    "saturated": "the adjective of saturation",
    "sigmoid function": "the sigmoid, in a table of symbols",
    "notation": "the name of the page",
    "pixel": "an everyday word",
    "mb": "a unit of measurement",
    "float": "a type of Python",
    "dictionary": "a type of Python",
    "leaf": "a word of PyTorch, explained where it is quoted",
    "window": "an everyday word",
    "screen reader": "an everyday word",
    "docstring": "a word of Python",
}
OTHER_FORMS = {  # of a name, as the grammar of a sentence wants it
    "꺾이고": "꺾인 점",
    "가리는": "마스크",
    "도함수": "미분값",  # its entry says how the two differ
}


@dataclass
class Entry:
    names: list[tuple[str, str]]  # in the page's language, in the other
    anchor: str
    text: str

    @property
    def links(self) -> list[tuple[str, str]]:
        return LINK.findall(self.text)


@cache
def text_of(path: Path) -> str:
    return without_code(course.page_text(path))


def glossary(language: str) -> str:
    return text_of(FOLDERS[language] / "reference/glossary.md")


def entries(text: str) -> list[Entry]:
    return [
        Entry(NAMES.findall(found["names"]), found["anchor"], found["text"])
        for found in ENTRY.finditer(text)
    ]


def pairs(text: str, *, english_first: bool) -> dict[str, set[tuple[str, str]]]:
    """Of each entry its names, English and Korean."""
    order = 1 if english_first else -1
    return {
        entry.anchor: {(names[::order][0].casefold(), names[::order][1]) for names in entry.names}
        for entry in entries(text)
    }


def not_in_order(text: str) -> list[str]:
    """Entries that come before the one above them: in the alphabet, or in 가나다."""
    found = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE):
        names = [entry.names[0][0].casefold() for entry in entries(section)]
        found += [later for earlier, later in pairwise(names) if later < earlier]
    return found


@cache
def sections(path: Path) -> dict[str, str]:
    """The text under each heading, with that of the smaller headings in it."""
    text = text_of(path)
    headings = [*HEADING.finditer(text)]
    found = {"": text}
    for number, heading in enumerate(headings):
        after = (later for later in headings[number + 1 :] if len(later[1]) <= len(heading[1]))
        end = next(after, None)
        found[heading[2]] = text[heading.start() : end.start() if end else len(text)]
    return found


def occurs(name: str, text: str) -> bool:
    """Whether all words of a name stand in one paragraph, in any form: saturation, saturated."""
    words = [word[: max(4, len(word) - 3)] for word in re.split(r"[\s-]", name.casefold())]
    if re.search("[가-힣]", name):
        words = name.split()  # particles follow
    return any(all(word in line for word in words) for line in text.casefold().splitlines())


def leads_astray(entry: Entry, page: Path) -> str:
    """The first link of an entry, if none of its names is to be found there; or that it has no
    link. (What a further link shows may go by another name.)"""
    if not entry.links:
        return "no link"
    file, anchor = entry.links[0]
    text = sections((page.parent / file).resolve()).get(anchor, "")
    there = any(occurs(name, text) for names in entry.names for name in names)
    return "" if there else f"{file}#{anchor}"


def english_names(text: str) -> dict[str, set[str]]:
    """Of the Korean glossary: each English name, with the Korean words that stand before it."""
    found: dict[str, set[str]] = {}
    for entry in entries(text):
        for korean, english in [*entry.names, *ALSO.findall(entry.text)]:
            found.setdefault(english.casefold(), set()).add(korean.strip())
    return found


def without_entry(text: str, known: dict[str, set[str]]) -> list[str]:
    """Words that a Korean page gives with an English name, as the glossary does not."""
    found = []
    for korean, english in GLOSS.findall(text):
        korean, english = korean.strip(), english.casefold()
        names = known.get(english, set())
        names = names | {form for form, name in OTHER_FORMS.items() if name in names}
        if english not in NO_TERM and not any(korean.endswith(name) for name in names):
            found.append(f"{korean}({english})")
    return found


def test_both_languages_have_the_same_terms():
    english = pairs(glossary("en"), english_first=True)
    korean = pairs(glossary("ko"), english_first=False)
    assert english == korean
    assert len(english) > 90 and all(english.values())


@pytest.mark.parametrize("language", FOLDERS)
def test_terms_are_in_the_order_of_the_alphabet(language):
    assert not_in_order(glossary(language)) == []


@pytest.mark.parametrize("language", FOLDERS)
def test_each_term_leads_to_where_it_is_used(language):
    page = FOLDERS[language] / "reference/glossary.md"
    astray = {entry.anchor: leads_astray(entry, page) for entry in entries(glossary(language))}
    assert {anchor: link for anchor, link in astray.items() if link} == {}


def test_every_term_that_a_korean_page_gives_in_english_has_an_entry():
    known = english_names(glossary("ko"))
    missing = {
        course.name_of(path): found
        for path in course.all_pages("ko")
        if course.name_of(path) != "reference/glossary"
        and (found := without_entry(text_of(path), known))
    }
    assert missing == {}


# Each of these can fail

A_TERM = "Kink (꺾인 점) {#kink}\n:   A bend, [as here](page.md#bends).\n"
ITS_TWIN = "꺾인 점 (kink) {#kink}\n:   **마루**(ridge)가 아닙니다. [여기](page.md#bends)처럼요.\n"
A_PAGE = "# Page {#page}\n\n## Bends {#bends}\n\nA *kink*.\n\n### More {#more}\n\n## Next {#next}\n"


@pytest.mark.parametrize(
    ("other", "is_seen"),
    [
        ("Kink (꺾인 점) {#kink}", False),
        ("Kink (꺾인 곳) {#kink}", True),
        ("Kinks (꺾인 점) {#kink}", True),
        ("Kink (꺾인 점), bend (휨) {#kink}", True),
        ("Kink (꺾인 점) {#a-kink}", True),
    ],
)
def test_a_name_that_differs_in_the_other_language_is_seen(other, is_seen):
    english = pairs(A_TERM.replace("Kink (꺾인 점) {#kink}", other), english_first=True)
    assert (english != pairs(ITS_TWIN, english_first=False)) == is_seen


def test_a_term_out_of_order_is_seen():
    assert not_in_order(f"{A_TERM}\n{A_TERM.replace('Kink', 'Mask')}") == []
    assert not_in_order(f"{A_TERM.replace('Kink', 'Mask')}\n{A_TERM}") == ["kink"]
    assert not_in_order(f"{A_TERM.replace('Kink', 'Mask')}\n## On\n\n{A_TERM}") == []


@pytest.mark.parametrize(
    ("link", "astray"),
    [
        ("[as here](page.md#bends)", ""),
        ("[as here](page.md)", ""),
        ("[as here](page.md#next)", "page.md#next"),
        ("[as here](page.md#more)", "page.md#more"),
        ("[as here](page.md#nowhere)", "page.md#nowhere"),
        ("as here", "no link"),
    ],
)
def test_a_link_to_where_the_term_is_not_is_seen(tmp_path, link, astray):
    (tmp_path / "page.md").write_text(A_PAGE, encoding="utf-8")
    (entry,) = entries(A_TERM.replace("[as here](page.md#bends)", link))
    assert leads_astray(entry, tmp_path / "glossary.md") == astray


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("**꺾인 점**(kink)에서", []),
        ("이런 꺾인 점(Kink)에서", []),
        ("왼쪽 마루(ridge)에서", []),
        ("픽셀(pixel)에서", []),
        ("꺾인 곳(kink)에서", ["꺾인 곳(kink)"]),
        ("**골짜기**(valley)에서", ["골짜기(valley)"]),
        ("**랭크**(rank, 계수)가", ["랭크(rank)"]),
        ("`len(x)`와 f(x)", []),
    ],
)
def test_a_term_without_an_entry_is_seen(words, missing):
    assert without_entry(words, english_names(ITS_TWIN)) == missing


def test_every_exception_is_needed():
    found = [gloss for path in course.all_pages("ko") for gloss in GLOSS.findall(text_of(path))]
    known = english_names(glossary("ko"))
    assert set(NO_TERM) <= {english.casefold() for _, english in found} - set(known)
    for form in OTHER_FORMS:
        assert any(korean.strip().endswith(form) for korean, _ in found), form
