"""A reader's visit to the built site, in Chromium, with all that went wrong on the way."""

from importlib.resources import files
from urllib.parse import urlparse

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
NAMES = [
    "",
    "hand/one-path/",
    "hand/every-element/",
    "hand/matrix-form/",
    "practice/digits/",
    "reference/notation/",
    "reference/glossary/",
    "reference/checked/",
    "reference/licences/",
]
ALL = [f"{folder}{name}" for folder in ("", "ko/") for name in NAMES]


class Visit:
    """A page in a window of its own, with all that went wrong on the way."""

    def __init__(self, browser, site, path="", *, scheme="light", width=1280, **options):
        self.site, self.complaints = site, []
        self.context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}, **options
        )
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._request)
        self.page.on("response", self._response)
        self.page.goto(site.url + path)
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

    def _response(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def settle(self):
        """Wait until math is typeset and steppers have come."""
        self.page.wait_for_function("document.documentElement.dataset.math === 'typeset'")
        self.page.wait_for_function(
            "![...document.querySelectorAll('backprop-stepper, backprop-nudge')]"
            ".some(e => !e.classList.contains('bp-ready'))"
        )
        self.page.wait_for_function(
            "[...document.querySelectorAll('article .arithmatex')]"
            ".every(e => e.querySelector('mjx-container'))"
        )

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.context.close()
