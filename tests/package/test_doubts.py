"""What a gradient check could not see, said in one sentence each."""

import numpy as np
import pytest

import backprop as bp
from backprop.doubts import doubts_about
from backprop.layerwise import passages

X = np.array([[1.0, 2.0], [3.0, 5.0]])
W = np.array([[1.0, 2.0], [3.0, 5.0]])


def doubts(layers, x=X, dy=X):
    return doubts_about(passages(layers, np.array(x, float), np.array(dy, float)))


def test_good_data_leave_no_doubt():
    assert doubts([bp.Dense(W, [1, 1]), bp.Tanh(), bp.Dense(W)]) == ()


def test_one_sample_would_hide_a_forgotten_mean():
    assert doubts([bp.Dense(W)], X[:1], X[:1]) == ("one sample: a forgotten 1/n would not show",)


def test_a_dy_of_zeros_would_hide_everything():
    assert doubts([bp.Dense(W)], X, X * 0) == ("dy is all zero: no gradient could be wrong",)
    assert doubts([bp.Dense(W)], X, [[0, 0], [0, 1]]) == ()


def test_zeros_that_go_into_a_layer_are_named_by_its_place():
    words = "what goes into layers[0] is all zero: much would not show"
    assert doubts([bp.Tanh(), bp.Dense(W, [1, 1])], X * 0)[:1] == (words,)
    assert doubts([bp.ReLU()], [[0, 0], [0, 1]]) == ()
    dead = [bp.ReLU(), bp.Dense(W, [1, 1]), bp.Tanh()]
    assert doubts(dead, -X) == (
        "what comes back to layers[0] is all zero: nothing would show",
        "what goes into layers[1] is all zero: much would not show",
    ) or doubts(dead, -X) == ("what goes into layers[1] is all zero: much would not show",)


def test_zeros_that_come_back_to_a_layer_are_named_by_its_place():
    assert doubts([bp.Dense(W), bp.ReLU()], -X) == (
        "what comes back to layers[0] is all zero: nothing would show",
    )
    assert doubts([bp.Tanh(), bp.Dense(W * 0), bp.Tanh()], X)[:2] == (
        "what comes back to layers[0] is all zero: nothing would show",
        "layers[1].W is symmetric: a transpose would not show",
    )


def test_zeros_on_both_ways_are_told_once_and_of_the_last_layer_not_as_what_comes_back():
    assert doubts([bp.ReLU(), bp.ReLU()], -X) == (
        "what comes back to layers[0] is all zero: nothing would show",
        "what goes into layers[1] is all zero: much would not show",
    )
    assert doubts([bp.ReLU(), bp.ReLU()], X * 0) == (
        "what goes into layers[0] is all zero: much would not show",
        "what goes into layers[1] is all zero: much would not show",
    )


@pytest.mark.parametrize(
    ("weights", "symmetric"),
    [
        ([[1.0, 2.0], [2.0, 5.0]], True),
        ([[0.0, 0.0], [0.0, 0.0]], True),
        ([[1.0, 2.0], [3.0, 1.0]], False),
    ],
)
def test_a_square_matrix_that_is_its_own_transpose_is_named(weights, symmetric):
    words = ("layers[0].W is symmetric: a transpose would not show",)
    assert doubts([bp.Dense(weights)], X) == (words if symmetric else ())


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 1), (2, 3)])
def test_what_is_not_square_or_a_single_number_has_no_transpose_to_take_it_for(shape):
    x = np.arange(1.0, 1 + 2 * shape[0]).reshape(2, shape[0])
    assert doubts([bp.Dense(np.ones(shape))], x, np.ones((2, shape[1]))) == ()


def test_parameters_that_are_no_matrix_raise_no_doubt():
    class Gain:
        parameters = ("g", "k")
        g, k = np.array(2.0), np.ones((2, 2, 2))

        def forward(self, x):
            return x * self.g

        def backward(self, dy):
            return dy * self.g

    assert doubts([Gain(), bp.Tanh()]) == ()


def test_parameters_inside_a_network_are_named_by_their_place():
    inside = bp.Network([bp.Tanh(), bp.Dense(np.ones((2, 2)))])
    assert doubts([bp.Tanh(), inside]) == (
        "layers[1].layers[1].W is symmetric: a transpose would not show",
    )


def test_doubts_stand_in_the_report_of_a_check():
    net = bp.Network([bp.Dense([[1.0, 2.0], [2.0, 1.0]])])
    result = bp.check_gradients(net, bp.squared_error, [[1.0, 2.0]], [[0.0, 0.0]])
    assert result.doubts == (
        "one sample: a forgotten 1/n would not show",
        "layers[0].W is symmetric: a transpose would not show",
    )
    assert repr(result).splitlines()[-2:] == [f"note: {doubt}" for doubt in result.doubts]
