"""One layer at a time: what passes, which layer is wrong, which is at a kink, which is random."""

import numpy as np
import pytest

import backprop as bp
from backprop import layerwise as lw

X = np.array([[1.0, -2.0], [3.0, 0.5], [-1.0, 4.0]])
DY = np.array([[1.0, 2.0], [-3.0, 4.0], [5.0, -6.0]])
STEP, TOLERANCE = 1e-4, 1e-6


def dense(dtype=np.float64, kind=bp.Dense):
    return kind(np.array([[0.5, -1.0], [2.0, 0.25]], dtype), np.array([1.0, -2.0], dtype))


class Off(bp.Identity):
    """Right forward; the way back is wrong by a factor."""

    factor = 2.0

    def backward(self, da):
        return self.factor * da


class WrongGain:
    """The gradient of h is wrong, that of g and dx are right."""

    parameters = ("g", "h")

    def __init__(self, dtype=np.float64, wrong=1.5):
        self.g, self.h, self.wrong = np.ones(2, dtype), np.full(2, 3, dtype), dtype(wrong)

    def forward(self, x):
        self.x = x
        return x * self.g + self.h

    def backward(self, dy):
        self.dg, self.dh = (dy * self.x).sum(axis=0), self.wrong * dy.sum(axis=0)
        return dy * self.g


def judged(layers, x=X, dy=DY, tolerance=TOLERANCE):
    return lw.judge(lw.passages(layers, x, dy), STEP, tolerance)


# ---------------------------------------------------------------- what passes


def test_what_passes_each_layer_is_noted_on_both_ways():
    layers = [dense(), bp.Tanh(), dense()]
    first, second, third = found = lw.passages(layers, X, DY)
    assert [each.place for each in found] == ["layers[0]", "layers[1]", "layers[2]"]
    assert [each.layer for each in found] == layers
    z = X @ layers[0].W + layers[0].b
    np.testing.assert_allclose(first.y, z)
    np.testing.assert_allclose(second.y, np.tanh(z))
    for before, after in ((first, second), (second, third)):
        np.testing.assert_array_equal(after.x, before.y)
        np.testing.assert_array_equal(before.dy, after.dx)
    np.testing.assert_array_equal(first.x, X)
    np.testing.assert_array_equal(third.dy, DY)
    np.testing.assert_allclose(third.dx, DY @ layers[2].W.T)
    np.testing.assert_allclose(second.dx, third.dx / np.cosh(z) ** 2)
    np.testing.assert_allclose(first.dx, second.dx @ layers[0].W.T)
    assert lw.passages([bp.ReLU()], X, DY, "layers[3].")[0].place == "layers[3].layers[0]"


def test_numbers_that_are_not_finite_pass_without_a_word():
    layer = bp.Dense([[1e200], [1e200]])
    with np.errstate(all="raise"):
        (found,) = lw.passages([layer], np.full((1, 2), 1e200), np.full((1, 1), 1e200))
    assert np.isinf(found.y).all()
    assert np.isinf(found.dx).all()


def test_layers_that_write_into_what_they_are_given_change_no_note():
    class Doubled:
        def forward(self, x):
            x *= 2
            return x

        def backward(self, dy):
            dy *= 2
            return dy

    x, dy = X.copy(), DY.copy()
    first, second = found = lw.passages([Doubled(), Doubled()], x, dy)
    np.testing.assert_array_equal(
        [x, first.x, first.y, second.x, second.y], [X, X, *[2 * X] * 2, 4 * X]
    )
    np.testing.assert_array_equal(
        [dy, second.dy, second.dx, first.dy, first.dx], [DY, DY, *[2 * DY] * 2, 4 * DY]
    )
    assert lw.judge(found, STEP, TOLERANCE).wrong == ""
    assert lw.random_layer([Doubled(), Doubled()], x) == ""
    np.testing.assert_array_equal(x, X)


# ---------------------------------------------------------------- which layer is wrong


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_right_layers_are_not_blamed(dtype):
    layers = [dense(dtype), bp.Sigmoid(), dense(dtype), bp.Tanh(), WrongGain(dtype, wrong=1)]
    tolerance = {np.float64: 1e-6, np.float32: 1e-4}[dtype]
    verdict = judged(layers, X.astype(dtype), DY.astype(dtype), tolerance)
    assert verdict == lw.Verdict("", False)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(("layer", "what"), [(Off(), ": dx"), (WrongGain(), ".h")])
def test_the_layer_that_is_wrong_and_what_is_wrong_of_it_are_named(place, layer, what):
    layers = [dense(), bp.Tanh()]
    layers.insert(place, layer)
    assert judged(layers).wrong == f"layers[{place}]{what}"


def test_of_several_wrong_layers_the_last_is_named_and_of_one_layer_dx_first():
    assert judged([Off(), bp.Tanh(), WrongGain(), bp.Tanh()]).wrong == "layers[2].h"

    class AllWrong(bp.Dense):
        def backward(self, delta):
            return 2 * super().backward(2 * delta)

    assert judged([dense(kind=AllWrong)]).wrong == "layers[0]: dx"


@pytest.mark.parametrize(("layer", "what"), [(Off(), ": dx"), (WrongGain(), ".h")])
def test_a_wrong_layer_inside_a_network_is_named_by_its_place(layer, what):
    inside = bp.Network([dense(), bp.Network([bp.Tanh(), layer])])
    inside.forward(X)
    assert judged([dense(), inside]).wrong == f"layers[1].layers[1].layers[1]{what}"
    assert judged([dense(), inside, WrongGain()]).wrong == "layers[2].h"


class Twice(bp.Network):
    """Goes back wrongly, whatever its layers do."""

    def backward(self, dy):
        return 2 * super().backward(dy)


def test_a_network_that_goes_a_way_of_its_own_is_wrong_if_its_layers_are_right():
    net = Twice([dense(), bp.Tanh()])
    net.forward(X)
    assert judged([bp.Tanh(), net]).wrong == "layers[1]: dx"


def test_of_a_network_that_goes_a_way_of_its_own_a_wrong_layer_is_named_first():
    net = Twice([dense(), WrongGain(), bp.Tanh()])
    net.forward(X)
    assert judged([bp.Tanh(), net]).wrong == "layers[1].layers[1].h"


EXACT = 2.0**-13  # a step that no addition to small whole numbers rounds


def test_an_error_as_large_as_the_tolerance_is_one():
    way = lw.passages([Off()], np.zeros((2, 2)), np.ones((2, 2)))  # 2 beside 1: an error of 0.5
    assert lw.judge(way, EXACT, 0.5).wrong == "layers[0]: dx"
    assert lw.judge(way, EXACT, np.nextafter(0.5, 1)).wrong == ""
    y, t, loss = np.ones((2, 2)), np.zeros((2, 2)), Loss(2.0)
    dy = loss.gradient(y, t)
    assert lw.judge_loss(loss, y, t, dy, EXACT, 0.5).wrong == "loss.gradient"
    assert lw.judge_loss(loss, y, t, dy, EXACT, np.nextafter(0.5, 1)).wrong == ""


class Fourth:
    """x⁴, a layer and a loss: all is 0 at 0, and what a gradient says instead of 0 is given."""

    def __init__(self, said):
        self.said = said

    def __call__(self, y, t):
        return float((y**4).sum())

    def forward(self, x):
        return x**4

    def backward(self, dy):
        return np.full_like(dy, self.said)


@pytest.mark.parametrize(("said", "wrong"), [(0.0, False), (1e-17, False), (1e-8, True)])
def test_what_the_rounding_of_a_loss_of_zero_would_hide_is_let_through(said, wrong):
    zero = np.zeros((2, 2))
    assert judged([Fourth(said)], zero, zero + 1).wrong == ("layers[0]: dx" if wrong else "")
    found = lw.judge_loss(Fourth(said), zero, zero, zero + said, STEP, TOLERANCE)
    assert found.wrong == ("loss.gradient" if wrong else "")


def test_a_small_number_is_judged_by_the_rounding_of_the_loss():
    """Next to 1e8, a slope of 1e-6 can not be told from zero, but one of 1 can."""

    class Small(bp.Identity):
        def backward(self, da):
            dx = super().backward(da)
            dx[0, 0] += self.extra
            return dx

    small = Small()
    x, dy = np.array([[1e-3, 1e8]]), np.array([[0.0, 1.0]])
    for small.extra, wrong in ((1e-6, ""), (1e3, "layers[0]: dx")):
        assert judged([small], x, dy).wrong == wrong


def test_for_float32_an_error_is_measured_by_the_largest_gradients():
    x, dy = X.astype(np.float32), DY.astype(np.float32)

    class Shifted(bp.Identity):
        def backward(self, da):
            dx = super().backward(da)
            dx[0, 0] += self.extra
            return dx

    shifted = Shifted()
    for shifted.extra, wrong in ((5e-5, ""), (2e-4, "layers[0]: dx")):
        assert judged([shifted], x, dy, 1e-4).wrong == wrong
        assert judged([shifted], X, DY, 1e-4).wrong == ("" if shifted.extra < 1e-4 else wrong)
    tiny = np.array([[1e-3, 6.0]] * 3, np.float32)
    shifted.extra = 3e-5
    assert judged([shifted], x, tiny, 1e-4).wrong == "", "a tenth of the largest is the floor"
    assert judged([shifted], X, tiny.astype(float), 1e-4).wrong == "layers[0]: dx"


# ---------------------------------------------------------------- kinks


def test_a_layer_at_a_kink_is_right_with_any_slope_between_and_says_so():
    x = np.array([[0.0, 1.0]])
    assert judged([bp.ReLU()], x, np.ones((1, 2))) == lw.Verdict("", True)
    assert judged([bp.ReLU()], x + 1, np.ones((1, 2))) == lw.Verdict("", False)


def test_a_kink_of_any_layer_counts_even_if_another_is_wrong():
    x = np.array([[0.0, 1.0]])
    one = np.ones((1, 2))
    assert judged([bp.Tanh(), bp.ReLU()], x, one) == lw.Verdict("", True)
    assert judged([bp.ReLU(), bp.Tanh()], x, one) == lw.Verdict("", True)
    assert judged([Off(), bp.ReLU()], x, one) == lw.Verdict("layers[0]: dx", True)
    assert judged([bp.ReLU(), Off()], x, one) == lw.Verdict("layers[1]: dx", False)
    inside = bp.Network([bp.Identity(), bp.ReLU()])
    inside.forward(x)
    assert judged([inside, bp.Tanh()], x, one) == lw.Verdict("", True)


class WrongAtKink(bp.ReLU):
    def backward(self, da):
        return 3 * super().backward(da)


def test_a_wrong_layer_at_a_kink_is_wrong_at_a_kink():
    x = np.array([[0.0, 1.0]])
    assert judged([WrongAtKink()], x, np.ones((1, 2))) == lw.Verdict("layers[0]: dx", True)
    inside = bp.Network([WrongAtKink()])
    inside.forward(x)
    verdict = judged([inside, bp.Identity()], x, np.ones((1, 2)))
    assert verdict == lw.Verdict("layers[0].layers[0]: dx", True)


# ---------------------------------------------------------------- the loss


class Loss:
    """The sum of |y| beyond t; its gradient is wrong by a factor."""

    def __init__(self, factor=1.0):
        self.factor = factor

    def __call__(self, y, t):
        return float(np.abs(y - t).sum())

    def gradient(self, y, t):
        return self.factor * np.sign(y - t)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_loss_is_judged_by_its_own_slopes(dtype):
    y, t = X.astype(dtype), X * 0 + 0.25
    for factor, wrong in ((1.0, ""), (1.5, "loss.gradient")):
        loss = Loss(factor)
        dy = loss.gradient(y, t).astype(dtype)
        found = lw.judge_loss(loss, y, t, dy, STEP, 1e-4)
        assert (found.wrong, found.at_kink) == (wrong, False)
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, X.astype(dtype))


def test_a_loss_at_a_kink_is_right_with_any_slope_between_and_says_so():
    y = X.copy()
    for slope, wrong in ((0.5, ""), (-1.0, ""), (1.5, "loss.gradient")):
        dy = np.sign(X - X[0, 0])
        dy[0, 0] = slope
        found = lw.judge_loss(Loss(), y, np.full_like(y, X[0, 0]), dy, STEP, TOLERANCE)
        assert (found.wrong, found.at_kink) == (wrong, True)


def test_for_float32_the_gradient_of_a_loss_is_measured_by_its_largest_elements():
    y, t = np.array([[1.0, 0.0]]), np.zeros((1, 2))
    dy = np.array([[1.0, 5e-6]])
    assert lw.judge_loss(bp.squared_error, y, t, dy, STEP, 1e-4).wrong == "loss.gradient"
    y, dy = y.astype(np.float32), dy.astype(np.float32)
    assert lw.judge_loss(bp.squared_error, y, t, dy, STEP, 1e-4).wrong == ""
    dy[0, 1] = 2e-5
    assert lw.judge_loss(bp.squared_error, y, t, dy, STEP, 1e-4).wrong == "loss.gradient"


def test_one_wrong_element_of_a_gradient_of_a_loss_is_enough():
    dy = bp.squared_error.gradient(X, DY)
    assert lw.judge_loss(bp.squared_error, X, DY, dy, STEP, TOLERANCE).wrong == ""
    dy[2, 1] *= 1 + 1e-5
    assert lw.judge_loss(bp.squared_error, X, DY, dy, STEP, TOLERANCE).wrong == "loss.gradient"
    small = dy.astype(np.float32)
    found = lw.judge_loss(bp.squared_error, X.astype(np.float32), DY, small, STEP, 1e-4)
    assert found.wrong == ""


# ---------------------------------------------------------------- layers made of layers


class Residual:
    """x plus what a chain of layers makes of it; the way back may be wrong."""

    def __init__(self, *layers, factor=1.0, times=1):
        self.layers, self.factor, self.times = list(layers), factor, times

    def forward(self, x):
        y = x
        for _ in range(self.times):
            for layer in self.layers:
                y = layer.forward(y)
        return x + y

    def backward(self, dy):
        dx = dy
        for layer in reversed(self.layers):
            dx = layer.backward(dx)
        return self.factor * dy + dx


def test_of_a_layer_made_of_layers_the_wrong_one_is_named():
    assert judged([bp.Tanh(), Residual(dense(), bp.Tanh())]).wrong == ""
    assert judged([bp.Tanh(), Residual(dense(), Off())]).wrong == "layers[1].layers[1]: dx"
    assert judged([bp.Tanh(), Residual(WrongGain(), bp.Tanh())]).wrong == "layers[1].layers[0].h"
    nested = Residual(dense(), Residual(WrongGain()))
    assert judged([bp.Tanh(), nested]).wrong == "layers[1].layers[1].layers[0].h"


def test_a_layer_made_of_right_layers_is_wrong_if_it_joins_them_wrongly():
    assert judged([bp.Tanh(), Residual(dense(), bp.Tanh(), factor=2)]).wrong == "layers[1]: dx"
    assert judged([Residual(bp.ReLU(), factor=2)], X * 0 + [0, 1]).wrong == "layers[0]: dx"


class HalfAtKink(bp.ReLU):
    """Takes another slope at the kink than those before it: as right as any between 0 and 1."""

    def backward(self, da):
        return np.where(self.z == 0, 0.5 * da, super().backward(da))


@pytest.mark.parametrize("n", [1, 2])
def test_kinks_inside_a_layer_made_of_layers_are_not_taken_for_mistakes(n):
    x, dy = np.zeros((n, 2)), np.array([[1.0, 2.0], [-3.0, 1.0]])[-n:]
    several = Residual(
        bp.Dense([[1.0, -1.0], [1.0, 1.0]]),
        HalfAtKink(),
        bp.Dense([[1.0, 0.0], [-1.0, 2.0]]),
        bp.ReLU(),
    )
    (passage,) = lw.passages([several], x, dy)
    assert lw.judge_one(passage, STEP, TOLERANCE).wrong == "layers[0]: dx", "several at one point"
    assert judged([several], x, dy) == lw.Verdict("", True)


def test_a_layer_that_goes_through_a_part_twice_is_judged_as_a_whole():
    twice = Residual(bp.Tanh(), Off(), times=2)
    assert judged([twice]).wrong == "layers[0]: dx"


class Slots:
    """Has no place for a note; its way back is wrong."""

    __slots__ = ()

    def forward(self, x):
        return 2 * x

    def backward(self, dy):
        return 3 * dy


def test_a_chain_is_gone_through_whatever_its_layers_are():
    chain = bp.Network([bp.Tanh(), Slots()])
    assert judged([chain]).wrong == "layers[0].layers[1]: dx"


def test_mistakes_that_cancel_are_none():
    twice, half = Off(), Off()
    twice.factor, half.factor = 2.0, 0.5
    for layer in (Residual(twice, half), bp.Network([twice, half])):
        assert judged([layer]).wrong == ""


def test_a_layer_that_can_not_be_opened_is_judged_as_a_whole():
    class Looking(Residual):
        def forward(self, x):
            self.layers[0].W[0, 0] += 0
            return self.layers[0].forward(x) + x * self.layers[0].W[0, 0]

        def backward(self, dy):
            dx = self.layers[0].backward(dy)
            return 3 * dx + dy * self.layers[0].W[0, 0]

    assert judged([Residual(Slots())]).wrong == "layers[0]: dx"
    assert judged([Looking(dense())]).wrong == "layers[0]: dx"


def test_what_passes_inside_is_noted_if_each_part_is_gone_through_once_on_both_ways():
    (outer,) = lw.passages([Residual(dense(), bp.Tanh())], X, DY, "net.")
    first, second = lw.passages_inside(outer)
    assert [first.place, second.place] == ["net.layers[0].layers[0]", "net.layers[0].layers[1]"]
    np.testing.assert_array_equal(first.x, X)
    np.testing.assert_array_equal(second.x, first.y)
    np.testing.assert_array_equal(second.y, np.tanh(second.x))
    np.testing.assert_array_equal(second.dy, DY)
    np.testing.assert_array_equal(first.dy, second.dx)
    np.testing.assert_array_equal(first.dx, first.dy @ outer.layer.layers[0].W.T)

    class Forgetful(Residual):
        def backward(self, dy):
            return dy

    class Unused(Forgetful):
        def forward(self, x):
            return x

    for layer in (Residual(bp.Tanh(), times=2), Unused(bp.Tanh()), Forgetful(bp.Tanh())):
        assert lw.passages_inside(lw.Passage("layers[0]", layer, X, X, DY, DY)) is None


def test_what_a_layer_is_made_of_stays_as_it_was():
    inner = dense()
    outer = Residual(inner, bp.Tanh(), factor=2)
    found = lw.passages([outer], X, DY)
    before = [dict(vars(each)) for each in (outer, *outer.layers)]
    assert lw.judge(found, STEP, TOLERANCE).wrong == "layers[0]: dx"
    for each, attributes in zip((outer, *outer.layers), before, strict=True):
        assert vars(each).keys() == attributes.keys()
        assert all(vars(each)[name] is value for name, value in attributes.items())


def test_the_way_through_a_network_that_goes_its_own_way_is_one_passage():
    class Skip(bp.Network):
        def forward(self, x):
            return x + super().forward(x)

        def backward(self, dy):
            return dy + super().backward(dy)

    chain = bp.Network([dense(), bp.Tanh()])
    chain.forward(X)
    assert [each.place for each in lw.way_through(chain, X, DY)] == ["layers[0]", "layers[1]"]
    net = Skip([dense(), bp.Tanh()])
    (found,) = lw.way_through(net, X, DY)
    assert (found.place, found.layer is net) == ("net", True)
    np.testing.assert_array_equal(found.y, net.forward(X))
    np.testing.assert_array_equal(found.dx, net.backward(DY))


# ---------------------------------------------------------------- copies and randomness


def test_in_float64_is_a_copy_with_parameters_of_float64_and_no_gradients():
    layer = dense(np.float32)
    layer.forward(X.astype(np.float32))
    layer.backward(DY.astype(np.float32))
    found = lw.in_float64(layer)
    assert found.W.dtype == found.b.dtype == np.float64
    np.testing.assert_array_equal(found.W, layer.W)
    assert found.dW is found.db is None
    assert layer.W.dtype == layer.dW.dtype == np.float32
    net = lw.in_float64(bp.Network([bp.Network([dense(np.float32)]), bp.ReLU()]))
    assert net.layers[0].layers[0].W.dtype == np.float64
    assert net.forward(X).dtype == np.float64
    same = dense()
    assert lw.in_float64(same).W is not same.W


class Noise(bp.Identity):
    def __init__(self):
        self.rng = np.random.default_rng(0)

    def forward(self, z):
        self.z = z
        return z + self.rng.normal()


def test_the_first_layer_that_gives_two_results_is_named():
    assert lw.random_layer([bp.Tanh(), dense()], X) == ""
    assert lw.random_layer([dense(), Noise(), Noise()], X) == "layers[1]"
    assert lw.random_layer([Noise()], X) == "layers[0]"
    assert lw.random_layer([dense(), bp.Tanh(), Noise()], X) == "layers[2]"


def test_each_layer_is_asked_with_what_the_one_before_puts_out():
    seen = []

    class Noting(bp.Identity):
        def forward(self, z):
            seen.append(z)
            return z

    layers = [dense(), Noting()]
    assert lw.random_layer(layers, X) == ""
    np.testing.assert_allclose(seen, [X @ layers[0].W + layers[0].b] * 2)
