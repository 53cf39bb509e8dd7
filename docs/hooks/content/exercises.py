"""Exercises come from files of their own (src/backprop/exercises): a page says where they stand
with a line `<!-- exercises -->`. What is put there can be read and solved without JavaScript."""

import json
import re
import textwrap

from hooks.scripts import change, replaced

from backprop.exercises import Exercise, load, names, of_page

PLACE = re.compile(r"^<!-- exercises -->$", re.MULTILINE)
WORDS = {
    "en": {"starter": "Begin with this", "hint": "Hint", "solution": "Solution"},
    "ko": {"starter": "여기서 시작하세요", "hint": "힌트", "solution": "풀이"},
}


def expand(markdown: str, page: str, language: str) -> str:
    """Put the exercises of a page where it says."""
    return PLACE.sub(
        lambda _: "\n\n".join(as_markdown(e, language) for e in of_page(page)), markdown
    )


def as_markdown(exercise: Exercise, language: str) -> str:
    """An exercise as the page's Markdown: heading, task, starter, hints, solution."""
    words, hints = WORDS[language], exercise.hints[language]
    numbers = [""] if len(hints) == 1 else [f" {n}" for n in range(1, len(hints) + 1)]
    heading = f"### {exercise.order}. {exercise.title[language]}"
    parts = [
        f'{heading} {{#exercise-{exercise.order} data-exercise="{exercise.name}"}}',
        exercise.task[language],
        f"``` {{ .python .starter }}\n{exercise.starter_in(language)}```",
        *(folded("tip", words["hint"] + n, hint) for n, hint in zip(numbers, hints, strict=True)),
        folded(
            "success",
            words["solution"],
            f"``` {{ .python .solution }}\n{exercise.solution}```\n\n"
            + exercise.explanation[language],
        ),
    ]
    return "\n\n".join(parts)


def folded(kind: str, title: str, text: str) -> str:
    return f'??? {kind} "{title}"\n\n{textwrap.indent(text, "    ")}'


def on_files(files, config):
    """For the script that shows what is solved: the names of each page's exercises, by address."""
    found = {}
    for exercise in sorted(map(load, names()), key=lambda e: (e.page, e.order)):
        sources = (files.get_file_from_path(exercise.page + suffix) for suffix in (".md", ".py"))
        url = next(source.url for source in sources if source)
        found.setdefault("" if url == "./" else url, []).append(exercise.name)
    listed = json.dumps(found, separators=(",", ":"))
    change(
        files,
        config,
        "assets/run/run.js",
        lambda script: replaced(script, "EXERCISES = {}", f"EXERCISES = {listed}"),
    )
    return files


def on_page_markdown(markdown, page, config, files):
    name = page.file.src_uri.rpartition(".")[0]
    return expand(markdown, name, config.theme["language"])
