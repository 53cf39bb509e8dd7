"""Exercises: the solution passes, the starter does not, and each typical wrong answer is told
what is wrong with it, in both languages."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from backprop.exercises import Exercise, check, checking, load, names
from backprop.exercises.__main__ import main
from backprop.exercises.checking import Answer, judged, said_of
from backprop.exercises.comparing import Wrong, compare
from backprop.exercises.files import parse
from backprop.exercises.given import network_222, network_relu
from backprop.exercises.words import WORDS

ROOT = Path(__file__).parent.parent.parent
WITHOUT = {
    "reference/notation",
    "reference/formulas",
    "reference/glossary",
    "reference/questions",
    "reference/errata",
    "reference/api",
    "reference/checked",
    "reference/licences",
}
PAGES = sorted(
    str(path.relative_to(ROOT / "docs/en").with_suffix(""))
    for path in (ROOT / "docs/en").rglob("*")
    if path.suffix in {".md", ".py"}
)
EXERCISES = {name: load(name) for name in names()}  # each file read once
WRONG = [(name, wrong.key, wrong) for name, its in EXERCISES.items() for wrong in its.wrong]


def raised_by(code: str) -> set[str]:
    """The keys that a check raises by itself."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    keys = (call.args[0] for call in calls if getattr(call.func, "id", "") == "Wrong")
    said = (part for key in keys for part in ast.walk(key) if isinstance(part, ast.Constant))
    return {part.value for part in said if isinstance(part.value, str)}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_and_every_mistake_that_its_check_knows_has_words(name, monkeypatch):
    """Also a mistake that none of the typical wrong answers makes: a reader may."""
    exercise = EXERCISES[name]
    known = raised_by(exercise.check)

    def compared(*values, decimals=None, **its_known):
        known.update(its_known)
        return compare(*values, decimals=decimals, **its_known)

    monkeypatch.setattr(checking, "compare", compared)
    verdict = check(name, exercise.solution)
    assert verdict.passed, verdict.words
    assert known <= WORDS.keys() | exercise.words.keys()


@pytest.mark.parametrize("name", EXERCISES)
def test_the_starter_does_not_pass_and_says_where_the_answer_goes(name):
    assert check(name, EXERCISES[name].starter).key == "todo"


@pytest.mark.parametrize(("name", "key", "wrong"), WRONG)
def test_a_typical_wrong_answer_gets_the_words_meant_for_it(name, key, wrong):
    exercise = EXERCISES[name]
    words = {**WORDS, **exercise.words}[key]
    found, mentioned, _ = judged(exercise, wrong.code)  # once for both languages
    assert found == key, said_of(exercise, found, mentioned, "en")
    for language in ("en", "ko"):
        said = said_of(exercise, key, mentioned, language)
        fixed = re.split(r"\{\w+\}", words[language])
        assert all(part in said for part in fixed)
        assert not re.search(r"\{\w+\}", said), "a value was not put in"


ALL_WORDS = """
from backprop.exercises import check, load, names
for name in names():
    for wrong in load(name).wrong:
        print(name, check(name, wrong.code).words)
"""


def test_verdicts_do_not_depend_on_the_order_of_sets():
    """A set of names is hashed anew in each process, and in the reader's browser."""
    said = {
        subprocess.run(
            [sys.executable, "-c", ALL_WORDS],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1


@pytest.mark.parametrize("name", EXERCISES)
def test_each_exercise_knows_at_least_three_typical_mistakes(name):
    assert len({wrong.key for wrong in EXERCISES[name].wrong}) >= 3


@pytest.mark.parametrize("name", EXERCISES)
def test_words_of_an_exercise_are_used_and_readable_in_a_terminal(name):
    exercise = EXERCISES[name]
    for key, words in exercise.words.items():
        assert key in exercise.check, f"{key} is never said"
        for said in words.values():
            assert "$" not in said, "code names, not LaTeX: the command line shows them too"


@pytest.mark.parametrize("page", sorted(set(PAGES) - WITHOUT))
def test_a_page_has_at_least_four_exercises_in_an_order(page):
    orders = sorted(e.order for e in EXERCISES.values() if e.page == page)
    assert len(orders) >= 4
    assert orders == list(range(1, len(orders) + 1))


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_stands_on_a_page_and_its_code_fits_the_page(name):
    exercise = EXERCISES[name]
    assert exercise.page in PAGES
    for code in (exercise.starter, exercise.solution, *(w.code for w in exercise.wrong)):
        assert max(map(len, code.splitlines())) <= 76


# What is said about values, whatever the exercise

RIGHT = np.array([[1.0, 2.0, 0.0], [4.0, -5.0, 6.0]])
SQUARE = np.array([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("found", "right", "key"),
    [
        (RIGHT.T, RIGHT, "transposed"),
        (SQUARE.T, SQUARE, "transposed"),
        (-RIGHT, RIGHT, "sign"),
        (RIGHT * 4, RIGHT, "factor"),
        (RIGHT / 3, RIGHT, "factor"),
        (RIGHT[0], RIGHT, "shape"),
        (RIGHT.ravel(), RIGHT, "right but for the shape"),
        (RIGHT + np.eye(2, 3), RIGHT, "some"),
        (RIGHT + 1, RIGHT, "none"),
        (RIGHT * np.nan, RIGHT, "not finite"),
        ("0.5", 0.5, "no number"),
        (None, 0.5, "no number"),
        (True, 1.0, "no number"),
        ([[1], [2, 3]], RIGHT, "no number"),
        (..., RIGHT, "todo"),
        (0.6, 0.5, "value"),
        (1.0, 0.5, "factor"),
        (0.1, 0.5, "factor"),
        (0.6, 0.0, "value"),
        (0.0, 0.5, "value"),
        ([0.5, 0.5], 0.5, "one number"),
        ([[0.6]], 0.5, "value"),
        (RIGHT * 0, RIGHT, "some"),
    ],
)
def test_what_is_wrong_with_a_value_is_told(found, right, key):
    with pytest.raises(Wrong) as told:
        compare("v", found, right)
    assert told.value.key == key
    template = WORDS[key]["en"]
    assert set(re.findall(r"\{(\w+)\}", template)) <= set(told.value.mentioned)


@pytest.mark.parametrize("found", [RIGHT, RIGHT.tolist(), RIGHT * (1 + 1e-9)])
def test_a_right_value_passes_in_any_form(found):
    compare("v", found, RIGHT)


def test_with_decimals_a_rounded_value_passes_and_a_further_one_does_not():
    compare("v", 0.1419, 0.141863, decimals=4)
    with pytest.raises(Wrong):
        compare("v", 0.1418, 0.141863, decimals=4)


@pytest.mark.parametrize("cut", [2.3, 2.302, 2.303, 2])
def test_a_value_cut_off_too_early_is_told_so(cut):
    with pytest.raises(Wrong, match="rounded"):
        compare("v", cut, np.log(10), decimals=4)


@pytest.mark.parametrize("other", [3, 2.4, 0, 2.31])
def test_a_value_that_is_no_shorter_form_of_the_right_one_is_not(other):
    with pytest.raises(Wrong) as told:
        compare("v", other, np.log(10), decimals=4)
    assert told.value.key == "value"


def test_a_single_number_may_stand_in_an_array():
    compare("v", np.array([[0.5]]), 0.5)
    with pytest.raises(Wrong, match="half"):
        compare("v", [0.25], 0.5, half=0.25)


def test_a_known_mistake_is_named_before_a_general_one():
    with pytest.raises(Wrong) as told:
        compare("v", SQUARE.T, SQUARE, swapped=SQUARE.T)
    assert told.value.key == "swapped"


def test_words_of_both_languages_put_in_the_same_values():
    for words in WORDS.values():
        put_in = [set(re.findall(r"\{(\w+)\}", words[language])) for language in ("en", "ko")]
        assert put_in[0] == put_in[1]


# Names to choose, functions to call


@pytest.mark.parametrize("value", [{"b", "a"}, ["a", "b", "a"], ("a", "b"), {"a": 1, "b": 2}])
def test_names_may_be_chosen_in_any_form(value):
    assert Answer({"v": value}).chosen("v", ["a", "b", "c"]) == {"a", "b"}


def test_choosing_nothing_is_possible_also_as_a_beginner_writes_it():
    assert Answer({"v": {}}).chosen("v", ["a"]) == set()


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("a", "no names"),
        ([["a"]], "no names"),
        ([np.ones(2)], "no names"),
        ({"A"}, "unknown name"),
        ({...}, "todo"),
    ],
)
def test_what_is_no_choice_is_told(value, key):
    with pytest.raises(Wrong) as told:
        Answer({"v": value}).chosen("v", ["a", "b"])
    assert told.value.key == key
    assert set(re.findall(r"\{(\w+)\}", WORDS[key]["en"])) == set(told.value.mentioned)


def test_a_function_that_writes_into_its_arguments_changes_only_copies():
    def f(z):
        z += 1
        return z

    z = np.zeros(2)
    assert Answer({"f": f}).call("f", z).all()
    assert not z.any()


@pytest.mark.parametrize("function", [lambda: 1, np.linalg.inv])
def test_a_function_that_cannot_be_called_so_is_told(function):
    with pytest.raises(Wrong, match="can't be called") as told:
        Answer({"f": function}).call("f", 1.0)
    assert "Error: " in told.value.mentioned["error"]


def test_an_answer_that_writes_into_given_numbers_changes_them_for_itself_alone():
    spoils = "from backprop.exercises.given.network_222 import a2, t\na2 -= 1\nt += 1\n"
    solution = load(NAME).solution
    for _ in range(2):
        assert not check(NAME, spoils + solution).passed
        assert check(NAME, solution).passed


# Answers that fail

NAME = "a-number-by-hand"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("", "There is no `db2_2`"),
        ("x = 1\ndb2_2 = 1 / 0", "Line 2 of the answer fails: `ZeroDivisionError"),
        ("def f(:\n", "Line 1 of the answer fails: `SyntaxError"),
        ("def f():\n    return g()\ndb2_2 = f()", "Line 2 of the answer fails: `NameError"),
    ],
)
def test_an_answer_that_fails_is_told_where(answer, said):
    verdict = check(NAME, answer)
    assert not verdict.passed
    assert verdict.words.startswith(said)


def test_what_an_answer_prints_is_kept_apart():
    assert check(NAME, "print('hello')").printed == "hello\n"


# The file's form

GOOD = (ROOT / "src/backprop/exercises/hand/every-element" / f"{NAME}.md").read_text(
    encoding="utf-8"
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# task ko", "# tusk ko", "tusk ko: no such section"),
        ("# task ko", "# task en", "task en: stands here twice"),
        ("# hint ko", "# words w", "words w: needs words"),
        ("# check", "## check", "check is missing"),
        ('title.ko = "출력 2의 편향"\n', "", "title ko is missing"),
        ("order = ", "ordr = ", "settings between"),
        ("ko: 이 값은 `a2_2`", "이 값은 `a2_2`", "needs words in a line"),
        ("# wrong sign\n\n```python", "# wrong sign\n\n```", "needs Python in a fence"),
    ],
)
def test_a_file_with_a_fault_is_refused_by_name(old, new, said):
    assert old in GOOD
    with pytest.raises(ValueError, match=said) as refused:
        parse("some-name", "some/page", GOOD.replace(old, new, 1))
    assert "some-name.md" in str(refused.value)


def test_two_exercises_of_one_name_are_refused_with_both_pages(monkeypatch, tmp_path):
    for page in ("hand/first", "hand/second"):
        (tmp_path / page).mkdir(parents=True)
        (tmp_path / page / "twin.md").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr("backprop.exercises.files.files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=r"'twin': of hand/(first|second), hand/(first|second)"):
        names()


def with_korean_starter(code):
    return GOOD.replace("# hint en", f"# starter ko\n\n```python\n{code}```\n\n# hint en", 1)


def test_a_korean_starter_is_for_korean_readers():
    korean = "# 여기에\n" + load(NAME).starter
    exercise = parse("n", "some/page", with_korean_starter(korean))
    assert exercise.starter_in("ko") == korean
    assert exercise.starter_in("en") == load(NAME).starter
    assert load(NAME).starter_in("ko") == load(NAME).starter


@pytest.mark.parametrize("code", ["db2_2 = ...\n", load(NAME).starter + "more = 1\n"])
def test_a_korean_starter_that_is_another_program_is_refused(code):
    with pytest.raises(ValueError, match=r"n\.md: # starter ko is another program"):
        parse("n", "some/page", with_korean_starter(code))


def words_in_comments(code):
    """Two words in a row, in a comment or a docstring: not names, not quoted."""
    comments = re.findall(r"#(.*)$", code, re.MULTILINE) + re.findall(
        r'"""(.*?)"""', code, re.DOTALL
    )
    return [c for c in comments if re.search(r"\b[A-Za-z]{3,} [a-z]+", re.sub(r'"[^"]*"', "", c))]


@pytest.mark.parametrize("name", EXERCISES)
def test_a_starter_whose_comments_are_words_has_them_in_korean(name):
    exercise = EXERCISES[name]
    assert not words_in_comments(exercise.starter_in("ko"))


def test_words_in_comments_are_seen():
    assert words_in_comments("# the twelve:\na = ...  # b = c\n") == [" the twelve:"]
    assert words_in_comments('def f():\n    """One sample: a row."""\n')
    assert not words_in_comments('# dh = dy_1 * w_1\n# "upper input"   "lower input"\n')


def test_a_comment_in_code_is_no_heading():
    with_comment = GOOD.replace("db2_2 = ...", "# your answer\ndb2_2 = ...")
    assert isinstance(parse("n", "some/page", with_comment), Exercise)
    assert "# your answer" in parse("n", "some/page", with_comment).starter


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(KeyError, match=NAME):
        load("nothing")


# The command line


def test_the_command_line_gives_the_same_verdict(tmp_path, capsys):
    answer = tmp_path / "answer.py"
    for code, status in ((load(NAME).solution, 0), (load(NAME).wrong[0].code, 1)):
        answer.write_text(code, encoding="utf-8")
        for language in ("en", "ko"):
            assert main([NAME, str(answer), "--language", language]) == status
            assert capsys.readouterr().out.strip() == check(NAME, code, language).words


def test_the_command_line_lists_and_starts(capsys):
    assert main([]) == 0
    assert NAME in capsys.readouterr().out
    assert main([NAME]) == 0
    assert capsys.readouterr().out == load(NAME).starter
    assert main(["silent-input", "--language", "ko"]) == 0
    assert capsys.readouterr().out == load("silent-input").starter_in("ko")


def test_the_command_line_refuses_by_name(tmp_path, capsys):
    assert main(["nothing", "x.py"]) == 2
    assert "nothing" in capsys.readouterr().err
    assert main([NAME, str(tmp_path / "none.py")]) == 2
    assert "none.py" in capsys.readouterr().err


def test_the_numbers_of_the_2_2_2_network_carry_over_to_the_walk_back():
    np.testing.assert_array_equal(network_relu.X[:1], network_222.x)
    for name in ("W1", "b1", "W2", "b2"):
        np.testing.assert_array_equal(getattr(network_relu, name), getattr(network_222, name))
