"""Notebooks as pages like all others.

mkdocs-jupyter reads and executes them; its template hands the executed notebook over (see
notebook_templates/), and here it becomes Markdown, which MkDocs renders with the extensions,
link checks and styles of every page. Outputs are kept in a cache that sees the code cells
and the package, so one execution serves both languages."""

import json
import os
import posixpath
import re
from pathlib import Path
from urllib.parse import urljoin

import jupytext
import yaml
from hooks.content import exercises, figures
from hooks.keeping import digest_of_package, keep
from hooks.math import notation
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page
from mkdocs_jupyter.config import settings as jupyter_settings

TEMPLATES = Path(__file__).resolve().with_name("notebook_templates")
CACHE = Path(".cache/notebooks")
IPYTHON = Path(".cache/ipython").resolve()
KERNEL_CONFIG = """\
c.InlineBackend.figure_formats = {"svg"}
c.InlineBackend.print_figure_kwargs = {"metadata": {"Date": None}}
"""
WORDS = {
    "en": {
        "download": "Download this page as an executed notebook",
        "needs": "This notebook belongs to [{site}]({url}). It needs the package and matplotlib:",
    },
    "ko": {
        "download": "실행된 노트북 파일 내려받기",
        "needs": "이 노트북은 [{site}]({url})의 한 페이지입니다. "
        "실행하려면 패키지와 matplotlib이 필요합니다.",
    },
}
MATH = re.compile(r"(?<![\\$])(\$\$?)(?!\$)(.+?)(?<!\\)\1", re.DOTALL)
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
DRAWN_ABOVE = re.compile(r"!\[[^]]*\]\(figure\)\n+")
CAPTION = re.compile(r"/// figure-caption\n(.+?)\n///", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
BOX = re.compile(
    r'^(?P<kind>\?\?\?\+?|!!!) \w+ "(?P<title>.*)"\n(?P<body>(?:\n|    .*\n?)+)', re.MULTILINE
)


def on_startup(command, dirty):
    jupyter_settings.templates_dir = str(TEMPLATES)
    profile = IPYTHON / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(KERNEL_CONFIG, encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(IPYTHON)


def is_notebook(page) -> bool:
    return page.file.src_uri.endswith(".py")


def on_pre_page(page, config, files):
    if is_notebook(page):
        execute_and_render = page.render

        def render(config, files):
            notebook = jupytext.read(page.file.abs_src_path)
            put_exercises(notebook, page, config)
            outputs = kept_outputs(
                notebook, lambda: executed(execute_and_render, page, config, files)
            )
            for cell, its_outputs in zip(code_cells(notebook), outputs, strict=True):
                cell["outputs"] = its_outputs
            page.meta = front_matter(notebook)
            page.markdown = as_markdown(notebook, page, config, files)
            add_download(notebook, page, config, files)
            Page.render(page, config, files)

        page.render = render
    return page


# Executing, once for both languages


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def executed(execute_and_render, page, config, files):
    """mkdocs-jupyter runs the notebook; a failing cell raises, which fails the build."""
    execute_and_render(config, files)
    return json.loads(page.content)


def kept_outputs(notebook, execute):
    """Each code cell's outputs, from the cache or from an execution now."""
    digest = digest_of_package()
    digest.update(KERNEL_CONFIG.encode())
    for cell in code_cells(notebook):
        digest.update(cell["source"].encode() + b"\0")
    kept = CACHE / f"{digest.hexdigest()}.json"
    if not kept.exists():
        outputs = [cell["outputs"] for cell in code_cells(execute())]
        keep(kept, json.dumps(outputs))
    return [joined(outputs) for outputs in json.loads(kept.read_text(encoding="utf-8"))]


def joined(outputs):
    """The outputs of a cell, what it printed in one piece: a slow cell hands it over in several."""
    pieces = []
    for output in outputs:
        if pieces and output["output_type"] == pieces[-1]["output_type"] == "stream":
            pieces[-1] = {**pieces[-1], "text": pieces[-1]["text"] + output["text"]}
        else:
            pieces.append(output)
    return pieces


# The page


def put_exercises(notebook, page, config):
    name = page.file.src_uri.rpartition(".")[0]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = exercises.expand(cell["source"], name, config.theme["language"])


def front_matter(notebook):
    """The page's description and title stand in a YAML block of the notebook, as in pages."""
    first = notebook["cells"][0]
    is_raw = first["cell_type"] == "raw"
    return yaml.safe_load(first["source"].strip().strip("-")) if is_raw else {}


def as_markdown(notebook, page, config, files):
    """The page's Markdown. A figure drawn by a cell is named `figure` in the text cell that
    follows, which gives its alternative text and caption: `![alt](figure)`."""
    words, parts, figure = WORDS[config.theme["language"]], [], None
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = cell["source"]
            if figure:
                if text.count("](figure)") != 1:
                    raise PluginError(f"{page.file.src_uri}: no text for {figure}: {text[:60]}")
                text, figure = text.replace("](figure)", f"]({figure})"), None
            parts.append(text)
        elif cell["cell_type"] == "code":
            parts.append(f"```python\n{cell['source']}\n```")
            for output in cell["outputs"]:
                if "image/svg+xml" in output.get("data", {}):
                    figure = add_figure(output["data"]["image/svg+xml"], page, config, files)
                else:
                    parts.append(output_block(output))
    heading, _, rest = parts[0].partition("\n")
    download = (
        f"[{words['download']}]({Path(page.file.src_uri).stem}.ipynb){{ .bp-download download }}"
    )
    return "\n\n".join([heading, download, rest, *parts[1:]])


def output_block(output):
    text = output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"]
    return f"``` {{ .text .output }}\n{text.rstrip()}\n```"


def add_figure(svg, page, config, files):
    """The figure's files, and its address as the page sees it."""
    stem, folder = Path(page.file.src_uri).stem, posixpath.dirname(page.file.src_uri)
    number = sum(f.src_uri.startswith(f"figures/{stem}-") for f in files) // 2 + 1
    figures.add_pair(files, config, f"figures/{stem}-{number}", svg)
    return posixpath.relpath(f"figures/{stem}-{number}.svg", folder)


# The download: the same notebook for any notebook program


def add_download(notebook, page, config, files):
    words = WORDS[config.theme["language"]]
    needs = words["needs"].format(site=config.site_name, url=page.canonical_url)
    cells = [c for c in notebook["cells"] if c["cell_type"] != "raw"]
    plain = [plain_cell(c, page, config, files) for c in cells]
    needs += f"\n\n```sh\n{config.extra['install_line']} matplotlib\n```"
    plain.insert(1, {"cell_type": "markdown", "metadata": {}, "source": needs})
    for position, cell in enumerate(plain, start=1):
        cell["id"] = f"cell-{position}"
    content = {
        "cells": plain,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    uri = page.file.src_uri.removesuffix(".py") + ".ipynb"
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    files.append(File.generated(config, uri, content=text))


def plain_cell(cell, page, config, files):
    if cell["cell_type"] == "markdown":
        source = plain_markdown(cell["source"], page, config, files)
        return {"cell_type": "markdown", "metadata": {}, "source": source}
    outputs = [plain_output(output) for output in cell["outputs"]]
    return {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "source": cell["source"],
        "outputs": outputs,
    }


def plain_output(output):
    if output["output_type"] == "execute_result":
        output = {**output, "execution_count": None}
    return output


def plain_markdown(text, page, config, files):
    """Macros expanded, links absolute, site-only Markdown turned into common Markdown."""
    symbols = notation.load()["symbols"]
    text = DRAWN_ABOVE.sub("", COMMENT.sub("", text))
    text = MATH.sub(lambda m: m[1] + notation.expand(m[2], symbols) + m[1], text)
    text = LINK.sub(lambda m: f"[{m[1]}]({absolute(m[2], page, config, files)})", text)
    text = BOX.sub(boxed, CAPTION.sub(r"*\1*", text))
    return re.sub(r" *\{:? ?[#.][^}]*\}$", "", text, flags=re.MULTILINE)


def boxed(match):
    """A folded box becomes HTML's own, an admonition a quotation."""
    body = re.sub(r"^    ", "", match["body"], flags=re.MULTILINE).strip()
    if match["kind"] == "!!!":
        quoted = [f"**{match['title']}**", "", *body.splitlines()]
        return "\n".join(f"> {line}".rstrip() for line in quoted) + "\n"
    return f"<details><summary>{match['title']}</summary>\n\n{body}\n\n</details>\n"


def absolute(link, page, config, files):
    """A link's address on the published site."""
    if re.match(r"[a-z]+:", link):
        return link
    path = re.match("[^?#]*", link)[0]
    rest = link.removeprefix(path)  # ?what is asked for, #where
    if not path:
        return page.canonical_url + rest
    uri = posixpath.normpath(posixpath.join(posixpath.dirname(page.file.src_uri), path))
    target = files.get_file_from_path(uri)
    return urljoin(config.site_url, target.url if target else uri) + rest
