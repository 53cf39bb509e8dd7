"""Losses: values, gradients, extremes, dtypes, refusals."""

import math
import re

import numpy as np
import pytest

import backprop as bp
from backprop.losses import check_loss, gradient_of, value_of

LOSSES = [bp.squared_error, bp.softmax_cross_entropy]


def example(loss, n=4, k=3, dtype=np.float64):
    rng = np.random.default_rng(n + 10 * k)
    y = rng.normal(size=(n, k)).astype(dtype)
    if loss is bp.squared_error:
        return y, rng.normal(size=(n, k)).astype(dtype)
    return y, rng.integers(0, k, size=n)


def test_squared_error_is_the_batch_mean_of_half_the_squared_distance():
    y, t = example(bp.squared_error)
    by_hand = sum(0.5 * (y[i, j] - t[i, j]) ** 2 for i in range(4) for j in range(3)) / 4
    assert bp.squared_error(y, t) == pytest.approx(by_hand, rel=1e-14)
    assert bp.squared_error([[3, 1]], [[0, 1]]) == 4.5


def test_cross_entropy_is_the_batch_mean_of_minus_log_softmax():
    logits, labels = example(bp.softmax_cross_entropy)
    by_hand = 0.0
    for row, label in zip(logits, labels, strict=True):
        by_hand -= math.log(math.exp(row[label]) / sum(math.exp(z) for z in row)) / 4
    assert bp.softmax_cross_entropy(logits, labels) == pytest.approx(by_hand, rel=1e-14)


def test_cross_entropy_of_equal_logits_is_log_of_their_number():
    assert bp.softmax_cross_entropy(np.zeros((2, 5)), [0, 4]) == pytest.approx(math.log(5))
    assert bp.softmax_cross_entropy([[7.0]], [0]) == 0


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("n", "k"), [(1, 1), (1, 3), (4, 1), (4, 3), (3, 3)])
def test_gradient_agrees_with_differences(loss, n, k):
    y, t = example(loss, n, k)
    differences = np.empty_like(y)
    h = 1e-5
    for index in np.ndindex(y.shape):
        step = np.zeros_like(y)
        step[index] = h
        differences[index] = (loss(y + step, t) - loss(y - step, t)) / (2 * h)
    np.testing.assert_allclose(loss.gradient(y, t), differences, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_carries_one_over_n(loss):
    y, t = example(loss)
    twice = loss.gradient(np.concatenate([y, y]), np.concatenate([t, t]))
    np.testing.assert_allclose(twice[:4], loss.gradient(y, t) / 2, rtol=1e-14)


@pytest.mark.parametrize("loss", LOSSES)
def test_float32_is_kept_and_the_loss_is_a_python_float(loss):
    y, t = example(loss, dtype=np.float32)
    assert loss.gradient(y, t).dtype == np.float32
    assert type(loss(y, t)) is float
    t64 = t.astype(np.float64) if loss is bp.squared_error else t
    assert loss(y, t) == pytest.approx(loss(y.astype(np.float64), t64), rel=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_arguments_stay_untouched(loss):
    y, t = example(loss)
    y_before, t_before = y.copy(), t.copy()
    loss(y, t)
    gradient = loss.gradient(y, t)
    np.testing.assert_array_equal(y, y_before)
    np.testing.assert_array_equal(t, t_before)
    assert not np.shares_memory(gradient, y)


@pytest.mark.parametrize("loss", LOSSES)
def test_integers_become_float64(loss):
    y, t = [[1, 2], [3, 5]], ([[1, 0], [0, 1]] if loss is bp.squared_error else [0, 1])
    assert loss.gradient(y, t).dtype == np.float64
    assert loss(y, t) == loss(np.array(y, float), t)


def test_cross_entropy_is_stable_at_extreme_logits():
    with np.errstate(all="raise"):
        assert bp.softmax_cross_entropy([[1e300, -1e300]], [0]) == 0
        assert bp.softmax_cross_entropy([[1e300, -1e300]], [1]) == 2e300
        assert bp.softmax_cross_entropy([[1e300, 1e300]], [1]) == pytest.approx(math.log(2), abs=1)
        assert bp.softmax_cross_entropy([[-1e300, -1e300]], [1]) == pytest.approx(math.log(2))
        gradient = bp.softmax_cross_entropy.gradient([[1e300, -1e300]], [1])
    assert gradient.tolist() == [[1, -1]]


def test_cross_entropy_of_float32_extremes_is_finite():
    largest = np.finfo(np.float32).max
    logits = np.array([[largest, -largest]] * 3, np.float32)
    with np.errstate(all="raise"):
        assert bp.softmax_cross_entropy(logits, [1, 1, 1]) == pytest.approx(2 * float(largest))
        assert bp.softmax_cross_entropy.gradient(logits, [0, 0, 0]).tolist() == [[0, 0]] * 3


def test_mean_of_representable_losses_is_representable():
    logits = np.array([[1.5e308, 0.0]] * 4)
    assert bp.softmax_cross_entropy(logits, [1] * 4) == pytest.approx(1.5e308)
    y = np.full((4, 1), 1.6e154)
    with pytest.raises(ValueError, match=r"^loss overflows"):
        bp.squared_error(y, np.zeros((4, 1)))
    y = np.full((4, 1), 1.2e154)
    assert bp.squared_error(y, np.zeros((4, 1))) == pytest.approx(0.72e308)


def test_squared_error_of_float32_does_not_overflow():
    largest = np.finfo(np.float32).max
    y, t = np.full((2, 2), largest), np.full((2, 2), -largest)
    assert bp.squared_error(y, t) == pytest.approx((2 * float(largest)) ** 2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bp.squared_error([[1e300]], [[-1e300]]), "loss overflows.*float64"),
        (lambda: bp.squared_error([[1.7e308]], [[-1.7e308]]), "loss overflows"),
        (lambda: bp.squared_error.gradient([[1.7e308]], [[-1.7e308]]), r"dy overflows.*\(1, 1\)"),
        (lambda: bp.softmax_cross_entropy([[1.7e308, -1.7e308]], [1]), "loss overflows"),
    ],
)
def test_a_result_too_large_is_refused_without_a_warning(call, words):
    with np.errstate(all="raise"), pytest.raises(ValueError, match="^" + words):
        call()


def test_probabilities_too_small_for_a_float_give_no_warning():
    with np.errstate(all="raise"):
        gradient = bp.softmax_cross_entropy.gradient([[0, -740], [0, -745], [0, -800]], [0] * 3)
    np.testing.assert_allclose(gradient, 0, atol=1e-300)


def test_squared_error_gradient_of_large_numbers_is_exact():
    with np.errstate(all="raise"):
        assert bp.squared_error.gradient([[1e300]], [[-5e299]]).tolist() == [[1.5e300]]


def test_softmax_rows_are_probabilities():
    logits, _ = example(bp.softmax_cross_entropy)
    p = bp.softmax(logits)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    np.testing.assert_allclose(p, np.exp(logits) / np.exp(logits).sum(axis=1)[:, None])
    np.testing.assert_allclose(bp.softmax(logits + 100), p)


def test_softmax_is_stable_at_extreme_logits():
    with np.errstate(all="raise"):
        p = bp.softmax([[1.7e308, -1.7e308, 1.7e308], [-1e300, -1e300, -1e300], [-1e5, 0, 1]])
    np.testing.assert_allclose(p[0], [0.5, 0, 0.5])
    np.testing.assert_allclose(p[1], [1 / 3] * 3)
    assert bp.softmax(np.ones((1, 2), np.float32)).dtype == np.float32


def test_repr_names_the_loss():
    assert repr(bp.squared_error) == "squared_error"
    assert repr(bp.softmax_cross_entropy) == "softmax_cross_entropy"


ONES = np.ones((2, 3))
BAD_TARGETS = [
    (
        ONES,
        np.ones((2, 1)),
        ValueError,
        r"t must have shape \(2, 3\) to fit y:.*\(2, 1\).*\(2, 3\)",
    ),
    (ONES, np.ones((1, 3)), ValueError, r"t .*\(1, 3\).*\(2, 3\)"),
    (ONES, np.ones((3, 2)), ValueError, r"t .*\(3, 2\).*\(2, 3\)"),
    (ONES, np.ones(3), ValueError, r"t must have shape \(2, 3\) to fit y:.*\(3,\).*\(2, 3\)"),
    (np.ones(3), np.ones(3), ValueError, r"y must have shape \(batch, n\).*\(3,\)"),
    (1.0, 1.0, ValueError, r"y must have shape \(batch, n\).*\(\)"),
    (np.ones((1, 2, 3)), np.ones((1, 2, 3)), ValueError, r"y .*\(1, 2, 3\)"),
    (np.ones((0, 3)), np.ones((0, 3)), ValueError, r"y .*\(0, 3\)"),
    (np.ones((3, 0)), np.ones((3, 0)), ValueError, r"y .*\(3, 0\)"),
    (ONES * math.nan, ONES, ValueError, r"y must be finite, got nan at index \[0, 0\]"),
    (ONES, ONES * math.inf, ValueError, "t must be finite, got inf"),
    (
        ONES,
        ONES.astype(np.float32),
        TypeError,
        "t must have the dtype of .*t is float32 .*y is float64",
    ),
    (
        ONES.astype(np.float32),
        ONES,
        TypeError,
        "t must have the dtype of .*t is float64 .*y is float32",
    ),
    (ONES, ONES > 0, TypeError, "t must hold .* bool"),
    (ONES, [[1, 2, 3], [1]], ValueError, "t must be an array"),
]


@pytest.mark.parametrize(("y", "t", "error", "words"), BAD_TARGETS)
@pytest.mark.parametrize("method", [bp.squared_error, bp.squared_error.gradient])
def test_squared_error_refuses_bad_input(method, y, t, error, words):
    with pytest.raises(error, match="^" + words):
        method(y, t)


BAD_LABELS = [
    (ONES, [0], ValueError, r"labels must have shape \(2,\).*\(1,\).*\(2, 3\)"),
    (ONES, [0, 1, 2], ValueError, r"labels .*\(3,\).*\(2, 3\)"),
    (ONES, [[0], [1]], ValueError, r"labels .*\(2, 1\).*\(2, 3\)"),
    (ONES, 1, ValueError, r"labels .*\(\).*\(2, 3\)"),
    (ONES, [0, 3], ValueError, r"labels must lie in 0 to 2.*from 0 to 3.*\(2, 3\)"),
    (ONES, [-1, 2], ValueError, "labels must lie in 0 to 2.*from -1 to 2"),
    (ONES, [0.0, 1.0], TypeError, "labels must hold integers.*float64"),
    (ONES, [0.0, math.nan], TypeError, "labels must hold integers"),
    (ONES, [True, False], TypeError, "labels must hold integers.*bool"),
    (ONES, ["0", "1"], TypeError, "labels must hold integers"),
    (ONES, np.eye(3)[:2], TypeError, r"labels must hold integers.*\(2, 3\)"),
    (ONES, [[0], [0, 1]], ValueError, "labels must be an array"),
    (np.ones(3), [0, 1], ValueError, r"logits must have shape \(batch, n\).*\(3,\)"),
    (np.ones((0, 3)), np.zeros(0, int), ValueError, r"logits .*\(0, 3\)"),
    (ONES * math.nan, [0, 1], ValueError, "logits must be finite"),
    (ONES * 1j, [0, 1], TypeError, "logits must hold"),
]


@pytest.mark.parametrize(("logits", "labels", "error", "words"), BAD_LABELS)
@pytest.mark.parametrize("method", [bp.softmax_cross_entropy, bp.softmax_cross_entropy.gradient])
def test_cross_entropy_refuses_bad_input(method, logits, labels, error, words):
    with pytest.raises(error, match="^" + words):
        method(logits, labels)


@pytest.mark.parametrize("logits", [np.ones(3), [[math.inf]], np.ones((1, 0))])
def test_softmax_refuses_bad_input(logits):
    with pytest.raises(ValueError, match=r"^logits must"):
        bp.softmax(logits)


class Own:
    """A loss of a reader's own, which returns what it is told."""

    def __init__(self, C=0.0, dy=None):
        self.C, self.dy = C, dy

    def __call__(self, y, t):
        return self.C

    def gradient(self, y, t):
        return self.dy


Y = np.ones((2, 3))


@pytest.mark.parametrize("C", [0.5, 2, np.float32(0.5), np.array(0.5), True])
def test_a_loss_of_ones_own_is_one_number(C):
    assert value_of(Own(C), Y, None) == float(C)
    assert type(value_of(Own(C), Y, None)) is float


@pytest.mark.parametrize(
    ("C", "error", "words"),
    [
        (None, TypeError, "loss must return one number for the whole batch; it returned NoneType"),
        ("1", TypeError, "loss must return one number for the whole batch; it returned str"),
        (1j, TypeError, "loss must return one number for the whole batch; it returned complex"),
        (
            np.ones(2),
            TypeError,
            "loss must return one number for the whole batch: its mean, say;"
            " it returned an array of shape (2,)",
        ),
        (
            [1.0, 2.0],
            TypeError,
            "loss must return one number for the whole batch: its mean, say;"
            " it returned an array of shape (2,)",
        ),
        (math.nan, ValueError, "loss must be finite, it returned nan (y has shape (2, 3))"),
        (
            np.array(-math.inf),
            ValueError,
            "loss must be finite, it returned -inf (y has shape (2, 3))",
        ),
    ],
)
def test_a_loss_of_ones_own_that_is_no_finite_number_is_refused(C, error, words):
    with pytest.raises(error, match=f"^{re.escape(words)}$"):
        value_of(Own(C), Y, None)


def test_a_gradient_of_ones_own_is_handed_on():
    own = Own(dy=Y * 2)
    assert gradient_of(own, Y, None) is own.dy


@pytest.mark.parametrize(
    ("dy", "error", "words"),
    [
        (None, TypeError, "an array in the shape of y, (2, 3); it returned NoneType"),
        (
            np.float64(1),
            TypeError,
            "an array in the shape of y, (2, 3); it returned float64 of dtype float64 and shape ()",
        ),
        (
            Y.astype(np.float32).T,
            ValueError,
            "an array in the shape of y, (2, 3); it returned shape (3, 2)",
        ),
        (
            Y.astype(np.float32),
            TypeError,
            "the dtype of y: y is float64 of shape (2, 3); it returned float32 of shape (2, 3)",
        ),
    ],
)
def test_a_gradient_of_ones_own_that_is_not_like_y_is_refused(dy, error, words):
    with pytest.raises(error, match=f"^{re.escape('loss.gradient must return ' + words)}$"):
        gradient_of(Own(dy=dy), Y, None)


@pytest.mark.parametrize("loss", [*LOSSES, Own()], ids=lambda loss: type(loss).__name__)
def test_what_can_be_called_and_derived_is_a_loss(loss):
    check_loss(loss)


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (Own, "loss is the class Own: write Own()"),
        (3, "loss must be a loss such as squared_error, got 3"),
        (None, "loss must be a loss such as squared_error, got None"),
        (
            max,
            "loss must be a loss such as squared_error, got <built-in function max>, which has no"
            " gradient: needed are loss(y, t), one number, and loss.gradient(y, t), an array like"
            " y",
        ),
    ],
)
def test_what_is_no_loss_is_refused_in_words(loss, words):
    with pytest.raises(TypeError, match=f"^{re.escape(words)}$"):
        check_loss(loss)
