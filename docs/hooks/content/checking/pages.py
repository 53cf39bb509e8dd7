"""What the checkers say of a page: its equations, and how much there is that tests hold. Kept in
.cache by the text of the page in both languages."""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import course
from equations import report
from hooks.keeping import keep
from prose import extract

CACHE = Path(".cache/equations")
COUNTED = Path(".cache/counted")
CODE = (".py", ".json", ".lark")
FIGURE = re.compile(r"!\[[^]]+\]\(([^)\s]+)\)")
LINK = re.compile(r"(?<!!)\[[^]]+\]\((?!https?:|repository:)[^)]+\)")


def state_of_code(*folders: str) -> bytes:
    """Changes with whatever computes what is said of a page."""
    digest = hashlib.sha256()
    sources = [path for folder in folders for path in Path(folder).rglob("*")]
    for source in sorted([*sources, Path("tests/course.py")]):
        if source.suffix in CODE:
            digest.update(source.read_bytes())
    return digest.digest()


# As it was when this process took the checkers in: what they compute later is still by that code.
STATE = state_of_code("docs/hooks", "tests/equations", "src/backprop")
COUNTERS = state_of_code("docs/hooks/content/checking", "tests/prose", "tests/equations")


def told_of(page: Path) -> tuple[list[dict], Counter[str]]:
    """The rows of its equations, and what else is counted."""
    texts = [course.page_text(path) for path in (page, report.twin(page))]
    rows = kept(CACHE, STATE, texts, lambda: report.as_dicts([page]))
    counts = kept(COUNTED, COUNTERS, texts, lambda: counted(page))
    return rows, Counter(counts)


def kept(folder: Path, state: bytes, texts: list[str], compute):
    """What is computed of these texts, now or when a page last had them."""
    digest = hashlib.sha256(state)
    for text in texts:
        digest.update(text.encode() + b"\0")
    path = folder / f"{digest.hexdigest()[:32]}.json"
    if not path.exists():
        keep(path, json.dumps(compute(), ensure_ascii=False))
    return json.loads(path.read_text(encoding="utf-8"))


def counted(page: Path) -> dict[str, int]:
    """Code is the same in both languages and runs once; words are each language's own."""
    found = Counter(block.kind for block in course.runnable(page))
    counts = {
        "pages": 1,
        "programs": found["python"] + found["pycon"] + found["cell"],
        "outputs": found["output"],
        "figures": len(FIGURE.findall(course.page_text(page))),
    }
    for path in (page, report.twin(page)):
        counts["numbers"] = counts.get("numbers", 0) + len(
            extract.read(extract.source_of(path)).numbers
        )
        counts["links"] = counts.get("links", 0) + len(LINK.findall(course.page_text(path)))
    return counts
