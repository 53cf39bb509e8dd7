"""The one file of symbols and colours: complete, readable, and used by all who should."""

import json
import re

import course
import pytest
from conftest import ROOT
from hooks.content import figures, search_text
from hooks.languages import particles
from hooks.math import notation

NOTATION = json.loads((ROOT / "src/backprop/notation.json").read_text(encoding="utf-8"))
SYMBOLS, COLOURS = NOTATION["symbols"], NOTATION["colours"]

# LaTeX's own commands that pages may use beside the course's macros.
PLAIN_LATEX = {
    *("begin", "end", "frac", "sum", "cdot", "text", "tag", "quad", "partial", "delta", "Delta"),
    *("sigma", "leftarrow", "times", "ldots", "ln", "sqrt", "approx", "left", "right", "hat"),
    *("Bigl", "Bigr", "ne", "tau", "varepsilon", "max"),
}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", sorted({s["role"] for s in SYMBOLS.values() if "role" in s}))
def test_symbol_colours_can_be_read_on_paper_and_in_code(name, scheme):
    for ground in ("paper", "panel"):
        assert contrast(COLOURS[name][scheme], COLOURS[ground][scheme]) >= 4.5


def test_no_colour_can_be_taken_for_another_when_figures_are_darkened():
    light = [c["light"] for c in COLOURS.values()]
    assert len(set(light)) == len(light)
    drawing = " ".join(light)
    assert figures.darkened(drawing) == " ".join(c["dark"] for c in COLOURS.values())


def formulas(path):
    text = course.page_text(path)
    display = re.findall(r"\$\$\n(.*?)\n\s*\$\$", text, re.DOTALL)
    return display + re.findall(r"(?<![\\$`])\$(?!\$)([^$\n]+?)\$(?!\$)", text)


@pytest.mark.parametrize(
    "path",
    [*course.all_pages("en"), *course.all_pages("ko")],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_pages_use_only_known_commands(path):
    for tex in formulas(path):
        for command in re.findall(r"\\([A-Za-z]+)", tex):
            assert command in SYMBOLS or command in PLAIN_LATEX, (command, tex)


def test_macros_expand_to_plain_latex_inside_one_another():
    tex = r"\grad{\Loss}{\W{1}_{11}} = (\A{l-1})^\T \err{l} \had \act'(\z{1}) + e^{-z}"
    assert notation.expand(tex, SYMBOLS) == (
        r"\frac{\partial C}{\partial W^{[1]}_{11}} = (A^{[l-1]})^{\mathsf T} "
        r"\delta^{[l]} \odot f'(z^{[1]}) + e^{-z}"
    )


def test_expanding_keeps_commands_and_letters_apart():
    assert notation.expand(r"\lr a", SYMBOLS) == r"\eta a"
    assert notation.expand(r"\x a", SYMBOLS) == "x a"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("W1", "weight"),
        ("dW2", "weight"),
        ("db1", "bias"),
        ("delta2", "error"),
        ("a1", "activation"),
    ],
)
def test_names_in_code_get_the_colour_of_their_symbol(name, role):
    roles = notation.name_roles(NOTATION)
    block = f'<span class="n">{name}</span>'
    assert notation.colour_names(block, roles) == f'<span class="bp-{role}">{name}</span>'
    assert notation.colour_names(f"<code>{name}</code>", roles) == (
        f'<code class="bp-{role}">{name}</code>'
    )


@pytest.mark.parametrize("name", ["Wide", "bp", "add", "batch", "zeros", "data", "total"])
def test_other_names_stay_plain(name):
    assert (
        notation.colour_names(f'<span class="n">{name}</span>', notation.name_roles(NOTATION))
        == name
    )


def test_in_another_books_letters_a_name_has_the_colour_of_what_it_means():
    roles = notation.name_roles(NOTATION)
    names = "".join(f'<span class="n">{name}</span>\n' for name in ("a1", "z1", "w0", "b"))
    theirs = f'<div class="language-python a-is-z z-is-a w0-is-b highlight">{names}</div>'
    ours = f'<div class="language-python highlight">{names}</div>'

    def found(html):
        return re.findall(r'"bp-(\w+)">(\w+)<', notation.colour_names(html, roles))

    in_theirs = [("preactivation", "a1"), ("activation", "z1"), ("bias", "w0"), ("bias", "b")]
    in_ours = [("activation", "a1"), ("preactivation", "z1"), ("weight", "w0"), ("bias", "b")]
    assert found(theirs) == in_theirs
    assert found(ours + theirs + ours) == in_ours + in_theirs + in_ours


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\W{2}_{12}", "W[2]_12"),
        (r"\grad{\Lossx}{\a{1}_1}", "∂E/∂a[1]_1"),
        (r"(\W{2})^\T", "(W[2])ᵀ"),
        (r"\err{2} \had \a{1}", "δ[2] ⊙ a[1]"),
    ],
)
def test_search_results_show_formulas_as_text(tex, text):
    assert search_text.plain(tex, SYMBOLS) == text


TOGETHER = '<span class="bp-together">{}</span>'
FORMULA = r'<span class="arithmatex">\(x\)</span>'


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (f"when {FORMULA}, it", f"when {TOGETHER.format(FORMULA + ',')} it"),
        (f"{FORMULA}를 움직이면", f"{TOGETHER.format(FORMULA + '를')} 움직이면"),
        (f"{FORMULA}입니다.", TOGETHER.format(FORMULA + "입니다.")),
        (f"{FORMULA} and", f"{FORMULA} and"),
        ("<strong>손실</strong>(loss) 하나", "<strong>손실</strong>\u2060(loss) 하나"),
        ("가중치(weight)", "가중치\u2060(weight)"),
        ("가중치(weight)를", "가중치\u2060(weight)\u2060를"),
        ("가중치(위)", "가중치(위)"),
        ("걸음(<code>h</code>)이", "걸음\u2060(" + TOGETHER.format("<code>h</code>)\u2060이")),
        (f"{FORMULA}(시그마)입니다", TOGETHER.format(FORMULA + "(시그마)\u2060입니다")),
        (f"{FORMULA}<!-- number: why -->에", TOGETHER.format(FORMULA + "<!-- number: why -->에")),
        ('<a href="x">경로</a>를', '<a href="x">경로</a>\u2060를'),
        ("“기울기”의", "“기울기”\u2060의"),
        ("은닉 유닛 1로", "은닉 유닛\u00a01로"),
        ("층 <em>l</em>", "층 <em>l</em>"),
        ("<pre># (층 1)을</pre>층 1", "<pre># (층 1)을</pre>층\u00a01"),
    ],
)
def test_what_belongs_together_stays_on_one_line(text, right):
    assert particles.on_page_content(text, None, None, None) == right
