"""``python -m backprop.exercises NAME answer.py``: the verdict that the page gives, in words.

Without a name: the list of exercises. With a name alone: the starter, to be saved and edited.
"""

import argparse
import sys
from pathlib import Path

from backprop.exercises import check, load, names


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if the answer passes, 1 if not, 2 if there is no such exercise or file."""
    parser = argparse.ArgumentParser(prog="python -m backprop.exercises", description=__doc__)
    parser.add_argument("name", nargs="?", help="of the exercise; without it, all are listed")
    parser.add_argument("answer", nargs="?", type=Path, help="a Python file")
    parser.add_argument("--language", choices=["en", "ko"], default="en")
    given = parser.parse_args(arguments)
    if given.name is None:
        for name in names():
            print(f"{name:32} {load(name).page}")
        return 0
    if given.name not in names():
        print(f"no exercise {given.name!r}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    if given.answer is None:
        print(load(given.name).starter_in(given.language), end="")
        return 0
    try:
        source = given.answer.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(f"answer {given.answer} can't be read: {error}", file=sys.stderr)
        return 2
    verdict = check(given.name, source, given.language)
    print(verdict.printed, end="")
    print(verdict.words)
    return 0 if verdict.passed else 1


if __name__ == "__main__":
    sys.exit(main())
