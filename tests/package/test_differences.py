"""Slopes from losses alone: exactness, steps, kinks, rounding."""

import math

import numpy as np
import pytest

from backprop import differences as d
from backprop.differences import Halves, Slopes

NAN = math.nan


def slopes(f, at, *, step=1e-4, rounding=1e-15, tolerance=1e-6):
    """The slopes of the sum of f in every number of an array."""
    array = np.array(at, float)
    return d.slopes_of(
        lambda: float(np.sum(f(array))), array, step=step, rounding=rounding, tolerance=tolerance
    )


def halves_of(f, at, h):
    array = np.array([at])
    return d.halves(lambda: float(f(array[0])), float(f(at)), array, (0,), h)


# ---------------------------------------------------------------- one step


def test_a_slope_of_one_side_is_exact_for_parabolas():
    found = halves_of(lambda x: 3 * x**2 - 5 * x + 7, 2.0, 0.5)
    assert (found.h, found.above, found.below, found.central) == (0.5, 7, 7, 7)


def test_the_slope_of_both_sides_is_exact_up_to_the_fourth_power():
    found = halves_of(lambda x: x**4 + 2 * x**3 - x**2, 1.0, 0.5)
    assert found.central == 8
    # from one side: h² f‴ / 3 and h³ f⁗ / 4 are missing
    assert (found.above, found.below) == (8 - 3 - 0.75, 8 - 3 + 0.75)


def test_weights_of_the_five_losses():
    """The loss is 1 at one of five places and 0 elsewhere: what remains is its weight."""
    weights = []
    for place in (-2.0, -1.0, 0.0, 1.0, 2.0):
        found = halves_of(lambda x, place=place: float(x == place), 0.0, 1.0)
        weights.append((found.below * 2, found.above * 2, found.central * 12))
    assert np.round(weights, 12).tolist() == [
        [1, 0, 1],
        [-4, 0, -8],
        [3, -3, 0],
        [0, 4, 8],
        [0, -1, -1],
    ]


def test_slopes_are_per_unit_of_the_number_moved():
    found = halves_of(lambda x: 6 * x, 1.0, 0.25)
    assert (found.above, found.below, found.central) == (6, 6, 6)


def test_the_two_sides_of_a_kink():
    found = halves_of(lambda x: max(2 * x, -x), 0.0, 0.5)
    assert (found.above, found.below, found.central) == (2, -1, 0.5)
    assert found.disagreement == 1.5
    assert found.size == 2
    assert d.sides(found) == (-1, 2)


@pytest.mark.parametrize(
    ("above", "below", "disagreement", "size"), [(3.0, 0.5, 2, 3), (0.5, -3.0, 4, 3)]
)
def test_disagreement_and_size_are_those_of_the_worse_and_the_larger_side(
    above, below, disagreement, size
):
    found = Halves(1.0, above, below, 1.0)
    assert (found.disagreement, found.size) == (disagreement, size)
    assert d.sides(found) == (below, above)
    assert d.sides(Halves(1.0, below, above, 1.0)) == (below, above)


def test_the_number_is_put_back_bit_by_bit_even_if_the_loss_fails():
    array = np.array([[0.1, 0.2]])
    d.halves(lambda: float(array.sum()), 0.3, array, (0, 1), 1e-4)
    assert array.tolist() == [[0.1, 0.2]]

    def fail():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        d.halves(fail, 0.3, array, (0, 1), 1e-4)
    assert array.tolist() == [[0.1, 0.2]]


@pytest.mark.parametrize("error", [ValueError, OverflowError, ZeroDivisionError])
def test_where_there_is_no_loss_it_counts_as_nan(error):
    def loss():
        if array[0] > 1:
            raise error
        return float(array[0])

    array = np.array([0.5])
    assert d.at(loss, array, (0,), 0.5, 0.25) == 0.75
    assert math.isnan(d.at(loss, array, (0,), 0.5, 0.75))
    array = np.array([1.0])
    found = d.halves(loss, 1.0, array, (0,), 1e-3)
    assert found.below == pytest.approx(1)
    assert math.isnan(found.above)
    assert math.isnan(found.central)


def test_other_errors_are_not_swallowed():
    def loss():
        raise TypeError("wrong")

    with pytest.raises(TypeError, match="wrong"):
        d.at(loss, np.zeros(1), (0,), 0.0, 1.0)


# ---------------------------------------------------------------- whether halves agree


def test_halves_agree_within_three_tenths_of_the_tolerance_of_their_size():
    found = Halves(1.0, above=1.0, below=0.5, central=0.75)
    assert d.agree(found, 0.0, 0.25 / 0.3 * 1.0001)
    assert not d.agree(found, 0.0, 0.25 / 0.3 * 0.9999)
    twice = Halves(1.0, above=2.0, below=1.0, central=1.5)
    assert d.agree(twice, 0.0, 0.25 / 0.3 * 1.0001)


def test_halves_agree_as_far_as_rounding_lets_see():
    found = Halves(0.5, above=1.0, below=0.5, central=0.75)
    assert d.agree(found, 0.125, 0.0)
    assert not d.agree(found, 0.12, 0.0)
    assert not d.agree(Halves(1.0, 1.0, 0.5, 0.75), 0.125, 0.0)


def test_nan_agrees_with_nothing():
    assert not d.agree(Halves(1.0, NAN, 1.0, NAN), 1.0, 1.0)


# ---------------------------------------------------------------- which step to go by


def test_the_last_step_is_taken_where_its_halves_agree():
    tried = [Halves(1.0, 1.0, -1.0, 0.0), Halves(0.1, 1.0, 1.0, 1.0)]
    assert d.choose(tried, 0.0, 1e-6) == (tried[1], False)


def test_a_number_lies_at_a_kink_where_both_halves_have_settled_on_different_slopes():
    tried = [
        Halves(1.0, 1.5, -1.0, 0.0),
        Halves(0.1, 1.01, -1.0, 0.0),
        Halves(0.01, 1.0, -1.0, 0.0),
        Halves(0.001, 1.2, -1.1, 0.0),
    ]
    assert d.choose(tried, 0.0, 1e-6) == (tried[2], True)


@pytest.mark.parametrize(("change", "at_kink"), [(0.0999, True), (0.1001, False)])
def test_settled_means_a_change_of_at_most_a_twentieth_of_what_lies_between(change, at_kink):
    for above, below in ((change, 0.0), (0.0, change), (change / 2, -change / 2)):
        tried = [Halves(1.0, 1 + above, -1 + below, 0.0), Halves(0.1, 1.0, -1.0, 0.0)]
        assert d.choose(tried, 0.0, 1e-6)[1] is at_kink


def test_a_change_of_exactly_a_twentieth_has_settled():
    tried = [Halves(1.0, 80 + 8.0, -80.0, 0.0), Halves(0.1, 80.0, -80.0, 0.0)]
    assert d.choose(tried, 0.0, 1e-6)[1] is True


def test_steps_without_a_loss_are_passed_over():
    tried = [
        Halves(1.0, NAN, NAN, NAN),
        Halves(0.1, NAN, -1.0, NAN),
        Halves(0.01, 1.0, -1.0, 0.0),
        Halves(0.001, 1.0, -1.0, 0.0),
    ]
    assert d.choose(tried, 0.0, 1e-6) == (tried[3], True)
    tried = [Halves(1.0, NAN, NAN, NAN), Halves(0.1, 1.0, -1.0, 0.0), Halves(0.01, NAN, 1.0, NAN)]
    assert d.choose(tried, 0.0, 1e-6) == (tried[1], False)


def test_where_nothing_has_settled_the_step_of_least_disagreement_is_taken():
    tried = [
        Halves(1.0, 3.0, -1.0, 0.0),
        Halves(0.1, 1.0, 0.0, 0.5),
        Halves(0.01, -4.0, 4.0, 0.0),
    ]
    assert d.choose(tried, 0.0, 1e-6) == (tried[1], False)


def test_a_single_step_is_taken_whatever_it_says():
    for only in (Halves(1.0, 1.0, -1.0, 0.0), Halves(1.0, NAN, NAN, NAN)):
        assert d.choose([only], 0.0, 1e-6) == (only, False)
    nowhere = [Halves(1.0, NAN, NAN, NAN), Halves(0.1, NAN, NAN, NAN)]
    assert d.choose(nowhere, 0.0, 1e-6) == (nowhere[1], False)


# ---------------------------------------------------------------- a whole array


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_slopes_have_the_shape_of_the_array(shape):
    at = np.linspace(0.5, 2, math.prod(shape)).reshape(shape)
    found = slopes(np.sin, at)
    np.testing.assert_allclose(found.low, np.cos(at), rtol=1e-9)
    np.testing.assert_array_equal(found.low, found.high)
    assert found.low.shape == found.high.shape == found.h.shape == found.at_kink.shape == shape
    assert not found.at_kink.any()


def test_a_smooth_loss_is_met_with_the_step_that_is_given():
    found = slopes(lambda x: x**2, [1.0, -2.0], step=0.25)
    assert found.h.tolist() == [0.25, 0.25]
    assert found.low.tolist() == [2, -4]


def test_a_step_is_not_smaller_than_rounding_allows():
    found = slopes(lambda x: x**2, [1.0, -3e6], step=1e-12)
    assert found.h.tolist() == [1e-9, 3e-3]


def test_the_step_shrinks_tenfold_until_a_kink_is_behind_it():
    found = slopes(np.abs, [0.015], step=0.1)
    assert found.h[0] == pytest.approx(1e-3)
    assert found.low[0] == pytest.approx(1, rel=1e-9)
    assert not found.at_kink[0]


def test_the_next_number_starts_with_ten_times_the_step_that_was_enough():
    seen = []
    array = np.array([0.0015, 5.0, 5.0, 5.0])

    def loss():
        seen.append(array - [0.0015, 5, 5, 5])
        return float(np.abs(array).sum())

    found = d.slopes_of(loss, array, step=0.1, rounding=1e-15, tolerance=1e-6)
    np.testing.assert_allclose(found.h, [1e-4, 1e-3, 1e-2, 1e-1])
    assert len(seen) == 1 + 4 * (4 + 1 + 1 + 1)
    assert array.tolist() == [0.0015, 5, 5, 5]


def test_at_a_kink_both_slopes_are_kept_and_the_next_number_starts_as_the_first_did():
    found = slopes(lambda x: np.maximum(3 * x, -x), [1.0, 0.0, 2.0], step=0.1)
    assert found.at_kink.tolist() == [False, True, False]
    np.testing.assert_allclose(found.low, [3, -1, 3], rtol=1e-9)
    np.testing.assert_allclose(found.high, [3, 3, 3], rtol=1e-9)
    assert found.h[2] == 0.1


def test_the_smallest_step_is_a_billionth_of_one_or_of_the_number():
    for at in (0.0, 5.0, -2e4):
        steps = []
        array = np.array([at])

        def loss(array=array, steps=steps, at=at):
            steps.append(abs(array[0] - at))
            return 1e6 * math.copysign(1, array[0] - at) + array[0] ** 2

        d.slopes_of(loss, array, step=1e-4, rounding=0.0, tolerance=1e-6)
        smallest = min(step for step in steps if step)
        assert smallest >= 0.99e-9 * max(1, abs(at))
        assert smallest < 10e-9 * max(1, abs(at))


def test_the_smallest_step_itself_is_tried():
    assert 1e-8 / 10 == 1e-9
    found = slopes(np.abs, [0.0], step=1e-8)
    assert (found.at_kink[0], found.h[0]) == (True, 1e-9)


def test_a_large_number_is_moved_by_more():
    found = slopes(lambda x: x, [1e12], step=1e-4)
    assert found.h[0] == pytest.approx(1e3)
    assert found.low[0] == pytest.approx(1)


def test_rounding_is_not_taken_for_a_kink():
    rng = np.random.default_rng(0)
    noisy = slopes(lambda x: x**2 + 1e-9 * rng.normal(), [1.0, 2.0, 3.0], rounding=1e-8)
    assert not noisy.at_kink.any()
    np.testing.assert_allclose(noisy.low, [2, 4, 6], atol=1e-3)


def test_only_a_slope_that_differs_from_the_other_side_is_a_kink():
    found = Slopes(np.array([1.0, 1.0, NAN]), np.array([1.0, 2.0, NAN]), np.ones(3))
    assert found.at_kink.tolist() == [False, True, False]
