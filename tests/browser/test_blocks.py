"""Every block of every page prints in the browser what stands under it."""

import pytest
from course import MEASURED, committed, draws
from questions import BLOCKS
from running import PATHS, finish, open_page

pytestmark = pytest.mark.browser

EXCEPTIONS: dict[str, str] = {}  # a block that prints otherwise in the browser, and why: none
OUTPUTS = """() => [...document.querySelectorAll(".bp-runnable:not(.starter) + .run-output")].map(
  (its) => [its.textContent, its.querySelectorAll("img").length]
)"""  # what each block printed, and how many pictures it drew


@pytest.mark.parametrize("path", PATHS)
def test_every_block_prints_in_the_browser_what_stands_under_it(visit, path):
    """In one language: both carry the same code and outputs (questions.its_code; of a notebook,
    tests/site/test_site.py)."""
    silent = len(visit.complaints)
    open_page(visit, path)
    shown = visit.page.locator(".bp-runnable:not(.starter)")
    expected, texts = committed(PATHS[path]), visit.page.evaluate(BLOCKS)
    assert len(texts) == len(expected)
    visit.unfold()  # a solution may hold some
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
    assert visit.complaints[silent:] == []
