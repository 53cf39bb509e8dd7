"""Figures drawn by code: `![alt](../figures/NAME.svg)` in a page is docs/figures/NAME.py.

Each module there has a function `draw()` that returns a matplotlib figure in the light
colours of notation.json, or a dict of several: `{"W1_11": …}` in paths_222.py makes
figures/paths_222-W1_11.svg. The dark twin is the same file with each colour replaced by its
dark counterpart, and the page shows the one that fits the reader's scheme."""

import hashlib
import io
import json
import os
import re
import runpy
import shutil
from functools import lru_cache
from pathlib import Path

# Here, not in the home folder, where a matplotlibrc may stand that would change the figures.
os.environ["MPLCONFIGDIR"] = str(Path(".cache/matplotlib").resolve())

import matplotlib

matplotlib.use("Agg")

from hooks.keeping import keep
from mkdocs.structure.files import File

DRAWINGS = Path("docs/figures")
CACHE = Path(".cache/figures")
NOTATION = Path("src/backprop/notation.json")
HOOK = Path(__file__)
IMAGE = re.compile(
    r'<img (?P<before>[^>]*?)src="(?P<path>[^"]*figures/[^"]+)\.svg"(?P<after>[^>]*)>'
)


@lru_cache(maxsize=1000)
def darkened(svg: str) -> str:
    """The drawing in the colours of the dark scheme."""
    pairs = json.loads(NOTATION.read_text(encoding="utf-8"))["colours"].values()
    dark = {c["light"]: c["dark"] for c in pairs}
    return re.sub("|".join(dark), lambda m: dark[m[0]], svg)


def size_of(svg: str) -> tuple[str, str]:
    """Width and height in points, as the SVG says them."""
    head = svg[svg.index("<svg") : svg.index(">", svg.index("<svg"))]
    width, height = (re.findall(rf' {side}="([\d.]+)pt"', head)[0] for side in ("width", "height"))
    return width, height


def svg_of(figure) -> str:
    import matplotlib.pyplot as plt

    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    plt.close(figure)
    return out.getvalue()


def state_of_sources() -> str:
    """A drawing depends on its own code, on the package, on the networks of steppers, on the
    notation and on this hook."""
    paths = sources()
    return digest_of(tuple((str(path), path.stat().st_mtime_ns) for path in paths))


def sources() -> list[Path]:
    folders = [Path("src"), DRAWINGS, Path("docs/steppers")]
    code = [path for folder in folders for path in folder.rglob("*.py")]
    return sorted([*code, NOTATION, HOOK])


@lru_cache(maxsize=2)  # for a server: what has not been written since is not read again
def digest_of(written: tuple[tuple[str, int], ...]) -> str:
    digest = hashlib.sha256()
    for path, _ in written:
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:16]


def drawn(name: str, state: str) -> dict[str, str]:
    """The SVG files of one module, drawn now or kept from a build with the same sources."""
    kept = CACHE / state / f"{name}.json"
    if not kept.exists():
        figures = runpy.run_path(str(DRAWINGS / f"{name}.py"))["draw"]()
        if isinstance(figures, dict):
            made = {f"{name}-{suffix}": svg_of(figure) for suffix, figure in figures.items()}
        else:
            made = {name: svg_of(figures)}
        keep(kept, json.dumps(made))
        forget_old_states()
    return json.loads(kept.read_text(encoding="utf-8"))


def forget_old_states(keep: int = 3) -> None:
    """Figures drawn from sources that have long changed."""
    states = sorted(CACHE.iterdir(), key=lambda folder: folder.stat().st_mtime)
    for folder in states[:-keep]:
        shutil.rmtree(folder, ignore_errors=True)


@lru_cache(maxsize=1000)  # for a server, which builds again and again
def slim(svg: str) -> str:
    """The same drawing without notes on its making, its coordinates to a hundredth of a point."""
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"^\s+", "", svg, flags=re.MULTILINE)

    def rounded(match):
        short = re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", match[0])
        return re.sub(r"\s*([A-Za-z])\s*", r"\1", short).strip()  # M 1 2 \nL 3 4: M1 2L3 4

    return re.sub(r'(?<= d=")[^"]*|(?<=translate\()[^)]*', rounded, svg)


def add_pair(files, config, uri: str, svg: str):
    """The light figure under its own name, the dark one beside it."""
    svg = slim(svg)
    files.append(File.generated(config, f"{uri}.svg", content=svg))
    files.append(File.generated(config, f"{uri}-dark.svg", content=darkened(svg)))


def on_files(files, config):
    state = state_of_sources()
    for drawing in sorted(DRAWINGS.glob("*.py")):
        if not drawing.stem.startswith("_"):
            for name, svg in drawn(drawing.stem, state).items():
                add_pair(files, config, f"figures/{name}", svg)
    return files


def on_page_content(html, page, config, files):
    """Two images for each figure; the stylesheet shows one. Width and height keep the text
    from jumping while they load."""

    def pair(match):
        before, path, after = match["before"], match["path"], match["after"].rstrip(" /")
        uri = re.sub(r"^(\.\./)+|^\./", "", path)
        file = files.get_file_from_path(f"{uri}.svg")
        width, height = (round(1.2 * float(points)) for points in size_of(file.content_string))
        size = f'width="{width}" height="{height}" loading="lazy"'
        return "".join(
            f'<img {before}src="{path}{suffix}.svg"{after} {size} class="bp-figure {only}">'
            for suffix, only in (("", "bp-light"), ("-dark", "bp-dark"))
        )

    return IMAGE.sub(pair, html)
