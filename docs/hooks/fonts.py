"""The text face, Source Serif, cut down to the letters English needs and shipped with the
site. Korean text uses the reader's own Korean fonts: a Korean font weighs megabytes."""

from importlib.resources import files as package_files
from pathlib import Path

from fontTools import subset
from mkdocs.structure.files import File

SOURCE = package_files("font_source_serif_pro") / "files"
CACHE = Path(".cache/fonts")
FACES = {  # file: (weight, style)
    "SourceSerifPro-Regular.ttf": (400, "normal"),
    "SourceSerifPro-It.ttf": (400, "italic"),
    "SourceSerifPro-Semibold.ttf": (600, "normal"),
}
# Basic Latin, Latin-1, general punctuation, arrows and mathematical signs met in prose.
UNICODES = (
    "U+0020-007E,U+00A0-00FF,U+2010-2027,U+2032,U+2070-209F,"
    "U+2190-2193,U+2212,U+2248,U+2260,U+2264,U+2265"
)


def cut(face: str) -> Path:
    """The face as a small WOFF2 file, made once and kept."""
    target = CACHE / face.replace(".ttf", ".woff2")
    if not target.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(".part")
        subset.main(
            [
                str(SOURCE / face),
                f"--unicodes={UNICODES}",
                "--flavor=woff2",
                "--layout-features=kern,liga,onum,lnum,tnum,pnum",
                "--no-recalc-timestamp",
                f"--output-file={unfinished}",
            ]
        )
        unfinished.replace(target)
    return target


def on_files(files, config):
    rules = []
    for face, (weight, style) in FACES.items():
        font = cut(face).resolve()
        files.append(File.generated(config, f"assets/fonts/{font.name}", abs_src_path=str(font)))
        rules.append(
            f'@font-face{{font-family:"Source Serif Pro";font-weight:{weight};'
            f"font-style:{style};font-display:swap;src:url({font.name}) format('woff2')}}"
        )
    files.append(File.generated(config, "assets/fonts/fonts.css", content="\n".join(rules) + "\n"))
    return files
