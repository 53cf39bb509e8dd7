"""Search results show text: formulas in the index become plain characters, W[2] instead of
LaTeX, and display formulas are left out. No asterisk of code is in it."""

import json
import re
from pathlib import Path

from hooks.languages import particles
from hooks.math import notation

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
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
