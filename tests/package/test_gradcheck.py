"""The gradient check: finds every wrong gradient, blames no right one, changes nothing."""

import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest

import backprop as bp
from backprop.gradcheck import judge_by_layers
from backprop.layerwise import Verdict, passages

ACTIVATIONS = [bp.Sigmoid, bp.Tanh, bp.ReLU, bp.LeakyReLU, bp.Identity]


def make(sizes=(3, 3, 3), activation=bp.Tanh, dtype=np.float64, dense=bp.Dense, seed=0):
    rng = np.random.default_rng(seed)
    layers = []
    for n_in, n_out in pairwise(sizes):
        W, b = rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)
        layers += [dense(W.astype(dtype), b.astype(dtype)), activation()]
    return bp.Network(layers)


def data(net, loss=bp.squared_error, n=4, seed=1):
    rng = np.random.default_rng(seed)
    dtype = net.layers[0].W.dtype
    x = rng.normal(size=(n, net.layers[0].W.shape[0])).astype(dtype)
    n_out = net.layers[-2].W.shape[1]
    if loss is bp.squared_error:
        return x, rng.normal(size=(n, n_out)).astype(dtype)
    return x, rng.integers(0, n_out, n)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", [bp.squared_error, bp.softmax_cross_entropy])
@pytest.mark.parametrize(("sizes", "n"), [((1, 1), 1), ((2, 4, 3), 5), ((3, 3, 3, 3), 1)])
def test_right_gradients_pass(dtype, activation, loss, sizes, n):
    net = make(sizes, activation, dtype)
    result = bp.check_gradients(net, loss, *data(net, loss, n))
    assert result.passed, result
    assert result.max_relative_error == result.worst.relative_error < result.tolerance
    assert result.tolerance == {np.float64: 1e-6, np.float32: 1e-4}[dtype]
    parameters = sum(layer.W.size + layer.b.size for layer in net.layers[::2])
    assert result.checked == parameters + n * sizes[0]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("scale", [1e-3, 1, 30])
def test_right_gradients_of_many_random_networks_pass(dtype, scale):
    for seed in range(12):
        net = make((2, 3, 2), ACTIVATIONS[seed % 4], dtype, seed=seed)
        x, t = data(net, seed=seed)
        result = bp.check_gradients(net, bp.squared_error, dtype(scale) * x, t)
        assert result.passed, (seed, result)


# Wrong backward passes of a Dense layer: each gets the right dW, db and dx and what they are
# made of, and returns what it makes of them.
WRONG_DENSE = {
    "sign of dW": lambda self, delta, dW, db, dx: (-dW, db, dx),
    "sign of db": lambda self, delta, dW, db, dx: (dW, -db, dx),
    "sign of dx": lambda self, delta, dW, db, dx: (dW, db, -dx),
    "dW transposed": lambda self, delta, dW, db, dx: (dW.T, db, dx),
    "W not transposed": lambda self, delta, dW, db, dx: (dW, db, delta @ self.W),
    "factor missing": lambda self, delta, dW, db, dx: (dW / len(delta), db, dx),
    "one thousandth too much dW": lambda self, delta, dW, db, dx: (dW * 1.001, db, dx),
    "one thousandth too much db": lambda self, delta, dW, db, dx: (dW, db * 1.001, dx),
    "one thousandth too much dx": lambda self, delta, dW, db, dx: (dW, db, dx * 1.001),
    "one element of dW": lambda self, delta, dW, db, dx: (dW + 1e-4 * (dW == dW[1, 2]), db, dx),
    "db mean instead of sum": lambda self, delta, dW, db, dx: (dW, delta.mean(axis=0), dx),
    "db of the last sample": lambda self, delta, dW, db, dx: (dW, delta[-1], dx),
    "db summed over the wrong axis": lambda self, delta, dW, db, dx: (
        dW,
        delta[:3].sum(axis=1),
        dx,
    ),
    "dW of the first sample": lambda self, delta, dW, db, dx: (
        np.outer(self.x[0], delta[0]),
        db,
        dx,
    ),
    "dW zero": lambda self, delta, dW, db, dx: (0 * dW, db, dx),
    "db never filled": lambda self, delta, dW, db, dx: (dW, None, dx),
    "gradients of units exchanged": lambda self, delta, dW, db, dx: (dW[:, ::-1], db, dx),
    "dx of samples exchanged": lambda self, delta, dW, db, dx: (dW, db, dx[::-1]),
    "added to what was there": lambda self, delta, dW, db, dx: (dW + self.before, db, dx),
}


def wrong_dense(mistake):
    class WrongDense(bp.Dense):
        def backward(self, delta):
            self.before, db_before = self.dW.copy(), self.db.copy()
            dx = super().backward(delta)
            dW, db, dx = WRONG_DENSE[mistake](self, delta, self.dW, self.db, dx)
            self.dW[:] = dW
            self.db[:] = db_before if db is None else db
            return np.ascontiguousarray(dx)

    return WrongDense


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("mistake", WRONG_DENSE)
def test_planted_wrong_dense_backward_is_found(mistake, dtype):
    net = make(dtype=dtype, dense=wrong_dense(mistake))
    x, t = data(net)
    net.backward(bp.squared_error.gradient(net.forward(x), t))
    result = bp.check_gradients(net, bp.squared_error, x, t)
    assert not result.passed, result
    assert result.max_relative_error >= result.tolerance
    assert "FAILED" in repr(result)


WRONG_ACTIVATIONS = {
    "derivative missing": lambda z, da: da,
    "derivative at a instead of z": lambda z, da: da * bp.sigmoid_derivative(bp.sigmoid(z)),
    "1 - a missing": lambda z, da: da * bp.sigmoid(z),
    "sign": lambda z, da: -da * bp.sigmoid_derivative(z),
    "squared": lambda z, da: da * bp.sigmoid_derivative(z) ** 2,
    "derivative of tanh": lambda z, da: da * bp.tanh_derivative(z),
    "matrix product": lambda z, da: da @ bp.sigmoid_derivative(z[:3]),
}


@pytest.mark.parametrize("mistake", WRONG_DENSE)
def test_planted_wrong_dense_backward_is_found_at_kinks_of_relus_too(mistake):
    net = make(activation=bp.ReLU, dense=wrong_dense(mistake))
    x, t = data(net)
    net.layers[0].b[:] = 1e-9 - x[0] @ net.layers[0].W  # sample 0 stands at the kink of each ReLU
    net.backward(bp.squared_error.gradient(net.forward(x), t))
    result = bp.check_gradients(net, bp.squared_error, x, t)
    assert not result.passed, result
    assert result.at_kinks > 0


@pytest.mark.parametrize("loss", [bp.squared_error, bp.softmax_cross_entropy])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_one_wrong_element_anywhere_is_found_and_named_with_both_values(dtype, loss):
    """Each element of each gradient in turn is planted wrong, by a tenth of the largest."""
    name = index = wrong_by = None

    class Wrong(bp.Dense):
        place = ""

        def backward(self, delta):
            dx = super().backward(delta)
            for gradient, own in ((self.dW, "W"), (self.db, "b")):
                if name == f"{self.place}.{own}":
                    gradient[index] += wrong_by
            return dx

    class WrongInput(bp.Identity):
        def backward(self, da):
            dx = super().backward(da)
            if name == "x":
                dx[index] += wrong_by
            return dx

    net = make((2, 3, 2), dtype=dtype, dense=Wrong)
    x, t = data(net, loss)
    net.layers.insert(0, WrongInput())
    right = {"x": net.backward(loss.gradient(net.forward(x), t))}
    for i in (1, 3):
        layer = net.layers[i]
        layer.place = f"layers[{i}]"
        right |= {f"{layer.place}.W": layer.dW, f"{layer.place}.b": layer.db}
    wrong_by = max(np.abs(gradient).max() for gradient in right.values()) / 10
    for name, gradient in right.items():
        for index in np.ndindex(gradient.shape):
            result = bp.check_gradients(net, loss, x, t)
            assert not result.passed
            worst = result.worst
            assert (worst.name, worst.index) == (name, index)
            assert worst.numerical == pytest.approx(gradient[index], rel=1e-3, abs=1e-6)
            assert worst.analytic == pytest.approx(gradient[index] + wrong_by, rel=1e-3)
            assert f"in {name}{list(index)}:\nbackward gives {worst.analytic:.8g}" in repr(result)


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ["x", "layers[1].W", "layers[1].b"])
def test_an_infinite_or_nan_gradient_is_found_and_named(bad, dtype, name):
    class Wrong(bp.Dense):
        def backward(self, delta):
            dx = super().backward(delta)
            if name != "x":
                getattr(self, "d" + name[-1])[1] = bad
            return dx

    class WrongInput(bp.Identity):
        def backward(self, da):
            return np.where(np.eye(4)[:, :2] == 1, bad, da) if name == "x" else da

    net = make((2, 2), dtype=dtype, dense=Wrong)
    net.layers.insert(0, WrongInput())
    x, t = data(make((2, 2), dtype=dtype))
    result = bp.check_gradients(net, bp.squared_error, x, t)
    assert not result.passed
    assert result.worst.name == name
    assert result.max_relative_error == math.inf
    assert f"backward gives {bad}" in repr(result)


def backward_in_order_of_forward(net, gradient):
    for layer in net.layers:
        gradient = layer.backward(gradient)
    return gradient


def backward_skips_an_activation(net, gradient):
    for i, layer in reversed(list(enumerate(net.layers))):
        gradient = gradient if i == 1 else layer.backward(gradient)
    return gradient


def backward_stops_before_the_first_layer(net, gradient):
    for layer in reversed(net.layers[1:]):
        gradient = layer.backward(gradient)
    return gradient


def backward_gives_every_layer_the_same_gradient(net, gradient):
    for layer in reversed(net.layers):
        dx = layer.backward(gradient)
    return dx


def backward_updates_weights_on_its_way(net, gradient):
    for layer in reversed(net.layers):
        if isinstance(layer, bp.Dense):
            delta = gradient
            layer.backward(delta)
            layer.W -= 0.1 * layer.dW
        gradient = layer.backward(gradient)
    return gradient


def backward_returns_what_the_second_layer_did(net, gradient):
    gradients = []
    for layer in reversed(net.layers):
        gradient = layer.backward(gradient)
        gradients.append(gradient)
    return gradients[-2]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    "mistake",
    [
        backward_in_order_of_forward,
        backward_skips_an_activation,
        backward_stops_before_the_first_layer,
        backward_gives_every_layer_the_same_gradient,
        backward_updates_weights_on_its_way,
        backward_returns_what_the_second_layer_did,
    ],
)
def test_planted_wrong_order_of_layers_is_found(mistake, dtype):
    class WrongNetwork(bp.Network):
        def backward(self, dy):
            return mistake(self, dy)

    net = WrongNetwork(make(dtype=dtype).layers)
    assert not bp.check_gradients(net, bp.squared_error, *data(net)).passed


@pytest.mark.parametrize("mistake", WRONG_ACTIVATIONS)
def test_planted_wrong_activation_backward_is_found(mistake):
    class WrongSigmoid(bp.Sigmoid):
        def backward(self, da):
            return WRONG_ACTIVATIONS[mistake](self.z, da)

    net = make(activation=WrongSigmoid)
    assert not bp.check_gradients(net, bp.squared_error, *data(net)).passed


WRONG_SLOPES = {
    "tanh: derivative at a": (bp.Tanh, lambda z, da: da * bp.tanh_derivative(np.tanh(z))),
    "tanh: not squared": (bp.Tanh, lambda z, da: da * (1 - np.tanh(z))),
    "tanh: of sigmoid": (bp.Tanh, lambda z, da: da * bp.sigmoid_derivative(z)),
    "tanh: one thousandth too much": (bp.Tanh, lambda z, da: da * bp.tanh_derivative(z) * 1.001),
    "relu: a instead of its slope": (bp.ReLU, lambda z, da: da * np.maximum(z, 0)),
    "relu: of what comes back": (bp.ReLU, lambda z, da: np.maximum(da, 0)),
    "relu: leaky": (bp.ReLU, lambda z, da: np.where(z > 0, da, da * z.dtype.type(0.01))),
    "leaky relu: of relu": (bp.LeakyReLU, lambda z, da: da * bp.relu_derivative(z)),
    "leaky relu: leaks all": (bp.LeakyReLU, lambda z, da: da),
    "leaky relu: other way round": (
        bp.LeakyReLU,
        lambda z, da: da * bp.leaky_relu_derivative(-z),
    ),
    "identity: z": (bp.Identity, lambda z, da: da * z),
    "identity: nothing": (bp.Identity, lambda z, da: 0 * da),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("loss", [bp.squared_error, bp.softmax_cross_entropy])
@pytest.mark.parametrize("mistake", WRONG_SLOPES)
def test_planted_wrong_slope_of_every_activation_is_found(mistake, loss, dtype):
    kind, wrong = WRONG_SLOPES[mistake]

    class WrongActivation(kind):
        def backward(self, da):
            return wrong(self.z, da)

    net = make((3, 4, 3), WrongActivation, dtype)
    assert not bp.check_gradients(net, loss, *data(net, loss)).passed


@pytest.mark.parametrize("loss", [bp.squared_error, bp.softmax_cross_entropy])
@pytest.mark.parametrize(
    "mistake",
    [
        lambda gradient: gradient * len(gradient),
        lambda gradient: -gradient,
        lambda gradient: 2 * gradient,
        lambda gradient: gradient / gradient.shape[1],
        lambda gradient: gradient - gradient.mean(),
        lambda gradient: np.roll(gradient, 1, axis=0),
    ],
    ids=["1/n missing", "sign", "factor 2", "mean over outputs too", "shifted", "rolled"],
)
def test_planted_wrong_loss_gradient_is_found(loss, mistake):
    class WrongLoss:
        def __call__(self, y, t):
            return loss(y, t)

        def gradient(self, y, t):
            wrong = mistake(loss.gradient(y, t))
            return wrong + 0.1 if np.array_equal(wrong, loss.gradient(y, t)) else wrong

    net = make((3, 4, 2))
    assert not bp.check_gradients(net, WrongLoss(), *data(net, loss)).passed


@pytest.mark.parametrize("mistake", [lambda z: np.ones_like(z), lambda z: 1.0 * (z < 0)])
def test_planted_wrong_relu_backward_is_found_near_kinks_too(mistake):
    class WrongReLU(bp.ReLU):
        def backward(self, da):
            return da * mistake(self.z)

    net = make((2, 3, 2), WrongReLU)
    assert not bp.check_gradients(net, bp.squared_error, *data(net)).passed
    net.layers[0].W[:], net.layers[0].b[:] = 1.0, 1e-7
    result = bp.check_gradients(net, bp.squared_error, np.zeros((1, 2)), [[1.0, 2.0]])
    assert not result.passed
    assert result.at_kinks == 0, "a step of 1e-8 does not reach the kink"


@pytest.mark.parametrize("activation", ["relu mask from a later layer", "leaky slope lost"])
def test_relu_backward_applied_to_the_wrong_tensor_is_found(activation):
    class WrongReLU(bp.ReLU):
        def backward(self, da):
            return (
                da * bp.relu_derivative(da) if "mask" in activation else 0.99 * super().backward(da)
            )

    net = make((3, 4, 2), WrongReLU)
    assert not bp.check_gradients(net, bp.squared_error, *data(net)).passed


@pytest.mark.parametrize("offset", [0.0, 1e-12, -1e-12, 1e-7, -1e-7, 1e-5, -1e-5, 1e-4, 1.5e-4])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_right_gradients_near_and_at_kinks_are_not_blamed(offset, dtype):
    net = make((2, 3, 3, 2), bp.ReLU, dtype)
    first = net.layers[0]
    x, t = data(net)
    first.b[:] = offset - x[0] @ first.W  # all of sample 0's z are at the kink, but for rounding
    result = bp.check_gradients(net, bp.squared_error, x, t)
    assert result.passed, result
    assert (result.at_kinks > 0) == (abs(offset) < 1e-9), "from further away, it is not at a kink"
    if result.at_kinks:
        assert f"{result.at_kinks} of them at a kink, judged by the slopes" in repr(result)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("loss", [bp.squared_error, bp.softmax_cross_entropy])
def test_right_gradients_of_random_networks_with_units_near_kinks_are_not_blamed(loss, dtype):
    """Any layer, any units, any side of the kink: b is set so that z is as small as chosen."""
    seen = 0
    for seed in range(24):
        rng = np.random.default_rng(seed)
        net = make((3, 4, 4, 2), bp.ReLU, dtype, seed=seed)
        if seed % 4 == 0:
            net.layers.insert(0, bp.ReLU())  # x itself may be near the kink
        if seed % 4 == 1:
            net.layers.insert(2, bp.ReLU())  # one ReLU after another: z = 0 wherever a = 0
        x, _ = data(net if seed % 4 else bp.Network(net.layers[1:]))
        t = rng.integers(0, 2, 4) if loss is not bp.squared_error else rng.normal(size=(4, 2))
        t = t if loss is not bp.squared_error else t.astype(dtype)
        if seed % 4 == 0:
            x[rng.random(x.shape) < 0.3] = dtype(rng.choice([0, 1e-12, -1e-12, 3e-5, -1e-4]))
        dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
        for layer in dense if seed % 2 else dense[:1]:
            net.forward(x)
            z = layer.x[rng.integers(4)] @ layer.W
            near = dtype(rng.choice([0, 1e-12, -1e-9, 1e-6, -1e-5, 1e-4, -1.9e-4]))
            layer.b[:] = np.where(rng.random(z.shape) < 0.7, near - z, layer.b)
        result = bp.check_gradients(net, loss, x, t)
        assert result.passed, (seed, result)
        seen += result.at_kinks > 0
    assert seen >= 12


def test_right_gradients_are_not_blamed_where_every_z_is_zero():
    rng = np.random.default_rng(0)
    layers = [bp.Dense.random(2, 3, rng=rng), bp.ReLU(), bp.Dense.random(3, 3, rng=rng), bp.ReLU()]
    net = bp.Network([*layers, bp.Dense.random(3, 2, rng=rng)])
    result = bp.check_gradients(net, bp.squared_error, np.zeros((1, 2)), [[1.0, -1.0]])
    assert result.passed, result
    # x and b of both hidden layers; moving W does nothing here, nor does one of the five units
    # of the first, from which only weights below 0 lead on.
    assert result.at_kinks == 7


def test_a_kink_beside_smooth_layers_is_counted_and_far_from_one_nothing_is():
    net = make((2, 3, 2), bp.Tanh)
    assert bp.check_gradients(net, bp.squared_error, *data(net)).at_kinks == 0
    net = make((2, 3, 2), bp.ReLU)
    result = bp.check_gradients(net, bp.squared_error, *data(net))
    assert result.at_kinks == 0
    assert "kink" not in repr(result)


def test_tiny_gradients_are_not_ignored():
    class Wrong(bp.Dense):
        def backward(self, delta):
            dx = super().backward(delta)
            self.dW *= -1
            return dx

    rng = np.random.default_rng(0)
    wrong = Wrong(rng.normal(size=(2, 2)), np.zeros(2))
    tiny = bp.Dense(np.full((2, 1), 1e-7), np.zeros(1))
    net = bp.Network([wrong, bp.Tanh(), tiny])
    result = bp.check_gradients(net, bp.squared_error, [[0.5, -0.3]], [[1.0]])
    assert not result.passed
    assert abs(result.worst.numerical) < 1e-7
    assert result.worst.name == "layers[0].W"
    assert result.worst.analytic == pytest.approx(-result.worst.numerical, rel=1e-4)


def test_gradients_that_are_zero_pass():
    net = make((2, 3, 2))
    net.layers[2].W[:] = 0
    x = np.zeros((2, 2))
    y = net.forward(x)
    result = bp.check_gradients(net, bp.squared_error, x, y)
    assert result.passed, result
    assert result.max_relative_error < 1e-6


def test_large_inputs_and_weights_are_not_blamed():
    net = make((3, 4, 2))
    x, t = data(net)
    net.layers[0].W /= 255
    result = bp.check_gradients(net, bp.squared_error, 255 * x, t)
    assert result.passed, result
    net = make((3, 4, 2))
    net.layers[0].W *= 255
    assert bp.check_gradients(net, bp.squared_error, x / 255, t).passed
    net = make((1, 1), bp.Identity)
    net.layers[0].W[:] = 1e6
    assert bp.check_gradients(net, bp.squared_error, [[1.0]], [[0.0]]).passed


@pytest.mark.parametrize("step", [1e-4, 1e-3])
@pytest.mark.parametrize("tolerance", [1e-6, 1e-5])
def test_an_error_where_the_gradient_is_zero_is_measured_by_the_rounding_of_the_loss(
    step, tolerance
):
    class Wrong(bp.Dense):
        def backward(self, delta):
            dx = super().backward(delta)
            self.dW[1] += 1e-7
            return dx

    net = bp.Network([Wrong(np.zeros((2, 1)), [-2.0])])  # so y is -2, dy is -1 and dW[1] is 0
    result = bp.check_gradients(
        net, bp.squared_error, [[1.0, 0.0]], [[-1.0]], step=step, tolerance=tolerance
    )
    rounding = 10 * np.finfo(float).eps * (0.5 + 2 * (1 + step))
    assert (result.worst.name, result.worst.index) == ("layers[0].W", (1, 0))
    assert result.max_relative_error == pytest.approx(
        1e-7 / (rounding / step / tolerance), rel=1e-5
    )


@pytest.mark.parametrize(
    ("name", "mistake", "floor"), [("layers[0].W", 1e-3, 0.1), ("x", 1e-4, 0.01)]
)
def test_for_float32_an_error_is_measured_by_the_largest_gradients(name, mistake, floor):
    class Wrong(bp.Dense):
        def backward(self, delta):
            dx = super().backward(delta)
            (dx if name == "x" else self.dW)[..., -1:] += np.float32(mistake)
            return dx

    wrong = Wrong(np.zeros((1, 2), np.float32), np.zeros(2, np.float32))
    t = np.array([[1.0, 0.0]], np.float32)  # so dW, db and dy are [-1, 0], and dx is 0
    result = bp.check_gradients(bp.Network([wrong]), bp.squared_error, np.float32([[1.0]]), t)
    assert not result.passed
    assert result.worst.name == name
    assert result.worst.relative_error == pytest.approx(mistake / floor, rel=1e-3)


def test_report_names_the_worst_parameter_its_index_and_both_values():
    class Wrong(bp.Dense):
        def backward(self, delta):
            dx = super().backward(delta)
            self.dW[1, 2] += 0.5
            return dx

    net = make()
    net.layers[2] = Wrong(net.layers[2].W, net.layers[2].b)
    x, t = data(net)
    result = bp.check_gradients(net, bp.squared_error, x, t)
    worst = result.worst
    assert (worst.name, worst.index) == ("layers[2].W", (1, 2))
    assert worst.analytic - worst.numerical == pytest.approx(0.5)
    assert worst.relative_error == pytest.approx(
        0.5 / max(abs(worst.analytic), abs(worst.numerical))
    )
    lines = repr(result).splitlines()
    assert lines == [
        "gradient check FAILED: 36 elements compared",
        f"largest relative error {worst.relative_error:.1e}, tolerance 1e-06,"
        " in layers[2].W[1, 2]:",
        f"backward gives {worst.analytic:.8g}, differences give {worst.numerical:.8g}",
        "layers[2].W is wrong, as the layer's own forward shows",
    ]


def test_a_wrong_dx_is_reported_as_x_and_a_wrong_db_as_b():
    net = make(dense=wrong_dense("sign of db"))
    assert bp.check_gradients(net, bp.squared_error, *data(net)).worst.name.endswith(".b")

    class Wrong(bp.Identity):
        def backward(self, da):
            return -super().backward(da)

    net = make()
    net.layers.insert(0, Wrong())
    x, t = np.ones((2, 3)), np.ones((2, 3))
    assert bp.check_gradients(net, bp.squared_error, x, t).worst.name == "x"


def test_passing_report():
    net = make()
    result = bp.check_gradients(net, bp.squared_error, *data(net))
    assert repr(result).startswith("gradient check passed: 36 elements compared\nlargest relative")


def test_the_report_can_not_be_changed():
    net = make()
    result = bp.check_gradients(net, bp.squared_error, *data(net))
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.passed = False
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.worst.name = "other"


def test_layers_without_parameters_can_be_checked_alone():
    result = bp.check_gradients(bp.Network([bp.Tanh()]), bp.squared_error, [[0.3]], [[1.0]])
    assert result.passed
    assert (result.checked, result.worst.name) == (1, "x")


@pytest.mark.parametrize("name", ["dW", "db"])
def test_a_right_gradient_left_from_before_does_not_pass_for_one_just_filled(name):
    class Forgetful(bp.Dense):
        forgets = False

        def backward(self, delta):
            before = getattr(self, name).copy()
            dx = super().backward(delta)
            if self.forgets:
                getattr(self, name)[:] = before
            return dx

    layer = Forgetful([[3.0]], [1.0])
    net = bp.Network([layer])
    net.backward(bp.squared_error.gradient(net.forward([[1.0]]), [[0.0]]))
    assert bp.check_gradients(net, bp.squared_error, [[1.0]], [[0.0]]).passed
    layer.forgets = True
    result = bp.check_gradients(net, bp.squared_error, [[1.0]], [[0.0]])
    assert (result.passed, result.worst.name) == (False, f"layers[0].{name[1]}")


def test_an_error_as_large_as_the_tolerance_does_not_pass():
    class Wrong(bp.Dense):
        def backward(self, delta):
            return 2 * super().backward(delta)

    net = bp.Network([Wrong([[3.0]], [0.0])])
    error = bp.check_gradients(net, bp.squared_error, [[1.0]], [[0.0]]).max_relative_error
    for tolerance, passed in ((error, False), (error * 1.0001, True)):
        result = bp.check_gradients(net, bp.squared_error, [[1.0]], [[0.0]], tolerance=tolerance)
        assert (result.max_relative_error, result.passed) == (error, passed)


def test_step_and_tolerance_can_be_chosen():
    net = make()
    x, t = data(net)
    assert bp.check_gradients(net, bp.squared_error, x, t, step=0.5).passed  # it is made smaller
    rough = bp.check_gradients(net, bp.squared_error, x, t, step=0.5, tolerance=0.5)
    assert 1e-4 < rough.max_relative_error < 0.5, "halves that agree to the tolerance are taken"
    strict = bp.check_gradients(net, bp.squared_error, x, t, tolerance=1e-18)
    assert strict.tolerance == 1e-18


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_network_is_left_as_it_was_bit_by_bit(dtype):
    net = make((2, 3, 2), bp.ReLU, dtype)
    x, t = data(net)
    net.backward(bp.squared_error.gradient(net.forward(x + 1), t))
    before = [
        (part, name, value, np.copy(value))
        for part in [net, *net.layers]
        for name, value in vars(part).items()
        if name != "layers"
    ]
    x_before, t_before = x.tobytes(), t.tobytes()
    bp.check_gradients(net, bp.squared_error, x, t)
    for part, name, value, copy in before:
        assert vars(part)[name] is value
        assert np.array_equal(value, copy)
    assert (x.tobytes(), t.tobytes()) == (x_before, t_before)


def test_integers_are_taken():
    net = make((2, 2))
    assert bp.check_gradients(net, bp.squared_error, [[1, 2]], [[0, 1]]).passed


NET = make((2, 2))


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"net": NET.layers}, TypeError, "net must be a Network, got list"),
        ({"loss": bp.sigmoid}, TypeError, "loss must be a loss such as squared_error"),
        ({"x": [1, 2]}, ValueError, r"x must have shape \(batch, n\).*\(2,\)"),
        ({"x": [[1, 2, 3]]}, ValueError, r"x must have shape \(1, 2\).*\(1, 3\)"),
        ({"x": [[1, math.nan]]}, ValueError, "x must be finite"),
        ({"x": np.ones((1, 2), np.float32)}, TypeError, "x must have the dtype of .*x is float32"),
        ({"t": [[1]]}, ValueError, r"t must have shape \(1, 2\).*\(1, 1\)"),
        ({"t": [[1, 2], [1]]}, ValueError, "t must be an array"),
        ({"step": 0}, ValueError, "step must be finite and above 0"),
        ({"step": "1"}, TypeError, "step must be a number"),
        ({"tolerance": -1}, ValueError, "tolerance must be finite and above 0"),
    ],
)
def test_bad_arguments_are_refused(arguments, error, words):
    options = {"net": NET, "loss": bp.squared_error, "x": [[1, 2]], "t": [[0, 1]]}
    with pytest.raises(error, match="^" + words):
        bp.check_gradients(**options | arguments)


def test_a_backward_that_returns_another_shape_is_refused():
    class Wrong(bp.Identity):
        def backward(self, da):
            return super().backward(da)[:, :1]

    net = bp.Network([Wrong(), *NET.layers])
    with pytest.raises(
        ValueError, match=r"^layers\[0\]\.backward must return dx .*\(1, 2\).*\(1, 1\)"
    ):
        bp.check_gradients(net, bp.squared_error, [[1, 2]], [[0, 1]])


class Noise(bp.Identity):
    """Adds something else each time."""

    def __init__(self):
        self.rng = np.random.default_rng(0)

    def forward(self, z):
        self.z = z
        return z + self.rng.normal()


@pytest.mark.parametrize("place", [0, 1])
def test_a_forward_with_two_results_for_one_input_is_reported_with_its_place(place):
    layers = [bp.Tanh()]
    layers.insert(place, Noise())
    result = bp.check_gradients(bp.Network(layers), bp.squared_error, [[0.3]], [[1.0]])
    assert result.passed is False
    assert result.max_relative_error == result.worst.relative_error == math.inf
    assert (result.worst.name, result.worst.index) == (f"layers[{place}]", ())
    assert math.isnan(result.worst.analytic)
    assert math.isnan(result.worst.numerical)
    assert (result.tolerance, result.checked, result.at_kinks, result.doubts) == (1e-6, 0, 0, ())
    assert repr(result).splitlines() == [
        "gradient check FAILED: 0 elements compared",
        f"forward gives two results for one input, in layers[{place}]: hold what is"
        " random (the mask of a dropout, say) while checking",
    ]


def test_a_network_with_two_results_of_which_no_layer_is_the_cause_is_reported_too():
    class Shaken(bp.Network):
        shake = 0.0

        def forward(self, x):
            self.shake += 0.1
            return super().forward(x) + self.shake

    net = Shaken([bp.Tanh(), Noise()])  # its layers may be given something else than it would seem
    result = bp.check_gradients(net, bp.squared_error, [[0.3]], [[1.0]])
    assert (result.passed, result.worst.name) == (False, "y")
    assert result.reason == (
        "forward gives two results for one input: hold what is"
        " random (the mask of a dropout, say) while checking"
    )


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        ({}, ["gradient check passed: 36 elements compared"]),
        (
            {"at_kinks": 3},
            [
                "gradient check passed: 36 elements compared,",
                "3 of them at a kink, judged by the slopes of both sides",
            ],
        ),
        (
            {"at_kinks": 3, "by_layers": 2},
            [
                "gradient check passed: 36 elements compared,",
                "3 of them at a kink, judged by the slopes of both sides (2 layer by layer)",
            ],
        ),
    ],
)
def test_a_report_says_what_was_found_in_lines(found, lines):
    worst = bp.Worst("layers[2].W", (0, 1), 1 / 3, 0.25, 1.24e-9)
    right = {"passed": True, "checked": 36, "at_kinks": 0} | found
    report = bp.GradientCheck(
        max_relative_error=1.24e-9, worst=worst, tolerance=1e-6, **right, doubts=("one", "two")
    )
    assert repr(report).splitlines() == [
        *lines,
        "largest relative error 1.2e-09, tolerance 1e-06, in layers[2].W[0, 1]:",
        "backward gives 0.33333333, differences give 0.25",
        "note: one",
        "note: two",
    ]
    failed = dataclasses.replace(report, passed=False, checked=0, reason="because", doubts=())
    assert repr(failed).splitlines() == [
        lines[0].replace("passed: 36", "FAILED: 0"),
        *lines[1:],
        "because",
    ]


class Tripled(bp.Identity):
    def backward(self, da):
        return 3 * super().backward(da)


def judged(layers, of_loss, near):
    """What layers at the point 0 and a loss say to errors of 0.25 and more, and what is left."""
    errors = {"x": np.array([0.25, 0.125]), "layers[0].W": np.array([[0.5, 1.0]])}
    at_kink = {"x": np.array([False, near]), "layers[0].W": np.array([[False, False]])}
    way = passages(layers, np.zeros((1, 1)), np.ones((1, 1)))
    reason, taken_back = judge_by_layers(way, of_loss, errors, at_kink, 1e-4, 0.25)
    left = [each.tolist() for each in errors.values()]
    return reason, taken_back, left, [each.tolist() for each in at_kink.values()]


@pytest.mark.parametrize(
    ("layers", "of_loss", "near"),
    [
        ([bp.ReLU()], Verdict(), False),
        ([bp.Identity()], Verdict(at_kink=True), False),
        ([bp.Identity()], Verdict(), True),
    ],
)
def test_errors_are_taken_back_where_there_is_a_kink_and_nothing_by_itself_is_wrong(
    layers, of_loss, near
):
    left, at_kink = [[0, 0.125], [[0, 0]]], [[True, near], [[True, True]]]
    assert judged(layers, of_loss, near) == ("", 3, left, at_kink)


@pytest.mark.parametrize(
    ("layers", "of_loss", "near", "reason"),
    [
        ([bp.Identity()], Verdict(), False, ""),
        (
            [bp.ReLU(), Tripled()],
            Verdict("loss.gradient", True),
            True,
            "layers[1]: dx is wrong, as the layer's own forward shows",
        ),
        (
            [bp.ReLU()],
            Verdict("loss.gradient", True),
            True,
            "loss.gradient is wrong, as the loss itself shows",
        ),
    ],
)
def test_errors_stay_where_there_is_no_kink_or_something_by_itself_is_wrong(
    layers, of_loss, near, reason
):
    left, at_kink = [[0.25, 0.125], [[0.5, 1.0]]], [[False, near], [[False, False]]]
    assert judged(layers, of_loss, near) == (reason, 0, left, at_kink)


class Total:
    """The sum of all numbers."""

    def __call__(self, y, t):
        return float(y.sum())

    def gradient(self, y, t):
        return np.ones_like(y)


def test_numbers_are_moved_by_a_ten_thousandth_and_by_twice_that():
    seen = set()

    class Noting(bp.Identity):
        def forward(self, z):
            seen.add(float(z[0, 0]))
            return super().forward(z)

    net = bp.Network([Noting()])
    assert bp.check_gradients(net, Total(), [[0.0, 1.0]], [[0.0]]).passed
    assert sorted(seen) == [-2e-4, -1e-4, 0, 1e-4, 2e-4]


def test_a_check_that_passes_gives_no_reason_and_judges_nothing_layer_by_layer():
    net = make()
    result = bp.check_gradients(net, bp.squared_error, *data(net))
    assert (result.passed, result.reason, result.by_layers) == (True, "", 0)


def test_an_error_as_large_as_the_tolerance_is_looked_into():
    net = bp.Network([Tripled()])
    x = np.zeros((2, 2))  # all is exact: 3 beside 1
    options = {"step": 2.0**-13, "tolerance": 2 / 3}
    result = bp.check_gradients(net, Total(), x, x, **options)
    assert (result.passed, result.max_relative_error) == (False, 2 / 3)
    assert result.reason == "layers[0]: dx is wrong, as the layer's own forward shows"


def test_several_kinks_at_one_point_are_judged_layer_by_layer_and_counted():
    class Half(bp.ReLU):
        """Takes another slope at the kink than ReLU does, as right as that."""

        def backward(self, da):
            return np.where(self.z == 0, 0.5 * da, super().backward(da))

    class Weighted(Total):
        w = np.array([[-3.0, 1.0]])

        def __call__(self, y, t):
            return float((self.w * y).sum())

        def gradient(self, y, t):
            return self.w * np.ones_like(y)

    first, second = bp.Dense([[1.0, -1.0], [1.0, 1.0]]), bp.Dense([[1.0, 0.0], [-1.0, 2.0]])
    net = bp.Network([first, Half(), second, bp.ReLU()])
    result = bp.check_gradients(net, Weighted(), np.zeros((2, 2)), [[0.0]])
    assert (result.passed, result.reason) == (True, "")
    assert result.by_layers == 2
    assert result.at_kinks == 4
