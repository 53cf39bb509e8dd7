"""The proof of the checker: mistakes as authors make them, planted one at a time into the
evaluated equations of the pages, must be caught.

English and Korean pages carry the same equations (test_equations.py), so a planted one stands in
both, and only evaluating it can find it.

Of a kind that a page offers often, a few are drawn, by a seed from the page's own text: a page has
many equations, and each network, layer and index of one is a case. `make planted` tries all."""

import dataclasses
import random
from collections import Counter, defaultdict
from pathlib import Path

import course
import pytest
import records
from equations.evaluate import evaluate
from equations.extract import Equation, equations
from equations.page import definitions, exemption, page_worlds
from equations.plant import Mutant, mutants

KINDS = {
    "a sign",
    "a transpose dropped",
    "a transpose added",
    "a layer index up",
    "a layer index down",
    "z for a",
    "a for z",
    "a lost prime",
    "a lost factor",
    "a changed digit",
    "an elementwise product turned into a matrix product",
}

# True equivalents: what the planted equation says is true as well. (kind, where, why)
EQUIVALENT = [
    ("z for a", r"\a{2}_k = \z{2}_k", "outputs=identity: there a and z of layer 2 are the same"),
    ("a for z", r"\a{2}_k = \z{2}_k", "outputs=identity: there a and z of layer 2 are the same"),
    ("a for z", r"(\z{2}_1 - \t_1)", "outputs=identity: there a and z of layer 2 are the same"),
    ("a lost factor", r"\grad{\z{1}_1}{\b{1}_1}", "this factor is 1"),
    ("a lost factor", r"\grad{\z{1}_2}{\b{1}_2}", "this factor is 1"),
    ("a lost factor", r"\deriv{v}{u}", "this factor is 1: v = 1 + u"),
    ("a lost factor", r"\grad{\Lossx}{\bias} = 1 \cdot \error", "this factor is 1"),
    ("a lost factor", r"\grad{\y}{\bias} \move{\bias}", "this factor is 1"),
    ("a for z", "\\relu(\\preact) =", "the condition: a is positive where z is"),
    ("a for z", r"\activ = \relu(\preact)", "ReLU leaves what it gives as it is"),
    ("a for z", "\\deriv{\\activ}{\\preact} =\n\\begin{cases}", "as before, of ReLU"),
    ("a for z", "=\n    \\begin{cases}\n    1 & \\text{if } \\preact > 0", "as before, indented"),
    ("z for a", r"\A{3} = ", "no activation function: a and z of layer 3 are the same"),
    ("a for z", r"\A{3} = \Z{3}", "no activation function: a and z of layer 3 are the same"),
    ("z for a", r"\err{3} = ", "no activation function: a and z of layer 3 are the same"),
    ("a for z", r" = \relu(\Z", "ReLU leaves what it gives as it is"),
    ("a for z", r"\had \relu'(\Z", "ReLU is on where a is positive, as z is"),
    ("z for a", r"\had \relu'(\Z", "what has passed ReLU passes it once more unchanged"),
    ("a transpose added", r"\left\| \a{1} \right\|^2", "a row is as long as its transpose"),
    (
        "a lost factor",
        r"\err{l}_j \cdot \grad{\z{l}_j}{\b{l}_j}",
        "the factor is 1: that is the proof",
    ),
    ("a transpose dropped", r"\jac{\a{L}}{\z{L}}", "softmax's Jacobian is its own transpose"),
    ("a lost factor", r"\a{L}_j \sum_k \t_k", "this factor is 1: the targets add up to 1"),
    ("a lost factor", r"\grad{E}{s} \cdot 1", "this factor is 1"),
    ("a lost factor", r"\grad{\Loss}{\y_1} \cdot 1 + \grad{\Loss}{\y_2} \cdot 1", "these are 1"),
    ("a lost factor", r"\grad{\Lossx}{\y} \cdot 1", "this factor is 1"),
    ("a lost factor", r"-\frac{1}{\activ} \cdot \activ (1", "the two lost factors cancel"),
    ("a sign", r"\activ - 0", "minus 0 is plus 0"),
    ("a sign", r"\a{2}_2 - \t_2 = 0.5839", "the page's t_2 is 0"),
    ("z for a", r"\err{2} = \frac{1}{n} (\A{2}", "outputs=identity: a and z are the same"),
    ("a for z", r"\had \act'(\Z{1})", "hidden=relu: ReLU is on where a is positive, as z is"),
    ("a changed digit", r"\preact_3^2 + \preact_4^2", "the squares are equal in pairs"),
    # A definition is held against the page's own numbers; a derivative below it catches these.
    ("a changed digit", r"\y = \x^2", "the page's x is 1"),
    ("a lost factor", r"\activ = \sigmoid(\weight_1 \x)", "the page's w_1 is 1"),
    ("a changed digit", r"\frac{1}{4} (\y_2 - \t_2)^2", "the page's y_2 is t_2 + 1"),
    ("a lost factor", r"\frac{1}{4} (\y_2 - \t_2)^2", "the page's y_2 is t_2 + 1"),
]


DRAWN = 12  # of each kind on each page


@dataclasses.dataclass
class Planted:
    """What was planted into the pages, and what came of it."""

    offered: dict[str, Counter[str]]  # of each page, how many of each kind there are
    tried: dict[str, Counter[str]]
    left: dict[str, Counter[str]]  # what was not caught
    equations: dict[str, str]  # of each page, the digest of those that are evaluated
    survivors: list[tuple[str, str, str, str]]


def total(of_pages: dict[str, Counter[str]]) -> Counter[str]:
    return sum(of_pages.values(), Counter())


def offers(found: list[Equation]) -> dict[str, list[tuple[Equation, Mutant]]]:
    """Every mistake that can be planted into a page, by kind."""
    kinds = defaultdict(list)
    for equation in found:
        if not exemption(equation):
            for mutant in mutants(equation.tex):
                kinds[mutant.kind].append((equation, mutant))
    return dict(sorted(kinds.items()))


def chosen(
    path: Path, kinds: dict[str, list[tuple[Equation, Mutant]]], how_many: int | None
) -> list[tuple[Equation, Mutant]]:
    """What is planted into a page: of each kind so many, or all."""
    draw = random.Random(course.page_text(path))
    few = [
        those if how_many is None or len(those) <= how_many else draw.sample(those, how_many)
        for those in kinds.values()
    ]
    return [each for those in few for each in those]


@pytest.fixture(scope="module")
def planted(request) -> Planted:
    """How many were planted and caught of each kind, and the survivors."""
    all_of_it = Planted({}, {}, {}, {}, [])
    how_many = None if request.config.getoption("--all-planted") else DRAWN
    for path in course.all_pages("en"):
        worlds, found = page_worlds(path), equations(course.page_text(path))
        defined, kinds, name = definitions(found), offers(found), course.name_of(path)
        tried: Counter[str] = Counter()
        left: Counter[str] = Counter()
        for equation, mutant in chosen(path, kinds, how_many):
            tried[mutant.kind] += 1
            wrong = dataclasses.replace(equation, tex=mutant.tex)
            if evaluate(wrong, worlds, defined).holds:
                left[mutant.kind] += 1
                all_of_it.survivors.append((path.name, mutant.kind, equation.tex, mutant.tex))
        all_of_it.offered[name] = Counter({kind: len(those) for kind, those in kinds.items()})
        all_of_it.tried[name], all_of_it.left[name] = tried, left
        all_of_it.equations[name] = records.digest(e.tex for e in found if not exemption(e))
    return all_of_it


def test_at_least_97_percent_of_planted_mistakes_are_caught(planted):
    tried, left = total(planted.tried), total(planted.left)
    caught = tried.total() - left.total()
    print(f"{caught} of {tried.total()} planted mistakes caught; tried {dict(tried)}")
    assert caught >= 0.97 * tried.total()


def test_every_kind_of_mistake_was_planted(planted, request):
    tried = total(planted.tried)
    assert set(tried) == KINDS
    if request.config.getoption("--all-planted"):
        assert tried.total() > 2000
    else:
        assert tried.total() > 400


def test_every_survivor_is_explained(planted, request):
    unexplained = [
        survivor
        for survivor in planted.survivors
        if not any(survivor[1] == kind and part in survivor[2] for kind, part, _ in EQUIVALENT)
    ]
    assert not unexplained
    if request.config.getoption("--all-planted"):
        pages = {
            name: {
                "equations": planted.equations[name],
                "planted": tried,
                "left": planted.left[name],
            }
            for name, tried in planted.tried.items()
            if tried
        }
        state = {"date": records.today(), "checker": records.state_of_checker()}
        records.write("planted", state | {"pages": pages})


def test_the_record_of_the_last_whole_run_is_of_all_mistakes(planted):
    """Of pages with the equations that they had then: what can be planted today was planted."""
    record = records.read("planted")
    assert record["pages"]
    if record["checker"] == records.state_of_checker():
        for name, then in record["pages"].items():
            if then["equations"] == planted.equations.get(name):
                assert then["planted"] == planted.offered[name], name
    for name, then in record["pages"].items():
        assert Counter(then["left"]) <= Counter(then["planted"]), name


def test_a_page_with_many_equations_costs_no_more_than_one_with_some():
    """What is drawn is the same for the same text, and bounded however long the text is."""
    line = r"$\grad{\Lossx}{\b{1}_1} = \err{1}_1 \a{1}_1 + \z{1}_1$, "
    path = course.ENGLISH / "hand/one-path.md"
    long = equations(line * 200)
    kinds = offers(long)
    first, again = (chosen(path, kinds, DRAWN) for _ in range(2))
    assert first == again
    assert 0 < len(first) <= DRAWN * len(KINDS) < len(chosen(path, kinds, None))
