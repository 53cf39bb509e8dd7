"""Errors of gradients: how they are measured, and which is the worst."""

import dataclasses
import math

import numpy as np
import pytest

import backprop as bp
from backprop import comparing as c
from backprop.differences import Slopes


def slopes(low, high=None, h=None):
    low = np.array(low, float)
    high = low if high is None else np.array(high, float)
    return Slopes(low, high, np.ones_like(low) if h is None else np.array(h, float))


def errors(analytic, low, high=None, floor=0.0):
    return c.relative_errors(np.array(analytic, float), slopes(low, high), np.array(floor)).tolist()


def test_an_error_is_relative_to_the_larger_in_size():
    assert errors([1.0, 2.0, -4.0, 4.0], [2.0, 1.0, -3.0, -4.0]) == [0.5, 0.5, 0.25, 2]


def test_an_error_is_relative_to_the_floor_where_both_are_below_it():
    assert errors([1.0, -1.0, 8.0], [2.0, 0.0, 6.0], floor=4.0) == [0.25, 0.25, 0.25]
    assert errors([1.0, 1.0], [2.0, 2.0], floor=[4.0, 1.0]) == [0.25, 0.5]


def test_two_zeros_are_equal():
    with np.errstate(all="raise"):
        assert errors([0.0, 3.0], [0.0, 3.0]) == [0, 0]


def test_between_the_slopes_of_a_kink_nothing_is_wrong_and_beyond_them_the_nearer_one_counts():
    assert errors([-1.0, 0.5, 2.0], [-1.0] * 3, [2.0] * 3) == [0, 0, 0]
    assert errors([4.0, -2.0], [-1.0] * 2, [2.0] * 2) == [0.5, 0.5]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_an_error_is_infinite_where_either_side_is_no_number(bad):
    with np.errstate(all="raise"):
        assert errors([bad, 1.0, 1.0], [1.0, bad, 1.0]) == [math.inf, math.inf, 0]
        assert errors([bad], [bad]) == [math.inf]


def test_what_is_compared_is_not_written_into():
    analytic, kink = np.array([1.0, math.nan]), slopes([0.0, 0.0], [2.0, 2.0])
    c.relative_errors(analytic, kink, np.array(0.0))
    np.testing.assert_array_equal(analytic, [1.0, math.nan])
    assert (kink.low.tolist(), kink.high.tolist()) == ([0, 0], [2, 2])


def test_a_single_number_is_compared_too():
    found = c.relative_errors(np.array(1.0), slopes(2.0), np.array(0.0))
    assert found.shape == ()
    assert c.worst_of("g", np.array(1.0), slopes(2.0), found) == bp.Worst("g", (), 1.0, 2.0, 0.5)


def test_the_worst_element_is_the_first_with_the_largest_error():
    analytic = np.array([[1.0, 5.0], [9.0, 9.0]])
    kink = slopes([[1.0, 1.0], [2.0, 3.0]], [[1.0, 2.0], [4.0, 3.0]])
    worst = c.worst_of("W", analytic, kink, np.array([[0.0, 0.1], [0.3, 0.3]]))
    assert worst == bp.Worst("W", (1, 0), 9.0, 4.0, 0.3)
    assert type(worst.analytic) is type(worst.numerical) is type(worst.relative_error) is float
    worst = c.worst_of("W", analytic - 8, kink, np.array([[0.0, 0.1], [0.0, 0.05]]))
    assert worst == bp.Worst("W", (0, 1), -3.0, 1.0, 0.1)


def test_an_infinite_error_is_the_worst():
    found = np.array([0.5, math.inf, math.inf])
    worst = c.worst_of("b", np.array([1.0, math.nan, 1.0]), slopes([1.0, 2.0, 3.0]), found)
    assert (worst.index, worst.numerical, worst.relative_error) == ((1,), 2.0, math.inf) or (
        math.isnan(worst.numerical)
    )
    assert worst.index == (1,)


def test_the_worst_can_not_be_changed():
    worst = bp.Worst("W", (0,), 1.0, 2.0, 0.5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        worst.name = "b"


def test_at_the_floor_the_rounding_of_the_loss_is_just_tolerated():
    each = {"W": slopes([5.0, 5.0], h=[0.5, 0.25]), "b": slopes([7.0], h=[1.0])}
    floors = c.floors_of(each, 1e-3, 1e-2, False, np.array([100.0]))
    assert floors["W"].tolist() == pytest.approx([0.2, 0.4])
    assert floors["b"].tolist() == pytest.approx([0.1])
    assert floors.keys() == each.keys()


def test_in_single_precision_the_floor_is_a_tenth_of_the_largest_of_the_array():
    each = {"W": slopes([1.0, 0.5], [1.0, -3.0]), "b": slopes([2.0])}
    floors = c.floors_of(each, 1e-3, 1e-2, True, np.array([0.0]))
    assert floors["W"].tolist() == pytest.approx([0.3, 0.3])
    assert floors["b"].tolist() == pytest.approx([0.2])


@pytest.mark.parametrize(
    ("dy", "largest"), [([1.0, -900.0], 900), ([5.0, 6.0], 400), ([0.0, 0.0], 400)]
)
def test_in_single_precision_the_floor_is_a_hundredth_of_the_largest_of_all(dy, largest):
    each = {"W": slopes([1.0]), "b": slopes([-400.0]), "x": slopes([20.0])}
    floors = c.floors_of(each, 0.0, 1e-2, True, np.array(dy))
    assert floors["W"].tolist() == pytest.approx([0.01 * largest])
    assert floors["b"].tolist() == pytest.approx([40])
    assert floors["x"].tolist() == pytest.approx([max(2, 0.01 * largest)])


def test_in_single_precision_a_floor_of_rounding_is_kept_where_it_is_larger():
    each = {"W": slopes([1.0, 1.0], h=[1.0, 1e-3])}
    floors = c.floors_of(each, 1e-3, 1e-2, True, np.array([1.0]))
    assert floors["W"].tolist() == pytest.approx([0.1, 100])
