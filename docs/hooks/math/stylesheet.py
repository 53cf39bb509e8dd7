"""MathJax's stylesheet and fonts, cut down to what stands in the formulas of the site: rules for
tags and classes they have, faces with the characters they show."""

import base64
import hashlib
import re
from functools import lru_cache
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path

import tinycss2
from fontTools import subset, ttLib
from hooks.keeping import keep
from hooks.math.engine import FONTS

CACHE = Path(".cache/math")
STRUT = "MJXZERO"  # an empty face that MathJax gives to all: without it lines are higher
CLASS = re.compile(r"\.([\w-]+)")
TAG = re.compile(r"(?<![\w.-])mjx-[\w-]+")
IN_BRACKETS = re.compile(r"\[[^]]*\]|:not\([^)]*\)|\"[^\"]*\"")


def of(markup: str, styles: str) -> dict[str, str | bytes]:
    """Return math.css, and the fonts it names, by their path beside it."""
    classes = {c for found in re.findall(r'class="([^"]*)"', markup) for c in found.split()}
    tags = set(re.findall(r"<(mjx-[\w-]+)", markup)) | {"mjx-container"}
    found, faces = needed(frozenset(classes), frozenset(tags), styles)
    rules, text = list(found), "".join(found)
    shown = characters(text)
    files: dict[str, str | bytes] = {}
    for family, file in faces.items():
        if family not in text:
            continue
        if family == STRUT:
            whole = base64.b64encode(cut(FONTS / file, None)).decode()
            source = f"data:font/woff2;base64,{whole}"
        else:
            small = cut(FONTS / file, shown)
            if not small:
                continue
            source = f"fonts/{Path(file).stem}.woff2"
            files[source] = small
        # block: a formula is never laid out in another face first
        rules.insert(
            0,
            f"@font-face{{font-family:{family};font-display:block;"
            f'src:url("{source}")format("woff2")}}',
        )
    return files | {"math.css": "\n".join(rules) + "\n"}


@lru_cache(maxsize=4)  # for a server, which builds again and again
def needed(
    classes: frozenset[str], tags: frozenset[str], styles: str
) -> tuple[list[str], dict[str, str]]:
    """Return the rules for these classes and tags, and the file of every face."""
    rules: list[str] = []
    faces: dict[str, str] = {}
    for rule in tinycss2.parse_stylesheet(styles, skip_comments=True, skip_whitespace=True):
        body = squeezed(tinycss2.serialize(rule.content))
        if rule.type == "at-rule":  # @font-face
            family, file = re.findall(r"font-family:([\w-]+).*\./([\w-]+\.woff)", body)[0]
            faces[family] = file
            continue
        selectors = [each.strip() for each in tinycss2.serialize(rule.prelude).split(",")]
        selectors = [each for each in selectors if may_match(each, classes, tags)]
        if selectors:
            rules.append(f"{','.join(selectors)}{{{body}}}")
    return rules, faces


def may_match(selector: str, classes: frozenset[str], tags: frozenset[str]) -> bool:
    bare = IN_BRACKETS.sub("", selector)
    if bare.startswith("_::"):  # for an old browser
        return False
    return set(CLASS.findall(bare)) <= classes and set(TAG.findall(bare)) <= tags


def squeezed(declarations: str) -> str:
    parts = (part.partition(":") for part in declarations.split(";") if part.strip())
    return ";".join(f"{name.strip()}:{value.strip()}" for name, _, value in parts)


def characters(rules: str) -> frozenset[str]:
    """What the rules put on the page: content:"\\2202"."""
    shown: set[str] = set()
    for content in re.findall(r'content:"((?:[^"\\]|\\.)*)"', rules):
        text = re.sub(r"\\([0-9A-Fa-f]{1,6}) ?", lambda m: chr(int(m[1], 16)), content)
        shown.update(text.replace("\\", ""))
    return frozenset(shown)


def cut(font: Traversable, shown: frozenset[str] | None) -> bytes:
    """The font as WOFF2 with these characters alone (None: all); empty if it has none of them."""
    key = hashlib.sha256(font.read_bytes() + "".join(sorted(shown or "")).encode())
    kept = CACHE / f"{key.hexdigest()[:16]}.woff2"
    if not kept.exists():
        face = ttLib.TTFont(BytesIO(font.read_bytes()), recalcTimestamp=False)
        had = set(map(chr, face.getBestCmap())) & (shown or set()) - {" ", "\xa0"}
        out = BytesIO()
        if shown is None or had:
            options = subset.Options(flavor="woff2", layout_features=[], hinting=False)
            options.drop_tables += ["FFTM"]  # when it was made
            if had:
                cutter = subset.Subsetter(options)
                cutter.populate(text="".join(had))
                cutter.subset(face)
            face.flavor = "woff2"
            face.save(out)
        keep(kept, out.getvalue())
    return kept.read_bytes()
