"""Material's script takes every `<link rel="alternate">` for a language's home page and asks
each for a sitemap: one missing file a page, and a switch that loses the page. Ours names the
same page in the other language (docs/theme/main.html), so that part of the script is put to
sleep."""

import re
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

SELECTOR = "link[rel=alternate]"


def on_files(files, config):
    bundles = [f for f in files if re.search(r"javascripts/bundle\.\w+\.min\.js$", f.src_uri)]
    for bundle in bundles:
        script = Path(bundle.abs_src_path).read_text(encoding="utf-8")
        if script.count(SELECTOR) != 1:
            raise PluginError(f"Material's script has changed: look for {SELECTOR} in it again")
        files.remove(bundle)
        quiet = script.replace(SELECTOR, "link[rel=material-alternate]")
        files.append(File.generated(config, bundle.src_uri, content=quiet))
    return files
