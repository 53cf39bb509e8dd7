"""A figure of its own, `![…](../figures/X.svg){ data-KIND="NAME" }`, goes into an element of its
kind, <backprop-KIND …>, that takes its place once the script has loaded."""

import re
from collections.abc import Callable

from mkdocs.exceptions import PluginError


def placed(
    html: str, page, kinds: str, attributes: Callable[[str, str, dict[str, str]], str]
) -> str:
    """The HTML of a page with figures of these kinds ("stepper|nudge") in their elements. What
    attributes an element has follows from its kind, its name, and all data of its figure."""

    def element(match: re.Match[str]) -> str:
        images, kind, name = match.groups()
        its = attributes(kind, name, dict(re.findall(r'data-(\w+)="([^"]*)"', images)))
        images = re.sub(r' data-\w+="[^"]*"', "", images)
        return f"<backprop-{kind} {its}>{images}</backprop-{kind}>"

    figure = rf'<p>(<img [^>]*?data-({kinds})="([^"]+)"[^>]*>(?:<img [^>]*>)*)</p>'
    html = re.sub(figure, element, html)
    if left := re.search(f"data-({kinds})=", html):
        raise PluginError(f"{page.file.src_uri}: a {left[1]} must be a figure of its own")
    return html
