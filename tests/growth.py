"""What a further page costs the tests, in seconds of CPU: `.venv/bin/python tests/growth.py`.

The tests run twice in a copy of the project: as it is, and with a copy of hand/every-element in
both languages and four of its exercises under new names. The difference is the cost of the page;
the machine should have nothing else to do. What is asked is pytest's: without a word, all tests
outside the browser; `tests/browser` for those inside."""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from conftest import copy_project

TICKS = os.sysconf("SC_CLK_TCK")
PAGE, MORE, LAST = "hand/every-element", "hand/every-element-more", "hand/backward-walk"


def add_page(project: Path) -> None:
    # Behind the last page of its part: tests that follow links know what comes next elsewhere
    for language, settings in (("en", "mkdocs.yml"), ("ko", "mkdocs.ko.yml")):
        page = project / "docs" / language
        text = (page / f"{PAGE}.md").read_text(encoding="utf-8")
        text = text.replace("\ntitle: ", "\ntitle: More: ").replace(
            "\ndescription: ", "\ndescription: More. "
        )
        (page / f"{MORE}.md").write_text(text, encoding="utf-8")
        nav = (project / settings).read_text(encoding="utf-8")
        line = f"      - {LAST}.md\n"
        (project / settings).write_text(nav.replace(line, line + f"      - {MORE}.md\n"))
    exercises = project / "src/backprop/exercises"
    (exercises / MORE).mkdir()
    for file in sorted((exercises / PAGE).glob("*.md")):
        text = file.read_text(encoding="utf-8")
        if "\norder = 5" not in text:
            (exercises / MORE / f"{file.stem}-more.md").write_text(text, encoding="utf-8")


def cpu_of(command: list[str], project: Path) -> float:
    """Seconds of CPU of a command and of all that it starts, also what others have to bury."""
    spent: dict[tuple[int, int], float] = {}
    done = threading.Event()
    started = subprocess.Popen(
        command,
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )

    def watch() -> None:
        ours = {started.pid}
        while not done.wait(0.1):
            parents, seen = {}, {}
            for path in Path("/proc").glob("[0-9]*/stat"):
                try:
                    pid, rest = int(path.parent.name), path.read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                parents[pid] = int(rest[1])
                seen[pid] = int(rest[19]), (int(rest[11]) + int(rest[12])) / TICKS
            while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
                ours |= more
            for pid in ours & seen.keys():
                spent[pid, seen[pid][0]] = seen[pid][1]

    watcher = threading.Thread(target=watch)
    watcher.start()
    said, _ = started.communicate()
    done.set()
    watcher.join()
    print("\n".join(said.splitlines()[-4:]))
    return sum(spent.values())


def main() -> None:
    asked = sys.argv[1:] or ["tests/package", "tests/pages", "tests/site", "-m", "not browser"]
    with tempfile.TemporaryDirectory() as folder:
        project = copy_project(Path(folder) / "project")
        command = [sys.executable, "-m", "pytest", "-q", *asked]
        build = [sys.executable, "-m", "mkdocs", "build", "--strict"]
        cpu_of(build, project)  # what is kept once is kept
        before = cpu_of(command, project)
        add_page(project)
        page = cpu_of(build, project)
        after = cpu_of(command, project)
    print(f"a build that finds the page new: {page:.1f} s of CPU")
    print(f"the tests: {before:.1f} s without the page, {after - before:.1f} s more with it")


if __name__ == "__main__":
    main()
