"""The public names of the package, and each docstring as Markdown: griffe reads both from the
source, so that a server shows what was written a moment ago."""

import re
import textwrap
from collections.abc import Callable
from functools import lru_cache
from itertools import groupby

import griffe

Link = Callable[[str], str]  # a page's name, hand/forward, or a name's, `Dense`, as Markdown
NAMED_PAGES = re.compile(r"\b(?:pages?|first on)\s+(?:[a-z]+/[a-z-]+(?:,\s+|\s+and\s+)?)+")
PAGE = re.compile(r"[a-z]+/[a-z-]+")
CODE_OR_PAGES = re.compile(rf"``.+?``|`\w[\w.]*`|{NAMED_PAGES.pattern}", re.DOTALL)
WEB = re.compile(r"(?<![(<\w])(https://\S+\w)")
TYPE = re.compile(r"(arrays?|bool|float|int|str|tuple|list|sequence|numpy)\b|\{")
TABLES = {"parameters": "Parameter", "attributes": "Attribute", "raises": "Raises"}


class Entry:
    """A public name: how it is called, and what says what it is."""

    def __init__(self, module, name):
        named, self.name, self.key = module[name], name, f"{module.name}.{name}"
        in_package = name in module.package.exports and module.name != "rules"
        by_module = module.name in ("rules", "plotting")
        self.written = f"bp.{name}" if in_package else self.key if by_module else f"bp.{self.key}"
        self.is_value, self.rule = named.is_attribute, ""
        if self.is_value:  # an object of a class here, or a rule with checks before it
            made_of = re.findall(r"[\w.]+", str(named.value))[-1]
            self.rule = made_of if made_of.startswith("rules.") else ""
            named = module.package[made_of] if self.rule else module[made_of]
        self.object = named.final_target if named.is_alias else named

    @property
    def pages(self) -> list[str]:
        """Those that its docstring names, and those of its methods."""
        of = self.object
        told = [of, *(of.functions.values() if of.is_class else ())]
        said = " ".join(each.docstring.value for each in told if each.docstring)
        return PAGE.findall(" ".join(NAMED_PAGES.findall(said)))

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Functions first, and last what a reader's own class has to offer."""
        a_class = self.object.is_class and not self.is_value
        return a_class and is_protocol(self.object), a_class, self.object.lineno


def is_protocol(a_class) -> bool:
    return "Protocol" in map(str, a_class.bases)


@lru_cache(maxsize=1)  # for a server, which builds again and again
def public(state: str) -> dict[str, list[Entry]]:
    """The entries of each module, as long as the sources are in this state."""
    found = {}
    modules = griffe.load("backprop", search_paths=["src"]).modules
    for module in sorted(modules.values(), key=lambda each: (each.name != "rules", each.name)):
        names = module.functions if module.name == "rules" else module.exports or []
        own = [n for n in map(str, names) if module.name == "plotting" or not module[n].is_alias]
        entries = [Entry(module, name) for name in own if name != "COLOURS"]  # a table of colours
        found[module.name] = sorted(entries, key=lambda entry: entry.rank)
    return found


# What an entry says


def as_markdown(entry: Entry, link: Link) -> str:
    """Its signature, its docstring, its methods."""
    signature, of = signature_of(entry), entry.object
    parts = [fence("python .source", signature)] if signature else []
    if entry.rule:  # all else is said there
        summary = of.docstring.value.partition("\n\n")[0]
        return "\n\n".join([*parts, text(f"{summary} See `{entry.rule}`.", link)])
    for part in of.docstring.value.split("\n\n"):  # words may follow a section
        if "\n---" in part:
            # Read without what stands around it: "array, shape (n_in, n_out)" is not Python.
            (found,) = griffe.Docstring(part).parse("numpy")
            parts.append(section(found.kind.value, found.value, link))
        else:
            parts.append(text(part, link))
    if of.is_class and not is_protocol(of):
        parts += [method(each, link) for each in of.members.values() if is_told(each)]
    return "\n\n".join(parts)


def section(kind: str, value, link: Link) -> str:
    if kind == "examples":
        return "\n\n".join(text(said, link) for _, said in value)
    if kind == "returns":
        return "\n\n".join(f"**Returns** {what(each, link)}" for each in value)
    rows = []
    for each in value:
        names, said = (each.annotation, each.description) if kind == "raises" else (each.name, "")
        rows.append((text(said, link) if said else what(each, link), str(names).split(", ")))
    lines = []
    for said, alike in groupby(rows, key=lambda row: row[0]):  # of several names it is said once
        names = ", ".join(link(f"`{name}`") for _, names in alike for name in names)
        lines.append(f"| {names} | {in_cell(said)} |")
    second = "When" if kind == "raises" else "What it is"
    return "\n".join([f"| {TABLES[kind]} | {second} |", "|---|---|", *lines])


def what(item, link: Link) -> str:
    """Type and shape, then the words. Where there are only words, they are taken for a type."""
    kind, said = str(item.annotation or "").rstrip("."), (item.description or "").strip()
    if re.fullmatch(r"[A-Z]\w+", kind):
        kind = f"`{kind}`"
    elif TYPE.match(kind):
        kind = f"*{kind}*"
    between = " " if said[:1].islower() else ". "
    return text(re.sub(r"(?<!\.)$", ".", between.join(filter(None, [kind, said]))), link)


def in_cell(said: str) -> str:
    return re.sub(r"\s+", " ", said).replace("|", "&#124;")


def is_told(member) -> bool:
    """A method, or a value that is computed, for readers of pages."""
    shown = member.is_function or "property" in member.labels
    return shown and not member.name.startswith("_") and bool(member.docstring)


def method(member, link: Link) -> str:
    head = call(member.name, member, 200) if member.is_function else member.name
    said = textwrap.indent(text(member.docstring.value, link), "    ").strip()
    return f"`{head}`\n:   {said}"


def text(said: str, link: Link) -> str:
    """Paragraphs with links; a doctest is code."""
    parts = []
    for part in said.strip().split("\n\n"):
        words = CODE_OR_PAGES.sub(lambda found: linked(found[0], link), part)
        parts.append(fence("pycon .source", part) if ">>>" in part[:4] else WEB.sub(r"<\1>", words))
    return "\n\n".join(parts)


def linked(found: str, link: Link) -> str:
    """A name in code with its link, or what is said of pages with theirs."""
    if found.startswith("`"):
        return link(found)
    return PAGE.sub(lambda page: link(page[0]), found)


# How it is called


def signature_of(entry: Entry) -> str:
    of, name = entry.object, entry.written
    if not of.is_class:
        return call(name, of)
    if is_protocol(of):
        names = {"__call__": "loss", "gradient": "loss.gradient"}
        return "\n".join(call(names.get(each, each), f) for each, f in of.functions.items())
    if entry.is_value:
        return call(name, of["__call__"])
    if "dataclass" in of.labels or "list" in str(of.bases):
        return ""  # functions make them
    return call(name, of["__init__"]) if "__init__" in of.members else f"{name}()"


def call(name: str, function, width: int = 40) -> str:
    """As one writes it; folded where it would be wider than a phone."""
    words: list[str] = []
    for each in function.parameters:
        kind = each.kind.value
        if kind == "keyword-only" and "*" not in words:
            words.append("*")
        if kind.startswith("variadic"):
            words.append(("*" if "positional" in kind else "**") + each.name)
        elif each.name not in ("self", "cls"):
            words.append(each.name if each.default is None else f"{each.name}={each.default}")
    line = ", ".join(words)
    if len(name) + len(line) + 2 <= width:
        return f"{name}({line})"
    return f"{name}(\n{textwrap.indent(textwrap.fill(line + ',', width - 4), '    ')}\n)"


def fence(classes: str, code: str) -> str:
    return f"``` {{ .{classes} }}\n{code.rstrip()}\n```"
