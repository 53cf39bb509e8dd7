"""What search finds. Results show text: formulas in the index become plain characters, W[2]
instead of LaTeX, and display formulas are left out. No asterisk of code is in it.

What people type for a section, and it does not say so, stands in the front matter of its page, by
the section's anchor: `keywords: {bias: "broadcast, keepdims"}`. No reader sees it.

Two passages of Material's search worker are changed. It looks for words that begin with what is
typed; one that is the same counts more here, or a p would find everything but p - t. And it tells
two places in its tree of words apart by strings of letters and numbers. Where words are numbers,
those strings can be read in two ways: then it takes one place for another, finds words that are
nowhere, and fails. A comma behind each number makes them clear."""

import json
import re
from pathlib import Path

from hooks import scripts
from hooks.languages import particles
from hooks.math import notation
from mkdocs.exceptions import PluginError

WORKER = r".*javascripts/workers/search\.\w+\.min\.js"
BEGINS_SO = "test(r)?r:`${r}*`)"
IS_SO, TIMES = "test(r)?r:`${r}^%d ${r}*`)", 4
PLACES = ("e=e+s+o.id}", 'e=e+s+o.id+","}')

keywords: dict[str, dict[str, str]] = {}  # of each site that is built: of its sections

CHARACTERS = {
    r"\partial": "∂",
    r"\delta": "δ",
    r"\sigma": "σ",
    r"\eta": "η",
    r"\odot": "⊙",
    r"\cdot": "·",
    r"\times": "×",
    r"\sum": "Σ",
    r"\leftarrow": "←",
    r"\mathsf T": "ᵀ",
    r"\ldots": "…",
    r"\|": "‖",
}


def plain(tex: str, symbols) -> str:
    """A formula in plain characters, as one would type it into a message."""
    tex = notation.expand(tex, symbols)
    while (
        simpler := re.sub(
            r"\\frac\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}",
            r"\1/\2",
            tex,
        )
    ) != tex:
        tex = simpler
    for command, character in CHARACTERS.items():
        tex = tex.replace(command, character)
    tex = re.sub(r"\\(text|mathrm|operatorname|sqrt)", "", tex)
    tex = re.sub(r"\\[A-Za-z]+|\\.|[{}]|\^(?=\{?\[)", "", tex)
    tex = tex.replace("^[", "[").replace("^ᵀ", "ᵀ").replace("∂ ", "∂")
    return re.sub(r"\s+", " ", tex).strip()


def on_files(files, config):
    def changed(script):
        script = scripts.replaced(script, *PLACES)
        return scripts.replaced(script, BEGINS_SO, IS_SO % TIMES)

    scripts.change(files, config, WORKER, changed)
    return files


def on_pre_build(config):
    keywords[config.site_dir] = {}


def on_page_context(context, page, config, nav):
    top = page.toc.items[0].id if page.toc.items else ""
    for anchor, words in page.meta.get("keywords", {}).items():
        section = page.url if anchor == top else f"{page.url}#{anchor}"
        keywords[config.site_dir][section] = words
    return context


def give_keywords(sections: list[dict], by_section: dict[str, str]) -> None:
    """To sections of the index, which Material searches by the fields that mkdocs.yml names."""
    by_location = {section["location"]: section for section in sections}
    for location, words in by_section.items():
        if location not in by_location:
            raise PluginError(f"keywords for {location}: there is no such section")
        by_location[location]["keywords"] = words


def on_post_build(config):
    path = Path(config.site_dir) / "search" / "search_index.json"
    symbols = notation.load()["symbols"]
    index = json.loads(path.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        text = entry["text"].replace(particles.WORD_JOINER, "")
        text = text.replace(particles.NO_BREAK_SPACE, " ")
        text = re.sub(r"\\\[.*?\\\]", " ", text, flags=re.DOTALL)
        text = re.sub(r"\\\((.*?)\\\)", lambda m: plain(m[1], symbols), text)
        entry["text"] = text.replace("*", " ")  # it means any letters, and breaks a search
    give_keywords(index["docs"], keywords[config.site_dir])
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
