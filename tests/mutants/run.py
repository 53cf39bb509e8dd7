"""Mutation testing: spoil the package in a thousand small ways; each must make a test fail.

    python tests/mutants/run.py                all of them
    python tests/mutants/run.py --again        what was not caught nor listed, or has changed
    python tests/mutants/run.py 'PATTERN' ...  by name, such as 'backprop.losses.*'

mutmut works on a copy in .mutants/, which this script makes first: mutmut leaves alone what is
decorated and what stands outside functions, so in the copy decorators are applied by a statement
of their own, and constants stand where they are used. The survivors are compared with
survivors.toml. README.md says more.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from difflib import unified_diff
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import libcst as cst

ROOT = Path(__file__).parents[2]
WORK = ROOT / ".mutants"
LIST = Path(__file__).parent / "survivors.toml"
LEAST = 95  # percent

# What mutmut writes down: the exit code of pytest, or a number of its own.
KILLED, SURVIVED, NO_TEST, TIMEOUT = (1, 3), (0,), (5, 33), (36, 24, -24, 152, 255)


class Mutant(NamedTuple):
    """Where it is, and the changed lines as they are in the package and in the mutant."""

    function: str
    lines: str
    mutant: str


# --- The copy ---------------------------------------------------------------------------------


def copy_project() -> None:
    """Bring the copy up to date; what has not changed keeps its time, so that mutmut sees it."""
    shutil.rmtree(WORK / "tests", ignore_errors=True)
    shutil.copytree(ROOT / "tests", WORK / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", WORK)
    package = ROOT / "src" / "backprop"
    for path in sorted(package.rglob("*")):
        target = WORK / path.relative_to(ROOT)
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            if path.suffix == ".py":
                content = opened_up(content.decode("utf-8")).encode("utf-8")
            if not target.exists() or target.read_bytes() != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)


def opened_up(source: str) -> str:
    """The same module, with all its code where mutmut looks."""
    module = cst.parse_module(source)
    module = module.visit(UseOfConstants(constants_of(module)))
    return module.visit(Decorators()).code


def constants_of(module: cst.Module) -> dict[str, cst.BaseExpression]:
    """Tables and numbers that a module defines for its functions, by name."""
    found: dict[str, cst.BaseExpression] = {}
    for line in module.body:
        if isinstance(line, cst.SimpleStatementLine):
            for statement in line.body:
                if isinstance(statement, cst.Assign):
                    target, value = statement.targets[0].target, statement.value
                elif isinstance(statement, cst.AnnAssign) and statement.value is not None:
                    target, value = statement.target, statement.value
                else:
                    continue
                literal = isinstance(value, cst.Dict | cst.Tuple | cst.BaseNumber)
                if isinstance(target, cst.Name) and target.value.isupper() and literal:
                    found[target.value] = value
    return found


class UseOfConstants(cst.CSTTransformer):
    """Writes a constant out wherever a function names it."""

    def __init__(self, constants: dict[str, cst.BaseExpression]) -> None:
        self.constants = constants
        self.depth = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.depth += 1

    def leave_FunctionDef(self, original_node: Any, updated_node: Any) -> Any:
        self.depth -= 1
        return updated_node

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> Any:
        if self.depth and updated_node.value in self.constants:
            return self.constants[updated_node.value].deep_clone()
        return updated_node


class Decorators(cst.CSTTransformer):
    """Turns `@quiet` above `def f` into `f = quiet(f)` below it."""

    def leave_FunctionDef(self, original_node: Any, updated_node: cst.FunctionDef) -> Any:
        decorators = [d.decorator for d in updated_node.decorators]
        names = {d.value for d in decorators if isinstance(d, cst.Name)}
        if not decorators or names & {"classmethod", "staticmethod"}:
            return updated_node
        wrapped: cst.BaseExpression = updated_node.name
        for decorator in reversed(decorators):
            wrapped = cst.Call(decorator, [cst.Arg(wrapped)])
        applied = cst.Assign([cst.AssignTarget(updated_node.name)], wrapped)
        plain = updated_node.with_changes(decorators=[])
        return cst.FlattenSentinel([plain, cst.SimpleStatementLine([applied])])


def forget_survivors() -> None:
    """Have mutmut run again what was not caught and is not listed."""
    known = listed()
    for meta in (WORK / "mutants").rglob("*.meta"):
        content = json.loads(meta.read_text("utf-8"))
        codes = content["exit_code_by_key"]
        for name, code in codes.items():
            if code not in (*CAUGHT, None) and describe(name) not in known:
                codes[name] = None
        meta.write_text(json.dumps(content), "utf-8")


# --- The run ----------------------------------------------------------------------------------


def run_mutmut(patterns: list[str]) -> None:
    """Run it in the copy, on every processor; it ends with 0 whatever survives."""
    command = [sys.executable, "-m", "mutmut", "run", f"--max-children={os.cpu_count()}"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    subprocess.run([*command, *patterns], cwd=WORK, check=True, env=environment)


def results(patterns: list[str]) -> dict[str, int | None]:
    """The exit code for each mutant."""
    found: dict[str, int | None] = {}
    for meta in sorted((WORK / "mutants" / "src").rglob("*.meta")):
        found |= json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    return {
        name: code
        for name, code in found.items()
        if not patterns or any(fnmatch(name, pattern) for pattern in patterns)
    }


def describe(name: str) -> Mutant:
    """What a mutant changes, found by comparing it with the function it was made from."""
    module, _, mangled = name.rpartition(".")
    path = WORK / "mutants" / "src" / f"{module.replace('.', '/')}.py"
    spans = json.loads((path.parent / f"{path.name}.spans").read_text("utf-8"))["spans"]
    lines = path.read_text("utf-8").splitlines()
    stem = mangled.partition("__mutmut_")[0]

    def body(function: str) -> list[str]:
        first, last = spans[function]
        return [line.strip().replace(function, "f") for line in lines[first - 1 : last]]

    changes = list(unified_diff(body(f"{stem}__mutmut_orig"), body(mangled), n=0))[2:]
    before = "\n".join(line[1:] for line in changes if line.startswith("-"))
    after = "\n".join(line[1:] for line in changes if line.startswith("+"))
    function = stem.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    return Mutant(f"{module.removeprefix('backprop.')}.{function}", before, after)


# --- The comparison ---------------------------------------------------------------------------


def listed() -> dict[Mutant, str]:
    """The survivors in survivors.toml, each with the reason why it may live."""
    table = tomllib.loads(LIST.read_text("utf-8"))
    return {
        Mutant(entry["in"], entry["lines"].strip(), entry["mutant"].strip()): entry["why"]
        for entry in table["survivor"]
    }


def report(codes: dict[str, int | None], *, complete: bool) -> bool:
    """Print the score and what is new; say whether all is well."""
    counts = Counter(
        next((kind for kind, ends in KINDS.items() if code in ends), f"ended with {code}")
        for code in codes.values()
    )
    caught = counts["killed"] + counts["timeout"]
    score = 100 * caught / len(codes)
    alive = {name: describe(name) for name, code in codes.items() if code not in CAUGHT}
    known = listed()
    new = {name: mutant for name, mutant in alive.items() if mutant not in known}
    for name, mutant in new.items():
        print(f"\nNot in {LIST.name}: {name}, exit code {codes[name]}")
        print(f'[[survivor]]\nin = "{mutant.function}"')
        print(f"lines = '''{mutant.lines}'''\nmutant = '''{mutant.mutant}'''\nwhy = \"\"")
    gone = [] if not complete else [m for m in known if m not in set(alive.values())]
    for mutant in gone:
        print(f"\nIn {LIST.name}, but caught or gone: {mutant.function}: {mutant.mutant}")
    tally = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    print(f"\n{len(codes)} mutants: {tally}; {score:.1f} % caught, at least {LEAST} % wanted")
    print(f"{len(alive) - len(new)} survivors known, {len(new)} new, {len(gone)} to be struck off")
    return score >= LEAST and not new and not gone


KINDS = {"killed": KILLED, "survived": SURVIVED, "without a test": NO_TEST, "timeout": TIMEOUT}
CAUGHT = KILLED + TIMEOUT


def main(patterns: list[str]) -> int:
    if patterns == ["--again"]:
        forget_survivors()
        patterns = []
    elif not patterns:
        shutil.rmtree(WORK, ignore_errors=True)
    copy_project()
    run_mutmut(patterns)
    return 0 if report(results(patterns), complete=not patterns) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
