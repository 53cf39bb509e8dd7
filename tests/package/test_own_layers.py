"""Layers that a reader writes: trained, checked, traced and refused like those of the package.

First what readers asked for, one test for each thing that once went wrong. Then kinds of layers,
each through everything. Then laws for random networks of them, as in `test_properties`.
"""

import copy
import pickle
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import backprop as bp

law = settings(derandomize=True, deadline=None, database=None, max_examples=60)
slow_law = settings(law, max_examples=40)


def normal(*shape, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def dense(n_in, n_out, seed=0, dtype=np.float64, kind=bp.Dense):
    return kind(normal(n_in, n_out, seed=seed, dtype=dtype), normal(n_out, seed=seed, dtype=dtype))


def starts(words):
    return "^" + re.escape(words)


# ---------------------------------------------------------------- layers of readers


class Scale:
    """y = gamma x + beta, both of the shape of a sample."""

    parameters = ("gamma", "beta")

    def __init__(self, gamma, beta):
        self.gamma, self.beta = np.array(gamma), np.array(beta)

    def forward(self, x):
        self.x = x
        return self.gamma * x + self.beta

    def backward(self, dy):
        self.dgamma = (dy * self.x).sum(axis=0)
        self.dbeta = dy.sum(axis=0)
        return dy * self.gamma


class Gain:
    """y = g x, g being one number; its gradient is a NumPy number, as sums are."""

    parameters = ("g",)

    def __init__(self, g):
        self.g = np.array(g)

    def forward(self, x):
        self.x = x
        return self.g * x

    def backward(self, dy):
        self.dg = (dy * self.x).sum()
        return self.g * dy


class SlottedGain:
    """As Gain, without a __dict__."""

    __slots__ = ("dg", "g", "x")
    parameters = ("g",)

    __init__, forward, backward = Gain.__init__, Gain.forward, Gain.backward


class Groups:
    """A matrix for each group of columns: x (batch, G k), K (G, k, m), y (batch, G m)."""

    parameters = ("K",)

    def __init__(self, K):
        self.K = np.array(K)

    def forward(self, x):
        self.x = x.reshape(len(x), *self.K.shape[:2])
        return np.einsum("ngk,gkm->ngm", self.x, self.K).reshape(len(x), -1)

    def backward(self, dy):
        dy = dy.reshape(len(dy), self.K.shape[0], self.K.shape[2])
        self.dK = np.einsum("ngk,ngm->gkm", self.x, dy)
        return np.einsum("ngm,gkm->ngk", dy, self.K).reshape(len(dy), -1)


class Convolution:
    """x (batch, channels, height, width) with kernels K (channels, 2, 2), channel by channel."""

    parameters = ("K",)
    n_in = "2 channels"  # a name that our Dense has too: here it is the reader's own affair

    def __init__(self, K):
        self.K = np.array(K)

    def windows(self, x):
        return np.lib.stride_tricks.sliding_window_view(x, (2, 2), axis=(2, 3))

    def forward(self, x):
        self.x = x
        return np.einsum("nchwij,cij->nchw", self.windows(x), self.K)

    def backward(self, dy):
        self.dK = np.einsum("nchwij,nchw->cij", self.windows(self.x), dy)
        around = np.pad(dy, ((0, 0), (0, 0), (1, 1), (1, 1)))
        return np.einsum("nchwij,cij->nchw", self.windows(around), self.K[:, ::-1, ::-1])


class Flatten:
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dy):
        return dy.reshape(self.shape)


class Unflatten:
    def __init__(self, *shape):
        self.shape = shape

    def forward(self, x):
        return x.reshape(len(x), *self.shape)

    def backward(self, dy):
        return dy.reshape(len(dy), -1)


class Residual:
    """y = x + what its layers make of x, or of a copy, as they may write into it."""

    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        y = x.copy()
        for layer in self.layers:
            y = layer.forward(y)
        return x + y

    def backward(self, dy):
        dx = dy.copy()
        for layer in reversed(self.layers):
            dx = layer.backward(dx)
        return dy + dx


class Skip(bp.Network):
    """The same as a kind of network."""

    def forward(self, x):
        return x + super().forward(x)

    def backward(self, dy):
        return dy + super().backward(dy)


class Widening(bp.Network):
    """y = (x, what its layers make of x), side by side."""

    def forward(self, x):
        return np.hstack([x, super().forward(x)])

    def backward(self, dy):
        n = dy.shape[1] - self.y.shape[1]
        return dy[:, :n] + super().backward(dy[:, n:])


class MyDense(bp.Dense):
    """A backward pass of one's own."""

    def backward(self, delta):
        self.dW = self.x.T @ delta
        self.db = delta.sum(axis=0)
        return delta @ self.W.T


class BothOwn(bp.Dense):
    """A forward pass as well: the bias as a weight from a column of ones."""

    def forward(self, x):
        self.x1 = np.hstack([x, np.ones((len(x), 1), x.dtype)])
        return self.x1 @ np.vstack([self.W, self.b])

    def backward(self, delta):
        both = self.x1.T @ delta
        self.dW, self.db = both[:-1], both[-1]  # views
        return delta @ self.W.T


class Curve:
    """tanh that keeps its result as h, and what came back as dh: neither is learned."""

    def forward(self, x):
        self.h = np.tanh(x)
        return self.h.copy()  # the next layer may write into it

    def backward(self, dy):
        self.dh = dy * (1 - self.h**2)
        return self.dh


class WritesInPlace:
    """y = 2x and dx = 2dy, each in the array that it is given."""

    def forward(self, x):
        x *= 2
        return x

    def backward(self, dy):
        dy *= 2
        return dy


class HeldDropout:
    """Dropout whose mask is drawn by `draw`, not by every forward."""

    def __init__(self, mask):
        self.mask = np.array(mask)

    def forward(self, x):
        return x * self.mask

    def backward(self, dy):
        return dy * self.mask


class FreshDropout(HeldDropout):
    def __init__(self):
        self.rng = np.random.default_rng(0)

    def forward(self, x):
        self.mask = (self.rng.random(x.shape) < 0.5).astype(x.dtype)
        return super().forward(x)


class BatchNorm:
    """Every column with mean 0 and deviation 1 over the batch: samples are not independent."""

    parameters = ["gamma", "beta"]  # noqa: RUF012 (a list will do)

    def __init__(self, gamma, beta):
        self.gamma, self.beta = np.array(gamma), np.array(beta)
        self.running = np.zeros_like(self.gamma)  # changes at every forward, y does not

    def forward(self, x):
        self.running += (x.mean(axis=0) - self.running) * self.running.dtype.type(0.1)
        self.deviation = np.sqrt(x.var(axis=0) + x.dtype.type(1e-3))
        self.normed = (x - x.mean(axis=0)) / self.deviation
        return self.normed * self.gamma + self.beta

    def backward(self, dy):
        self.dgamma, self.dbeta = (dy * self.normed).sum(axis=0), dy.sum(axis=0)
        d = dy * self.gamma
        d = d - d.mean(axis=0) - self.normed * (d * self.normed).mean(axis=0)
        return d / self.deviation


class OwnReLU:
    slope = 0.0

    def forward(self, z):
        self.m = np.where(z > 0, 1, self.slope).astype(z.dtype)
        return z * self.m

    def backward(self, da):
        return da * self.m


class Leaky(OwnReLU):
    slope = 0.1


class Abs:
    def forward(self, z):
        self.z = z
        return np.abs(z)

    def backward(self, da):
        return da * np.sign(self.z)


class ReLUSubclass(bp.ReLU):
    def forward(self, z):
        self.on = z > 0
        return z * self.on

    def backward(self, da):
        return da * self.on


class MaxPool:
    """The larger of each two columns. Of a tie, the first takes all, or each its share."""

    first = True

    def forward(self, x):
        self.x = x.reshape(len(x), -1, 2)
        return self.x.max(axis=2)

    def backward(self, dy):
        is_max = self.x == self.x.max(axis=2, keepdims=True)
        if self.first:
            is_max = is_max & (np.cumsum(is_max, axis=2) == 1)
        share = (is_max / is_max.sum(axis=2, keepdims=True)).astype(dy.dtype)
        return (share * dy[:, :, np.newaxis]).reshape(len(dy), -1)


class SharingMaxPool(MaxPool):
    first = False


class OwnLoss:
    """Half the mean square for targets of the shape of y, whatever that is."""

    def __call__(self, y, t):
        return float(((y - t) ** 2).sum() / 2 / len(y))

    def gradient(self, y, t):
        return (y - t) / y.dtype.type(len(y))


class AbsoluteError:
    def __call__(self, y, t):
        return float(np.abs(y - t).sum() / len(y))

    def gradient(self, y, t):
        return np.sign(y - t) / y.dtype.type(len(y))


def walk(layers, before=""):
    """Every layer with its place, found without the package."""
    for i, layer in enumerate(layers):
        yield f"{before}layers[{i}]", layer
        yield from walk(getattr(layer, "layers", []), f"{before}layers[{i}].")


def learned(net):
    """Every parameter: its full name, its layer and its own name."""
    return [
        (f"{place}.{name}", layer, name)
        for place, layer in walk(net.layers)
        for name in getattr(layer, "parameters", ())
    ]


def values(net):
    return {full: getattr(layer, name).copy() for full, layer, name in learned(net)}


def assert_values(net, before):
    for full, layer, name in learned(net):
        np.testing.assert_array_equal(getattr(layer, name), before[full], err_msg=full)


def plant(layer, name, by, at=0):
    """Let a layer's backward add something to one element of dNAME, or of dx where NAME is x."""
    kind = type(layer)

    class Wrong(kind):
        __slots__ = ()

        def backward(self, dy):
            dx = super().backward(dy)
            gradient = np.array(dx if name == "x" else getattr(self, f"d{name}"))
            gradient[np.unravel_index(at % gradient.size, gradient.shape)] += by
            if name == "x":
                return gradient
            setattr(self, f"d{name}", gradient)
            return dx

    Wrong.__name__ = kind.__name__
    layer.__class__ = Wrong


def replace_gradient(layer, name, by):
    """Let a layer's backward leave by(dNAME) in dNAME, or return by(dx)."""
    kind = type(layer)

    class Bad(kind):
        __slots__ = ()

        def backward(self, dy):
            dx = super().backward(dy)
            if name == "x":
                return by(dx)
            setattr(self, f"d{name}", by(getattr(self, f"d{name}")))
            return dx

    Bad.__name__ = kind.__name__
    layer.__class__ = Bad


# ---------------------------------------------------------------- inputs that once failed


class SilentGain:
    """y = g x with a wrong gradient, and not a word about g."""

    def __init__(self):
        self.g = 2

    def forward(self, x):
        self.x = x
        return self.g * x

    def backward(self, dy):
        self.dg = 123
        return self.g * dy


SILENT = (
    "layers[0].g is not declared: SilentGain fills dg (shape ()), but g is not among its"
    " parameters, so it would not be trained. Write parameters = ('g',) in the class"
)


def test_a_gradient_of_something_undeclared_is_refused_by_the_check_the_step_and_training():
    x, t = [[3.0]], [[0.0]]
    net = bp.Network([SilentGain()])
    with pytest.raises(ValueError, match=starts(SILENT) + "$"):
        bp.check_gradients(net, bp.squared_error, x, t)
    net.forward(x)
    net.backward([[6.0]])
    with pytest.raises(ValueError, match=starts(SILENT) + "$"):
        bp.SGD(net, lr=0.1).step()
    first = dense(1, 1)
    net, before = bp.Network([first, SilentGain()]), first.W.copy()
    with pytest.raises(ValueError, match=starts(SILENT.replace("[0]", "[1]"))):
        bp.train(
            net, bp.squared_error, x, t, epochs=1, batch_size=1, lr=0.1, rng=np.random.default_rng()
        )
    np.testing.assert_array_equal(first.W, before)


def test_once_declared_a_wrong_gradient_is_blamed_and_the_right_one_passes_and_steps():
    class Wrong(Gain):
        def backward(self, dy):
            self.dg = np.array(123.0)
            return self.g * dy

    result = bp.check_gradients(bp.Network([Wrong(2.0)]), bp.squared_error, [[3.0]], [[0.0]])
    assert not result.passed
    assert (result.worst.name, result.worst.index) == ("layers[0].g", ())
    assert (result.worst.analytic, result.worst.numerical) == (123, pytest.approx(18))
    net = bp.Network([Gain(2.0)])
    assert bp.check_gradients(net, bp.squared_error, [[3.0]], [[0.0]]).passed
    net.backward(bp.squared_error.gradient(net.forward([[3.0]]), [[0.0]]))
    bp.SGD(net, lr=0.1).step()
    assert net.layers[0].g == pytest.approx(0.2)


def test_a_layer_may_change_the_number_of_columns_between_two_dense_layers():
    class AddNeighbours:
        def forward(self, x):
            return x[:, ::2] + x[:, 1::2]

        def backward(self, dy):
            return np.repeat(dy, 2, axis=1)

    net = bp.Network([dense(4, 4), AddNeighbours(), dense(2, 1)])
    assert net.forward(normal(3, 4)).shape == (3, 1)
    assert bp.check_gradients(net, bp.squared_error, normal(3, 4), normal(3, 1)).passed


@pytest.mark.parametrize("alone", [True, False])
def test_a_dense_with_a_backward_of_its_own_steps(alone):
    layer = MyDense([[1.0, 2.0], [3.0, 4.0]], [0.0, 0.0])
    net = bp.Network([layer])
    caller = layer if alone else net
    caller.forward([[1, 1]])
    caller.backward([[1, 1]])
    bp.SGD(net, lr=0.1).step()
    np.testing.assert_allclose(layer.W, [[0.9, 1.9], [2.9, 3.9]])
    np.testing.assert_allclose(layer.b, [-0.1, -0.1])


@pytest.mark.parametrize("kind", [OwnReLU, Leaky, ReLUSubclass, Abs])
def test_an_own_relu_exactly_at_its_kink_passes(kind):
    layers = [bp.Dense([[1.0, 2.0], [3.0, 4.0]], [0.0, 0.0]), kind(), bp.Dense([[1.0], [2.0]], [1])]
    result = bp.check_gradients(bp.Network(layers), bp.squared_error, [[0.0, 0.0]], [[2.0]])
    assert result.passed, result
    assert result.at_kinks == 4  # both x and both b of the first layer
    assert "\n4 of them at a kink, judged by the slopes of both sides\n" in repr(result)


@pytest.mark.parametrize("kind", [MaxPool, SharingMaxPool])
def test_a_max_pool_with_ties_passes_whoever_of_them_takes_the_gradient(kind):
    net = bp.Network([kind(), bp.Dense([[1.0], [2.0]], [0.5])])
    x, t = [[1.0, 1.0, 2.0, 2.0], [0, 0, 3, 1]], [[1.0], [2.0]]
    result = bp.check_gradients(net, bp.squared_error, x, t)
    assert result.passed, result
    assert result.at_kinks == 6


BAD_RETURNS = [
    (
        "b",
        lambda db: db[np.newaxis],
        ValueError,
        ".db must have shape (2,) to fit b: db has shape (1, 2), b has shape (2,)",
    ),
    (
        "W",
        np.transpose,
        ValueError,
        ".dW must have shape (3, 2) to fit W: dW has shape (2, 3), W has shape (3, 2)",
    ),
    (
        "W",
        lambda dW: None,
        TypeError,
        ".dW must be an array of float64 or float32, got NoneType: backward must leave one of"
        " shape (3, 2), that of W",
    ),
    (
        "x",
        lambda dx: None,
        TypeError,
        ".backward must return an array, it returned NoneType: its return is missing",
    ),
    ("x", np.ndarray.tolist, TypeError, ".backward must return an array, it returned list"),
    ("x", lambda dx: 1.0, TypeError, ".backward must return an array, it returned float"),
    (
        "x",
        lambda dx: dx[:, :1],
        ValueError,
        ".backward must return dx in the shape of x, (4, 3): it returned shape (4, 1)",
    ),
]


@pytest.mark.parametrize(("name", "by", "error", "words"), BAD_RETURNS)
@pytest.mark.parametrize("kind", [bp.Dense, MyDense, BothOwn])
@pytest.mark.parametrize("nested", [False, True])
def test_what_a_backward_must_not_leave_or_return_is_refused_by_name(
    nested, kind, name, by, error, words
):
    layer, last = dense(3, 2, kind=kind), dense(2, 2)
    replace_gradient(layer, name, by)
    net = bp.Network([bp.Network([layer]) if nested else layer, last])
    before, y = values(net), net.forward(np.ones((4, 3)))
    place = "layers[0].layers[0]" if nested else "layers[0]"
    with pytest.raises(error, match=starts(place + words) + "$"):
        net.backward(np.ones_like(y))
    assert_values(net, before)
    assert last.dW is None, "a gradient of half a pass is none"
    with pytest.raises(error, match=starts(place + words) + "$"):
        bp.check_gradients(net, bp.squared_error, np.ones((4, 3)), np.ones((4, 2)))
    with pytest.raises(error, match=starts(place + words) + "$"):
        bp.train(
            net,
            bp.squared_error,
            np.ones((4, 3)),
            np.ones((4, 2)),
            epochs=1,
            batch_size=4,
            lr=0.1,
            rng=np.random.default_rng(0),
        )
    assert_values(net, before)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_loss_that_is_nan_on_one_side_of_the_point_does_not_pass(at_once):
    class HalfNaN:
        def __call__(self, y, t):
            value = float(y.sum())
            return float("nan") if value > 1 + (0 if at_once else 1.5e-4) else value

        def gradient(self, y, t):
            return np.ones_like(y) + (7 if at_once else 0.5)

    result = bp.check_gradients(bp.Network([bp.Identity()]), HalfNaN(), [[1.0]], [[0.0]])
    assert not result.passed


def test_an_own_loss_with_one_number_a_sample_as_target_trains():
    class Line:
        def __call__(self, y, t):
            return float(((y[:, 0] - t) ** 2).mean() / 2)

        def gradient(self, y, t):
            return ((y[:, 0] - t) / len(t))[:, np.newaxis]

    net, x, t = bp.Network([bp.Dense([[0.0]], [0.0])]), [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]
    options = {"batch_size": 2, "lr": 0.2, "rng": np.random.default_rng(0)}
    history = bp.train(net, Line(), x, t, epochs=100, **options, x_test=x, t_test=t)
    assert history.loss[-1] < 1e-6
    assert history.test_loss == history.loss
    assert history.accuracy == history.test_accuracy == []
    assert bp.check_gradients(net, Line(), x, t).passed


@pytest.mark.parametrize("kind", [bp.Dense, MyDense])
def test_a_step_with_a_read_only_parameter_is_refused_by_name_and_nothing_moves(kind):
    net = bp.Network([dense(2, 2, kind=kind), bp.Tanh(), dense(2, 2, kind=kind)])
    net.backward(np.ones_like(net.forward([[1, 2]])))
    net.layers[2].W.flags.writeable = False
    before = values(net)
    words = "layers[2].W can not be changed: it is read-only (it has shape (2, 2))"
    with pytest.raises(ValueError, match=starts(words) + "$"):
        bp.SGD(net, lr=0.1).step()
    assert_values(net, before)


def test_a_masked_array_is_refused():
    x = np.ma.array([[1.0, 1e6]], mask=[[False, True]])
    words = "x must not be masked: what is masked would take part with the number under it."
    for net in (bp.Network([bp.Identity()]), bp.Network([Gain(2.0)]), bp.Network([dense(2, 1)])):
        with pytest.raises(TypeError, match=starts(words) + r".*\(x has shape \(1, 2\)\)$"):
            net.forward(x)


@pytest.mark.parametrize("layers", [[WritesInPlace()], [Scale([1.0] * 3, [0.0] * 3)]])
def test_a_layer_that_writes_into_what_it_is_given_does_not_change_the_callers_arrays(layers):
    net = bp.Network([*layers, bp.Identity(), WritesInPlace()])
    x, t, dy = normal(4, 3), normal(4, 3, seed=1), normal(4, 3, seed=2)
    before = [x.copy(), t.copy(), dy.copy()]
    net.forward(x)
    net.backward(dy)
    assert bp.check_gradients(net, bp.squared_error, x, t).passed
    bp.trace(net, bp.squared_error, x, t)
    bp.train(
        net, bp.squared_error, x, t, epochs=1, batch_size=4, lr=0.1, rng=np.random.default_rng(0)
    )
    for array, same in zip([x, t, dy], before, strict=True):
        np.testing.assert_array_equal(array, same)


def test_a_layer_that_writes_into_what_it_is_given_takes_no_blame_for_another():
    wrong = dense(3, 2)
    net = bp.Network([dense(3, 3), WritesInPlace(), wrong])
    plant(wrong, "W", 0.5)
    result = bp.check_gradients(net, bp.squared_error, normal(4, 3), normal(4, 2))
    assert result.worst.name == "layers[2].W"
    assert result.reason == "layers[2].W is wrong, as the layer's own forward shows"
    net = bp.Network([dense(3, 3), WritesInPlace(), FreshDropout(), dense(3, 2)])
    result = bp.check_gradients(net, bp.squared_error, normal(4, 3), normal(4, 2))
    assert result.reason.startswith("forward gives two results for one input, in layers[2]: ")


def test_training_that_diverges_names_epoch_layer_and_rate_and_keeps_the_last_parameters():
    rng = np.random.default_rng(0)
    x, t = 3 * rng.normal(size=(60, 12)), rng.uniform(1, 3, size=(60, 1))
    net = bp.Network([bp.Dense.random(12, 8, rng=rng), bp.Dense.random(8, 1, rng=rng)])
    with pytest.raises(ValueError) as caught:
        bp.train(net, bp.squared_error, x, t, epochs=9, batch_size=1, lr=0.5, rng=rng)
    words = r"training diverged in epoch 1: layers\[\d\].* overflows: .*lr = 0\.5, is too large"
    assert re.match(words, str(caught.value))
    assert caught.value.history.loss == []
    assert all(np.isfinite(value).all() for value in values(net).values())


def test_training_that_diverges_later_has_the_history_so_far_and_a_network_that_still_works():
    class Blows(Gain):
        def forward(self, x):
            return super().forward(x) ** 3

        def backward(self, dy):
            return super().backward(dy * 3 * (self.g * self.x) ** 2)

    net = bp.Network([Blows(2.0)])
    assert bp.check_gradients(net, bp.squared_error, [[1.0], [1.5]], [[0.0], [0.5]]).passed
    x, t = np.full((4, 1), 1.0), np.zeros((4, 1))
    with pytest.raises(ValueError, match=starts("training diverged in epoch ")) as caught:
        bp.train(
            net,
            bp.squared_error,
            x,
            t,
            epochs=99,
            batch_size=4,
            lr=0.5,
            rng=np.random.default_rng(0),
        )
    history = caught.value.history
    assert len(history.loss) >= 1
    assert f"in epoch {len(history.loss) + 1}: layers[0]" in str(caught.value)
    # The parameters are those that the last completed epoch ended, or the failed step began, with.
    assert bp.squared_error(net.forward(x), t) == history.loss[-1]


@pytest.mark.parametrize(
    ("arguments", "sizes"),
    [((2, 3), "2, 3"), ((2,), "n_in, n_out"), ((2.0, 3), "n_in, n_out")],
)
def test_numbers_in_place_of_weights_are_told_which_function_makes_them(arguments, sizes):
    words = (
        "W must have shape (n_in, n_out), being an array of weights"
        f" (Dense.random({sizes}, rng=rng) makes a layer with random ones), got shape ()"
    )
    with pytest.raises(ValueError, match=starts(words) + "$"):
        bp.Dense(*arguments)


@pytest.mark.parametrize("nested", [False, True])
def test_a_forgotten_return_is_said(nested):
    class NoReturn:
        def forward(self, x):
            self.x = x

        def backward(self, dy):
            return dy

    layer = bp.Network([bp.Tanh(), NoReturn()]) if nested else NoReturn()
    place = "layers[1].layers[1]" if nested else "layers[1]"
    words = ".forward must return an array, it returned NoneType: its return is missing"
    with pytest.raises(TypeError, match=starts(place + words) + "$"):
        bp.Network([dense(1, 1), layer, dense(1, 1)]).forward([[1.0]])


def test_one_hot_rows_as_labels_are_told_how_they_become_labels():
    words = (
        "labels must hold integers, got dtype float64 (one-hot rows become labels by"
        " labels.argmax(axis=1)): labels has shape (1, 2), logits has shape (1, 2)"
    )
    with pytest.raises(TypeError, match=starts(words) + "$"):
        bp.softmax_cross_entropy([[1.0, 2.0]], [[0.0, 1.0]])


@pytest.mark.parametrize("first", [dense(2, 2, dtype=np.float32), Gain(np.float32(2))])
def test_whole_numbers_take_the_dtype_of_the_network(first):
    net = bp.Network([first])
    assert net.forward([[1, 2]]).dtype == np.float32
    assert net.backward([[1, 1]]).dtype == np.float32


class PerSample(OwnLoss):
    def __call__(self, y, t):
        return ((y - t) ** 2).sum(axis=1)


class ReturnsNone(OwnLoss):
    def __call__(self, y, t):
        pass


class ListGradient(OwnLoss):
    def gradient(self, y, t):
        return (y - t).tolist()


class ShortGradient(OwnLoss):
    def gradient(self, y, t):
        return (y - t).sum(axis=1)


class SingleGradient(OwnLoss):
    def gradient(self, y, t):
        return (y - t).astype(np.float32)


def plain(y, t):
    return 0.0


@pytest.mark.parametrize(
    ("loss", "error", "words"),
    [
        (
            PerSample(),
            TypeError,
            "loss must return one number for the whole batch: its mean, say; it returned an array"
            " of shape (2,)",
        ),
        (
            ReturnsNone(),
            TypeError,
            "loss must return one number for the whole batch; it returned NoneType",
        ),
        (OwnLoss, TypeError, "loss is the class OwnLoss: write OwnLoss()"),
        (plain, TypeError, "loss must be a loss such as squared_error, got <function plain"),
        (
            ListGradient(),
            TypeError,
            "loss.gradient must return an array in the shape of y, (2, 1); it returned list",
        ),
        (
            ShortGradient(),
            ValueError,
            "loss.gradient must return an array in the shape of y, (2, 1); it returned shape (2,)",
        ),
        (
            SingleGradient(),
            TypeError,
            "loss.gradient must return the dtype of y: y is float64 of shape (2, 1); it returned"
            " float32 of shape (2, 1)",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_what_a_loss_must_have_and_return_is_said_before_anything_changes(loss, error, words):
    net, x, t = bp.Network([dense(1, 1)]), np.array([[1.0], [2.0]]), np.array([[1.0], [3.0]])
    before = values(net)
    options = {"epochs": 1, "batch_size": 1, "lr": 0.1, "rng": np.random.default_rng(0)}
    with pytest.raises(error, match=starts(words)) as caught:
        bp.check_gradients(net, loss, x, t)
    with pytest.raises(error, match=starts(words)):
        bp.train(net, loss, x, t, **options)
    if loss is plain:
        needed = "needed are loss(y, t), one number, and loss.gradient(y, t), an array like y"
        assert str(caught.value).endswith(f", which has no gradient: {needed}")
    assert_values(net, before)


def test_columns_of_a_table_that_hold_no_numbers_are_named():
    table = pd.DataFrame(
        {"a": [1.0, 2.0], "smoker": [True, False], "n": pd.array([1, None], dtype="Int64")}
    )
    net = bp.Network([bp.Identity()])
    with pytest.raises(TypeError) as caught:
        net.forward(table)
    words = "x must hold float64, float32 or integers in every column: column 'smoker' holds bool"
    assert str(caught.value).startswith(words)
    assert "(x has shape (2, 3))" in str(caught.value)
    table["n"] = table["n"].fillna(7)
    np.testing.assert_array_equal(net.forward(table[["a", "n"]]), [[1, 1], [2, 7]])
    np.testing.assert_array_equal(net.forward(table.astype(float)), [[1, 1, 1], [2, 0, 7]])


def test_a_nullable_column_that_lacks_a_number_is_named():
    table = pd.DataFrame({"a": [1.0, 2.0], "n": pd.array([1, None], dtype="Int64")})
    with pytest.raises((TypeError, ValueError), match=r"^x must .*(column 'n'|finite)"):
        bp.Network([bp.Identity()]).forward(table)


# ---------------------------------------------------------------- kinds of layers, through all


def made(name, dtype=np.float64):
    """Return a network around an own layer, x and t for it, and the places of its parameters."""

    def of(*shape, seed=1):
        return normal(*shape, seed=seed, dtype=dtype)

    def d(n_in, n_out, seed=2, kind=bp.Dense):
        return dense(n_in, n_out, seed, dtype, kind)

    one, half = dtype(1), dtype(0.5)
    images = name in ("convolution", "images in a residual block")
    inner = [d(3, 3), bp.Tanh()]
    layers = {
        "scale and shift": lambda: [d(3, 3), Scale(one + of(3), of(3)), bp.Tanh()],
        "0-d": lambda: [d(3, 3), Gain(half + one), bp.Tanh()],
        "slots": lambda: [d(3, 3), SlottedGain(half + one), bp.Tanh()],
        "3-d": lambda: [d(3, 4), Groups(of(2, 2, 3)), bp.Tanh(), d(6, 3)],
        "convolution": lambda: [Convolution(of(2, 2, 2)), bp.Tanh(), Flatten(), d(8, 3)],
        "images in a residual block": lambda: [
            Residual([Convolution(of(2, 2, 2)), bp.Sigmoid(), Pad()]),
            Flatten(),
            d(18, 3),
        ],
        "reshaped in between": lambda: [
            d(3, 8),
            Unflatten(2, 2, 2),
            bp.Sigmoid(),
            Flatten(),
            d(8, 3, 6),
        ],
        "residual": lambda: [d(3, 3, 5), Residual(inner)],
        "network": lambda: [d(3, 3, 5), bp.Network(inner)],
        "network in a residual": lambda: [Residual([bp.Network(inner), Gain(half)])],
        "residual in a network": lambda: [bp.Network([Residual(inner), Scale(of(3), of(3))])],
        "a network of its own kind": lambda: [Skip([*inner, d(3, 3, 6)]), bp.Tanh()],
        "side by side": lambda: [Widening(inner), d(6, 3, 6), bp.Tanh()],
        "own backward": lambda: [d(3, 4, kind=MyDense), bp.Tanh(), d(4, 3, 5, kind=MyDense)],
        "own forward": lambda: [d(3, 4, kind=BothOwn), bp.Tanh(), d(4, 3, 5, kind=BothOwn)],
        "without bias": lambda: [bp.Dense(of(3, 3)), bp.Tanh(), bp.Dense(of(3, 3, seed=4))],
        "keeps h and dh": lambda: [d(3, 3), Curve(), d(3, 3, 6)],
        "writes in place": lambda: [d(3, 3), WritesInPlace(), bp.Tanh(), WritesInPlace(), d(3, 3)],
        "held dropout": lambda: [d(3, 3), HeldDropout(np.array([2, 0, 2], dtype)), d(3, 3, 6)],
        "batch norm": lambda: [d(3, 3), BatchNorm(one + of(3), of(3)), bp.Tanh(), d(3, 3, 6)],
        "kinks": lambda: [d(3, 6), MaxPool(), Leaky(), d(3, 4, 6), Abs(), OwnReLU(), d(4, 3, 7)],
    }[name]()
    x = of(3, 2, 3, 3, seed=8) if images else of(6, 3, seed=8)
    return bp.Network(layers), x, of(len(x), 3, seed=9) / 2


class Pad:
    """One more row and column of zeros."""

    def forward(self, x):
        return np.pad(x, ((0, 0), (0, 0), (0, 1), (0, 1)))

    def backward(self, dy):
        return dy[:, :, :-1, :-1]  # a view


KINDS = [
    "scale and shift",
    "0-d",
    "slots",
    "3-d",
    "convolution",
    "images in a residual block",
    "reshaped in between",
    "residual",
    "network",
    "network in a residual",
    "residual in a network",
    "a network of its own kind",
    "side by side",
    "own backward",
    "own forward",
    "without bias",
    "keeps h and dh",
    "writes in place",
    "held dropout",
    "batch norm",
    "kinks",
]
every_kind = pytest.mark.parametrize("kind", KINDS)
both_dtypes = pytest.mark.parametrize("dtype", [np.float64, np.float32])


@both_dtypes
@every_kind
def test_right_gradients_of_every_kind_pass_and_all_are_compared(kind, dtype):
    net, x, t = made(kind, dtype)
    before = values(net)
    result = bp.check_gradients(net, bp.squared_error, x, t)
    assert result.passed, result
    assert result.checked == x.size + sum(value.size for value in before.values())
    assert_values(net, before)


@both_dtypes
@every_kind
def test_a_wrong_gradient_of_any_parameter_of_every_kind_is_named_with_its_full_place(kind, dtype):
    net, x, t = made(kind, dtype)
    for full, _, name in learned(net):
        wrong = copy.deepcopy(net)
        layer = next(each for place, each in walk(wrong.layers) if f"{place}.{name}" == full)
        plant(layer, name, dtype(0.5), at=-1)
        result = bp.check_gradients(wrong, bp.squared_error, x, t)
        assert not result.passed
        assert result.worst.name == full
        assert result.worst.index == tuple(size - 1 for size in getattr(layer, name).shape)
        assert f"in {full}[" in repr(result)
        assert result.reason == f"{full} is wrong, as the layer's own forward shows"


@every_kind
def test_a_wrong_dx_of_any_layer_of_every_kind_is_found_and_named(kind):
    net, x, t = made(kind)
    for place, _ in walk(net.layers):
        wrong = copy.deepcopy(net)
        plant(next(each for here, each in walk(wrong.layers) if here == place), "x", 0.5, at=-1)
        result = bp.check_gradients(wrong, bp.squared_error, x, t)
        assert not result.passed, place
        assert result.reason == f"{place}: dx is wrong, as the layer's own forward shows"


@both_dtypes
@every_kind
def test_every_kind_learns_and_keeps_its_dtype(kind, dtype):
    net, x, t = made(kind, dtype)
    arrays = [getattr(layer, name) for _, layer, name in learned(net)]
    options = {"epochs": 30, "batch_size": 3, "lr": 0.02, "rng": np.random.default_rng(0)}
    history = bp.train(net, bp.squared_error, x, t, **options)
    assert history.loss[-1] < history.loss[0]
    y = net.forward(x)
    dx = net.backward(bp.squared_error.gradient(y, t))
    gradients = [getattr(layer, f"d{name}") for _, layer, name in learned(net)]
    assert {each.dtype for each in (y, dx, *arrays, *gradients)} == {np.dtype(dtype)}
    for (full, layer, name), array in zip(learned(net), arrays, strict=True):
        assert getattr(layer, name) is array, f"{full} is changed in place"


@every_kind
def test_every_kind_is_a_step_of_a_trace(kind):
    net, x, t = made(kind)
    before, steps = values(net), bp.trace(net, bp.squared_error, x, t)
    assert_values(net, before)
    y = net.forward(x)
    dx = net.backward(bp.squared_error.gradient(y, t))
    np.testing.assert_array_equal(steps.step("y").value, y)
    np.testing.assert_array_equal(steps.step("dx").value, dx)
    shown, number = {step.name: step.value for step in steps}, 0
    for i, layer in enumerate(net.layers):
        number += isinstance(layer, bp.Dense) and not isinstance(layer, BothOwn)
        for full, inner, name in learned(bp.Network([layer])):
            usual = isinstance(layer, bp.Dense) and not isinstance(layer, BothOwn)
            place = full.replace("layers[0]", f"layers[{i}]", 1).removesuffix(f".{name}")
            key = f"d{name}{number}" if usual else f"{place}.d{name}"
            np.testing.assert_array_equal(shown[key], getattr(inner, f"d{name}"), err_msg=key)


@every_kind
def test_every_kind_can_be_copied_and_pickled(kind):
    net, x, t = made(kind)
    dy = bp.squared_error.gradient(net.forward(x), t)
    dx = net.backward(dy)
    before = values(net)
    for twin in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        np.testing.assert_array_equal(twin.backward(dy), dx)
        bp.SGD(twin, lr=0.1).step()
        assert_values(net, before)
        for full, layer, name in learned(twin):
            assert not np.array_equal(getattr(layer, name), before[full]), full


def test_a_network_of_its_own_kind_can_stand_outermost():
    for kind, t in ((Skip, normal(4, 3)), (Widening, normal(4, 6))):
        net, x = kind([dense(3, 3), bp.Tanh()]), normal(4, 3, seed=1)
        assert bp.check_gradients(net, bp.squared_error, x, t).passed
        steps = bp.trace(net, bp.squared_error, x, t)
        assert steps.step("y").expression == "net.forward(x)"
        np.testing.assert_array_equal(steps.step("y").value, net.forward(x))
        net.backward(bp.squared_error.gradient(net.forward(x), t))
        np.testing.assert_array_equal(steps.step("net.layers[0].dW").value, net.layers[0].dW)
        plant(net.layers[0], "W", 0.5)
        result = bp.check_gradients(net, bp.squared_error, x, t)
        assert result.worst.name == "layers[0].W"


# ---------------------------------------------------------------- what people do by hand


def test_gradients_added_to_those_before_do_not_pass():
    class Adds(bp.Dense):
        def backward(self, delta):
            self.dW += self.x.T @ delta
            self.db += delta.sum(axis=0)
            return delta @ self.W.T

    net = bp.Network([dense(3, 2, kind=Adds)])
    result = bp.check_gradients(net, bp.squared_error, normal(4, 3), normal(4, 2))
    assert not result.passed
    assert result.worst.name in ("layers[0].W", "layers[0].b")


@pytest.mark.parametrize("adds", [True, False])
def test_a_gradient_that_is_right_only_the_first_time_does_not_pass(adds):
    class OnlyOnce(Gain):
        dg = None

        def backward(self, dy):
            dg = (dy * self.x).sum()
            if self.dg is None:
                self.dg = dg
            elif adds:
                self.dg = self.dg + dg
            return self.g * dy

    net = bp.Network([OnlyOnce(2.0)])
    result = bp.check_gradients(net, bp.squared_error, normal(4, 3), normal(4, 3, seed=1))
    assert not result.passed
    assert result.worst.name == "layers[0].g"
    assert net.layers[0].dg is None


def test_a_layer_whose_parameters_are_taken_away_stays_as_it_is():
    net, x, t = bp.Network([dense(3, 3), Gain(2.0), dense(3, 2)]), normal(4, 3), normal(4, 2)
    for layer in net.layers[:2]:
        layer.parameters = ()
    assert bp.check_gradients(net, bp.squared_error, x, t).checked == x.size + 8
    W, g = net.layers[0].W.copy(), net.layers[1].g.copy()
    options = {"epochs": 5, "batch_size": 2, "lr": 0.1, "rng": np.random.default_rng(0)}
    history = bp.train(net, bp.squared_error, x, t, **options)
    assert history.loss[-1] < history.loss[0]
    np.testing.assert_array_equal(net.layers[0].W, W)
    assert net.layers[1].g == g


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ("g", "parameters must be a tuple of names, got the string 'g': write ('g',)"),
        (("h",), "h is missing, but stands in parameters = ('h',)"),
        (("g", "g"), "parameters must name each only once, got ('g', 'g')"),
        ({"g": 1}, "parameters must be a tuple of names, got {'g': 1}"),
        (None, "parameters must be a tuple of names, got None"),
        ((1,), "parameters must be a tuple of names, got (1,)"),
    ],
)
def test_parameters_that_are_no_names_are_refused_with_the_place_of_the_layer(parameters, words):
    layer = Gain(2.0)
    layer.parameters = parameters
    for layers, place in (([layer], "layers[0]."), ([Residual([layer])], "layers[0].layers[0].")):
        with pytest.raises(TypeError, match=starts(place + words)):
            bp.Network([*layers, bp.Tanh()])


@pytest.mark.parametrize(
    ("g", "words"),
    [
        (2.0, "got float: make it one, with np.array(2.0)"),
        (2, "got int: make it one, with np.array(2.0)"),
        ([2.0], "got list"),
        (np.array(2), "got ndarray of dtype int64 and shape (): make it one, with .astype(float)"),
        (None, "got NoneType"),
    ],
)
def test_parameters_that_are_no_arrays_are_refused_by_name(g, words):
    layer = Gain(1.0)
    layer.g = g
    words = f"layers[1].g must be an array of float64 or float32, {words}"
    with pytest.raises(TypeError, match=starts(words) + "$"):
        bp.Network([bp.Tanh(), layer])


@pytest.mark.parametrize("layers", [None, 3, {"a": bp.Tanh()}, "ab"])
def test_layers_that_are_no_list_are_refused(layers):
    layer = Flatten()
    layer.layers = layers
    words = f"layers[1].layers must be a list of layers, got {type(layers).__name__}"
    with pytest.raises(TypeError, match=starts(words) + "$"):
        bp.Network([bp.Tanh(), layer])


@pytest.mark.parametrize("in_a_list", [False, True])
def test_a_layer_with_parameters_that_no_list_names_is_refused_once_it_goes_back(in_a_list):
    class Forgetful:
        def __init__(self, inner):
            self.part = [inner] if in_a_list else inner

        @property
        def inner(self):
            return self.part[0] if in_a_list else self.part

        def forward(self, x):
            return x + self.inner.forward(x)

        def backward(self, dy):
            return dy + self.inner.backward(dy)

    words = "layers[1].part is not listed: Forgetful goes through a layer with parameters, Dense"
    net, x, t = bp.Network([bp.Tanh(), Forgetful(dense(3, 3))]), normal(4, 3), normal(4, 3, seed=1)
    with pytest.raises(ValueError, match=starts(words)):
        bp.check_gradients(net, bp.squared_error, x, t)
    net.backward(net.forward(x))
    with pytest.raises(ValueError, match=starts(words)):
        bp.SGD(net, lr=0.1).step()
    net.layers[1].inner.parameters = ()  # it is to stay as it is
    assert bp.check_gradients(net, bp.squared_error, x, t).passed
    assert bp.check_gradients(
        bp.Network([bp.Tanh(), Forgetful(bp.Sigmoid())]), bp.squared_error, x, t
    ).passed


@pytest.mark.parametrize("n", [2, 3])
def test_a_dense_layer_behind_an_own_one_says_which_shape_it_was_given(n):
    net = bp.Network([Unflatten(2, 2), dense(2, 2)])
    words = "layers[1]: x must have shape (batch, n) with at least one row and one column,"
    with pytest.raises(ValueError, match=starts(f"{words} got shape ({n}, 2, 2)") + "$"):
        net.forward(normal(n, 4))
    net = bp.Network([dense(3, 4), Flatten(), dense(3, 2)])
    words = f"layers[2]: x must have shape ({n}, 3) to fit W: x has shape ({n}, 4), W has shape"
    with pytest.raises(ValueError, match=starts(f"{words} (3, 2)") + "$"):
        net.forward(normal(n, 3))


def test_a_layer_that_inherits_backward_from_ours_is_looked_at_like_any_other():
    class OnesColumn(bp.Dense):
        def forward(self, x):
            self.x = np.hstack([x, np.ones((len(x), 1))])
            return self.x @ np.vstack([self.W, self.b])

    net = bp.Network([dense(3, 2, kind=OnesColumn)])
    net.forward(normal(4, 3))
    words = "layers[0].dW must have shape (3, 2) to fit W: dW has shape (4, 2), W has shape (3, 2)"
    with pytest.raises(ValueError, match=starts(words) + "$"):
        net.backward(normal(4, 2))

    class Repeats(bp.ReLU):
        def forward(self, z):
            self.z = z
            return np.repeat(np.maximum(z, 0), 2, axis=1)

    net = bp.Network([Repeats()])
    net.forward(normal(4, 1))
    words = "layers[0].backward must return dx in the shape of x, (4, 1): it returned shape (4, 2)"
    with pytest.raises(ValueError, match=starts(words) + "$"):
        net.backward(normal(4, 2))


def test_one_array_in_two_layers_moves_by_both_gradients():
    first, second = dense(3, 2), dense(2, 3, seed=1)
    second.W = first.W.T  # as in an autoencoder with tied weights
    net, x = bp.Network([first, bp.Tanh(), second]), normal(4, 3)
    assert bp.check_gradients(net, bp.squared_error, x, x).passed
    net.backward(bp.squared_error.gradient(net.forward(x), x))
    expected = first.W - 0.1 * first.dW - 0.1 * second.dW.T
    bp.SGD(net, lr=0.1).step()
    np.testing.assert_allclose(first.W, expected, rtol=1e-14)


def test_a_parameter_replaced_between_forward_and_backward_is_the_one_that_counts():
    net, x = bp.Network([dense(3, 2), Gain(2.0)]), normal(4, 3)
    y = net.forward(x)
    net.layers[1].g = np.array(5.0)
    W = net.layers[0].W = 2 * net.layers[0].W
    np.testing.assert_allclose(net.backward(np.ones_like(y)), 5 * np.ones_like(y) @ W.T)
    bp.SGD(net, lr=0.1).step()
    assert net.layers[0].W is W
    assert net.layers[1].g != 5


def test_layers_called_one_by_one_leave_gradients_for_a_step():
    net, twin = (bp.Network([dense(3, 3), Gain(2.0), dense(3, 2, kind=MyDense)]) for _ in "ab")
    x = y = normal(4, 3)
    for layer in net.layers:
        y = layer.forward(y)
    dy = np.ones_like(y)
    for layer in reversed(net.layers):
        dy = layer.backward(dy)
    np.testing.assert_array_equal(twin.forward(x), y)
    np.testing.assert_array_equal(twin.backward(np.ones_like(y)), dy)
    for each in (net, twin):
        bp.SGD(each, lr=0.1).step()
    assert_values(net, values(twin))


def test_a_network_inside_a_failed_forward_asks_for_another():
    class Fails:
        def forward(self, x):
            raise ZeroDivisionError("no")

        def backward(self, dy):
            return dy

    inner = bp.Network([dense(3, 3)])
    with pytest.raises(ZeroDivisionError) as caught:
        bp.Network([inner, Fails()]).forward(normal(4, 3))
    assert caught.value.__notes__ == ["in layers[1], Fails"]
    with pytest.raises(RuntimeError, match=starts("backward needs a forward before it")):
        inner.backward(normal(4, 3))


@pytest.mark.parametrize("around", [bp.Network, Residual, Skip])
@pytest.mark.parametrize("own", [False, True])
def test_nan_in_a_gradient_is_named_however_deep_it_stands(around, own):
    layer = Scale(normal(3), normal(3)) if own else dense(3, 3)
    plant(layer, "gamma" if own else "W", np.nan)
    net = bp.Network([around([layer]), dense(3, 2)])
    full = f"layers[0].layers[0].{'gamma' if own else 'W'}"
    if around is Residual and not own:  # our layers look themselves, where no network does
        with pytest.raises(ValueError, match=r"^layers\[0\]\.layers\[0\]\.dW overflows"):
            bp.check_gradients(net, bp.squared_error, normal(4, 3), normal(4, 2))
        return
    result = bp.check_gradients(net, bp.squared_error, normal(4, 3), normal(4, 2))
    assert not result.passed
    assert result.worst.name == full


@pytest.mark.parametrize("around", ["nothing", bp.Network, Residual, Skip])
def test_a_fresh_mask_in_every_forward_is_said(around):
    layer = FreshDropout() if around == "nothing" else around([FreshDropout()])
    net = bp.Network([dense(3, 3), layer, dense(3, 2)])
    result = bp.check_gradients(net, bp.squared_error, normal(4, 3), normal(4, 2))
    assert not result.passed
    words = "forward gives two results for one input, in layers[1]: hold what is random"
    assert result.reason.startswith(words)


def test_a_layer_whose_memory_the_next_one_overwrites_is_found():
    class Unguarded(Curve):
        def forward(self, x):
            self.h = np.tanh(x)
            return self.h

    x, t = normal(4, 3), normal(4, 3, seed=1)
    for layer, passed in ((Curve(), True), (Unguarded(), False)):
        net = bp.Network([layer, WritesInPlace()])
        result = bp.check_gradients(net, bp.squared_error, x, t)
        assert result.passed == passed
    assert result.reason == "layers[0]: dx is wrong, as the layer's own forward shows"


def test_a_stack_of_inputs_will_do_as_memory():
    class Stacked(Curve):
        def __init__(self):
            self.kept = []

        def forward(self, x):
            self.kept.append(super().forward(x))
            return self.kept[-1]

        def backward(self, dy):
            self.h = self.kept.pop()
            return super().backward(dy)

    net = bp.Network([dense(3, 3), Stacked(), dense(3, 2)])
    assert bp.check_gradients(net, bp.squared_error, normal(4, 3), normal(4, 2)).passed


# ---------------------------------------------------------------- losses of readers


@both_dtypes
def test_an_own_loss_takes_outputs_of_any_shape(dtype):
    net = bp.Network([dense(3, 4, dtype=dtype), Unflatten(2, 2), Curve()])
    x, t = normal(4, 3, dtype=dtype), normal(4, 2, 2, seed=1, dtype=dtype) / 2
    assert bp.check_gradients(net, OwnLoss(), x, t).passed
    options = {"epochs": 20, "batch_size": 2, "lr": 0.1, "rng": np.random.default_rng(0)}
    history = bp.train(net, OwnLoss(), x, t, **options)
    assert history.loss[-1] < history.loss[0]


def at_the_kink(dtype=np.float64):
    """A network with units of a ReLU exactly at the kink, for sample 0; its x and y."""
    x, first = normal(4, 3, seed=1, dtype=dtype), dense(3, 3, dtype=dtype)
    first.b[:] = -x[0] @ first.W
    net = bp.Network([first, OwnReLU(), dense(3, 2, seed=4, dtype=dtype)])
    return net, x, net.forward(x)


@both_dtypes
def test_a_loss_with_a_kink_is_not_blamed_there_even_beside_other_kinks(dtype):
    net, x, y = at_the_kink(dtype)
    t = y + normal(*y.shape, seed=5, dtype=dtype)
    t[0] = y[0]
    result = bp.check_gradients(net, AbsoluteError(), x, t)
    assert result.passed, result
    assert result.at_kinks > 0


@pytest.mark.parametrize("loss", [OwnLoss, AbsoluteError])
@pytest.mark.parametrize("kink", [True, False])
def test_a_wrong_gradient_of_a_loss_is_found_and_named_beside_kinks_too(loss, kink):
    class Wrong(loss):
        def gradient(self, y, t):
            return 1.2 * super().gradient(y, t)

    net, x, y = at_the_kink()
    if not kink:
        net.layers[0].b += 1
    result = bp.check_gradients(net, Wrong(), x, y + normal(*y.shape, seed=5))
    assert not result.passed
    assert result.reason == "loss.gradient is wrong, as the loss itself shows"


@pytest.mark.parametrize("outermost", [True, False])
@pytest.mark.parametrize("mistake", [lambda dy, dx: dx, lambda dy, dx: dy + 2 * dx])
@pytest.mark.parametrize("kind", [Skip, Residual])
def test_a_wrong_joint_is_found_beside_kinks_too(kind, mistake, outermost):
    class Wrong(kind):
        def backward(self, dy):
            return mistake(dy, super().backward(dy) - dy)

    net, x, _ = at_the_kink()
    layers = [*net.layers[:2], dense(3, 3, seed=6)]
    if outermost:
        layer = Wrong(layers)
        net = layer if isinstance(layer, bp.Network) else bp.Network([layer])
    else:
        net = bp.Network([bp.Tanh(), Wrong(layers), dense(3, 3, seed=7)])
    result = bp.check_gradients(net, bp.squared_error, x, normal(4, 3, seed=8))
    assert not result.passed
    place = "net" if net.__class__ is Wrong else f"layers[{1 - outermost}]"
    assert result.reason == f"{place}: dx is wrong, as the layer's own forward shows"


@pytest.mark.parametrize("kind", [Skip, Residual, bp.Network])
def test_several_kinks_at_one_point_inside_a_layer_are_not_blamed(kind):
    by_layers = 0
    for seed in range(8):
        block = kind([dense(3, 3, seed), OwnReLU(), dense(3, 3, seed + 100), Leaky(), Abs()])
        for layer in block.layers[:3:2]:
            layer.b[:] = 0
        net = bp.Network([bp.Dense(np.zeros((3, 3)), np.zeros(3)), block, dense(3, 2, seed)])
        result = bp.check_gradients(net, bp.squared_error, normal(4, 3), normal(4, 2, seed=1))
        assert result.passed, (seed, result)
        by_layers += result.by_layers
    assert by_layers > 0, "slopes of the loss alone would have blamed some of them"


# ---------------------------------------------------------------- laws of random composites


@dataclass
class Example:
    net: bp.Network
    x: np.ndarray
    t: np.ndarray
    rng: np.random.Generator

    @property
    def dtype(self):
        return self.x.dtype.type

    def dy(self):
        return bp.squared_error.gradient(self.net.forward(self.x), self.t)


SMOOTH = ["dense", "scale", "gain", "slots", "groups", "curve", "dropout", "activation", "in place"]
AROUND = [bp.Network, Residual, Skip, Widening]


class Maker:
    """Makes layers for samples of n numbers, and says of how many what comes out is."""

    def __init__(self, draw, rng, dtype, names):
        self.draw, self.rng, self.dtype, self.names = draw, rng, dtype, names

    def normal(self, *shape):
        return (self.rng.normal(size=shape) * 0.8).astype(self.dtype)

    def near_one(self, *shape):
        return (1 + self.rng.normal(size=shape) / 4).astype(self.dtype)

    def layers(self, n, depth, keep=False):
        """Some layers for n columns; n columns again where keep."""
        made, width = [], n
        for _ in range(self.draw(st.integers(1, 3))):
            layer, width = self.layer(width, depth)
            made.append(layer)
        if keep and width != n:
            made.append(self.dense(width, n))
            width = n
        return made, width

    def layer(self, n, depth):
        if depth and self.draw(st.booleans()):
            around = self.draw(st.sampled_from(AROUND))
            inner, width = self.layers(n, depth - 1, keep=around in (Residual, Skip))
            return around(inner), width + n * (around is Widening)
        return self.leaf(self.draw(st.sampled_from(self.names)), n)

    def dense(self, n, m):
        kind = self.draw(st.sampled_from([bp.Dense, MyDense, BothOwn]))
        return kind(self.normal(n, m), self.normal(m))

    def leaf(self, name, n):
        m = self.draw(st.integers(1, 4))
        if name == "groups":  # a 3-D parameter: groups of equal size, n being their product
            groups = self.draw(st.sampled_from([g for g in range(1, n + 1) if n % g == 0]))
            m = self.draw(st.integers(1, 2))
            return Groups(self.normal(groups, n // groups, m)), groups * m
        if name == "dense":
            return self.dense(n, m) if self.draw(st.booleans()) else bp.Dense(self.normal(n, m)), m
        made = {
            "scale": lambda: Scale(self.near_one(n), self.normal(n)),
            "gain": lambda: Gain(self.near_one()),
            "slots": lambda: SlottedGain(self.near_one()),
            "curve": Curve,
            "dropout": lambda: HeldDropout(self.dtype(2) * (self.rng.random(n) > 0.2)),
            "activation": self.draw(st.sampled_from([bp.Tanh, bp.Sigmoid, bp.Identity])),
            "in place": WritesInPlace,
        }[name]()
        return made, n


@st.composite
def composites(draw, dtypes=(np.float64,), names=tuple(SMOOTH)):
    """Own layers and ours, in and behind each other, with parameters of any shape."""
    rng, dtype = (
        np.random.default_rng(draw(st.integers(0, 2**32 - 1))),
        draw(st.sampled_from(dtypes)),
    )
    maker, n, batch = (
        Maker(draw, rng, dtype, names),
        draw(st.integers(1, 4)),
        draw(st.integers(2, 4)),
    )
    layers, width = maker.layers(n, depth=2)
    x, t = maker.normal(batch, n), maker.normal(batch, width)
    return Example(bp.Network(layers), x, t, rng)


single_too = composites((np.float64, np.float32))


def some_parameter(example, data):
    """Return the full name of any parameter, its layer and its own name."""
    everything = learned(example.net)
    assume(everything)
    return data.draw(st.sampled_from(everything), label="parameter")


@slow_law
@given(single_too)
def test_right_gradients_of_random_composites_pass(example):
    result = bp.check_gradients(example.net, bp.squared_error, example.x, example.t)
    assert result.passed, result
    assert result.checked == example.x.size + sum(v.size for v in values(example.net).values())


@slow_law
@given(single_too, st.data(), st.integers(0, 99), st.sampled_from([-1, 1]))
def test_one_wrong_element_of_any_parameter_is_found_and_named(example, data, at, sign):
    full, layer, name = some_parameter(example, data)
    example.net.backward(example.dy())
    largest = max(1, *(np.abs(getattr(each, f"d{n}")).max() for _, each, n in learned(example.net)))
    plant(layer, name, example.dtype(sign * largest / 2), at)
    result = bp.check_gradients(example.net, bp.squared_error, example.x, example.t)
    assert not result.passed
    shape = getattr(layer, name).shape
    index = tuple(map(int, np.unravel_index(at % np.prod(shape, dtype=int), shape)))
    assert (result.worst.name, result.worst.index) == (full, index if shape else ())
    assert result.worst.analytic - result.worst.numerical == pytest.approx(
        sign * largest / 2, rel=1e-2
    )
    assert result.reason == f"{full} is wrong, as the layer's own forward shows"


@slow_law
@given(
    composites(names=[name for name in SMOOTH if name != "slots"]), st.data(), st.integers(0, 99)
)
def test_one_wrong_element_of_dx_of_any_layer_is_found_and_named(example, data, at):
    # Inside another layer, one with slots can not be listened to: then that other one is named.
    every = list(walk(example.net.layers))
    place, layer = data.draw(st.sampled_from(every), label="layer")
    for _, each in every:
        if isinstance(each, HeldDropout):
            each.mask[:] = 2  # behind a zero no mistake is one
    plant(layer, "x", 0.5, at)
    result = bp.check_gradients(example.net, bp.squared_error, example.x, example.t)
    assert not result.passed
    assert result.reason == f"{place}: dx is wrong, as the layer's own forward shows"
    if place == "layers[0]":
        index = tuple(map(int, np.unravel_index(at % example.x.size, example.x.shape)))
        assert (result.worst.name, result.worst.index) == ("x", index)


@law
@given(single_too, st.floats(1e-6, 10))
def test_a_step_moves_every_own_parameter_by_exactly_minus_lr_times_its_gradient(example, lr):
    net = example.net
    net.backward(example.dy())
    expected, gradients = {}, {}
    for full, layer, name in learned(net):
        gradients[full] = np.copy(getattr(layer, f"d{name}"))
        expected[full] = getattr(layer, name) - lr * gradients[full]
        assert gradients[full].dtype == expected[full].dtype == example.x.dtype
    bp.SGD(net, lr=lr).step()
    assert_values(net, expected)
    for full, layer, name in learned(net):
        np.testing.assert_array_equal(getattr(layer, f"d{name}"), gradients[full])


@law
@given(single_too, st.integers(1, 5))
def test_training_composites_is_the_loop_written_out_with_layers_called_by_hand(example, size):
    net, x, t = example.net, example.x, example.t
    by_hand = copy.deepcopy(net)
    options = {"epochs": 2, "batch_size": size, "lr": 0.01}
    history = bp.train(net, bp.squared_error, x, t, **options, rng=np.random.default_rng(5))
    rng, losses = np.random.default_rng(5), []

    def forward(x):
        x = x.copy()
        for layer in by_hand.layers:
            x = layer.forward(x)
        return x

    for _ in range(2):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            batch = order[start : start + size]
            dy = bp.squared_error.gradient(forward(x[batch]), t[batch])
            for layer in reversed(by_hand.layers):
                dy = layer.backward(dy)
            for _, layer, name in learned(by_hand):
                parameter = getattr(layer, name)
                parameter -= 0.01 * getattr(layer, f"d{name}")
        losses.append(bp.squared_error(forward(x), t))
    assert history.loss == losses
    assert_values(net, values(by_hand))


BAD_GRADIENTS = {
    "None": (lambda d: None, TypeError, "must be an array of float64 or float32, got NoneType: "),
    "list": (
        lambda d: np.asarray(d).tolist() if np.ndim(d) else [float(d)],
        TypeError,
        "must be an array of float64 or float32, got list: ",
    ),
    "float": (lambda d: 1.0, TypeError, "must be an array of float64 or float32, got float: "),
    "integers": (
        lambda d: np.zeros(np.shape(d), int),
        TypeError,
        "must be an array of float64 or float32, got ndarray of dtype int64 and shape {}: ",
    ),
    "one axis more": (lambda d: np.asarray(d)[None], ValueError, "must have shape {} to fit {}: "),
    "one number": (
        lambda d: np.asarray(d).ravel()[:1],
        ValueError,
        "must have shape {} to fit {}: ",
    ),
    "other dtype": (
        lambda d: d.astype(np.float32 if d.dtype == np.float64 else np.float64),
        TypeError,
        "must have the dtype of {}: ",
    ),
}


@law
@given(single_too, st.data(), st.sampled_from(sorted(BAD_GRADIENTS)))
def test_a_bad_gradient_of_any_own_parameter_is_refused_by_name_and_moves_nothing(
    example, data, kind
):
    full, layer, name = some_parameter(example, data)
    value = getattr(layer, name)
    assume(kind != "one number" or value.shape != (1,))
    by, error, words = BAD_GRADIENTS[kind]
    replace_gradient(layer, name, by)
    net, before, dy = example.net, values(example.net), example.dy()
    names = ([f"{value.shape}", name] if "shape {}" in words else [name])[: words.count("{}")]
    place = full.removesuffix(f".{name}")
    expected = f"{place}.d{name} {words.format(*names)}"
    with pytest.raises(error, match=starts(expected)) as caught:
        net.backward(dy)
    assert str(value.shape) in str(caught.value)
    with pytest.raises(RuntimeError, match=starts("step needs a backward before it: layers")):
        bp.SGD(net, lr=0.1).step()
    with pytest.raises(error, match=starts(expected)):
        bp.check_gradients(net, bp.squared_error, example.x, example.t)
    assert_values(net, before)


@law
@given(single_too, st.data(), st.sampled_from([np.nan, np.inf, -np.inf]), st.integers(0, 99))
def test_a_parameter_that_is_not_finite_is_refused_by_name_at_the_next_call(example, data, bad, at):
    full, layer, name = some_parameter(example, data)
    net, dy = example.net, example.dy()
    bp.SGD(net, lr=0.1)
    net.backward(dy)
    value = getattr(layer, name)
    value[np.unravel_index(at % value.size, value.shape)] = bad
    before = values(net)
    for call in (
        lambda: net.forward(example.x),
        lambda: net.backward(dy),
        bp.SGD(net, lr=0.1).step,
        lambda: bp.check_gradients(net, bp.squared_error, example.x, example.t),
        lambda: bp.trace(net, bp.squared_error, example.x, example.t),
    ):
        with pytest.raises(ValueError, match=starts(f"{full} must be finite, got {bad}")):
            call()
    assert_values(net, before)


@law
@given(single_too)
def test_a_trace_of_a_composite_shows_what_it_computes_and_changes_nothing(example):
    net, before = example.net, values(example.net)
    steps = bp.trace(net, bp.squared_error, example.x, example.t)
    assert_values(net, before)
    y = net.forward(example.x)
    dy = bp.squared_error.gradient(y, example.t)
    dx = net.backward(dy)
    expected = {"y": y, "C": bp.squared_error(y, example.t), "dy": dy, "dx": dx}
    for name, value in expected.items():
        np.testing.assert_array_equal(steps.step(name).value, value, err_msg=name)
    # Every gradient is there, under whichever name.
    shown = [step.value for step in steps if step.phase == "backward"]
    for full, layer, name in learned(net):
        gradient = getattr(layer, f"d{name}")
        assert any(np.array_equal(gradient, each) for each in shown), full


@law
@given(single_too)
def test_a_copy_and_a_pickle_of_a_composite_go_on_as_it_does(example):
    net, dy = example.net, example.dy()
    twins = [copy.deepcopy(net), pickle.loads(pickle.dumps(net))]
    for each in (net, *twins):
        each.backward(dy)
        bp.SGD(each, lr=0.1).step()
    for twin in twins:
        assert_values(twin, values(net))
        np.testing.assert_array_equal(twin.forward(example.x), net.forward(example.x))


@law
@given(single_too)
def test_everything_in_a_composite_keeps_shape_and_dtype_and_the_callers_arrays(example):
    net, x, dy = example.net, example.x, example.dy()
    before = x.copy(), dy.copy()
    dx = net.backward(dy)
    assert (dx.shape, dx.dtype) == (x.shape, x.dtype)
    for full, layer, name in learned(net):
        gradient, value = getattr(layer, f"d{name}"), getattr(layer, name)
        assert gradient.shape == value.shape, full
        assert gradient.dtype == value.dtype == x.dtype, full
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(dy, before[1])


@law
@given(composites())
def test_the_gradient_of_a_batch_is_the_sum_over_its_samples_for_composites(example):
    net, dy = example.net, example.dy()
    dx = net.backward(dy)
    whole = {full: np.copy(getattr(layer, f"d{name}")) for full, layer, name in learned(net)}
    sums = {full: np.zeros_like(each) for full, each in whole.items()}
    for i in range(len(dy)):
        net.forward(example.x[i : i + 1])
        np.testing.assert_allclose(net.backward(dy[i : i + 1]), dx[i : i + 1], atol=1e-12)
        for full, layer, name in learned(net):
            sums[full] += getattr(layer, f"d{name}")
    for full, each in whole.items():
        np.testing.assert_allclose(sums[full], each, atol=1e-10, rtol=1e-10, err_msg=full)


@st.composite
def kinked(draw, offsets):
    """Dense, a layer with a kink, Dense; sample 0 stands that far from the kink in each unit."""
    rng, n = np.random.default_rng(draw(st.integers(0, 2**32 - 1))), draw(st.integers(1, 3))
    kind = draw(st.sampled_from([OwnReLU, Leaky, Abs, ReLUSubclass, MaxPool, SharingMaxPool]))
    pool = issubclass(kind, MaxPool)
    x, first = rng.normal(size=(3, 2)), bp.Dense(rng.normal(size=(2, 2 * n)), np.zeros(2 * n))
    offset = np.array([draw(st.sampled_from(offsets)) for _ in range(2 * n)])
    at = -x[0] @ first.W
    first.b[:] = at + (offset if not pool else np.repeat(offset[::2], 2) * np.tile([1, -1], n))
    around = draw(st.sampled_from([None, *AROUND[:3]]))
    layer = kind()
    if around is not None and not pool:
        layer = around([layer])
    last = bp.Dense(rng.normal(size=(n if pool else 2 * n, 2)), rng.normal(size=2))
    return Example(bp.Network([first, layer, last]), x, rng.normal(size=(3, 2)), rng)


NEAR = [0.0, 1e-15, -1e-15, 1e-12, -1e-12, 1e-7, -1e-6, 3e-5, -1e-4, 1.5e-4, -2e-4, 1e-3]


@slow_law
@given(kinked(NEAR))
def test_right_gradients_at_and_near_kinks_of_own_layers_are_not_blamed(example):
    result = bp.check_gradients(example.net, bp.squared_error, example.x, example.t)
    assert result.passed, result


@slow_law
@given(kinked([0.0]))
def test_elements_exactly_at_kinks_of_own_layers_are_counted(example):
    result = bp.check_gradients(example.net, bp.squared_error, example.x, example.t)
    assert result.passed, result
    assert result.at_kinks > 0
    assert f"{result.at_kinks} of them at a kink, judged by the slopes of both" in repr(result)


@slow_law
@given(kinked([*NEAR, 0.1, -0.1, 1.0]))
def test_a_wrong_slope_away_from_the_kink_is_found_whatever_stands_at_it(example):
    """Samples 1 and 2 are away from the kink; the slope there is wrong by a hundredth."""
    net = example.net
    z = net.layers[0].forward(example.x)[1:]
    [kink] = [each for _, each in walk(net.layers[1:2]) if not hasattr(each, "layers")]
    pairs = z.reshape(2, -1, 2)
    assume((np.abs(pairs[..., 0] - pairs[..., 1] if isinstance(kink, MaxPool) else z) > 0.01).all())

    class Wrong(type(kink)):
        def backward(self, dy):
            self.right = super().backward(dy)
            return self.right * np.array([[1], [1.01], [1.01]])

    kink.__class__ = Wrong
    net.backward(example.dy())
    assume(np.abs(kink.right[1:]).max() > 1e-3)  # where no slope arrives, none can be wrong
    assert not bp.check_gradients(net, bp.squared_error, example.x, example.t).passed
