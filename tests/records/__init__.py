"""What tests and long runs found out, kept for the page reference/checked, which is built without
them.

- `counted.json`: what tests count. Each holds its own number equal to what stands here; `make
  outputs` rewrites them.
- `planted.json`, `mutants.json`: what came of the last whole run of `make planted` and of `make
  mutants`, which write them. Beside the result stands what it was a result of: where that has
  changed since, the page says so.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
CODE = (".py", ".lark")


def read(name: str) -> dict:
    """A record; an empty one where there has been no run yet."""
    path = FOLDER / f"{name}.json"
    found: dict = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def write(name: str, record: dict) -> None:
    said = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
    (FOLDER / f"{name}.json").write_text(said + "\n", encoding="utf-8")


def hold(name: str, counted: object, rewrite: bool) -> None:
    """Hold a number of counted.json equal to what has been counted, or put it there."""
    record = read("counted")
    if rewrite:
        write("counted", record | {name: counted})
    else:
        assert record.get(name) == counted, f"{name}: the page says otherwise (make outputs)"


def today() -> str:
    return datetime.date.today().isoformat()


def digest(parts: Iterable[str | bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update((part.encode() if isinstance(part, str) else part) + b"\0")
    return found.hexdigest()[:16]


def state_of_checker() -> str:
    """Changes with the program that evaluates equations."""
    return state_of([ROOT / "tests/equations"])


def state_of_package() -> str:
    """Changes with what `make mutants` spoils, and with the tests that are to notice it."""
    package = ROOT / "src/backprop"
    return state_of([package, ROOT / "tests/package"], package / "exercises", package / "plotting")


def state_of(folders: Iterable[Path], *without: Path) -> str:
    paths = [path for folder in folders for path in folder.rglob("*") if path.suffix in CODE]
    kept = [path for path in paths if not any(path.is_relative_to(each) for each in without)]
    return digest(path.read_bytes() for path in sorted(kept))
