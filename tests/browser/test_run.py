"""Run, Edit, Stop and Reset in a real browser: what a reader's click does."""

import contextlib
import gzip
import re
import time

import pytest
from course import committed
from questions import DESK, PHONE, axe
from running import (
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
from visits import Visit

pytestmark = pytest.mark.browser


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


def test_a_loop_that_prints_for_ever_is_cut_and_can_be_stopped(visit):
    open_page(visit, HAND)
    edit(visit, 0, "while True:\n    print('again and again')")
    button(visit, 0, "Run").click()
    output(visit, 0).get_by_text("there is more").wait_for(timeout=PATIENCE)
    button(visit, 0, "Stop").click()
    assert len(output(visit, 0).text_content()) < 21_000


def test_too_large_an_array_is_an_error_that_can_be_read(visit):
    open_page(visit, HAND)
    edit(visit, 0, "import numpy as np\n[np.ones(10**8) for _ in range(20)]")
    button(visit, 0, "Run").click()
    finish(visit)
    assert "Unable to allocate" in output(visit, 0).text_content()
    assert status(visit, 0).text_content().endswith("Try again with smaller arrays.")
    reset(visit, 0)
    assert run(visit, 1) == committed(PATHS[HAND])[1][1]


def test_korean_buttons_and_words(visit):
    open_page(visit, f"ko/{HAND}")
    assert run(visit, 2, "실행") == committed(PATHS[HAND])[2][1]
    assert status(visit, 2).text_content().startswith("위의 코드 2개를 먼저 실행했습니다.")
    button(visit, 2, "편집").click()
    block(visit, 2).locator(".cm-content").wait_for()
    button(visit, 2, "되돌리기").click()
    button(visit, 2, "편집").wait_for()


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


# What it weighs


def requests_of(browser, site, path, action=lambda visit: None):
    """Addresses and sizes (uncompressed) of all that a visit loads."""
    with Visit(browser, site, "reference/licences/") as visit:
        loaded = {}
        visit.context.on("response", lambda r: loaded.setdefault(r.url, r))
        page = visit.context.new_page()
        page.goto(site.url + path)
        page.wait_for_function("document.documentElement.dataset.ready === 'page'")
        page.wait_for_load_state("networkidle")
        visit.page = page
        action(visit)
        addresses = [url for url in loaded if url.startswith(site.url)]
        assert visit.complaints == []
        return {url.removeprefix(site.url): len(loaded[url].body()) for url in addresses}


def test_the_script_that_every_page_loads_is_small(site):
    """What else a page loads, and how much in all: questions.its_weight."""
    script = (site.folder / "assets/run/run.js").read_bytes()
    assert len(gzip.compress(script)) <= 8_000


def test_the_editor_is_loaded_by_edit_alone_and_python_by_run_alone(browser, site):
    def click(name):
        def action(visit):
            button(visit, 1, name).click()
            if name == "Edit":
                block(visit, 1).locator(".cm-content").wait_for()
            else:
                finish(visit)

        return action

    edited = requests_of(browser, site, HAND, click("Edit"))
    assert any("codemirror" in url for url in edited)
    assert not any("pyodide" in url for url in edited)
    ran = requests_of(browser, site, HAND, click("Run"))
    assert not any("codemirror" in url for url in ran)
    assert any(url.endswith("pyodide.asm.wasm") for url in ran)
    assert not any("matplotlib" in url for url in ran), "nothing on this page draws"


# When something is missing


def broken(browser, site, before):
    visit = Visit(browser, site, "reference/licences/")
    before(visit)
    visit.page.goto(site.url + HAND)
    visit.settle()
    return visit


def test_without_webassembly_the_reader_is_told_what_to_do(browser, site):
    with broken(
        browser, site, lambda v: v.page.add_init_script("delete globalThis.WebAssembly")
    ) as visit:
        button(visit, 1, "Run").click()
        status(visit, 1).get_by_text("WebAssembly switched off").wait_for()
        assert visit.complaints == []


def test_a_download_that_fails_is_named_and_can_be_tried_again(browser, site):
    """In the order in which they are needed: each try comes as far as the next one."""
    with Visit(browser, site, HAND) as visit:
        for file in ("runtime.json", "pyodide.mjs", "python_stdlib", "numpy"):
            pattern = re.compile(re.escape(file))
            visit.context.route(pattern, lambda route: route.abort())
            button(visit, 1, "Run").click()
            finish(visit)
            assert re.search(rf"{file}\S* could not be loaded", status(visit, 1).text_content())
            visit.context.unroute(pattern)
        assert run(visit, 1) == committed(PATHS[HAND])[1][1]


def test_without_the_runtime_there_is_copy_only(browser, site):
    def without(route):
        body = route.fetch().text()
        route.fulfill(body=re.sub(r'<meta name="bp-runtime"[^>]*>', "", body))

    with broken(browser, site, lambda v: v.page.route(site.url + HAND, without)) as visit:
        assert visit.page.locator(".highlight pre").count() > 5
        assert visit.page.get_by_role("button", name="Run").count() == 0
        assert visit.complaints == []


# What it looks like with all of it open


@pytest.mark.parametrize(("path", "scheme"), [(HAND, "default"), (f"ko/{HAND}", "slate")])
def test_axe_finds_no_violation_with_editors_and_outputs_open(visit, path, scheme):
    words = ("실행", "편집", "확인") if path.startswith("ko/") else ("Run", "Edit", "Check")
    silent = len(visit.complaints)
    open_page(visit, path)
    run(visit, 2, words[0])
    button(visit, 3, words[1]).click()
    block(visit, 3).locator(".cm-content").wait_for()
    number = exercise(visit, "a-number-by-hand")
    button(visit, number, words[2]).click()
    finish(visit)
    with in_scheme(visit, scheme):
        assert axe(visit, "") == []
    assert visit.complaints[silent:] == []


@contextlib.contextmanager
def in_scheme(visit, scheme):
    """The page in the other scheme for a while, if that is the one."""
    switch = visit.page.locator("form[data-md-component=palette] label:visible")
    before = visit.page.evaluate("document.body.dataset.mdColorScheme")
    if scheme != before:
        switch.click()
    assert visit.page.evaluate("document.body.dataset.mdColorScheme") == scheme
    yield
    if scheme != before:
        switch.click()


def test_nothing_is_wider_than_a_phone_with_editors_and_outputs_open(visit):
    open_page(visit, HAND)
    run(visit, 2)
    button(visit, 3, "Edit").click()
    block(visit, 3).locator(".cm-content").wait_for()
    visit.be_wide(PHONE)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE
    visit.be_wide(DESK)
