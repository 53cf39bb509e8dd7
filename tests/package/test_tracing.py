"""Traces: every step there, every expression true, the network untouched."""

import math

import numpy as np
import pytest

import backprop as bp

ACTIVATIONS = [bp.Sigmoid, bp.Tanh, bp.ReLU, lambda: bp.LeakyReLU(0.2), bp.Identity, None]
FUNCTIONS = {name: getattr(bp, name) for name in bp.__all__} | {"np": np}


def make(*sizes, activations=(bp.Sigmoid,) * 9, dtype=np.float64):
    rng = np.random.default_rng(sum(sizes))
    layers = []
    for n_in, n_out, activation in zip(sizes, sizes[1:], activations, strict=False):
        W, b = rng.normal(size=(n_in, n_out)), rng.normal(size=n_out)
        layers.append(bp.Dense(W.astype(dtype), b.astype(dtype)))
        if activation is not None:
            layers.append(activation())
    return bp.Network(layers)


def data(net, loss, n=3):
    rng = np.random.default_rng(0)
    dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
    dtype = dense[0].W.dtype
    x = rng.normal(size=(n, dense[0].W.shape[0])).astype(dtype)
    n_out = dense[-1].W.shape[1]
    if loss is bp.squared_error:
        return x, rng.normal(size=(n, n_out)).astype(dtype)
    return x, rng.integers(0, n_out, n)


def test_steps_of_two_layers_stand_in_the_order_of_the_algorithm():
    net = make(2, 2, 2)
    steps = bp.trace(net, bp.squared_error, [[1, 2]], [[0, 1]])
    assert [(step.name, step.phase, step.expression) for step in steps] == [
        ("z1", "forward", "x @ W1 + b1"),
        ("a1", "forward", "sigmoid(z1)"),
        ("z2", "forward", "a1 @ W2 + b2"),
        ("y", "forward", "sigmoid(z2)"),
        ("C", "loss", "squared_error(y, t)"),
        ("dy", "backward", "(y - t) / n"),
        ("delta2", "backward", "dy * sigmoid_derivative(z2)"),
        ("dW2", "backward", "a1.T @ delta2"),
        ("db2", "backward", "delta2.sum(axis=0)"),
        ("da1", "backward", "delta2 @ W2.T"),
        ("delta1", "backward", "da1 * sigmoid_derivative(z1)"),
        ("dW1", "backward", "x.T @ delta1"),
        ("db1", "backward", "delta1.sum(axis=0)"),
        ("dx", "backward", "delta1 @ W1.T"),
    ]


def test_a_network_without_activations_and_a_loss_with_labels():
    net = make(2, 4, 3, activations=(None, None))
    steps = bp.trace(net, bp.softmax_cross_entropy, [[1, 2], [0, 1]], [0, 2])
    assert [step.phase for step in steps] == ["forward"] * 3 + ["loss"] + ["backward"] * 8
    assert [(step.name, step.expression) for step in steps] == [
        ("z1", "x @ W1 + b1"),
        ("z2", "z1 @ W2 + b2"),
        ("y", "z2"),
        ("C", "softmax_cross_entropy(y, t)"),
        ("dy", "(softmax(y) - np.eye(3)[t]) / n"),
        ("delta2", "dy"),
        ("dW2", "z1.T @ delta2"),
        ("db2", "delta2.sum(axis=0)"),
        ("delta1", "delta2 @ W2.T"),
        ("dW1", "x.T @ delta1"),
        ("db1", "delta1.sum(axis=0)"),
        ("dx", "delta1 @ W1.T"),
    ]


@pytest.mark.parametrize("loss", [bp.squared_error, bp.softmax_cross_entropy])
@pytest.mark.parametrize("first", ACTIVATIONS)
@pytest.mark.parametrize("last", ACTIVATIONS)
@pytest.mark.parametrize("n", [1, 3])
def test_every_expression_evaluates_to_its_value(loss, first, last, n):
    net = make(2, 4, 3, 3, activations=(first, bp.Tanh, last))
    steps = bp.trace(net, loss, *data(net, loss, n))
    for i, step in enumerate(steps):
        names = {operand.name: operand.value for operand in step.operands}
        assert len(names) == len(step.operands)
        result = eval(step.expression, FUNCTIONS, names)
        np.testing.assert_allclose(result, step.value, rtol=1e-14, atol=0, err_msg=step.name)
        assert step.shape == np.shape(result)
        for operand in step.operands:
            assert operand.name in step.expression
            if operand.name.isidentifier() and operand.index is not None:
                producer = steps[operand.index]
                assert operand.index < i
                assert producer.name == operand.name
                np.testing.assert_array_equal(producer.value, operand.value)


def test_a_leaky_relu_shows_its_slope():
    net = make(2, 3, 2, activations=(lambda: bp.LeakyReLU(0.2), bp.LeakyReLU))
    steps = bp.trace(net, bp.squared_error, *data(net, bp.squared_error))
    assert steps.step("a1").expression == "leaky_relu(z1, 0.2)"
    assert steps.step("y").expression == "leaky_relu(z2, 0.01)"
    assert steps.step("delta1").expression == "da1 * leaky_relu_derivative(z1, 0.2)"
    operands = steps.step("delta1").operands
    assert [each.name for each in operands] == ["da1", "leaky_relu_derivative(z1, 0.2)", "z1"]
    expected = bp.leaky_relu_derivative(steps.step("z1").value, 0.2)
    np.testing.assert_array_equal(operands[1].value, expected)
    assert operands[1].index == 0


def test_operands_come_in_the_order_of_the_expression_with_the_derivative_as_a_factor():
    net = make(2, 3, 2)
    steps = bp.trace(net, bp.squared_error, *data(net, bp.squared_error))
    operands = [(operand.name, operand.index) for operand in steps.step("delta1").operands]
    assert operands == [("da1", 9), ("sigmoid_derivative(z1)", 0), ("z1", 0)]
    factor = steps.step("delta1").operands[1].value
    np.testing.assert_array_equal(factor, bp.sigmoid_derivative(steps.step("z1").value))
    given = [(operand.name, operand.index) for operand in steps.step("z1").operands]
    assert given == [("x", None), ("W1", None), ("b1", None)]
    assert [operand.name for operand in steps.step("dy").operands] == ["y", "t", "n"]
    assert steps.step("dy").operands[2].value == 3


@pytest.mark.parametrize("loss", [bp.squared_error, bp.softmax_cross_entropy])
def test_values_are_those_of_the_network(loss):
    net = make(3, 4, 2)
    x, t = data(net, loss)
    steps = bp.trace(net, loss, x, t)
    y = net.forward(x)
    dx = net.backward(loss.gradient(y, t))
    expected = {"y": y, "C": loss(y, t), "dx": dx}
    for number, layer in ((1, net.layers[0]), (2, net.layers[2])):
        expected |= {f"dW{number}": layer.dW, f"db{number}": layer.db}
    for name, value in expected.items():
        np.testing.assert_array_equal(steps.step(name).value, value, err_msg=name)
    assert type(steps.step("C").value) is float
    assert steps.step("C").shape == ()


def test_the_network_is_left_as_it_was():
    net = make(2, 3, 2)
    x, t = data(net, bp.squared_error)
    net.backward(bp.squared_error.gradient(net.forward(x + 1), t))
    before = [(value, np.copy(value)) for layer in net.layers for value in vars(layer).values()]
    bp.trace(net, bp.squared_error, x, t)
    after = [value for layer in net.layers for value in vars(layer).values()]
    for now, (same, values) in zip(after, before, strict=True):
        assert now is same
        np.testing.assert_array_equal(now, values)


def test_values_are_copies():
    net = make(1, 1)
    x, t = np.ones((1, 1)), np.zeros((1, 1))
    steps = bp.trace(net, bp.squared_error, x, t)
    x[:], t[:] = 9, 9
    net.layers[0].W[:] = 9
    given = {op.name: op.value for step in steps for op in step.operands if op.index is None}
    assert given["x"] == 1
    assert given["t"] == 0
    assert given["W1"] != 9
    arrays = [step.value for step in steps if isinstance(step.value, np.ndarray)]
    for i, array in enumerate(arrays):
        assert not any(np.shares_memory(array, other) for other in arrays[:i])


def test_float32_is_kept():
    net = make(2, 3, 2, dtype=np.float32)
    steps = bp.trace(net, bp.squared_error, *data(net, bp.squared_error))
    assert {step.value.dtype for step in steps if step.name != "C"} == {np.dtype(np.float32)}


DENSE = bp.Dense(np.ones((2, 2)), np.ones(2))


@pytest.mark.parametrize(
    ("net", "loss", "x", "t", "error", "words"),
    [
        ([DENSE], bp.squared_error, [[1, 2]], [[1, 2]], TypeError, "net must be a .*, got list"),
        (bp.Network([DENSE]), abs, [[1, 2]], [[1, 2]], TypeError, "loss must be squared_error or"),
        (bp.Network([DENSE]), bp.squared_error, [1, 2], [[1, 2]], ValueError, r"x .*\(2,\)"),
        (bp.Network([DENSE]), bp.squared_error, [[1]], [[1, 2]], ValueError, r"x .*\(1, 1\)"),
        (bp.Network([DENSE]), bp.squared_error, [[1, 2]], [[1]], ValueError, r"t .*\(1, 1\)"),
        (bp.Network([DENSE]), bp.squared_error, [[1, math.nan]], [[1, 2]], ValueError, "x must"),
        (bp.Network([DENSE]), bp.softmax_cross_entropy, [[1, 2]], [2], ValueError, "labels must"),
        (bp.Network([DENSE]), bp.squared_error, [[1, 2]], [[1], [1, 2]], ValueError, "t must be"),
    ],
)
def test_what_can_not_be_traced_is_refused(net, loss, x, t, error, words):
    with pytest.raises(error, match="^" + words):
        bp.trace(net, loss, x, t)


class Gain:
    """A layer of a reader's own: the pages have no formula for it."""

    parameters = ("g", "c")

    def __init__(self):
        self.g, self.c = np.array([2.0, 3.0]), np.zeros(2)

    def forward(self, x):
        self.x = x
        return x * self.g + self.c

    def backward(self, dy):
        self.dg, self.dc = (dy * self.x).sum(axis=0), dy.sum(axis=0)
        return dy * self.g


class OwnBackward(bp.Dense):
    def backward(self, delta):
        return super().backward(delta)


class OwnForward(bp.Sigmoid):
    def forward(self, z):
        return super().forward(z)


class OwnSlope(bp.Tanh):
    def backward(self, da):
        return super().backward(da)


def rows(steps, *phases):
    return [(step.name, step.expression) for step in steps if step.phase in phases]


def test_layers_of_other_kinds_show_as_one_step_each_way_and_their_gradients():
    net = bp.Network([Gain(), bp.Dense(np.eye(2)), Gain(), bp.Tanh(), bp.Network([Gain()])])
    steps = bp.trace(net, bp.squared_error, [[1, 2]], [[0, 1]])
    assert rows(steps, "forward") == [
        ("h0", "layers[0].forward(x)"),
        ("z1", "h0 @ W1"),
        ("h2", "layers[2].forward(z1)"),
        ("h3", "tanh(h2)"),
        ("y", "layers[4].forward(h3)"),
    ]
    assert rows(steps, "backward") == [
        ("dy", "(y - t) / n"),
        ("layers[4].layers[0].dg", "layers[4].layers[0].dg"),
        ("layers[4].layers[0].dc", "layers[4].layers[0].dc"),
        ("dh3", "layers[4].backward(dy)"),
        ("dh2", "dh3 * tanh_derivative(h2)"),
        ("layers[2].dg", "layers[2].dg"),
        ("layers[2].dc", "layers[2].dc"),
        ("delta1", "layers[2].backward(dh2)"),
        ("dW1", "h0.T @ delta1"),
        ("dh0", "delta1 @ W1.T"),
        ("layers[0].dg", "layers[0].dg"),
        ("layers[0].dc", "layers[0].dc"),
        ("dx", "layers[0].backward(dh0)"),
    ]
    y = net.forward([[1, 2]])
    dx = net.backward(bp.squared_error.gradient(y, [[0, 1]]))
    assert steps.step("y").value.tolist() == y.tolist()
    assert steps.step("dx").value.tolist() == dx.tolist()
    assert steps.step("layers[2].dg").value.tolist() == net.layers[2].dg.tolist()
    assert steps.step("layers[2].dg").operands == ()
    assert [operand.name for operand in steps.step("dh3").operands] == ["dy"]
    assert [operand.name for operand in steps.step("h2").operands] == ["z1"]


def test_nested_layers_keep_their_places():
    inner = bp.Network([bp.Network([Gain()]), bp.Identity()])
    steps = bp.trace(bp.Network([inner]), bp.squared_error, [[1, 2]], [[0, 1]])
    names = ["layers[0].layers[0].layers[0].dg", "layers[0].layers[0].layers[0].dc"]
    assert [step.name for step in steps] == ["y", "C", "dy", *names, "dx"]


def test_a_class_that_overrides_one_way_shows_that_way_as_its_own():
    net = bp.Network(
        [OwnBackward(np.eye(2), np.ones(2)), OwnForward(), bp.Dense(np.eye(2)), OwnSlope()]
    )
    steps = bp.trace(net, bp.squared_error, [[1, 2]], [[0, 1]])
    assert rows(steps, "forward") == [
        ("z1", "x @ W1 + b1"),
        ("h1", "layers[1].forward(z1)"),
        ("z2", "h1 @ W2"),
        ("y", "tanh(z2)"),
    ]
    assert rows(steps, "backward") == [
        ("dy", "(y - t) / n"),
        ("delta2", "layers[3].backward(dy)"),
        ("dW2", "h1.T @ delta2"),
        ("dh1", "delta2 @ W2.T"),
        ("delta1", "dh1 * sigmoid_derivative(z1)"),
        ("dW1", "layers[0].dW"),
        ("db1", "layers[0].db"),
        ("dx", "layers[0].backward(delta1)"),
    ]


def test_a_dense_with_a_forward_of_its_own_is_no_dense_on_either_way():
    class Own(bp.Dense):
        def forward(self, x):
            return 2 * super().forward(x)

        backward = bp.Dense.backward

    steps = bp.trace(bp.Network([Own(np.eye(2))]), bp.squared_error, [[1, 2]], [[0, 1]])
    assert rows(steps, "forward") == [("y", "layers[0].forward(x)")]
    assert rows(steps, "backward") == [
        ("dy", "(y - t) / n"),
        ("layers[0].dW", "layers[0].dW"),
        ("dx", "layers[0].backward(dy)"),
    ]


def test_layers_whose_methods_stand_in_the_object_are_steps_too():
    class Loose:
        def __init__(self):
            self.forward = lambda x: 2 * x
            self.backward = lambda dy: 2 * dy

    steps = bp.trace(bp.Network([Loose()]), bp.squared_error, [[1, 2]], [[0, 1]])
    assert [step.expression for step in steps] == [
        "layers[0].forward(x)",
        "squared_error(y, t)",
        "(y - t) / n",
        "layers[0].backward(dy)",
    ]


def test_an_activation_counts_as_that_of_a_dense_only_right_behind_it():
    net = bp.Network([bp.Tanh(), bp.Dense(np.eye(2)), bp.Sigmoid(), bp.ReLU(), bp.Identity()])
    steps = bp.trace(net, bp.squared_error, [[1, 2]], [[0, 1]])
    assert rows(steps, "forward") == [
        ("h0", "tanh(x)"),
        ("z1", "h0 @ W1"),
        ("a1", "sigmoid(z1)"),
        ("h3", "relu(a1)"),
        ("y", "identity(h3)"),
    ]
    assert rows(steps, "backward")[-1] == ("dx", "dh0 * tanh_derivative(x)")


def test_a_network_that_goes_its_own_way_is_one_step():
    class Skip(bp.Network):
        def forward(self, x):
            return np.asarray(x) + super().forward(x)

        def backward(self, dy):
            return dy + super().backward(dy)

    net = Skip([Gain()])
    steps = bp.trace(net, bp.squared_error, [[1.0, 2.0]], [[0.0, 1.0]])
    assert [(step.name, step.expression) for step in steps] == [
        ("y", "net.forward(x)"),
        ("C", "squared_error(y, t)"),
        ("dy", "(y - t) / n"),
        ("net.layers[0].dg", "net.layers[0].dg"),
        ("net.layers[0].dc", "net.layers[0].dc"),
        ("dx", "net.backward(dy)"),
    ]
    assert steps.step("y").value.tolist() == [[3, 8]]
    assert steps.step("dx").value.tolist() == [[9, 28]]


def test_a_layer_that_writes_into_what_it_is_given_does_not_change_what_was_written_down():
    class Doubled:
        def forward(self, x):
            x *= 2
            return x

        def backward(self, dy):
            dy *= 2
            return dy

    x = np.array([[1.0, 2.0]])
    steps = bp.trace(bp.Network([Doubled(), Doubled()]), bp.squared_error, x, [[0.0, 0.0]])
    assert x.tolist() == [[1, 2]]
    values = {step.name: step.value.tolist() for step in steps if step.name != "C"}
    assert values == {
        "h0": [[2, 4]],
        "y": [[4, 8]],
        "dy": [[4, 8]],
        "dh0": [[8, 16]],
        "dx": [[16, 32]],
    }
    assert steps.step("h0").operands[0].value.tolist() == [[1, 2]]
