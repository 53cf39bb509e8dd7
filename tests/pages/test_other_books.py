"""reference/notation: the dictionary between rows and columns is the code below it, and every
book and library of its tables computes the same four numbers, in its own letters. (PyTorch itself
computes them in `tests/package/test_oracle.py`.)"""

import re

import course
import pytest

PAGE = "reference/notation.md"
BOTH = pytest.mark.parametrize("language", ["en", "ko"])


def section(text: str, anchor: str) -> str:
    """A section's text, from its heading to the next of its level."""
    heading = re.search(rf"^(#+) .*\{{#{anchor}\}}$", text, re.M)
    assert heading, anchor
    rest = text[heading.end() :]
    return re.split(rf"^#{{2,{len(heading[1])}}} ", rest, maxsplit=1, flags=re.M)[0]


def rows_of(text: str) -> list[list[list[str]]]:
    """The tables of a text: their rows below the head, cell by cell."""
    tables = re.findall(r"^\|[-|]+\|\n((?:\|.*\n)+)", text, re.M)
    return [[row.strip("|").split("|") for row in table.splitlines()] for table in tables]


def page(language: str) -> str:
    return (course.ROOT / "docs" / language / PAGE).read_text(encoding="utf-8")


def entries(text: str) -> dict[str, list[course.Block]]:
    """The blocks of each entry of the four numbers, by its anchor: code and output."""
    chapter = section(text, "four-numbers")
    anchors = re.findall(r"^### .*\{#([\w-]+)\}$", chapter, re.M)
    return {anchor: course.blocks(section(text, anchor)) for anchor in anchors[:-1]}


def books(text: str) -> list[tuple[str, list[str]]]:
    """The rows of both tables of other books, with the anchor each leads to."""
    found = [row for table in rows_of(section(text, "other-books")) for row in table]
    return [(re.findall(r"\(#([\w-]+)\)", row[0])[0], row) for row in found]


@BOTH
def test_every_line_of_the_dictionary_is_a_line_of_the_programs(language):
    text = page(language)
    programs = [
        block.text
        for block in course.blocks(section(text, "both-layouts"))
        if "def in_" in block.text
    ]
    (table,) = rows_of(section(text, "formula-by-formula"))
    seen = 0
    for _, *cells in table:
        codes = [re.findall(r"`([^`]+)`", cell) for cell in cells]
        in_rows, in_columns = codes[0], codes[1] or codes[0]  # "the same"
        assert len(in_rows) == len(in_columns) == 1
        for (line,), program in zip((in_rows, in_columns), programs, strict=True):
            assert f"    {line}\n" in program, f"{line} is not in the program"
            seen += 1
    assert seen == 2 * len(table) >= 20


@BOTH
def test_every_book_has_the_same_four_numbers(language):
    text = page(language)
    found = entries(text)
    assert {anchor for anchor, _ in books(text)} == set(found)
    printed = set()
    for anchor, blocks in found.items():
        code, output = blocks
        assert (code.kind, output.kind) == ("python", "output"), anchor
        name = re.findall(r"^def (\w+)\(\):$", code.text, re.M)
        assert len(name) == 1 and f"show({name[0]}())" in code.text, anchor
        printed.add(output.text)
    (numbers,) = printed
    assert len(set(numbers.split())) == 4
    compared = course.blocks(section(text, "all-compared"))[0].text
    for blocks in found.values():
        name = re.findall(r"^def (\w+)", blocks[0].text, re.M)[0]
        assert re.search(rf"\b{name}\b", compared), name


@BOTH
def test_the_letters_of_the_tables_are_those_of_the_code(language):
    text = page(language)
    code = {anchor: blocks[0].text for anchor, blocks in entries(text).items()}
    letters = [(anchor, row) for anchor, row in books(text) if len(row) == 6]
    assert len(letters) == 7
    for anchor, (_, before, after, target, _, weight) in letters:
        before, after, target = (re.sub(r"[ $]", "", cell) for cell in (before, after, target))
        returned = re.findall(r"return (\w+)\[.*?\], (\w+)\[.*?\], .*", code[anchor])
        (names,) = returned
        for letter, name in zip((before, after), names, strict=True):
            assert name.rstrip("12").lower() == letter, (anchor, name)
        assert re.search(rf"(?i)- {target}\b", code[anchor]), (anchor, target)
        if anchor not in {"saitoh", "d2l"}:  # there formula and array differ, as the page says
            in_code = re.search(r"return \S+ \S+ \S+ \S+ \w+\[(\d), (\d)\]", code[anchor])
            in_table = re.search(r"_\{(\d),?(\d)\}", weight)
            assert in_code and in_table, anchor
            counted = [str(int(index) + 1) for index in in_code.groups()]  # code counts from 0
            assert counted == list(in_table.groups()), anchor


@BOTH
def test_letters_that_a_fence_explains_occur_in_its_code(language):
    for anchor, (code, _) in entries(page(language)).items():
        for theirs in re.findall(r"\.(\w+)-is-\w+", code.info):
            assert re.search(rf"\b{theirs}\d?\b", code.text), (anchor, theirs)
