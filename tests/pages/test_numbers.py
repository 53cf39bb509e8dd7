"""No number in prose is typed by hand: tests/prose/README.md says the rule."""

import re
from pathlib import Path

import course
import pytest
from prose import extract, numbers
from prose.numbers import findings


def relative(path: Path) -> str:
    return str(path.relative_to(course.ROOT))


@pytest.mark.parametrize("path", numbers.sources(), ids=relative)
def test_every_number_in_prose_has_a_reason_to_stand(path):
    found = numbers.findings_of(path)
    assert not found, f"{relative(path)}, see tests/prose/README.md\n" + "\n".join(map(str, found))


# The proof: a typed number of each kind, in each place, must be found.

CODE = """
```python
digits = load(10)
for epoch in range(30):
    step(batch=20, lr=0.5)
shape = (64, 32)
print(loss, rate, dW)
```

``` { .text .output }
0.2489 98.3% -0.0681 1797 (5, 3) 7
```
"""
PAGE = f"""---
title: A title{{front matter}}
description: What the page is about.{{description}}
---

# A page{{heading}} {{#page}}

A paragraph of text,{{text}} which goes on
in a second line{{second line}} and has **bold{{bold}}** words and _others{{emphasis}}_.

{{line start}} begins this line. A [link{{link text}}](other.md#part-2 "a title{{link title}}").

![A picture of a network{{alt text}} with a loss.](figures/a.svg)

/// figure-caption
What the picture shows.{{caption}}
///

| what | how much |
|---|---|
| loss{{table}} | small |

- an item{{list}}
- another
    - and one inside{{nested list}}

!!! note "A note{{title}}"

    With text.{{box}}

??? success "Solution"

    The answer.{{solution}}

Term {{#term}}
:   What it is.{{definition}}

> Somebody said{{quotation}} so.

<div title="a tip{{attribute}}" markdown>Words.{{html}}</div>

A footnote.[^1]

[^1]: It says{{footnote}} more.

```text
This block is run by nobody.{{unchecked block}}
```

```python title="loss.py{{code title}}"
print(2)  # two{{comment}}
```

``` {{ .text .output }}
2
```

``` {{ .text .output }}
An output that nothing prints.{{orphan output}}
```
{CODE}"""
PLACES = re.findall(r"(?<!\{)\{([a-z ]+)\}(?!\})", PAGE)
TYPED = {
    "a decimal": "0.2488",
    "a decimal of the output, rounded": "0.25",
    "a decimal of the output, cut": "0.248",
    "a decimal without its zero": ".97",
    "a decimal comma": "0,97",
    "an integer": "360",
    "a small integer": "3",
    "a percentage": "97 %",
    "a percentage in words": "97 percent",
    "a percentage, escaped": r"97\%",
    "a Korean percentage": "97퍼센트",
    "a Korean counter": "정답은 352개",
    "a Korean counter, small": "틀린 그림은 7장",
    "a Korean particle": "손실은 0.25가",
    "thousands": "1,437",
    "a narrow space in thousands": "12 345",
    "full width": "９７％",
    "full width decimal": "０．９７",
    "another script": "٩٧",
    "bold": "**97**",
    "a sign": "-0.0682",
    "the output without its sign": "0.0681",
    "a minus that the output has not": "−0.2489",
    "an exponent": "3e-5",
    "a multiple": "1.5×",
    "a speed": "12ms",
    "a fraction": "3/4",
    "a vulgar fraction": "¾",
    "zero percent": "0 %",
    "one hundred": "100",
    "an ordinal": "2nd",
    "a range": "3–9",
    "a count of mistakes": "1 wrong",
    "a share": "9 of 360",
    "a size that no code has": "48 inputs",
    "a size in a judgement": "with 20 pictures wrong",
    "a size without a word for it": "20",
    "an entity": "&#57;&#55;",
    "plain math": "$97$",
    "plain math with a decimal": "$0.25$",
    "plain math in words": r"$\text{about } 97$",
    "plain math with a percent": r"$97\,\%$",
    "plain math, a comparison": r"$\Loss < 0.25$",
    "plain math, a fraction": r"$\frac{3}{4}$",
    "inline code": "`0.2488`",
    "inline code with a name": "`loss 0.2488`",
}


def planted(what: str, *places: str) -> str:
    """The page with a number in some of its places, and nothing in the others."""
    text = PAGE.replace("{{", "\0").replace("}}", "\1")
    for name in PLACES:
        text = text.replace(f"{{{name}}}", f" {what} " if name in places else " ")
    return text.replace("\0", "{").replace("\1", "}")


def one_a_line() -> list[list[str]]:
    """The places in groups, so that no line holds two of a group."""
    groups: list[list[str]] = []
    for line in PAGE.split("\n"):
        for number, name in enumerate(name for name in PLACES if f"{{{name}}}" in line):
            groups += [[]] if number == len(groups) else []
            groups[number].append(name)
    return groups


def test_the_page_without_planted_numbers_is_clean():
    assert findings(planted("")) == []
    assert len(PLACES) == len(set(PLACES)) == sum(map(len, one_a_line())) > 25


@pytest.mark.parametrize("what", TYPED.values(), ids=TYPED)
def test_a_typed_number_is_found_in_every_place(what):
    for group in one_a_line():
        if "`" in what:  # no Markdown in the opening line of a fence
            group = [place for place in group if place != "code title"]
        text = planted(what, *group)
        where = planted("@@", *group).split("\n")
        lines = [number for number, line in enumerate(where, 1) if "@@" in line]
        assert sorted({found.line for found in findings(text)}) == lines
        assert len(lines) == len(group)


@pytest.mark.parametrize("path", [*course.all_pages("en"), *course.all_pages("ko")], ids=relative)
def test_a_typed_number_is_found_on_every_page(path):
    """In the first and the last of its paragraphs, headings, alternative texts, and so on."""
    source = extract.source_of(path)
    kinds = {
        "description": r"^description: ()",
        "heading": r"^#+ .*?()\{ ?#",
        "alternative text": r"!\[()",
        "caption": r"^/// figure-caption\n()",
        "table": r"^\| ()(?!-)",
        "list": r"^- ()",
        "title": r'^(?:!!!|\?\?\?) \w+ "()',
        "box": r'^(?:!!!|\?\?\?) \w+ ".*"\n\n    (?! |\$|`|<)()',
        "paragraph": r"\n\n()(?=[A-Z가-힣])",
        "line's end": r"(?<=[a-z가-힣]\.)()$",
        "link": r"(?<!!)\[()(?=[A-Z가-힣][^]\n]*\]\()",
    }
    at = set()
    for pattern in kinds.values():
        found = [m.start(1) for m in re.finditer(pattern, source, re.MULTILINE)]
        at |= {*found[:1], *found[-1:]}
    assert len(at) >= 7
    for what in (" 97.31 % ", " 352개 "):
        text = source
        for position in sorted(at, reverse=True):
            text = text[:position] + what + text[position:]
        number = what.split()[0].rstrip("개")
        lines = [found.line for found in findings(text) if found.number == number]
        assert lines == sorted(source.count("\n", 0, position) + 1 for position in at)


@pytest.mark.parametrize(
    ("before", "after"), [("0.2489", "0.2488"), ("98.3%", "98.4%"), ("-0.0681", "0.0681")]
)
def test_a_sentence_that_quotes_an_output_fails_when_the_output_changes(before, after):
    page = f"The loss is {before}, as printed.\n{CODE}"
    assert findings(page) == []
    (found,) = findings(page.replace(before, after).replace(after, before, 1))
    assert (found.line, found.number) == (1, before.rstrip("%"))


# What may stand, each with what is near to it and may not.

SHAPES = "```python\nW = zeros((64, 32))\nstep(batch=20, epochs=30, lr=0.5)\n```\n"
EXERCISE = """
### 1. Sizes {{#exercise-1}}

{}

??? success "Solution"

    {}
"""
MATH = "$$\n\\Lossx = \\frac{1}{2} (\\t_1 - \\a{2}_1)^2\n$$\n"
STANDING: dict[str, tuple[str, str, str]] = {
    "zero and one": ("", "Between 0 and 1, slope −1.", "Between 0 and 2."),
    "zero and one in Korean": ("", "0과 1 사이입니다. 1일 때는 0입니다.", "답은 2입니다."),
    "the start of a line": ("", "so\n1 is so", "so\n97 are so"),
    "by one in Korean": ("", "1만큼 늡니다.", "1만 번 늡니다."),
    "a unit": ("", "from input 1 to hidden unit 2", "from input 1 to hidden units: 2"),
    "units": ("", "units 1, 2 and 3", "the units, 2 and 3"),
    "a unit in Korean": ("", "입력 1에서 은닉 유닛 2로", "은닉 유닛 2개"),
    "a unit and its emphasis": ("", "유닛 1**에서** 유닛 2**로**", "유닛은 2**로**"),
    "an output's name": ("", "output 2 is positive", "output 0.97 is positive"),
    "an output's name in bold": ("", "**output 2** is positive", "**output 22** is positive"),
    "a layer": ("", "Layer 3 is the last.", "Layer 3% is the last."),
    "a name in capitals": ("", "BP3 and W2 in float32", "BP 3 in float 32"),
    "an architecture": ("", "A 2-2-2 sigmoid network", "A 2-2-2 result"),
    "an architecture in Korean": ("", "2-2-2 시그모이드 신경망", "2-2-2"),
    "a version": ("", "Python 3.11 or newer", "Snake 3.11 or newer"),
    "a licence": ("", "CC BY 4.0; MPL 1.1", "CC BY 4.0 %; MPL 1.1"),
    "a licence in Korean": ("", "저작자표시 4.0 라이선스", "라이선스 4.0"),
    "an identifier": ("", "doi:10.24432/C50P49", "doi 10.24432"),
    "a data set": ("", "UTF-8, CIFAR-10", "CIFAR-10 %"),
    "a reference": ("", "Nielsen, chapter 2, p. 41", "Nielsen, 2, 41"),
    "a date": ("", "on 9 October 1986, 1986-10-09", "in 1986"),
    "a date in Korean": ("", "1986년 10월 9일에", "1986번"),
    "a year of a source": ("", "Rumelhart and others (1986)", "Rumelhart (2048)"),
    "a source in brackets": ("", "as it was (Bishop, 2006)", "as it was (so, 2006)"),
    "a year in Korean": ("", "러멜하트 등(1986)의 논문", "그 논문(1986)"),
    "a list": ("", "1. one\n2. two\n3. three\n", "1. one\n3. three\n"),
    "an exercise's number": ("", "### 2. Two {#exercise-2}\n", "### 3. Two {#exercise-2}\n"),
    "an address": ("", "[it](https://a.org/97/4.0/)", "[it 97](https://a.org/97/4.0/)"),
    "an anchor": ("", "## Why W2 is so {#w2-97}\n", "## Why 2 is so {#w2-97}\n"),
    "a size in code": (SHAPES, "64 inputs and 32 hidden units", "65 inputs and 32 hidden units"),
    "a size in Korean": (SHAPES, "입력이 64개, 표본 20개", "정답이 64개, 표본 20개"),
    "a batch": (SHAPES, "a batch of 20", "a share of 20"),
    "a setting": (SHAPES, "a learning rate of 0.5 for 30 epochs", "a loss of 0.5"),
    "a setting in Korean": (SHAPES, "학습률 0.5로 30에포크", "손실 0.5로"),
    "a shape": (SHAPES, "the shape (64, 32), 64 by 32, 64×32", "the shape (64, 33)"),
    "a shape as code": (SHAPES, "the shape `(64, 32)`", "the shape `(64, 33)`"),
    "code with a name": (SHAPES, "`W[3, 2]`, `lr=0.5`", "`W[3, 33]`, `lr=0.6`"),
    "an output": (CODE, "the loss 0.2489 and 98.3 %", "the loss 0.2489 % and 98.3"),
    "thousands of an output": (CODE, "all 1,797 of them", "all 1,798 of them"),
    "a digit beside its output": (CODE, "so 7 are left", "\nso 7.\n\nAnd 7 are left"),
    "two digits in their section": (
        CODE.replace("1797", "43"),
        "so 43 are left",
        "## New {#new}\n\n43 are left",
    ),
    "an equation": (MATH, "the 2 that cancels", "so\n\nthe 2 that cancels"),
    "an equation in Korean": (MATH, "2분의 1입니다.", "3분의 1입니다."),
    "a fraction of an equation": (MATH, "so\n\nthe $\\frac{1}{2}$", r"the $\frac{2}{3}$"),
    "a formula with a symbol": ("", r"$\sqrt{2 / n}$, $x^2$, $w^2_{31}$", r"$\sqrt{22 / n}$"),
    "an equation that is evaluated": ("", "$3 = 3$", "$3$"),
    "a quotation": ("", '"97 %" [Nielsen](https://a.org)', '"97 %" (Nielsen)'),
    "a quotation of many lines": ("", "> It got 97 %. [So](https://a.org)", "> It got 97 %."),
    "a mark": ("", "it took 40<!-- number: weeks, by the diary of X --> of", "it took 40 of"),
    "a mark in Korean": (
        "",
        "40주<!-- number: 그 사람이 쓴 일기에 적힌 대로 -->",
        "40주<!-- number: 그 일기 -->",
    ),
    "a mark behind a formula": ("", "$40$<!-- number: the diary of X says so -->", "$40$"),
    "a mark in an alternative text": (
        "",
        "words",
        "![forty: 40<!-- number: weeks, by the diary of X -->](a.svg)",
    ),
    "a mark in a heading": ("", "words", "## 40<!-- number: the diary of X says so --> {#w}\n"),
    "a given size": (
        "",
        EXERCISE.format("It has 64 inputs; the batch has 20 samples.", "20 rows, written (20, 64)"),
        EXERCISE.format("It has 64 inputs and 20 others.", "The shape is (20, 64)."),
    ),
    "a given size in Korean": (
        "",
        EXERCISE.format("입력이 64개, 출력이 10개입니다.", "64행 10열입니다."),
        EXERCISE.format("입력이 64개입니다.", "64행 10열입니다."),
    ),
    "a size given elsewhere": ("", "words", EXERCISE.format("so", "so") + "\n64 inputs\n"),
}  # fmt: skip


@pytest.mark.parametrize(("page", "may", "may_not"), STANDING.values(), ids=STANDING)
def test_what_may_stand_and_what_may_not(page, may, may_not):
    assert findings(f"{page}\n{may}\n") == []
    assert findings(f"{page}\n{may_not}\n")


def test_marks_are_few_and_needed():
    mark = "<!-- number: the diary of X says so -->"
    assert findings(f"40{mark}, 41{mark}, 42{mark}\n") == []
    assert "at most 3" in findings(f"40{mark}, 41{mark}, 42{mark}, 43{mark}\n")[0].sentence
    assert findings(f"unit 2{mark}\n")[0].place == "mark"
    assert findings(f"Forty.{mark}\n")[0].place == "mark"


def test_what_a_notebook_prints_can_be_quoted(tmp_path):
    """By its cells, when they are run, and by blocks in its text, whose outputs are compared."""
    cell = "# %%\nprint(9640 / 100)\n\n# %% [markdown]\n# So it is {}.\n#\n{}"
    block = '# ```python\n# print("97.3")\n# ```\n'
    output = "# ``` {{ .text .output }}\n# {}\n# ```\n"
    for number, more, count in [
        ("96.4", "", 0),
        ("96.5", "", 1),
        ("97.3", block, 1),
        ("97.3", block + "#\n" + output.format("97.3"), 0),
        ("97.3", output.format("97.3"), 2),  # behind a cell it is compared with nothing
    ]:
        page = tmp_path / "page.py"
        page.write_text(cell.format(number, more))
        printed = extract.printed_on(page) if block not in more else ["96.4"]
        assert len(findings(extract.source_of(page), printed=printed)) == count, (number, more)


@pytest.mark.parametrize("path", sorted(course.ROOT.glob("docs/*/practice/*.py")), ids=relative)
def test_a_notebook_is_read_line_for_line_and_in_full(path):
    source = path.read_text(encoding="utf-8")
    text = extract.as_markdown(source)
    assert text.count("\n") == source.count("\n")
    for kind, cell in course.notebook_cells(path):
        if kind == "markdown":
            assert all(line in text.split("\n") for line in cell.split("\n"))
    numbers_of_cells = [
        extract.code_numbers(cell) for kind, cell in course.notebook_cells(path) if kind == "code"
    ]
    assert extract.read(text).code >= set().union(*numbers_of_cells) != set()


@pytest.mark.parametrize("missing", numbers.REASONS, ids=lambda why: why.__name__)
def test_every_reason_is_needed(monkeypatch, missing):
    """Without any one of them, something that may stand is found."""
    monkeypatch.setattr(numbers, "REASONS", [why for why in numbers.REASONS if why != missing])
    assert any(findings(f"{page}\n{may}\n") for page, may, _ in STANDING.values())


def test_comments_behind_an_included_snippet_are_read():
    code = '    ```python\n    --8<-- "network_222.py:numbers"\n    y = 1  # so it is 97\n    ```\n'
    (found,) = findings(f"- an item\n\n{code}")
    assert (found.line, found.number) == (5, "97")


def test_words_of_the_build_are_read(tmp_path):
    """Names in mkdocs.yml, the tables WORDS of hooks, what templates say."""
    settings = tmp_path / "mkdocs.yml"
    settings.write_text(
        "site_name: 97\nnav:\n  - A 98: a.md\nextra:\n  x: [{title: 99}]\nport: 80\n"
    )
    hook = tmp_path / "hook.py"
    hook.write_text('WORDS = {"en": {"head": ("a 97",)}}\nOTHER = "98"\n')
    template = tmp_path / "a.html"
    template.write_text('<p class="x9">{{ say("97", "98") }} {# 1 #} 99</p>{% if x == 96 %}\n')
    assert [words for _, words in extract.settings(settings)] == ["97", "A 98", "99"]
    assert [words for _, words in extract.words_of_hooks(hook)] == ["en", "head", "a 97"]
    found = [f.number for _, w in extract.words_of_templates(template) for f in findings(w, True)]
    assert sorted(found) == ["97", "98", "99"]
    mark = "97<!-- number: the diary of X says so -->"
    assert findings(mark) == [] and findings(mark, words=True)
