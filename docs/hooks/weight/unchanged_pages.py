"""For `make serve`: Markdown that is as it was at the last build is not converted again, so that
the time from an edit to its page does not grow with the course."""

from pathlib import Path
from typing import Any

from hooks.content.figures import state_of_sources
from hooks.content.notebooks import is_notebook
from jinja2 import FileSystemBytecodeCache

# What MkDocs' Page.render leaves in a page
LEFT = ("content", "toc", "present_anchor_ids", "links_to_anchors", "_title_from_render")
kept: dict[tuple[str, str], tuple[Any, dict[str, Any]]] = {}


def on_pre_page(page, config, files):
    """A page is converted from its Markdown; code that it quotes and pages that it links count,
    too. (Notebooks have a cache of their own.)"""
    if is_notebook(page):
        return page
    convert, place = page.render, (config.docs_dir, page.file.src_uri)

    def render(config, files):
        linked = tuple(file.src_uri for file in files)
        depends_on = (page.markdown, linked, state_of_sources(), repr(config.mdx_configs))
        before, left = kept.get(place, (None, {}))
        if before == depends_on:
            vars(page).update(left)
            found = (left.get("links_to_anchors") or {}).items()
            page.links_to_anchors = {  # those files were of the last build
                files.get_file_from_path(file.src_uri): anchors for file, anchors in found
            }
            return
        convert(config, files)
        kept[place] = depends_on, {name: vars(page)[name] for name in LEFT if name in vars(page)}

    page.render = render
    return page


def on_env(env, config, files):
    """Templates, too, are compiled once."""
    folder = Path(".cache/jinja").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    return env


def on_serve(server, config, builder):
    """An editor writes one file: no need to wait long for more."""
    server.build_delay = 0.05
    return server
