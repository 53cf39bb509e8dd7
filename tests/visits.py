"""A reader's visit to the built site, in Chromium, with all that went wrong on the way."""

import contextlib
from importlib.resources import files
from urllib.parse import unquote, urlparse

import course

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def address(name: str) -> str:
    """Where a page stands on the site: hand/one-path/."""
    return "" if name == "index" else f"{name}/"


SOURCES = {  # of each page of both languages, by its address
    f"{folder}{address(course.name_of(path))}": path
    for language, folder in (("en", ""), ("ko", "ko/"))
    for path in course.all_pages(language)
}
ALL = list(SOURCES)


def at_rest(page):
    """Wait until a page stands as it is laid out now: observers have answered, and what moves to
    an end has come to it."""
    page.evaluate(
        """async () => {
          const frame = () => new Promise((wake) => requestAnimationFrame(wake));
          await document.fonts.ready;
          await frame();
          await frame();
          for (const moving of document.getAnimations()) {
            if (Number.isFinite(moving.effect?.getComputedTiming().endTime)) moving.finish();
          }
          await frame();
        }"""
    )


class Visit:
    """A page in a window of its own, with all that went wrong on the way."""

    def __init__(
        self, browser, site, path="", *, scheme="light", width=1280, clock=False, **options
    ):
        self.site, self.width = site, width
        self.complaints: list[str] = []
        self.asked: set[str] = set()  # addresses on the site: what is loaded
        self.context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}, **options
        )
        if clock:
            self.context.clock.install()  # goes on, and a test may turn it
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._request)
        self.page.on("response", self._response)
        self.open(path)

    def open(self, path):
        """A page, as if nothing had been before."""
        if self.page.url != "about:blank":
            self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
            self.page.goto("about:blank")  # what comes late from there comes now
            self.page.set_viewport_size({"width": self.width, "height": 900})
        self.path = path
        self.complaints.clear()
        self.asked.clear()
        self.page.goto(self.site.url + path)
        self.settle()

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text}")

    def _failed(self, request):
        # What is still on its way when the reader leaves a page is given up, and rightly so.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url}: {request.failure}")

    def _request(self, request):
        url = urlparse(request.url)
        if url.scheme in ("http", "https") and url.netloc != urlparse(self.site.url).netloc:
            self.complaints.append(f"another host: {request.url}")
        if request.url.startswith(self.site.url):
            address, _, _ = request.url.removeprefix(self.site.url).partition("?")
            self.asked.add(unquote(address))

    def _response(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def settle(self):
        """Wait until math is typeset and steppers have come."""
        self.page.wait_for_function("document.documentElement.dataset.ready === 'page'")
        self.page.wait_for_function(
            "!['stepper', 'nudge', 'demon', 'slope', 'landscape', 'lab']"
            ".flatMap(kind => [...document.querySelectorAll(`backprop-${kind}`)])"
            ".some(e => !e.classList.contains('bp-ready'))"
        )
        self.page.wait_for_function(
            "[...document.querySelectorAll('article .arithmatex')]"
            ".every(e => e.querySelector('mjx-container'))"
        )

    def be_wide(self, width):
        """The window at this width, the page laid out anew."""
        if self.page.viewport_size["width"] != width:
            self.page.set_viewport_size({"width": width, "height": 900})
        at_rest(self.page)

    @contextlib.contextmanager
    def in_the_dark(self):
        """The other scheme for a while, by the button that readers have; whether it has come."""
        switch = self.page.locator("form[data-md-component=palette] label:visible")
        self.page.emulate_media(color_scheme="dark")
        switch.click()
        try:
            yield self.page.evaluate("document.body.dataset.mdColorScheme") == "slate"
        finally:
            self.page.emulate_media(color_scheme="light")
            switch.click()

    def unfold(self):
        """Open whatever is folded."""
        self.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
        at_rest(self.page)

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.context.close()
