"""The bare formulas: values, slopes, extremes, dtypes, arguments left alone."""

import math

import numpy as np
import pytest

from backprop import rules

RNG = np.random.default_rng(0)
X, W, B = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=2)
DELTA = RNG.normal(size=(4, 2))
LABELS = np.array([1, 0, 2, 1])

ACTIVATIONS = [
    (rules.sigmoid, rules.sigmoid_derivative),
    (rules.tanh, rules.tanh_derivative),
    (rules.relu, rules.relu_derivative),
    (rules.leaky_relu, rules.leaky_relu_derivative),
    (rules.identity, rules.identity_derivative),
]
ELEMENTWISE = [rule for pair in ACTIVATIONS for rule in pair]


def by_complex_step(f, array):
    """The derivative of the number f(array) by each element, to the last digit."""
    slopes = np.empty(array.shape)
    for index in np.ndindex(array.shape):
        moved = array.astype(complex)
        moved[index] += 1e-30j
        slopes[index] = f(moved).imag / 1e-30
    return slopes


def test_dense_forward_adds_up_weighted_inputs_and_the_bias_for_every_unit_and_sample():
    z = rules.dense_forward(X, W, B)
    for n, j in np.ndindex(4, 2):
        by_hand = sum(X[n, i] * W[i, j] for i in range(3)) + B[j]
        assert z[n, j] == pytest.approx(by_hand, rel=1e-14)
    assert z.shape == (4, 2)


def test_dense_forward_without_biases():
    np.testing.assert_array_equal(rules.dense_forward(X, W), X @ W)
    np.testing.assert_array_equal(rules.dense_forward(X, W, None), X @ W)


def test_dense_backward_is_the_slope_of_dense_forward_in_x_w_and_b():
    dx, dW, db = rules.dense_backward(DELTA, X, W)
    expected = [
        by_complex_step(lambda x: (DELTA * rules.dense_forward(x, W + 0j, B)).sum(), X),
        by_complex_step(lambda W: (DELTA * rules.dense_forward(X, W, B)).sum(), W),
        by_complex_step(lambda b: (DELTA * rules.dense_forward(X, W + 0j, b)).sum(), B),
    ]
    for found, slopes in zip((dx, dW, db), expected, strict=True):
        np.testing.assert_allclose(found, slopes, rtol=1e-12, atol=1e-14)


def test_dense_backward_in_numbers():
    dx, dW, db = rules.dense_backward(
        np.array([[1.0, 10.0], [100.0, 0.0]]), np.array([[1.0], [2.0]]), np.array([[3.0, 5.0]])
    )
    assert dx.tolist() == [[53], [300]]
    assert dW.tolist() == [[201, 10]]
    assert db.tolist() == [101, 10]


@pytest.mark.parametrize(
    ("rule", "formula"),
    [
        (rules.sigmoid, lambda z: 0.5 + 0.5 * math.tanh(z / 2)),
        (rules.sigmoid_derivative, lambda z: 0.25 / math.cosh(z / 2) ** 2),
        (rules.tanh, lambda z: (math.exp(2 * z) - 1) / (math.exp(2 * z) + 1)),
        (rules.tanh_derivative, lambda z: 4 / (math.exp(z) + math.exp(-z)) ** 2),
        (rules.relu, lambda z: (z + abs(z)) / 2),
        (rules.relu_derivative, lambda z: (1 + math.copysign(1, z)) / 2),
        (rules.leaky_relu, lambda z: (1.01 * z + 0.99 * abs(z)) / 2),
        (rules.leaky_relu_derivative, lambda z: (1.01 + math.copysign(0.99, z)) / 2),
        (rules.identity, lambda z: z),
        (rules.identity_derivative, lambda z: 1.0),
    ],
)
def test_element_by_element_rules_are_their_formulas(rule, formula):
    z = np.array([[-9.0, -2.5, -0.5], [0.25, 1.0, 8.0]])
    found = rule(z)
    for index in np.ndindex(z.shape):
        assert found[index] == pytest.approx(formula(z[index]), rel=1e-12)


def test_values_at_zero():
    zero = np.array([0.0, -0.0])
    assert [rule(zero).tolist() for rule in ELEMENTWISE] == [
        [0.5, 0.5],
        [0.25, 0.25],
        [0, 0],
        [1, 1],
        [0, 0],
        [0, 0],
        [0, 0],
        [0.01, 0.01],
        [0, 0],
        [1, 1],
    ]


@pytest.mark.parametrize(
    ("analytic", "derivative"),
    [
        (lambda z: 1 / (1 + np.exp(-z)), rules.sigmoid_derivative),
        (np.tanh, rules.tanh_derivative),
        (lambda z: z * (z.real > 0), rules.relu_derivative),
        (lambda z: z * (0.01 + 0.99 * (z.real > 0)), rules.leaky_relu_derivative),
        (lambda z: z, rules.identity_derivative),
    ],
)
def test_a_derivative_is_the_slope_of_its_function(analytic, derivative):
    z = np.linspace(-5.05, 5.05, 40)
    slopes = by_complex_step(lambda z: analytic(z).sum(), z)
    np.testing.assert_allclose(derivative(z), slopes, rtol=1e-12)


@pytest.mark.parametrize("rule", ELEMENTWISE)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_no_finite_number_overflows_or_leaves_its_dtype(rule, dtype):
    largest = float(np.finfo(dtype).max)
    z = np.array([min(size, largest) for size in (1e-300, 1.0, 88.0, 710.0, 1e38, 1e300)], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for values in (z, -z):
            found = rule(values)
            assert np.isfinite(found).all()
            assert found.dtype == dtype


def test_limits_far_from_zero_are_exact():
    far = np.array([-1e300, 1e300])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert [rule(far).tolist() for rule in ELEMENTWISE] == [
            [0, 1],
            [0, 0],
            [-1, 1],
            [0, 0],
            [0, 1e300],
            [0, 1],
            [-0.01 * 1e300, 1e300],
            [0.01, 1],
            [-1e300, 1e300],
            [1, 1],
        ]


@pytest.mark.parametrize("slope", [0.3, 1e-12, 0.999])
def test_a_leaky_relu_leaks_as_much_as_it_is_told(slope):
    z = np.array([[-2.0, 0.5], [0.0, -1e-3]])
    assert rules.leaky_relu(z, slope).tolist() == [[-2 * slope, 0.5], [0, -1e-3 * slope]]
    assert rules.leaky_relu_derivative(z, slope).tolist() == [[slope, 1], [slope, slope]]


def test_small_numbers_keep_their_digits_where_one_minus_them_would_not():
    z = np.array([40.0, 300.0])
    np.testing.assert_allclose(rules.sigmoid(-z), np.exp(-z), rtol=1e-14)
    np.testing.assert_allclose(rules.sigmoid_derivative(z), np.exp(-z), rtol=1e-14)
    np.testing.assert_allclose(rules.tanh_derivative(z), 4 * np.exp(-2 * z), rtol=1e-14)


@pytest.mark.parametrize("rule", ELEMENTWISE)
def test_what_comes_out_is_a_new_array(rule):
    z = np.array([[-1.0, 2.0]])
    found = rule(z)
    found += 1
    assert z.tolist() == [[-1, 2]]


def test_squared_error_in_numbers():
    y, t = np.array([[1.0, 2.0], [0.0, 5.0]]), np.array([[4.0, 2.0], [2.0, 1.0]])
    assert rules.squared_error(y, t) == (9 / 2 + (4 + 16) / 2) / 2
    assert rules.squared_error_gradient(y, t).tolist() == [[-1.5, 0], [-1, 2]]
    assert type(rules.squared_error(y, t)) is float


def test_squared_error_of_float32_is_taken_in_float64():
    y, t = np.full((1, 1), 1e30, np.float32), np.zeros((1, 1), np.float32)
    assert rules.squared_error(y, t) == 0.5 * float(np.float32(1e30)) ** 2
    assert rules.squared_error_gradient(y, t).dtype == np.float32


def test_a_mean_fits_where_the_sum_would_not():
    y = np.full((4, 1), 1e154)
    with np.errstate(all="raise"):
        assert rules.squared_error(y, 0 * y) == pytest.approx(5e307, rel=1e-14)
        logits = np.array([[0.0, 8e307]] * 4)
        zeros = np.zeros(4, int)
    with np.errstate(over="raise"):
        assert rules.softmax_cross_entropy(logits, zeros) == pytest.approx(8e307, rel=1e-14)


def test_squared_error_gradient_is_the_slope_of_squared_error():
    y, t = X, RNG.normal(size=(4, 3))
    slopes = by_complex_step(lambda y: (0.5 * ((y - t) ** 2).sum(axis=1)).mean(), y)
    np.testing.assert_allclose(rules.squared_error_gradient(y, t), slopes, rtol=1e-13)


def test_softmax_is_the_share_of_each_exponential_in_its_row():
    p = rules.softmax(X)
    for row, logits in zip(p, X, strict=True):
        total = sum(math.exp(z) for z in logits)
        assert row.tolist() == pytest.approx([math.exp(z) / total for z in logits], rel=1e-14)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-15)


def test_cross_entropy_is_the_mean_of_minus_the_log_of_the_right_share():
    shares = [math.exp(X[n, k]) / sum(np.exp(X[n])) for n, k in enumerate(LABELS)]
    by_hand = -sum(math.log(p) for p in shares) / 4
    assert rules.softmax_cross_entropy(X, LABELS) == pytest.approx(by_hand, rel=1e-14)
    assert type(rules.softmax_cross_entropy(X, LABELS)) is float


def test_cross_entropy_gradient_is_the_slope_of_cross_entropy():
    def loss(logits):
        right = logits[np.arange(4), LABELS]
        return (np.log(np.exp(logits).sum(axis=1)) - right).mean()

    found = rules.softmax_cross_entropy_gradient(X, LABELS)
    np.testing.assert_allclose(found, by_complex_step(loss, X), rtol=1e-12)


def test_softmax_and_cross_entropy_keep_their_digits_at_any_size():
    far = np.array([[-1e300, 1e300, 0.0], [1000.0, 1000.0, 1000.0]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert rules.softmax(far).tolist() == [[0, 1, 0], [1 / 3] * 3]
        loss = rules.softmax_cross_entropy(far, np.array([0, 2]))
        assert loss == pytest.approx(1e300, rel=1e-14)
        gradient = rules.softmax_cross_entropy_gradient(far, np.array([0, 2]))
    np.testing.assert_allclose(gradient, [[-0.5, 0.5, 0], [1 / 6, 1 / 6, -1 / 3]], rtol=1e-14)


def test_cross_entropy_of_float32_is_taken_in_float64():
    largest = np.finfo(np.float32).max
    logits = np.array([[-largest, largest]], np.float32)
    with np.errstate(over="ignore"):  # the distance is infinite in float32, and its exponential 0
        assert rules.softmax(logits).tolist() == [[0, 1]]
        loss = rules.softmax_cross_entropy(logits, np.array([0]))
        gradient = rules.softmax_cross_entropy_gradient(logits, np.array([0]))
    assert loss == 2 * float(largest)
    assert gradient.tolist() == [[-1, 1]]
    assert gradient.dtype == np.float32
    assert rules.softmax(X.astype(np.float32)).dtype == np.float32


def test_arguments_stay_as_they_were():
    arrays = [X.copy(), W.copy(), B.copy(), DELTA.copy(), LABELS.copy()]
    x, W_, b, delta, labels = (array.copy() for array in arrays)
    rules.dense_forward(x, W_, b)
    rules.dense_backward(delta, x, W_)
    rules.squared_error(delta, delta + 1)
    rules.squared_error_gradient(delta, delta + 1)
    rules.softmax(x)
    rules.softmax_cross_entropy(x, labels)
    rules.softmax_cross_entropy_gradient(x, labels)
    for before, after in zip(arrays, (x, W_, b, delta, labels), strict=True):
        np.testing.assert_array_equal(before, after)


def test_float32_stays_float32_through_a_dense_layer():
    x, W_, b, delta = (array.astype(np.float32) for array in (X, W, B, DELTA))
    found = [rules.dense_forward(x, W_, b), *rules.dense_backward(delta, x, W_)]
    assert {array.dtype for array in found} == {np.dtype(np.float32)}
