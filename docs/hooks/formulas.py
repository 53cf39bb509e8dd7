"""MathJax from the installed package, only the components the site uses: nothing is fetched
from another host, nothing vendored."""

from importlib.resources import files as package_files

from mkdocs.structure.files import File

ROOT = package_files("mathjax") / "static" / "mathjax" / "es5"
COMPONENTS = [
    "startup.js",
    "core.js",
    "input/tex-base.js",
    "input/tex/extensions/ams.js",
    "input/tex/extensions/html.js",
    "input/tex/extensions/configmacros.js",
    "input/tex/extensions/newcommand.js",
    "output/chtml.js",
    "output/chtml/fonts/tex.js",
    "a11y/assistive-mml.js",
]


def on_files(files, config):
    fonts = sorted(p.name for p in (ROOT / "output/chtml/fonts/woff-v2").iterdir())
    for name in COMPONENTS + [f"output/chtml/fonts/woff-v2/{font}" for font in fonts]:
        source = str(ROOT / name)
        files.append(File.generated(config, f"assets/mathjax/{name}", abs_src_path=source))
    return files
