"""Doors: what layers and networks are given, and what a pass that fails leaves behind."""

import copy
import math
import re
from dataclasses import dataclass

import numpy as np
import pytest

import backprop as bp
from backprop import doors
from backprop.layers import Activation

X = np.array([[1.0, 2.0], [3.0, 4.0]])
SINGLE = X.astype(np.float32)
BIG = 1e200  # its square is too large for a float


class Own:
    """A reader's layer that returns whatever it is told."""

    def __init__(self, forward=lambda x: x, backward=lambda dy: dy):
        self.forward, self.backward = forward, backward


class Gain:
    """A reader's layer with a parameter, for numbers of any shape."""

    parameters = ("g",)

    def __init__(self, g):
        self.g = np.array(g)

    def forward(self, x):
        self.x = x
        return x * self.g

    def backward(self, dy):
        self.dg = np.asarray((dy * self.x).sum(), self.g.dtype)
        return dy * self.g


def refused(error, words, call, *arguments):
    """Hold that the call is refused in exactly these words."""
    with pytest.raises(error, match=f"^{re.escape(words)}$") as caught:
        call(*arguments)
    assert type(caught.value) is error
    return caught.value


def dense(W=((1.0, 2.0), (3.0, 5.0)), b=(7.0, 11.0)):
    return bp.Dense(W, b)


# ---------------------------------------------------------------- a layer called by itself


def test_the_doors_show_the_method_they_stand_around():
    assert bp.Dense.forward.__doc__ == "Return z = x W + b, shape (batch, n_out), and remember x."
    assert bp.Sigmoid.backward.__name__ == "backward"
    assert bp.Dense.forward.__qualname__ == "Dense.forward"
    assert bp.Network.backward.__qualname__ == "Network.backward"
    assert bp.Network.forward.__doc__.startswith("Return y")


def test_arguments_are_called_as_the_method_calls_them():
    class Mine(Activation):
        def forward(self, signal):
            self.z = signal
            return signal

        def backward(self, error):
            return error

    mine = Mine()
    refused(
        ValueError,
        "signal must have shape (batch, n) with at least one row and one column, got shape (1,)",
        mine.forward,
        [1.0],
    )
    words = "signal must be finite, got nan at index [0, 0] (signal has shape (1, 1))"
    refused(ValueError, words, mine.forward, [[math.nan]])
    words = "error must be finite, got inf at index [0] (error has shape (1,))"
    refused(ValueError, words, mine.backward, [math.inf])
    words = "error must hold float64, float32 or integers, got dtype <U1 (error has shape (1,))"
    refused(TypeError, words, mine.backward, ["a"])


def test_a_layer_with_a_forward_of_its_own_takes_samples_of_any_shape():
    class Flatten(Activation):
        def forward(self, x):
            self.shape = x.shape
            return x.reshape(len(x), -1)

        def backward(self, dy):
            return dy.reshape(self.shape)

    flatten = Flatten()
    assert flatten.forward(np.ones((2, 3, 4))).shape == (2, 12)
    assert flatten.backward(np.ones((2, 12))).shape == (2, 3, 4)
    words = "x must have shape (batch, n) with at least one row and one column, got shape (2, 3, 4)"
    refused(ValueError, words, dense().forward, np.ones((2, 3, 4)))


def test_a_dense_with_a_forward_of_its_own_takes_what_it_likes():
    class Flattened(bp.Dense):
        def forward(self, x):
            return super().forward(x.reshape(len(x), -1))

    layer = Flattened(np.ones((4, 1)))
    assert layer.forward(np.ones((3, 2, 2))).tolist() == [[4]] * 3
    with pytest.raises(ValueError, match=r"^x must have shape \(3, 4\) to fit W: "):
        layer.forward(np.ones((3, 5)))


def test_a_door_goes_by_the_module_of_the_method_it_stands_around():
    def forward(layer, signal):
        return signal

    forward.__module__ = "backprop.layers"
    words = r"^signal must have shape \(1, 2\) to fit W: "
    with pytest.raises(ValueError, match=words):
        doors.layer_forward(forward)(dense(), [[1.0, 2.0, 3.0]])
    forward.__module__ = "reader"
    assert doors.layer_forward(forward)(dense(), [[1.0, 2.0, 3.0]]).tolist() == [[1, 2, 3]]


def test_a_derived_class_with_the_forward_of_its_base_is_known():
    class Named(bp.Dense):
        pass

    class Doubled(bp.Dense):
        def forward(self, x):
            return 2 * super().forward(x)

    assert doors.is_known(dense())
    assert doors.is_known(bp.ReLU())
    assert doors.is_known(Named([[1.0]]))
    assert not doors.is_known(Doubled([[1.0]]))
    assert not doors.is_known(Own())
    assert not doors.is_known(bp.Network([bp.ReLU()]))


@pytest.mark.parametrize("layer", [dense(), bp.Sigmoid()], ids=repr)
def test_backward_by_itself_needs_a_forward(layer):
    words = "backward needs a forward before it: nothing is remembered yet"
    refused(RuntimeError, words, layer.backward, X)


def test_the_base_of_all_layers_leaves_the_checks_to_them():
    base = doors.LayerDoor()
    assert base.check_parameters() is None
    assert base.check_x("x", [[1]]).dtype == np.float64
    with pytest.raises(NotImplementedError):
        base.check_dy("dy", X)
    assert (base.parameters, base.has_gradient, base.bounded, base.n_in, base.n_out) == (
        (),
        False,
        False,
        None,
        None,
    )


def test_parameters_are_looked_at_before_anything_else():
    layer = dense()
    layer.forward(X)
    layer.b = None
    words = "b must be an array of float64 or float32, got NoneType"
    refused(TypeError, words, layer.forward, "no array")
    refused(TypeError, words, layer.backward, "no array")


class Faulty(bp.Dense):
    """Fails as it is told, after it has written into itself."""

    fails: object = None

    def forward(self, x):
        z = super().forward(x)
        self.note = 1
        if self.fails is not None:
            return self.fails()
        return z

    def backward(self, delta):
        dx = super().backward(delta)
        self.note = 2
        if self.fails is not None:
            return self.fails()
        return dx


def interrupt():
    raise KeyboardInterrupt


def test_a_pass_of_a_single_layer_that_fails_changes_nothing():
    layer = Faulty([[1.0, 2.0], [3.0, 5.0]], [7.0, 11.0])
    layer.forward(X)
    layer.backward(X)
    for fails, error in (
        (interrupt, KeyboardInterrupt),
        (lambda: None, TypeError),
        (lambda: X * math.inf, ValueError),
    ):
        layer.fails = fails
        before = dict(vars(layer))
        for call in (layer.forward, layer.backward):
            with pytest.raises(error):
                call(X + 1)
            assert vars(layer).keys() == before.keys()
            assert all(vars(layer)[name] is value for name, value in before.items())


def test_what_a_single_layer_returns_is_looked_at():
    layer = Faulty([[1.0]])
    layer.forward([[1.0]])
    layer.fails = lambda: [1.0]
    refused(TypeError, "forward must return an array, it returned list", layer.forward, [[1.0]])
    refused(TypeError, "backward must return an array, it returned list", layer.backward, [[1.0]])


def test_gradients_of_a_single_layer_are_looked_at():
    class Forgetful(bp.Dense):
        def backward(self, delta):
            dx = super().backward(delta)
            self.dW = None
            return dx

    layer = Forgetful([[1.0]])
    layer.forward([[1.0]])
    words = (
        "dW must be an array of float64 or float32, got NoneType:"
        " backward must leave one of shape (1, 1), that of W"
    )
    refused(TypeError, words, layer.backward, [[1.0]])
    assert layer.dW.tolist() == [[0]]
    assert layer.has_gradient is False


# ---------------------------------------------------------------- a network: what goes in


def test_the_first_layer_that_says_so_tells_how_many_numbers_a_sample_has():
    net = bp.Network([bp.ReLU(), bp.Tanh(), dense()])
    assert net.entrance is net.layers[2]
    words = "x must have shape (2, 2) to fit W: x has shape (2, 3), W has shape (2, 2)"
    refused(ValueError, words, net.forward, np.ones((2, 3)))
    assert bp.Network([bp.ReLU()]).entrance is None
    assert bp.Network([Own(), dense()]).entrance is None
    assert bp.Network([bp.ReLU(), Own(), dense()]).entrance is None


def test_integers_take_the_dtype_of_the_parameters_wherever_these_stand():
    for dtype in (np.float64, np.float32):
        for layers in ([Own(), Gain(dtype(2))], [dense(X.astype(dtype), np.ones(2, dtype))]):
            assert bp.Network(layers).forward([[1, 2]]).dtype == dtype
    assert bp.Network([Own()]).forward([[1, 2]]).dtype == np.float64
    assert bp.Network([Own()]).forward(SINGLE).dtype == np.float32


def test_another_dtype_than_that_of_the_parameters_is_refused():
    words = (
        "x must have the dtype of the parameters: x is float32 of shape (2, 2),"
        " the parameters are float64"
    )
    refused(TypeError, words, bp.Network([Gain(2.0)]).forward, SINGLE)


@pytest.mark.parametrize("shape", [(3,), (0, 2), ()])
def test_a_network_of_any_layers_takes_samples_and_at_least_one(shape):
    net = bp.Network([Own()])
    words = f"x must have shape (batch, n) with at least one row and one column, got shape {shape}"
    refused(ValueError, words, net.forward, np.ones(shape))
    assert net.forward(np.ones((2, 3, 4))).shape == (2, 3, 4)


def test_x_is_finite_and_may_be_large():
    net = bp.Network([bp.ReLU()])
    words = "x must be finite, got inf at index [1, 0] (x has shape (2, 1))"
    refused(ValueError, words, net.forward, [[1.0], [math.inf]])
    assert net.forward([[BIG]]).tolist() == [[BIG]]
    net.forward([[1.0], [1.0]])
    words = "dy must be finite, got nan at index [1, 0] (dy has shape (2, 1))"
    refused(ValueError, words, net.backward, [[1.0], [math.nan]])
    assert net.backward([[BIG], [0]]).tolist() == [[BIG], [0]]


def test_layers_may_write_into_what_they_are_given():
    def doubled(array):
        array *= 2
        return array

    net = bp.Network([Own(doubled, doubled)])
    x, dy = X.copy(), X.copy()
    assert net.forward(x).tolist() == (2 * X).tolist()
    assert net.backward(dy).tolist() == (2 * X).tolist()
    np.testing.assert_array_equal([x, dy], [X, X])


def test_numpy_does_not_warn_inside_a_network():
    net = bp.Network([Own(lambda x: x * 1e-300 * 1e-300)])
    with np.errstate(all="raise"):
        assert net.forward(X).tolist() == [[0, 0], [0, 0]]


# ---------------------------------------------------------------- a network: is it in order


def test_backward_needs_a_forward_through_these_very_layers():
    net = bp.Network([bp.ReLU(), bp.Tanh()])
    words = "backward needs a forward before it: these layers have nothing remembered"
    refused(RuntimeError, words, net.backward, X)
    net.forward(X)
    net.backward(X)
    net.layers.reverse()
    refused(RuntimeError, words, net.backward, X)
    net.layers.reverse()
    refused(RuntimeError, words, net.backward, X)
    net.forward(X)
    net.backward(X)


@dataclass
class Shifted:
    """Layers that are compared by what they hold, as those of a dataclass are."""

    c: np.ndarray

    def forward(self, x):
        self.x = x
        return x + self.c

    def backward(self, dy):
        return dy


def test_an_exchanged_layer_is_told_by_which_object_it_is():
    net = bp.Network([Shifted(np.ones(2))])
    assert net.forward(X).tolist() == (X + 1).tolist()
    net.layers[0] = Shifted(np.full(2, 10.0))
    assert net.forward(X).tolist() == (X + 10).tolist()
    net.layers[0] = Shifted(net.layers[0].c)
    with pytest.raises(RuntimeError, match=r"^backward needs a forward before it"):
        net.backward(X)


def test_a_parameter_that_was_exchanged_is_looked_at_again():
    net = bp.Network([Gain(2.0), bp.ReLU()])
    net.forward(X)
    sound = net.sound
    net.layers[0].g[...] = 3
    assert net.forward(X).tolist() == (3 * X).tolist()
    assert net.sound is sound
    net.layers[0].g = np.array(4.0)
    net.backward(X)
    assert net.sound is not sound
    assert net.layers[0].dg == 30
    net.layers[0].g = 5.0
    words = (
        "layers[0].g must be an array of float64 or float32, got float:"
        " make it one, with np.array(5.0)"
    )
    refused(TypeError, words, net.forward, X)


def test_a_layer_added_inside_a_nested_network_is_gone_through():
    inside = bp.Network([Gain(2.0)])
    net = bp.Network([inside])
    net.forward(X)
    inside.layers.append(Gain(3.0))
    assert net.forward(X).tolist() == (6 * X).tolist()
    inside.layers.append(Gain(np.float32(3)))
    with pytest.raises(TypeError, match=r"^layers must have one dtype: layers\[0\]\.layers\[1\]"):
        net.forward(X)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_might_hide_in_a_result_is_looked_at_before_every_pass(bad):
    """A bias behind a ReLU, a gain that is not used: nothing would show."""

    class Unused(Gain):
        def forward(self, x):
            return x

        def backward(self, dy):
            self.dg = self.g * 0 + 1
            return dy

    for layer, name in ((dense(), "b"), (Unused([2.0, 3.0]), "g")):
        net = bp.Network([bp.ReLU(), layer])
        net.forward(X)
        getattr(layer, name)[1] = bad
        words = f"layers[1].{name} must be finite, got {bad} at index [1] ({name} has shape (2,))"
        words = words.replace(f"({name} has", f"(layers[1].{name} has")
        refused(ValueError, words, net.forward, X)
        refused(ValueError, words, net.backward, X)


def test_large_parameters_that_might_hide_something_are_taken():
    net = bp.Network([Gain(BIG)])
    assert net.forward(X).tolist() == (BIG * X).tolist()


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_weights_that_spoil_a_result_are_blamed_for_it(bad):
    net = bp.Network([dense(), bp.ReLU(), dense()])
    net.forward(X)
    net.layers[2].W[0, 1] = bad
    words = f"layers[2].W must be finite, got {bad} at index [0, 1] (W has shape (2, 2))"
    for call in (net.forward, net.backward):
        error = refused(ValueError, words, call, X)
        assert error.__context__ is not None


# ---------------------------------------------------------------- a pass that fails


def holding(net):
    return [dict(vars(layer)) for layer in net.layers]


def assert_holds(net, before):
    for layer, attributes in zip(net.layers, before, strict=True):
        assert vars(layer).keys() == attributes.keys()
        assert all(vars(layer)[name] is value for name, value in attributes.items())


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_forward_that_fails_changes_nothing(error):
    last = Own()
    net = bp.Network([dense(), bp.Sigmoid(), Gain(2.0), last])
    net.forward(X)
    net.backward(X)
    before, y = holding(net), net.y

    def fail(x):
        last.new = 1
        raise error("enough")

    last.forward = fail
    before[-1]["forward"] = fail
    with pytest.raises(error, match="enough"):
        net.forward(X + 1)
    assert_holds(net, before)
    assert net.y is y
    net.backward(X)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_backward_that_fails_leaves_what_was_remembered_and_no_gradients(error):
    first = Own()
    net = bp.Network([first, dense(), bp.Sigmoid(), Gain(2.0)])
    net.forward(X)
    net.backward(X)
    before = holding(net)

    def fail(dy):
        first.new = 1
        raise error("enough")

    first.backward = fail
    before[0]["backward"] = fail
    before[1] |= {"dW": None, "db": None, "has_gradient": False}
    before[3] |= {"dg": None}
    with pytest.raises(error, match="enough"):
        net.backward(X + 1)
    assert_holds(net, before)
    first.backward = lambda dy: dy
    net.backward(X)
    assert net.layers[1].has_gradient


def test_layers_without_attributes_of_their_own_can_fail_too():
    class Slots:
        __slots__ = ("fails",)

        def forward(self, x):
            self.fails += 1
            return x if self.fails > 1 else None

        def backward(self, dy):
            return dy if self.fails > 2 else None

    slots = Slots()
    slots.fails = 0
    net = bp.Network([slots, dense()])
    with pytest.raises(TypeError, match=r"^layers\[0\]\.forward must return an array"):
        net.forward(X)
    net.forward(X)
    with pytest.raises(TypeError, match=r"^layers\[0\]\.backward must return an array"):
        net.backward(X)
    assert slots.fails == 2
    assert net.layers[1].dW is None


def test_a_copy_of_a_network_is_a_network_of_its_own():
    net = bp.Network([dense(), bp.Sigmoid()])
    net.forward(X)
    twin = copy.deepcopy(net)
    twin.layers[0].W *= 2
    dx = net.backward(X)
    assert not np.allclose(twin.backward(X), dx)
    assert (twin.layers[0].dW == net.layers[0].dW).all()
    twin.forward(X)
    assert net.layers[0].x is not twin.layers[0].x


def test_what_is_derived_from_a_network_may_have_a_forward_around_that_of_its_base():
    class Scaled(bp.Network):
        def forward(self, x):
            return super().forward(2 * np.asarray(x))

    net = Scaled([bp.ReLU()])
    assert net.forward(X).tolist() == (2 * X).tolist()
    assert net.layers[0].z.tolist() == (2 * X).tolist()
    assert Scaled.forward.__qualname__.endswith("Scaled.forward")
    assert not hasattr(Scaled.forward, "__wrapped__")
    assert hasattr(bp.Network.forward, "__wrapped__")


def test_a_loop_over_layers_gets_its_doors_from_the_base_of_networks():
    class Chain(doors.NetworkDoor):
        def __init__(self, layers):
            self.layers, self.y = layers, None

        def forward(self, x):
            for layer in self.layers:
                x = layer.forward(x)
            return x

        def backward(self, dy):
            for layer in reversed(self.layers):
                dy = layer.backward(dy)
            return dy

    assert Chain.forward.__qualname__.endswith("Chain.forward")
    assert Chain.backward.__qualname__.endswith("Chain.backward")
    chain = Chain([bp.ReLU(), Own(lambda x: 1e-300 * x * 1e-300)])
    words = "x must be finite, got nan at index [0, 0] (x has shape (1, 1))"
    refused(ValueError, words, chain.forward, [[math.nan]])
    with np.errstate(all="raise"):
        assert chain.forward([[2.0]]).tolist() == [[0]]
    words = "dy must have shape (1, 1) to fit y: dy has shape (1, 2), y has shape (1, 1)"
    refused(ValueError, words, chain.backward, [[1.0, 2.0]])
    chain.layers[1].backward = lambda dy: 1e-300 * dy * 1e-300
    with np.errstate(all="raise"):
        assert chain.backward([[3.0]]).tolist() == [[0]]
    chain.layers.append(Own(lambda x: None))
    words = "layers[2].forward must return an array, it returned NoneType: its return is missing"
    refused(TypeError, words, chain.forward, [[2.0]])


def test_a_class_that_derives_takes_arguments():
    class Tagged(Activation):
        def __init_subclass__(cls, *, tag, **arguments):
            super().__init_subclass__(**arguments)
            cls.tag = tag

    class One(Tagged, tag="one"):
        pass

    assert One.tag == "one"
    with pytest.raises(TypeError, match="takes no keyword arguments"):
        type("Two", (Activation,), {}, tag="two")
    with pytest.raises(TypeError, match="takes no keyword arguments"):
        type("Two", (bp.Network,), {}, tag="two")
