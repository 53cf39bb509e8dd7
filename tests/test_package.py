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

# Which modules of the package each may import: one way, from the foundations up.
MAY_IMPORT = {
    "validation": set(),
    "activations": {"validation"},
    "losses": {"validation"},
    "layers": {"validation", "activations"},
    "datasets": set(),
}
MAY_IMPORT["network"] = {"validation", "layers"}
MAY_IMPORT["optimizers"] = {"validation", "layers", "network"}
MAY_IMPORT["differences"] = {"validation", "layers", "losses", "network"}
MAY_IMPORT["gradcheck"] = MAY_IMPORT["differences"] | {"differences"}
MAY_IMPORT["tracing"] = {"validation", "activations", "layers", "losses", "network"}
MAY_IMPORT["training"] = {"validation", "losses", "network", "optimizers"}

SECTIONS = {
    "sigmoid-derivative": "def sigmoid_derivative",
    "squared-error-gradient": "def gradient",
    "dense-forward": "def forward",
    "dense-backward": "def backward",
    "sigmoid-layer": "class Sigmoid",
    "network-forward": "def forward",
    "network-backward": "def backward",
    "sgd-step": "def step",
}


@pytest.mark.parametrize("name", OWN_MODULES)
def test_doctests(name):
    module = importlib.import_module(f"backprop.{name}")
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted > 0 or name in ("validation", "differences")


def imported(name):
    """The full names of all modules that a module of the package imports."""
    tree = ast.parse((SOURCE / f"{name}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module


@pytest.mark.parametrize("name", OWN_MODULES)
def test_modules_depend_on_each_other_one_way(name):
    inside = {full.split(".")[1] for full in imported(name) if full.startswith("backprop.")}
    assert inside <= MAY_IMPORT[name]
    outside = {full.split(".")[0] for full in imported(name)} - {"backprop"}
    assert outside - set(sys.stdlib_module_names) <= {"numpy"}


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
    functions = {"sigmoid", "tanh", "relu", "identity"}
    contract = {f"{name}_derivative" for name in functions} | functions
    contract |= {"Network", "Dense", "Sigmoid", "Tanh", "ReLU", "Identity", "SGD"}
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
    assert re.search(r"pages? (hand|practice)/[a-z-]+", text)


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
