"""Who types a question into the search box finds it: all of reference/questions, in both
languages, and words that people look for."""

import re

import pytest
from playwright.sync_api import TimeoutError as NothingNew
from visits import SOURCES, Visit

HERE = "reference/questions/"
QUESTION = re.compile(r"^### (.+?) \{#(?!exercise-)[\w-]+\}$", re.MULTILINE)
WORDS = {  # what is typed: a page that explains it
    "": {
        "XOR": "practice/not-learning/",
        "NaN": "equations/softmax/",
        "broadcast": "zero/matrices/",
        "initialization": "practice/slow-learning/",
        "dropout mask": "practice/gradient-check/",
        "kink": "practice/gradient-check/",
        "topological": HERE,
    },
    "ko/": {
        "초기화": "practice/slow-learning/",
        "브로드캐스트": "zero/matrices/",
        "수치 미분": "zero/derivative/",
        "합성함수": "zero/chain-rule/",
        "XOR": "practice/not-learning/",
    },
}
OFFERED = """() => [...document.querySelectorAll(".md-search-result__item")]
  .map((item) => [...item.querySelectorAll("a")].map((link) => link.href).join(" "))"""


def hits(visit: Visit, query: str) -> list[str]:
    """The first three pages that the search box offers. Links carry the words of the query, so
    they are others as soon as the answer has come."""
    box, before = visit.page.locator(".md-search__input"), visit.page.evaluate(OFFERED)
    box.fill(query)
    box.press("End")  # Material listens for keys
    try:
        visit.page.wait_for_function(
            f"old => {{ const now = ({OFFERED})();"
            " return now.length && `${now}` !== `${old}`; }",
            arg=before,
            timeout=3_000,
        )
    except NothingNew:
        return []
    return [re.sub("[?#].*", "", item.split()[0]) for item in visit.page.evaluate(OFFERED)[:3]]


@pytest.mark.parametrize("folder", ["", "ko/"])
def test_search_finds_each_question_and_the_words_of_readers(browser, site, folder):
    questions = QUESTION.findall(SOURCES[folder + HERE].read_text(encoding="utf-8"))
    assert len(questions) >= 24
    with Visit(browser, site, folder) as visit:
        visit.page.wait_for_load_state("networkidle")
        visit.page.keyboard.press("/")
        base = site.url + folder
        missed = [q for q in questions if base + HERE not in hits(visit, q)]
        for word, page in WORDS[folder].items():
            if not {base + HERE, base + page} & set(hits(visit, word)):
                missed.append(word)
        assert not missed, missed
        assert visit.complaints == []
