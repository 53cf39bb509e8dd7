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
    """Open a page anew, with nothing run on it and nothing solved. From a page of the other
    language Python does not come along: each has scripts of its own."""
    visit.page.evaluate("localStorage.clear()")
    if visit.page.url.partition("#")[0] == visit.site.url + path:
        korean = path.startswith("ko/")
        follow(visit, "ko/reference/licences/" if korean else "reference/licences/")
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
    """Wait until nothing runs any more: told of it, as asking in each frame takes its time."""
    visit.page.wait_for_function(
        """() => new Promise((done) => {
          const ask = () => document.querySelector(".bp-runnable[aria-busy]") || done(true);
          const busy = { subtree: true, attributeFilter: ["aria-busy"] };
          new MutationObserver(ask).observe(document.body, busy);
          ask();
        })""",
        timeout=PATIENCE,
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


def press(visit, number, name):
    """Click a button without the waiting of a hand, and wait until it has done its work."""
    block(visit, number).evaluate(
        """(box, name) =>
          [...box.querySelectorAll("button")].find((b) => b.textContent === name).click()""",
        name,
    )
    finish(visit)


def submit(visit, name, answer):
    """Put an answer into the editor of an exercise, check it, and hand back the verdict. By hand:
    test_answers_typed_in_korean_pages_get_the_verdict_in_korean."""
    number = exercise(visit, name)
    if not block(visit, number).locator(".cm-content").count():
        press(visit, number, "Edit")
    block(visit, number).evaluate(
        """(box, answer) => {
          const content = box.querySelector(".cm-content");
          getSelection().selectAllChildren(content);
          content.focus();
          document.execCommand("selectAll");
          document.execCommand("insertText", false, answer);
        }""",
        answer,
    )
    press(visit, number, "Check")
    return status(visit, number).text_content()
