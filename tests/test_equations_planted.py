"""The proof of the checker: mistakes as authors make them, planted one at a time into every
evaluated equation of the pages, must be caught.

English and Korean pages carry the same equations (test_equations.py), so a planted one stands in
both, and only evaluating it can find it."""

import dataclasses
from collections import Counter
from functools import cache

import pages
from equations.evaluate import evaluate
from equations.extract import equations
from equations.page import definitions, exemption, page_worlds
from equations.plant import mutants

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
]


@cache
def planted() -> tuple[Counter, Counter, list[tuple[str, str, str, str]]]:
    """How many were planted and caught of each kind, and the survivors."""
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    survivors = []
    for path in pages.all_pages("en"):
        worlds, found = page_worlds(path), equations(pages.page_text(path))
        defined = definitions(found)
        for equation in found:
            if exemption(equation):
                continue
            for mutant in mutants(equation.tex):
                tried[mutant.kind] += 1
                wrong = dataclasses.replace(equation, tex=mutant.tex)
                if evaluate(wrong, worlds, defined).holds:
                    survivors.append((path.name, mutant.kind, equation.tex, mutant.tex))
                else:
                    caught[mutant.kind] += 1
    return tried, caught, survivors


def test_at_least_97_percent_of_planted_mistakes_are_caught():
    tried, caught, _ = planted()
    print(f"{caught.total()} of {tried.total()} planted mistakes caught; tried {dict(tried)}")
    assert caught.total() >= 0.97 * tried.total()


def test_every_kind_of_mistake_was_planted():
    tried, _, _ = planted()
    assert set(tried) == KINDS
    assert tried.total() > 2000


def test_every_survivor_is_explained():
    _, _, survivors = planted()
    unexplained = [
        survivor
        for survivor in survivors
        if not any(survivor[1] == kind and part in survivor[2] for kind, part, _ in EQUIVALENT)
    ]
    assert not unexplained
