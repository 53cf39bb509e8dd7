"""Numbers on reference/checked: `COUNT_cases` in its text is the number of cases. None is typed:
each is counted when the site is built, or by a test or a long run that has left it in
tests/records. And links from there to what holds them, where the build knows its repository."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import records
from hooks.content.checking.equations import changed_since, planted
from mkdocs.exceptions import PluginError

COUNT = re.compile(r"COUNT_([a-z]+(?:_[a-z]+)*)")
SOURCE = re.compile(r"\[([^]]+)\]\(repository:([^)\s]+)\)")
EXERCISES = Path("src/backprop/exercises")
SURVIVORS = Path("tests/mutants/survivors.toml")
WORDS: dict = {
    "en": {
        "since": {
            0: "Since then no equation has changed.",
            1: "Since then the equations of one page have changed.",
            2: "Since then the equations of {pages} pages have changed.",
        },
        "mutants": "{made} on {date}: {caught} caught, {left} left, each with its reason",
        "as it was": "",
        "changed": " (the package or its tests have changed since)",
        "no run": "no whole run is on record; {left} are listed that no test needs to notice",
    },
    "ko": {
        "since": {
            0: "그 뒤로 바뀐 식은 없습니다.",
            1: "그 뒤로 한 페이지에서 식이 바뀌었습니다.",
            2: "그 뒤로 {pages}개 페이지에서 식이 바뀌었습니다.",
        },
        "mutants": "{date}에 {made}개: {caught}개를 찾았고, 남은 {left}개는 이유를 밝힘",
        "as it was": "",
        "changed": " (그 뒤로 패키지나 테스트가 바뀜)",
        "no run": "전체를 시험한 기록이 아직 없음. 찾지 않아도 되는 {left}개는 목록에 있음",
    },
}


def filled(markdown: str, rows: list[dict], of_pages: Counter[str], config) -> str:
    """The text of the page with its numbers and links."""
    counts = counted(rows, of_pages, WORDS[config.theme["language"]])

    def number(match):
        if match[1] not in counts:
            raise PluginError(f"reference/checked: nobody counts COUNT_{match[1]}")
        count = counts[match[1]]
        return f"{count:,}" if isinstance(count, int) else count

    return SOURCE.sub(lambda match: link(match, config.extra), COUNT.sub(number, markdown))


def link(match, extra) -> str:
    text, path = match[1], match[2]
    if not Path(path).exists():
        raise PluginError(f"reference/checked: the repository has no {path}")
    if not extra["repository"]:
        return text
    kind = "tree" if Path(path).is_dir() else "blob"
    return f"[{text}]({extra['repository']}/{kind}/{extra['branch']}/{path})"


def counted(rows: list[dict], of_pages: Counter[str], words: dict) -> dict[str, int | str]:
    found: dict[str, int | str] = dict(of_pages)
    found["equations"] = sum(bool(row["instances"]) for row in rows)
    found["cases"] = sum(row["instances"] for row in rows)
    found["exempt"] = sum(bool(row["exempt"]) for row in rows)

    tried, left, changed = planted("planted").total(), planted("left").total(), changed_since(rows)
    found |= {"planted": tried, "planted_caught": tried - left, "planted_left": left}
    found["planted_date"] = records.read("planted")["date"]
    found["planted_since"] = words["since"][min(changed, 2)].format(pages=changed)

    files = [path for path in EXERCISES.rglob("*.md") if path.parent != EXERCISES]
    found["exercises"] = len(files)
    texts = [path.read_text(encoding="utf-8") for path in files]
    found["wrong"] = sum(len(re.findall(r"^# wrong ", text, re.MULTILINE)) for text in texts)

    for name, held in records.read("counted").items():
        if isinstance(held, dict):
            found |= {f"{name}_{what}": number for what, number in held.items()}
        else:
            found[name] = held
    return found | {"mutants": mutants(words)}


def mutants(words: dict) -> str:
    """Of the last whole run, if one is on record; and of the list, which each run must match."""
    record = records.read("mutants")
    if not record:
        listed = tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))["survivor"]
        return words["no run"].format(left=len(listed))
    made, left = record["made"], record["left"]
    state = "as it was" if record["of"] == records.state_of_package() else "changed"
    numbers = {"made": f"{made:,}", "caught": f"{made - left:,}", "left": left}
    return words["mutants"].format(date=record["date"], **numbers) + words[state]
