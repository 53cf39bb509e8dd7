"""What is asked of every page in one visit of the browser. A question returns what is wrong: the
complaints, none if all is well. That each can be wrong: tests/browser/test_browser.py."""

import gzip

import course
from playwright.sync_api import Error as BrowserError
from visits import AXE, SOURCES, Visit

PHONE, DESK = 360, 1280
# Where links and buttons of the frame are used, a page of each kind. Elsewhere it says enough where
# they lead.
FOLLOWED = ("", "zero/learning/", "practice/digits/", "lab/your-network/")
SOURCE_TEXT = ("$", r"\(", r"\[", "{#", "???", "///", "--8<--", r"\W{", "INSTALL_LINE")
BLOCKS = """() => [...document.querySelectorAll(".bp-runnable:not(.starter)")].map((box) => {
  const its = box.nextElementSibling;
  const output = its?.matches(".output") ? its.querySelector("code").textContent : "";
  return [box.querySelector("code").textContent, output];
})"""  # every block's code, and the output under it


def its_weight(visit: Visit) -> list:
    """Before any click: one small script for Run and Edit, and all that is loaded."""
    visit.be_wide(DESK)  # a wider window may show more pictures
    visit.page.wait_for_load_state("networkidle")
    loaded = set(visit.asked)
    found: list = []
    script = f"{'ko/' if visit.path.startswith('ko/') else ''}assets/run/run.js"
    runs = sorted(url for url in loaded if "/run/" in url or "runtime" in url)
    if runs != [script]:
        found.append(f"of Run, {runs} are loaded")
    if len(gzip.compress((visit.site.folder / script).read_bytes())) > 8_000:
        found.append("the script for Run is too large")
    sizes = {url: size_of(visit.site.folder / url) for url in loaded}
    if sum(sizes.values()) > 250_000:
        found.append(f"{sum(sizes.values())} bytes: {sizes}")
    return found


def size_of(path) -> int:
    """As it travels: text is compressed on the way."""
    file = path / "index.html" if path.is_dir() else path
    if not file.exists():
        return 0  # what is missing: its_silence
    content = file.read_bytes()
    text = file.suffix in {".html", ".js", ".css", ".json", ".svg", ".xml"}
    return len(gzip.compress(content) if text else content)


def its_formulas(visit: Visit) -> list:
    """All are typeset, without an error."""
    return visit.page.evaluate(
        """() => [...document.querySelectorAll(
          ".arithmatex:not(:has(mjx-container)), mjx-merror, [data-mjx-error]"
        )].map((e) => e.outerHTML.slice(0, 160))"""
    )


def its_text(visit: Visit) -> list:
    """Nothing of Markdown, LaTeX or snippets is left in it."""
    text = visit.page.evaluate(
        """() => {
          const article = document.querySelector("article").cloneNode(true);
          for (const e of article.querySelectorAll("pre, code, mjx-container")) e.remove();
          return article.textContent;
        }"""
    )
    return [raw for raw in SOURCE_TEXT if raw in text]


def its_code(visit: Visit) -> list:
    """Every block of the page's source can be run, with the output that stands under it there."""
    shown = [(code.rstrip(), printed.rstrip()) for code, printed in visit.page.evaluate(BLOCKS)]
    right = [(code.rstrip(), out) for code, out in course.committed(SOURCES[visit.path])]
    found: list = [] if len(shown) == len(right) else [f"{len(shown)} blocks of {len(right)}"]
    for (code, printed), (its_code, out) in zip(shown, right, strict=False):
        if code != its_code or out not in (None, course.MEASURED, printed):
            found.append((code, printed))
    return found


def its_width(visit: Visit) -> list:
    """Nothing is wider than a small phone, with all unfolded. Rows of a report are formulas: both
    languages share them."""
    if visit.path.startswith("ko/"):
        shorten_reports(visit)
    visit.be_wide(PHONE)
    visit.unfold()
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    return [f"{width} px"] if width > PHONE else []


def its_formulas_on_a_phone(visit: Visit) -> list:
    """Display math fits; where a matrix must scroll, its edge shows it when it comes into sight. No
    inline formula goes beyond the screen."""
    visit.be_wide(PHONE)
    visit.unfold()
    return visit.page.evaluate(
        """async () => [
          ...(await (async () => {
            const displays = [...document.querySelectorAll("div.arithmatex")];
            for (const e of displays) e.style.contentVisibility = "visible"; // to be measured
            const wide = displays.filter((e) => e.scrollWidth > e.clientWidth + 1);
            for (const e of displays) e.style.contentVisibility = "";
            const unmarked = [];
            for (const e of wide) {
              e.scrollIntoView();
              for (let frame = 0; frame < 30 && !e.classList.contains("bp-scrolls"); frame += 1) {
                await new Promise(requestAnimationFrame);
              }
              if (!e.classList.contains("bp-scrolls")) {
                unmarked.push([e.scrollWidth - e.clientWidth, e.textContent.slice(0, 60)]);
              }
            }
            return unmarked;
          })()),
          ...[...document.querySelectorAll("span.arithmatex")]
            .filter(e => !e.closest(".bp-scrolls") && e.getBoundingClientRect().right > 361)
            .map(e => [e.getBoundingClientRect().right, e.textContent]),
        ]"""
    )


# Marks what shows words, and of what looks alike the first two; none of a look that is in before.
# A look is what contrast hangs on: colour, size and weight, the grounds behind, how much shines
# through, and of a link what sets it off from the words around it. What is placed by itself may be
# over anything: the elements and classes around it are part of its look. Returns the looks.
MARK_LOOKS = """(before) => {
  const seen = new Map(before.map((key) => [key, 2]));
  const says = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const grounds = new Map([[document.documentElement, ""]]);
  const ground = (e) => {
    if (grounds.has(e)) return grounds.get(e);
    const its = getComputedStyle(e);
    const behind = ground(e.parentElement);
    const painted = [its.backgroundColor, its.backgroundImage, its.opacity, its.filter].join();
    const alone = !/static|relative/.test(its.position) || its.transform !== "none";
    const inside = alone || e.ownerSVGElement || behind.startsWith("in ");
    const place = inside ? `in ${e.tagName} ${e.getAttribute("class")};` : "";
    grounds.set(e, place + (painted === "rgba(0, 0, 0, 0),none,1,none" ? "" : painted) + behind);
    return grounds.get(e);
  };
  for (const e of document.querySelectorAll("body :not(mjx-assistive-mml *, script, style)")) {
    delete e.dataset.look;
    if (!says(e) && !e.matches("input, select, textarea")) continue;
    const { color, fontSize, fontWeight, textDecorationLine } = getComputedStyle(e);
    const link = e.closest("a");
    const around = link && [textDecorationLine, getComputedStyle(link.parentElement).color];
    const key = [color, fontSize, fontWeight, around, ground(e)].join();
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (seen.get(key) > 2) continue;
    e.dataset.look = "";
    if (link) link.dataset.look = "";
  }
  return [...seen.keys()];
}"""


def shorten_reports(visit: Visit) -> None:
    """Leave of each table of a long report its first five rows: all are made alike."""
    visit.page.evaluate(
        """() => {
          for (const row of document.querySelectorAll(".bp-report tr:nth-child(n + 6)")) {
            row.remove();
          }
        }"""
    )


def axe(visit: Visit, options: str, formulas: int = 20, of: str = "document") -> list:
    """What axe finds, without what it would pass over, but not in no time: the thousands of
    elements that draw a letter of a formula each, hidden from screen readers and without text;
    and what is made alike, formulas as screen readers get them beyond the first ones, rows of a
    report beyond the first five."""
    shorten_reports(visit)
    visit.page.evaluate(
        """(formulas) => {
          for (const drawn of document.querySelectorAll("mjx-math[aria-hidden=true]")) {
            if (!drawn.textContent) drawn.replaceChildren();
          }
          [...document.querySelectorAll("mjx-assistive-mml")].slice(formulas)
            .forEach((read) => read.remove());
        }""",
        formulas,
    )
    visit.be_wide(DESK)
    visit.unfold()
    if not visit.page.evaluate("'axe' in window"):
        visit.page.evaluate(AXE)
    kinds = "resultTypes: ['violations', 'incomplete']"
    found = visit.page.evaluate(f"axe.run({of}, {{{kinds}, {options}}})")
    unseen = [node["html"][:160] for node in unseen_words(found["incomplete"])]
    return [
        (v["id"], v["help"], [node["html"][:160] for node in v["nodes"][:4]])
        for v in found["violations"]
    ] + ([("color-contrast", "words in the colour of their ground", unseen[:4])] if unseen else [])


def unseen_words(incomplete: list) -> list:
    """Where words have the very colour of what is behind them: axe takes them for hidden on
    purpose, and leaves it open."""
    return [
        node
        for rule in incomplete
        for node in rule["nodes"]
        if any((check["data"] or {}).get("messageKey") == "equalRatio" for check in node["any"])
    ]


OF_LOOKS = ["color-contrast", "link-in-text-block"]  # what axe asks of looks
# The looks that words have had on pages without a fault: most look alike on all.
fine: dict[str, list[str]] = {"light": [], "dark": []}


def contrast(visit: Visit, scheme: str) -> list:
    """What axe finds too pale, asked of each look that words have: it takes its time over every
    word, and they look alike by the hundred."""
    visit.be_wide(DESK)
    visit.unfold()
    looks = visit.page.evaluate(MARK_LOOKS, fine[scheme])
    if not visit.page.locator("[data-look]").count():
        return []
    only = f"runOnly: {OF_LOOKS}"
    found = axe(visit, only, formulas=0, of="{include: [['[data-look]']]}")
    if not found:
        fine[scheme] = looks
    return found


# What axe knows of words for what is seen: they are others in each language.
WORDS_FOR = [
    "image-alt",
    "svg-img-alt",
    "role-img-alt",
    "object-alt",
    "link-name",
    "button-name",
    "input-button-name",
    "label",
    "label-title-only",
    "select-name",
    "aria-command-name",
    "aria-dialog-name",
    "aria-input-field-name",
    "aria-toggle-field-name",
    "aria-tooltip-name",
    "summary-name",
    "frame-title",
    "empty-heading",
    "empty-table-header",
    "page-has-heading-one",
    "landmark-unique",
    "table-duplicate-name",
    "document-title",
    "html-has-lang",
    "html-lang-valid",
    "valid-lang",
    "duplicate-id-aria",
]


def its_accessibility(visit: Visit) -> list:
    """All that axe knows but of colours. In Korean what it knows of words: all else both languages
    share."""
    if visit.path.startswith("ko/"):
        return axe(visit, f"runOnly: {WORDS_FOR}", formulas=0)
    visit.page.evaluate(
        """() => {
          for (const code of document.querySelectorAll("pre code")) {
            code.coloured = code.innerHTML; // a third of the page's elements, for colours alone
            code.textContent = code.textContent;
          }
        }"""
    )
    found = axe(
        visit, f"rules: {{{', '.join(f'{rule!r}: {{enabled: false}}' for rule in OF_LOOKS)}}}"
    )
    visit.page.evaluate(
        """() => {
          for (const code of document.querySelectorAll("pre code")) code.innerHTML = code.coloured;
        }"""
    )
    return found


def its_contrast(visit: Visit) -> list:
    """In the light; both languages share it."""
    return contrast(visit, "light")


def its_contrast_in_the_dark(visit: Visit) -> list:
    """Colours are all that the other scheme changes. The button is pressed on some pages; elsewhere
    the scheme is set as it does, at a third of the time."""
    visit.be_wide(DESK)
    if visit.path not in FOLLOWED:
        visit.page.evaluate("document.body.dataset.mdColorScheme = 'slate'")
        return contrast(visit, "dark")
    with visit.in_the_dark() as dark:
        return contrast(visit, "dark") if dark else ["it does not get dark"]


def its_silence(visit: Visit) -> list:
    """Nothing in the console, nothing that failed to load, no other host, to its very end and
    with every picture, also those of the other scheme and in what is folded."""
    visit.page.mouse.wheel(0, 30000)
    visit.page.evaluate("for (const image of document.images) image.loading = 'eager'")
    visit.page.wait_for_function("[...document.images].every(image => image.complete)")
    visit.page.wait_for_load_state("networkidle")
    return list(visit.complaints)


def its_twin(visit: Visit) -> list:
    """The language link leads to the same page, and from there back, in silence."""
    before, url = len(visit.complaints), visit.site.url
    korean = visit.path.startswith("ko/")
    twin = visit.path.removeprefix("ko/") if korean else f"ko/{visit.path}"
    address = visit.page.locator("a.bp-language").evaluate("link => link.href")
    if address != url + twin:
        return [f"it leads to {address}"]
    if visit.path not in FOLLOWED:
        return []
    visit.page.get_by_role("link", name="한국어").click()
    visit.page.wait_for_url(f"{url}ko/{visit.path}")
    visit.settle()
    language = visit.page.evaluate("document.documentElement.lang")
    visit.page.get_by_role("link", name="English").click()
    visit.page.wait_for_url(url + visit.path)
    return visit.complaints[before:] + ([f"it says {language}"] if language != "ko" else [])


OF_EACH = (  # first what a page is before anything is touched
    its_weight,
    its_formulas,
    its_text,
    its_code,
    its_width,
    its_formulas_on_a_phone,
    its_accessibility,
    its_silence,
    its_twin,
)
OF_ONE_LANGUAGE = (its_contrast, its_contrast_in_the_dark)  # both languages share them; at the end


def ask(visit: Visit, questions) -> list[str]:
    """What is wrong with a page, each complaint with the page and the question."""
    told = []
    for question in questions:
        try:
            found = question(visit)
        except BrowserError as error:  # what a question waits for does not come
            found = [error]
        told += [f"/{visit.path}: {question.__name__}: {complaint}" for complaint in found]
    return told
