"""The licence texts of what the site ships, copied from the installed packages; the page
reference/licences names and links them."""

from importlib.metadata import files as distribution_files

from mkdocs.structure.files import File

TEXTS = {  # the site's file: distribution, end of the path in it
    "material.txt": ("mkdocs-material", "licenses/LICENSE"),
    "mkdocs.txt": ("mkdocs", "licenses/LICENSE"),
    "mathjax.txt": ("django-static-mathjax", "mathjax/static/mathjax/LICENSE"),
    "source-serif.txt": ("font-source-serif-pro", "files/LICENSE.txt"),
    "stix.txt": ("matplotlib", "ttf/LICENSE_STIX"),
}


def on_files(files, config):
    for name, (distribution, ending) in TEXTS.items():
        found = [p for p in distribution_files(distribution) or [] if str(p).endswith(ending)]
        source = str(found[0].locate())
        files.append(File.generated(config, f"assets/licences/{name}", abs_src_path=source))
    files.append(File.generated(config, "assets/licences/course.txt", abs_src_path="LICENSE"))
    return files
