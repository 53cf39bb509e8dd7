"""Gradient descent: the step, in place and as a whole or not at all."""

import math

import numpy as np
import pytest

import backprop as bp


def ready(dtype=np.float64):
    """A network of two Dense layers after a forward and a backward pass."""
    rng = np.random.default_rng(0)
    first = bp.Dense.random(2, 3, rng=rng, dtype=dtype)
    net = bp.Network([first, bp.Tanh(), bp.Dense.random(3, 2, rng=rng, dtype=dtype)])
    y = net.forward(rng.normal(size=(4, 2)).astype(dtype))
    net.backward(bp.squared_error.gradient(y, np.ones_like(y)))
    return net


def arrays(net):
    return [a for layer in net.layers[::2] for a in (layer.W, layer.b, layer.dW, layer.db)]


def test_step_subtracts_the_gradient_times_lr_in_place():
    net = ready()
    before = [(array, array.copy()) for array in arrays(net)]
    bp.SGD(net, lr=0.25).step()
    assert all(now is array for now, (array, _) in zip(arrays(net), before, strict=True))
    (W1, b1, dW1, db1, W2, b2, dW2, db2) = [values for _, values in before]
    expected = [W1 - 0.25 * dW1, b1 - 0.25 * db1, dW1, db1, W2 - 0.25 * dW2, b2 - 0.25 * db2]
    for now, values in zip(arrays(net), [*expected, dW2, db2], strict=True):
        np.testing.assert_array_equal(now, values)


def test_a_step_lowers_the_loss():
    net = ready()
    x, t = np.ones((4, 2)), np.zeros((4, 2))
    before = bp.squared_error(net.forward(x), t)
    net.backward(bp.squared_error.gradient(net.forward(x), t))
    bp.SGD(net, lr=0.1).step()
    assert bp.squared_error(net.forward(x), t) < before


@pytest.mark.parametrize("lr", [0.1, np.float64(0.1), np.float32(0.1), 1, np.int64(1)])
def test_float32_is_kept_whatever_number_lr_is(lr):
    net = ready(np.float32)
    bp.SGD(net, lr).step()
    assert {array.dtype for array in arrays(net)} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("lr", "error", "words"),
    [
        (0, ValueError, "lr must be finite and above 0, got 0"),
        (-0.1, ValueError, "lr must be finite and above 0, got -0.1"),
        (math.nan, ValueError, "lr must be finite and above 0, got nan"),
        (math.inf, ValueError, "lr must be finite and above 0, got inf"),
        (10**400, ValueError, "lr must be finite and above 0"),
        (True, TypeError, "lr must be a number, got True"),
        ("0.1", TypeError, "lr must be a number, got '0.1'"),
        (None, TypeError, "lr must be a number, got None"),
        (np.array([0.1]), TypeError, "lr must be a number"),
        (0.1j, TypeError, "lr must be a number"),
    ],
)
def test_a_bad_learning_rate_is_refused(lr, error, words):
    with pytest.raises(error, match="^" + words):
        bp.SGD(ready(), lr)
    optimizer = bp.SGD(ready(), 0.1)
    optimizer.lr = lr
    with pytest.raises(error, match="^" + words):
        optimizer.step()


def test_something_else_than_a_network_is_refused():
    with pytest.raises(TypeError, match=r"^net must be a Network, got list"):
        bp.SGD([bp.Dense([[1]], [1])], lr=0.1)


def refused(net, error, words, lr=0.5):
    """Assert that a step is refused and leaves every array bit by bit as it was."""
    before = [array.tobytes() for array in arrays(net)]
    with np.errstate(all="raise"), pytest.raises(error, match="^" + words):
        bp.SGD(net, lr).step()
    assert [array.tobytes() for array in arrays(net)] == before


def test_a_step_before_backward_is_refused():
    net = bp.Network([bp.Dense([[1.0]], [1.0])])
    net.forward([[1.0]])
    with pytest.raises(RuntimeError, match=r"^step needs a backward before it: layers\[0\]"):
        bp.SGD(net, 0.5).step()
    assert net.layers[0].W.tolist() == [[1]]


def test_a_step_with_a_layer_that_saw_no_backward_is_refused():
    net = ready()
    net.layers[2] = bp.Dense(np.ones((3, 2)), np.ones(2))
    refused(net, RuntimeError, r"step needs a backward before it: layers\[2\]")


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("name", ["dW", "db", "W", "b"])
def test_nan_or_infinity_anywhere_is_refused_before_anything_changes(bad, name):
    net = ready()
    getattr(net.layers[2], name)[..., -1] = bad
    refused(net, ValueError, rf"layers\[2\].{name} must be finite, got {bad}")


@pytest.mark.parametrize("name", ["W", "b"])
def test_a_step_that_would_overflow_is_refused_before_anything_changes(name):
    net = ready()
    getattr(net.layers[2], "d" + name)[:] = 1e300
    refused(net, ValueError, rf"layers\[2\].{name} overflows.*float64", lr=1e10)
    net = ready(np.float32)
    getattr(net.layers[2], "d" + name)[:] = 1e30
    refused(net, ValueError, rf"layers\[2\].{name} overflows.*float32", lr=1e10)


def test_a_rate_just_above_one_can_overflow_too():
    net = ready()
    net.layers[0].W[:], net.layers[0].dW[:] = 1e-300, 1.5e308
    refused(net, ValueError, r"layers\[0\].W overflows.*float64", lr=1.5)


def test_large_finite_numbers_are_not_refused():
    net = ready()
    net.layers[0].W[:] = 1e300
    net.layers[0].dW[:] = 1e299
    with np.errstate(all="raise"):
        bp.SGD(net, 1.0).step()
    np.testing.assert_allclose(net.layers[0].W, 9e299)
    net.layers[0].W[:] = net.layers[0].dW[:] = 1.5e308
    with np.errstate(all="raise"):
        bp.SGD(net, 1.0).step()
    assert not net.layers[0].W.any()


def test_a_step_too_small_for_a_float_gives_no_warning():
    net = ready()
    net.layers[0].dW[:] = 1e-300
    before = net.layers[0].W.copy()
    with np.errstate(all="raise"):
        bp.SGD(net, 1e-100).step()
    np.testing.assert_array_equal(net.layers[0].W, before)


def test_a_gradient_replaced_by_one_of_another_shape_is_refused():
    net = ready()
    net.layers[0].dW = np.ones((1, 3))
    refused(net, ValueError, r"layers\[0\].dW must have shape \(2, 3\) to fit layers\[0\].W")
    net.layers[0].dW = np.ones((2, 3), np.float32)
    refused(net, TypeError, r"layers\[0\].dW must have the dtype of layers\[0\].W")


def test_weights_set_to_a_list_are_refused_in_words():
    net = ready()
    net.layers[2].W = net.layers[2].W.tolist()
    with pytest.raises(TypeError, match=r"^layers\[2\].W must be an array .*got list"):
        bp.SGD(net, 0.5).step()


def test_a_gradient_set_to_none_is_refused_in_words():
    net = ready()
    net.layers[0].dW = None
    with pytest.raises(TypeError, match=r"^layers\[0\].dW must be an array .*got NoneType"):
        bp.SGD(net, 0.5).step()


class Gain:
    """A layer of a reader's own, which remembers nothing about gradients."""

    parameters: tuple[str, ...] = ("g",)

    def __init__(self):
        self.g = np.array([1.0, 2.0])

    def forward(self, x):
        self.x = x
        return x * self.g

    def backward(self, dy):
        self.dg = (dy * self.x).sum(axis=0)
        return dy * self.g


def test_a_layer_of_another_kind_needs_a_gradient_too():
    net = bp.Network([bp.ReLU(), Gain()])
    net.forward([[1.0, 2.0]])
    words = r"^step needs a backward before it: layers\[1\] has no dg$"
    with pytest.raises(RuntimeError, match=words):
        bp.SGD(net, 0.5).step()
    net.backward([[1.0, 1.0]])
    bp.SGD(net, 0.5).step()
    assert net.layers[1].g.tolist() == [0.5, 1]
    net.layers[1].dg = np.ones(3)
    words = r"^layers\[1\]\.dg must have shape \(2,\) to fit layers\[1\]\.g: .*\(3,\).*\(2,\)$"
    with pytest.raises(ValueError, match=words):
        bp.SGD(net, 0.5).step()


def test_a_parameter_that_is_read_only_is_refused_before_anything_changes():
    net = ready()
    net.layers[2].b.flags.writeable = False
    words = r"layers\[2\]\.b can not be changed: it is read-only \(it has shape \(2,\)\)$"
    refused(net, ValueError, words)


class Undeclared(Gain):
    parameters = ()


def test_a_gradient_of_something_that_is_not_declared_is_refused_at_the_first_step():
    net = bp.Network([bp.ReLU(), Undeclared()])
    net.forward([[1.0, 2.0]])
    net.backward([[1.0, 1.0]])
    with pytest.raises(ValueError, match=r"^layers\[1\]\.g is not declared: Undeclared fills dg"):
        bp.SGD(net, 0.5).step()
    assert net.layers[1].g.tolist() == [1, 2]


def test_what_is_declared_is_looked_at_once_and_not_at_every_step():
    net = bp.Network([bp.ReLU(), Gain()])
    net.forward([[1.0, 2.0]])
    net.backward([[1.0, 1.0]])
    bp.SGD(net, 0.5).step()
    net.layers[1].h = np.ones(2)
    net.forward([[1.0, 2.0]])
    net.backward([[1.0, 1.0]])
    net.layers[1].dh = np.ones(2)
    bp.SGD(net, 0.5).step()
    assert net.layers[1].h.tolist() == [1, 1]


def test_layers_that_were_added_after_the_backward_have_no_gradient():
    net = ready()
    net.layers.append(bp.Dense(np.ones((2, 1))))
    with pytest.raises(
        RuntimeError, match=r"^step needs a backward before it: layers\[\d\] has no"
    ):
        bp.SGD(net, 0.5).step()
