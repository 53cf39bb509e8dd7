"""The picture that link previews show: the course's network, 1200 by 630."""

import io
import runpy

from hooks.content import figures
from hooks.keeping import keep
from mkdocs.structure.files import File


def on_files(files, config):
    picture = figures.CACHE / figures.state_of_sources() / "preview.png"
    if not picture.exists():
        keep(picture, drawn())
    content = picture.read_bytes()
    files.append(File.generated(config, "assets/preview.png", content=content))
    return files


def drawn() -> bytes:
    import matplotlib.pyplot as plt

    figure = runpy.run_path("docs/figures/_preview.py")["draw"]()
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=100, metadata={"Software": None})
    plt.close(figure)
    return png.getvalue()
