"""Networks: forward, backward, construction, refusals that leave everything as it was."""

import copy
import math
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

import backprop as bp
from backprop.network import is_chain

ACTIVATIONS = [bp.Sigmoid, bp.Tanh, bp.ReLU, bp.LeakyReLU, bp.Identity]


def make(*sizes, activation=bp.Sigmoid, dtype=np.float64):
    rng = np.random.default_rng(sum(sizes))
    layers = []
    for n_in, n_out in pairwise(sizes):
        W, b = rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)
        layers += [bp.Dense(W.astype(dtype), b.astype(dtype)), activation()]
    return bp.Network(layers)


def state(net):
    """Everything a network holds, copied: attributes, and whether arrays are the same objects."""
    return [
        {
            name: (value, copy.deepcopy(value))
            for name, value in vars(part).items()
            if name != "layers"
        }
        for part in [net, *net.layers]
    ]


def assert_state(net, before):
    for part, expected in zip([net, *net.layers], before, strict=True):
        now = {name: value for name, value in vars(part).items() if name != "layers"}
        assert now.keys() == expected.keys()
        for name, value in now.items():
            same, values = expected[name]
            assert value is same, f"{part}.{name} is another object"
            np.testing.assert_array_equal(value, values, err_msg=f"{part}.{name}")


def used(net, n=2):
    """The network after a forward and a backward pass."""
    y = net.forward(np.ones((n, net.layers[0].W.shape[0]), net.layers[0].W.dtype))
    net.backward(np.ones_like(y))
    return net


def test_forward_goes_through_the_layers_in_order():
    W1, b1, W2, b2 = [[1, 2], [3, 4]], [5, 6], [[1, 0], [2, 1]], [0, 1]
    net = bp.Network([bp.Dense(W1, b1), bp.ReLU(), bp.Dense(W2, b2), bp.Identity()])
    x = np.array([[1.0, -1.0], [-4.0, 0.0]])
    expected = np.maximum(x @ W1 + b1, 0) @ W2 + b2
    np.testing.assert_array_equal(net.forward(x), expected)
    np.testing.assert_array_equal(net.y, expected)


def test_the_four_equations_in_numbers():
    net = make(3, 4, 2)
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    y = net.forward(x)
    dx = net.backward(bp.squared_error.gradient(y, t))

    first, second = net.layers[0], net.layers[2]
    z1 = x @ first.W + first.b
    a1 = 1 / (1 + np.exp(-z1))
    a2 = 1 / (1 + np.exp(-(a1 @ second.W + second.b)))
    delta2 = (a2 - t) / 5 * a2 * (1 - a2)
    delta1 = (delta2 @ second.W.T) * a1 * (1 - a1)
    np.testing.assert_allclose(second.dW, a1.T @ delta2, rtol=1e-12)
    np.testing.assert_allclose(second.db, delta2.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(first.dW, x.T @ delta1, rtol=1e-12)
    np.testing.assert_allclose(first.db, delta1.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(dx, delta1 @ first.W.T, rtol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(1, 1), (2, 2, 2), (3, 5, 2), (2, 3, 3, 1)])
@pytest.mark.parametrize("n", [1, 4])
@pytest.mark.parametrize("loss", [bp.squared_error, bp.softmax_cross_entropy])
def test_gradients_agree_with_differences(activation, sizes, n, loss):
    net = make(*sizes, activation=activation)
    rng = np.random.default_rng(1)
    x = rng.normal(size=(n, sizes[0]))
    t = rng.normal(size=(n, sizes[-1])) if loss is bp.squared_error else rng.integers(0, 1, n)
    dx = net.backward(loss.gradient(net.forward(x), t))
    pairs = [(x, dx)]
    for layer in net.layers[::2]:
        pairs += [(layer.W, layer.dW.copy()), (layer.b, layer.db.copy())]
    h = 1e-6
    for array, gradient in pairs:
        for index in np.ndindex(array.shape):
            start = array[index]
            array[index] = start + h
            above = loss(net.forward(x), t)
            array[index] = start - h
            below = loss(net.forward(x), t)
            array[index] = start
            assert gradient[index] == pytest.approx((above - below) / (2 * h), rel=1e-5, abs=1e-8)


def test_gradient_of_a_batch_is_the_mean_of_its_samples_gradients():
    net = make(3, 4, 2)
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    singles = []
    for i in range(5):
        net.backward(bp.squared_error.gradient(net.forward(x[i : i + 1]), t[i : i + 1]))
        singles.append(net.layers[0].dW.copy())
    net.backward(bp.squared_error.gradient(net.forward(x), t))
    np.testing.assert_allclose(net.layers[0].dW, np.mean(singles, axis=0), rtol=1e-12)


def test_layers_are_those_given():
    layers = [bp.Dense([[1]], [0]), bp.ReLU()]
    net = bp.Network(tuple(layers))
    assert isinstance(net.layers, list)
    assert all(mine is given for mine, given in zip(net.layers, layers, strict=True))
    assert bp.Network(iter([bp.ReLU()])).layers


def test_any_object_with_forward_and_backward_is_a_layer():
    class Double:
        def forward(self, x):
            return 2 * x

        def backward(self, dy):
            return 2 * dy

    net = bp.Network([Double(), bp.Dense([[3]], [1]), Double()])
    assert net.forward([[5]]).tolist() == [[62]]
    assert net.backward([[1]]).tolist() == [[12]]


def test_parameters_stay_the_arrays_they_are():
    net = make(2, 3, 2)
    arrays = [(layer, layer.W, layer.b) for layer in net.layers[::2]]
    bp.SGD(used(net), lr=0.1).step()
    for layer, W, b in arrays:
        assert layer.W is W
        assert layer.b is b


def test_float32_is_kept_throughout():
    for activation in ACTIVATIONS:
        net = make(2, 3, 2, activation=activation, dtype=np.float32)
        y = net.forward(np.ones((4, 2), np.float32))
        dx = net.backward(bp.squared_error.gradient(y, np.ones((4, 2), np.float32)))
        bp.SGD(net, lr=0.1).step()
        arrays = [y, dx]
        for layer in net.layers:
            arrays += [value for value in vars(layer).values() if isinstance(value, np.ndarray)]
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_integers_become_float64():
    net = make(2, 2)
    assert net.forward([[1, 2]]).dtype == np.float64
    assert net.backward([[1, 2]]).dtype == np.float64


def test_a_later_change_of_x_does_not_reach_the_backward_pass():
    net = make(2, 2)
    x = np.ones((3, 2))
    net.forward(x)
    net.backward(np.ones((3, 2)))
    dW = net.layers[0].dW.copy()
    x[:] = 100
    net.backward(np.ones((3, 2)))
    np.testing.assert_array_equal(net.layers[0].dW, dW)


def test_a_later_change_of_y_does_not_reach_the_backward_pass():
    for activation in ACTIVATIONS:
        net = make(2, 2, activation=activation)
        y = net.forward(np.ones((3, 2)))
        dx = net.backward(np.ones((3, 2)))
        y[:] = 100
        np.testing.assert_array_equal(net.backward(np.ones((3, 2))), dx)


def test_a_smaller_batch_may_follow():
    net = used(make(2, 3, 2), n=5)
    assert net.backward(np.ones_like(net.forward(np.ones((1, 2))))).shape == (1, 2)


A, B = bp.Dense(np.ones((2, 3)), np.ones(3)), bp.Dense(np.ones((4, 1)), np.ones(1))
SINGLE = bp.Dense(np.ones((3, 1), np.float32), np.ones(1, np.float32))
RELU = bp.ReLU()
HALF = SimpleNamespace(forward=bp.relu)


@pytest.mark.parametrize(
    ("layers", "error", "words"),
    [
        ([], ValueError, "layers must hold at least one layer"),
        (
            [A, B],
            ValueError,
            r"layers must fit each other: layers\[0\].W .*\(2, 3\), layers\[1\].W \(4, 1\)",
        ),
        (
            [A, RELU, B],
            ValueError,
            r"layers must fit each other: layers\[0\].W .*\(2, 3\), layers\[2\].W \(4, 1\)",
        ),
        ([A, SINGLE], TypeError, r"layers must have one dtype.*\(2, 3\).*\(3, 1\).*float32"),
        ([A, RELU, RELU], ValueError, r"layers\[1\] and layers\[2\] are one object, ReLU\(\)"),
        (
            [RELU, A, RELU],
            ValueError,
            r"layers\[0\] and layers\[2\] are one object, ReLU\(\):"
            " it could remember the input of only one of them$",
        ),
        ([A, bp.ReLU], TypeError, r"layers\[1\] is the class ReLU: write ReLU\(\)"),
        ([A, bp.relu], TypeError, r"layers\[1\] must be a layer, got function"),
        (
            [HALF],
            TypeError,
            r"layers\[0\] must be a layer, got SimpleNamespace,"
            " which has not both forward and backward$",
        ),
        ([None], TypeError, r"layers\[0\] must be a layer, got NoneType"),
        ([A, np.ones((3, 1))], TypeError, r"layers\[1\] must be a layer, got ndarray"),
        (
            [bp.Network([A]), A],
            ValueError,
            r"layers\[0\].layers\[0\] and layers\[1\] are one object, Dense\(2, 3\)",
        ),
        (A, TypeError, "layers must be a sequence of layers, got Dense"),
        (3, TypeError, "layers must be a sequence of layers, got int"),
    ],
)
def test_layers_that_do_not_fit_are_refused(layers, error, words):
    with pytest.raises(error, match="^" + words):
        bp.Network(layers)


X = np.ones((2, 2))
BAD_X = [
    (np.ones(2), ValueError, r"x must have shape \(batch, n\).*\(2,\)"),
    (np.ones((2, 3)), ValueError, r"x must have shape \(2, 2\) to fit W.*\(2, 3\).*\(2, 4\)"),
    (np.ones((0, 2)), ValueError, r"x .*\(0, 2\)"),
    (np.ones((2, 2, 2)), ValueError, r"x .*\(2, 2, 2\)"),
    (3.0, ValueError, r"x .*\(\)"),
    (X * math.nan, ValueError, "x must be finite, got nan"),
    ([[1, 2], [math.inf, 1]], ValueError, r"x must be finite, got inf at index \[1, 0\]"),
    (X.astype(np.float32), TypeError, "x must have the dtype of .*x is float32 .*W is float64"),
    (X > 0, TypeError, "x must hold .*bool"),
    ("abc", TypeError, "x must hold"),
    (None, TypeError, "x must hold"),
    ([[1, 2], [3]], ValueError, "x must be an array"),
]


@pytest.mark.parametrize(("x", "error", "words"), BAD_X)
@pytest.mark.parametrize("before_any", [True, False])
def test_a_refused_forward_changes_nothing(x, error, words, before_any):
    net = make(2, 4, 3)
    if not before_any:
        used(net)
    before = state(net)
    with pytest.raises(error, match="^" + words):
        net.forward(x)
    assert_state(net, before)


BAD_DY = [
    (np.ones((2, 2)), ValueError, r"dy must have shape \(2, 3\) to fit y.*\(2, 2\).*\(2, 3\)"),
    (np.ones((1, 3)), ValueError, r"dy must have shape \(2, 3\) to fit y.*\(1, 3\).*\(2, 3\)"),
    (np.ones((3, 2)), ValueError, r"dy .*\(3, 2\).*\(2, 3\)"),
    (np.ones(3), ValueError, r"dy must have shape \(2, 3\) to fit y:.*\(3,\).*\(2, 3\)"),
    (1.0, ValueError, "dy must have shape"),
    (np.full((2, 3), math.inf), ValueError, "dy must be finite, got inf"),
    (
        np.ones((2, 3), np.float32),
        TypeError,
        "dy must have the dtype of .*dy is float32 .*y is float64",
    ),
    (np.ones((2, 3), bool), TypeError, "dy must hold .*bool"),
]


@pytest.mark.parametrize(("dy", "error", "words"), BAD_DY)
def test_a_refused_backward_changes_nothing(dy, error, words):
    net = used(make(2, 4, 3))
    before = state(net)
    with pytest.raises(error, match="^" + words):
        net.backward(dy)
    assert_state(net, before)


def test_backward_before_forward_is_refused():
    net = make(2, 2)
    before = state(net)
    with pytest.raises(RuntimeError, match=r"^backward needs a forward before it"):
        net.backward(X)
    assert_state(net, before)


def test_backward_after_a_layer_was_exchanged_is_refused_and_changes_nothing():
    net = used(make(2, 3, 2))
    net.layers[0] = bp.Dense(np.ones((2, 3)), np.zeros(3))
    before = state(net)
    with pytest.raises(RuntimeError, match=r"^backward needs a forward before it"):
        net.backward(np.zeros((2, 2)))
    assert_state(net, before)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", ["W", "b"])
@pytest.mark.parametrize("layer", [0, 2])
def test_nan_or_infinity_written_into_parameters_is_refused_at_the_next_call(bad, name, layer):
    net = used(make(2, 3, 2))
    getattr(net.layers[layer], name)[..., 1] = bad
    before = state(net)
    words = rf"layers\[{layer}\].{name} must be finite, got {bad} at index"
    with pytest.raises(ValueError, match="^" + words):
        net.forward(X * 2)
    assert_state(net, before)
    with pytest.raises(ValueError, match="^" + words):
        net.backward(X)
    assert_state(net, before)


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (np.ones((3, 3)), ValueError, r"layers\[2\].b must have shape \(3,\) to fit W"),
        (np.ones((5, 2)), ValueError, r"layers\[2\].W must have shape \(3, 2\) to fit dW"),
        (np.ones((3, 2), np.float32), TypeError, r"layers\[2\].b must have the dtype of W"),
        ([[1.0, 1.0]] * 3, TypeError, r"layers\[2\].W must be an array .*got list"),
    ],
)
def test_parameters_replaced_by_what_does_not_fit_are_refused(value, error, words):
    net = used(make(2, 3, 2))
    net.layers[2].W = value
    before = state(net)
    for call in (net.forward, net.backward):
        with pytest.raises(error, match="^" + words):
            call(X)
        assert_state(net, before)


def test_layers_that_stopped_fitting_each_other_are_refused():
    net = used(make(2, 3, 2))
    net.layers[2] = bp.Dense(np.ones((4, 2)), np.ones(2))
    before = state(net)
    with pytest.raises(ValueError, match=r"^layers must fit .*\(2, 3\), layers\[2\].W \(4, 2"):
        net.forward(X)
    assert_state(net, before)


def values(net):
    dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
    return [array.tobytes() for layer in dense for array in (layer.W, layer.b)]


def test_overflow_on_the_way_forward_names_the_layer_and_keeps_parameters_and_gradients():
    net = used(make(2, 3, 2, activation=bp.Identity))
    net.layers[2].W[:] = 1e300
    net.forward(X)
    dx = net.backward(X)
    before, y, dW = values(net), net.y, net.layers[0].dW
    words = r"^layers\[2\]: z overflows: .*float64.*-?inf at index \[0, 0\] .*\(2, 2\)"
    with np.errstate(all="raise"), pytest.raises(ValueError, match=words):
        net.forward(X * 1e100)
    assert values(net) == before
    assert net.y is y
    assert net.layers[0].dW is dW
    np.testing.assert_array_equal(net.backward(X), dx, "the pass before is still remembered")


def test_overflow_on_the_way_back_names_the_layer_and_leaves_no_gradients():
    net = used(make(2, 3, 2, activation=bp.Identity))
    net.layers[0].W[:] = 1e300
    before = values(net)
    words = r"^layers\[0\]: dx overflows: .*\(2, 2\)"
    with np.errstate(all="raise"), pytest.raises(ValueError, match=words):
        net.backward(X * 1e100)
    assert values(net) == before
    assert [(layer.dW, layer.db) for layer in net.layers[::2]] == [(None, None)] * 2
    with pytest.raises(RuntimeError, match=r"^step needs a backward before it: layers\[0\] has no"):
        bp.SGD(net, lr=0.1).step()
    net.backward(X)  # the forward pass is still remembered
    bp.SGD(net, lr=0.1).step()


def test_a_layer_that_fails_on_the_way_back_leaves_no_gradients():
    class Refusing(bp.Identity):
        def backward(self, da):
            raise self.error

    for error in (ValueError("no way back"), KeyboardInterrupt(), KeyError("mask")):
        net = used(make(2, 3, 2))
        net.layers.insert(0, Refusing())
        net.layers[0].error = error
        net.forward(X)
        before = values(net)
        with pytest.raises(type(error)) as caught:
            net.backward(np.full((2, 2), 7.0))
        if type(error) is ValueError:
            assert str(caught.value) == "layers[0]: no way back"
        if type(error) is KeyError:
            assert caught.value.__notes__ == ["in layers[0], Refusing"]
        assert values(net) == before
        assert [(layer.dW, layer.db) for layer in net.layers[1::2]] == [(None, None)] * 2


def test_large_finite_numbers_pass_without_a_warning():
    with np.errstate(all="raise"):
        for activation in ACTIVATIONS:
            net = make(2, 3, 2, activation=activation)
            y = net.forward(X * 1e300)
            assert np.isfinite(y).all()
            net.backward(np.full((2, 2), 1e-10))


def test_an_interrupted_call_changes_nothing():
    class Interrupting(bp.Identity):
        def forward(self, z):
            raise KeyboardInterrupt

    net = used(make(2, 3, 2))
    net.layers[-1] = Interrupting()
    before = state(net)
    with pytest.raises(KeyboardInterrupt):
        net.forward(X * 2)
    assert_state(net, before)


def test_repr_shows_the_layers():
    net = make(2, 3, 1)
    assert repr(net) == "Network([Dense(2, 3), Sigmoid(), Dense(3, 1), Sigmoid()])"


def test_a_chain_is_a_network_whose_loops_are_those_of_networks():
    class Named(bp.Network):
        name = "chain"

    class OwnForward(bp.Network):
        def forward(self, x):
            return super().forward(x)

    class OwnBackward(bp.Network):
        def backward(self, dy):
            return super().backward(dy)

    layers = [bp.ReLU()]
    assert is_chain(bp.Network(layers))
    assert is_chain(Named(layers))
    for other in (OwnForward(layers), OwnBackward(layers), bp.ReLU(), SimpleNamespace(), None):
        assert not is_chain(other)
