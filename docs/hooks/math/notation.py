"""One notation everywhere: the symbols of src/backprop/notation.json as MathJax macros,
as CSS colours, and as coloured names in code."""

import json
import re
from pathlib import Path

from hooks.scripts import change, replaced
from mkdocs.structure.files import File

NOTATION = Path("src/backprop/notation.json")
# Paper is light, whatever the screen is.
SCHEMES = {
    "light": "[data-md-color-scheme]{%s}",
    "dark": '@media screen{[data-md-color-scheme="slate"]{%s}}',
}


def load():
    return json.loads(NOTATION.read_text(encoding="utf-8"))


def coloured(symbol):
    """The macro's LaTeX with its letter in a class, and its layer index outside of it, so
    that a lower index can follow: \\W{1}_{11}."""
    tex, role = symbol["tex"], symbol.get("role")
    if role:
        letter = re.match(r"\\?[A-Za-z]+", tex).group()
        tex = rf"\class{{bp-{role}}}{{{letter}}}" + tex[len(letter) :]
    return [tex, symbol["args"]] if "args" in symbol else tex


def macros(notation):
    return {name: coloured(symbol) for name, symbol in notation["symbols"].items()}


def stylesheet(notation):
    """A custom property per colour and scheme, and a class per colour."""
    rules = []
    for scheme, rule in SCHEMES.items():
        values = "".join(f"--bp-{n}:{c[scheme]};" for n, c in notation["colours"].items())
        rules.append(rule % values)
    roles = {s["role"] for s in notation["symbols"].values() if "role" in s}
    rules += [f".md-typeset .bp-{role}{{color:var(--bp-{role})}}" for role in sorted(roles)]
    return "\n".join(rules) + "\n"


def name_roles(notation):
    """(pattern, role) for names in Python code."""
    return [(re.compile(s["code"]), s["role"]) for s in notation["symbols"].values() if "code" in s]


# Pygments tokens that show in the colour of the text
INK = ["n", "nn", "nb", "nf", "nc", "bp", "w", "p", "o", "mi", "mf", "fm", "vm", "si", "sa", "fc"]

NAME = re.compile(rf'<span class="(?:{"|".join(INK)})">(?P<name>[^<]*)</span>')

# A block in another book's letters says so in its fence: with `.a-is-z` its a is what is z here
LETTER = re.compile(r"(\w+)-is-(\w+)")
THEIR_BLOCK = re.compile(
    r'<div class="(?P<classes>language-python [^"]*-is-[^"]*)">.*?</div>', re.DOTALL
)


def in_our_letters(name, letters):
    """A name in another book's code as it would be here: the letter changed, the number kept."""
    letter, number = re.fullmatch(r"([A-Za-z_]*)(.*)", name, re.DOTALL).groups()
    return letters.get(name) or letters.get(letter, letter) + number


def colour_names(html, roles):
    """Give the names of symbols in code the class of their colour, and let go of the spans
    that would change nothing: they are half of a page's weight."""

    letters = {}  # in a block of another book: its letters, and ours for the same

    def role_of(name):
        name = in_our_letters(name, letters)
        return next((role for pattern, role in roles if pattern.fullmatch(name)), None)

    def in_their_letters(match):
        letters.update(LETTER.findall(match["classes"]))
        coloured = re.sub(NAME, in_block, match[0])
        letters.clear()
        return coloured

    def in_block(match):
        role = role_of(match["name"])
        return f'<span class="bp-{role}">{match["name"]}</span>' if role else match["name"]

    def inline(match):
        role = role_of(match["name"])
        return f'<code class="bp-{role}">{match["name"]}</code>' if role else match[0]

    html = re.sub(THEIR_BLOCK, in_their_letters, html)
    html = re.sub(NAME, in_block, html)
    html = html.replace("<pre><span></span><code>", "<pre><code>")
    return re.sub(r"<code>(?P<name>\w+)</code>", inline, html)


def on_files(files, config):
    """The colours; and which name in code has which, for the scripts that colour names."""
    notation = load()
    content = stylesheet(notation)
    files.append(File.generated(config, "assets/notation.css", content=content))
    names = json.dumps([(pattern.pattern, role) for pattern, role in name_roles(notation)])
    change(
        files,
        config,
        r"assets/(stepper/page|run/editor)\.js",
        lambda script: replaced(script, "NAME_ROLES = []", f"NAME_ROLES = {names}"),
    )
    return files


def on_page_content(html, page, config, files):
    return colour_names(html, name_roles(load()))


def braced(text, start):
    """The group that opens at text[start], without its braces, and the place behind it."""
    depth = 0
    for end in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[start + 1 : end], end + 1
    raise ValueError(f"unbalanced braces in LaTeX: {text}")


def expand(tex, symbols):
    """LaTeX with the course's macros replaced by plain LaTeX, for readers without them."""
    done, position = "", 0
    for match in re.finditer(r"\\([A-Za-z]+)", tex):
        if match.start() < position or match[1] not in symbols:
            continue
        symbol, end, arguments = symbols[match[1]], match.end(), []
        for _ in range(symbol.get("args", 0)):
            argument, end = braced(tex, end)
            arguments.append(expand(argument, symbols))
        plain = symbol["tex"]
        for number, argument in enumerate(arguments, start=1):
            plain = plain.replace(f"#{number}", argument)
        glue = " " if plain[-1:].isalpha() and tex[end : end + 1].isalpha() else ""
        done += tex[position : match.start()] + plain + glue
        position = end
    return done + tex[position:]
