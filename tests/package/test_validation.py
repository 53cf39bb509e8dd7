"""Checks of arguments: what is taken, what is refused, and in which words."""

import math
import re

import numpy as np
import pandas as pd
import pytest

import backprop as bp
from backprop import validation as v

ONES = np.ones((2, 3))
SINGLE = ONES.astype(np.float32)
HUGE = 1e200  # its square is too large for a float
FLOAT_TYPES = "float64, float32 or integers"


def refused(error, words, check, *arguments, **named):
    """Hold that the check refuses its arguments in exactly these words."""
    with pytest.raises(error, match=f"^{re.escape(words)}$") as caught:
        check(*arguments, **named)
    assert type(caught.value) is error
    return caught.value


# ---------------------------------------------------------------- finite or not


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_the_first_number_that_is_not_finite_is_named_with_its_place(bad):
    array = ONES.copy()
    array[0, 2] = array[1, 1] = bad
    assert not v.is_finite(array)
    words = f"x must be finite, got {bad} at index [0, 2] (x has shape (2, 3))"
    refused(ValueError, words, v.check_finite, "x", array)


def test_a_single_number_has_no_place():
    words = "z must be finite, got nan (z has shape ())"
    refused(ValueError, words, v.check_finite, "z", np.array(math.nan))


@pytest.mark.parametrize("array", [ONES, np.full(3, HUGE), np.full(3, 1e30, np.float32)])
def test_finite_numbers_are_taken_even_where_their_squares_are_not(array):
    assert v.is_finite(array)
    v.check_finite("x", array)
    v.refuse_overflow(y=array)


def test_the_first_result_that_overflows_is_named():
    words = "dW overflows: a number in it is too large for float32 (dW has shape (2, 3))"
    bad = SINGLE * np.float32(math.inf)
    refused(ValueError, words, v.refuse_overflow, z=ONES, dW=bad, db=bad)


def test_quiet_keeps_numpy_from_warning():
    @v.quiet
    def divide(x):
        return x / 0 - x / 0, np.exp(x * 1e4), x * 1e-320 * 1e-10

    with np.errstate(all="raise"):
        divide(np.ones(1))


# ---------------------------------------------------------------- arrays


def test_an_array_is_handed_on_and_anything_else_becomes_one():
    assert v.as_array("t", ONES) is ONES
    assert v.as_array("t", [[1, 2], [3, 4]]).tolist() == [[1, 2], [3, 4]]
    assert v.as_array("t", 3).shape == ()
    assert v.as_array("t", (ONES, ONES)).shape == (2, 2, 3)


def test_an_array_of_a_derived_type_becomes_a_plain_one():
    class Own(np.ndarray):
        pass

    assert type(v.as_array("t", ONES.view(Own))) is np.ndarray
    assert type(v.as_floats("t", ONES.view(Own))) is np.ndarray


@pytest.mark.parametrize("wrap", [lambda m: m, lambda m: [m, m], lambda m: ([1.0, 2.0], m)])
def test_masked_arrays_are_refused_inside_lists_too(wrap):
    value = wrap(np.ma.masked_array([1.0, 2.0], [False, True]))
    words = (
        "x must not be masked: what is masked would take part with the number under it."
        " Put one there, with np.ma.filled(x, 0), or leave those rows out"
        f" (x has shape {np.shape(value)})"
    )
    refused(TypeError, words, v.as_array, "x", value)
    refused(TypeError, words, v.as_floats, "x", value)


def test_a_mask_hides_nothing_from_the_functions_of_the_package():
    masked = np.ma.masked_array([[1.0, 2.0]], [[False, True]])
    for call in (bp.sigmoid, bp.softmax, bp.ReLU().forward, lambda x: bp.Dense(x, [0, 0])):
        with pytest.raises(TypeError, match=r"^(z|logits|W) must not be masked: .*\(1, 2\)\)$"):
            call(masked)


def test_rows_of_different_length_are_no_array():
    words = "x must be an array, every row as long as the others"
    error = refused(ValueError, words, v.as_array, "x", [[1, 2], [3]])
    assert isinstance(error.__cause__, ValueError)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_floats_are_handed_on_as_they_are(dtype):
    array = ONES.astype(dtype)
    for check in (v.as_floats, v.as_finite_floats, v.as_batch, v.as_rows, v.as_samples):
        assert check("x", array) is array


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int64, np.uint64])
def test_integers_become_floats_of_the_dtype_that_is_wanted(kind):
    whole = np.array([[1, 2]], kind)
    for check in (v.as_floats, v.as_finite_floats, v.as_rows, v.as_samples):
        assert check("x", whole).dtype == np.float64
        single = check("x", whole, np.float32)
        assert single.dtype == np.float32
        assert single.tolist() == [[1, 2]]
    assert v.as_batch("x", whole).dtype == np.float64
    assert v.as_floats("x", [1.5, 2.5], np.float32).dtype == np.float64


@pytest.mark.parametrize(
    ("value", "dtype", "shape"),
    [
        ([True], "bool", (1,)),
        ([[1j]], "complex128", (1, 1)),
        (["a"], "<U1", (1,)),
        (None, "object", ()),
        ([{}], "object", (1,)),
        (np.ones(2, np.float16), "float16", (2,)),
        (np.ones(2, ">f8"), ">f8", (2,)),
        (np.array(["2026-01-01"], "M8[D]"), "datetime64[D]", (1,)),
    ],
)
def test_anything_but_floats_and_integers_is_refused(value, dtype, shape):
    words = f"x must hold {FLOAT_TYPES}, got dtype {dtype} (x has shape {shape})"
    refused(TypeError, words, v.as_floats, "x", value)


# ---------------------------------------------------------------- tables


def test_a_table_of_floats_and_integers_is_taken():
    table = pd.DataFrame({"a": [1.5, 2.5], "b": [3, 4]})
    assert v.as_floats("x", table).tolist() == [[1.5, 3], [2.5, 4]]
    assert v.as_floats("x", table[["b"]]).dtype == np.float64
    assert v.as_floats("x", table["a"]).tolist() == [1.5, 2.5]


def test_a_nullable_column_without_missing_values_is_taken():
    table = pd.DataFrame({"a": [1.5, 2.5], "n": pd.array([3, 4], dtype="Int64")})
    found = v.as_floats("x", table)
    assert found.tolist() == [[1.5, 3], [2.5, 4]]
    assert found.dtype == np.float64
    whole = pd.DataFrame({"n": pd.array([3, 4], dtype="Int64"), "m": [5, 6]})
    assert v.as_floats("x", whole, np.float32).dtype == np.float32


@pytest.mark.parametrize(
    ("columns", "faults"),
    [
        ({"b": [True, False]}, "column 'b' holds bool"),
        ({"s": pd.Series(["x", "y"], dtype=object)}, "column 's' holds object"),
        ({"s": pd.Series(["x", "y"], dtype="string")}, "column 's' holds string"),
        ({7: [None, "x"]}, "column 7 holds"),
        (
            {"f": np.ones(2, np.float32), "n": [5, 6], "b": [True, False]},
            "column 'b' holds bool",
        ),
        (
            {"b": [True, False], "n": [5, 6], "o": pd.Series([1, {}], dtype=object)},
            "column 'b' holds bool, column 'o' holds object",
        ),
    ],
)
def test_columns_that_hold_no_numbers_are_named(columns, faults):
    table = pd.DataFrame({"a": [1.5, 2.5], **columns})
    with pytest.raises(TypeError) as caught:
        v.as_floats("x", table)
    words = str(caught.value)
    assert words.startswith(f"x must hold {FLOAT_TYPES} in every column: {faults}")
    assert words.count(" holds ") == faults.count(" holds")
    assert words.endswith(
        f" (x has shape {table.shape}). .astype(float) makes numbers of true and false"
    )
    with pytest.raises(TypeError, match=r"^x must hold .* in every column: "):
        bp.Network([bp.ReLU()]).forward(table)


def test_a_missing_value_is_found_by_its_row_and_column():
    table = pd.DataFrame({"a": [1.5, 2.5], "n": pd.array([3, None], dtype="Int64")})
    words = "x must be finite, got nan at index [1, 1] (x has shape (2, 2))"
    refused(ValueError, words, v.as_batch, "x", table)
    refused(ValueError, words, bp.Network([bp.ReLU()]).forward, table[["a", "n"]])
    refused(ValueError, words, v.as_batch, "x", table.astype(float))


def test_a_table_of_numbers_goes_through_a_network():
    table = pd.DataFrame({"a": [1.5, 2.5], "n": pd.array([3, 4], dtype="Int64")})
    net = bp.Network([bp.Dense([[1], [1]], [0])])
    assert net.forward(table).tolist() == [[4.5], [6.5]]


def test_a_table_trains_a_network_and_a_column_of_it_may_be_the_labels():
    table = pd.DataFrame({"a": [1.5, 2.5], "n": pd.array([3, 4], dtype="Int64"), "s": ["x", "y"]})
    net = bp.Network([bp.Dense(np.eye(2))])
    options = {"epochs": 1, "batch_size": 2, "lr": 0.1, "rng": np.random.default_rng(0)}
    labels = pd.Series([0, 1])
    bp.train(net, bp.softmax_cross_entropy, table[["a", "n"]], labels, **options)
    bp.train(net, bp.squared_error, table[["a", "n"]], table[["n", "a"]], **options)
    with pytest.raises(TypeError, match=r"^x must hold .* in every column: column 's' holds "):
        bp.train(net, bp.softmax_cross_entropy, table[["a", "s"]], labels, **options)
    with pytest.raises(TypeError, match=r"^t must hold .* in every column: column 's' holds "):
        bp.check_gradients(net, bp.squared_error, table[["a", "n"]], table[["n", "s"]])


def test_an_object_that_is_no_table_is_not_taken_for_one():
    class Columns:
        columns = ("a",)

        def __array__(self, dtype=None, copy=None):
            return np.array([[None]])

    class Places:
        iloc = None

        def __array__(self, dtype=None, copy=None):
            return np.array([[None]])

    for value in (Columns(), Places()):
        words = f"x must hold {FLOAT_TYPES}, got dtype object (x has shape (1, 1))"
        refused(TypeError, words, v.as_floats, "x", value)


# ---------------------------------------------------------------- batches


@pytest.mark.parametrize("check", [v.as_batch, v.as_rows])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 4), (0, 3), (2, 0)])
def test_a_batch_is_rows_and_columns_and_at_least_one_of_each(check, shape):
    words = f"x must have shape (batch, n) with at least one row and one column, got shape {shape}"
    refused(ValueError, words, check, "x", np.ones(shape))


@pytest.mark.parametrize("shape", [(), (3,), (0, 3), (2, 0), (2, 3, 0)])
def test_samples_may_be_of_any_shape_but_not_empty(shape):
    words = f"x must have shape (batch, n) with at least one row and one column, got shape {shape}"
    refused(ValueError, words, v.as_samples, "x", np.ones(shape))
    assert v.as_samples("x", np.ones((2, 3, 4))).shape == (2, 3, 4)


def test_a_batch_is_finite_and_rows_need_not_be():
    bad = np.array([[1, math.nan]])
    words = "x must be finite, got nan at index [0, 1] (x has shape (1, 2))"
    refused(ValueError, words, v.as_batch, "x", bad)
    refused(ValueError, words, v.as_finite_floats, "x", bad)
    refused(ValueError, words, v.as_batch_like, "x", bad, "y", np.ones((1, 2)))
    assert v.as_rows("x", bad) is bad
    assert v.as_samples("x", bad) is bad
    assert v.as_like("x", bad, "y", np.ones((1, 2))) is bad
    assert v.as_batch("x", [[HUGE]]).tolist() == [[HUGE]]


@pytest.mark.parametrize("check", [v.as_like, v.as_batch_like])
def test_what_must_be_like_another_array_takes_its_dtype_if_it_is_whole(check):
    assert check("dy", ONES, "y", ONES) is ONES
    found = check("dy", [[1, 2, 3]] * 2, "y", SINGLE)
    assert found.dtype == np.float32
    assert found.tolist() == [[1, 2, 3]] * 2


@pytest.mark.parametrize("check", [v.as_like, v.as_batch_like])
def test_another_shape_or_dtype_is_refused_with_both(check):
    words = "dy must have shape (2, 3) to fit y: dy has shape (3, 2), y has shape (2, 3)"
    refused(ValueError, words, check, "dy", ONES.reshape(3, 2), "y", ONES)
    refused(ValueError, words, check, "dy", SINGLE.reshape(3, 2), "y", ONES)
    words = (
        "dy must have the dtype of y: dy is float32 of shape (2, 3), y is float64 of shape (2, 3)"
    )
    refused(TypeError, words, check, "dy", SINGLE, "y", ONES)
    words = f"dy must hold {FLOAT_TYPES}, got dtype bool (dy has shape (2, 3))"
    refused(TypeError, words, check, "dy", ONES > 0, "y", ONES)


def test_the_shape_that_fits_need_not_be_that_of_the_other_array():
    v.check_fits("b", np.ones(3), (3,), "W", ONES)
    words = "b must have shape (3,) to fit W: b has shape (2,), W has shape (2, 3)"
    refused(ValueError, words, v.check_fits, "b", np.ones(2), (3,), "W", ONES)
    words = "b must have the dtype of W: b is float64 of shape (3,), W is float32 of shape (2, 3)"
    refused(TypeError, words, v.check_fits, "b", np.ones(3), (3,), "W", SINGLE)


# ---------------------------------------------------------------- labels


@pytest.mark.parametrize("kind", [np.int64, np.uint8])
def test_labels_are_handed_on_as_integers(kind):
    labels = np.array([0, 2], kind)
    assert v.as_labels("labels", labels, ONES) is labels
    assert v.as_labels("labels", [2, 0], ONES).tolist() == [2, 0]


HINT = " (one-hot rows become labels by t.argmax(axis=1))"


@pytest.mark.parametrize(
    ("labels", "dtype", "hint"),
    [
        ([0.0, 1.0], "float64", ""),
        ([True, False], "bool", ""),
        (["a", "b"], "<U1", ""),
        ([["a", "b"]], "<U1", ""),
        ([[0.0, 1.0, 0.0]] * 2, "float64", HINT),
        (ONES > 0, "bool", HINT),
        (SINGLE, "float32", HINT),
        (np.ones((1, 2, 3)), "float64", ""),
    ],
)
def test_labels_that_are_no_integers_are_refused_and_one_hot_rows_are_recognized(
    labels, dtype, hint
):
    words = (
        f"t must hold integers, got dtype {dtype}{hint}:"
        f" t has shape {np.shape(labels)}, logits has shape (2, 3)"
    )
    refused(TypeError, words, v.as_labels, "t", labels, ONES)


@pytest.mark.parametrize(
    ("labels", "hint"), [([0], ""), (0, ""), ([[0, 1, 0]] * 2, HINT), ([[[0]]], "")]
)
def test_labels_are_one_for_each_row(labels, hint):
    words = (
        f"t must have shape (2,), one label for each row of logits{hint}:"
        f" t has shape {np.shape(labels)}, logits has shape (2, 3)"
    )
    refused(ValueError, words, v.as_labels, "t", labels, ONES)


@pytest.mark.parametrize(("labels", "low", "high"), [([-1, 2], -1, 2), ([3, 0], 0, 3)])
def test_labels_lie_among_the_columns(labels, low, high):
    words = (
        "t must lie in 0 to 2, one for each column of logits:"
        f" t has shape (2,) and goes from {low} to {high}, logits has shape (2, 3)"
    )
    refused(ValueError, words, v.as_labels, "t", labels, ONES)


# ---------------------------------------------------------------- weights, numbers, generators


@pytest.mark.parametrize("shape", [(3,), (1, 2, 3), (0, 2), (2, 0)])
def test_weights_are_a_matrix(shape):
    words = f"W must have shape (n_in, n_out), none of them 0, got shape {shape}"
    refused(ValueError, words, v.check_weights, np.ones(shape), None)


def test_biases_are_one_for_each_column_of_weights_or_missing():
    v.check_weights(ONES, None)
    v.check_weights(ONES, np.ones(3))
    words = "b must have shape (3,) to fit W: b has shape (2,), W has shape (2, 3)"
    refused(ValueError, words, v.check_weights, ONES, np.ones(2))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (None, "NoneType"),
        (1.5, "float"),
        ([1.0], "list"),
        (np.ones(2, int), "ndarray of dtype int64 and shape (2,)"),
        (np.float64(1), "float64 of dtype float64 and shape ()"),
        (np.ones(2, np.float16), "ndarray of dtype float16 and shape (2,)"),
    ],
)
def test_what_stands_in_place_of_an_array_is_named_by_type_dtype_and_shape(value, found):
    assert v.not_floats(value) == found
    words = f"dW must be an array of float64 or float32, got {found}"
    refused(TypeError, words, v.check_is_array, "dW", value)


def test_arrays_of_both_float_types_are_arrays():
    v.check_is_array("dW", ONES)
    v.check_is_array("dW", SINGLE)


@pytest.mark.parametrize(
    ("dtype", "found"),
    [("f8", np.float64), (float, np.float64), (np.float32, np.float32), ("float32", np.float32)],
)
def test_a_dtype_may_be_written_in_any_way(dtype, found):
    assert v.as_float_dtype(dtype) == found
    assert isinstance(v.as_float_dtype(dtype), np.dtype)


def test_other_dtypes_are_refused():
    words = "dtype must be float64 or float32, got int64"
    refused(TypeError, words, v.as_float_dtype, np.int64)
    for value in ("foo", 3):
        words = f"dtype must be float64 or float32, got {value!r}"
        error = refused(TypeError, words, v.as_float_dtype, value)
        assert error.__cause__ is not None
    words = "dtype must be float64 or float32, got {'names': ['a'], 'formats': []}"
    refused(TypeError, words, v.as_float_dtype, {"names": ["a"], "formats": []})


@pytest.mark.parametrize("value", [1, 7, np.int64(7), np.uint8(7)])
def test_a_positive_integer_becomes_an_int(value):
    found = v.as_positive_int("n", value)
    assert found == int(value)
    assert type(found) is int


@pytest.mark.parametrize("value", [1.0, True, "1", None, np.array(1)])
def test_no_integer_is_refused(value):
    refused(TypeError, f"n must be an integer, got {value!r}", v.as_positive_int, "n", value)


@pytest.mark.parametrize("value", [0, -1, np.int64(0)])
def test_integers_below_one_are_refused(value):
    refused(ValueError, f"n must be at least 1, got {value!r}", v.as_positive_int, "n", value)


@pytest.mark.parametrize("value", [0.5, 3, np.float32(0.5), np.int64(2), 5e-324, 1.7e308])
def test_a_positive_number_becomes_a_float(value):
    found = v.as_positive_float("lr", value)
    assert found == float(value)
    assert type(found) is float


@pytest.mark.parametrize("value", ["1", True, None, 1j, np.ones(1)])
def test_no_number_is_refused(value):
    refused(TypeError, f"lr must be a number, got {value!r}", v.as_positive_float, "lr", value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0.0"),
        (0.0, "0.0"),
        (-0.5, "-0.5"),
        (math.inf, "inf"),
        (math.nan, "nan"),
        (np.float32(-1), "-1.0"),
        (10**400, "inf"),
    ],
)
def test_numbers_out_of_range_are_refused(value, shown):
    words = f"lr must be finite and above 0, got {shown}"
    refused(ValueError, words, v.as_positive_float, "lr", value)


@pytest.mark.parametrize("value", [0.01, 0.5, np.float32(0.25), 1 - 2**-53, 5e-324])
def test_a_number_between_zero_and_one_is_taken_as_a_float(value):
    found = v.as_fraction("slope", value)
    assert found == float(value)
    assert type(found) is float


def test_numbers_that_do_not_lie_between_zero_and_one_are_refused():
    for value in (1, 1.0, np.float64(1.5), 1e300):
        words = f"slope must be below 1, got {float(value)!r}"
        refused(ValueError, words, v.as_fraction, "slope", value)
    for value in (0, -0.5, math.nan, math.inf, 10**400):
        with pytest.raises(ValueError, match=r"^slope must be finite and above 0, got"):
            v.as_fraction("slope", value)
    refused(TypeError, "slope must be a number, got '0.5'", v.as_fraction, "slope", "0.5")


def test_only_a_generator_is_a_source_of_randomness():
    v.check_rng(np.random.default_rng(0))
    words = "rng must be a numpy.random.Generator, got int"
    refused(TypeError, words, v.check_rng, 0)
    words = "rng must be a numpy.random.Generator, got RandomState"
    refused(TypeError, words, v.check_rng, np.random.RandomState(0))
