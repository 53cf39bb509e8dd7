"""Who types a question or a few words into the search box finds the page that answers: all of
reference/questions, and words that people look for, in both languages."""

import re

import pytest
from hooks.content import search_text
from mkdocs.exceptions import PluginError
from visits import SOURCES, Visit

HERE = "reference/questions/"
QUESTION = re.compile(r"^### (.+?) \{#(?!exercise-)[\w-]+\}$", re.MULTILINE)
WANTED = {  # what is typed, and the page that must be among the first three
    "": {
        "XOR": "practice/not-learning/",
        "NaN": "practice/not-learning/",
        "broadcast": "zero/matrices/",
        "initialization": "practice/slow-learning/",
        "weight initialisation": "practice/slow-learning/",
        "xavier": "practice/slow-learning/",
        "he initialization": "practice/slow-learning/",
        "vanishing gradient": "practice/slow-learning/",
        "dropout mask": "practice/gradient-check/",
        "kink": "practice/gradient-check/",
        "gradient checking": "practice/gradient-check/",
        "topological": HERE,
        "backward twice": HERE,
        "transpose": "zero/matrices/",
        "matrix multiplication": "zero/matrices/",
        "jacobian": "zero/matrices/",
        "chain rule": "zero/chain-rule/",
        "sigmoid derivative": "zero/chain-rule/",
        "relu derivative at 0": "hand/backward-walk/",
        "gradient descent": "zero/learning/",
        "learning rate": "zero/learning/",
        "loss function": "zero/learning/",
        "activation function": "hand/forward/",
        "backpropagation example": "hand/every-element/",
        "hadamard product": "hand/matrix-form/",
        "BP1": "equations/error/",
        "bias gradient": "equations/gradients/",
        "outer product": "equations/gradients/",
        "softmax derivative": "equations/softmax/",
        "cross entropy": "equations/softmax/",
        "p - t": "equations/softmax/",
        "mini-batch": "equations/algorithm/",
        "network not learning": "practice/not-learning/",
        "dying relu": "practice/not-learning/",
        "skip connection": "practice/own-layer/",
        "mnist": "practice/digits/",
        "pytorch linear weight transpose": "reference/notation/",
        "dense_backward": "reference/api/",
    },
    "ko/": {
        "초기화": "practice/slow-learning/",
        "glorot": "practice/slow-learning/",
        "기울기 소실": "practice/slow-learning/",
        "그래디언트 소실": "practice/slow-learning/",
        "브로드캐스트": "zero/matrices/",
        "전치": "zero/matrices/",
        "행렬곱": "zero/matrices/",
        "자코비안": "zero/matrices/",
        "수치 미분": "zero/derivative/",
        "편미분": "zero/derivative/",
        "합성함수": "zero/chain-rule/",
        "연쇄 법칙": "zero/chain-rule/",
        "체인룰": "zero/chain-rule/",
        "시그모이드 미분": "zero/chain-rule/",
        "check_gradients": "reference/api/",
        "XOR": "practice/not-learning/",
        "NaN": "practice/not-learning/",
        "학습이 안 돼요": "practice/not-learning/",
        "꺾인 점": "practice/gradient-check/",
        "드롭아웃 마스크": "practice/gradient-check/",
        "그래디언트 체크": "practice/gradient-check/",
        "위상 정렬": HERE,
        "렐루 미분": "hand/backward-walk/",
        "활성화함수": "hand/forward/",
        "역전파 예제": "hand/every-element/",
        "아다마르 곱": "hand/matrix-form/",
        "델타": "equations/error/",
        "편향의 그레이디언트": "equations/gradients/",
        "소프트맥스 미분": "equations/softmax/",
        "크로스 엔트로피": "equations/softmax/",
        "p - t": "equations/softmax/",
        "오차역전파": "equations/algorithm/",
        "미니배치": "equations/algorithm/",
        "경사 하강법": "zero/learning/",
        "학습률": "zero/learning/",
        "손글씨": "practice/digits/",
        "밑바닥부터 시작하는 딥러닝": "reference/notation/",
    },
}
SEARCH = """([query, patience]) => new Promise((done) => {
  const box = document.querySelector(".md-search__input");
  const list = document.querySelector(".md-search-result__list");
  const before = list.firstElementChild;
  const changes = new MutationObserver(() => {
    if (list.firstElementChild === before) return;
    changes.disconnect();
    done([...list.children].map((item) => item.querySelector("a").href));
  });
  changes.observe(list, { childList: true });
  setTimeout(done, patience, []);
  box.value = query;
  box.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true })); // what Material listens for
})"""


def hits(visit: Visit, query: str, patience: int = 3_000) -> list[str]:
    """The pages that the search box offers first for a whole query, put in at once: the list is
    another one as soon as the answer has come. Typed by hand: test_search_finds_words."""
    offered = visit.page.evaluate(SEARCH, [query, patience])
    return [re.sub("[?#].*", "", link) for link in offered]


def questions(folder: str) -> dict[str, str]:
    found = QUESTION.findall(SOURCES[folder + HERE].read_text(encoding="utf-8"))
    assert len(found) >= 24
    return dict.fromkeys(found, HERE)


def places(visit: Visit, wanted: dict[str, str], base: str) -> dict[str, int]:
    """At which place each search offers the page that is wanted; 0 if it does not."""
    visit.page.wait_for_load_state("networkidle")
    visit.page.keyboard.press("/")
    assert hits(visit, "backprop", 60_000)  # the first search waits for the index
    offered = {query: hits(visit, query) for query in wanted}
    return {
        query: offered[query].index(base + page) + 1 if base + page in offered[query] else 0
        for query, page in wanted.items()
    }


@pytest.mark.parametrize("folder", WANTED)
def test_search_finds_each_question_and_the_words_of_readers(browser, site, folder):
    with Visit(browser, site, folder) as visit:
        wanted = questions(folder) | WANTED[folder]
        found = places(visit, wanted, site.url + folder)
        assert {query: place for query, place in found.items() if place not in {1, 2, 3}} == {}
        assert hits(visit, "kaiming")  # a keyword, which pages do not say
        assert "kaiming" not in visit.page.locator(".md-search-result").inner_text()
        assert visit.complaints == []


def test_keywords_are_given_to_their_sections_and_to_no_others():
    sections = [{"location": "a/"}, {"location": "a/#b"}]
    search_text.give_keywords(sections, {"a/#b": "words"})
    assert sections == [{"location": "a/"}, {"location": "a/#b", "keywords": "words"}]
    with pytest.raises(PluginError, match="a/#c"):
        search_text.give_keywords(sections, {"a/#c": "words"})
