"""Material's script takes every `<link rel="alternate">` for a language's home page and asks
each for a sitemap: one missing file a page, and a switch that loses the page. Ours names the
same page in the other language (docs/theme/main.html), so that part of the script is put to
sleep."""

from hooks import scripts

SELECTOR = "link[rel=alternate]"


def quiet(script: str) -> str:
    return scripts.replaced(script, SELECTOR, "link[rel=material-alternate]")


def on_files(files, config):
    scripts.change(files, config, scripts.MATERIAL, quiet)
    return files
