"""What belongs to the word before it stays on its line, also when that word is a formula: a full
stop or a comma; in Korean a particle, also behind a name in code or an English name in
parentheses, and these parentheses themselves."""

import re

FORMULA_AND_PARTICLE = re.compile(
    r'(<span class="arithmatex">[^<]*</span>(?:[가-힣]+[.,:;!?)]*|[.,:;!?)]+)'
    r"|<code[^>]*>[^<]{1,20}</code>[가-힣]+)"
)
NAME_AND_PARTICLE = re.compile(r"(\w+\)[가-힣]+)")
# A Korean word, perhaps in bold, and the English one behind it.
WORD_AND_NAME = re.compile(r"([가-힣](?:</strong>|</em>)?)\((?=[A-Za-z])")
WORD_JOINER = "\u2060"  # no line break here
TAG = re.compile(r"(<[^>]+>)")


def on_page_content(html, page, config, files):
    html = WORD_AND_NAME.sub(rf"\1{WORD_JOINER}(", html)  # before what follows it is wrapped
    html = FORMULA_AND_PARTICLE.sub(r'<span class="bp-together">\1</span>', html)
    parts = TAG.split(html)  # text and tags take turns
    for position in range(0, len(parts), 2):
        parts[position] = NAME_AND_PARTICLE.sub(
            r'<span class="bp-together">\1</span>', parts[position]
        )
    return "".join(parts)
