"""Activation functions: values, derivatives, extremes, dtypes, refusals."""

import math

import numpy as np
import pytest

import backprop as bp
from backprop import activations, rules

PAIRS = [
    (bp.sigmoid, bp.sigmoid_derivative),
    (bp.tanh, bp.tanh_derivative),
    (bp.relu, bp.relu_derivative),
    (bp.leaky_relu, bp.leaky_relu_derivative),
    (bp.identity, bp.identity_derivative),
]
FUNCTIONS = [function for pair in PAIRS for function in pair]
EXTREMES = [
    0.0,
    5e-324,
    1e-310,
    1e-300,
    1e-40,
    1.0,
    36.0,
    37.0,
    709.0,
    710.0,
    745.0,
    746.0,
    1e4,
    1e300,
    1.7e308,
]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (bp.sigmoid, lambda z: 1 / (1 + math.exp(-z))),
        (bp.sigmoid_derivative, lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
        (bp.tanh, math.tanh),
        (bp.tanh_derivative, lambda z: 1 / math.cosh(z) ** 2),
        (bp.relu, lambda z: max(0.0, z)),
        (bp.relu_derivative, lambda z: 1.0 if z > 0 else 0.0),
        (bp.leaky_relu, lambda z: max(0.01 * z, z)),
        (bp.leaky_relu_derivative, lambda z: 1.0 if z > 0 else 0.01),
        (bp.identity, lambda z: z),
        (bp.identity_derivative, lambda z: 1.0),
    ],
)
def test_values_are_those_of_the_formula(function, expected):
    z = np.concatenate([np.linspace(-30, 30, 121), [-1e-8, 1e-8]])
    np.testing.assert_allclose(function(z), [expected(float(value)) for value in z], rtol=1e-13)


@pytest.mark.parametrize(("function", "derivative"), PAIRS)
def test_derivative_agrees_with_differences(function, derivative):
    z = np.linspace(-5.05, 5.05, 102)  # not at the kink of relu
    h = 1e-5
    differences = (function(z + h) - function(z - h)) / (2 * h)
    np.testing.assert_allclose(derivative(z), differences, rtol=1e-6, atol=1e-9)


def test_relu_derivative_at_zero_is_zero():
    assert bp.relu_derivative(np.array([0.0, -0.0, 5e-324])).tolist() == [0, 0, 1]


def test_leaky_relu_has_the_slope_that_is_asked_for_also_at_zero():
    z = np.array([[-4.0, -0.0, 0.0], [5e-324, 2.0, -1e300]])
    assert bp.leaky_relu(z, 0.25).tolist() == [[-1, 0, 0], [5e-324, 2, -2.5e299]]
    assert bp.leaky_relu_derivative(z, slope=0.25).tolist() == [[0.25] * 3, [1, 1, 0.25]]
    single = z[:1].astype(np.float32)
    assert bp.leaky_relu(single, np.float64(0.25)).dtype == np.float32
    assert bp.leaky_relu_derivative(single, 0.1).dtype == np.float32


@pytest.mark.parametrize("call", [bp.leaky_relu, bp.leaky_relu_derivative])
@pytest.mark.parametrize(
    ("slope", "error", "words"),
    [
        (0, ValueError, "slope must be finite and above 0, got 0.0"),
        (-0.01, ValueError, "slope must be finite and above 0, got -0.01"),
        (1, ValueError, "slope must be below 1, got 1.0"),
        (math.inf, ValueError, "slope must be finite and above 0, got inf"),
        (math.nan, ValueError, "slope must be finite and above 0, got nan"),
        ("0.01", TypeError, "slope must be a number, got '0.01'"),
        (True, TypeError, "slope must be a number, got True"),
        (None, TypeError, "slope must be a number, got None"),
    ],
)
def test_a_slope_that_is_none_of_a_leaky_relu_is_refused(call, slope, error, words):
    with pytest.raises(error, match=f"^{words}$"):
        call([1.0, -1.0], slope)
    with pytest.raises(error, match=f"^{words}$"):
        bp.LeakyReLU(slope)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_extreme_numbers_give_finite_results_without_any_warning(function, dtype):
    largest = float(np.finfo(dtype).max)
    z = np.array([min(e, largest) for e in EXTREMES], dtype)
    with np.errstate(all="raise"):
        for values in (z, -z):
            result = function(values)
            assert np.isfinite(result).all()
            assert result.dtype == dtype


def test_saturated_values_are_exact():
    assert bp.sigmoid([-1e300, 1e300]).tolist() == [0, 1]
    assert bp.tanh([-1e300, 1e300]).tolist() == [-1, 1]
    assert bp.sigmoid_derivative([-1e300, 1e300]).tolist() == [0, 0]
    assert bp.tanh_derivative([-1e300, 1e300]).tolist() == [0, 0]
    assert bp.relu([-1e300, 1e300]).tolist() == [0, 1e300]
    assert bp.leaky_relu([-1e300, 1e300], 0.5).tolist() == [-5e299, 1e300]


@pytest.mark.parametrize("derivative", [bp.sigmoid_derivative, bp.tanh_derivative])
def test_derivative_keeps_its_digits_where_the_function_has_rounded_to_one(derivative):
    z = np.array([20.0, 40.0, 300.0])
    tail = {bp.sigmoid_derivative: np.exp(-z), bp.tanh_derivative: 4 * np.exp(-2 * z)}[derivative]
    np.testing.assert_allclose(derivative(z), tail, rtol=1e-8)
    np.testing.assert_array_equal(derivative(-z), derivative(z))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4), (0,)])
def test_shape_is_kept_and_the_argument_untouched(function, shape):
    z = np.full(shape, -1.5)
    result = function(z)
    assert np.shape(result) == shape
    assert (z == -1.5).all()
    assert not np.shares_memory(result, z)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_dtype_float32_is_kept_and_integers_become_float64(function):
    assert function(np.ones(3, np.float32)).dtype == np.float32
    for dtype in (np.int8, np.uint8, np.int64):
        assert function(np.array([1, 0, 2], dtype)).dtype == np.float64
    assert function([1, 2]).dtype == np.float64


def test_unsigned_integers_do_not_wrap_around():
    z = np.array([2], np.uint8)
    np.testing.assert_array_equal(bp.sigmoid_derivative(z), bp.sigmoid_derivative([2.0]))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("z", "error", "words"),
    [
        ([1.0, math.nan], ValueError, r"z must be finite, got nan at index \[1\].*shape \(2,\)"),
        ([[1.0], [math.inf]], ValueError, r"z must be finite, got inf at index \[1, 0\]"),
        (-math.inf, ValueError, r"z must be finite, got -inf \(z has shape \(\)"),
        (np.ones(2, np.float16), TypeError, "z must hold .* got dtype float16"),
        (np.ones(2, complex), TypeError, "z must hold .* got dtype complex128"),
        (np.ones(2, ">f8"), TypeError, "z must hold .* got dtype >f8"),
        ([True], TypeError, "z must hold .* got dtype bool"),
        (["1"], TypeError, "z must hold"),
        (None, TypeError, "z must hold"),
        ([[1.0], [1.0, 2.0]], ValueError, "z must be an array, every row as long"),
    ],
)
def test_bad_input_is_refused(function, z, error, words):
    with pytest.raises(error, match="^" + words):
        function(z)


def test_a_rule_gets_a_door_and_keeps_its_name_and_words():
    tanh = activations.checked(rules.tanh)
    assert (tanh.__name__, tanh.__module__) == ("tanh", "backprop.activations")
    assert tanh.__doc__ == rules.tanh.__doc__
    with np.errstate(all="raise"):
        assert tanh([1000, 0]).tolist() == [1, 0]
        assert activations.checked(rules.sigmoid_derivative)([1e300]).tolist() == [0]
    with pytest.raises(ValueError, match=r"^z must be finite, got nan at index \[0\]"):
        tanh([math.nan])
    leaky = activations.checked_with_slope(rules.leaky_relu)
    assert (leaky.__name__, leaky.__module__) == ("leaky_relu", "backprop.activations")
    assert leaky.__doc__ == rules.leaky_relu.__doc__
    with np.errstate(all="raise"):
        assert leaky([-5e-324], 0.1).tolist() == [0], "too small for a float, without a warning"
