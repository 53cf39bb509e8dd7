"""The figures of part Zero: every label inside its picture and clear of the others, and numbers
that are the ones worked out by hand."""

import itertools
import runpy
import warnings

import matplotlib.pyplot as plt
import pytest
from course import ROOT
from matplotlib.offsetbox import AnnotationBbox
from matplotlib.text import Text

NAMES = sorted(
    path.stem
    for path in (ROOT / "docs/figures").glob("[!_]*.py")
    if "_machines.py" in path.read_text(encoding="utf-8")
)
TOUCH = 1.0  # points that two labels' boxes, which include room for descenders, may share


@pytest.fixture(autouse=True)
def at_the_root_with_closed_figures(monkeypatch):
    monkeypatch.chdir(ROOT)  # as for a build
    with plt.rc_context():
        yield
    plt.close("all")


def drawn(name):
    """Its figures, drawn without a warning (a missing letter is one)."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = runpy.run_path(f"docs/figures/{name}.py")["draw"]()
        figures = made if isinstance(made, dict) else {name: made}
        for figure in figures.values():
            figure.canvas.draw()
    return figures


def labels(figure):
    """Where each label stands, in pixels."""
    (ax,) = figure.axes
    boxes = [child for child in ax.get_children() if isinstance(child, AnnotationBbox)]
    renderer = figure.canvas.get_renderer()
    return [label.get_window_extent(renderer) for label in (*boxes, *ax.texts)]


def words(figure):
    """All that is written in it."""
    return [text.get_text() for text in figure.findobj(Text)]


def misplaced(figure):
    """Labels that leave the picture, and pairs that cover each other."""
    places, whole = labels(figure), figure.bbox
    touch = TOUCH * figure.dpi / 72
    out = [
        place.bounds
        for place in places
        if place.x0 < 0 or place.y0 < 0 or place.x1 > whole.x1 or place.y1 > whole.y1
    ]
    for one, other in itertools.combinations(places, 2):
        width = min(one.x1, other.x1) - max(one.x0, other.x0)
        height = min(one.y1, other.y1) - max(one.y0, other.y0)
        if width > touch and height > touch:
            out.append((one.bounds, other.bounds))
    return out


@pytest.mark.parametrize("name", NAMES)
def test_labels_stay_inside_and_apart(name):
    for figure in drawn(name).values():
        assert len(labels(figure)) > 4
        assert misplaced(figure) == []


@pytest.mark.parametrize("place", [(4.9, 1.0), (2.5, 0.45)])  # over the edge; on another label
def test_a_misplaced_label_is_seen(place):
    (figure,) = drawn("two_machines").values()
    figure.axes[0].text(*place, "0.3 = 0.1 + 0.2")
    figure.canvas.draw()
    assert misplaced(figure)


def test_two_machines_by_hand():
    (figure,) = drawn("two_machines").values()
    written = "".join(words(figure)).replace("\\,", "").replace("$", "")
    for said in (r"\Deltax=0.1", r"\Deltay=0.3", r"\Deltaz=0.15", r"=3 \cdot 0.5=1.5"):
        assert said in written


def test_forgetting_the_sum_by_hand():
    """b (0.1, 0.2), minus 0.5 times the columns' sums of dY: (0.8, -0.2)."""
    its = runpy.run_path("docs/figures/broadcast.py")
    assert its["RIGHT"] == pytest.approx([-0.3, 0.3])
    assert its["WRONG"].shape == (2, 2)
    (figure,) = drawn("broadcast").values()
    assert words(figure).count("(2, 2)") == 3  # dY twice, and what b has become
