"""Material's stylesheets without the rules for what this site never shows (blog posts, tabs of
content, consent forms …): a rule goes if it needs a class that no page and no script names."""

import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import tinycss2
from hooks.languages.twins import is_korean

NAME = re.compile(r"[A-Za-z_][\w-]*")


def names(site: Path) -> frozenset[str]:
    """What may be a class: all classes in pages, all words in scripts. Python and the
    editor (assets/runtime) bring their own styles."""
    found: set[str] = set()
    for page in site.rglob("*.html"):
        for classes in re.findall(r'class="([^"]*)"', page.read_text(encoding="utf-8")):
            found.update(classes.split())
    for script in site.rglob("*.js"):
        if not script.is_relative_to(site / "assets/runtime"):
            found.update(NAME.findall(script.read_text(encoding="utf-8")))
    return frozenset(found)


def split(prelude: list) -> list[list]:
    """The selectors of a rule."""
    selectors: list[list] = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def may_match(selector: list, known: frozenset[str]) -> bool:
    """Whether every class it needs is known. Those in brackets, as of :not(…), don't count; and
    a script may put a class together: "md-tag--" + kind."""
    needed = {name.value for dot, name in pairwise(selector) if dot == "."}
    return all(
        name in known or any(name[: n + 1] in known for n, c in enumerate(name) if c == "-")
        for name in needed
    )


def pruned(rules: list, known: frozenset[str]) -> str:
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in split(rule.prelude) if may_match(s, known)]
            if selectors:
                head = ",".join(tinycss2.serialize(s) for s in selectors)
                kept.append(f"{head}{{{tinycss2.serialize(rule.content)}}}")
        elif rule.type == "at-rule" and rule.at_keyword in ("media", "supports"):
            inside = tinycss2.parse_rule_list(rule.content, skip_whitespace=True)
            if kept_inside := pruned(inside, known):
                head = tinycss2.serialize(rule.prelude)
                kept.append(f"@{rule.at_keyword}{head}{{{kept_inside}}}")
        else:
            kept.append(rule.serialize())
    return "".join(kept)


def on_post_build(config):
    """Once both languages are built: this hook stands behind docs/hooks/languages/twins.py."""
    if is_korean(config):
        return
    site = Path(config.site_dir)
    known = names(site)
    for stylesheet in sorted(site.rglob("assets/stylesheets/*.css")):
        text = needed(stylesheet.read_text(encoding="utf-8"), known)
        stylesheet.write_text(text, encoding="utf-8")


@lru_cache(maxsize=8)  # for a server, which builds again and again
def needed(css: str, known: frozenset[str]) -> str:
    return pruned(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), known)
