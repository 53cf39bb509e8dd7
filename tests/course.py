"""The pages as their readers get them: code blocks, output blocks, headings, formulas, figures.

A page is a Markdown file, or a notebook in jupytext's percent format. Fences count wherever
they stand: in tabs, in admonitions, with a title, with attributes in braces, with code that a
snippet brings in."""

import contextlib
import doctest
import io
import json
import linecache
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
from hooks.content import exercises
from hooks.keeping import digest_of_package, keep

ROOT = Path(__file__).parent.parent
ENGLISH, KOREAN = ROOT / "docs" / "en", ROOT / "docs" / "ko"
SNIPPET_FOLDERS = [ROOT / "src" / "backprop", ROOT / "src/backprop/exercises/given"]
OPENING = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
INCLUDE = re.compile(r'^(?P<indent>[ \t]*)-{1,}8<-{1,} "(?P<file>[^":]+)(?::(?P<section>[^"]+))?"$')
MARKER = re.compile(r"^\s*# -+8<-+ \[(start|end):[^]]+\]$")
PYTHON = {"python", "py", "python3"}


def all_pages(language: str) -> list[Path]:
    folder = ROOT / "docs" / language
    return sorted([*folder.rglob("*.md"), *folder.rglob("*.py")])


@dataclass
class Block:
    """A fenced block: what kind it is, its text as the reader sees it, and where it stands."""

    kind: str  # "python", "pycon", "output", "source", "starter", "solution" or "other"
    text: str
    first: int  # index of its first line inside the fence, in the file
    last: int  # index of its closing fence
    indent: str
    included: bool = False  # its text is one include of a snippet, nothing else
    info: str = ""  # what stands behind its opening fence


def kind_of(info: str) -> str:
    words = re.findall(r"[.\w+-]+", info.split("title=")[0])
    names = {word.lstrip(".") for word in words}
    if "output" in names:
        return "output"
    if "source" in names:
        return "source"
    for kind in ("pycon", "starter", "solution"):  # the last two are an exercise's own programs
        if kind in names:
            return kind
    return "python" if names & PYTHON else "other"


def snippet(file: str, section: str | None) -> str:
    """The lines that `--8<-- "file:section"` brings in, dedented."""
    folders = [folder for folder in SNIPPET_FOLDERS if (folder / file).exists()]
    if not folders:
        raise FileNotFoundError(f"no snippet file {file}")
    lines = (folders[0] / file).read_text(encoding="utf-8").splitlines()
    if section:
        start, end = (f"[{edge}:{section}]" for edge in ("start", "end"))
        edges = [n for n, line in enumerate(lines) if start in line or end in line]
        if len(edges) != 2:
            raise LookupError(f"{file} has no section {section}")
        lines = lines[edges[0] + 1 : edges[1]]
    return textwrap.dedent("\n".join(line for line in lines if not MARKER.match(line)))


def with_snippets(lines: list[str]) -> str:
    out = []
    for line in lines:
        include = INCLUDE.match(line)
        brought = snippet(include["file"], include["section"]) if include else line
        out.append(textwrap.indent(brought, include["indent"]) if include else line)
    return "\n".join(out)


def blocks(text: str) -> list[Block]:
    """Every fenced block of a Markdown text, in order."""
    lines, found, position = text.splitlines(), [], 0
    while position < len(lines):
        opening = OPENING.match(lines[position])
        if not opening:
            position += 1
            continue
        closing = re.compile(rf"^[ \t]*{opening['fence'][0]}{{{len(opening['fence'])},}}[ \t]*$")
        end = position + 1
        while end < len(lines) and not closing.match(lines[end]):
            end += 1
        if end == len(lines):
            raise ValueError(f"line {position + 1}: this fence is never closed")
        indent = opening["indent"]
        inside = [line.removeprefix(indent) for line in lines[position + 1 : end]]
        included = len(inside) == 1 and bool(INCLUDE.match(inside[0]))
        found.append(
            Block(
                kind_of(opening["info"]),
                with_snippets(inside),
                position + 1,
                end,
                indent,
                included,
                lines[position].split(opening["fence"], 1)[1],
            )
        )
        position = end + 1
    return found


# Notebooks: the text of the page is that of its markdown cells; code cells run among them


def notebook_cells(path: Path) -> list[tuple[str, str]]:
    cells = jupytext.read(path)["cells"]
    return [(cell["cell_type"], cell["source"]) for cell in cells]


def page_text(path: Path) -> str:
    """The page's Markdown, with its exercises; of a notebook, its markdown cells."""
    if path.suffix == ".py":
        text = "\n\n".join(text for kind, text in notebook_cells(path) if kind == "markdown")
    else:
        text = path.read_text(encoding="utf-8")
    return exercises.expand(text, name_of(path), "ko" if path.is_relative_to(KOREAN) else "en")


def name_of(path: Path) -> str:
    """A page's name, the same in both languages: hand/every-element."""
    for folder in (ENGLISH, KOREAN):
        if path.is_relative_to(folder):
            return path.relative_to(folder).with_suffix("").as_posix()
    return path.name


def runnable(path: Path) -> list[Block]:
    """What a reader would paste and see, in page order: python, pycon and output blocks."""
    if path.suffix != ".py":
        found = blocks(path.read_text(encoding="utf-8"))
    else:
        found = []
        for kind, text in notebook_cells(path):
            if kind == "markdown":
                found += blocks(text)
            elif kind == "code":
                found.append(Block("cell", text, 0, 0, ""))
    return [block for block in found if block.kind in {"python", "pycon", "output", "cell"}]


def committed(path: Path) -> list[tuple[str, str | None]]:
    """Each block of a page that a reader can run, with the output that the page commits to; None
    for a notebook's cell, whose output the build makes, and MEASURED for one that prints times."""
    found = runnable(path)
    expected: list[tuple[str, str | None]] = []
    for number, here in enumerate(found):
        after = found[number + 1] if number + 1 < len(found) else None
        if here.kind == "cell":
            expected.append((here.text, None))
        elif here.kind == "python":
            shown = after if after and after.kind == "output" else None
            printed = shown.text.rstrip() if shown else ""
            expected.append((here.text, MEASURED if is_measured(here, shown) else printed))
    return expected


MEASURED = "times that differ from run to run"  # stands for the output of a block that measures


# Running


def run_python(code: str, namespace: dict, name: str) -> str:
    """What the code prints, run in the namespace; it may read its own text, as in a notebook."""
    linecache.cache[name] = len(code), None, code.splitlines(keepends=True), name
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, name, "exec"), namespace)
    return printed.getvalue().rstrip()


def run_session(session: str, namespace: dict, name: str) -> None:
    """A `>>>` session: each answer is compared."""
    test = doctest.DocTestParser().get_doctest(session + "\n", namespace, name, name, 0)
    report = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    runner.run(test, out=report.write, clear_globs=False)
    namespace.update(test.globs)
    if runner.failures:
        raise AssertionError(report.getvalue())


@dataclass
class Mismatch:
    block: Block
    printed: str
    why: str

    def __str__(self) -> str:
        page, printed = self.block.text, self.printed
        return f"line {self.block.first + 1}: {self.why}\n--- page\n{page}\n--- printed\n{printed}"


def too_precise(printed: str) -> str | None:
    """A printed number with more than 8 significant digits: another processor prints others."""
    for number in re.findall(r"\d+\.\d+(?:e[+-]?\d+)?", printed):
        digits = number.split("e")[0].replace(".", "").lstrip("0")
        if len(digits) > 8:
            return number
    return None


def namespace_of(path: Path) -> dict[str, Any]:
    """All names that a page's python blocks leave behind."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in runnable(path):
        if block.kind == "python":
            run_python(block.text, namespace, f"{path.name}:{block.first + 1}")
    return namespace


def draws(code: str) -> bool:
    """Whether a notebook's cell draws a figure."""
    return bool(re.search(r"\bplotting\.(?!use_style)|\bplt\.(subplots|figure)\(", code))


def run_page(path: Path, by_cells: list[str] | None = None) -> list[Mismatch]:
    """Run every block of a page in one fresh namespace and compare what is printed. What a
    notebook's cells print is added to by_cells."""
    found, namespace = [], {"__name__": "__main__"}
    page = runnable(path)
    for position, block in enumerate(page):
        name = f"{path.name}:{block.first + 1}"
        after = page[position + 1] if position + 1 < len(page) else None
        if block.kind == "pycon":
            try:
                run_session(block.text, namespace, name)
            except AssertionError as wrong:
                found.append(Mismatch(block, str(wrong), "the session answers otherwise"))
        elif block.kind == "cell":
            printed = run_python(block.text, namespace, name)
            close_figures()
            if number := too_precise(printed):
                found.append(Mismatch(block, printed, f"{number} has more than 8 digits"))
            if by_cells is not None:
                by_cells.append(printed)
        elif block.kind == "python":
            printed = run_python(block.text, namespace, name)
            shown = after if after and after.kind == "output" else None
            if is_measured(block, shown):
                if not printed or (shown and ".measured" not in shown.info):
                    why = "times are printed; an output that shows some is marked .measured"
                    found.append(Mismatch(block, printed, why))
                elif shown and without_numbers(printed) != without_numbers(shown.text):
                    found.append(Mismatch(shown, printed, "the output has another form"))
            elif after is None or after.kind != "output":
                if printed:
                    found.append(Mismatch(block, printed, "it prints, but no output block follows"))
            elif printed != after.text.rstrip():
                found.append(Mismatch(after, printed, "the output differs"))
            elif number := too_precise(printed):
                found.append(Mismatch(after, printed, f"{number} has more than 8 digits"))
    return found


def is_measured(block: Block, shown: Block | None) -> bool:
    """Whether a block prints other numbers each time, times: the output behind it, if there is
    one, shows how it was once."""
    return "perf_counter(" in block.text or bool(shown and ".measured" in shown.info)


def without_numbers(printed: str) -> str:
    """What stays of an output whose numbers differ from run to run."""
    return re.sub(r" *\d[\d.]*(?:e[+-]?\d+)?", " #", printed.rstrip())


def close_figures() -> None:
    """As a notebook does behind each cell. The site's build, too, reads this module, and says
    first which settings matplotlib is to read: so it is imported here."""
    import matplotlib.pyplot as plt

    plt.close("all")


def notebook_run(path: Path) -> tuple[list[str], list[str]]:
    """What is wrong on a notebook's page, and what each of its cells prints. Kept as long as its
    code and the package are the same, so both languages, and all tests, run it once."""
    blocks_as_text = [f"{block.kind} {block.text}" for block in runnable(path)]
    digest = digest_of_package()
    digest.update(json.dumps(blocks_as_text).encode() + Path(__file__).read_bytes())
    kept = ROOT / ".cache/printed" / f"{digest.hexdigest()}.json"
    if not kept.exists():
        by_cells: list[str] = []
        wrong = [str(mismatch) for mismatch in run_page(path, by_cells)]
        keep(kept, json.dumps([wrong, by_cells]))
    return tuple(json.loads(kept.read_text(encoding="utf-8")))


def write_outputs(path: Path) -> None:
    """Put what the blocks print into the output blocks behind them."""
    text = path.read_text(encoding="utf-8")
    comment = "# " if path.suffix == ".py" else ""  # a notebook's text stands in comments

    def in_file(block: Block, inside: str) -> str:
        lines = [f"```{block.info}", *inside.splitlines(), "```"]
        return "\n".join((comment + block.indent + line).rstrip() for line in lines)

    for change in run_page(path):
        if change.block.kind == "output":
            old, new = (
                in_file(change.block, change.block.text),
                in_file(change.block, change.printed),
            )
            text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
