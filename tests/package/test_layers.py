"""Layers by themselves: values, gradients, what they remember, refusals."""

import math

import numpy as np
import pytest

import backprop as bp
from backprop.layers import Activation

ACTIVATIONS = [bp.Sigmoid, bp.Tanh, bp.ReLU, bp.LeakyReLU, bp.Identity]
ONES = np.ones((2, 3))


def dense(n_in=3, n_out=2, dtype=np.float64):
    rng = np.random.default_rng(n_in + 10 * n_out)
    return bp.Dense(
        rng.normal(size=(n_in, n_out)).astype(dtype), rng.normal(size=n_out).astype(dtype)
    )


def differences(f, array):
    """The derivative of the number f() by each element of array, which f reads."""
    slopes = np.empty_like(array)
    h = 1e-6
    for index in np.ndindex(array.shape):
        start = array[index]
        array[index] = start + h
        above = f()
        array[index] = start - h
        slopes[index] = (above - f()) / (2 * h)
        array[index] = start
    return slopes


def state(layer):
    """A deep copy of everything a layer holds."""
    return {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in vars(layer).items()
    }


def assert_state(layer, before):
    assert vars(layer).keys() == before.keys()
    for name, value in vars(layer).items():
        np.testing.assert_array_equal(value, before[name], err_msg=name)


def test_dense_forward_is_x_w_plus_b():
    layer = bp.Dense([[1, 2, 3], [4, 5, 6]], [10, 20, 30])
    assert layer.forward([[1, 0], [0, 2]]).tolist() == [[11, 22, 33], [18, 30, 42]]


@pytest.mark.parametrize(("n", "n_in", "n_out"), [(1, 1, 1), (4, 3, 2), (3, 3, 3), (1, 2, 5)])
def test_dense_backward_agrees_with_differences(n, n_in, n_out):
    rng = np.random.default_rng(0)
    layer, x, weights = dense(n_in, n_out), rng.normal(size=(n, n_in)), rng.normal(size=(n, n_out))

    def loss():
        return float((weights * np.tanh(layer.forward(x))).sum())

    dW, db, dx_expected = (differences(loss, array) for array in (layer.W, layer.b, x))
    z = layer.forward(x)
    dx = layer.backward(weights / np.cosh(z) ** 2)
    np.testing.assert_allclose(layer.dW, dW, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(layer.db, db, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(dx, dx_expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_activation_backward_agrees_with_differences(kind):
    rng = np.random.default_rng(0)
    layer, z, weights = kind(), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    expected = differences(lambda: float((weights * layer.forward(z)).sum()), z)
    layer.forward(z)
    np.testing.assert_allclose(layer.backward(weights), expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(
    ("kind", "function"),
    [
        (bp.Sigmoid, bp.sigmoid),
        (bp.Tanh, bp.tanh),
        (bp.ReLU, bp.relu),
        (bp.LeakyReLU, bp.leaky_relu),
        (bp.Identity, bp.identity),
    ],
)
def test_activation_forward_is_its_function(kind, function):
    z = np.linspace(-3, 3, 6).reshape(2, 3)
    np.testing.assert_array_equal(kind().forward(z), function(z))


def test_relu_lets_no_gradient_through_at_zero():
    layer = bp.ReLU()
    layer.forward([[-1, 0, 1]])
    assert layer.backward([[5, 5, 5]]).tolist() == [[0, 0, 5]]


def test_leaky_relu_lets_a_part_of_the_gradient_through_up_to_zero():
    layer = bp.LeakyReLU(slope=0.25)
    assert layer.forward([[-4, 0, 2]]).tolist() == [[-1, 0, 2]]
    assert layer.backward([[8, 8, 8]]).tolist() == [[2, 2, 8]]
    assert (layer.slope, bp.LeakyReLU().slope) == (0.25, 0.01)
    assert type(bp.LeakyReLU(np.float32(0.5)).slope) is float


def test_dense_copies_what_it_is_given():
    W, b = np.ones((2, 2)), np.ones(2)
    layer = bp.Dense(W, b)
    layer.W += 1
    layer.b += 1
    assert (W == 1).all()
    assert (b == 1).all()


def test_gradients_are_zeros_before_and_new_arrays_after_each_backward():
    layer = dense()
    dW, db = layer.dW, layer.db
    assert not dW.any()
    assert not db.any()
    assert layer.has_gradient is False
    layer.forward(ONES)
    assert not layer.has_gradient
    layer.backward(np.ones((2, 2)))
    assert layer.has_gradient
    assert layer.dW.tolist() == [[2, 2]] * 3
    assert layer.db.tolist() == [2, 2]
    assert not dW.any()
    assert not db.any()
    layer.backward(np.ones((2, 2)))
    assert layer.db.tolist() == [2, 2], "a second backward replaces, it doesn't add"


def test_layers_remember_what_they_were_given():
    layer = dense()
    assert layer.x is None
    layer.forward(ONES)
    assert layer.x is ONES
    for kind in ACTIVATIONS:
        activation = kind()
        assert activation.z is None
        activation.forward(ONES)
        assert activation.z is ONES
        assert kind().z is None, "another object remembers nothing"


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_dtype_is_kept_throughout(dtype):
    layer = dense(dtype=dtype)
    x = ONES.astype(dtype)
    z = layer.forward(x)
    dx = layer.backward(np.ones((2, 2), dtype))
    arrays = [layer.W, layer.b, layer.dW, layer.db, z, dx]
    for kind in ACTIVATIONS:
        activation = kind()
        arrays += [activation.forward(x), activation.backward(x)]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_integers_become_float64():
    layer = bp.Dense([[1], [2]], [3])
    assert layer.W.dtype == layer.b.dtype == layer.dW.dtype == np.float64
    assert bp.Dense([[1.5], [2]], [3]).b.dtype == np.float64
    assert layer.forward(np.array([[1, 1]], np.uint8)).dtype == np.float64
    assert layer.backward([[1]]).dtype == np.float64
    assert bp.ReLU().forward([[1]]).dtype == np.float64


def test_integers_take_the_dtype_of_a_dense_layer_on_both_ways():
    layer = dense(dtype=np.float32)
    assert layer.forward([[1, 2, 3]]).dtype == np.float32
    assert layer.backward([[1, 2]]).dtype == np.float32
    assert layer.dW.tolist() == [[1, 2], [2, 4], [3, 6]]


def test_extremes_pass_without_a_warning():
    layer = bp.Dense([[1e-300, 1e300]], [0.0, 0.0])
    with np.errstate(all="raise"):
        assert layer.forward([[1e-300], [1e8]]).tolist() == [[0, 1], [1e-292, 1e308]]
        layer.backward([[1e-300, 1e-300], [0, 0]])
        for kind in ACTIVATIONS:
            activation = kind()
            assert np.isfinite(activation.forward([[1e300, -1e300, 1e-300]])).all()
            assert np.isfinite(activation.backward([[1e300, -1e300, 1e-300]])).all()


@pytest.mark.parametrize("kind", [bp.Sigmoid, bp.Tanh])
def test_gradients_too_small_for_a_float_vanish_without_a_warning(kind):
    layer = kind()
    layer.forward([[-300.0, 0.0, 300.0]])
    with np.errstate(all="raise"):
        da = layer.backward([[1e-300, 1e-300, 1e-300]])
    np.testing.assert_array_equal(da > 0, [[False, True, False]])


@pytest.mark.parametrize(
    ("scheme", "deviation"),
    [("xavier", math.sqrt(2 / (300 + 200))), ("he", math.sqrt(2 / 300)), ("normal", 1.0)],
)
def test_random_weights_have_the_deviation_of_their_scheme(scheme, deviation):
    layer = bp.Dense.random(300, 200, rng=np.random.default_rng(0), scheme=scheme)
    assert layer.W.shape == (300, 200)
    assert layer.W.std() == pytest.approx(deviation, rel=0.02)
    assert abs(layer.W.mean()) < 0.02 * deviation
    assert layer.b.tolist() == [0] * 200


def test_random_weights_come_from_the_generator_alone():
    first, again = (bp.Dense.random(3, 2, rng=np.random.default_rng(5)).W for _ in range(2))
    np.testing.assert_array_equal(first, again)
    xavier = bp.Dense.random(3, 2, rng=np.random.default_rng(5), scheme="xavier").W
    np.testing.assert_array_equal(first, xavier)
    rng = np.random.default_rng(5)
    bp.Dense.random(3, 2, rng=rng)
    second = bp.Dense.random(3, 2, rng=rng).W
    assert (first != second).all()


def test_random_float32():
    layer = bp.Dense.random(3, 2, rng=np.random.default_rng(0), dtype=np.float32)
    assert layer.W.dtype == layer.b.dtype == np.float32


def test_random_accepts_numpy_integers():
    layer = bp.Dense.random(np.int64(1), np.int32(1), rng=np.random.default_rng(0))
    assert layer.W.shape == (1, 1)


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"n_in": 0}, ValueError, "n_in must be at least 1, got 0"),
        ({"n_out": -1}, ValueError, "n_out must be at least 1, got -1"),
        ({"n_in": 2.0}, TypeError, "n_in must be an integer, got 2.0"),
        ({"n_out": True}, TypeError, "n_out must be an integer, got True"),
        ({"rng": 0}, TypeError, "rng must be a numpy.random.Generator, got int"),
        ({"rng": np.random.RandomState(0)}, TypeError, "rng must be .*RandomState"),
        ({"rng": None}, TypeError, "rng must be"),
        ({"scheme": ["he"]}, ValueError, r"scheme must be one of .*\['he'\]"),
        ({"scheme": "Xavier"}, ValueError, "scheme must be one of .*'xavier'.*'he'.*'normal'"),
        ({"dtype": np.int64}, TypeError, "dtype must be float64 or float32, got int64"),
        ({"dtype": np.float16}, TypeError, "dtype must be float64 or float32, got float16"),
        ({"dtype": "foo"}, TypeError, "dtype must be float64 or float32, got 'foo'"),
        ({"dtype": 3}, TypeError, "dtype must be float64 or float32, got 3"),
    ],
)
def test_random_refuses_bad_arguments_and_uses_up_no_random_numbers(arguments, error, words):
    before = RNG.bit_generator.state
    with pytest.raises(error, match="^" + words):
        bp.Dense.random(**{"n_in": 2, "n_out": 2, "rng": RNG} | arguments)
    assert RNG.bit_generator.state == before


def test_random_needs_a_generator():
    with pytest.raises(TypeError, match="rng"):
        bp.Dense.random(2, 2)


@pytest.mark.parametrize(
    ("W", "b", "error", "words"),
    [
        (np.ones(3), np.ones(3), ValueError, r"W must have shape \(n_in, n_out\).*\(3,\)"),
        (1.0, 1.0, ValueError, "W must have shape"),
        (np.ones((1, 2, 3)), np.ones(3), ValueError, r"W .*\(1, 2, 3\)"),
        (np.ones((0, 2)), np.ones(2), ValueError, r"W .*\(0, 2\)"),
        (np.ones((2, 0)), np.ones(0), ValueError, r"W .*\(2, 0\)"),
        (ONES, np.ones(2), ValueError, r"b must have shape \(3,\) to fit W.*\(2,\).*\(2, 3\)"),
        (ONES, np.ones((1, 3)), ValueError, r"b .*\(1, 3\).*\(2, 3\)"),
        (ONES, np.ones(1), ValueError, r"b .*\(1,\).*\(2, 3\)"),
        (ONES, 0.0, ValueError, r"b .*\(\).*\(2, 3\)"),
        (ONES * math.nan, np.ones(3), ValueError, "W must be finite, got nan"),
        (ONES, [1, 2, math.inf], ValueError, r"b must be finite, got inf at index \[2\]"),
        (
            ONES.astype(np.float32),
            np.ones(3),
            TypeError,
            "b must have the dtype of .*b is float64 .*W is float32",
        ),
        (
            ONES,
            np.ones(3, np.float32),
            TypeError,
            "b must have the dtype of .*b is float32 .*W is float64",
        ),
        (
            ONES.astype(np.float32),
            [1, 2, 3],
            TypeError,
            "b must have the dtype of .*b is float64 .*W is float32",
        ),
        (ONES.astype(np.float16), np.ones(3), TypeError, "W must hold .*float16"),
        (ONES > 0, np.ones(3), TypeError, "W must hold .*bool"),
        ("ab", np.ones(3), TypeError, "W must hold"),
        ([[1, 2], [3]], np.ones(2), ValueError, "W must be an array"),
    ],
)
def test_dense_refuses_bad_parameters(W, b, error, words):
    with pytest.raises(error, match="^" + words):
        bp.Dense(W, b)


def test_a_dense_layer_without_biases_has_none_and_no_gradient_of_them():
    layer = bp.Dense([[1.0, 2.0]])
    assert layer.parameters == ("W",)
    assert layer.b is layer.db is None
    assert layer.forward([[3]]).tolist() == [[3, 6]]
    layer.backward([[1, 1]])
    assert layer.dW.tolist() == [[3, 3]]


@pytest.mark.parametrize(
    ("W", "b", "sizes"),
    [(3, 2, "3, 2"), (3, None, "n_in, n_out"), (3, 2.0, "n_in, n_out"), (3.0, 2, "n_in, n_out")],
)
def test_numbers_of_units_in_place_of_weights_are_told_what_makes_a_layer_of_them(W, b, sizes):
    words = (
        r"^W must have shape \(n_in, n_out\), being an array of weights"
        rf" \(Dense\.random\({sizes}, rng=rng\) makes a layer with random ones\), got shape \(\)$"
    )
    with pytest.raises(ValueError, match=words):
        bp.Dense(W, b)


def test_a_truth_value_in_place_of_weights_is_no_number_of_units():
    with pytest.raises(TypeError, match=r"^W must hold float64, .* got dtype bool"):
        bp.Dense(True, 2)


BAD_BATCHES = [
    (np.ones(3), ValueError, r"must have shape \(batch, n\).*\(3,\)"),
    (1.0, ValueError, r"must have shape \(batch, n\).*\(\)"),
    (np.ones((1, 2, 3)), ValueError, r"\(1, 2, 3\)"),
    (np.ones((0, 3)), ValueError, r"at least one row and one column.*\(0, 3\)"),
    (np.ones((2, 0)), ValueError, r"\(2, 0\)"),
    ([[1, 2, math.nan], [1, 2, 3]], ValueError, r"must be finite, got nan at index \[0, 2\]"),
    ([[1, 2, 3], [1, -math.inf, 3]], ValueError, r"must be finite, got -inf at index \[1, 1\]"),
    ([[1, 2, 3], [1]], ValueError, "must be an array"),
    (ONES.astype(np.float16), TypeError, "float16"),
    (ONES > 0, TypeError, "bool"),
    (ONES * 1j, TypeError, "complex"),
    (ONES.astype(str), TypeError, "must hold"),
    (None, TypeError, "must hold"),
]


@pytest.mark.parametrize(("x", "error", "words"), BAD_BATCHES)
def test_dense_forward_refuses_bad_input_and_stays_as_it_was(x, error, words):
    layer = dense()
    layer.forward(ONES)
    layer.backward(np.ones((2, 2)))
    before = state(layer)
    with pytest.raises(error, match="^x .*" + words):
        layer.forward(x)
    assert_state(layer, before)
    assert layer.x is ONES


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("shape", [(1, 2, 3), (2, 3, 4, 5)])
def test_an_activation_takes_any_shape_whose_first_axis_is_the_batch(kind, shape):
    z = np.random.default_rng(0).normal(size=shape)
    layer, flat = kind(), kind()
    for got, expected in (
        (layer.forward(z), flat.forward(z.reshape(shape[0], -1))),
        (layer.backward(z + 1), flat.backward((z + 1).reshape(shape[0], -1))),
    ):
        np.testing.assert_array_equal(got, expected.reshape(shape))


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize(
    ("z", "error", "words"), [bad for bad in BAD_BATCHES if bad[2] != r"\(1, 2, 3\)"]
)
def test_activation_refuses_bad_input_and_stays_as_it_was(kind, z, error, words):
    layer = kind()
    layer.forward(ONES)
    with pytest.raises(error, match="^z .*" + words):
        layer.forward(z)
    assert layer.z is ONES
    if "shape" in words or "row" in words:  # what da must fit is known: z
        words = r"must have shape \(2, 3\) to fit z: .*z has shape \(2, 3\)"
    with pytest.raises(error, match="^da .*" + words):
        layer.backward(z)
    assert layer.z is ONES


@pytest.mark.parametrize(
    ("x", "error", "words"),
    [
        (np.ones((2, 2)), ValueError, r"x must have shape \(2, 3\) to fit W.*\(2, 2\).*\(3, 2\)"),
        (np.ones((5, 4)), ValueError, r"x must have shape \(5, 3\) to fit W.*\(5, 4\).*\(3, 2\)"),
        (
            ONES.astype(np.float32),
            TypeError,
            "x must have the dtype of .*x is float32 of shape .*W is float64 of shape",
        ),
    ],
)
def test_dense_forward_refuses_what_does_not_fit(x, error, words):
    layer = dense()
    with pytest.raises(error, match="^" + words):
        layer.forward(x)
    assert layer.x is None


@pytest.mark.parametrize(
    ("delta", "error", "words"),
    [
        (ONES, ValueError, r"delta must have shape \(2, 2\) to fit W.*\(2, 3\).*\(3, 2\)"),
        (np.ones((1, 2)), ValueError, r"delta must have shape \(2, 2\).*\(1, 2\)"),
        (np.ones((2, 1)), ValueError, r"delta must have shape \(2, 2\).*\(2, 1\)"),
        (np.ones(2), ValueError, r"delta must have shape \(2, 2\).*\(2,\).*\(3, 2\)"),
        (
            np.ones((2, 2), np.float32),
            TypeError,
            "delta must have the dtype of .*delta is float32 .*W is float64",
        ),
        ([[1, 2], [3, math.nan]], ValueError, "delta must be finite, got nan"),
        ([[True, True]] * 2, TypeError, "delta must hold .*bool"),
    ],
)
def test_dense_backward_refuses_bad_delta_and_stays_as_it_was(delta, error, words):
    layer = dense()
    layer.forward(ONES)
    layer.backward(np.ones((2, 2)))
    before = state(layer)
    with pytest.raises(error, match="^" + words):
        layer.backward(delta)
    assert_state(layer, before)


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize(
    ("da", "error", "words"),
    [
        (np.ones((2, 1)), ValueError, r"da must have shape \(2, 3\) to fit z.*\(2, 1\).*\(2, 3\)"),
        (np.ones((1, 3)), ValueError, r"da must have shape \(2, 3\) to fit z.*\(1, 3\)"),
        (
            ONES.astype(np.float32),
            TypeError,
            "da must have the dtype of .*da is float32 .*z is float64",
        ),
    ],
)
def test_activation_backward_refuses_what_does_not_fit(kind, da, error, words):
    layer = kind()
    layer.forward(ONES)
    with pytest.raises(error, match="^" + words):
        layer.backward(da)


@pytest.mark.parametrize("layer", [dense(), *(kind() for kind in ACTIVATIONS)], ids=repr)
def test_backward_before_forward_is_refused(layer):
    with pytest.raises(RuntimeError, match=r"^backward needs a forward before it"):
        layer.backward(ONES)


@pytest.mark.parametrize(
    ("name", "value", "error", "words"),
    [
        ("W", np.ones((2, 3)), ValueError, r"b must have shape \(3,\) to fit W"),
        ("W", np.ones((4, 2)), ValueError, r"W must have shape \(3, 2\) to fit dW.*\(4, 2\)"),
        ("b", np.ones(3), ValueError, r"b must have shape \(2,\) to fit W"),
        (
            "W",
            np.ones((3, 2), np.float32),
            TypeError,
            "b must have the dtype of .*b is float64 .*W is float32",
        ),
        ("W", np.ones((3, 2), int), TypeError, "W must be an array of float64 .*int64"),
        ("W", [[1.0, 2.0]] * 3, TypeError, "W must be an array .*got list"),
        ("b", None, TypeError, "b must be an array .*got NoneType"),
        ("W", np.full((3, 2), math.nan), ValueError, "W must be finite"),
        ("b", np.array([0, math.inf]), ValueError, "b must be finite"),
        ("db", 0.0, TypeError, "db must be an array"),
        ("dW", np.ones((2, 3)), ValueError, r"W must have shape \(2, 3\) to fit dW.*\(3, 2\)"),
        (
            "db",
            np.ones(2, np.float32),
            TypeError,
            "b must have the dtype of .*b is float64 .*db is float32",
        ),
    ],
)
def test_parameters_replaced_by_what_does_not_fit_are_refused(name, value, error, words):
    layer = dense()
    layer.forward(ONES)
    setattr(layer, name, value)
    with pytest.raises(error, match="^" + words):
        layer.forward(ONES + 1)
    with pytest.raises(error, match="^" + words):
        layer.backward(np.ones((2, 2)))
    assert layer.x is ONES
    assert not layer.has_gradient


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_overflow_is_refused_without_a_warning_and_changes_nothing(dtype):
    big = np.finfo(dtype).max / 2
    layer = bp.Dense(np.full((3, 2), big, dtype), np.zeros(2, dtype))
    x = np.full((2, 3), 0.25, dtype)
    layer.forward(x)
    before = state(layer)
    with np.errstate(all="raise"), pytest.raises(ValueError, match=r"^z overflows.*\(2, 2\)"):
        layer.forward(ONES.astype(dtype))
    with np.errstate(all="raise"), pytest.raises(ValueError, match=r"^dx overflows.*\(2, 3\)"):
        layer.backward(np.full((2, 2), 2, dtype))
    assert_state(layer, before)
    layer.W[:] = 0
    layer.forward(np.full((2, 3), big, dtype))
    with np.errstate(all="raise"), pytest.raises(ValueError, match=r"^dW overflows.*\(3, 2\)"):
        layer.backward(np.full((2, 2), 2, dtype))
    layer.forward(np.zeros((2, 3), dtype))
    with np.errstate(all="raise"), pytest.raises(ValueError, match=r"^db overflows.*\(2,\)"):
        layer.backward(np.full((2, 2), 1.5 * big, dtype))
    assert not layer.has_gradient


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("large", ["x", "delta"])
def test_large_factors_whose_product_fits_are_accepted(dtype, large):
    """Their sums of squares overflow, dW does not."""
    huge, tiny = np.finfo(dtype).max / 4, np.finfo(dtype).eps
    layer = bp.Dense(np.zeros((3, 2), dtype), np.zeros(2, dtype))
    x = np.full((2, 3), huge if large == "x" else tiny, dtype)
    delta = np.full((2, 2), tiny if large == "x" else huge, dtype)
    layer.forward(x)
    layer.backward(delta)
    np.testing.assert_allclose(layer.dW, np.full((3, 2), 2 * huge * tiny), rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_an_overflow_of_two_factors_of_ordinary_size_is_refused(dtype):
    """Each sum of squares fits four times, dW does not: only many samples together are too much."""
    largest = float(np.finfo(dtype).max)
    n = 400
    x = np.full((n, 1), (largest / (5 * n)) ** 0.5, dtype)
    delta = np.full((n, 1), (largest / (5 * n)) ** 0.5, dtype)
    layer = bp.Dense(np.zeros((1, 1), dtype), np.zeros(1, dtype))
    layer.forward(x)
    layer.backward(delta)
    np.testing.assert_allclose(layer.dW, [[largest / 5]], rtol=1e-4)
    x *= 3
    before = state(layer)
    with np.errstate(all="raise"), pytest.raises(ValueError, match=r"^dW overflows"):
        layer.backward(delta * 3)
    assert_state(layer, before)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("large", ["x", "delta"])
def test_an_overflow_is_refused_whichever_factor_is_too_large(dtype, large):
    big, ten = np.finfo(dtype).max / 2, 10
    x, delta = (big, ten) if large == "x" else (ten, big)
    layer = bp.Dense(np.zeros((1, 1), dtype), np.zeros(1, dtype))
    layer.forward(np.full((1, 1), x, dtype))
    before = state(layer)
    with np.errstate(all="raise"), pytest.raises(ValueError, match=r"^dW overflows"):
        layer.backward(np.full((1, 1), delta, dtype))
    assert_state(layer, before)


def test_an_input_spoiled_after_forward_is_refused_by_name():
    layer, x = dense(), ONES.copy()
    layer.forward(x)
    x[0, 0] = math.nan
    before = state(layer)
    with pytest.raises(ValueError, match=r"^x must be finite, got nan"):
        layer.backward(np.ones((2, 2)))
    assert_state(layer, before)


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_what_an_activation_was_given_is_refused_by_name_if_it_is_spoiled_after_forward(kind):
    layer, z = kind(), ONES.copy()
    layer.forward(z)
    z[1, 2] = math.inf
    words = r"^z must be finite, got inf at index \[1, 2\] \(z has shape \(2, 3\)\)$"
    with pytest.raises(ValueError, match=words):
        layer.backward(ONES)


def test_large_finite_numbers_are_not_refused():
    layer = bp.Dense(np.full((2, 2), 1e300), np.full(2, 1e300))
    assert layer.forward(np.full((3, 2), 1.0)).tolist() == [[3e300, 3e300]] * 3
    layer.backward(np.full((3, 2), 1e-10))
    layer = bp.Dense(np.full((2, 2), 1e30, np.float32), np.zeros(2, np.float32))
    assert np.isfinite(layer.forward(np.full((3, 2), 1e5, np.float32))).all()


def test_arrays_need_not_be_contiguous():
    layer = dense(3, 2)
    x = np.ones((3, 2)).T
    np.testing.assert_array_equal(layer.forward(x), layer.forward(x.copy()))
    layer.W = layer.W.T.copy().T
    layer.backward(np.ones((4, 2))[::2])


def test_repr_is_what_one_would_write():
    assert repr(dense(3, 2)) == "Dense(3, 2)"
    assert [repr(kind()) for kind in ACTIVATIONS] == [
        "Sigmoid()",
        "Tanh()",
        "ReLU()",
        "LeakyReLU(0.01)",
        "Identity()",
    ]

    class Bent(Activation):
        arguments = ("low", "high")
        low, high = 0.5, 2.0

    assert repr(Bent()) == "Bent(0.5, 2.0)"
