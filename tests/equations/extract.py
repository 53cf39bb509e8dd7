"""Equations of a Markdown page: where they stand, and what their marks say.

A mark is an HTML comment before a display equation, or right behind inline math:

    <!-- equation: outputs=identity -->      the output units do not squash
    <!-- equation: layers=3 -->              the text speaks of a network of another depth
    <!-- equation: defines p -->             a definition, for the equations after it
    <!-- equation: definitions -->           in plain letters: each left side is defined here
    <!-- equation: definitions, with x=3, y=9 -->
    <!-- equation: definitions, not evaluated: WHY -->
    <!-- equation: with w=2, x=3 -->         in plain letters: evaluated with these numbers
    <!-- equation: not evaluated: WHY -->    with a reason that a reader can judge

From a comment on, equations can be about something else than a network:

    <!-- equations: plain letters -->        numbers without layer and index: x, w, b, z, a, t, E
    <!-- equations: one layer -->            Y = XW + b, and a loss of Y
    <!-- equations: a network -->            a network again
    <!-- equations: a network, hidden=relu, outputs=identity, loss=hidden -->
                                             with other functions than sigmoid, squared error
"""

import re
from dataclasses import dataclass, field

ABOUT = re.compile(r"<!-- equations: (plain letters|one layer|a network)(?:, ([^>]*))? -->")
DISPLAY = re.compile(
    r"^(?P<indent>[ \t]*)(?:<!-- equation: (?P<mark>[^>]*?) -->\n(?:[ \t]*\n)*[ \t]*)?"
    r"\$\$\n(?P<tex>.*?)\n[ \t]*\$\$$",
    re.MULTILINE | re.DOTALL,
)
INLINE = re.compile(
    r"(?<![\\$`])\$(?!\$)(?P<tex>[^$\n]+?)\$(?!\$)(?:<!-- equation: (?P<mark>[^>]*?) -->)?"
)
COLUMNS = re.compile(r'<div class="columns" markdown>.*?</div>', re.DOTALL)
FENCE = re.compile(r"^([ \t]*)(`{3,}|~{3,})[^\n]*\n.*?^\1\2[ \t]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
RELATION = re.compile(r"=|\\approx|\\leftarrow")
BRACKET = re.compile(r"\[[^]]*\]")
ROWS = re.compile(r"\\\\(?:\[[^]]*\])?")


@dataclass
class Equation:
    """One chain of sides, `a = b = c`, as it stands in a page."""

    tex: str
    start: int  # where its LaTeX begins in the page's text: display block or inline formula
    display: bool
    columns: bool = False
    label: str = ""  # of \tag{…}
    mark: str = ""
    number: int = 0  # its place among the page's equations, from 1
    block: str = field(default="", repr=False)  # the whole display block, for the report
    about: str = "a network"  # or "plain letters", "one layer"
    functions: str = ""  # of that network, where they are others than sigmoid and squared error
    line: int = 0  # of the page's text in which it begins

    @property
    def exempt(self) -> str:
        """Why it is not evaluated, or an empty text."""
        says, _, why = self.mark.partition("not evaluated:")
        return why.strip() if says in ("", "definitions, ") else ""

    @property
    def layers(self) -> int:
        """The depth of the network it speaks of, where that is not the page's."""
        match = re.search(r"layers=(\d+)", self.mark)
        return int(match[1]) if match else 0

    @property
    def defines(self) -> str:
        """The letter that it defines, or an empty text."""
        match = re.match(r"defines (\w)$", self.mark)
        return match[1] if match else ""

    @property
    def is_definition(self) -> bool:
        """Whether its left side is defined here, for the equations after it."""
        return bool(self.defines) or self.mark.partition(",")[0] == "definitions"

    @property
    def numbers(self) -> dict[str, float]:
        """The numbers that its mark gives to letters."""
        if not self.mark.removeprefix("definitions, ").startswith("with "):
            return {}
        pairs = re.findall(r"(\w+)=(-?[\d.]+)", self.mark)
        return {name: float(number) for name, number in pairs}

    @property
    def outputs(self) -> str:
        """The activation of the output layer, where the text changes it."""
        match = re.search(r"outputs=(\w+)", f"{self.mark} {self.functions}")
        return match[1] if match else ""

    @property
    def hidden(self) -> str:
        """The activation of the hidden layers, where the text changes it."""
        match = re.search(r"hidden=(\w+)", self.functions)
        return match[1] if match else ""

    @property
    def loss(self) -> str:
        """The loss, where it is not the squared error."""
        match = re.search(r"loss=([\w-]+)", self.functions)
        return match[1] if match else ""


def has_relation(tex: str) -> bool:
    """Whether it has two sides; what a bracket asks, as [k = j], makes none."""
    return bool(RELATION.search(BRACKET.sub("", tex)))


def blanked(text: str, pattern: re.Pattern) -> str:
    """The text with the matches replaced by spaces, so that places stay the same."""
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def equations(text: str) -> list[Equation]:
    """All equations of a page in order: display blocks with a relation, and such inline math."""
    text = blanked(text, FENCE)
    columns = [match.span() for match in COLUMNS.finditer(text)]
    found = []
    for match in DISPLAY.finditer(text):
        label = re.search(r"\\tag\{([^}]*)\}", match["tex"])
        for chain in chains(match["tex"]):
            found.append(
                Equation(
                    chain,
                    match.start("tex"),
                    True,
                    any(a <= match.start() < b for a, b in columns),
                    label[1] if label else "",
                    match["mark"] or "",
                    block=match["tex"],
                )
            )
    rest = blanked(blanked(text, DISPLAY), CODE)
    for match in INLINE.finditer(rest):
        if has_relation(match["tex"]):
            found.append(
                Equation(match["tex"], match.start("tex"), False, mark=match["mark"] or "")
            )
    found.sort(key=lambda equation: equation.start)
    turns = [(match.start(), match[1], match[2] or "") for match in ABOUT.finditer(text)]
    for number, equation in enumerate(found, start=1):
        equation.number = number
        equation.line = text.count("\n", 0, equation.start)
        for start, about, functions in turns:
            if start < equation.start:
                equation.about, equation.functions = about, functions
    return found


def chains(tex: str) -> list[str]:
    """The chains of a display block. A row of `aligned` that begins with a relation goes on
    with the chain above it, and so does one without any relation, or behind \\quad."""
    tex = re.sub(r"\\tag\{[^}]*\}", "", tex)
    aligned = re.fullmatch(r"\s*\\begin\{aligned\}(.*)\\end\{aligned\}\s*", tex, re.DOTALL)
    if not aligned:
        return [tex.strip()] if has_relation(tex) else []
    found: list[str] = []
    for row in ROWS.split(aligned[1]):
        continues = row.lstrip().startswith(("&", "\\quad", "\\qquad"))
        row = re.sub(r"&|\\q?quad", " ", row).strip()
        if found and (continues or not has_relation(row)):
            found[-1] += " " + row
        elif row:
            found.append(row)
    return [re.sub(r"\s+", " ", chain) for chain in found]
