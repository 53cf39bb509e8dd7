"""One `mkdocs build` or `mkdocs serve` makes both languages: Korean is built after English,
into ko/ of the same site. Each page knows its twin in the other language."""

import os

from mkdocs.config import load_config

KOREAN = "mkdocs.ko.yml"
started_as = {"command": "build", "dirty": False}


def is_korean(config) -> bool:
    return config.theme["language"] == "ko"


def on_startup(command, dirty):
    started_as.update(command=command, dirty=dirty)


def on_page_context(context, page, config, nav):
    """`twins`: the address of this page in each language."""
    root = config.site_url.removesuffix("ko/") if is_korean(config) else config.site_url
    url = "" if page.url == "./" else page.url
    context["twins"] = {"en": root + url, "ko": f"{root}ko/{url}"}
    return context


def on_post_build(config):
    if is_korean(config):
        return
    korean = load_config(
        KOREAN,
        site_dir=os.path.join(config.site_dir, "ko"),
        site_url=config.site_url + "ko/",
        strict=config.strict,
    )
    from mkdocs.commands.build import build

    korean.plugins.on_startup(**started_as)
    build(korean)
