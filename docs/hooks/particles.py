"""In Korean a particle belongs to the word before it, also when that word is a formula: no
line break between them."""

import re

FORMULA_AND_PARTICLE = re.compile(r'(<span class="arithmatex">[^<]*</span>[가-힣]+)')


def on_page_content(html, page, config, files):
    return FORMULA_AND_PARTICLE.sub(r'<span class="bp-together">\1</span>', html)
