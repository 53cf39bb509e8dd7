"""Python and the editor that Run and Edit load, under assets/runtime/ of the English site; the
Korean pages use the same files. `make runtime` fetches them (docs/runtime); without them the
site has no Run and Edit.

assets/runtime/runtime.json says what a page loads, and how many bytes that is."""

import json
import logging
import re
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from runtime import fetch

FOLDER = "assets/runtime/"
ROOT_OF_SITE = {"en": "", "ko": "../"}
PYTHON = re.compile(r'<div class="(language-python\b[^"]*)">')
log = logging.getLogger("mkdocs.hooks.browser_python")


def on_config(config):
    language = config.theme["language"]
    left = fetch.missing_once()
    config.extra["runtime"] = "" if left else ROOT_OF_SITE[language] + FOLDER
    if left and language == "en":
        said = fetch.summary(left, "can't be found in .cache/runtime (run make runtime)")
        if fetch.is_required():
            raise PluginError(said)
        log.info(said)
    return config


def contents(files) -> str:
    """What a page loads to run code, and for plots besides; addresses as seen from here."""
    loaded: dict = {
        name: [
            {"name": Path(needed.name).name, "bytes": needed.size}
            for needed in fetch.listed()
            if needed.use == use
        ]
        for name, use in (("pyodide", "python"), ("matplotlib", "matplotlib"))
    }
    own = next(file for file in files if file.src_uri.startswith("wheels/"))  # of install.py
    loaded["wheel"] = {"url": f"../../{own.src_uri}", "bytes": len(own.content_bytes)}
    return json.dumps(loaded, indent=1, sort_keys=True) + "\n"


def on_files(files, config):
    if config.extra["runtime"] and config.theme["language"] == "en":
        for needed in fetch.listed():
            source = str(fetch.CACHE / needed.name)
            files.append(File.generated(config, FOLDER + needed.name, abs_src_path=source))
        runner = str(Path(fetch.__file__).with_name("runner.py"))
        files.append(File.generated(config, f"{FOLDER}runner.py", abs_src_path=runner))
        said = contents(files)
        files.append(File.generated(config, f"{FOLDER}runtime.json", content=said))
    return files


def on_page_content(html, page, config, files):
    """Mark the blocks that can be run: theirs is room for the buttons, before these come."""

    def marked(match: re.Match[str]) -> str:
        classes = match[1].split()
        if "highlight" not in classes or {"source", "solution"} & set(classes):
            return match[0]
        return f'<div class="{match[1]} runnable">'

    return PYTHON.sub(marked, html) if config.extra["runtime"] else html
