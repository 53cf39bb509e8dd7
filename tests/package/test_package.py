"""The package as a whole: doctests, what it imports, what it offers, how its modules depend."""

import ast
import doctest
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import backprop as bp

SOURCE = Path(bp.__file__).parent
MODULES = sorted(path.stem for path in SOURCE.glob("*.py") if path.stem not in ("__init__",))
OWN_MODULES = [name for name in MODULES if name != "plotting"]

# In this order modules build on each other: each may import those in the lines above its own.
ORDER = [
    {"arrays"},
    {"rules", "steps", "validation"},
    {"activations", "losses", "parameters", "datasets"},
    {"guards"},
    {"doors"},
    {"layers"},
    {"network"},
    {"differences", "optimizers"},
    {"comparing"},
    {"layerwise"},
    {"doubts"},
    {"gradcheck", "training", "tracing"},
]

# What pages quote: whole definitions, with nothing in them but the lesson.
SECTIONS = {
    "dense-forward-rule": "def dense_forward",
    "dense-backward-rule": "def dense_backward",
    "sigmoid": "def sigmoid",
    "sigmoid-derivative": "def sigmoid_derivative",
    "squared-error-gradient": "def squared_error_gradient",
    "dense-forward": "def forward",
    "dense-backward": "def backward",
    "sigmoid-layer": "class Sigmoid",
    "network-forward": "def forward",
    "network-backward": "def backward",
    "sgd-step": "def step",
}

# Modules that a reader meets only from inside: their tests say what they do, not doctests.
INSIDE = {"arrays", "steps", "comparing", "differences", "doors", "doubts", "guards", "layerwise"}
INSIDE |= {"parameters", "validation"}


@pytest.mark.parametrize("name", OWN_MODULES)
def test_doctests(name):
    module = importlib.import_module(f"backprop.{name}")
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted > 0 or name in INSIDE


def imported(name):
    """The full names of all modules that a module of the package imports."""
    tree = ast.parse((SOURCE / f"{name}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if node.module == "backprop":  # from backprop import rules
                yield from (f"backprop.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("name", OWN_MODULES)
def test_modules_depend_on_each_other_one_way(name):
    inside = {full.split(".")[1] for full in imported(name) if full.startswith("backprop.")}
    (line,) = [i for i, modules in enumerate(ORDER) if name in modules]
    assert inside <= set().union(*ORDER[:line])
    outside = {full.split(".")[0] for full in imported(name)} - {"backprop"}
    assert outside - set(sys.stdlib_module_names) <= {"numpy"}


def test_every_module_has_its_tests():
    here = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert set(MODULES) - {"arrays"} <= here


def test_rules_hold_formulas_alone():
    tree = ast.parse((SOURCE / "rules.py").read_text(encoding="utf-8"))
    definitions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(definitions) >= 15
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Raise | ast.Try | ast.ClassDef | ast.Global | ast.Assert)
    for definition in definitions:
        text = ast.get_docstring(definition)
        assert ">>> " in text
        assert re.search(r"page (zero|hand|equations|practice)/[a-z-]+", text), definition.name


@pytest.mark.parametrize("name", ["layers", "network"])
def test_forward_and_backward_are_two_to_four_lines_without_a_check(name):
    tree = ast.parse((SOURCE / f"{name}.py").read_text(encoding="utf-8"))
    seen = 0
    for kind in [node for node in tree.body if isinstance(node, ast.ClassDef)]:
        for node in kind.body:
            if isinstance(node, ast.FunctionDef) and node.name in ("forward", "backward"):
                if kind.name == "Layer":
                    continue  # the protocol: no lines at all
                assert not node.decorator_list
                lines = node.body[-1].end_lineno - node.body[1].lineno + 1
                assert 1 <= lines <= 4, (kind.name, node.name)
                assert not any(isinstance(each, ast.Raise) for each in ast.walk(node))
                seen += 1
    assert seen == {"layers": 12, "network": 2}[name]


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.stem)
def test_nothing_asks_a_layer_for_its_class(path):
    """But `tracing`, whose table says which layers have a formula of their own, by their type."""
    text = path.read_text(encoding="utf-8")
    names = r"(Dense|Activation|Sigmoid|Tanh|ReLU|LeakyReLU|Identity)"
    assert not re.search(rf"isinstance\([^)]*\b(bp\.)?{names}\b", text)


def test_import_brings_in_nothing_but_numpy():
    code = (
        "import sys; known = set(sys.modules); import numpy.random; known |= set(sys.modules);"
        "import backprop; print(*sorted(set(sys.modules) - known))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    new = {name.split(".")[0] for name in run.stdout.split()}
    assert "backprop" in new
    assert new - {"backprop", "numpy"} <= set(sys.stdlib_module_names)
    assert "backprop.plotting" not in run.stdout.split()


def test_all_names_are_there_and_are_all_the_public_ones():
    public = {
        name
        for name, value in vars(bp).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert public == set(bp.__all__)
    assert len(bp.__all__) == len(set(bp.__all__))


def test_the_names_of_the_contract_are_public():
    functions = {"sigmoid", "tanh", "relu", "leaky_relu", "identity"}
    contract = {f"{name}_derivative" for name in functions} | functions
    contract |= {"Network", "Dense", "Sigmoid", "Tanh", "ReLU", "LeakyReLU", "Identity", "SGD"}
    contract |= {"squared_error", "softmax_cross_entropy", "check_gradients", "trace", "train"}
    contract |= {"load_digits"}
    assert contract <= set(bp.__all__)


@pytest.mark.parametrize("name", OWN_MODULES)
def test_what_a_module_offers_is_there(name):
    module = importlib.import_module(f"backprop.{name}")
    assert all(hasattr(module, public) for public in getattr(module, "__all__", []))


@pytest.mark.parametrize("name", bp.__all__)
def test_every_public_name_has_a_docstring(name):
    assert inspect.getdoc(getattr(bp, name)), name


@pytest.mark.parametrize(
    "name", [name for name in bp.__all__ if inspect.isfunction(getattr(bp, name))]
)
def test_every_public_function_has_a_doctest_and_names_the_page_behind_it(name):
    text = inspect.getdoc(getattr(bp, name))
    assert ">>> import backprop as bp" in text
    assert re.search(r"pages? (zero|hand|equations|practice)/[a-z-]+", text)


def test_the_version_is_a_literal():
    source = (SOURCE / "__init__.py").read_text(encoding="utf-8")
    assert f'\n__version__ = "{bp.__version__}"\n' in source
    assert bp.__doc__


@pytest.mark.parametrize("name", OWN_MODULES)
def test_a_module_fits_on_a_few_screens(name):
    assert len((SOURCE / f"{name}.py").read_text(encoding="utf-8").splitlines()) < 300


def sections():
    """The named sections of the package's source that pages embed: name and lines of each."""
    for path in sorted(SOURCE.glob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for start, line in enumerate(lines):
            if found := re.fullmatch(r" *# --8<-- \[start:(.+)\]", line):
                end = next(i for i, later in enumerate(lines) if f"[end:{found[1]}]" in later)
                yield found[1], lines[start + 1 : end]


def test_each_section_that_pages_embed_is_one_whole_definition_fit_for_a_page():
    found = dict(sections())
    assert found.keys() >= SECTIONS.keys()
    for name, beginning in SECTIONS.items():
        text = inspect.cleandoc("\n" + "\n".join(found[name]))
        (node,) = ast.parse(text).body
        assert isinstance(node, ast.FunctionDef | ast.ClassDef)
        assert re.search(rf"^{beginning}\b", text, re.MULTILINE)
        assert ast.get_docstring(node)
        assert max(map(len, found[name])) <= 76
