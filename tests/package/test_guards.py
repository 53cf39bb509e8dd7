"""Guards inside a network: what layers return is looked at, and errors name the layer."""

import math
import re

import numpy as np
import pytest

import backprop as bp
from backprop import guards
from backprop.layers import Activation

X = np.array([[1.0, 2.0], [3.0, 4.0]])
BIG = 1e200  # its square is too large for a float


class Own:
    """A reader's layer that returns whatever it is told."""

    def __init__(self, forward=lambda x: x, backward=lambda dy: dy):
        self.forward, self.backward = forward, backward


def refused(error, words, call, *arguments):
    """Hold that the call is refused in exactly these words."""
    with pytest.raises(error, match=f"^{re.escape(words)}$") as caught:
        call(*arguments)
    assert type(caught.value) is error
    return caught.value


def dense(W, b=None):
    return bp.Dense(np.array(W), b)


# ---------------------------------------------------------------- what a layer returns


OUTPUTS = [
    (None, TypeError, "an array, it returned NoneType: its return is missing"),
    ([[1.0]], TypeError, "an array, it returned list"),
    (1.0, TypeError, "an array, it returned float"),
    (
        np.ma.masked_array(X, X > 3),
        TypeError,
        "an array, it returned MaskedArray of dtype float64 and shape (2, 2)",
    ),
    (
        X.astype(np.float32),
        TypeError,
        "float64, as it was given: it returned float32 of shape (2, 2) for shape (2, 2)",
    ),
    (X[:1] > 0, TypeError, "float64, as it was given: it returned bool of shape (1, 2) for shape"),
    (
        X[:1],
        ValueError,
        "an entry for each of 2 samples: it returned shape (1, 2) for shape (2, 2)",
    ),
    (np.array(1.0), ValueError, "an entry for each of 2 samples: it returned shape () for shape"),
]


@pytest.mark.parametrize(("y", "error", "words"), OUTPUTS)
def test_what_forward_returns_is_an_array_of_the_dtype_and_an_entry_for_each_sample(
    y, error, words
):
    net = bp.Network([bp.Identity(), Own(forward=lambda x: y)])
    words = f"layers[1].forward must return {words}"
    words += " (2, 2)" if words.endswith("shape") else ""
    refused(error, words, net.forward, X)
    assert net.y is None


@pytest.mark.parametrize(("dx", "error", "words"), OUTPUTS)
def test_what_backward_returns_is_an_array_of_the_dtype_and_an_entry_for_each_sample(
    dx, error, words
):
    net = bp.Network([Own(backward=lambda dy: dx), bp.Identity()])
    net.forward(X)
    words = f"layers[0].backward must return {words}"
    words += " (2, 2)" if words.endswith("shape") else ""
    refused(error, words, net.backward, X)


def test_dx_has_the_shape_of_x():
    net = bp.Network([bp.Identity(), Own(lambda x: x[:, :1], lambda dy: dy)])
    net.forward(X)
    words = "layers[1].backward must return dx in the shape of x, (2, 2): it returned shape (2, 1)"
    refused(ValueError, words, net.backward, X[:, :1])
    net = bp.Network([Own(lambda x: x.reshape(2, 1, 2), lambda dy: dy.reshape(2, 2))])
    assert net.forward(X).shape == (2, 1, 2)
    np.testing.assert_array_equal(net.backward(X.reshape(2, 1, 2)), X)


def test_an_array_of_a_derived_type_is_taken_for_what_it_holds():
    class Plain(np.ndarray):
        pass

    net = bp.Network([Own(lambda x: x.view(Plain)), bp.Identity()])
    np.testing.assert_array_equal(net.forward(X), X)


@pytest.mark.parametrize("bad", [math.nan, -math.inf])
def test_numbers_that_are_not_finite_are_named_with_their_place(bad):
    spoiled = np.array([[1.0, 2.0], [bad, math.nan]])
    words = (
        f"returned {bad} at index [1, 0] of shape (2, 2), from finite numbers: it overflows"
        " float64, or is not defined there"
    )
    net = bp.Network([bp.ReLU(), Own(lambda x: spoiled)])
    refused(ValueError, f"layers[1].forward {words}", net.forward, X)
    net = bp.Network([bp.ReLU(), Own(backward=lambda dy: spoiled)])
    net.forward(X)
    refused(ValueError, f"layers[1].backward {words}", net.backward, X)


def test_an_overflow_of_ours_is_named_as_on_the_pages():
    net = bp.Network([bp.ReLU(), dense([[1.0, BIG], [0.0, 0.0]])])
    words = (
        "layers[1]: z overflows: a number in it is too large for float64, it came to"
        " inf at index [0, 1] (z has shape (2, 2))"
    )
    refused(ValueError, words, net.forward, X * BIG)
    net.forward(X)
    words = (
        "layers[1]: dx overflows: a number in it is too large for float64, it came to"
        " -inf at index [1, 0] (dx has shape (2, 2))"
    )
    refused(ValueError, words, net.backward, np.array([[0, 0], [0, -BIG]]))


def test_a_number_of_every_size_that_is_finite_is_handed_on():
    doubled = bp.Network([Own(lambda x: 2 * x, lambda dy: 2 * dy), bp.Identity()])
    assert doubled.forward(X * BIG).tolist() == (2 * BIG * X).tolist()
    assert doubled.backward(X * BIG).tolist() == (2 * BIG * X).tolist()


def test_check_output_returns_the_sum_of_squares_or_infinity():
    assert guards.check_output(X, X, "forward", None) == 30
    assert guards.check_output(X * BIG, X, "forward", None) == math.inf
    nan = X * math.nan
    assert guards.check_output(nan, X, "backward", None, lenient=True) == math.inf
    with pytest.raises(ValueError, match=r"^backward returned nan at index \[0, 0\]"):
        guards.check_output(nan, X, "backward", None)


def test_a_dense_behind_a_layer_of_another_kind_says_what_it_was_given():
    net = bp.Network([Own(lambda x: x[:, :1]), dense([[1.0], [2.0]])])
    words = "layers[1]: x must have shape (2, 2) to fit W: x has shape (2, 1), W has shape (2, 1)"
    refused(ValueError, words, net.forward, X)
    net = bp.Network([Own(lambda x: x.reshape(2, 1, 2)), dense([[1.0], [2.0]])])
    words = (
        "layers[1]: x must have shape (batch, n) with at least one row and one column,"
        " got shape (2, 1, 2)"
    )
    refused(ValueError, words, net.forward, X)


# ---------------------------------------------------------------- gradients


class Gain:
    """A reader's layer with a parameter."""

    parameters = ("g",)

    def __init__(self, gradient):
        self.g, self.gradient = np.ones(2), gradient

    def forward(self, x):
        return x * self.g

    def backward(self, dy):
        self.dg = self.gradient
        return dy * self.g


@pytest.mark.parametrize("place", [0, 1])
def test_a_gradient_that_backward_leaves_behind_is_looked_at(place):
    layers = [bp.Sigmoid(), bp.Identity()]
    layers.insert(place, Gain(np.ones(3)))
    net = bp.Network(layers)
    net.forward(X)
    words = f"layers[{place}].dg must have shape (2,) to fit g: dg has shape (3,), g has shape (2,)"
    refused(ValueError, words, net.backward, X)
    net.layers[place].gradient = np.array([math.inf, 0])
    words = (
        f"layers[{place}].dg overflows: a number in it is too large for float64 (dg has shape (2,))"
    )
    refused(ValueError, words, net.backward, X)
    net.layers[place].gradient = np.array([BIG, BIG])
    net.backward(X)
    assert net.layers[place].dg.tolist() == [BIG, BIG]


def test_an_overflow_of_dw_behind_an_activation_is_found():
    """The activation hands on what is known of x."""
    net = bp.Network([bp.ReLU(), dense([[0.0]])])
    net.forward([[BIG]])
    words = "layers[1]: dW overflows: a number in it is too large for float64 (dW has shape (1, 1))"
    refused(ValueError, words.replace("]: dW", "].dW"), net.backward, [[BIG]])


@pytest.mark.parametrize("kind", [bp.Sigmoid, bp.Tanh, bp.ReLU, bp.LeakyReLU, bp.Identity])
def test_an_overflow_of_dw_before_an_activation_is_found(kind):
    """The activation hands on what is known of dy."""
    net = bp.Network([dense([[0.0]], [1.0]), kind()])
    net.forward([[BIG]])
    with pytest.raises(ValueError, match=r"^layers\[0\]\.dW overflows: .* \(dW has shape \(1, 1"):
        net.backward([[BIG]])
    net.forward([[1.0]])
    net.backward([[BIG]])


@pytest.mark.parametrize("between", [(), (bp.Tanh,), (bp.Identity, bp.Tanh)])
def test_an_overflow_of_a_sum_over_many_samples_is_found(between):
    """No factor is large, and each sum of squares fits; that of the products does not."""
    n, size = 400, math.sqrt(np.finfo(float).max / 500)
    net = bp.Network([dense([[0.0]], [0.0]), *(kind() for kind in between)])
    net.forward(np.full((n, 1), size))
    net.backward(np.full((n, 1), size))
    assert net.layers[0].dW[0, 0] == pytest.approx(n * size**2, rel=1e-9)
    net.forward(np.full((n, 1), 1.2 * size))
    with pytest.raises(ValueError, match=r"^layers\[0\]\.dW overflows"):
        net.backward(np.full((n, 1), 1.2 * size))


@pytest.mark.parametrize("b", [None, [0.0]])
def test_an_overflow_of_dw_is_found_where_dx_and_y_are_small(b):
    net = bp.Network([dense([[0.0]], b)])
    net.forward([[1e308]])
    with pytest.raises(ValueError, match=r"^layers\[0\]\.dW overflows"):
        net.backward([[10.0]])
    net.forward([[10.0]])
    with pytest.raises(ValueError, match=r"^layers\[0\]\.dW overflows"):
        net.backward([[1e308]])


def test_an_overflow_of_db_alone_is_found():
    """x is 0, so dW fits; the sum of dy does not."""
    net = bp.Network([dense([[0.0]], [0.0])])
    net.forward(np.zeros((2, 1)))
    words = "layers[0].db overflows: a number in it is too large for float64 (db has shape (1,))"
    refused(ValueError, words, net.backward, np.full((2, 1), 1e308))


class Larger(bp.Dense):
    """Remembers another x than it was given, so that nothing is known of its size."""

    def forward(self, x):
        z = super().forward(x)
        self.x = x * BIG
        return z


def test_nothing_is_known_of_a_class_with_a_forward_of_its_own():
    net = bp.Network([Larger([[1.0], [2.0]])])
    net.forward(X)
    net.backward([[1.0], [1.0]])
    net.forward(X * 1e100)
    with pytest.raises(ValueError, match=r"^layers\[0\]\.dW overflows"):
        net.backward([[1e100], [1.0]])

    class Inherits(bp.Tanh):
        def forward(self, z):
            a = super().forward(z)
            self.z = self.z * math.nan
            return a

    net = bp.Network([Inherits()])
    net.forward(X)
    words = r"^layers\[0\]: delta overflows: .* it came to nan at index \[0, 0\]"
    with pytest.raises(ValueError, match=words):
        net.backward(X)


def test_a_layer_of_ours_says_afterwards_that_it_has_gradients():
    net = bp.Network([dense([[1.0, 0], [0, 1]]), bp.ReLU(), Gain(np.ones(2))])
    net.forward(X)
    assert not net.layers[0].has_gradient
    net.backward(X)
    assert net.layers[0].has_gradient is True
    assert net.layers[1].has_gradient is False
    assert not hasattr(net.layers[2], "has_gradient")


# ---------------------------------------------------------------- errors of layers


@pytest.mark.parametrize(
    ("error", "words", "named"),
    [
        (ValueError, "no such thing", "layers[1]: no such thing"),
        (TypeError, "no such thing", "layers[1]: no such thing"),
        (RuntimeError, "no such thing", "layers[1]: no such thing"),
        (ValueError, "gain is too small", "layers[1].gain is too small"),
        (ValueError, "forward was wrong", "layers[1].forward was wrong"),
        (ValueError, "layers[2]: wrong", "layers[1].layers[2]: wrong"),
        (ValueError, "x is wrong", "layers[1]: x is wrong"),
        (ValueError, "gain", "layers[1].gain"),
        (ValueError, "", "layers[1]: "),
    ],
)
def test_words_of_a_layer_are_led_on_from_its_place(error, words, named):
    cause = error(words)

    def fail(x):
        raise cause

    layer = Own(forward=fail)
    layer.gain = layer.x = 1
    error = refused(error, named, bp.Network([bp.ReLU(), layer]).forward, X)
    assert error.__cause__ is cause


@pytest.mark.parametrize("error", [KeyError, ZeroDivisionError, bp.training.Diverged])
def test_other_errors_keep_their_words_and_get_a_note(error):
    cause = error("gain", None) if error is bp.training.Diverged else error("gain")

    def fail(x):
        raise cause

    for layer in (Own(forward=fail), Own(backward=fail)):
        net = bp.Network([bp.ReLU(), bp.ReLU(), layer])
        with pytest.raises(error) as caught:
            net.forward(X)
            net.backward(X)
        assert caught.value is cause
        assert cause.__notes__[-1] == "in layers[2], Own"


def test_an_error_inside_a_network_inside_a_network_names_both_places():
    inside = bp.Network([bp.ReLU(), Own(lambda x: None)])
    net = bp.Network([bp.ReLU(), inside])
    words = (
        "layers[1].layers[1].forward must return an array, it returned NoneType:"
        " its return is missing"
    )
    refused(TypeError, words, net.forward, X)


class Block:
    """A reader's layer made of layers, of which it calls one wrongly."""

    def __init__(self, *layers, wrong):
        self.layers, self.wrong = list(layers), wrong

    def forward(self, x):
        return self.layers[self.wrong].forward(x[:, :1])

    def backward(self, dy):
        return dy


def test_of_a_layer_made_of_layers_the_one_that_failed_is_named():
    block = Block(bp.ReLU(), dense([[1.0], [2.0]]), wrong=1)
    words = "x must have shape (2, 2) to fit W: x has shape (2, 1), W has shape (2, 1)"
    net = bp.Network([bp.ReLU(), block])
    refused(ValueError, f"layers[1].layers[1]: {words}", net.forward, X)
    outer = Block(block, wrong=0)
    outer.forward = block.forward
    net = bp.Network([outer])
    refused(ValueError, f"layers[0].layers[0].layers[1]: {words}", net.forward, X)


def test_a_note_names_the_layer_inside_that_failed():
    class Failing(bp.Identity):
        def forward(self, z):
            raise KeyError("gone")

    block = Block(bp.ReLU(), Failing(), wrong=1)
    with pytest.raises(KeyError) as caught:
        bp.Network([bp.ReLU(), block]).forward(X)
    assert caught.value.__notes__ == ["in layers[1].layers[1], Failing"]


# ---------------------------------------------------------------- bare lines


def test_bare_is_the_method_without_its_door():
    layer = dense([[1.0], [2.0]])
    with pytest.raises(ValueError, match=r"^x must be finite"):
        layer.forward(X * math.nan)
    assert np.isnan(guards.bare(layer.forward)(X * math.nan)).all()
    own = Own()
    assert guards.bare(own.forward) is own.forward
    method = Gain(None).forward
    assert guards.bare(method) is method


def test_what_is_known_of_bare_lines_is_known_of_ours_only():
    class Mine(Activation):
        def forward(self, z):
            return z

    class Other(bp.Dense):
        def backward(self, delta):
            return delta

    for kind in (bp.Sigmoid, bp.Tanh, bp.ReLU, bp.LeakyReLU, bp.Identity):
        for method in (kind.forward, kind.backward):
            assert guards.BARE[method][1:] == (True, False)
    for method in (bp.Dense.forward, bp.Dense.backward):
        assert guards.BARE[method][1:] == (False, True)
    for method in (Mine.forward, Other.backward):
        assert guards.BARE[method][1:] == (False, False)


def test_what_is_known_goes_by_the_module_of_the_class():
    class Ours(Activation):
        __module__ = "backprop.layers"

        def forward(self, z):
            """Return z."""
            return z

    class OursToo(bp.Dense):
        __module__ = "backprop.layers"

        def forward(self, x):
            return x

    assert guards.BARE[Ours.forward][1:] == (True, False)
    assert guards.BARE[OursToo.forward][1:] == (False, True)
    assert guards.BARE[Ours.forward].lines(None, 3) == 3
    assert (Ours.forward.__name__, Ours.forward.__doc__) == ("forward", "Return z.")


def test_inside_a_network_the_bare_lines_of_ours_run():
    """Their doors would look once more, at every layer and in every pass."""

    class Counting(bp.Dense):
        looks = 0

        def check_parameters(self):
            type(self).looks += 1
            super().check_parameters()

    net = bp.Network([Counting([[1.0], [2.0]])])
    Counting.looks = 0
    net.forward(X)
    net.backward(np.ones((2, 1)))
    assert Counting.looks == 0
    net.layers[0].forward(X)
    assert Counting.looks == 1


def test_guards_know_their_neighbours():
    first, second, third = guards.guards_of([bp.ReLU(), bp.ReLU(), bp.ReLU()])
    assert [guard.i for guard in (first, second, third)] == [0, 1, 2]
    assert first.after is second
    assert second.before is first
    assert second.after is third
    assert not isinstance(first.before, guards.Guard)
    assert not isinstance(third.after, guards.Guard)
    assert first.before is not third.after
    assert (first.lenient, first.x_squares, first.dy_squares) == (False, math.inf, math.inf)


def test_guards_note_the_squares_of_what_comes_in_and_bounds_of_them_behind_activations():
    net = bp.Network([bp.Identity(), bp.Sigmoid(), dense([[2.0], [0.0]]), bp.ReLU()])
    net.forward(X)
    assert [guard.x_squares for guard in net.guards[:3]] == [30, 34, 38]
    assert net.guards[3].x_squares == pytest.approx((net.layers[3].z ** 2).sum(), rel=1e-14)
    assert [guard.x_shape for guard in net.guards] == [(2, 2), (2, 2), (2, 2), (2, 1)]
    net.backward([[1.0], [3.0]])
    assert [guard.dy_squares for guard in net.guards] == [40, 40, 10, 10]
