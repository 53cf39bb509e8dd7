"""In Korean a particle belongs to the word before it, also when that word is a formula, a name
in code, or ends in an English name in parentheses: no line break between them."""

import re

FORMULA_AND_PARTICLE = re.compile(
    r'((?:<span class="arithmatex">[^<]*</span>|<code[^>]*>[^<]{1,20}</code>)[가-힣]+)'
)
NAME_AND_PARTICLE = re.compile(r"(\w+\)[가-힣]+)")
TAG = re.compile(r"(<[^>]+>)")


def on_page_content(html, page, config, files):
    html = FORMULA_AND_PARTICLE.sub(r'<span class="bp-together">\1</span>', html)
    parts = TAG.split(html)  # text and tags take turns
    for position in range(0, len(parts), 2):
        parts[position] = NAME_AND_PARTICLE.sub(
            r'<span class="bp-together">\1</span>', parts[position]
        )
    return "".join(parts)
