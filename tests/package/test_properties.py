"""What holds for every network, and for every argument that is refused.

The first half states laws that any right forward and backward pass obeys, and lets hypothesis
look for a network that breaks one. The second half calls everything public with more than
10,000 bad arguments: each must be refused in words, and leave everything as it was.
"""

import math
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import records
from hypothesis import given, settings
from hypothesis import strategies as st

import backprop as bp

ACTIVATIONS = {
    "sigmoid": bp.Sigmoid,
    "tanh": bp.Tanh,
    "relu": bp.ReLU,
    "leaky_relu": bp.LeakyReLU,
    "identity": bp.Identity,
}
LOSSES = [bp.squared_error, bp.softmax_cross_entropy]

# Derandomised: the same examples at every run, so that a red test is red for everyone.
law = settings(derandomize=True, deadline=None, database=None, max_examples=100)

# ---------------------------------------------------------------- networks to try


@dataclass
class Example:
    """A network, a batch for it, and a generator for whatever else a test needs."""

    net: bp.Network
    x: np.ndarray
    rng: np.random.Generator

    @property
    def dense(self):
        return [layer for layer in self.net.layers if isinstance(layer, bp.Dense)]

    @property
    def n_out(self):
        return self.dense[-1].W.shape[1]

    def target(self, loss):
        n = len(self.x)
        if loss is bp.squared_error:
            return self.rng.normal(size=(n, self.n_out)).astype(self.x.dtype)
        return self.rng.integers(0, self.n_out, n)


@st.composite
def examples(draw, dtypes=(np.float64,)):
    """Up to three Dense layers of one to five units, up to two activations behind each."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=4))
    names = st.lists(st.sampled_from(sorted(ACTIVATIONS)), max_size=2)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype, n = draw(st.sampled_from(dtypes)), draw(st.integers(1, 6))

    def normal(*shape):
        return rng.normal(size=shape).astype(dtype)

    layers = []
    for n_in, n_out in pairwise(sizes):
        layers.append(bp.Dense(normal(n_in, n_out), normal(n_out)))
        layers += [ACTIVATIONS[name]() for name in draw(names)]
    return Example(bp.Network(layers), normal(n, sizes[0]), rng)


losses = st.sampled_from(LOSSES)


def gradients(net, dy):
    """Return dx and copies of every dW and db."""
    dx = net.backward(dy)
    dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
    return [dx, *(gradient.copy() for layer in dense for gradient in (layer.dW, layer.db))]


def assert_close(found, expected):
    """Agreement to 1e-10 of the largest element: thousands of roundings, no mistake."""
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-10 * max(np.abs(b).max(), 1e-10))


# ---------------------------------------------------------------- laws of networks


@law
@given(examples((np.float64, np.float32)))
def test_every_array_has_the_shape_and_dtype_of_what_it_belongs_to(example):
    y = example.net.forward(example.x)
    assert y.shape == (len(example.x), example.n_out)
    dx = example.net.backward(np.ones_like(y))
    pairs = [(dx, example.x), (y, y)]
    for layer in example.dense:
        pairs += [(layer.dW, layer.W), (layer.db, layer.b)]
    for gradient, array in pairs:
        assert gradient.shape == array.shape
        assert gradient.dtype == array.dtype == example.x.dtype


@law
@given(examples())
def test_a_sample_comes_out_alone_as_it_does_in_a_batch(example):
    together = example.net.forward(example.x)
    alone = [example.net.forward(row[np.newaxis])[0] for row in example.x]
    assert_close([together], [np.array(alone)])


@law
@given(examples(), losses)
def test_the_gradient_of_a_batch_is_the_mean_of_its_samples_gradients(example, loss):
    net, x, t = example.net, example.x, example.target(loss)
    dx, *parameters = gradients(net, loss.gradient(net.forward(x), t))
    alone = []
    for i in range(len(x)):
        one = slice(i, i + 1)
        alone.append(gradients(net, loss.gradient(net.forward(x[one]), t[one])))
    n = len(x)
    assert_close(parameters, [sum(each) / n for each in list(zip(*alone, strict=True))[1:]])
    # A sample's own x moves its own loss only, of which the batch's loss holds one n-th.
    assert_close([dx], [np.concatenate([each[0] for each in alone]) / n])


@law
@given(examples(), losses)
def test_the_loss_of_a_batch_is_the_mean_of_its_samples_losses(example, loss):
    y, t = example.net.forward(example.x), example.target(loss)
    alone = [loss(y[i : i + 1], t[i : i + 1]) for i in range(len(y))]
    assert loss(y, t) == pytest.approx(np.mean(alone), rel=1e-12)


@law
@given(examples(), st.floats(-3, 3), st.floats(-3, 3))
def test_backward_is_linear_in_what_it_is_given(example, p, q):
    y = example.net.forward(example.x)
    u, v = example.rng.normal(size=(2, *y.shape))
    of_u, of_v = gradients(example.net, u), gradients(example.net, v)
    # Rounding is as large as the terms, also where p u + q v happens to be nearly 0.
    for sum_, a, b in zip(gradients(example.net, p * u + q * v), of_u, of_v, strict=True):
        np.testing.assert_allclose(sum_, p * a + q * b, rtol=1e-10, atol=1e-12)


def plain_forward(layers, x, W, b):
    """The forward pass in plain NumPy, for complex numbers too: nothing of the package."""
    formulas = {
        bp.Sigmoid: lambda z: 1 / (1 + np.exp(-z)),
        bp.Tanh: np.tanh,
        bp.ReLU: lambda z: np.where(z.real > 0, z, 0),
        bp.LeakyReLU: lambda z: np.where(z.real > 0, z, 0.01 * z),
        bp.Identity: lambda z: z,
    }
    W, b = iter(W), iter(b)
    for layer in layers:
        x = x @ next(W) + next(b) if isinstance(layer, bp.Dense) else formulas[type(layer)](x)
    return x


@law
@given(examples())
def test_forward_and_backward_are_adjoint(example):
    """⟨u, J v⟩ = ⟨Jᵀ u, v⟩, J the derivative of the output by x and all parameters together.

    J v comes from a complex step, f(x + i h v) = f(x) + i h J v + O(h²): without a difference,
    so exact to rounding, and without a backward pass or a formula for a derivative.
    """
    net, h = example.net, 1e-30
    points = [example.x, *(array for layer in example.dense for array in (layer.W, layer.b))]
    v = [example.rng.normal(size=array.shape) for array in points]
    x, *parameters = [array + 1j * h * each for array, each in zip(points, v, strict=True)]
    stepped = plain_forward(net.layers, x, parameters[::2], parameters[1::2])
    y = net.forward(example.x)
    assert_close([y], [stepped.real])

    u = example.rng.normal(size=y.shape)
    Jt_u = gradients(net, u)
    terms = [float((a * b).sum()) for a, b in zip(Jt_u, v, strict=True)]
    # Each side is a sum that may cancel: rounding is measured by the size of its terms.
    size = sum(float((np.abs(a) * np.abs(b)).sum()) for a, b in zip(Jt_u, v, strict=True))
    assert float((u * stepped.imag / h).sum()) == pytest.approx(sum(terms), abs=1e-11 * size)


@law
@given(examples(), losses)
def test_the_gradient_of_a_loss_is_its_slope_in_every_direction(example, loss):
    y, t = example.net.forward(example.x), example.target(loss)
    v, h = example.rng.normal(size=y.shape), 1e-4
    slope = (8 * (loss(y + h * v, t) - loss(y - h * v, t)) - loss(y + 2 * h * v, t)) / (12 * h)
    slope += loss(y - 2 * h * v, t) / (12 * h)
    expected = float((loss.gradient(y, t) * v).sum())
    assert slope == pytest.approx(expected, rel=1e-8, abs=1e-9)


# ---------------------------------------------------------------- laws of the losses


@st.composite
def logits_and_labels(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, classes = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    size = draw(st.sampled_from([1, 30, 1e4]))
    return size * rng.normal(size=(n, classes)), rng.integers(0, classes, n), rng


@law
@given(logits_and_labels(), st.sampled_from([1.0, -50.0, 1e3, 2.0**20]))
def test_cross_entropy_and_its_gradient_do_not_feel_a_shift_of_a_row(drawn, size):
    logits, labels, rng = drawn
    shifted = logits + size * rng.normal(size=(len(logits), 1))
    # Adding rounds each logit: by eps of the largest number that takes part.
    rounding = 4 * np.finfo(float).eps * np.abs([logits, shifted]).max()
    loss = bp.softmax_cross_entropy
    assert loss(shifted, labels) == pytest.approx(loss(logits, labels), rel=1e-12, abs=rounding)
    difference = loss.gradient(shifted, labels) - loss.gradient(logits, labels)
    assert np.abs(difference).max() <= rounding + 1e-15
    assert np.abs(bp.softmax(shifted) - bp.softmax(logits)).max() <= rounding + 1e-15


@law
@given(logits_and_labels())
def test_rows_of_the_gradient_of_cross_entropy_sum_to_zero(drawn):
    logits, labels, _ = drawn
    gradient = bp.softmax_cross_entropy.gradient(logits, labels)
    assert np.abs(gradient.sum(axis=1)).max() < 1e-15
    # Towards the right class it falls, towards every other it rises.
    rows = np.arange(len(labels))
    assert (gradient[rows, labels] <= 0).all()
    gradient[rows, labels] = 0
    assert (gradient >= 0).all()


# ---------------------------------------------------------------- laws of learning and tracing


@law
@given(examples((np.float64, np.float32)), losses, st.floats(1e-6, 10))
def test_a_step_moves_every_parameter_by_exactly_minus_lr_times_its_gradient(example, loss, lr):
    net, t = example.net, example.target(loss)
    net.backward(loss.gradient(net.forward(example.x), t))
    expected = []
    for layer in example.dense:
        for array, gradient in ((layer.W, layer.dW), (layer.b, layer.db)):
            expected.append((array, array - lr * gradient, gradient, gradient.copy()))
    bp.SGD(net, lr=lr).step()
    for array, values, gradient, same in expected:
        np.testing.assert_array_equal(array, values)
        np.testing.assert_array_equal(gradient, same)


@law
@given(examples(), losses, st.integers(1, 7), st.integers(1, 3))
def test_training_is_forward_backward_and_step_on_each_batch_in_turn(
    example, loss, batch_size, epochs
):
    net, x, t = example.net, example.x, example.target(loss)
    again = bp.Network(
        [bp.Dense(l.W, l.b) if isinstance(l, bp.Dense) else type(l)() for l in net.layers]
    )
    options = {"epochs": epochs, "batch_size": batch_size, "lr": 0.01}
    history = bp.train(net, loss, x, t, **options, rng=np.random.default_rng(7))

    rng, values = np.random.default_rng(7), []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            again.backward(loss.gradient(again.forward(x[batch]), t[batch]))
            bp.SGD(again, lr=0.01).step()
        values.append(loss(again.forward(x), t))
    assert history.loss == values
    for trained, expected in zip(net.layers, again.layers, strict=True):
        if isinstance(trained, bp.Dense):
            np.testing.assert_array_equal(trained.W, expected.W)
            np.testing.assert_array_equal(trained.b, expected.b)


@law
@given(examples(), losses)
def test_a_trace_shows_what_the_network_computes(example, loss):
    net, x, t = example.net, example.x, example.target(loss)
    steps = bp.trace(net, loss, x, t)
    y = net.forward(x)
    dy = loss.gradient(y, t)
    expected = {"y": y, "C": loss(y, t), "dy": dy, "dx": net.backward(dy)}
    for l, layer in enumerate(example.dense, start=1):
        expected |= {f"dW{l}": layer.dW, f"db{l}": layer.db}
    for name, value in expected.items():
        np.testing.assert_array_equal(steps.step(name).value, value, err_msg=name)
    given_ = {operand.name: operand.value for step in steps for operand in step.operands}
    np.testing.assert_array_equal(given_["x"], x)
    np.testing.assert_array_equal(given_["t"], t)


@law
@given(examples())
def test_zero_rows_columns_and_units_are_refused(example):
    net, x = example.net, example.x
    y = net.forward(x)
    for empty in (x[:0], x[:, :0], x[:0, :0]):
        with pytest.raises(ValueError, match=rf"^x must .*{re.escape(str(empty.shape))}"):
            net.forward(empty)
    for empty in (y[:0], y[:, :0]):
        with pytest.raises(ValueError, match=rf"^dy must .*{re.escape(str(empty.shape))}"):
            net.backward(empty)
        for loss in LOSSES:
            with pytest.raises(ValueError, match=r"^(y|logits) must .*at least one row"):
                loss(empty, example.target(loss))
    for shape in ((0, 2), (2, 0), (0, 0)):
        with pytest.raises(ValueError, match=rf"^W must .*{re.escape(str(shape))}"):
            bp.Dense(np.ones(shape), np.ones(shape[1]))


# ---------------------------------------------------------------- bad arguments: how they are made

TRIES = 320  # of each callable below

Words = str  # a regular expression: what the message must begin with


@dataclass
class Refusal:
    """A call that must be refused, and all objects that it must leave as they are."""

    call: Callable[[], Any]
    error: type[Exception]
    words: Words
    touched: tuple


@dataclass
class Argument:
    """An argument that is right, and what the message must say of a shape that is not."""

    name: str
    right: np.ndarray
    of_shape: Callable[[tuple], Words | None]  # None: this shape is right as well
    dtype_of: str = ""  # the array whose dtype it must have, if there is one


def shown(shape):
    return re.escape(str(shape))


def batch(name, right):
    """An argument that may be any batch."""

    def of_shape(shape):
        if len(shape) == 2 and 0 not in shape:
            return None
        return rf"{name} must have shape \(batch, n\) .*got shape {shown(shape)}$"

    return Argument(name, right, of_shape)


def samples(name, right):
    """An argument of which only the first axis is fixed: it is the batch."""

    def of_shape(shape):
        return None if len(shape) > 1 and 0 not in shape else batch(name, right).of_shape(shape)

    return Argument(name, right, of_shape)


def fitting(name, right, other, other_shape):
    """An argument whose shape another array decides: a message must show both."""

    def of_shape(shape):
        if shape == right.shape:
            return None
        has = f"{name} has shape {shown(shape)}, {other} has shape {shown(other_shape)}$"
        return f"{name} must have shape {shown(right.shape)} to fit {other}: {has}"

    return Argument(name, right, of_shape, dtype_of=other)


def rows_fitting(name, right, W):
    """A batch of as many rows as one likes, and as many columns as W has rows."""

    def of_shape(shape):
        if len(shape) != 2 or 0 in shape:
            return batch(name, right).of_shape(shape)
        needed = np.empty((shape[0], len(W)))
        return fitting(name, needed, "W", W.shape).of_shape(shape)

    return Argument(name, right, of_shape, dtype_of="W")


def labels(right, classes):
    """Labels: what is wrong with them beside their shape, `spoiled_labels` knows."""
    n = len(right)

    def of_shape(shape):
        if shape == (n,):
            return None
        has = rf"labels has shape {shown(shape)}, logits has shape \({n}, {classes}\)$"
        return rf"labels must have shape \({n},\).*: {has}"

    return Argument("labels", right, of_shape)


def pick(rng, options):
    return options[rng.integers(len(options))]


def other_shapes(rng, shape):
    """Shapes near this one, and shapes that NumPy would broadcast to it."""
    near = [tuple(np.maximum(np.array(shape) + rng.integers(-2, 3, len(shape)), 0).tolist())]
    near += [shape[::-1], (1,) * len(shape), (*shape[:-1], 1), (1, *shape[1:])]
    fewer = [(), (1,), (0,), shape[:1], shape[-1:], (math.prod(shape),)]
    more = [(1, *shape), (*shape, 1), (1, 1, *shape), (*shape, *shape), (0, *shape)]
    return [*near * 2, *fewer, *more]


def spoiled(rng, argument):
    """Return a bad value for an argument, the error that it must meet, and the words."""
    kind = pick(rng, ["shape", "dtype", "finite"])
    if kind == "finite":
        return spoiled_number(rng, argument.name, argument.right)
    if kind == "dtype":
        return spoiled_dtype(rng, argument)
    return spoiled_shape(rng, argument)


def spoiled_shape(rng, argument):
    words = None
    while words is None:
        shape = pick(rng, other_shapes(rng, argument.right.shape))
        words = argument.of_shape(shape)
    value = rng.normal(size=shape).astype(argument.right.dtype)
    if value.size and rng.random() < 0.5:  # an empty list has lost its other sizes
        value = value.tolist()
    return value, ValueError, words


def spoiled_number(rng, name, right):
    """NaN or infinity in one or several places."""
    value = right.copy()
    value[rng.random(value.shape) < 0.2] = pick(rng, [math.nan, math.inf, -math.inf])
    value[tuple(rng.integers(value.shape))] = pick(rng, [math.nan, math.inf, -math.inf])
    words = rf"{name} must be finite, got (nan|-?inf) at index \[.*\({name} has shape"
    return pick(rng, [value, value.tolist()]), ValueError, words


def spoiled_dtype(rng, argument):
    a, name = argument.right, argument.name
    ragged = [[1.0] * (i + 1) for i in range(rng.integers(2, 5))]
    of_object = a.astype(object)
    of_object[tuple(rng.integers(a.shape))] = pick(rng, [None, "1", [], {}, 1j])
    wrong = [a.astype(dtype) for dtype in (object, str, "S", complex, bool, np.float16, ">f8")]
    wrong += [np.zeros(a.shape, "M8[s]"), np.zeros(a.shape, "V4"), of_object]
    wrong += [a.astype(dtype).tolist() for dtype in (str, complex, bool)]
    wrong += [None, "text", b"bytes", {}, {1.0}, 1j, True, ..., object(), np.float16(1), iter([])]
    if rng.random() < 0.1:
        return ragged, ValueError, f"{name} must be an array, every row as long as the others"
    if argument.dtype_of and rng.random() < 0.2:
        other, both = argument.dtype_of, f"{name} is float32 of shape .* is float64 of shape"
        return a.astype(np.float32), TypeError, f"{name} must have the dtype of {other}: {both}"
    return pick(rng, wrong), TypeError, f"{name} must hold .* got dtype"


def spoiled_labels(rng, right, classes):
    """Return bad labels, the error that they must meet, and the words."""
    argument, n = labels(right, classes), len(right)
    kind = pick(rng, ["shape", "range", "dtype"])
    if kind == "shape":
        words = None
        while words is None:
            shapes = [*other_shapes(rng, right.shape), (n, classes), (n, 1)]
            shape = pick(rng, shapes)
            words = argument.of_shape(shape)
        return rng.integers(0, classes, shape), ValueError, words
    if kind == "range":
        value = right.copy()
        value[rng.integers(n)] = pick(rng, [-1, -classes, classes, classes + 1, 2**62, -(2**62)])
        words = rf"labels must lie in 0 to {classes - 1}, .*logits has shape \({n}, {classes}\)$"
        return pick(rng, [value, value.tolist()]), ValueError, words
    if rng.random() < 0.1:
        return [[0], [0, 1]], ValueError, "(t|labels) must be an array, every row as long"
    wrong = [right.astype(dtype) for dtype in (float, np.float32, bool, str, object, complex)]
    wrong += [np.full(n, pick(rng, [math.nan, math.inf])), np.eye(classes)[right], None, "0", {}]
    wrong += [right.astype(float).tolist(), right.astype(bool).tolist(), 0.0, [None] * n]
    return pick(rng, wrong), TypeError, "labels must hold integers, got dtype"


def bad_int(rng, name):
    if rng.random() < 0.4:
        return -int(rng.integers(0, 9)), ValueError, f"{name} must be at least 1, got"
    wrong = [1.0, float(rng.normal()), math.nan, True, None, "3", [3], np.array([3]), 3j, np.True_]
    return pick(rng, wrong), TypeError, f"{name} must be an integer, got"


def bad_float(rng, name):
    if rng.random() < 0.5:
        bad = [0, 0.0, -float(rng.random()), math.nan, math.inf, -math.inf, 10**400, -(10**400)]
        return pick(rng, bad), ValueError, f"{name} must be finite and above 0, got"
    wrong = [True, None, "0.1", [0.1], np.array([0.1]), 0.1j, np.True_, {}, b"1", object()]
    return pick(rng, wrong), TypeError, f"{name} must be a number, got"


def bad_slope(rng):
    if rng.random() < 0.7:
        return bad_float(rng, "slope")
    return pick(rng, [1, 1.0, 1 + rng.random(), 1e300, 2]), ValueError, "slope must be below 1, got"


def bad_net(rng, net):
    wrong = [None, net.layers, net.layers[0], bp.Network, "net", 3, net.forward, {}]
    return pick(rng, wrong), TypeError, "net must be a Network, got"


def bad_loss(rng, words):
    wrong = [None, bp.softmax, "squared_error", bp.squared_error.gradient, 3, abs, bp.Sigmoid()]
    return pick(rng, wrong), TypeError, words


def bad_rng(rng):
    wrong = [None, 0, np.random, np.random.RandomState(0), np.random.default_rng, "0", {}]
    return pick(rng, wrong), TypeError, "rng must be a numpy.random.Generator, got"


# ---------------------------------------------------------------- bad arguments: every callable

CALLS: dict[str, Callable[[np.random.Generator], Refusal]] = {}


def calls(*names):
    """Register a maker of bad calls; it gets a generator and the name, if there are several."""

    def register(make):
        for name in names:
            CALLS[name] = make if len(names) == 1 else lambda rng, name=name: make(rng, name)
        return make

    return register


def some_dense(rng, used=True):
    n, n_in, n_out = (int(size) for size in rng.integers(1, 5, 3))
    layer = bp.Dense(rng.normal(size=(n_in, n_out)), rng.normal(size=n_out))
    x, delta = rng.normal(size=(n, n_in)), rng.normal(size=(n, n_out))
    if used:
        layer.forward(x)
        layer.backward(delta)
    return layer, x, delta


def some_net(rng, used=True):
    """Return a network of two Dense layers, a batch, and the gradient of its output."""
    sizes = [int(size) for size in rng.integers(1, 5, 3)]
    layers = []
    for n_in, n_out in pairwise(sizes):
        layers.append(bp.Dense(rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)))
        if rng.random() < 0.7:
            layers.append(pick(rng, list(ACTIVATIONS.values()))())
    n = int(rng.integers(1, 5))
    net, x, dy = bp.Network(layers), rng.normal(size=(n, sizes[0])), rng.normal(size=(n, sizes[2]))
    if used:
        net.forward(x)
        net.backward(dy)
    return net, x, dy


def spoil_parameters(rng, layer, name=""):
    """Put something wrong into W or b of a layer; return the error to come and the words.

    A shape that fits no longer is named by one of the two arrays that don't fit.
    """
    attribute = pick(rng, ["W", "b"])
    right = getattr(layer, attribute)
    kind = pick(rng, ["finite", "finite", "no array", "dtype", "shape"])
    if kind == "finite":
        right[tuple(rng.integers(right.shape))] = pick(rng, [math.nan, math.inf, -math.inf])
        return ValueError, rf"{name}{attribute} must be finite, got (nan|-?inf) at index"
    if kind == "no array":
        wrong = [None, 1.0, "W", right.tolist(), right.astype(int), right.astype(complex)]
        setattr(layer, attribute, pick(rng, [*wrong, right.astype(np.float16)]))
        return TypeError, f"{name}{attribute} must be an array of float64 or float32, got"
    if kind == "dtype":
        setattr(layer, attribute, right.astype(np.float32))
        return TypeError, f"{name}b must have the dtype of W: .* of shape .* of shape"
    shape = right.shape
    while shape == right.shape:
        shape = pick(rng, other_shapes(rng, right.shape))
    setattr(layer, attribute, np.ones(shape))
    if attribute == "W" and (len(shape) != 2 or 0 in shape):
        return ValueError, rf"{name}W must have shape \(n_in, n_out\).*got shape {shown(shape)}$"
    return ValueError, rf"{name}(W|b) must have shape \(.*{attribute} has shape {shown(shape)}"


@calls("Dense")
def bad_dense(rng):
    layer, _, _ = some_dense(rng)
    W, b = layer.W, layer.b
    if rng.random() < 0.5:
        value, error, words = spoiled(rng, fitting("b", b, "W", W.shape))
        return Refusal(lambda: bp.Dense(W, value), error, words, (W, value))

    def of_shape(shape):
        if len(shape) != 2 or 0 in shape:
            return rf"W must have shape \(n_in, n_out\).* got shape {shown(shape)}$"
        if shape[1:] == b.shape:
            return None
        return rf"b must have shape \({shape[1]},\) to fit W: .*W has shape {shown(shape)}$"

    value, error, words = spoiled(rng, Argument("W", W, of_shape))
    return Refusal(lambda: bp.Dense(value, b), error, words, (value, b))


@calls("Dense.random")
def bad_random(rng):
    name = pick(rng, ["n_in", "n_out", "rng", "scheme", "dtype"])
    if name == "rng":
        value, error, words = bad_rng(rng)
    elif name == "scheme":
        value = pick(rng, ["Xavier", "", "glorot", None, 1, ["he"], b"he", object()])
        error, words = ValueError, r"scheme must be one of \['xavier', 'he', 'normal'\], got"
    elif name == "dtype":
        value = pick(rng, [int, np.float16, complex, bool, "foo", 3, object, str, ">f8", "f4,f8"])
        error, words = TypeError, "dtype must be float64 or float32, got"
    else:
        value, error, words = bad_int(rng, name)
    arguments = {"n_in": 2, "n_out": 3, "rng": rng} | {name: value}
    return Refusal(lambda: bp.Dense.random(**arguments), error, words, (rng,))


@calls("Dense.forward")
def bad_dense_forward(rng):
    layer, x, _ = some_dense(rng, used=rng.random() < 0.7)
    if rng.random() < 0.1:
        layer.W[:], x[:] = 1e200, 1e200
        return Refusal(lambda: layer.forward(x), ValueError, "z overflows", (layer, x))
    if rng.random() < 0.25:
        error, words = spoil_parameters(rng, layer)
        return Refusal(lambda: layer.forward(x), error, words, (layer, x))
    value, error, words = spoiled(rng, rows_fitting("x", x, layer.W))
    return Refusal(lambda: layer.forward(value), error, words, (layer, value))


@calls("Dense.backward")
def bad_dense_backward(rng):
    used = rng.random() < 0.9
    layer, _, delta = some_dense(rng, used)
    if not used:
        words = "backward needs a forward before it"
        return Refusal(lambda: layer.backward(delta), RuntimeError, words, (layer, delta))
    if rng.random() < 0.25:
        error, words = spoil_parameters(rng, layer)
        return Refusal(lambda: layer.backward(delta), error, words, (layer, delta))
    if rng.random() < 0.1:
        layer.W[:], delta = 1e200, 1e200 + delta  # dW and db would be fine
        return Refusal(lambda: layer.backward(delta), ValueError, "dx overflows", (layer, delta))
    value, error, words = spoiled(rng, fitting("delta", delta, "W", layer.W.shape))
    return Refusal(lambda: layer.backward(value), error, words, (layer, value))


LAYERS = {kind.__name__: kind for kind in ACTIVATIONS.values()}


@calls(*(f"{name}.forward" for name in LAYERS))
def bad_activation_forward(rng, name):
    layer, z = LAYERS[name.split(".")[0]](), rng.normal(size=rng.integers(1, 5, 2))
    if rng.random() < 0.7:
        layer.forward(z)
    value, error, words = spoiled(rng, samples("z", z))
    return Refusal(lambda: layer.forward(value), error, words, (layer, z, value))


@calls(*(f"{name}.backward" for name in LAYERS))
def bad_activation_backward(rng, name):
    layer, z = LAYERS[name.split(".")[0]](), rng.normal(size=rng.integers(1, 5, 2))
    if rng.random() < 0.1:
        words = "backward needs a forward before it"
        return Refusal(lambda: layer.backward(z), RuntimeError, words, (layer, z))
    layer.forward(z)
    value, error, words = spoiled(rng, fitting("da", np.ones_like(z), "z", z.shape))
    return Refusal(lambda: layer.backward(value), error, words, (layer, z, value))


@calls("LeakyReLU")
def bad_leaky_relu(rng):
    slope, error, words = bad_slope(rng)
    return Refusal(lambda: bp.LeakyReLU(slope), error, words, ())


@calls(*ACTIVATIONS, *(f"{name}_derivative" for name in ACTIVATIONS))
def bad_function(rng, name):
    z = rng.normal(size=rng.integers(1, 5, rng.integers(1, 4)))
    argument = Argument("z", z, lambda shape: None)  # every shape is right
    if "leaky" in name and rng.random() < 0.3:
        slope, error, words = bad_slope(rng)
        return Refusal(lambda: getattr(bp, name)(z, slope), error, words, (z,))
    value, error, words = pick(rng, [spoiled_number(rng, "z", z), spoiled_dtype(rng, argument)])
    return Refusal(lambda: getattr(bp, name)(value), error, words, (value,))


@calls("squared_error", "squared_error.gradient")
def bad_squared_error(rng, name):
    y, t = rng.normal(size=(2, *rng.integers(1, 5, 2)))
    function = bp.squared_error if name == "squared_error" else bp.squared_error.gradient
    if rng.random() < 0.05:
        y[:], t[:] = 1.7e308, -1.7e308
        return Refusal(lambda: function(y, t), ValueError, "(loss|dy) overflows", (y, t))
    if rng.random() < 0.4:
        bad_y, error, words = spoiled(rng, batch("y", y))
        return Refusal(lambda: function(bad_y, t), error, words, (bad_y, t))
    bad_t, error, words = spoiled(rng, fitting("t", t, "y", y.shape))
    return Refusal(lambda: function(y, bad_t), error, words, (y, bad_t))


@calls("softmax_cross_entropy", "softmax_cross_entropy.gradient", "accuracy")
def bad_cross_entropy(rng, name):
    loss = bp.softmax_cross_entropy
    function = {"accuracy": bp.accuracy, "softmax_cross_entropy": loss}.get(name, loss.gradient)
    n, classes = (int(size) for size in rng.integers(1, 5, 2))
    logits, right = rng.normal(size=(n, classes)), rng.integers(0, classes, n)
    if rng.random() < 0.4:
        bad_logits, error, words = spoiled(rng, batch("logits", logits))
        return Refusal(lambda: function(bad_logits, right), error, words, (bad_logits, right))
    bad_labels, error, words = spoiled_labels(rng, right, classes)
    return Refusal(lambda: function(logits, bad_labels), error, words, (logits, bad_labels))


@calls("softmax")
def bad_softmax(rng):
    value, error, words = spoiled(rng, batch("logits", rng.normal(size=rng.integers(1, 5, 2))))
    return Refusal(lambda: bp.softmax(value), error, words, (value,))


@calls("Network")
def bad_network(rng):
    net, x, _ = some_net(rng)
    layers, relu = list(net.layers), bp.ReLU()
    last = [i for i, layer in enumerate(layers) if isinstance(layer, bp.Dense)][-1]
    n_in, n_out = layers[last].W.shape
    of_other_size = bp.Dense(np.ones((n_in + 1, n_out)), np.ones(n_out))
    single = bp.Dense(np.ones((n_in, n_out), np.float32), np.ones(n_out, np.float32))
    shapes = rf"layers\[0\].W has shape {shown(layers[0].W.shape)}, layers\[{last}\].W "
    wrong = [
        (x, TypeError, r"layers\[0\] must be a layer, got"),
        ("layers", TypeError, r"layers\[0\] must be a layer, got str"),
        (layers[0], TypeError, "layers must be a sequence of layers, got Dense"),
        (int(rng.integers(9)), TypeError, "layers must be a sequence of layers, got int"),
        (None, TypeError, "layers must be a sequence of layers, got NoneType"),
        ([], ValueError, "layers must hold at least one layer"),
        ([*layers, relu, relu], ValueError, r"layers\[\d\] and layers\[\d\] are one object"),
        ([*layers, bp.ReLU], TypeError, r"layers\[\d\] is the class ReLU: write ReLU\(\)"),
        ([*layers, net], ValueError, r"layers\[0\] and layers\[\d\].layers\[0\] are one object"),
        (
            [*layers, pick(rng, [None, 3, "relu", bp.relu, x])],
            TypeError,
            r"layers\[\d\] must be a layer, got",
        ),
        (
            [*layers[:last], of_other_size],
            ValueError,
            rf"layers must fit each other: {shapes}{shown(of_other_size.W.shape)}",
        ),
        (
            [*layers[:last], single],
            TypeError,
            rf"layers must have one dtype: {shapes}{shown(single.W.shape)}; float64, float32",
        ),
    ]
    value, error, words = pick(rng, wrong)
    if rng.random() < 0.25:
        error, words = spoil_parameters(rng, layers[last], rf"layers\[{last}\]\.")
        value = layers
    return Refusal(lambda: bp.Network(value), error, words, (value, net, relu))


def spoil_net(rng, net, named=True):
    i = pick(rng, [i for i, layer in enumerate(net.layers) if isinstance(layer, bp.Dense)])
    return spoil_parameters(rng, net.layers[i], rf"layers\[{i}\]\." if named else "")


@calls("Network.forward")
def bad_network_forward(rng):
    net, x, _ = some_net(rng, used=rng.random() < 0.7)
    if rng.random() < 0.25:
        error, words = spoil_net(rng, net)
        return Refusal(lambda: net.forward(x), error, words, (net, x))
    value, error, words = spoiled(rng, rows_fitting("x", x, net.layers[0].W))
    return Refusal(lambda: net.forward(value), error, words, (net, value))


@calls("Network.backward")
def bad_network_backward(rng):
    used = rng.random() < 0.9
    net, _, dy = some_net(rng, used)
    dy = 2 * dy  # so that a gradient filled before the refusal is another than before
    if not used:
        words = "backward needs a forward before it"
        return Refusal(lambda: net.backward(dy), RuntimeError, words, (net, dy))
    chance = rng.random()
    if chance < 0.2:
        error, words = spoil_net(rng, net)
        return Refusal(lambda: net.backward(dy), error, words, (net, dy))
    if chance < 0.3:  # a layer exchanged since the forward pass: it saw none
        net.layers[0] = bp.Dense(net.layers[0].W, net.layers[0].b)
        words = "backward needs a forward before it"
        return Refusal(lambda: net.backward(dy), RuntimeError, words, (net, dy))
    value, error, words = spoiled(rng, fitting("dy", dy, "y", dy.shape))
    return Refusal(lambda: net.backward(value), error, words, (net, value))


@calls("SGD")
def bad_sgd(rng):
    net, _, _ = some_net(rng)
    if rng.random() < 0.3:
        value, error, words = bad_net(rng, net)
        return Refusal(lambda: bp.SGD(value, 0.1), error, words, (net,))
    lr, error, words = bad_float(rng, "lr")
    return Refusal(lambda: bp.SGD(net, lr), error, words, (net,))


@calls("SGD.step")
def bad_step(rng):
    used = rng.random() < 0.8
    net, x, _ = some_net(rng, used)
    optimizer = bp.SGD(net, float(rng.random()) + 0.1)
    if not used:
        if rng.random() < 0.5:
            net.forward(x)
        words = r"step needs a backward before it: layers\[0\] has no dW"
        return Refusal(optimizer.step, RuntimeError, words, (optimizer,))
    i = pick(rng, [i for i, layer in enumerate(net.layers) if isinstance(layer, bp.Dense)])
    layer, name = net.layers[i], pick(rng, ["dW", "db"])
    right, full = getattr(layer, name), rf"layers\[{i}\]\.{name}"
    kinds = ["lr", "parameter", "finite", "finite", "overflow", "shape", "no array", "exchanged"]
    kind = pick(rng, kinds)
    if kind == "lr":
        optimizer.lr, error, words = bad_float(rng, "lr")
    elif kind == "parameter":
        array, attribute = pick(rng, [(layer.W, "W"), (layer.b, "b")])
        array[tuple(rng.integers(array.shape))] = pick(rng, [math.nan, math.inf, -math.inf])
        error, words = ValueError, rf"layers\[{i}\]\.{attribute} must be finite, got"
    elif kind == "finite":
        right[tuple(rng.integers(right.shape))] = pick(rng, [math.nan, math.inf, -math.inf])
        error, words = ValueError, f"{full} must be finite, got (nan|-?inf) at index"
    elif kind == "overflow":
        right[tuple(rng.integers(right.shape))], optimizer.lr = 1e300, 1e10
        error, words = ValueError, rf"layers\[{i}\]\.{name[1]} overflows"
    elif kind == "shape":
        shape = right.shape
        while shape == right.shape:
            shape = pick(rng, other_shapes(rng, right.shape))
        setattr(layer, name, np.ones(shape))
        both = rf"{full} has shape {shown(shape)}, .* has shape {shown(right.shape)}$"
        error, words = ValueError, f"{full} must have shape {shown(right.shape)} to fit .*{both}"
    elif kind == "no array":
        setattr(layer, name, pick(rng, [None, 0.0, right.tolist(), right.astype(int)]))
        error, words = TypeError, f"{full} must be an array of float64 or float32, got"
    else:
        net.layers[i] = bp.Dense(layer.W, layer.b)
        words = rf"step needs a backward before it: layers\[{i}\] has no dW"
        error = RuntimeError
    return Refusal(optimizer.step, error, words, (optimizer,))


def bad_task(rng):
    """Return a network, a loss, x and t of which one is bad, the error and the words."""
    net, x, dy = some_net(rng, used=rng.random() < 0.7)
    loss = pick(rng, LOSSES)
    n, classes = dy.shape
    t = dy if loss is bp.squared_error else rng.integers(0, classes, n)
    kind = pick(rng, ["net", "x", "t", "t", "parameters"])
    given_net = net
    if kind == "net":
        given_net, error, words = bad_net(rng, net)
    elif kind == "x":
        x, error, words = spoiled(rng, rows_fitting("x", x, net.layers[0].W))
    elif kind == "parameters":
        error, words = spoil_net(rng, net, named=False)
        words = rf"(layers\[\d\]\.)?{words}"
    elif loss is bp.squared_error:
        t, error, words = spoiled(rng, fitting("t", t, "y", dy.shape))
    else:
        t, error, words = spoiled_labels(rng, t, classes)
    return net, (given_net, loss, x, t), error, words


@calls("trace")
def bad_trace(rng):
    net, arguments, error, words = bad_task(rng)
    if rng.random() < 0.15:
        net, x, dy = some_net(rng)
        value, error, words = bad_loss(rng, "loss must be squared_error or softmax_cross_entropy")
        arguments = (net, value, x, dy)
    return Refusal(lambda: bp.trace(*arguments), error, words, (net, arguments))


@calls("check_gradients")
def bad_check(rng):
    net, arguments, error, words = bad_task(rng)
    options = {}
    if rng.random() < 0.3:
        net, x, dy = some_net(rng)
        arguments = (net, bp.squared_error, x, dy)
        name = pick(rng, ["step", "tolerance", "loss"])
        if name == "loss":
            value, error, words = bad_loss(rng, "loss must be a loss such as squared_error, got")
            arguments = (net, value, x, dy)
        else:
            value, error, words = bad_float(rng, name)
            while name == "tolerance" and value is None:  # None is the default
                value, error, words = bad_float(rng, name)
            options = {name: value}
    return Refusal(
        lambda: bp.check_gradients(*arguments, **options), error, words, (net, arguments)
    )


@calls("train")
def bad_train(rng):
    net, arguments, error, words = bad_task(rng)
    options = {"epochs": 2, "batch_size": 2, "lr": 0.1, "rng": rng}
    if rng.random() < 0.5:
        net, x, dy = some_net(rng)
        arguments = (net, bp.squared_error, x, dy)
        name = pick(rng, ["epochs", "batch_size", "lr", "rng", "loss", "x_test", "t_test"])
        if name == "loss":
            value, error, words = bad_loss(rng, "loss must be a loss such as squared_error, got")
            arguments = (net, value, x, dy)
        elif name in ("epochs", "batch_size"):
            options[name], error, words = bad_int(rng, name)
        elif name == "lr":
            options[name], error, words = bad_float(rng, name)
        elif name == "rng":
            options[name], error, words = bad_rng(rng)
        elif rng.random() < 0.2:
            options |= {name: {"x_test": x, "t_test": dy}[name]}
            error, words = ValueError, "x_test and t_test must be given together"
        else:
            right = {"x_test": x, "t_test": dy}
            x_or_t = rows_fitting("x", x, net.layers[0].W)
            if name == "t_test":
                x_or_t = fitting("t", dy, "y", dy.shape)
            value, error, words = spoiled(rng, x_or_t)
            if value is None:
                words = "x_test and t_test must be given together"
                error = ValueError
            else:
                words = f"x_test or t_test: {words}"
            options |= right | {name: value}
    return Refusal(
        lambda: bp.train(*arguments, **options), error, words, (net, arguments, options, rng)
    )


# ---------------------------------------------------------------- bad arguments: the tests


def snapshot(thing):
    """Return all that makes up a thing, to the last bit: equal to a later one if unchanged."""
    if isinstance(thing, np.ndarray):
        return id(thing), thing.dtype.str, thing.shape, thing.strides, thing.tobytes()
    if isinstance(thing, np.random.Generator):
        return id(thing), str(thing.bit_generator.state)
    if isinstance(thing, dict):
        return id(thing), [(key, snapshot(value)) for key, value in thing.items()]
    if isinstance(thing, list | tuple):
        return id(thing), [snapshot(value) for value in thing]
    if type(thing).__module__.startswith("backprop."):
        return id(thing), snapshot(vars(thing))
    return id(thing), repr(thing)


@pytest.mark.parametrize("name", CALLS)
def test_bad_arguments_are_refused_in_words_and_change_nothing(name):
    tried = 0
    for i in range(TRIES):
        refusal = CALLS[name](np.random.default_rng([list(CALLS).index(name), i]))
        which, before = f"{name}, try {i}", snapshot(refusal.touched)
        try:
            with warnings.catch_warnings(action="error"), np.errstate(all="raise"):
                result = refusal.call()
        except (TypeError, ValueError, RuntimeError) as error:
            assert type(error) is refusal.error, f"{which}: {error!r}"
            found = re.match(refusal.words, str(error))
            assert found, f"{which}: {refusal.words!r} expected, got: {error}"
        else:
            pytest.fail(f"{which}: not refused ({refusal.words!r}), it returned {result!r}")
        assert snapshot(refusal.touched) == before, f"{which}: refused, but changed something"
        tried += 1
    assert tried == TRIES


def test_ten_thousand_bad_arguments_are_tried():
    assert len(CALLS) * TRIES >= 10_000


def test_counted_for_the_page_on_checks(pytestconfig):
    laws = sum(getattr(each, "is_hypothesis_test", False) for each in globals().values())
    rewrite = pytestconfig.getoption("--write-outputs")
    records.hold("laws", {"laws": laws, "networks": law.max_examples}, rewrite)
    refused = {"functions": len(CALLS), "arguments": len(CALLS) * TRIES}
    records.hold("refused", refused, rewrite)


def test_everything_public_that_takes_arguments_is_tried():
    results = {"Digits", "GradientCheck", "History", "Operand", "Step", "Trace", "Worst"}
    tried = {name.split(".")[0] for name in CALLS}
    assert set(bp.__all__) - results - {"load_digits"} == tried
