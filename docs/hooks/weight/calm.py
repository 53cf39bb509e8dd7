"""What makes a browser style a whole page anew while it loads is left out of Material: on a page
with a thousand formulas each time costs a tenth of a second on a phone. What is changed is found
by words that do not depend on how the script was made smaller; if one is gone, the build fails.

Copy buttons stand in the page, ready, where Material's script would put each in by itself."""

import json
import re

from hooks import scripts
from mkdocs.exceptions import PluginError

# What stands in Material's script, as a regular expression, and what stands there instead
SCRIPT = {
    # Setting a stylesheet's address, if to the same, loads it again.
    r'"\[href\], \[src\]"(?=[^{]*\{[^{]*\{(\w)\[(\w)\]=\1\[\2\])': (
        '"[href]:not(link[rel=stylesheet]), [src]"'
    ),
    # So that those addresses, as seen from different pages, do not count as different.
    r'":scope > \*",(\w)\.head': r'":scope > :not([rel=stylesheet], noscript)",\1.head',
    # <meta name="color-scheme"> is for course.css to say.
    r'\{name:"color-scheme"\}': '{name:"material-color-scheme"}',
}
# While the scheme changes, nothing moves: a rule for every element there is.
SWITCHING = r"\[data-md-color-switching\][^{}]*\{[^{}]*\}"
# Whether <html> has a class must not matter to what stands in tables.
ANY_TABLE, OUR_TABLE = "table:not([class])", "table:not(.highlighttable)"

BLOCK = re.compile(r'(<div class="(?=[^"]*\bhighlight\b)[^"]*"><pre)(><code>)')
TITLE = re.compile(r'"clipboard.copy": ("[^"]*")')


def calm_script(script: str) -> str:
    for before, after in SCRIPT.items():
        script = scripts.substituted(script, before, after)
    return script


def calm_styles(css: str) -> str:
    if ANY_TABLE not in css:
        raise PluginError(f"a stylesheet has changed: look for {ANY_TABLE} in it again")
    return css.replace(ANY_TABLE, OUR_TABLE)


def on_files(files, config):
    scripts.change(files, config, scripts.MATERIAL, calm_script)
    scripts.change(files, config, r".*stylesheets/main\.\w+\.min\.css", calm_styles)
    scripts.change(
        files,
        config,
        r".*stylesheets/palette\.\w+\.min\.css",
        lambda css: scripts.substituted(css, SWITCHING, ""),
    )
    return files


def on_post_page(output, page, config):
    """Give each block of code its button; the script finds what to copy by the id."""
    title = TITLE.search(output)
    if title is None:
        raise PluginError("Material no longer says what its copy buttons are called")
    count = iter(range(1, 1000))

    def with_button(match: re.Match[str]) -> str:
        n = next(count)
        return (
            f'{match[1]} id="code-{n}"><nav class="md-code__nav" role="none"><button'
            f' class="md-code__button" title={json.dumps(json.loads(title[1]), ensure_ascii=False)}'
            f' data-clipboard-target="#code-{n} > code" data-md-type="copy"></button></nav><code>'
        )

    return BLOCK.sub(with_button, output)
