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
import libcst.matchers as m

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import records  # noqa: E402, found there

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
    return module.visit(Closures()).visit(Decorators()).code


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
                table = isinstance(value, cst.Dict | cst.Set | cst.Tuple) and value.elements
                literal = table or isinstance(value, cst.BaseNumber)  # an empty one is filled later
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

    def visit_ComparisonTarget(self, node: cst.ComparisonTarget) -> bool:
        table = self.constants.get(getattr(node.comparator, "value", ""))
        return not isinstance(table, cst.Dict)  # `in` looks at the keys alone

    def visit_FormattedString(self, node: cst.FormattedString) -> bool:
        return False  # a table in there would be no Python, and mutmut looks at no f-string

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> Any:
        if self.depth and updated_node.value in self.constants:
            return self.constants[updated_node.value].deep_clone()
        return updated_node


class Closures(cst.CSTTransformer):
    """Moves the lines of a function that another one makes and returns out to the module.

    `door(method)` runs once, on import, before there is a mutant: what it returns would be made of
    the original lines for good. So these go into `door_forward(method, x)`, which is called anew.
    """

    def __init__(self) -> None:
        self.outer: list[str] = []  # functions and classes around

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self.outer.append(node.name.value)

    def leave_ClassDef(self, original_node: Any, updated_node: Any) -> Any:
        self.outer.pop()
        return updated_node

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.outer.append(node.name.value)

    def leave_FunctionDef(self, original_node: Any, updated_node: cst.FunctionDef) -> Any:
        self.outer.pop()
        *lines, last = updated_node.body.body
        returned = {each.value.value for each in found(last, m.Return(m.Name()))}
        made = [
            line
            for line in lines
            if isinstance(line, cst.FunctionDef) and line.name.value in returned
        ]
        if self.outer or not made:
            return updated_node
        (inner,) = made
        own = [parameter.name.value for parameter in inner.params.params]
        held = [parameter.name.value for parameter in updated_node.params.params]
        for line in lines:
            if line is not inner:
                held += [each.target.value for each in found(line, m.AssignTarget(m.Name()))]
        used = {each.value for each in found(inner.body, m.Name())}
        held = [name for name in dict.fromkeys(held) if name in used and name not in own]
        name = f"{updated_node.name.value}_{inner.name.value}"
        parameters = [cst.Param(cst.Name(each)) for each in held] + list(inner.params.params)
        moved = inner.with_changes(
            name=cst.Name(name),
            params=inner.params.with_changes(params=parameters),
            decorators=[],
        )
        call = f"return {name}({', '.join(held + own)})  # pragma: no mutate"
        handing_on = inner.with_changes(body=cst.IndentedBlock([cst.parse_statement(call)]))
        return cst.FlattenSentinel([moved, updated_node.deep_replace(inner, handing_on)])


def found(node: cst.CSTNode, pattern: m.BaseMatcherNode) -> list[Any]:
    return list(m.findall(node, pattern))


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
    """Run it in the copy; it ends with 0 whatever survives. Two a processor: mutmut prepares
    one after the other, and a processor that waits for the next would idle."""
    children = 2 * (os.cpu_count() or 1)
    command = [sys.executable, "-m", "mutmut", "run", f"--max-children={children}"]
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
    well = score >= LEAST and not new and not gone
    if well and complete:
        record = {"date": records.today(), "of": records.state_of_package()}
        records.write("mutants", record | {"made": len(codes), "left": len(alive)})
    return well


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
