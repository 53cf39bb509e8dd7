"""The licence texts of what the site ships, copied from the installed packages and out of the
wheels for the browser; the page reference/licences names and links them."""

import re
import zipfile
from functools import cache
from importlib.metadata import files as distribution_files
from pathlib import Path

from mkdocs.structure.files import File
from runtime import fetch

TEXTS = {  # the site's file: distribution, end of the path in it
    "material.txt": ("mkdocs-material", "licenses/LICENSE"),
    "mkdocs.txt": ("mkdocs", "licenses/LICENSE"),
    "mathjax.txt": ("django-static-mathjax", "mathjax/static/mathjax/LICENSE"),
    "source-serif.txt": ("font-source-serif-pro", "files/LICENSE.txt"),
    "stix.txt": ("matplotlib", "ttf/LICENSE_STIX"),
    "mpl.txt": ("pathspec", "licenses/LICENSE"),  # Pyodide's licence; its wheels have none
    "python.txt": ("typing-extensions", "licenses/LICENSE"),  # it is a part of Python
}
IN_WHEEL = re.compile(r"(^|/)(LICEN[CS]E|COPYING)[^/]*(?<!\.py)$")


@cache
def runtime_text() -> str:
    """The notices of the editor, and what the wheels for the browser say, each text once."""
    texts = {(Path(fetch.__file__).parent / "notices.txt").read_text(encoding="utf-8"): "Editor"}
    for needed in [] if fetch.missing_once() else fetch.listed():
        if needed.name.endswith(".whl"):
            with zipfile.ZipFile(fetch.CACHE / needed.name) as wheel:
                for member in filter(IN_WHEEL.search, wheel.namelist()):
                    text = wheel.read(member).decode()
                    texts.setdefault(text, f"{Path(needed.name).name}: {member}")
    return "\n".join(f"{name}\n{'=' * len(name)}\n\n{text}" for text, name in texts.items())


@cache
def sources() -> dict[str, str]:
    """Where each text lies."""
    found = {}
    for name, (distribution, ending) in TEXTS.items():
        paths = [p for p in distribution_files(distribution) or [] if str(p).endswith(ending)]
        found[name] = str(paths[0].locate())
    return found


def on_files(files, config):
    for name, source in sources().items():
        files.append(File.generated(config, f"assets/licences/{name}", abs_src_path=source))
    files.append(File.generated(config, "assets/licences/course.txt", abs_src_path="LICENSE"))
    said = runtime_text()
    files.append(File.generated(config, "assets/licences/runtime.txt", content=said))
    return files
