"""The site carries the package's wheel, and its pages lead to the line that installs it."""

import os
import re
import tempfile
from pathlib import Path

from flit_core import buildapi
from mkdocs.structure.files import File

PLACEHOLDER = "INSTALL_LINE"
FIRST_BLOCK = re.compile(r'<div class="language-(python|pycon) highlight">')
WORDS = {
    "en": "Run it yourself: <a href='{home}#install'>one line installs the package</a>.",
    "ko": "직접 실행해 보세요. <a href='{home}#install'>한 줄이면 패키지가 설치됩니다</a>.",
}
wheel: dict = {}


def on_pre_build(config):
    with tempfile.TemporaryDirectory() as folder:
        wheel["name"] = buildapi.build_wheel(folder)
        wheel["content"] = Path(folder, wheel["name"]).read_bytes()
    english_site = config.site_url.removesuffix("ko/")
    config.extra["install_line"] = f"pip install {english_site}wheels/{wheel['name']}"


def on_files(files, config):
    if config.theme["language"] == "en":
        uri = f"wheels/{wheel['name']}"
        files.append(File.generated(config, uri, content=wheel["content"]))
    return files


def on_page_markdown(markdown, page, config, files):
    return markdown.replace(PLACEHOLDER, config.extra["install_line"])


def on_page_content(html, page, config, files):
    if page.is_homepage:
        return html
    home = os.path.relpath(".", page.url or ".").rstrip("/") + "/"
    words = WORDS[config.theme["language"]].format(home=home)
    return FIRST_BLOCK.sub(lambda m: f'<p class="bp-install">{words}</p>{m[0]}', html, count=1)
