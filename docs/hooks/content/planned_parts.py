"""The navigation shows every part of the course: a part without pages yet leads to what
the home page says about it, and leaves the navigation's list when its first page arrives."""

from mkdocs.structure.nav import Link, Section


def on_nav(nav, config, files):
    for planned in config.extra["planned_parts"]:
        titles = [item.title for item in nav.items]
        link = Link(planned["title"], f"./#{planned['anchor']}")
        nav.items.insert(titles.index(planned["before"]), Section(planned["part"], [link]))
    return nav
