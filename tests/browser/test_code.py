"""Code of all pages in a real browser: what blocks print, and what answers are told; hints, and
what is solved."""

import json

import pytest
from course import MEASURED, committed, draws
from questions import BLOCKS
from running import (
    EXERCISES,
    HAND,
    PATHS,
    button,
    edit,
    exercise,
    finish,
    open_page,
    submit,
)
from visits import address

from backprop.exercises import check

pytestmark = pytest.mark.browser


ALL = EXERCISES.values()
EXCEPTIONS: dict[str, str] = {}  # a block that prints otherwise in the browser, and why: none
OUTPUTS = """() => [...document.querySelectorAll(".bp-runnable:not(.starter) + .run-output")].map(
  (its) => [its.textContent, its.querySelectorAll("img").length]
)"""  # what each block printed, and how many pictures it drew


@pytest.mark.parametrize("path", PATHS)
def test_blocks_print_what_stands_under_them_and_answers_get_the_verdict_of_the_command_line(
    visit, path
):
    """In one language: both carry the same code and outputs (questions.its_code; of a notebook,
    tests/site/test_site.py)."""
    silent = len(visit.complaints)
    open_page(visit, path)
    visit.unfold()  # a solution may hold blocks
    its_blocks_print_what_stands_under_them(visit, path)
    its_exercises_judge_answers(visit, [its for its in ALL if address(its.page) == path])
    assert visit.complaints[silent:] == []


def its_blocks_print_what_stands_under_them(visit, path):
    shown = visit.page.locator(".bp-runnable:not(.starter)")
    expected, texts = committed(PATHS[path]), visit.page.evaluate(BLOCKS)
    assert len(texts) == len(expected)
    shown.last.get_by_role("button", name="Run", exact=True).click()
    finish(visit)
    outputs = visit.page.evaluate(OUTPUTS)
    for number, ((code, printed), (text, built), (out, images)) in enumerate(
        zip(expected, texts, outputs, strict=True), 1
    ):
        assert text.rstrip() == code.rstrip()
        if text in EXCEPTIONS:
            continue
        if printed == MEASURED:
            assert out
            continue
        want = built.rstrip() if printed is None else printed
        assert out.rstrip() == want, f"block {number}"
        assert images == (printed is None and draws(code))
    assert len(EXCEPTIONS) <= 0.05 * len(expected)
    for image in visit.page.locator(".run-output img").all():
        assert image.evaluate("i => i.complete && i.naturalWidth > 100")


def its_exercises_judge_answers(visit, exercises):
    """What stands in the first one to begin with, then a wrong answer to each and the solution.
    What all wrong answers are told: tests/pages/test_exercises.py."""
    answers = [(its.name, its.starter) for its in exercises[:1]]
    answers += [(its.name, its.wrong[-1].code) for its in exercises]
    for name, answer in answers:
        wanted = check(name, answer, "en").words.replace("`", "")
        assert submit(visit, name, answer) == wanted, name
    for its in exercises:
        assert submit(visit, its.name, its.solution) == "Right.", its.name


def test_there_are_answers_to_every_exercise():
    assert {address(its.page) for its in ALL} <= PATHS.keys()


def test_a_wrong_answer_is_not_kept(visit):
    open_page(visit, HAND)
    number = exercise(visit, "a-number-by-hand")
    button(visit, number, "Check").click()
    finish(visit)
    assert visit.page.evaluate("localStorage.getItem('bp-exercises')") is None


def test_hints_come_one_at_a_time(visit):
    several = next(name for name, its in EXERCISES.items() if len(its.hints["en"]) > 1)
    open_page(visit, address(EXERCISES[several].page))
    hints = visit.page.locator(f"[data-exercise='{several}'] ~ details.tip")
    assert hints.nth(0).is_visible()
    assert hints.nth(1).is_hidden()
    hints.nth(0).locator("summary").click()
    assert hints.nth(1).is_visible()


def test_without_javascript_task_starter_hints_and_solution_can_be_read(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for language, prefix in (("en", ""), ("ko", "ko/")):
        page.goto(site.url + prefix + HAND)
        for name, its in EXERCISES.items():
            if its.page != "hand/every-element":
                continue
            written = {"starter": its.starter_in(language), "solution": its.solution}
            heading = page.locator(f"[data-exercise='{name}']")
            assert heading.is_visible()
            for kind, its_code in written.items():
                code = page.locator(f"[data-exercise='{name}'] ~ * .language-python.{kind} code")
                code = code.or_(page.locator(f"[data-exercise='{name}'] ~ .{kind} code"))
                assert code.first.text_content().strip() == its_code.strip()
    context.close()


# At the end, as the page is loaded again, and with it Python


def test_what_is_solved_is_kept_here_shown_in_the_navigation_and_can_be_cleared(visit):
    open_page(visit, HAND)
    asked = []
    visit.page.on("request", lambda request: asked.append(request))
    name = "a-number-by-hand"
    number = exercise(visit, name)
    edit(visit, number, EXERCISES[name].solution)
    button(visit, number, "Check").click()
    finish(visit)
    count = len([its for its in EXERCISES.values() if its.page == "hand/every-element"])
    mark = visit.page.locator("nav.md-nav--primary .bp-progress")
    assert mark.all_text_contents() == [f" 1/{count}"]
    assert json.loads(visit.page.evaluate("localStorage.getItem('bp-exercises')")) == [name]
    assert not [r for r in asked if r.method != "GET" or name in r.url]
    visit.page.reload()
    visit.settle()
    assert mark.all_text_contents() == [f" 1/{count}"]
    assert visit.page.locator(".bp-solved").text_content().startswith(f"1 of {count} solved")
    visit.page.get_by_role("button", name="Clear progress").click()
    assert mark.count() == 0
    assert visit.page.evaluate("localStorage.getItem('bp-exercises')") is None
