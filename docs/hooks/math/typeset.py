"""Formulas are set by MathJax when the site is built: pages carry them ready, and no math script.

In a page's content they stay LaTeX up to the end, so that other hooks and the search index can
read them. What has been set once is kept in .cache/math, by formula: only those that are new or
have changed are set again."""

import html
import json
import re
from pathlib import Path

from hooks.keeping import keep
from hooks.math import engine, stylesheet
from hooks.math.engine import Formula, Typeset
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

CACHE = Path(".cache/math")
OWN = Path(__file__).read_text(encoding="utf-8")  # it makes formulas slim
MARKED = re.compile(r'<(span|div) class="arithmatex"([^>]*)>\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL)
STEPS = re.compile(r"assets/(stepper|lab)/\w+\.json")
OF_A_STEP = ("tex", "unit")  # where the data of a stepper have formulas


class Kept:
    """All formulas that have been set, by the same MathJax with the same macros."""

    def __init__(self) -> None:
        self.version = ""
        self.formulas: dict[Formula, Typeset] = {}
        self.styles = ""

    def path(self) -> Path:
        return CACHE / f"{self.version}.json"

    def read(self) -> None:
        """Take what is kept on disk, if the version has changed or nothing has been read yet."""
        version = engine.version(OWN)
        if version == self.version:
            return
        self.version, self.formulas, self.styles = version, {}, ""
        if self.path().exists():
            data = json.loads(self.path().read_text(encoding="utf-8"))
            self.styles = data["styles"]
            self.formulas = {Formula(*f): Typeset(*made) for f, made in data["formulas"]}

    def write(self) -> None:
        data = {"styles": self.styles, "formulas": list(self.formulas.items())}
        keep(self.path(), json.dumps(data, ensure_ascii=False))


kept = Kept()


def see_to(wanted: dict[Formula, str]) -> None:
    """See to it that formulas are set; the value says where each stands."""
    kept.read()
    missing = [formula for formula in wanted if formula not in kept.formulas]
    if not missing and kept.styles:
        return
    made, kept.styles = engine.typeset(missing)
    wrong = [
        f"{wanted[formula]}: MathJax can't set {formula.tex}: {' '.join(said)}"
        for formula, each in zip(missing, made, strict=True)
        if (said := re.findall(r'data-mjx-error="([^"]*)"', each.html))
    ]
    if wrong:
        raise PluginError("\n".join(map(html.unescape, wrong)))
    for formula, (markup, height) in zip(missing, made, strict=True):
        kept.formulas[formula] = Typeset(slim(markup), round(height + more_room(markup), 2))
    kept.write()


def slim(markup: str) -> str:
    """The same formula without what the stylesheet says for all, or a browser does not need."""
    for unneeded in (
        ' style="position: relative;"',
        ' unselectable="on"',
        ' xmlns="http://www.w3.org/1998/Math/MathML"',
        ' jax="CHTML"',
        ' class="MathJax"',
    ):
        markup = markup.replace(unneeded, "")
    markup = re.sub(r' id="mjx-eqn:[^"]*"', "", markup)  # of a tag, which may stand there twice
    return re.sub(r"\n\s*", "", markup).replace('class=" ', 'class="')


def more_room(markup: str) -> float:
    """What course.css adds to the height of a derivation: .3em above and below each row, where
    MathJax has .15em between rows and nothing at the ends."""
    if not re.match(r"<mjx-container[^>]*><mjx-math[^>]*><mjx-mtable", markup):
        return 0
    depth = rows = 0
    for tag in re.findall(r"<(/?mjx-itable|mjx-mtr|mjx-mlabeledtr)\b", markup):
        depth += {"mjx-itable": 1, "/mjx-itable": -1}.get(tag, 0)
        rows += tag in ("mjx-mtr", "mjx-mlabeledtr") and depth == 1
    return 0.3 * (rows + 1) if rows else 0


def formulas_in(markup: str) -> list[Formula]:
    return [Formula(html.unescape(m[3]), m[1] == "div") for m in MARKED.finditer(markup)]


def in_place(match: re.Match[str]) -> str:
    """A formula where its LaTeX stood. A display says its height: it is laid out when it is near
    the screen (course.css)."""
    tag, attributes, tex = match[1], match[2], html.unescape(match[3])
    markup, height = kept.formulas[Formula(tex, tag == "div")]
    size = f' style="--h:{height}"' if tag == "div" else ""
    return f'<{tag} class="arithmatex"{attributes}{size}>{markup}</{tag}>'


def on_env(env, config, files):
    """Once the content of all pages is known: set what they and the steppers need."""
    pages = [file.page for file in files.documentation_pages() if file.page]
    steppers = {f: json.loads(f.content_string) for f in files if STEPS.fullmatch(f.src_uri)}
    wanted: dict[Formula, str] = {}
    for page in pages:
        for formula in formulas_in(page.content):
            wanted.setdefault(formula, page.file.src_uri)
    for file, data in steppers.items():
        for step in data.get("steps", ()):  # a landscape has none
            for name in OF_A_STEP:
                if step[name]:
                    wanted.setdefault(Formula(step[name], True), file.src_uri)
    see_to(wanted)
    for file, data in steppers.items():
        for step in data.get("steps", ()):
            for name in OF_A_STEP:
                step[name] = step[name] and kept.formulas[Formula(step[name], True)].html
        files.remove(file)
        said = json.dumps(data, ensure_ascii=False)
        files.append(File.generated(config, file.src_uri, content=said))
    markup = "".join(kept.formulas[formula].html for formula in wanted)
    for uri, content in stylesheet.of(markup, kept.styles).items():
        files.append(File.generated(config, f"assets/math/{uri}", content=content))
    return env


def on_post_page(output, page, config):
    return MARKED.sub(in_place, output)
