"""Training: it learns, reports, shuffles, and refuses before it changes anything."""

import math
import re

import numpy as np
import pytest

import backprop as bp
from backprop.training import Diverged


def example(seed=0):
    rng = np.random.default_rng(seed)
    layers = [bp.Dense.random(2, 8, rng=rng), bp.Tanh(), bp.Dense.random(8, 3, rng=rng)]
    x = rng.normal(size=(10, 2))
    return bp.Network(layers), x, (x[:, 0] > 0) + (x[:, 1] > 0).astype(int)


OPTIONS = {"epochs": 2, "batch_size": 4, "lr": 0.5}


def test_training_is_the_loop_written_out():
    net, x, labels = example()
    twin, _, _ = example()
    bp.train(net, bp.softmax_cross_entropy, x, labels, **OPTIONS, rng=np.random.default_rng(3))

    rng = np.random.default_rng(3)
    for _ in range(2):
        order = rng.permutation(10)
        for batch in (order[:4], order[4:8], order[8:]):
            y = twin.forward(x[batch])
            twin.backward(bp.softmax_cross_entropy.gradient(y, labels[batch]))
            bp.SGD(twin, 0.5).step()
    for mine, other in zip(net.layers[::2], twin.layers[::2], strict=True):
        np.testing.assert_array_equal(mine.W, other.W)
        np.testing.assert_array_equal(mine.b, other.b)


def test_history_holds_loss_and_accuracy_after_each_epoch():
    net, x, labels = example()
    test = {"x_test": x[:3], "t_test": labels[:3]}
    rng = np.random.default_rng(0)
    history = bp.train(net, bp.softmax_cross_entropy, x, labels, **OPTIONS, rng=rng, **test)
    lists = [history.loss, history.accuracy, history.test_loss, history.test_accuracy]
    assert [len(numbers) for numbers in lists] == [2, 2, 2, 2]
    y, y_test = net.forward(x), net.forward(x[:3])
    assert [numbers[-1] for numbers in lists] == [
        bp.softmax_cross_entropy(y, labels),
        bp.accuracy(y, labels),
        bp.softmax_cross_entropy(y_test, labels[:3]),
        bp.accuracy(y_test, labels[:3]),
    ]
    assert all(type(number) is float for numbers in lists for number in numbers)


def test_there_is_no_accuracy_without_labels_and_no_test_without_test_data():
    net, x, _ = example()
    t = np.ones((10, 3))
    rng = np.random.default_rng(0)
    history = bp.train(net, bp.squared_error, x, t, **OPTIONS, rng=rng)
    assert len(history.loss) == 2
    assert history.accuracy == history.test_loss == history.test_accuracy == []
    history = bp.train(net, bp.squared_error, x, t, **OPTIONS, rng=rng, x_test=x, t_test=t)
    assert history.test_loss == history.loss
    assert history.test_accuracy == []


def test_a_batch_may_be_larger_than_the_data():
    net, x, labels = example()
    options = OPTIONS | {"batch_size": 1000, "rng": np.random.default_rng(0)}
    assert len(bp.train(net, bp.softmax_cross_entropy, x, labels, **options).loss) == 2


def test_data_stay_untouched_and_lists_are_taken():
    net, x, labels = example()
    x_before, labels_before = x.copy(), labels.copy()
    rng = np.random.default_rng(0)
    bp.train(net, bp.softmax_cross_entropy, x, labels, **OPTIONS, rng=rng)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(labels, labels_before)
    bp.train(net, bp.softmax_cross_entropy, x.tolist(), labels.tolist(), **OPTIONS, rng=rng)


def test_float32_is_kept():
    rng = np.random.default_rng(0)
    net = bp.Network([bp.Dense.random(2, 3, rng=rng, dtype=np.float32)])
    x = np.ones((5, 2), np.float32)
    bp.train(net, bp.softmax_cross_entropy, x, [0, 1, 2, 0, 1], **OPTIONS, rng=rng)
    assert net.layers[0].W.dtype == np.float32


def test_digits_are_learned_to_96_percent_of_those_held_out():
    digits, rng = bp.load_digits(), np.random.default_rng(0)
    order = rng.permutation(len(digits.x))
    learn, hold = order[:1437], order[1437:]
    first = bp.Dense.random(64, 32, rng=rng, scheme="he")
    net = bp.Network([first, bp.ReLU(), bp.Dense.random(32, 10, rng=rng, scheme="he")])
    history = bp.train(
        net,
        bp.softmax_cross_entropy,
        digits.x[learn],
        digits.labels[learn],
        epochs=30,
        batch_size=32,
        lr=0.3,
        rng=rng,
        x_test=digits.x[hold],
        t_test=digits.labels[hold],
    )
    assert history.test_accuracy[-1] >= 0.96
    assert history.loss[-1] < history.loss[0] / 10


X, T = np.ones((4, 2)), np.array([0, 1, 2, 0])


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"epochs": 0}, ValueError, "epochs must be at least 1, got 0"),
        ({"epochs": 1.5}, TypeError, "epochs must be an integer, got 1.5"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1, got 0"),
        ({"batch_size": None}, TypeError, "batch_size must be an integer, got None"),
        ({"lr": 0}, ValueError, "lr must be finite and above 0"),
        ({"lr": math.nan}, ValueError, "lr must be finite and above 0"),
        ({"rng": 3}, TypeError, "rng must be a numpy.random.Generator, got int"),
        ({"loss": bp.squared_error.gradient}, TypeError, "loss must be a loss such as"),
        ({"loss": None}, TypeError, "loss must be a loss such as squared_error, got None"),
        ({"net": None}, TypeError, "net must be a Network, got NoneType"),
        ({"x": X[0]}, ValueError, r"x must have shape \(batch, n\).*\(2,\)"),
        ({"x": np.ones((4, 3))}, ValueError, r"x must have shape \(4, 2\).*\(4, 3\)"),
        ({"x": X * math.nan}, ValueError, "x must be finite"),
        ({"x": X.astype(np.float32)}, TypeError, "x must have the dtype of .*x is float32"),
        ({"x": [[1, 2], [1]]}, ValueError, "x must be an array"),
        ({"t": T[:3]}, ValueError, r"labels must have shape \(4,\).*\(3,\).*\(4, 3\)"),
        ({"t": [0, 1, 2, 3]}, ValueError, "labels must lie in 0 to 2"),
        ({"t": T * 1.0}, TypeError, "labels must hold integers"),
        ({"loss": bp.squared_error}, ValueError, r"t must have shape \(4, 3\) to fit y:.*\(4,\)"),
        ({"x_test": X}, ValueError, "x_test and t_test must be given together"),
        ({"t_test": T}, ValueError, "x_test and t_test must be given together"),
        (
            {"x_test": X, "t_test": T[:2]},
            ValueError,
            r"x_test or t_test: labels must have shape \(4,\)",
        ),
        ({"x_test": X[0], "t_test": T}, ValueError, "x_test or t_test: x must have shape"),
    ],
)
def test_bad_arguments_are_refused_before_anything_changes(arguments, error, words):
    net, _, _ = example()
    rng = np.random.default_rng(0)
    options = {"net": net, "loss": bp.softmax_cross_entropy, "x": X, "t": T, **OPTIONS, "rng": rng}
    before = [(part, dict(vars(part))) for part in [net, *net.layers]]
    weights = [layer.W.copy() for layer in net.layers[::2]]
    with pytest.raises(error, match="^" + words):
        bp.train(**options | arguments)
    for part, attributes in before:
        assert all(vars(part)[name] is value for name, value in attributes.items())
    for layer, W in zip(net.layers[::2], weights, strict=True):
        np.testing.assert_array_equal(layer.W, W)
    assert rng.random() == np.random.default_rng(0).random(), "the generator was not used either"


def test_numbers_that_overflow_in_the_middle_are_refused_without_a_warning():
    net = bp.Network([bp.Dense([[1.0]], [0.0])])
    options = {"epochs": 2000, "batch_size": 1, "lr": 10.0, "rng": np.random.default_rng(0)}
    with np.errstate(all="raise"), pytest.raises(ValueError, match="overflows"):
        bp.train(net, bp.squared_error, [[2.0], [3.0]], [[0.0], [1.0]], **options)


def test_accuracy_is_the_share_of_right_rows():
    logits = [[0, 1, 2], [5, 1, 2], [0, 3, 2], [9, 1, 2]]
    assert bp.accuracy(logits, [2, 0, 1, 0]) == 1
    assert bp.accuracy(logits, [2, 0, 2, 1]) == 0.5
    assert bp.accuracy(logits, [0, 1, 0, 1]) == 0
    assert type(bp.accuracy(logits, [2, 0, 1, 0])) is float


def test_accuracy_refuses_logits_that_are_no_batch():
    with pytest.raises(ValueError, match=r"^logits must have shape \(batch, n\).*\(2,\)"):
        bp.accuracy([1.0, 2.0], [0])


def test_accuracy_refuses_labels_that_do_not_fit():
    with pytest.raises(ValueError, match=r"^labels must have shape \(1,\).*\(2,\).*\(1, 2\)"):
        bp.accuracy([[1.0, 2.0]], [0, 1])


class Own:
    """A loss of a reader's own: the mean of y, whatever t may be."""

    def __call__(self, y, t):
        return float(y.mean())

    def gradient(self, y, t):
        return np.full_like(y, 1 / y.size)


def test_training_that_diverges_ends_with_the_history_and_the_parameters_before_the_last_step():
    net = bp.Network([bp.Dense([[1.0]], [0.0])])
    twin = bp.Network([bp.Dense([[1.0]], [0.0])])
    x, t = np.array([[2.0]]), np.array([[0.0]])
    options = {"batch_size": 1, "lr": 1e60}
    with np.errstate(all="raise"), pytest.raises(Diverged) as caught:
        rng = np.random.default_rng(0)
        bp.train(net, bp.squared_error, x, t, epochs=9, **options, rng=rng)
    assert str(caught.value) == (
        "training diverged in epoch 3: loss overflows: it is too large for float64"
        " (y has shape (1, 1)). The learning rate, lr = 1e+60, is too large for these data: choose"
        " a smaller one, or bring inputs and targets nearer to 1. The parameters are those of"
        " before the last step, and the history so far is this error's history"
    )
    assert isinstance(caught.value.__cause__, ValueError)
    rng = np.random.default_rng(0)
    expected = bp.train(twin, bp.squared_error, x, t, epochs=2, **options, rng=rng)
    assert caught.value.history == expected
    assert len(expected.loss) == 2
    assert net.layers[0].W == twin.layers[0].W
    assert net.layers[0].b == twin.layers[0].b


def test_a_loss_that_is_not_finite_has_diverged_too():
    class Broken(Own):
        calls = 0

        def __call__(self, y, t):
            self.calls += 1
            return math.nan if self.calls > 2 else 0.0

    net, x, t = example()
    words = r"^training diverged in epoch 2: loss must be finite, it returned nan \(y has shape"
    with pytest.raises(Diverged, match=words) as caught:
        bp.train(net, Broken(), x, t, **OPTIONS, rng=np.random.default_rng(0))
    assert caught.value.history.loss == [0.0]


def test_another_error_in_the_middle_is_handed_on():
    class Broken(Own):
        calls = 0

        def __call__(self, y, t):
            self.calls += 1
            if self.calls > 1:
                raise ValueError("enough")
            return 0.0

    net, x, t = example()
    with pytest.raises(ValueError, match=r"^enough$") as caught:
        bp.train(net, Broken(), x, t, **OPTIONS, rng=np.random.default_rng(0))
    assert type(caught.value) is ValueError


@pytest.mark.parametrize("t", [np.array(1.0), np.ones(3), np.ones((11, 3))])
def test_t_has_an_entry_for_each_sample_whatever_the_loss_does_with_it(t):
    net, x, _ = example()
    words = (
        rf"^t must have an entry for each sample: t has shape {re.escape(str(t.shape))},"
        r" y has shape \(10, 3\)$"
    )
    with pytest.raises(ValueError, match=words):
        bp.train(net, Own(), x, t, **OPTIONS, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("t", "has_accuracy"),
    [
        (np.arange(10) % 3, True),
        (np.arange(10).astype(np.uint8) % 3, True),
        (np.arange(10) % 3 * 1.0, False),
        (np.arange(10) % 4, False),
        (np.arange(10) % 3 - 1, False),
        (np.zeros((10, 3), int), False),
        (np.zeros((10, 1), int), False),
    ],
)
def test_there_is_an_accuracy_where_t_names_columns_of_y(t, has_accuracy):
    net, x, _ = example()
    history = bp.train(net, Own(), x, t, **OPTIONS, rng=np.random.default_rng(0))
    assert len(history.loss) == 2
    assert len(history.accuracy) == (2 if has_accuracy else 0)


def test_there_is_no_accuracy_where_y_has_no_columns():
    net = bp.Network([bp.Tanh()])
    x, t = np.ones((4, 2, 3)), np.zeros(4, int)
    history = bp.train(net, Own(), x, t, **OPTIONS, rng=np.random.default_rng(0))
    assert history.accuracy == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"t": [[1], [1, 2]]}, "t must be an array"),
        ({"x_test": [[1], [1, 2]], "t_test": T}, "x_test or t_test: x must be an array"),
        ({"x_test": X, "t_test": [[1], [1, 2]]}, "x_test or t_test: t must be an array"),
    ],
)
def test_rows_of_different_length_are_refused_by_name(arguments, words):
    net, _, _ = example()
    options = {"net": net, "loss": bp.softmax_cross_entropy, "x": X, "t": T, **OPTIONS}
    with pytest.raises(ValueError, match=f"^{words}, every row as long as the others$"):
        bp.train(**options | arguments, rng=np.random.default_rng(0))
