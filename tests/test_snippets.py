"""Every python block of every page runs when pasted in page order, and prints what the page
says it prints."""

from pathlib import Path

import pages
import pytest

ALL = [pages.ROOT / "README.md", *pages.all_pages("en"), *pages.all_pages("ko")]
ran: dict[tuple, list] = {}


def results(path: Path) -> list[str]:
    """Pages with the same blocks (the two languages of one page) are run once."""
    key = (path.suffix, *((block.kind, block.text) for block in pages.runnable(path)))
    if key not in ran:
        ran[key] = [str(mismatch) for mismatch in pages.run_page(path)]
    return ran[key]


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(pages.ROOT)))
def test_code_runs_and_prints_what_the_page_says(path, request):
    if request.config.getoption("--write-outputs"):
        pages.write_outputs(path)
    wrong = results(path)
    assert not wrong, f"{path}\n" + "\n\n".join(wrong)


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(pages.ROOT)))
def test_package_source_is_embedded_never_copied(path):
    text = pages.page_text(path)
    for block in pages.blocks(text):
        if block.kind == "source":
            assert block.included, f"{path}, line {block.first}: a source block must be an include"
            compile(block.text, str(path), "exec")


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(pages.ROOT)))
def test_code_lines_fit_the_page(path):
    for block in pages.runnable(path) + pages.blocks(pages.page_text(path)):
        if block.kind in {"python", "pycon", "cell", "source", "output"}:
            long = [line for line in block.text.splitlines() if len(line) > 76]
            assert not long, f"{path}: more than 76 characters: {long[0]}"


# The checker itself: a fault of each kind is planted and must be found.

FAULTY = {
    "plain": "```python\nprint(1 + 1)\n```\n\n``` { .text .output }\n3\n```\n",
    "title": '```python title="sum.py"\nprint(1 + 1)\n```\n\n``` { .text .output }\n3\n```\n',
    "braces": '``` { .python title="sum" }\nprint(1 + 1)\n```\n\n``` { .text .output }\n3\n```\n',
    "braces without space": "```{.python}\nprint(1 + 1)\n```\n\n```{ .text .output }\n3\n```\n",
    "tildes": "~~~python\nprint(1 + 1)\n~~~\n\n``` { .text .output }\n3\n```\n",
    "tab": '=== "Tab"\n\n    ```python\n    print(1 + 1)\n    ```\n\n    ``` { .text .output }\n    3\n    ```\n',
    "admonition": '??? success "S"\n\n    ```python\n    print(1 + 1)\n    ```\n\n    ``` { .text .output }\n    3\n    ```\n',
    "pycon": "```pycon\n>>> 1 + 1\n3\n```\n",
    "pycon in a tab": '=== "Tab"\n\n    ```pycon\n    >>> 1 + 1\n    3\n    ```\n',
    "include": '```python\n--8<-- "network_222.py:numbers"\nprint(t)\n```\n\n``` { .text .output }\n[[1. 1.]]\n```\n',
    "earlier block": "```python\nx = 1\n```\n\n```python\nprint(x + 1)\n```\n\n``` { .text .output }\n3\n```\n",
    "no output block": "```python\nprint(1 + 1)\n```\n",
    "digits": "```python\nprint(1 / 3)\n```\n\n``` { .text .output }\n0.3333333333333333\n```\n",
}


@pytest.mark.parametrize("kind", FAULTY)
def test_a_planted_fault_is_found(kind, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(FAULTY[kind], encoding="utf-8")
    assert pages.run_page(page)


@pytest.mark.parametrize("kind", [
        kind
        for kind in FAULTY
        if kind not in {"pycon", "pycon in a tab", "no output block", "digits", "braces without space"}
    ])
def test_outputs_are_rewritten_in_place(kind, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(FAULTY[kind], encoding="utf-8")
    pages.write_outputs(page)
    assert not pages.run_page(page)
    assert page.read_text().count("\n") == FAULTY[kind].count("\n")


def test_a_raising_block_is_not_passed_over(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\nraise KeyError('here')\n```\n", encoding="utf-8")
    with pytest.raises(KeyError, match="here"):
        pages.run_page(page)


def test_pages_do_not_share_a_namespace(tmp_path):
    first, second = tmp_path / "first.md", tmp_path / "second.md"
    first.write_text("```python\nonly_here = 1\n```\n", encoding="utf-8")
    second.write_text("```python\nonly_here\n```\n", encoding="utf-8")
    pages.run_page(first)
    with pytest.raises(NameError):
        pages.run_page(second)
