"""A page taken apart: what its readers read as text, and where its numbers may come from.

The text keeps its places: whatever is not text is blank, so that a number found in it stands in
the same line and column as in the file."""

import ast
import bisect
import html
import io
import json
import re
import tokenize
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import course
import yaml
from equations.extract import DISPLAY, INLINE, RELATION, blanked, equations

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
MARK = re.compile(r"[^\s<]{0,12}(?: ?%)?<!-- number: (?P<why>[^>]*?) -->")
INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)(?P<code>.+?(?:\n.+?)??)(?<!`)\1(?!`)")
IMAGE = re.compile(r"!\[(?P<alt>[^]]*)\]\([^)]*\)")
TARGET = re.compile(r"(?<=\])\((?P<url>\s*(?:<[^>\n]*>|[^\s()]*))(?P<title>[^)\n]*)\)")
ADDRESS = re.compile(r"<?https?://[^\s>)\]]+>?")
REFERENCE = re.compile(r"^\s*\[[^]^\n]+\]:[ \t]*\S+|\[\^[\w-]+\]:?|\]\[[\w-]+\]", re.MULTILINE)
ATTRIBUTES = re.compile(r"\{:?[ \t]*(?:[#.][\w-]|[\w-]+=)[^{}\n]*\}")
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
SPOKEN = re.compile(r"""\b(?:alt|title|aria-label|content)=(["'])(?P<words>.*?)\1""", re.DOTALL)
ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
FRONT_MATTER = re.compile(r"\A\s*---\n(?P<fields>.*?)\n---[ \t]*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} (?P<title>.*)$", re.MULTILINE)
ANCHOR = re.compile(r"\{ ?#(?P<anchor>[\w-]+) ?\}$")
TITLE = re.compile(r"^\s*(?:!!!|\?\?\?\+?|===)")

NUMBER = re.compile(r"(?:(?<!\w)\.)?\d+(?:[.,]\d+)*(?:[eE][-+−]?\d+)?")
OTHER_DIGITS = re.compile("[¼-¾⅐-⅟①-⒛⓪-⓿❶-➓㉑-㉟㊱-㊿²³¹⁰⁴-⁹₀-₉]+")
LETTER = r"A-Za-zͰ-Ͽ"
NAME_BEFORE = re.compile(rf"[{LETTER}]\Z|[{LETTER}\d]_\Z")  # W2, float32, loss_2: part of a name
SIGN_BEFORE = re.compile(r"(?:^|[\s(\[:=|])([-−–+])\Z")
PERCENT = re.compile(r"\s*(?:\\?%|percent|per cent|퍼센트|프로(?!그))")

NOTATION = course.ROOT / "src" / "backprop" / "notation.json"
SYMBOLS = json.loads(NOTATION.read_text(encoding="utf-8"))["symbols"]
WITH_LAYER = "|".join(name for name, symbol in SYMBOLS.items() if symbol.get("args") == 1)
LAYER = re.compile(rf"\\({WITH_LAYER})\{{[^{{}}]*\}}")
INDEX = re.compile(r"(?<=[\w)}\]'|])\s*[_^](?:\{[^{}]*\}|\\?[A-Za-z]+|\S)")
WORDING = re.compile(r"\\(?:text|textbf|textit|mathrm|mathbf|mathit|operatorname)\{[^{}]*\}")
FORM = re.compile(
    r"\\(?:tag|label|begin|end|color|quad|qquad|d?frac|tfrac|sqrt|cdot|times|left|right|text"
    r"|textbf|textit|mathrm|mathbf|mathit|big|Big|ldots|dots|pm|le|ge|leq|geq|approx)(?![a-zA-Z])"
    r"|\\[^a-zA-Z]"
)
FRACTION = re.compile(r"\\[dt]?frac\{(\d+)\}\{(\d+)\}")


@dataclass(frozen=True)
class Number:
    """A number that a reader sees, and the text around it."""

    shown: str
    start: int
    end: int
    place: str  # "text", "heading", "table", "caption", "alt text", …
    expression: str = ""  # the formula or the code it stands in; empty in plain text
    behind: int = 0  # where a mark of its own would begin

    @property
    def value(self) -> str:
        """As it is compared with an output: no separators of thousands, one kind of minus."""
        plain = self.shown.replace("−", "-").replace("–", "-").lstrip("+")
        return re.sub(r",(?=\d{3}(?!\d))", "", plain)


@dataclass
class Page:
    """A page taken apart."""

    source: str  # line for line as in the file; a notebook's as Markdown
    text: str = ""
    numbers: list[Number] = field(default_factory=list)
    code: set[str] = field(default_factory=set)  # the numbers in its Python blocks
    outputs: list[tuple[int, set[str]]] = field(default_factory=list)  # where, and its numbers
    equations: list[tuple[int, set[str]]] = field(default_factory=list)
    fractions: set[str] = field(default_factory=set)  # of its equations, as LaTeX
    marks: list[int] = field(default_factory=list)  # where the marks begin

    def __post_init__(self) -> None:
        self.lines = self.source.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        fences = [range(block.first, block.last + 1) for block in course.blocks(self.source)]
        fenced = {n for fence in fences for n in fence}
        self.paragraphs, self.sections, count, new = [], [0], 0, True
        for n, line in enumerate(self.lines):
            heading = line.startswith("#") and n not in fenced
            if not line.strip() and n not in fenced:
                new = True
            else:
                count += new or heading
                new = heading
            self.paragraphs.append(count)
            self.sections.append(self.sections[-1] + heading)

    def line(self, at: int) -> int:
        """The line of a place, from 1."""
        return bisect.bisect_right(self.starts, at)

    def paragraph(self, at: int) -> int:
        """Which paragraph of the page this is; a heading is one, and so is a fenced block."""
        return self.paragraphs[min(self.line(at), len(self.lines)) - 1]

    def section(self, at: int) -> int:
        """How many headings stand above."""
        return self.sections[min(self.line(at), len(self.lines))]

    def bounds(self, at: int) -> tuple[int, int]:
        """Where its paragraph begins and ends."""
        here = self.paragraph(at)
        first = bisect.bisect_left(self.paragraphs, here)
        last = bisect.bisect_right(self.paragraphs, here)
        return self.starts[first], self.starts[last] - 1


# Numbers of code, of what it prints, of formulas


def plain_digits(text: str) -> str:
    """Digits and signs of all scripts and widths as those of ASCII, one for one."""
    text = re.sub(r"[！-～]", lambda m: chr(ord(m[0]) - 0xFEE0), text)
    return re.sub(r"(?![0-9])\d", lambda m: str(unicodedata.decimal(m[0])), text)


def printed_numbers(text: str) -> set[str]:
    """The numbers of an output block as they stand there, with their minus or their percent."""
    found = set()
    for match in NUMBER.finditer(text):
        if NAME_BEFORE.search(text[max(0, match.start() - 2) : match.start()]):
            continue
        sign = SIGN_BEFORE.search(text[: match.start()])
        minus = "-" if sign and sign[1] != "+" else ""
        percent = "%" if text[match.end() : match.end() + 1] == "%" else ""
        found.add(minus + match[0].replace(",", "") + percent)
    return found


@cache
def code_numbers(code: str) -> set[str]:
    """The numbers that a Python block names; none of its strings and comments."""
    found = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.NUMBER:
                found.add(token.string.replace("_", ""))
    except (tokenize.TokenError, SyntaxError):
        pass  # the blocks of real pages are run by another test
    return found


@cache
def comments(code: str) -> list[tuple[int, int, str]]:
    """Line, column and text of each comment of a Python block."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                found.append((token.start[0] - 1, token.start[1], token.string))
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def without_indices(tex: str) -> str:
    """A formula without the layers, indices and exponents of its symbols."""
    tex = LAYER.sub(lambda m: "w".rjust(len(m[0])), tex.replace("{}", "  "))
    tex = blanked(tex, re.compile(r"\\tag\{[^}]*\}|\\\\\[[^]]*\]|\\label\{[^}]*\}"))
    for _ in range(3):  # indices of indices
        tex = blanked(tex, INDEX)
    return tex


def has_a_symbol(tex: str) -> bool:
    """A formula says something about a symbol, or is a number in disguise."""
    return bool(re.search(r"[A-Za-z]", FORM.sub(" ", WORDING.sub(" ", tex))))


# A file as Markdown, line for line


def as_markdown(source: str) -> str:
    """A notebook in the percent format as Markdown with as many lines: its cells are fences.
    A fence is longer than any that stands inside a text cell."""
    out: list[str] = []
    kind, opened = "", False
    for line in [*source.split("\n"), "# %%"]:
        if line.startswith("# %%"):
            if opened:  # the blank line before the next cell closes the fence
                if out[-1].strip():
                    raise ValueError(f"line {len(out)}: a blank line must end the cell")
                out[-1] = "~" * 9
            kind = "text" if "[markdown]" in line else "raw" if "[raw]" in line else "code"
            opened = kind == "code"
            out.append("~" * 9 + " python cell" if opened else "")
        elif not kind:
            out.append("")  # jupytext's own header
        else:
            out.append(line if opened else re.sub(r"^# ?", "", line))
    return "\n".join(out[:-1])


def source_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return as_markdown(text) if path.suffix == ".py" else text


def printed_on(path: Path) -> list[str]:
    """What a notebook's cells print; on other pages output blocks say it."""
    return course.notebook_run(path)[1] if path.suffix == ".py" else []


# Taking apart


class Reader:
    """Blanks a page's source part by part, noting the numbers that stand in each."""

    def __init__(self, source: str, printed: Sequence[str]):
        source = plain_digits(source)
        self.printed = iter(printed)
        self.page = Page(source)
        self.text = source
        self.alt = [m.span("alt") for m in IMAGE.finditer(source)]
        self.fences = course.blocks(source)
        self.lines, self.rows = self.page.starts, self.page.lines

    def read(self) -> Page:
        self.front_matter()
        self.blocks()
        self.formulas()
        self.inline_code()
        self.marks_and_comments()
        self.markup()
        self.page.text = self.text
        self.page.numbers += numbers_in(self.text, self.place)
        self.page.numbers.sort(key=lambda number: number.start)
        return self.page

    def blank(self, start: int, end: int) -> None:
        inside = re.sub(r"[^\n]", " ", self.text[start:end])
        self.text = self.text[:start] + inside + self.text[end:]

    def keep(self, start: int, end: int, keep: list[tuple[int, int]]) -> None:
        """Blank all but some parts."""
        for a, b in zip([start, *(b for _, b in keep)], [*(a for a, _ in keep), end], strict=True):
            self.blank(a, b)

    def front_matter(self) -> None:
        """Title and description are read; what else stands there is for the build."""
        match = FRONT_MATTER.match(self.text)
        if match:
            kept = [
                (match.start("fields") + m.start(2), match.start("fields") + m.end(2))
                for m in re.finditer(
                    r"^(title|description):(.*(?:\n[ \t]+.*)*)", match["fields"], re.MULTILINE
                )
            ]
            self.keep(match.start(), match.end(), kept)
            self.front = match.end()
        else:
            self.front = 0

    def blocks(self) -> None:
        """Code, source and output that a test compares is no text; every other fence is."""
        before = ""
        for block in self.fences:
            start, end = self.lines[block.first], self.lines[block.last]
            opening, closing = self.lines[block.first - 1], self.lines[block.last + 1] - 1
            title = re.search(r'title="([^"]*)"', self.text[opening:start])
            kept = [(opening + title.start(1), opening + title.end(1))] if title else []
            is_cell = "python cell" in block.info
            if block.kind == "python":
                self.page.code |= code_numbers(block.text)
                kept += self.comments(block)
                if is_cell:
                    self.page.outputs.append((end, printed_numbers(next(self.printed, ""))))
            elif block.kind == "pycon":
                for line in block.text.splitlines():
                    if line.startswith((">>>", "...")):
                        self.page.code |= code_numbers(line[3:].strip())
                    else:
                        self.page.outputs.append((start, printed_numbers(line)))
            elif block.kind == "output" and before == "python":
                self.page.outputs.append((start, printed_numbers(block.text)))
            elif block.kind != "source":
                kept.append((start, end))  # no test runs it: its numbers are typed
            self.keep(opening, min(closing, len(self.text)), kept)
            if block.kind in {"python", "pycon", "output"}:  # what course.run_page compares
                before = "cell" if is_cell else block.kind

    def comments(self, block: course.Block) -> list[tuple[int, int]]:
        """Where the comments of a Python block stand. Those of a snippet are read in its file."""
        inside = [line.removeprefix(block.indent) for line in self.rows[block.first : block.last]]
        code = "\n".join("" if course.INCLUDE.match(line) else line for line in inside)
        starts = [self.lines[block.first + n] + len(block.indent) for n in range(len(inside))]
        return [
            (starts[line] + column, starts[line] + column + len(words))
            for line, column, words in comments(code)
        ]

    def formulas(self) -> None:
        for equation in equations(self.page.source):
            if not equation.exempt:
                bare = without_indices(equation.tex)
                self.page.equations.append((equation.start, printed_numbers(bare)))
                self.page.fractions |= {m[0] for m in FRACTION.finditer(equation.tex)}
        code = blanked(self.text, INLINE_CODE)
        for pattern in (DISPLAY, INLINE):
            for match in pattern.finditer(code):
                if not RELATION.search(match["tex"]):
                    bare, at = without_indices(match["tex"]), match.start("tex")
                    self.expression(bare, f"${match['tex']}$", at, match.end())
                self.blank(match.start("tex") - 1, match.end("tex") + 1)
            code = blanked(code, pattern)

    def expression(self, text: str, shown: str, start: int, end: int) -> None:
        """Note the numbers of a formula or of code; a mark of theirs begins behind all of it."""
        for found in numbers_in(text, lambda at: self.place(start + at)):
            first, last = start + found.start, start + found.end
            self.page.numbers.append(Number(found.shown, first, last, found.place, shown, end))

    def inline_code(self) -> None:
        for match in INLINE_CODE.finditer(self.text):
            at = match.start("code")
            self.expression(match["code"], f"`{match['code']}`", at, match.end())
            self.blank(*match.span())

    def marks_and_comments(self) -> None:
        for match in COMMENT.finditer(self.text):
            if match[0].startswith("<!-- number:"):
                self.page.marks.append(match.start())
            self.blank(*match.span())

    def markup(self) -> None:
        for match in TARGET.finditer(self.text):
            self.blank(match.start("url") - 1, match.end("url"))
        for match in REFERENCE.finditer(self.text):
            self.blank(*match.span())
        for pattern in (ATTRIBUTES, TAG):
            for match in pattern.finditer(self.text):
                words = [
                    (match.start() + m.start("words"), match.start() + m.end("words"))
                    for m in SPOKEN.finditer(match[0])
                ]
                self.keep(*match.span(), words)
        self.text = blanked(self.text, ADDRESS)
        self.text = ENTITY.sub(
            lambda m: plain_digits(html.unescape(m[0]))[:1].ljust(len(m[0])), self.text
        )
        self.text = re.sub(r"\*|~~|\\(?=[^\w\s])", lambda m: " " * len(m[0]), self.text)

    def place(self, at: int) -> str:
        """What kind of text stands there."""
        number = self.page.line(at) - 1
        line = self.page.lines[number]
        if any(a <= at < b for a, b in self.alt):
            return "alt text"
        if at < self.front:
            return "front matter"
        if any(block.first - 1 <= number <= block.last for block in self.fences):
            return "block"
        if line.startswith("#"):
            return "heading"
        if TITLE.match(line):
            return "title"
        if line.lstrip().startswith("|"):
            return "table"
        if re.match(r"\s*(?:[-*+]|\d+[.)])\s", line):
            return "list"
        start, _ = self.page.bounds(at)
        before = self.page.source[:at].rfind("/// figure-caption")
        if before >= 0 and not re.search(r"^///\s*$", self.page.source[before:at], re.MULTILINE):
            return "caption"
        return "quotation" if self.page.source[start:].lstrip().startswith(">") else "text"


def numbers_in(text: str, place: Callable[[int], str]) -> list[Number]:
    """Every number of a text that is not part of a name such as W2 or float32."""
    found = []
    for match in NUMBER.finditer(text):
        before = text[max(0, match.start() - 4) : match.start()]
        if NAME_BEFORE.search(before):
            continue
        sign = SIGN_BEFORE.search(before)
        shown = (sign[1] if sign else "") + match[0]
        start = match.start()
        found.append(Number(shown, start, match.end(), place(start), behind=match.end()))
    for match in OTHER_DIGITS.finditer(text):
        power = re.fullmatch("[²³¹⁰⁴-⁹₀-₉]+", match[0])
        if not (power and re.search(r"[\w)\]]$", text[: match.start()])):
            start, end = match.span()
            found.append(Number(match[0], start, end, place(start), behind=end))
    return found


def read(source: str, printed: Sequence[str] = ()) -> Page:
    """A Markdown text taken apart; of a notebook, with what its cells print."""
    return Reader(source, printed).read()


# Words that stand outside pages


SAID = {
    "site_name", "site_description", "copyright", "name", "title", "part", "before",
    "language_name", "permalink_title", "prefix",
}  # fmt: skip


def settings(path: Path) -> list[tuple[int, str]]:
    """Line and text of every string of a mkdocs.yml that readers see: names, titles, and so on."""
    found: list[tuple[int, str]] = []

    def walk(node: yaml.Node, in_nav: bool) -> None:
        if isinstance(node, yaml.SequenceNode):
            for value in node.value:
                walk(value, in_nav)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if in_nav:
                    found.append((key.start_mark.line + 1, key.value))
                if key.value in SAID and isinstance(value, yaml.ScalarNode):
                    found.append((value.start_mark.line + 1, value.value))
                walk(value, in_nav or key.value == "nav")

    walk(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader), False)
    return found


def words_of_hooks(path: Path) -> list[tuple[int, str]]:
    """Line and text of every string of the tables WORDS, which the build puts into pages."""
    found = []
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        if any(isinstance(t, ast.Name) and t.id == "WORDS" for t in targets):
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append((node.lineno, node.value))
    return found


def words_of_templates(path: Path) -> list[tuple[int, str]]:
    """Line and text of what a template says: its HTML's text, and the strings given to say()."""
    text = path.read_text(encoding="utf-8")
    found = [
        (text.count("\n", 0, m.start()) + 1, words)
        for m in re.finditer(r'say\(("[^"]*"(?:, "[^"]*")*)\)', text)
        for words in re.findall(r'"([^"]*)"', m[1])
    ]
    plain = blanked(text, re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL))
    found += [(n, line) for n, line in enumerate(plain.splitlines(), start=1) if line.strip()]
    return found
