"""The page of the laboratory, and the pages that lead to it: each names a network that is there,
and every button that the page names is one of the laboratory's own."""

import re

import course
import pytest
from hooks.lab import laboratory

NAME = "lab/your-network"
LINK = re.compile(r"your-network\.md(?:\?([^)\s#]*))?[)#]")
LEADS = {  # which page leads there, and with which network; the page itself has one for an exam
    "index": "",
    "hand/one-path": "preset=network_221",
    "hand/every-element": "preset=network_222",
    "hand/matrix-form": "preset=network_222",
    "hand/backward-walk": "preset=network_relu",
    "equations/error": "preset=network_2322",
    "practice/not-learning": "preset=xor",
    "practice/slow-learning": "preset=dead_unit",
    "reference/errata": "preset=widely_copied",
    NAME: "preset=classes",
}
SECTION = re.compile(r"^#{2,3} [^\n]*\{#([\w-]+)\}\n(.*?)(?=^#{2,3} )", re.DOTALL | re.MULTILINE)
NAMED = {"en": re.compile(r"(?<![*\w])\*([^*\n]+)\*"), "ko": re.compile(r"\*\*([^*\n]+)\*\*")}
TABS = ("bring", "walk", "derive", "take", "worksheets")
OF_BUTTONS = ("what-you-can-do", *TABS, "exam", "teachers", "program")


def paragraphs_that_lead(page):
    return [each for each in course.page_text(page).split("\n\n") if LINK.search(each)]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_pages_lead_to_the_laboratory_with_a_network_that_is_there(language):
    leads = {
        course.name_of(page): {
            asked for each in paragraphs_that_lead(page) for asked in LINK.findall(each)
        }
        for page in course.all_pages(language)
    }
    assert {name: asked for name, asked in leads.items() if asked} == {
        name: {asked} for name, asked in LEADS.items()
    }
    presets = {preset["name"] for preset in laboratory.presets(language)}
    assert {asked.removeprefix("preset=") for asked in LEADS.values() if asked} <= presets


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_two_pages_lead_there_with_the_same_words(language):
    said = [
        LINK.sub("", each)
        for page in course.all_pages(language)
        for each in paragraphs_that_lead(page)
    ]
    assert len(said) == len(set(said)) >= len(LEADS)


def keys_of(text, language):
    """Which words of the laboratory read so."""
    words = {name: panel.WORDS[language] for name, panel in laboratory.PANELS.items()}
    return {(name, key) for name in words for key, said in words[name].items() if said == text}


def buttons(language):
    """What a page names in each of its sections, as keys of the laboratory's words."""
    text = (course.ROOT / "docs" / language / f"{NAME}.md").read_text(encoding="utf-8")
    sections = dict(SECTION.findall(text))
    return {
        section: [
            (its, keys_of(its, language)) for its in NAMED[language].findall(sections[section])
        ]
        for section in OF_BUTTONS
    }


def test_every_button_that_the_page_names_is_there_in_both_languages():
    english, korean = buttons("en"), buttons("ko")
    for section in OF_BUTTONS:
        for found, others in ((english, korean), (korean, english)):
            for name, keys in found[section]:
                assert keys, f"{section}: nothing in the laboratory is called {name!r}"
                said = [other for other, its in others[section] if its & keys]
                assert said, f"{section}: {name!r} is named in one language only"
    assert sum(map(len, english.values())) > 40  # they were found


def test_an_untrue_name_of_a_button_is_seen():
    assert keys_of("Bring it", "en") == {("frame", "bring")}
    assert keys_of("가져오기", "ko") == {("frame", "bring")}
    assert keys_of("Bring them", "en") == set()
    assert NAMED["en"].findall("Use *Undo*, then *Print*.") == ["Undo", "Print"]
