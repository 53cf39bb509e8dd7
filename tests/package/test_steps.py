"""Steps: found by name, printed as a table, not to be changed."""

import dataclasses

import pytest

import backprop as bp


def test_steps_can_be_found_by_name_and_can_not_be_changed():
    net = bp.Network([bp.Dense([[0.5]], [0.0]), bp.Sigmoid()])
    steps = bp.trace(net, bp.squared_error, [[1]], [[0]])
    assert isinstance(steps, list)
    assert steps.step("z1") is steps[0]
    with pytest.raises(KeyError, match=r"no step computes 'z2'.*'z1', 'y', 'C'"):
        steps.step("z2")
    with pytest.raises(dataclasses.FrozenInstanceError):
        steps[0].name = "other"
    with pytest.raises(dataclasses.FrozenInstanceError):
        steps[0].operands[0].name = "other"


def test_repr_is_a_table():
    net = bp.Network([bp.Dense([[0.0, 0.0]], [0.0, 0.0])])
    table = repr(bp.trace(net, bp.squared_error, [[1.0]], [[0.5, 0.5]]))
    assert table.splitlines() == [
        " 0  forward   z1     = x @ W1 + b1          (1, 2)",
        " 1  forward   y      = z1                   (1, 2)",
        " 2  loss      C      = squared_error(y, t)  0.25",
        " 3  backward  dy     = (y - t) / n          (1, 2)",
        " 4  backward  delta1 = dy                   (1, 2)",
        " 5  backward  dW1    = x.T @ delta1         (1, 2)",
        " 6  backward  db1    = delta1.sum(axis=0)   (2,)",
        " 7  backward  dx     = delta1 @ W1.T        (1, 1)",
    ]
    assert repr(bp.Trace()) == ""
