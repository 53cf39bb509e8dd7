"""The two languages of a page hold the same headings' anchors, code, formulas and figures."""

import re
from pathlib import Path

import course
import pytest

from backprop.exercises.files import program_of

ENGLISH = course.ROOT / "docs" / "en"
KOREAN = course.ROOT / "docs" / "ko"
NAMES = [str(path.relative_to(ENGLISH)) for path in course.all_pages("en")]

NOTICES = ("reference/licences.md",)  # nothing to exercise there

HEADING = re.compile(r"^(#{1,6}) .*?\{ ?#([\w-]+)(?: [\w-]+=\S+)? ?\}$", re.MULTILINE)
BARE_HEADING = re.compile(r"^#{1,6} (?!.*\{ ?#[\w-]+(?: [\w-]+=\S+)? ?\}$).*$", re.MULTILINE)
DISPLAY = re.compile(r"^([ \t]*)\$\$\n(.*?)\n\1\$\$$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<![\\$`])\$(?!\$)([^$\n]+?)\$(?!\$)")
FIGURE = re.compile(r"!\[(.+?)\]\(([^)]+)\)", re.DOTALL)
TERM = re.compile(r"^(?=\S).*\{#([\w-]+)\}\n:   ", re.MULTILINE)


def without_code(text: str) -> str:
    lines = text.splitlines()
    for block in course.blocks(text):
        lines[block.first - 1 : block.last + 1] = [""] * (block.last + 1 - block.first + 1)
    return "\n".join(lines)


def both(name: str) -> tuple[str, str]:
    return course.page_text(ENGLISH / name), course.page_text(KOREAN / name)


def headings(text: str) -> list[tuple[int, str]]:
    return [(len(level), anchor) for level, anchor in HEADING.findall(without_code(text))]


def display_math(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", math).strip() for _, math in DISPLAY.findall(text)]


def inline_math(text: str) -> list[str]:
    text = DISPLAY.sub("", without_code(text))
    return sorted(re.sub(r"\s+", " ", math) for math in INLINE.findall(text))


def figures(text: str) -> list[str]:
    return [path for _, path in FIGURE.findall(without_code(text))]


def code(path: Path) -> list[tuple[str, str]]:
    """Its blocks; of a starter, whose comments are each language's own, the program."""
    cells = course.notebook_cells(path) if path.suffix == ".py" else []
    fences = [
        (block.kind, program_of(block.text) if block.kind == "starter" else block.text)
        for block in course.blocks(course.page_text(path))
    ]
    return [cell for cell in cells if cell[0] == "code"] + fences


def test_every_page_has_its_twin():
    assert [str(path.relative_to(KOREAN)) for path in course.all_pages("ko")] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_languages_have_the_same_anchors(name):
    english, korean = both(name)
    assert headings(english) == headings(korean)
    assert sorted(TERM.findall(english)) == sorted(TERM.findall(korean))


@pytest.mark.parametrize("name", NAMES)
def test_languages_have_the_same_code(name):
    assert code(ENGLISH / name) == code(KOREAN / name)


@pytest.mark.parametrize("name", NAMES)
def test_languages_have_the_same_formulas(name):
    english, korean = both(name)
    assert display_math(english) == display_math(korean)
    assert inline_math(english) == inline_math(korean)


@pytest.mark.parametrize("name", NAMES)
def test_languages_have_the_same_figures(name):
    english, korean = both(name)
    assert figures(english) == figures(korean)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", NAMES)
def test_every_heading_has_an_anchor_of_its_own(language, name):
    text = without_code(course.page_text(course.ROOT / "docs" / language / name))
    assert not BARE_HEADING.findall(text)
    anchors = [anchor for _, anchor in headings(text)] + TERM.findall(text)
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_described(language, name):
    text = without_code(course.page_text(course.ROOT / "docs" / language / name))
    for alt, path in FIGURE.findall(text):
        assert len(alt) > 30, f"{path}: say what the picture shows"
    assert text.count("/// figure-caption") == len(figures(text))


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", [name for name in NAMES if name not in NOTICES])
def test_every_page_ends_with_exercises_and_folded_solutions(language, name):
    text = course.page_text(course.ROOT / "docs" / language / name)
    anchors = [anchor for _, anchor in headings(text)]
    exercises = [anchor for anchor in anchors if re.fullmatch(r"exercise-\d+", anchor)]
    assert len(exercises) >= 4
    assert text.count('??? tip "') >= len(exercises)
    assert text.count('??? success "') == len(exercises)
    assert anchors[-1] == "next"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", NAMES)
def test_every_page_has_a_description(language, name):
    path = course.ROOT / "docs" / language / name
    source = path.read_text(encoding="utf-8")
    description = re.search(r"^(?:# )?description: (.+)$", source, re.MULTILINE)
    assert description and 40 <= len(description[1]) <= 200


@pytest.mark.parametrize("name", NAMES)
def test_korean_pages_are_korean(name):
    """Prose, headings and captions: no paragraph is left in English."""
    text = DISPLAY.sub("", without_code(course.page_text(KOREAN / name)))
    text = re.sub(r"^(\||<|:   |\s*-|---).*$", "", text, flags=re.MULTILINE)
    not_prose = re.compile(r"\$[^$]*\$|`[^`]*`|\([^)]*\)|\{[^}]*\}|///.*")
    for paragraph in re.split(r"\n\s*\n", text):
        if len(re.findall(r"[A-Za-z가-힣]", not_prose.sub("", paragraph))) > 40:
            assert re.search(r"[가-힣]", paragraph), paragraph


# The comparison itself: what it must see is planted in a copy of a text.


@pytest.mark.parametrize(
    ("reader", "before", "after"),
    [
        (headings, "## A {#a}\n", "## A {#b}\n"),
        (headings, "## A {#a}\n", "### A {#a}\n"),
        (display_math, "$$\nx = 1\n$$", "$$\nx = 2\n$$"),
        (display_math, "    $$\n    x = 1\n    $$", "    $$\n    x = -1\n    $$"),
        (inline_math, "so $x$ is", "so $y$ is"),
        (figures, "![a](figures/a.svg)", "![a](figures/b.svg)"),
    ],
)
def test_a_difference_is_seen(reader, before, after):
    assert reader(before) and reader(before) != reader(after)
