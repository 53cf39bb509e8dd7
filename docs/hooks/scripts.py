"""Scripts of other projects, changed during the build by the hooks that import this."""

import re
from collections.abc import Callable

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

MATERIAL = r".*javascripts/bundle\.\w+\.min\.js"


def change(files, config, pattern: str, changed: Callable[[str], str]) -> None:
    """Put a changed script in place of each whose path the pattern matches in full."""
    for file in list(files):
        if re.fullmatch(pattern, file.src_uri):
            files.remove(file)
            script = changed(file.content_string)
            files.append(File.generated(config, file.src_uri, content=script))


def replaced(script: str, before: str, after: str) -> str:
    """A script with one exact passage replaced; an error if that is not there once."""
    if script.count(before) != 1:
        raise PluginError(f"a script has changed: look for {before} in it again")
    return script.replace(before, after)


def substituted(script: str, before: str, after: str) -> str:
    """A script with what matches a regular expression replaced; an error unless once."""
    script, times = re.subn(before, after, script)
    if times != 1:
        raise PluginError(f"a script has changed: look for {before} in it again")
    return script
