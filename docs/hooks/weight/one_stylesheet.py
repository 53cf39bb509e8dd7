"""One stylesheet instead of many, and the fonts in a script: a face made of bytes is there at once,
so that no text is first laid out in another and jumps when its own arrives. Where scripts do not
run, fonts.css names the files."""

import base64
import json
import re
from pathlib import Path
from typing import NamedTuple

from hooks.languages.twins import is_korean
from mkdocs.exceptions import PluginError

LINK = re.compile(r'<link rel="stylesheet" href="((?:\.\.?/)*)(assets/[^"]+)">\n')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
FACE = re.compile(r"@font-face\{([^}]*)\}\n?")
URL = re.compile(r"url\(\"?([^)\"]+)\"?\)")
# A face that the stylesheet itself carries, or (of a character or two) asks for when it is needed
STAYS = re.compile(r"data:|AMS")
SCRIPT = """\
for (const [family, bytes, weight, style] of FACES) {
  const face = Uint8Array.from(atob(bytes), (byte) => byte.charCodeAt(0));
  document.fonts.add(new FontFace(family, face, { weight, style }));
}
"""


class Joined(NamedTuple):
    """What several stylesheets become: one, a script with their fonts, rules that name these."""

    css: str
    script: str
    faces: str


def joined(root: Path, names: list[str]) -> Joined:
    css, bytes_of, rules = [], [], []
    for name in names:
        text = (root / name).read_text(encoding="utf-8")
        for face in FACE.finditer(text):
            url = URL.search(face[1])[1]  # type: ignore[index]
            if url.startswith("data:"):
                continue
            path = ((root / name).parent / url).relative_to(root / "assets")
            rule = face[0].replace(url, path.as_posix())
            if STAYS.search(url):
                text = text.replace(face[0], rule)
            else:
                text = text.replace(face[0], "")
                rules.append(rule.strip())
                bytes_of.append(described(face[1], root / "assets" / path))
        css.append(slim(text))
    script = SCRIPT.replace("FACES", json.dumps(bytes_of, separators=(",", ":")))
    return Joined("".join(css), script, "\n".join(rules) + "\n")


def described(face: str, file: Path) -> list[str]:
    """What the script needs to make a face."""

    def said(name: str, otherwise: str) -> str:
        found = re.search(rf"{name}:([^;]+)", face)
        return found[1].strip('"') if found else otherwise

    data = base64.b64encode(file.read_bytes()).decode()
    return [said("font-family", ""), data, said("font-weight", "400"), said("font-style", "normal")]


def slim(css: str) -> str:
    return re.sub(r"\s*\n\s*", "", COMMENT.sub("", css)).rstrip() + "\n"


def on_post_build(config):
    """Once both languages are built, and unused rules have gone."""
    if is_korean(config):
        return
    site = Path(config.site_dir)
    for root, pages in by_language(site).items():
        linked = {tuple(name for _, name in LINK.findall(text)) for text in pages.values()}
        if len(linked) != 1:
            raise PluginError(f"pages of {root} have different stylesheets: {sorted(linked)}")
        made = joined(root, list(*linked))
        (root / "assets/site.css").write_text(made.css, encoding="utf-8")
        (root / "assets/fonts.js").write_text(made.script, encoding="utf-8")
        (root / "assets/fonts.css").write_text(made.faces, encoding="utf-8")
        for page, text in pages.items():
            page.write_text(with_one(text), encoding="utf-8")


def by_language(site: Path) -> dict[Path, dict[Path, str]]:
    """The pages that link stylesheets, of each language."""
    found: dict[Path, dict[Path, str]] = {site: {}, site / "ko": {}}
    for page in sorted(site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        if LINK.search(text):
            found[site / "ko" if page.is_relative_to(site / "ko") else site][page] = text
    return found


def with_one(page: str) -> str:
    """A page that links the one stylesheet, and the fonts, where it linked the first of many."""
    first = LINK.search(page)
    if first is None:
        return page
    assets = f"{first[1]}assets/"
    head = (
        f'<link rel="stylesheet" href="{assets}site.css">\n'
        f'<script src="{assets}fonts.js"></script>\n'
        f'<noscript><link rel="stylesheet" href="{assets}fonts.css"></noscript>\n'
    )
    return page[: first.start()] + head + LINK.sub("", page[first.end() :])
