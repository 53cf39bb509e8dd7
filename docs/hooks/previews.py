"""The picture that link previews show: the course's network, 1200 by 630."""

import io
import runpy

from mkdocs.structure.files import File


def on_files(files, config):
    import matplotlib.pyplot as plt

    figure = runpy.run_path("docs/figures/_preview.py")["draw"]()
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=100, metadata={"Software": None})
    plt.close(figure)
    files.append(File.generated(config, "assets/preview.png", content=png.getvalue()))
    return files
