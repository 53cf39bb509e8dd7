"""The page reference/checked: what it says in numbers is what tests count; a number that nobody
counts, or that has become another one, is found."""

import inspect
import math
import re
import runpy
import shlex
import subprocess
import tomllib
from collections import Counter
from types import SimpleNamespace

import course
import pytest
import records
from equations import report
from hooks.content.checking import counts, equations, pages
from mkdocs.exceptions import PluginError

PAGE = course.ENGLISH / "reference/checked.md"
BOTH = [PAGE, course.KOREAN / "reference/checked.md"]
BY_HAND = ("test_validation", "test_guards", "test_doors")
REPOSITORY = {"repository": "https://github.com/someone/course", "branch": "main"}
ROW = {"page": "hand/forward.md", "tex": "a = b", "instances": 3, "exempt": ""}


def config(language="en", **extra):
    return SimpleNamespace(theme={"language": language}, extra=REPOSITORY | extra)


@pytest.fixture
def no_records(tmp_path, monkeypatch):
    """An empty folder for records."""
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    return tmp_path


# What is counted here


def cases_of(test) -> int:
    """How many cases pytest makes of a test function."""
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    return math.prod(len(list(mark.args[1])) for mark in marks)


def test_counted_bad_inputs_chosen_by_hand(pytestconfig):
    found = 0
    for name in BY_HAND:
        names = runpy.run_path(str(course.ROOT / f"tests/package/{name}.py"))
        tests = [each for key, each in names.items() if key.startswith("test_")]
        found += sum(cases_of(test) for test in tests if inspect.isfunction(test))
    records.hold("doors", found, pytestconfig.getoption("--write-outputs"))


def test_cases_are_counted_as_pytest_makes_them():
    @pytest.mark.parametrize("a", [1, 2])
    @pytest.mark.parametrize(("b", "c"), [(1, 2), (3, 4), (5, 6)])
    def test(a, b, c):
        pass

    assert cases_of(test) == 6
    assert cases_of(lambda: None) == 1


def test_counted_questions_in_the_browser(pytestconfig):
    questions = pytest.importorskip("questions")
    asked = {"each": len(questions.OF_EACH), "one": len(questions.OF_ONE_LANGUAGE)}
    records.hold("browser", asked, pytestconfig.getoption("--write-outputs"))


def test_counted_answer_to_the_mistake_that_readers_plant(pytestconfig, tmp_path):
    """The first command of the page, on a copy of it; the answer is what the page shows."""
    text = PAGE.read_text(encoding="utf-8")
    for page in BOTH:
        assert re.search(r"^sed .*$", page.read_text(encoding="utf-8"), re.MULTILINE)[0] in text
    *command, path = shlex.split(re.search(r"^sed .*$", text, re.MULTILINE)[0])
    assert course.ROOT / path == PAGE
    copy = tmp_path / "checked.md"
    copy.write_text(text, encoding="utf-8")
    subprocess.run([*command, str(copy)], check=True)
    (wrong,) = [row for row in report.rows([copy]) if row.wrong]
    assert "own numbers" in wrong.wrong, "the page says that it is its own network"
    said = f"    {wrong.verdict}"
    assert max(map(len, said.splitlines())) <= 76
    assert re.fullmatch(r"    WRONG(?:.|\n)*\]\]", said), "the second command looks for this"
    records.hold("red", said, pytestconfig.getoption("--write-outputs"))


# A number that is another one by now


def test_a_number_that_has_changed_is_found_and_rewritten(no_records):
    records.hold("doors", 7, rewrite=True)
    records.hold("doors", 7, rewrite=False)
    with pytest.raises(AssertionError, match="make outputs"):
        records.hold("doors", 8, rewrite=False)
    with pytest.raises(AssertionError, match="laws"):
        records.hold("laws", 8, rewrite=False)


def test_all_numbers_of_the_page_are_counted_in_both_languages():
    english, korean = (page.read_text(encoding="utf-8") for page in BOTH)
    named = counts.COUNT.findall(english)
    assert len(set(named)) == len(named)
    assert sorted(named) == sorted(counts.COUNT.findall(korean))
    paths = [[path for _, path in counts.SOURCE.findall(text)] for text in (english, korean)]
    assert sorted(paths[0]) == sorted(paths[1])
    of_pages = Counter(pages.counted(PAGE))
    for language, text in (("en", english), ("ko", korean)):
        filled = counts.filled(text, [ROW], of_pages, config(language))
        assert "COUNT_" not in filled
        assert "repository:" not in filled


def test_a_number_that_nobody_counts_and_a_source_that_is_not_there_are_refused():
    with pytest.raises(PluginError, match="COUNT_sheep"):
        counts.filled("COUNT_sheep", [ROW], Counter(), config())
    with pytest.raises(PluginError, match=r"no tests/none\.py"):
        counts.filled("[None](repository:tests/none.py)", [ROW], Counter(), config())


def test_sources_are_links_where_the_repository_is_known():
    text = "[Tests](repository:tests), [this](repository:tests/course.py)"
    linked = counts.filled(text, [ROW], Counter(), config())
    assert "https://github.com/someone/course/tree/main/tests)" in linked
    assert "https://github.com/someone/course/blob/main/tests/course.py)" in linked
    assert counts.filled(text, [ROW], Counter(), config(repository="")) == "Tests, this"


def test_a_page_is_counted():
    found = pages.counted(PAGE)
    text = PAGE.read_text(encoding="utf-8")
    assert found["pages"] == found["figures"] == 1
    assert found["programs"] == text.count("```python") == found["outputs"]
    assert found["numbers"] > 20
    assert found["links"] == 2 * len(re.findall(r"\]\((?:\.\./|#|\w+\.md)", text)) - 2


# Long runs


def test_mutants_are_told_from_the_last_whole_run_and_from_the_list(no_records):
    words = counts.WORDS["en"]
    listed = len(tomllib.loads(counts.SURVIVORS.read_text(encoding="utf-8"))["survivor"])
    assert f" {listed} are listed" in counts.mutants(words)
    record = {"date": "2026-01-02", "made": 4000, "left": 7}
    records.write("mutants", record | {"of": records.state_of_package()})
    assert counts.mutants(words) == (
        "4,000 on 2026-01-02: 3,993 caught, 7 left, each with its reason"
    )
    records.write("mutants", record | {"of": "another state"})
    assert counts.mutants(words).endswith("changed since)")


def test_the_record_of_mutants_does_not_contradict_the_list():
    record = records.read("mutants")
    if record and record["of"] == records.state_of_package():
        listed = tomllib.loads(counts.SURVIVORS.read_text(encoding="utf-8"))["survivor"]
        assert record["left"] == len(listed)


def test_pages_that_changed_since_mistakes_were_planted_are_told(no_records):
    same = {"equations": records.digest(["a = b"]), "planted": {"a sign": 3}, "left": {}}
    record = {"date": "2026-01-02", "checker": records.state_of_checker()}
    records.write("planted", record | {"pages": {"hand/forward": same}})
    assert equations.changed_since([ROW]) == 0
    assert equations.changed_since([ROW | {"tex": "a = c"}]) == 1
    assert equations.changed_since([ROW, ROW | {"page": "hand/new.md"}]) == 1
    assert equations.changed_since([ROW | {"page": "hand/new.md"}]) == 2
    records.write("planted", record | {"checker": "another", "pages": {"hand/forward": same}})
    assert equations.changed_since([ROW, ROW | {"page": "hand/new.md"}]) == 2


def test_every_kind_of_mistake_has_a_korean_name_and_adds_up():
    tried, left = equations.planted("planted"), equations.planted("left")
    english, korean = equations.every_mistake("en"), equations.every_mistake("ko")
    for kind, count in tried.items():
        assert f"<tr><td>{kind}</td><td>{count:,}</td>" in english
        assert f"<td>{kind}<" not in korean
    all_of_them = f"<td>{tried.total():,}</td><td>{tried.total() - left.total():,}</td>"
    assert all_of_them in english
    assert all_of_them in korean
