"""Pictures: what is drawn, in which colours, and what is refused."""

import doctest
import math
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from backprop import plotting
from backprop.plotting import charts, diagram, style


@pytest.fixture(autouse=True)
def close_figures():
    plotting.use_style()
    yield
    plt.close("all")


@pytest.mark.parametrize("module", [style, diagram, charts], ids=lambda module: module.__name__)
def test_docstrings_are_true(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def test_a_network_shows_every_name_once():
    shown = texts(plotting.network((2, 2, 2)))
    weights = [f"$W^{{[{layer}]}}_{{{i}{j}}}$" for layer in (1, 2) for i in (1, 2) for j in (1, 2)]
    units = [f"${s}^{{[{layer}]}}_{{{u}}}$" for s in "zab" for layer in (1, 2) for u in (1, 2)]
    others = ["$x_{1}$", "$x_{2}$", "$E_{1}$", "$E_{2}$", "$E$"]
    assert sorted(shown) == sorted(weights + units + others)


def test_names_have_the_colours_of_the_notation():
    figure = plotting.network((2, 2, 2))
    for text in figure.axes[0].texts:
        if text.get_text().startswith("$W"):
            assert text.get_color() == plotting.COLOURS["weight"]


def test_a_single_unit_is_shown_in_plain_letters():
    shown = texts(plotting.network((1, 1), plain=True))
    assert sorted(shown) == sorted(f"${letter}$" for letter in "xwbzatE")
    figure = plotting.network((1, 1), plain=True, values={"w": "0.8", "t": "", "z": "1"})
    assert sorted(texts(figure)) == ["$E$", "$a$", "$b$", "$x$", "0.8", "1"]
    assert "$t$" not in texts(plotting.network((1, 1), plain=True, loss=False))
    colours = {text.get_text(): text.get_color() for text in figure.axes[0].texts}
    assert colours["0.8"] == plotting.COLOURS["weight"]
    lit = plotting.network((1, 1), plain=True, paths=[["w", "z", "a", "E"]])
    assert lit_arrows(lit) == (2, ["solid"] * 2)
    alpha = {text.get_text(): text.get_alpha() for text in lit.axes[0].texts}
    assert alpha["$w$"] == 1 and alpha["$b$"] < 0.5


def lit_arrows(figure, colour="ink"):
    from matplotlib.colors import to_rgba
    from matplotlib.patches import FancyArrowPatch

    arrows = [p for p in figure.axes[0].patches if isinstance(p, FancyArrowPatch)]
    lit = [a for a in arrows if a.get_edgecolor() == to_rgba(plotting.COLOURS[colour])]
    return len(arrows), [a.get_linestyle() for a in lit]


def test_a_path_is_lit_from_weight_to_loss_and_the_second_is_dashed():
    first = ["x_1", "W1_12", "z1_2", "a1_2", "W2_21", "z2_1", "a2_1", "E_1", "E"]
    second = ["x_1", "W1_12", "z1_2", "a1_2", "W2_22", "z2_2", "a2_2", "E_2", "E"]
    _, styles = lit_arrows(plotting.network((2, 2, 2), paths=[first]))
    assert styles == ["solid"] * 4
    _, styles = lit_arrows(plotting.network((2, 2, 2), paths=[first, second]))
    assert styles.count("solid") == 4 and len(styles) == 8


def test_the_loss_of_a_single_output_has_no_parts():
    figure = plotting.network((2, 2, 1), paths=[["W2_11", "z2_1", "a2_1", "E"]])
    assert [text for text in texts(figure) if text.startswith("$E")] == ["$E$"]
    weights, to_the_loss = 2 * 2 + 2 * 1, 1
    count, styles = lit_arrows(figure)
    assert count == weights + to_the_loss
    assert styles == ["solid"] * 2


def test_weights_into_a_single_unit_stand_in_the_middle_of_their_arrows():
    figure = plotting.network((2, 2, 1))
    x = {text.get_text(): text.get_position()[0] for text in figure.axes[0].texts}
    for weight in ("$W^{[2]}_{11}$", "$W^{[2]}_{21}$"):
        assert x[weight] == pytest.approx((x["$a^{[1]}_{1}$"] + x["$z^{[2]}_{1}$"]) / 2)


def test_what_is_on_no_path_fades():
    figure = plotting.network((2, 2, 2), paths=[["W2_11", "z2_1", "a2_1", "E_1", "E"]])
    alpha = {text.get_text(): text.get_alpha() for text in figure.axes[0].texts}
    assert alpha["$W^{[2]}_{11}$"] == 1 and alpha["$W^{[1]}_{11}$"] < 0.5


def test_values_replace_names_and_empty_ones_leave_them_out():
    shown = texts(plotting.network((1, 1), values={"z1_1": "0.5", "W1_11": "", "b1_1": ""}))
    assert "0.5" in shown
    assert not [text for text in shown if text.startswith(("$W", "$z", "$b"))]


def test_backward_arrows_point_from_the_loss():
    figure = plotting.network((1, 1), backward=True, loss=False)
    count, styles = lit_arrows(figure, "error")
    assert count == len(styles) == 1


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("sizes", [(1, 1), (2, 2, 1), (2, 2, 2)])
def test_every_arrow_has_a_head_that_no_shape_covers(sizes, backward):
    from matplotlib.patches import ArrowStyle, FancyArrowPatch
    from matplotlib.text import Annotation

    head = ArrowStyle.CurveFilledA if backward else ArrowStyle.CurveFilledB
    figure = plotting.network(sizes, targets=True, backward=backward)
    (ax,) = figure.axes
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    centres = [text.get_position() for text in ax.texts if text.get_size() == 20]
    for arrow in arrows:
        assert isinstance(arrow.get_arrowstyle(), head)
        for end in arrow._posA_posB:  # on no circle, nor on the round end of a capsule
            assert min(math.dist(end, centre) for centre in centres) > 0.4
    from_above = [text.arrow_patch for text in ax.texts if isinstance(text, Annotation)]
    assert len(from_above) == sum(sizes[1:]) + sizes[-1]
    for patch in from_above:
        assert isinstance(patch.get_arrowstyle(), head)


def test_targets_stand_above_the_losses_that_they_go_into():
    figure = plotting.network((2, 2, 2), targets=True)
    at = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    for k in (1, 2):
        (x, y), (its_x, its_y) = at[f"$t_{{{k}}}$"], at[f"$E_{{{k}}}$"]
        assert abs(x - its_x) < 0.1 and y > its_y
    assert "$t_{1}$" in texts(plotting.network((2, 2, 1), targets=True))
    assert not [text for text in texts(plotting.network((2, 2, 1))) if text.startswith("$t")]


NAMES: dict[str, Any] = {"xlabel": "x", "ylabel": "y", "predicted": "dy", "real": "Δy"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plotting.network((2,)), r"sizes .*\(2,\)"),
        (lambda: plotting.network((2, 0)), r"sizes .*\(2, 0\)"),
        (lambda: plotting.network((2, 1), plain=True), r"sizes .*plain letters.*\(2, 1\)"),
        (lambda: plotting.network(paths=[[], [], []]), "paths .*3"),
        (lambda: plotting.symbol(r"\Q{1}"), "macro .*Q"),
        (lambda: plotting.macro_of("W1-2"), "name .*W1-2"),
        (lambda: plotting.images(np.zeros((8, 8))), r"pictures .*\(8, 8\)"),
        (lambda: plotting.images(np.zeros((2, 8, 8)), ["one"]), "titles .*1 for 2"),
        (lambda: plotting.matrix([1, 2], rows="r", columns="c"), r"counts .*\(2,\)"),
        (lambda: plotting.curves(test_loss=[1.0]), "test_loss .*loss"),
        (lambda: plotting.tangent(abs, 1.0, 0.0, **NAMES), "change .*0"),
        (lambda: plotting.tangent(abs, 1.0, -2.0, **NAMES), "change .*-2"),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_curves_put_a_test_series_beside_its_namesake():
    figure = plotting.curves(loss=[2, 1], test_loss=[3, 2], accuracy=[0, 1])
    loss, accuracy = figure.axes
    assert [line.get_label() for line in loss.lines] == ["loss", "test_loss"]
    assert [line.get_label() for line in accuracy.lines] == ["accuracy"]


def test_lines_share_an_axis_and_differ_in_tone_or_dashes():
    series = {name: [1.0, 10.0, 100.0] for name in "abcdef"}
    ax = plotting.lines([1, 2, 3], xlabel="h", ylabel="e", log="y", mark=2, **series).axes[0]
    *drawn, mark = ax.lines
    assert [line.get_label() for line in drawn] == list("abcdef")
    looks = {(line.get_color(), str(line._dash_pattern)) for line in drawn}
    assert len(looks) == 6
    assert list(mark.get_xdata()) == [2, 2]
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("h", "e")
    assert ax.get_legend() is None, "six names find no free place among the lines"
    assert len(ax.figure.legends[0].get_texts()) == 6


def test_a_single_line_needs_no_legend_and_what_is_not_finite_leaves_a_gap():
    ax = plotting.lines([1, 2, 3], xlabel="h", ylabel="e", a=[1, np.inf, 3]).axes[0]
    assert ax.get_legend() is None
    assert list(np.isnan(ax.lines[0].get_ydata())) == [False, True, False]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"log": "z", "a": [1, 2]}, 'log must be "", "x", "y" or "xy", got \'z\''),
        ({}, "1 to 6 in number, got 0"),
        ({name: [1, 2] for name in "abcdefg"}, "1 to 6 in number, got 7"),
        ({"a": [1, 2, 3]}, r"a must have the shape of x, \(2,\), got \(3,\)"),
    ],
)
def test_lines_that_do_not_fit_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        plotting.lines([1, 2], xlabel="h", ylabel="e", **wrong)
    assert not plt.get_fignums()


def test_signed_pictures_are_scaled_around_zero():
    figure = plotting.images(np.array([[[-2.0, 1.0]], [[0.0, 0.5]]]), signed=True)
    assert figure.axes[0].images[0].get_clim() == (-2.0, 2.0)


def test_a_matrix_leaves_zeros_empty_and_marks_what_is_off_the_diagonal():
    figure = plotting.matrix([[3, 0], [1, 2]], rows="label", columns="prediction")
    shown = {text.get_text(): text.get_color() for text in figure.axes[0].texts}
    assert sorted(shown) == ["1", "2", "3"]
    assert shown["1"] == plotting.COLOURS["error"] != shown["2"]


@pytest.mark.parametrize("change", [1.0, -1.0])
def test_a_tangent_touches_at_zero_and_the_bars_end_at_it_and_at_the_curve(change):
    ax = plotting.tangent(lambda x: (x + 2) ** 2, 4.0, change, reach=1.5, **NAMES).axes[0]
    curve, line, *_, predicted, real = ax.lines
    assert curve.get_ydata()[0] == 0.25 and curve.get_ydata()[-1] == 12.25
    assert line.get_ydata()[0] == pytest.approx(-2) and line.get_ydata()[-1] == pytest.approx(10)
    assert list(predicted.get_ydata()) == [4, 4 + 4 * change]
    assert list(real.get_ydata()) == [4, (change + 2) ** 2]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "y")
    assert [text.get_text() for text in ax.texts] == ["dy", "Δy"]


def test_the_same_drawing_gives_the_same_bytes():
    def svg():
        import io

        out = io.StringIO()
        plotting.network((2, 3, 1)).savefig(out, format="svg", metadata={"Date": None})
        return out.getvalue()

    assert svg() == svg()
