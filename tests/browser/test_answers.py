"""Exercises in a real browser: verdicts, hints, and what is solved."""

import json

import pytest
from running import (
    EXERCISES,
    HAND,
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


@pytest.mark.parametrize("page", sorted({its.page for its in EXERCISES.values()}))
def test_answers_get_in_the_page_the_verdict_of_the_command_line(visit, page):
    """The solution and a wrong answer of each exercise, and what stands there to begin with once a
    page. What all wrong answers are told: tests/pages/test_exercises.py."""
    open_page(visit, address(page))
    exercises = [its for its in EXERCISES.values() if its.page == page]
    wrong = [(its.name, its.wrong[-1].code) for its in exercises]
    for name, answer in [(exercises[0].name, exercises[0].starter), *wrong]:
        wanted = check(name, answer, "en").words.replace("`", "")
        assert submit(visit, name, answer) == wanted, name
    for its in exercises:
        assert submit(visit, its.name, its.solution) == "Right.", its.name


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
