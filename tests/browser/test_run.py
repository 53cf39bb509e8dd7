"""Run, Edit, Stop and Reset in a real browser: what a reader's click does."""

import contextlib
import re
import time

import pytest
from course import committed
from questions import DESK, PHONE, WORDS_FOR, axe
from running import (
    EXERCISES,
    HAND,
    PATHS,
    PATIENCE,
    block,
    button,
    edit,
    exercise,
    finish,
    open_page,
    output,
    reset,
    run,
    status,
)
from visits import Visit, address

from backprop.exercises import check

pytestmark = pytest.mark.browser


# What is loaded, and when (before any click: questions.its_weight). First, as Python starts here
# for the tests below, which leave it alive.


@pytest.fixture
def anew(visit):
    """The page loaded anew, without an editor and without Python; what is asked for from now on."""
    visit.page.goto(visit.site.url + HAND)
    visit.settle()
    visit.page.wait_for_load_state("networkidle")
    visit.asked.clear()
    return visit


@contextlib.contextmanager
def at(visit, url, answer):
    """For a while this address gives another answer."""
    visit.context.route(url, answer)
    try:
        yield
    finally:
        visit.context.unroute(url)


def loaded(visit, file):
    return any(file in url for url in visit.asked)


def test_the_editor_is_loaded_by_edit_alone(anew):
    silent = len(anew.complaints)
    button(anew, 1, "Edit").click()
    block(anew, 1).locator(".cm-content").wait_for()
    assert loaded(anew, "codemirror")
    assert not loaded(anew, "pyodide")
    assert anew.complaints[silent:] == []


def test_python_is_loaded_by_run_alone_and_a_download_that_fails_can_be_tried_again(anew):
    """They fail in the order in which they are needed: each try comes as far as the next one."""
    for file in ("runtime.json", "pyodide.mjs", "python_stdlib", "numpy"):
        pattern = re.compile(re.escape(file))
        with at(anew, pattern, lambda route: route.abort()):
            button(anew, 1, "Run").click()
            finish(anew)
        assert re.search(rf"{file}\S* could not be loaded", status(anew, 1).text_content())
    silent = len(anew.complaints)
    assert run(anew, 1) == committed(PATHS[HAND])[1][1]
    assert loaded(anew, "pyodide.asm.wasm")
    assert not loaded(anew, "codemirror")
    assert not loaded(anew, "matplotlib"), "nothing on this page draws"
    assert anew.complaints[silent:] == []


# What each button does


def test_a_block_first_runs_those_above_it_and_says_so(visit):
    open_page(visit, HAND)
    printed = run(visit, 2)
    assert printed == committed(PATHS[HAND])[2][1]
    assert status(visit, 2).text_content().startswith("Ran the 2 blocks above first.")
    assert output(visit, 1).text_content().rstrip() == committed(PATHS[HAND])[1][1]
    run(visit, 2)
    assert "above" not in status(visit, 2).text_content()
    assert "The same as on the page." in status(visit, 2).text_content()


def test_an_edited_block_runs_as_edited_and_reset_brings_the_page_back(visit):
    open_page(visit, HAND)
    before = run(visit, 1)
    text = block(visit, 1).locator("pre > code").first.text_content()
    edit(visit, 1, text.replace('f"z1 = ', 'f"sums '))
    visit.page.keyboard.press("Control+Enter")
    finish(visit)
    assert output(visit, 1).text_content().rstrip() == before.replace("z1 =", "sums")
    reset(visit, 1)
    assert block(visit, 1).locator(".cm-content").count() == 0
    assert block(visit, 1).locator("pre > code").first.text_content() == text
    assert output(visit, 1).is_hidden()
    assert run(visit, 1) == before


def test_an_edit_above_is_run_again_before_the_block_below(visit):
    open_page(visit, HAND)
    run(visit, 2)
    text = block(visit, 0).locator("pre > code").first.text_content()
    edit(visit, 0, text.replace("0.4, 0.9", "0.0, 0.9"))
    printed = run(visit, 2)
    assert printed != committed(PATHS[HAND])[2][1]
    assert status(visit, 2).text_content().startswith("Ran the 2 blocks above first.")


def test_what_stands_below_an_edited_block_is_run_again_before_it_is_used(visit):
    open_page(visit, HAND)
    run(visit, 2)
    text = block(visit, 0).locator("pre > code").first.text_content()
    edit(visit, 0, text.replace("0.4, 0.9", "0.0, 0.9"))
    run(visit, 0)
    assert run(visit, 2) != committed(PATHS[HAND])[2][1]
    assert status(visit, 2).text_content().startswith("Ran the block above first.")


def test_the_value_of_a_last_expression_is_shown(visit):
    open_page(visit, HAND)
    edit(visit, 0, "x = 6\nx * 7")
    assert run(visit, 0) == "42"
    reset(visit, 0)
    edit(visit, 0, "x = 6\nx * 7;")
    assert run(visit, 0) == ""


def test_a_traceback_names_the_readers_lines_and_no_others(visit):
    open_page(visit, HAND)
    edit(visit, 0, "import backprop as bp\n\ndef f():\n    bp.sigmoid('x')\n\nf()")
    told = run(visit, 0).splitlines()
    assert told[0] == "Traceback (most recent call last):"
    assert [line for line in told if line.startswith("  File")] == [
        '  File "block 1", line 6, in <module>',
        '  File "block 1", line 4, in f',
    ]
    assert told[-1].startswith("TypeError: z must hold float64")
    assert "bp-failed" in output(visit, 0).get_attribute("class")


def test_a_syntax_error_shows_its_line(visit):
    open_page(visit, HAND)
    edit(visit, 0, "x = = 1")
    told = run(visit, 0)
    assert "x = = 1" in told and told.endswith("SyntaxError: invalid syntax")


def test_a_block_above_that_fails_is_named(visit):
    open_page(visit, HAND)
    edit(visit, 0, "1 / 0")
    run(visit, 2)
    assert status(visit, 2).text_content() == "Block 1 above failed: see what stands under it."
    assert "ZeroDivisionError" in output(visit, 0).text_content()


def test_buttons_work_by_keyboard(visit):
    open_page(visit, HAND)
    button(visit, 1, "Run").focus()
    visit.page.keyboard.press("Enter")
    finish(visit)
    assert output(visit, 1).is_visible()
    assert visit.page.evaluate("document.activeElement.textContent") == "Run"


def test_python_outlives_instant_navigation(visit):
    open_page(visit, HAND)
    run(visit, 0)
    asked = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.page.get_by_role("link", name="From elements to matrices").first.click()
    visit.page.wait_for_url("**/hand/matrix-form/")
    visit.settle()
    visit.page.wait_for_selector(".bp-runnable", state="attached")
    begun = time.perf_counter()
    assert run(visit, 1) == committed(PATHS["hand/matrix-form/"])[1][1]
    assert time.perf_counter() - begun < 60  # it did not hang; no timing is meant
    assert not [url for url in asked if "pyodide" in url]


def test_pages_do_not_share_names(visit):
    open_page(visit, HAND)
    edit(visit, 0, "only_here = 1")
    run(visit, 0)
    visit.page.get_by_role("link", name="From elements to matrices").first.click()
    visit.page.wait_for_url("**/hand/matrix-form/")
    visit.page.wait_for_selector(".bp-runnable", state="attached")
    edit(visit, 0, "only_here")
    assert "NameError" in run(visit, 0)


# What it looks like with all of it open (the rest of the page: questions.its_accessibility)

OPENED = "{include: [['.bp-runnable'], ['.run-output'], ['.run-status']]}"


def open_all(visit, path, its_run, its_edit, its_check):
    """A page with output, an editor and a verdict on it, by the names of the buttons."""
    open_page(visit, path)
    run(visit, 2, its_run)
    button(visit, 3, its_edit).click()
    block(visit, 3).locator(".cm-content").wait_for()
    button(visit, exercise(visit, "a-number-by-hand"), its_check).click()
    finish(visit)


def test_axe_finds_no_violation_with_editors_and_outputs_open(visit):
    silent = len(visit.complaints)
    open_all(visit, HAND, "Run", "Edit", "Check")
    assert axe(visit, "", of=OPENED) == []
    with visit.in_the_dark() as dark:
        assert dark
        assert axe(visit, "runOnly: ['color-contrast']", of=OPENED) == []
    assert visit.complaints[silent:] == []


def test_nothing_is_wider_than_a_phone_with_editors_and_outputs_open(visit):
    open_page(visit, HAND)
    run(visit, 2)
    button(visit, 3, "Edit").click()
    block(visit, 3).locator(".cm-content").wait_for()
    visit.be_wide(PHONE)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE
    visit.be_wide(DESK)


# Python ends here or grows large: behind those that share it


def test_stop_ends_an_endless_loop_and_the_next_run_replays_what_stands_above(visit):
    open_page(visit, HAND)
    run(visit, 1)
    edit(visit, 1, "print(x.size)\nwhile True:\n    pass")
    button(visit, 1, "Run").click()
    output(visit, 1).get_by_text("2").wait_for()
    button(visit, 1, "Stop").click()
    status(visit, 1).get_by_text("Stopped.").wait_for()
    reset(visit, 1)
    assert run(visit, 1) == committed(PATHS[HAND])[1][1]
    assert status(visit, 1).text_content().startswith("Ran the block above first.")


def test_too_large_an_array_is_an_error_that_can_be_read(visit):
    open_page(visit, HAND)
    edit(visit, 0, "import numpy as np\n[np.empty(10**8) for _ in range(20)]")
    button(visit, 0, "Run").click()
    finish(visit)
    assert "Unable to allocate" in output(visit, 0).text_content()
    assert status(visit, 0).text_content().endswith("Try again with smaller arrays.")
    reset(visit, 0)
    assert run(visit, 1) == committed(PATHS[HAND])[1][1]


def test_a_loop_that_prints_for_ever_is_cut_and_can_be_stopped(visit):
    open_page(visit, HAND)
    edit(visit, 0, "while True:\n    print('again and again')")
    button(visit, 0, "Run").click()
    output(visit, 0).get_by_text("there is more").wait_for(timeout=PATIENCE)
    button(visit, 0, "Stop").click()
    assert len(output(visit, 0).text_content()) < 21_000


# Without what it needs


def test_without_webassembly_the_reader_is_told_what_to_do(browser, site):
    with Visit(browser, site, "reference/licences/") as visit:
        visit.page.add_init_script("delete globalThis.WebAssembly")
        visit.page.goto(site.url + HAND)
        visit.settle()
        button(visit, 1, "Run").click()
        status(visit, 1).get_by_text("WebAssembly switched off").wait_for()
        assert visit.complaints == []


def test_without_the_runtime_there_is_copy_only(visit):
    def without(route):
        body = route.fetch().text()
        route.fulfill(body=re.sub(r'<meta name="bp-runtime"[^>]*>', "", body))

    silent = len(visit.complaints)
    with at(visit, visit.site.url + HAND, without):
        visit.page.goto(visit.site.url + HAND)
        visit.settle()
    assert visit.page.locator(".highlight pre").count() > 5
    assert visit.page.get_by_role("button", name="Run").count() == 0
    assert visit.complaints[silent:] == []


# In Korean: Python starts once more, as these pages have scripts of their own


def test_korean_buttons_and_words(visit):
    open_page(visit, f"ko/{HAND}")
    assert run(visit, 2, "실행") == committed(PATHS[HAND])[2][1]
    assert status(visit, 2).text_content().startswith("위의 코드 2개를 먼저 실행했습니다.")
    button(visit, 2, "편집").click()
    block(visit, 2).locator(".cm-content").wait_for()
    button(visit, 2, "되돌리기").click()
    button(visit, 2, "편집").wait_for()


def test_axe_finds_no_violation_in_korean_words_with_editors_and_outputs_open(visit):
    silent = len(visit.complaints)
    open_all(visit, f"ko/{HAND}", "실행", "편집", "확인")
    assert axe(visit, f"runOnly: {WORDS_FOR}", of=OPENED) == []
    assert visit.complaints[silent:] == []


@pytest.mark.parametrize("page", ["hand/one-path", "practice/digits"])  # Markdown, and a notebook
def test_answers_typed_in_korean_pages_get_the_verdict_in_korean(visit, page):
    open_page(visit, f"ko/{address(page)}")
    for its in (its for its in EXERCISES.values() if its.page == page):
        number = exercise(visit, its.name)
        button(visit, number, "편집").click()
        editor = block(visit, number).locator(".cm-content")
        editor.wait_for()
        editor.click()
        visit.page.keyboard.press("Control+a")
        visit.page.keyboard.insert_text(its.wrong[0].code)
        button(visit, number, "확인").click()
        finish(visit)
        wanted = check(its.name, its.wrong[0].code, "ko")
        assert status(visit, number).text_content() == wanted.words.replace("`", ""), its.name
