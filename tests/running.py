"""What a reader's hand does with code on a page: run a block, edit it, answer an exercise."""

from course import committed
from visits import SOURCES

from backprop.exercises import load, names

PATHS = {  # English pages with code, and the file each is made from
    path: source
    for path, source in SOURCES.items()
    if not path.startswith("ko/") and committed(source)
}
EXERCISES = {name: load(name) for name in names()}
HAND = "hand/every-element/"
PATIENCE = 120_000  # milliseconds: a slow machine loads Python from nothing


def follow(visit, path):
    """Follow a link to a page of the site, as instant navigation does: Python stays."""
    visit.page.evaluate(
        """(url) => {
          window.bpSeen = document.querySelector("article");
          const link = Object.assign(document.createElement("a"), { href: url });
          document.body.append(link);
          link.click();
          link.remove();
        }""",
        visit.site.url + path,
    )
    visit.page.wait_for_url(visit.site.url + path)
    visit.page.wait_for_function("!window.bpSeen?.isConnected")
    visit.settle()


def open_page(visit, path):
    """Open a page anew, with nothing run on it and nothing solved."""
    visit.page.evaluate("localStorage.clear()")
    follow(visit, "reference/licences/")
    follow(visit, path)
    if path.removeprefix("ko/") in PATHS:
        visit.page.wait_for_selector(".bp-tools", state="attached")


def block(visit, number):
    return visit.page.locator(".bp-runnable").nth(number)


def button(visit, number, name):
    return block(visit, number).get_by_role("button", name=name, exact=True)


def output(visit, number):
    return block(visit, number).locator("+ .run-output")


def status(visit, number):
    return block(visit, number).locator("+ .run-output + .run-status")


def finish(visit):
    """Wait until nothing runs any more."""
    visit.page.wait_for_function(
        "!document.querySelector('.bp-runnable[aria-busy]')", timeout=PATIENCE
    )


def run(visit, number, name="Run"):
    button(visit, number, name).click()
    finish(visit)
    return output(visit, number).text_content().rstrip()


def reset(visit, number):
    button(visit, number, "Reset").click()
    finish(visit)


def edit(visit, number, text):
    """Open the editor and put this text in place of what stands there."""
    button(visit, number, "Edit").click()
    editor = block(visit, number).locator(".cm-content")
    editor.wait_for()
    visit.page.keyboard.press("Control+a")
    visit.page.keyboard.insert_text(text)
    return editor


def exercise(visit, name):
    """The place of an exercise's starter among the blocks."""
    heading = visit.page.locator(f"[data-exercise='{name}']")
    number = heading.evaluate(
        """h => [...document.querySelectorAll(".bp-runnable")].findIndex(
          (b) => h.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING)"""
    )
    return number


def submit(visit, number, answer):
    """Put an answer into the open editor of an exercise and click Check, without the waiting of a
    hand; by hand: test_answers_typed_in_korean_pages_get_the_verdict_in_korean."""
    visit.page.evaluate(
        """([number, answer]) => {
          const box = document.querySelectorAll(".bp-runnable")[number];
          const content = box.querySelector(".cm-content");
          getSelection().selectAllChildren(content);
          content.focus();
          document.execCommand("selectAll");
          document.execCommand("insertText", false, answer);
          [...box.querySelectorAll("button")].find((b) => b.textContent === "Check").click();
        }""",
        [number, answer],
    )
    finish(visit)
