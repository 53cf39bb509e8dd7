"""The text face, Source Serif, cut down to the letters English needs and shipped with the
site. Korean text uses the reader's own Korean fonts: a Korean font weighs megabytes."""

import hashlib
from importlib.resources import files as package_files
from pathlib import Path

from fontTools import subset
from hooks.languages.twins import is_korean
from mkdocs.structure.files import File

SOURCE = package_files("font_source_serif_pro") / "files"
CACHE = Path(".cache/fonts")
FACES = {  # file: (weight, style)
    "SourceSerifPro-Regular.ttf": (400, "normal"),
    "SourceSerifPro-It.ttf": (400, "italic"),
    "SourceSerifPro-Semibold.ttf": (600, "normal"),
}
# Basic Latin, and the signs that English text here has beside it.
UNICODES = (
    "U+0020-007E,U+00A0,U+00A9,U+00B6,U+00B7,U+00D7,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,"
    "U+2026,U+2192,U+2212"
)
OPTIONS = [
    f"--unicodes={UNICODES}",
    "--flavor=woff2",
    "--layout-features=kern,liga",
    "--no-hinting",
    "--no-recalc-timestamp",
]


def cut(face: str) -> Path:
    """The face as a small WOFF2 file, made once and kept."""
    version = hashlib.sha256(repr(OPTIONS).encode()).hexdigest()[:8]
    target = CACHE / face.replace(".ttf", f"-{version}.woff2")
    if not target.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(".part")
        subset.main([str(SOURCE / face), *OPTIONS, f"--output-file={unfinished}"])
        unfinished.replace(target)
    return target


def on_files(files, config):
    if is_korean(config):
        files.append(File.generated(config, "assets/fonts/fonts.css", content=""))
        return files
    rules = []
    for face, (weight, style) in FACES.items():
        font = cut(face).resolve()
        files.append(File.generated(config, f"assets/fonts/{font.name}", abs_src_path=str(font)))
        rules.append(
            f'@font-face{{font-family:"Source Serif Pro";font-weight:{weight};'
            f"font-style:{style};font-display:block;src:url({font.name}) format('woff2')}}"
        )
    files.append(File.generated(config, "assets/fonts/fonts.css", content="\n".join(rules) + "\n"))
    return files
