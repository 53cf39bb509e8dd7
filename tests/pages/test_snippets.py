"""Every python block of every page runs when pasted in page order, and prints what the page
says it prints."""

import io
import textwrap
from pathlib import Path

import course
import matplotlib.pyplot as plt
import numpy as np
import pytest

from backprop import plotting

ALL = [course.ROOT / "README.md", *course.all_pages("en"), *course.all_pages("ko")]
ran: dict[tuple, list] = {}
PATHS = [  # from one weight to the loss, through either output
    ["x_1", "W1_11", "z1_1", "a1_1", f"W2_1{k}", f"z2_{k}", f"a2_{k}", f"E_{k}", "E"] for k in "12"
]


def results(path: Path) -> list[str]:
    """Pages with the same blocks (the two languages of one page) are run once."""
    if path.suffix == ".py":
        return course.notebook_run(path)[0]
    key = (path.suffix, *((block.kind, block.text) for block in course.runnable(path)))
    if key not in ran:
        ran[key] = [str(mismatch) for mismatch in course.run_page(path)]
    return ran[key]


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(course.ROOT)))
def test_code_runs_and_prints_what_the_page_says(path, request):
    if request.config.getoption("--write-outputs"):
        course.write_outputs(path)
    wrong = results(path)
    assert not wrong, f"{path}\n" + "\n\n".join(wrong)


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(course.ROOT)))
def test_package_source_is_embedded_never_copied(path):
    text = course.page_text(path)
    for block in course.blocks(text):
        if block.kind == "source":
            assert block.included, f"{path}, line {block.first}: a source block must be an include"
            compile(block.text, str(path), "exec")


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(course.ROOT)))
def test_code_lines_fit_the_page(path):
    for block in course.runnable(path) + course.blocks(course.page_text(path)):
        if block.kind in {"python", "pycon", "cell", "source", "output"}:
            long = [line for line in block.text.splitlines() if len(line) > 76]
            assert not long, f"{path}: more than 76 characters: {long[0]}"


def test_the_readme_shows_the_picture_that_the_package_draws(request):
    plotting.use_style()
    figure = plotting.network((2, 2, 2), paths=PATHS)
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None})
    plt.close(figure)
    picture = course.ROOT / ".github" / "network.svg"
    if request.config.getoption("--write-outputs"):
        picture.write_text(drawn.getvalue(), encoding="utf-8")
    assert picture.read_text(encoding="utf-8") == drawn.getvalue()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("page", "slopes"),
    [
        (
            "every-element",
            "{name: np.array([slope(name, i) for i in np.ndindex(np.shape(eval(name)))])"
            " for name in ('W1', 'b1', 'W2', 'b2')}",
        ),
        ("matrix-form", "{name: nudged(name).ravel() for name in ('W1', 'b1', 'W2', 'b2')}"),
    ],
)
def test_nudging_works_with_whole_numbers_too(page, slopes, language):
    """In an array of integers, a nudge of 1e-5 would be rounded away."""
    found = []
    for kind in (int, float):
        path = course.ROOT / "docs" / language / "hand" / f"{page}.md"
        names = course.namespace_of(path)
        whole = {"W1": [[1, -1], [0, 1]], "b1": [1, 0], "W2": [[2, 1], [-1, 1]], "b2": [0, 1]}
        whole = {name: np.array(numbers, kind) for name, numbers in whole.items()}
        names |= whole | ({"parameters": whole} if "parameters" in names else {})
        found.append(eval(slopes, names))
    of_integers, of_floats = found
    for name, expected in of_floats.items():
        np.testing.assert_allclose(of_integers[name], expected, rtol=1e-12, err_msg=name)
        assert np.abs(expected).max() < 1


# The checker itself: a fault of each kind is planted and must be found.

OUTPUT = "``` { .text .output }\n3\n```\n"
WRONG = f"```python\nprint(1 + 1)\n```\n\n{OUTPUT}"


def indented(text):
    return textwrap.indent(text, "    ")


FAULTY = {
    "plain": WRONG,
    "title": WRONG.replace("python", 'python title="sum.py"'),
    "braces": WRONG.replace("python", '{ .python title="sum" }'),
    "braces without space": WRONG.replace("python", "{.python}").replace(" { .text", "{.text"),
    "tildes": f"~~~python\nprint(1 + 1)\n~~~\n\n{OUTPUT}",
    "tab": f'=== "Tab"\n\n{indented(WRONG)}',
    "tab in a tab": f'=== "Tab"\n\n    === "Tab"\n\n{indented(indented(WRONG))}',
    "admonition": f'!!! note "Note"\n\n{indented(WRONG)}',
    "folded": f'??? success "Solution"\n\n{indented(WRONG)}',
    "list": f"1. First\n\n{indented(WRONG)}",
    "include": '```python\n--8<-- "network_222.py:numbers"\nprint(x.size + 2)\n```\n\n' + OUTPUT,
    "earlier block": f"```python\nx = 1\n```\n\n```python\nprint(x + 1)\n```\n\n{OUTPUT}",
    "pycon": "```pycon\n>>> 1 + 1\n3\n```\n",
    "pycon in a tab": '=== "Tab"\n\n    ```pycon\n    >>> 1 + 1\n    3\n    ```\n',
    "no output block": "```python\nprint(1 + 1)\n```\n",
    "a time": "```python\nfrom time import perf_counter\nprint(perf_counter())\n```\n\n" + OUTPUT,
    "digits": "```python\nprint(1 / 3)\n```\n\n" + OUTPUT.replace("3", "0.3333333333333333"),
}
BY_HAND = {
    "pycon",
    "pycon in a tab",
    "no output block",
    "a time",
    "digits",
}  # no command mends these


def test_a_measured_output_is_compared_but_for_its_numbers(tmp_path):
    page = tmp_path / "page.md"
    code = "from time import perf_counter\nprint(f'took {perf_counter():.2f} s, twice')"
    for shown, right in (
        ("took 0.5 s, twice", True),
        ("took 3e-05 s, twice", True),
        ("0.5", False),
    ):
        page.write_text(
            f"```python\n{code}\n```\n\n``` {{ .text .output .measured }}\n{shown}\n```\n"
        )
        assert (course.run_page(page) == []) == right


@pytest.mark.parametrize("kind", FAULTY)
def test_a_planted_fault_is_found(kind, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(FAULTY[kind], encoding="utf-8")
    assert course.run_page(page)


@pytest.mark.parametrize("kind", sorted(set(FAULTY) - BY_HAND))
def test_outputs_are_rewritten_in_place(kind, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(FAULTY[kind], encoding="utf-8")
    course.write_outputs(page)
    assert not course.run_page(page)
    assert page.read_text().count("\n") == FAULTY[kind].count("\n")


@pytest.mark.parametrize("kind", sorted(set(FAULTY) - BY_HAND))
def test_in_a_notebook_outputs_are_rewritten_too(kind, tmp_path):
    page = tmp_path / "page.py"
    commented = textwrap.indent(FAULTY[kind], "# ", predicate=lambda line: True)
    page.write_text("# %% [markdown]\n" + commented, encoding="utf-8")
    assert course.run_page(page)
    course.write_outputs(page)
    assert not course.run_page(page)


def test_a_notebook_is_run_again_only_when_its_code_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "ROOT", tmp_path)
    page, silent = tmp_path / "page.py", tmp_path / "silent.py"
    page.write_text("# %%\nprint(1 + 1)\n\n# %% [markdown]\n# Two.\n\n# %%\nprint(1 / 3)\n")
    (wrong,), printed = course.notebook_run(page)
    assert "more than 8 digits" in wrong
    assert printed == ["2", "0.3333333333333333"]
    silent.write_text(page.read_text().replace("Two.", "둘입니다."))
    monkeypatch.setattr(course, "run_page", lambda path, by_cells: by_cells.append("ran"))
    assert course.notebook_run(silent)[1] == printed
    silent.write_text(page.read_text().replace("1 + 1", "1 + 2"))
    with pytest.raises(TypeError):  # the page that stands in for it finds no mismatches
        course.notebook_run(silent)


def test_a_raising_block_is_not_passed_over(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\nraise KeyError('here')\n```\n", encoding="utf-8")
    with pytest.raises(KeyError, match="here"):
        course.run_page(page)


def test_pages_do_not_share_a_namespace(tmp_path):
    first, second = tmp_path / "first.md", tmp_path / "second.md"
    first.write_text("```python\nonly_here = 1\n```\n", encoding="utf-8")
    second.write_text("```python\nonly_here\n```\n", encoding="utf-8")
    course.run_page(first)
    with pytest.raises(NameError):
        course.run_page(second)
