"""The form of an exercise: one Markdown file, read here, shown by the site, checked by `check`.

It lies in the folder of its page: hand/one-path/dead-path.md stands on the page hand/one-path.
A file begins with settings in TOML between two lines ``+++``: ``order`` (its place on the page),
and ``title.en``, ``title.ko``. Then come sections, each under a heading of one ``#``, in this
order:

    # task en            what to do; # task ko the same in Korean
    # starter            Python, in a fence: what the reader begins with
    # starter ko         only where comments or docstrings of it are words: the same program,
                         with these in Korean
    # hint en            as many as wanted, from gentle to plain; # hint ko as many
    # check              Python, in a fence: a function check(answer); see `checking`
    # solution           Python, in a fence: passes the check
    # explanation en     why; # explanation ko the same in Korean
    # wrong KEY          a typical wrong answer: Python in a fence, then the words for those
                         who give it, in a line beginning ``en:`` and one beginning ``ko:``;
                         none if KEY is one of those in `words`, as "sign" or "transposed"
    # words KEY          words for a verdict of this check that no wrong answer shows
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable

from backprop.exercises.words import WORDS

__all__ = ["Exercise", "WrongAnswer", "load", "names", "of_page", "parse"]

LANGUAGES = ("en", "ko")
FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# A heading of one #, but not a comment inside a fence
PIECE = re.compile(r"^```.*?^```$|^# (?P<heading>[^\n]+)$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class WrongAnswer:
    """A typical wrong answer, and the key of the words meant for it."""

    key: str
    code: str


@dataclass
class Exercise:
    """One exercise. Texts are given by language: ``task["en"]``.

    Attributes
    ----------
    name, page : str
    order : int
        Its place among the exercises of its page.
    title, task, explanation : dict of str
    hints : dict of list of str
    starter, check, solution : str
        Python.
    starter_ko : str
        The starter with comments in Korean, or empty; see `starter_in`.
    wrong : list of WrongAnswer
    words : dict of dict of str
        For each key that the check can give, the words in each language.
    """

    name: str
    page: str
    order: int
    title: dict[str, str]
    task: dict[str, str] = field(default_factory=dict)
    hints: dict[str, list[str]] = field(default_factory=lambda: {"en": [], "ko": []})
    explanation: dict[str, str] = field(default_factory=dict)
    starter: str = ""
    starter_ko: str = ""
    check: str = ""
    solution: str = ""
    wrong: list[WrongAnswer] = field(default_factory=list)
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    def starter_in(self, language: str) -> str:
        """Return the starter for readers of a language.

        >>> print(load("silent-input").starter_in("ko").splitlines()[0])
        # 열두 개:
        """
        return self.starter_ko if language == "ko" and self.starter_ko else self.starter


def names() -> list[str]:
    """Return the names of all exercises, sorted.

    >>> "a-number-by-hand" in names()
    True
    """
    return sorted(found())


def of_page(page: str) -> list[Exercise]:
    """Return the exercises of a page, in their order there.

    >>> [exercise.order for exercise in of_page("hand/one-path")]
    [1, 2, 3, 4, 5, 6]
    """
    its = [parse(n, page, f.read_text("utf-8")) for n, (p, f) in found().items() if p == page]
    return sorted(its, key=lambda exercise: exercise.order)


def found() -> dict[str, tuple[str, Traversable]]:
    """Return the page and the file of each exercise, by its name.

    Raises
    ------
    ValueError
        If two exercises have one name: it is what a reader's progress is kept by.
    """
    exercises: dict[str, tuple[str, Traversable]] = {}
    for page, file in in_folder(files("backprop.exercises"), ""):
        name = file.name.removesuffix(".md")
        if name in exercises:
            raise ValueError(f"two exercises are called {name!r}: of {exercises[name][0]}, {page}")
        exercises[name] = page, file
    return exercises


def in_folder(folder: Traversable, page: str) -> Iterator[tuple[str, Traversable]]:
    """Yield every exercise in a folder and those inside it, with its page."""
    for each in folder.iterdir():
        if each.is_dir():
            yield from in_folder(each, f"{page}/{each.name}".lstrip("/"))
        elif each.name.endswith(".md"):
            yield page, each


def load(name: str) -> Exercise:
    """Return the exercise of this name.

    Raises
    ------
    KeyError
        If there is none; the message lists those there are.
    """
    exercises = found()
    if name not in exercises:
        raise KeyError(f"no exercise {name!r}; there are: {', '.join(sorted(exercises))}")
    page, file = exercises[name]
    return parse(name, page, file.read_text("utf-8"))


def parse(name: str, page: str, text: str) -> Exercise:
    """Return the exercise that a file's text holds, the file lying in the folder of that page.

    Raises
    ------
    ValueError
        If a section is missing, stands twice or is unknown, saying which of which exercise.
    """
    try:
        _, settings, body = text.split("+++\n", 2)
        exercise = Exercise(name=name, page=page, **tomllib.loads(settings))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}.md: settings between two lines +++: {error}") from error
    for heading, content in sections(body):
        try:
            fill(exercise, heading.split(), content)
        except ValueError as error:
            raise ValueError(f"{name}.md: # {heading}: {error}") from error
    check_complete(exercise)
    return exercise


def sections(body: str) -> Iterator[tuple[str, str]]:
    """Yield each heading with the text up to the next one."""
    found = [match for match in PIECE.finditer(body) if match["heading"]]
    ends = [match.start() for match in found[1:]] + [len(body)]
    for match, end in zip(found, ends, strict=True):
        yield match["heading"], body[match.end() : end].strip()


def fill(exercise: Exercise, heading: list[str], content: str) -> None:
    """Put one section where it belongs."""
    match heading:
        case ["task" | "explanation" as kind, language] if language in LANGUAGES:
            texts = getattr(exercise, kind)
            refuse_second(language in texts)
            texts[language] = content
        case ["hint", language] if language in LANGUAGES:
            exercise.hints[language].append(content)
        case ["starter" | "check" | "solution" as kind]:
            refuse_second(bool(getattr(exercise, kind)))
            setattr(exercise, kind, code_of(content))
        case ["starter", "ko"]:
            refuse_second(bool(exercise.starter_ko))
            exercise.starter_ko = code_of(content)
        case ["wrong", *parts] if parts:
            key = " ".join(parts)
            exercise.wrong.append(WrongAnswer(key, code_of(content)))
            if key not in WORDS and key not in exercise.words:
                exercise.words[key] = words_of(content)
        case ["words", key]:
            refuse_second(key in exercise.words)
            exercise.words[key] = words_of(content)
        case _:
            raise ValueError("no such section")


def refuse_second(there: bool) -> None:
    if there:
        raise ValueError("stands here twice")


def code_of(content: str) -> str:
    fence = FENCE.search(content)
    if not fence:
        raise ValueError("needs Python in a fence ```python")
    return fence[1]


def words_of(content: str) -> dict[str, str]:
    """The lines that begin with ``en:`` and ``ko:``; each may go on over more lines."""
    text = FENCE.sub("", content)
    parts = re.split(r"^(en|ko):", text, flags=re.MULTILINE)[1:]
    words = {
        language: " ".join(said.split())
        for language, said in zip(parts[::2], parts[1::2], strict=True)
    }
    if set(words) != set(LANGUAGES) or not all(words.values()):
        raise ValueError("needs words in a line that begins with en: and one with ko:")
    return words


def check_complete(exercise: Exercise) -> None:
    """Refuse an exercise that lacks something, naming it."""
    for kind in ("starter", "check", "solution"):
        if not getattr(exercise, kind):
            raise ValueError(f"{exercise.name}.md: # {kind} is missing")
    for language in LANGUAGES:
        for kind in ("title", "task", "explanation", "hints"):
            if not getattr(exercise, kind).get(language):
                raise ValueError(f"{exercise.name}.md: {kind} {language} is missing")
    if len(exercise.hints["en"]) != len(exercise.hints["ko"]):
        raise ValueError(f"{exercise.name}.md: as many hints in Korean as in English")
    starters = [exercise.starter, exercise.starter_in("ko")]
    if len({program_of(starter) for starter in starters}) > 1:
        raise ValueError(f"{exercise.name}.md: # starter ko is another program than # starter")


def program_of(code: str) -> str:
    """What Python does with it: without comments and docstrings."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(
            node
        ):
            del node.body[0]
    return ast.dump(tree)
