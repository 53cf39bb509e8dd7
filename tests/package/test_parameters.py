"""The law of parameters: what layers declare, hold, and leave behind in dNAME."""

import math
import re
from types import SimpleNamespace

import numpy as np
import pytest

import backprop as bp
from backprop import parameters as p

ONES = np.ones((2, 3))
SINGLE = ONES.astype(np.float32)


def refused(error, words, check, *arguments, **named):
    """Hold that the check refuses its arguments in exactly these words."""
    with pytest.raises(error, match=f"^{re.escape(words)}$") as caught:
        check(*arguments, **named)
    assert type(caught.value) is error
    return caught.value


def layer(names=("g",), **attributes):
    """An object with parameters, without any class of the package."""
    return SimpleNamespace(parameters=names, **attributes)


def net_of(*layers):
    return SimpleNamespace(layers=list(layers))


# ---------------------------------------------------------------- which parameters there are


def test_parameters_come_in_the_order_of_layers_and_names_with_nested_ones_after_their_own():
    inner = layer(("W",), W=ONES, dW=SINGLE)
    outer = layer(("g", "h"), g=ONES, h=SINGLE, layers=[SimpleNamespace(), inner])
    found = p.parameters_of(net_of(SimpleNamespace(), outer, layer(g=ONES)))
    assert [each.full_name for each in found] == [
        "layers[1].g",
        "layers[1].h",
        "layers[1].layers[1].W",
        "layers[2].g",
    ]
    W = found[2]
    assert (W.place, W.name, W.gradient_name) == (
        "layers[1].layers[1]",
        "W",
        "layers[1].layers[1].dW",
    )
    assert W.layer is inner
    assert W.value is inner.W
    assert W.gradient is inner.dW
    assert found[0].gradient is None
    assert p.parameters_in([inner])[0].full_name == "layers[0].W"
    assert p.parameters_in([]) == []


def test_every_layer_is_found_with_its_place():
    deep = SimpleNamespace()
    middle = SimpleNamespace(layers=(deep,))
    outer = SimpleNamespace(layers=[SimpleNamespace(), middle])
    found = list(p.every_layer([outer, deep]))
    assert [place for place, _ in found] == [
        "layers[0]",
        "layers[0].layers[0]",
        "layers[0].layers[1]",
        "layers[0].layers[1].layers[0]",
        "layers[1]",
    ]
    assert [each is deep for _, each in found] == [False, False, False, True, True]
    assert found[2][1] is middle


# ---------------------------------------------------------------- what a layer declares


def test_a_layer_may_declare_nothing_and_names_in_a_list_or_tuple():
    p.check_declared(SimpleNamespace())
    p.check_declared(layer(()))
    p.check_declared(layer(["g"], g=1))
    p.check_declared(layer(("g", "h"), g=1, h=None))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("gamma", "a tuple of names, got the string 'gamma': write ('gamma',)"),
        ({"g"}, "a tuple of names, got {'g'}"),
        (None, "a tuple of names, got None"),
        (("g", 1), "a tuple of names, got ('g', 1)"),
        ([1, "g"], "a tuple of names, got [1, 'g']"),
    ],
)
def test_parameters_that_are_no_names_are_refused(names, words):
    refused(TypeError, f"parameters must be {words}", p.check_declared, layer(names, g=1))


def test_a_name_without_an_attribute_is_refused():
    words = "h is missing, but stands in parameters = ('g', 'h')"
    refused(TypeError, words, p.check_declared, layer(("g", "h"), g=1))


def test_a_name_that_stands_there_twice_is_refused():
    words = "parameters must name each only once, got ('g', 'h', 'g')"
    refused(TypeError, words, p.check_declared, layer(("g", "h", "g"), g=1, h=1))
    words = "parameters must name each only once, got ['g', 'g']"
    refused(TypeError, words, p.check_declared, layer(["g", "g"], g=1))


@pytest.mark.parametrize(
    ("layers", "kind"), [(None, "NoneType"), ({}, "dict"), (iter(()), "tuple_iterator")]
)
def test_layers_of_a_layer_are_a_list(layers, kind):
    net = net_of(SimpleNamespace(), SimpleNamespace(layers=[SimpleNamespace(layers=layers)]))
    words = f"layers[1].layers[0].layers must be a list of layers, got {kind}"
    refused(TypeError, words, p.parameters_of, net)


class Scale:
    """Fills dg, and does not say that it learns g."""

    parameters = ("b",)

    def __init__(self, **attributes):
        self.__dict__.update({"b": 0.0, "db": 0.0}, **attributes)


def test_a_gradient_without_a_declaration_is_refused_and_the_class_told_what_to_write():
    words = (
        "layers[1].g is not declared: Scale fills dg (shape (2, 3)), but g is not among its"
        " parameters, so it would not be trained. Write parameters = ('b', 'g') in the class"
    )
    net = net_of(Scale(), Scale(g=ONES, dg=ONES))
    refused(ValueError, words, p.refuse_undeclared, net)
    words = words.replace("layers[1]", "layers[0].layers[1]")
    refused(ValueError, words, p.refuse_undeclared, net_of(net))


def test_a_layer_that_declares_nothing_is_told_what_to_write_too():
    bare = SimpleNamespace(gain=1.0, dgain=np.float64(2))
    words = (
        "layers[0].gain is not declared: SimpleNamespace fills dgain (shape ()), but gain is not"
        " among its parameters, so it would not be trained. Write parameters = ('gain',) in the"
        " class"
    )
    refused(ValueError, words, p.refuse_undeclared, net_of(bare))


@pytest.mark.parametrize(
    ("value", "gradient"),
    [(1, 2), (1.0, np.ones(1)), (np.ones((2, 3)), np.ones(6)), (np.float32(1), 2.0)],
)
def test_numbers_and_arrays_of_one_size_are_a_parameter_and_its_gradient(value, gradient):
    with pytest.raises(ValueError, match=r"^layers\[0\]\.g is not declared: "):
        p.refuse_undeclared(net_of(Scale(g=value, dg=gradient)))


@pytest.mark.parametrize(
    "attributes",
    [
        {"g": ONES, "dg": np.ones(2)},
        {"g": ONES, "dg": None},
        {"g": None, "dg": ONES},
        {"g": "1", "dg": 1},
        {"dg": ONES},
        {"g": ONES},
        {"d": 1.0},
        {"": 1.0, "d": 1.0},
        {"rate": 1.0, "g": 1.0},
        *({name: ONES, f"d{name}": ONES} for name in ("x", "y", "z", "a", "t", "b")),
    ],
    ids="-".join,
)
def test_what_only_looks_like_a_gradient_is_left_alone(attributes):
    p.refuse_undeclared(net_of(Scale(**attributes)))


def began(net, *held):
    """The network, as if its layers had held this before their last forward."""
    net.began = list(zip(net.layers, held, strict=True))
    return net


def test_what_forward_has_made_itself_flows_and_is_no_parameter():
    first, second = Scale(g=ONES, dg=ONES), Scale(h=SINGLE, dh=SINGLE)
    net = net_of(first, second)
    p.refuse_undeclared(began(net, {}, {}))
    p.refuse_undeclared(began(net, {"g": ONES.copy()}, {"h": None}))
    for held in (({"g": ONES}, {}), ({}, {"h": SINGLE})):
        with pytest.raises(ValueError, match=r"^layers\[\d\]\.[gh] is not declared: "):
            p.refuse_undeclared(began(net, *held))
    began(net, {}, {})
    net.layers.append(Scale(g=ONES, dg=ONES))
    with pytest.raises(ValueError, match=r"^layers\[2\]\.g is not declared: "):
        p.refuse_undeclared(net)


def test_names_taken_away_from_one_layer_are_not_asked_for_again():
    still, other = Scale(g=ONES, dg=ONES, parameters=()), Scale()
    p.refuse_undeclared(net_of(still, other))
    other.g = other.dg = ONES
    with pytest.raises(ValueError, match=r"^layers\[1\]\.g is not declared: Scale fills dg"):
        p.refuse_undeclared(net_of(still, other))
    other.parameters = ("b",)
    with pytest.raises(ValueError, match=r"^layers\[1\]\.g is not declared: Scale fills dg"):
        p.refuse_undeclared(net_of(still, other))


def test_beside_what_flows_there_may_be_what_is_not_declared():
    net = net_of(Scale(h=SINGLE, dh=SINGLE, g=ONES, dg=ONES))
    with pytest.raises(ValueError, match=r"^layers\[0\]\.g is not declared: Scale fills dg"):
        p.refuse_undeclared(began(net, {"g": ONES}))


def test_a_number_of_the_class_is_a_parameter_even_if_nothing_was_held():
    class Fixed(Scale):
        g = ONES

    with pytest.raises(ValueError, match=r"^layers\[0\]\.g is not declared: Fixed fills dg"):
        p.refuse_undeclared(began(net_of(Fixed(dg=ONES)), {}))


class Back(SimpleNamespace):
    """An object with a way back."""

    def backward(self, dy):
        return dy

    def __repr__(self):
        return "Back()"


@pytest.mark.parametrize("held", [lambda each: each, lambda each: [1, each], lambda each: (each,)])
def test_a_layer_that_no_list_names_is_refused_once_it_has_gone_back(held):
    hidden = Back(parameters=("W",), W=ONES)
    net = net_of(SimpleNamespace(), SimpleNamespace(note="", part=held(hidden)))
    p.refuse_unlisted(net)
    hidden.dW = ONES
    words = (
        "layers[1].part is not listed: SimpleNamespace goes through a layer with parameters,"
        " Back(), which would not be trained. Let layers[1].layers be a list of all the layers it"
        " is made of (or parameters of that layer be (), if it is to stay as it is)"
    )
    refused(ValueError, words, p.refuse_unlisted, net)
    refused(ValueError, words, p.refuse_undeclared, net)
    refused(
        ValueError,
        words.replace("layers[1]", "layers[0].layers[1]"),
        p.refuse_unlisted,
        net_of(net),
    )
    net.layers[1].layers = [hidden]
    p.refuse_unlisted(net)
    hidden.parameters = ()
    del net.layers[1].layers
    p.refuse_unlisted(net)


def test_has_gone_back_is_said_of_layers_with_gradients_only():
    assert p.has_gone_back(Back(parameters=("W",), W=ONES, dW=ONES))
    assert p.has_gone_back(Back(layers=[Back(parameters=("W",), W=ONES, dW=ONES)]))
    assert p.has_gone_back(Back(parameters=("W", "b"), W=ONES, dW=None, b=ONES, db=ONES))
    assert not p.has_gone_back(Back())
    assert not p.has_gone_back(Back(parameters=("W",), W=ONES))
    assert not p.has_gone_back(Back(parameters=("W",), W=ONES, dW=None))
    assert not p.has_gone_back(SimpleNamespace(parameters=("W",), W=ONES, dW=ONES))
    assert not p.has_gone_back(SimpleNamespace(backward=1, parameters=("W",), W=ONES, dW=ONES))
    assert not p.has_gone_back(type("Kind", (Back,), {"parameters": ("W",), "dW": ONES}))
    assert not p.has_gone_back(Back(layers=3, parameters=("W",), dW=ONES))
    fresh = bp.Dense([[1.0]])
    assert not p.has_gone_back(fresh), "its gradients are those it began with"
    fresh.forward([[1.0]])
    fresh.backward([[1.0]])
    assert p.has_gone_back(fresh)


def test_a_layer_without_attributes_of_its_own_is_left_alone():
    class Slots:
        __slots__ = ("dg", "g")

    slots = Slots()
    slots.g = slots.dg = 1.0
    p.refuse_undeclared(net_of(slots))


# ---------------------------------------------------------------- the parameters themselves


def test_finite_arrays_of_both_float_types_are_parameters():
    p.check_layer(SimpleNamespace())
    p.check_layer(layer(("g", "h"), g=ONES, h=SINGLE))
    p.check_layer(layer(g=np.array(1.0)))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2, "got int: make it one, with np.array(2.0)"),
        (0.5, "got float: make it one, with np.array(0.5)"),
        (
            np.float32(0.5),
            "got float32 of dtype float32 and shape (): make it one, with np.array(0.5)",
        ),
        (
            np.ones(2, int),
            "got ndarray of dtype int64 and shape (2,): make it one, with .astype(float)",
        ),
        (
            np.ones(2, np.uint8),
            "got ndarray of dtype uint8 and shape (2,): make it one, with .astype(float)",
        ),
        (np.ones(2, bool), "got ndarray of dtype bool and shape (2,)"),
        (np.ones(2, np.float16), "got ndarray of dtype float16 and shape (2,)"),
        ([1.0], "got list"),
        (None, "got NoneType"),
    ],
)
def test_what_is_no_array_of_floats_is_refused_and_made_one_by_the_words(value, words):
    words = f"g must be an array of float64 or float32, {words}"
    refused(TypeError, words, p.check_layer, layer(g=value))
    refused(TypeError, words, p.check_layer, layer(("h", "g"), g=value, h=ONES))


def test_declaration_kind_fit_and_finiteness_are_looked_at_in_this_order():
    class Fitting:
        parameters = ("g", "h")
        g, h = ONES * math.nan, ONES

        def check_parameters(self):
            raise ValueError("g does not fit h")

    fitting = Fitting()
    refused(ValueError, "g does not fit h", p.check_layer, fitting)
    fitting.h = 1.0
    with pytest.raises(TypeError, match=r"^h must be an array"):
        p.check_layer(fitting)
    fitting.parameters = "g"
    with pytest.raises(TypeError, match=r"^parameters must be a tuple"):
        p.check_layer(fitting)


def test_a_parameter_that_is_not_finite_is_refused_by_name():
    words = "h must be finite, got nan at index [0, 0] (h has shape (2, 3))"
    refused(ValueError, words, p.check_layer, layer(("g", "h"), g=ONES, h=ONES * math.nan))


def test_layers_and_what_they_are_made_of_are_named_by_place():
    bad = layer(g=1.0)
    words = "g must be an array of float64 or float32, got float: make it one, with np.array(1.0)"
    refused(TypeError, f"layers[1].{words}", p.check_layers, [SimpleNamespace(), bad])
    nested = SimpleNamespace(layers=[SimpleNamespace(), SimpleNamespace(), bad])
    refused(TypeError, f"layers[2].{words}", p.check_layer, nested)
    error = refused(TypeError, f"layers[0].layers[2].{words}", p.check_layers, [nested])
    assert error.__cause__ is None
    bad.g = ONES * math.inf
    words = "layers[2].g must be finite, got inf at index [0, 0] (g has shape (2, 3))"
    refused(ValueError, words, p.check_layer, nested)


def test_one_dtype_is_that_of_all():
    assert p.one_dtype([]) is None
    assert p.one_dtype(p.parameters_in([layer(g=SINGLE), layer(g=SINGLE)])) == np.float32
    assert p.one_dtype(p.parameters_in([layer(g=ONES)])) == np.float64


def test_several_dtypes_are_refused_naming_the_neighbours_that_differ():
    first, second = layer(("g", "h"), g=ONES, h=np.ones(2)), layer(g=ONES[0])
    third = layer(("k", "l"), k=SINGLE, l=np.ones(1, np.float32))
    words = (
        "layers must have one dtype: layers[1].g has shape (3,), layers[2].k (2, 3);"
        " float64, float32"
    )
    refused(TypeError, words, p.one_dtype, p.parameters_in([first, second, third]))
    words = (
        "layers must have one dtype: layers[0].g has shape (2, 3), layers[0].h (2, 3);"
        " float64, float32"
    )
    mixed = layer(("g", "f", "h"), g=ONES, f=ONES[0], h=SINGLE)
    refused(TypeError, words, p.one_dtype, p.parameters_in([mixed]))


# ---------------------------------------------------------------- found in order


def test_what_was_found_in_order_is_listed_once():
    inner, outer = layer(("W",), W=SINGLE), layer(g=SINGLE)
    outer.layers = [inner]
    layers = [outer, SimpleNamespace()]
    sound = p.Sound(layers)
    assert sound.layers == layers
    assert sound.layers is not layers
    assert sound.every == [outer, inner, layers[1]]
    assert [each.full_name for each in sound.parameters] == ["layers[0].g", "layers[0].layers[0].W"]
    assert [(name, array is SINGLE) for _, name, array in sound.arrays] == [
        ("g", True),
        ("W", True),
    ]
    assert [owner for owner, _, _ in sound.arrays] == [outer, inner]
    assert sound.dtype == np.float32
    assert sound.all_declared is False
    assert p.Sound([SimpleNamespace()]).dtype is None


def test_layers_are_still_sound_while_the_same_arrays_stand_there():
    inner, outer, last = layer(("W",), W=ONES.copy()), layer(g=ONES.copy()), SimpleNamespace()
    outer.layers = (inner, SimpleNamespace())
    layers = [outer, last]
    sound = p.Sound(layers)
    assert sound.still(layers)
    inner.W[:] = 5
    inner.other = 3
    assert sound.still([outer, last])


def test_the_same_objects_are_meant_and_equal_ones_are_not_enough():
    one, equal = SimpleNamespace(i=1), SimpleNamespace(i=1)
    assert one == equal
    assert p.same([one, equal], (one, equal))
    assert p.same([], [])
    assert not p.same([equal], [one])
    assert not p.same([one, equal], [one, one])
    assert not p.same([one], [one, equal])
    assert not p.same([one, equal], [one])
    assert not p.same(None, [one])
    assert not p.same(iter([one]), [one])


@pytest.mark.parametrize(
    "change", ["exchange", "shorten", "nested", "array", "gone", "equal", "names"]
)
def test_layers_are_not_sound_any_more_once_something_else_stands_there(change):
    inner, outer, last = layer(("W",), W=ONES.copy()), layer(g=ONES.copy()), SimpleNamespace(i=1)
    outer.layers = [inner]
    layers = [outer, last]
    sound = p.Sound(layers)
    if change == "exchange":
        layers[1] = SimpleNamespace(i=1)
    elif change == "shorten":
        layers.pop()
    elif change == "nested":
        outer.layers.append(SimpleNamespace())
    elif change == "array":
        inner.W = SINGLE
    elif change == "gone":
        del outer.g
    elif change == "names":
        inner.parameters = ()
    elif change == "equal":
        outer.g = outer.g.copy()
    assert not sound.still(layers)


# ---------------------------------------------------------------- their gradients


def test_a_gradient_has_the_shape_and_dtype_of_its_parameter():
    p.check_gradient("W", ONES, ONES * 2)
    p.check_gradient("W", SINGLE, SINGLE)
    p.check_gradient("g", np.array(1.0), np.float64(3))
    p.check_gradients_left(layer(g=ONES, dg=ONES))
    p.check_gradients_left(SimpleNamespace())


@pytest.mark.parametrize(
    ("gradient", "found"),
    [
        (None, "NoneType"),
        (1.0, "float"),
        ([1.0], "list"),
        (np.ones((2, 3), int), "ndarray of dtype int64 and shape (2, 3)"),
        (
            np.ma.masked_array(ONES, ONES > 2),
            "MaskedArray of dtype float64 and shape (2, 3)",
        ),
    ],
)
def test_a_gradient_that_is_none_or_no_array_is_refused(gradient, found):
    words = (
        f"dW must be an array of float64 or float32, got {found}:"
        " backward must leave one of shape (2, 3), that of W"
    )
    refused(TypeError, words, p.check_gradient, "W", ONES, gradient)
    refused(TypeError, words, p.check_gradients_left, layer(("W",), W=ONES, dW=gradient))
    words = words.replace("dW", "layers[1].dW").replace("of W", "of layers[1].W")
    refused(TypeError, words, p.check_gradient, "W", ONES, gradient, "layers[1].")


def test_a_gradient_that_was_never_made_is_refused():
    words = (
        "dg must be an array of float64 or float32, got NoneType:"
        " backward must leave one of shape (2, 3), that of g"
    )
    refused(TypeError, words, p.check_gradients_left, layer(g=ONES))


def test_a_gradient_of_another_shape_or_dtype_is_refused():
    words = "dW must have shape (2, 3) to fit W: dW has shape (3, 2), W has shape (2, 3)"
    refused(ValueError, words, p.check_gradient, "W", ONES, SINGLE.T)
    words = (
        "l.dW must have the dtype of l.W: l.dW is float32 of shape (2, 3),"
        " l.W is float64 of shape (2, 3)"
    )
    refused(TypeError, words, p.check_gradient, "W", ONES, SINGLE, "l.")


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_gradient_that_is_not_finite_is_refused_unless_that_is_let_through(bad):
    one = layer(("W", "b"), W=SINGLE, dW=SINGLE, b=SINGLE, db=SINGLE * np.float32(bad))
    words = "db overflows: a number in it is too large for float32 (db has shape (2, 3))"
    refused(ValueError, words, p.check_gradients_left, one)
    nested = SimpleNamespace(layers=[SimpleNamespace(), one])
    error = refused(ValueError, f"layers[1].{words}", p.check_gradients_left, nested)
    assert error.__cause__ is None
    p.check_gradients_left(one, lenient=True)
    p.check_gradients_left(nested, True)
    one.db = None
    with pytest.raises(TypeError, match=r"^layers\[1\]\.db must be an array .* of b$"):
        p.check_gradients_left(nested, True)


def test_dropped_gradients_are_gone_everywhere_and_parameters_stay():
    inner = layer(("W", "b"), W=ONES, dW=ONES, b=ONES, db=ONES, has_gradient=True)
    outer = layer(g=ONES, layers=[inner])
    p.drop_gradients([SimpleNamespace(), outer])
    assert (inner.dW, inner.db, inner.has_gradient, outer.dg) == (None, None, False, None)
    assert inner.W is inner.b is outer.g is ONES
    assert not hasattr(outer, "has_gradient")


def test_a_network_in_a_network_is_a_layer_made_of_layers():
    rng = np.random.default_rng(0)
    inside = bp.Network([bp.Dense.random(2, 3, rng=rng), bp.ReLU()])
    net = bp.Network([inside, bp.Dense.random(3, 1, rng=rng)])
    names = [each.full_name for each in p.parameters_of(net)]
    assert names == [
        "layers[0].layers[0].W",
        "layers[0].layers[0].b",
        "layers[1].W",
        "layers[1].b",
    ]
