"""What belongs to the word before it stays on its line, also when that word is a formula: a full
stop or a comma; in Korean a particle, also behind a name in code, a bracket, a quotation mark or a
link; the parentheses behind a word; and the number of a layer or unit behind its noun."""

import re

# Perhaps with a comment for the checkers, a reading in parentheses, or brackets that close.
BEHIND_A_FORMULA = r"(?:<!--[^>]*-->)?(?:\([^()<]{1,12}\))?[)”’]*\u2060?"
FORMULA_AND_PARTICLE = re.compile(
    rf'(<span class="arithmatex">[^<]*</span>{BEHIND_A_FORMULA}(?:[가-힣]+[.,:;!?)]*|[.,:;!?)]+)'
    r"|<code[^>]*>[^<]{1,20}</code>[)”’]*\u2060?[가-힣]+)"
)
CLOSED_AND_PARTICLE = re.compile(r"(</a>|[)”’](?:</strong>|</em>)?)(?=[가-힣])")
# A Korean word, perhaps in bold, and what is said of it in parentheses.
WORD_AND_PARENTHESES = re.compile(r"([가-힣](?:</strong>|</em>)?)\((?=[A-Za-z<])")
NOUN_AND_NUMBER = re.compile(r"(층|유닛|입력|출력|표본) (?=\d)")
WORD_JOINER = "\u2060"  # no line break here
NO_BREAK_SPACE = "\u00a0"
AS_TYPED = re.compile(r"(<(pre|textarea|script)\b.*?</\2>)", re.DOTALL)


def on_page_content(html, page, config, files):
    # Text, what is shown as it was typed, and the name of that tag take turns.
    parts = AS_TYPED.split(html)
    parts[::3] = map(joined, parts[::3])
    del parts[2::3]
    return "".join(parts)


def joined(html):
    html = WORD_AND_PARENTHESES.sub(rf"\1{WORD_JOINER}(", html)  # before what follows is wrapped
    html = NOUN_AND_NUMBER.sub(rf"\1{NO_BREAK_SPACE}", html)
    html = CLOSED_AND_PARTICLE.sub(rf"\1{WORD_JOINER}", html)
    return FORMULA_AND_PARTICLE.sub(r'<span class="bp-together">\1</span>', html)
