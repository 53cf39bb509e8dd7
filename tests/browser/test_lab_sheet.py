"""Worksheets of the lab: their blanks are the package's numbers, rounded by one rule; a class gets
different networks from a seed; what students probably did wrong is named."""

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import course
import numpy as np
import pytest
from hooks.lab.words import sheet as words
from networks import by_the_package, random_network
from visits import Visit, at_rest

import backprop as bp

pytestmark = pytest.mark.browser

CASES = [random_network(seed) for seed in range(2000, 2120)]
RNG = np.random.default_rng(5)
HALVES = [float(f"{k / 10:.1f}5e-{d}") for d in (0, 1, 2, 3) for k in range(-30, 30)]
VALUES = [
    *(RNG.normal(size=300) * 10.0 ** RNG.integers(-7, 6, 300)).tolist(),
    *HALVES,
    *(0.1 * 0.5 + 0.3 * 0.25, 0.7 * 0.5 - 0.35 * 0.1, -0.00004, -0.0, 0.0, 1e6, 2.675, 1.005),
]
KINDS = ["z", "a", "loss", "delta", "dW", "db", "update"]


def easy_network(seed):
    """A network as teachers give it: few units, numbers of one decimal."""
    rng = np.random.default_rng(seed)

    def tenths(*shape):
        return (rng.integers(1, 10, shape) / 10 * rng.choice([-1, 1], shape)).tolist()

    sizes = rng.integers(2, 4, size=rng.integers(2, 5)).tolist()
    n = int(rng.integers(1, 3))
    kinds = ["sigmoid", "tanh", "relu", "leaky_relu", "identity", "sigmoid"]
    layers = [
        {"W": tenths(n_in, n_out), "b": tenths(n_out), "activation": str(rng.choice(kinds))}
        for n_in, n_out in pairwise(sizes)
    ]
    network = {"x": tenths(n, sizes[0]), "layers": layers, "lr": 0.5, "leak": 0.1}
    if seed % 3:
        return network | {"loss": "squared_error", "t": tenths(n, sizes[-1])}
    layers[-1]["activation"] = None
    labels = rng.integers(0, sizes[-1], n).tolist()
    return network | {"loss": "softmax_cross_entropy", "t": labels}


TINY = {
    "x": [[0.5]],
    "t": [[1]],
    "layers": [{"W": [[0.25]], "b": None, "activation": "identity"}],
    "loss": "squared_error",
    "lr": 0.5,
}
RELUS = TINY | {  # half of its units are dead in most networks of this kind
    "layers": [
        {"W": [[0.5] * 5], "b": None, "activation": "relu"},
        {"W": [[0.5]] * 5, "b": None, "activation": "identity"},
    ]
}
TAUGHT = [easy_network(seed) for seed in range(21)]


# ---------------------------------------------------------------- what is right, by the package


def traced(case):
    """All arrays of a pass by the names that blanks have."""
    net, loss = by_the_package(case), getattr(bp, case["loss"])
    found = {
        step.name: np.asarray(step.value) for step in bp.trace(net, loss, case["x"], case["t"])
    }
    depth = len(case["layers"])
    y = found["y"]
    if case["layers"][-1]["activation"]:
        found[f"a{depth}"] = y
    if case["loss"] == "softmax_cross_entropy":
        found["p"] = bp.softmax(y)
    net.backward(loss.gradient(net.forward(case["x"]), case["t"]))
    bp.SGD(net, lr=case["lr"]).step()
    dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
    for l, layer in enumerate(dense, start=1):
        found |= {f"new {name}{l}": getattr(layer, name) for name in layer.parameters}
    return found


def blanks_of(case):
    """Label and value of all blanks."""
    n, found = len(case["x"]), {}
    for name, array in traced(case).items():
        if name == "y" or re.match(r"d[xya]", name):
            continue
        if name == "C":
            found["E" if n == 1 else "C"] = float(array)
            continue
        for index, value in np.ndenumerate(array):
            place = index[1:] if len(index) == 2 and n == 1 and "W" not in name else index
            found[f"{name}_{''.join(str(k + 1) for k in place)}"] = float(value)
    return found


def by_decimal(value, places):
    """The rule of the sheets in another arithmetic: 12 digits, then half away from zero."""
    digits = Decimal(f"{value:.11e}")
    text = f"{digits.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    return text.removeprefix("-") if not Decimal(text) else text


# ---------------------------------------------------------------- what is wrong, by NumPy


SLOPES = {
    "sigmoid": bp.sigmoid_derivative,
    "tanh": bp.tanh_derivative,
    "relu": bp.relu_derivative,
    "identity": np.ones_like,
    None: np.ones_like,
}
VALUE = {"sigmoid": bp.sigmoid, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}


def wrongs(case):
    """Mistakes that students make, as (label, key, value), each computed here by making it."""
    right, n, depth = traced(case), len(case["x"]), len(case["layers"])
    cross = case["loss"] == "softmax_cross_entropy"
    found = []

    def add(name, key, value, *index):
        place = index[1:] if len(index) == 2 and n == 1 and "W" not in name else index
        label = "_".join([name, "".join(str(k + 1) for k in place)]) if index else name
        found.append((label, key, float(value)))

    def each(name, key, array):
        for index, value in np.ndenumerate(np.asarray(array)):
            add(name, key, value, *index)

    y = right["p"] if cross else right["y"]
    T = np.eye(y.shape[1])[case["t"]] if cross else np.asarray(case["t"])
    E = "E" if n == 1 else "C"
    C = float(right["C"])
    if cross:
        add(E, "log_sign", -C)
        add(E, "common_log", -np.log10(y[np.arange(n), case["t"]]).mean())
        each("p", "not_divided", np.exp(right["y"]))
        each(f"delta{depth}", "no_target", y / n)
        each(f"delta{depth}", "logits", (right["y"] - T) / n)
    else:
        add(E, "no_half", ((y - T) ** 2).sum() / n)
        add(E, "one_output", (y - T)[0, 0] ** 2 / 2 / n)
    if n > 1:
        add(E, "no_mean", C * n)

    late = None  # the error of a layer, from weights that are already updated
    for l in range(depth, 0, -1):
        layer = case["layers"][l - 1]
        W, kind = np.array(layer["W"]), layer["activation"]
        b = np.array(layer["b"])
        before = right[f"a{l - 1}"] if l > 1 else np.array(case["x"])
        z, delta, dW = right[f"z{l}"], right[f"delta{l}"], right[f"dW{l}"]
        leak = case["leak"]

        def slope(z, kind=kind, leak=leak):
            return np.where(z > 0, 1, leak) if kind == "leaky_relu" else SLOPES[kind](z)

        def value(z, kind=kind, leak=leak):
            return VALUE.get(kind, lambda z: np.where(z > 0, z, leak * z))(z)

        each(f"z{l}", "no_bias", z - b)
        each(f"z{l}", "sign", -z)
        each(f"z{l}", "twice", 2 * z)
        each(f"z{l}", "one_term", np.outer(before[:, 0], W[0]) + b)
        if W.shape[0] == W.shape[1]:
            each(f"z{l}", "transposed", before @ W.T + b)
        if l > 1:
            each(f"z{l}", "sums_in", right[f"z{l - 1}"] @ W + b)
            each(f"dW{l}", "sums_in", right[f"z{l - 1}"].T @ delta)
        if kind in ("sigmoid", "tanh"):
            each(f"a{l}", "not_activated", z)
            each(f"a{l}", "slope_for_value", slope(z))
        if kind == "sigmoid":
            each(f"a{l}", "exponent", 1 / (1 + np.exp(z)))

        if l == depth:
            da = (y - T) / n
        else:
            after, its = right[f"delta{l + 1}"], np.array(case["layers"][l]["W"])
            da = after @ its.T
            each(f"delta{l}", "one_path", np.outer(after[:, -1], its[:, -1]) * slope(z))
            each(f"delta{l}", "no_weight", after.sum(axis=1, keepdims=True) * slope(z))
            if its.shape[0] == its.shape[1]:
                each(f"delta{l}", "transposed", after @ its * slope(z))
            late = (after if late is None else late) @ right[f"new W{l + 1}"].T * slope(z)
            each(f"delta{l}", "updated", late)
        each(f"delta{l}", "target_minus", -delta)
        each(f"dW{l}", "target_minus", -dW)
        each(f"delta{l}", "half", delta / 2)
        if n > 1:
            each(f"dW{l}", "no_mean", n * dW)
            each(f"delta{l}", "mean_twice", delta / n)
            each(f"dW{l}", "one_sample", np.outer(before[0], delta[0]))
            each(f"db{l}", "one_sample", delta[0])
        if kind in ("sigmoid", "tanh"):
            each(f"delta{l}", "no_slope", da)
            each(f"dW{l}", "no_slope", before.T @ da)
            each(f"delta{l}", "slope_at_a", da * slope(value(z)))
            each(f"delta{l}", "value_for_slope", da * value(z))
            each(f"delta{l}", "slope_of_z", da * (z * (1 - z) if kind == "sigmoid" else 1 - z * z))
        each(f"dW{l}", "no_input", np.ones_like(before).T @ delta)
        each(f"dW{l}", "weight_in", W * delta.sum(axis=0))
        if W.shape[0] == W.shape[1]:
            each(f"dW{l}", "transposed", dW.T)
        each(f"new W{l}", "uphill", W + case["lr"] * dW)
        each(f"new W{l}", "no_rate", W - dW)
        each(f"new b{l}", "only_step", -case["lr"] * right[f"db{l}"])
    # The activations of the layer before were rounded to one decimal.
    if depth > 1:
        W, b = (np.array(case["layers"][1][part]) for part in "Wb")
        each("z2", "early", np.round(right["a1"], 1) @ W + b)
    return found


DECIMALS = 4
UNIT = 10.0**-DECIMALS


def told_apart(case, planted):
    """Those mistakes whose number is nobody else's: neither right, nor another mistake's, nor the
    value of another blank."""
    right = blanks_of(case)
    mine: dict[str, list] = {}
    for label, key, value in planted:
        mine.setdefault(label, []).append((key, value))
    apart = []
    for label, key, value in planted:
        others = [v for k, v in mine[label] if k != key] + list(right.values())
        if all(abs(value - other) > 4 * UNIT for other in others):
            apart.append((label, key, value))
    return apart


# One in three of them, to be quick.
PLANTED = [told_apart(case, wrongs(case))[i % 3 :: 3] for i, case in enumerate(TAUGHT)]


# ---------------------------------------------------------------- what the modules say


COMPUTED = """
  const row = ({ label, kind, value }) => [label, kind, value];
  const found = cases.map((each) => blanks(each).map(row));
  const round = values.map((value) => [0, 1, 2, 3, 4, 6].map((places) => rounded(value, places)));
  const made = taught.map((each, i) => variants(each, i, 6));
  const two = (each, i) => [variants(each, i, 3), variants(each, i + 1000, 3)];
  const again = taught.slice(0, 9).map(two);
  const many = variants(tiny, 1, 200);
  const dying = variants(relus, 7, 12);
  const [half] = blanks(tiny);
  const halves = ["0.12", "0.13", "0.125", "0.14", "0.11", "0.1", "0"].map(
    (typed) => verdict(tiny, half, 2, typed).state);
  const judged = taught.map((each, i) => {
    const all = Object.fromEntries(blanks(each).map((blank) => [blank.label, blank]));
    const judge = (blank, typed, places = 4) => verdict(each, blank, places, typed);
    const wrong = planted[i].map(([label, , value]) => judge(all[label], value.toFixed(4)));
    const written = ({ value }, places) => [
      rounded(value, places), rounded(value, places).replace(".", ",").replace("-", "−"),
      ` ${value}`, value.toFixed(7), `${value * 8} / 8`,
    ];
    const right = Object.values(all).flatMap((blank) => [2, 3, 4].flatMap((places) =>
      written(blank, places).map((typed) => [judge(blank, typed, places).state, typed, places])));
    const off = Object.values(all).map((blank) => judge(blank, String(blank.value + 1.2e-4)).state);
    return { wrong, right, off };
  });
  const [blank] = blanks(taught[0]);
  const other = blanks(taught[1]).slice(0, 2);
  const results = {
    found, round, made, again, many, dying, halves, judged, read: typed.map((text) => answer(text)),
    garbage: typed.map((text) => verdict(taught[0], blank, 4, text).state),
    other: verdict(taught[1], other[0], 4, String(other[1].value)),
    fewer: verdict(taught[1], other[0], 4, other[0].value.toFixed(1)).state,
  };
"""
TYPED = {  # what is typed, and the number it is
    "0.25": 0.25,
    "0,25": 0.25,
    "−.5": -0.5,
    "-1/8": -0.125,
    "½": 0.5,
    "2e-3": 0.002,
    "+3.": 3,
    "0.5/2": 0.25,
    "\uff11\uff0e\uff15": 1.5,  # full width, as Korean keyboards have it
    "– 7": -7,
    "": None,
    " ": None,
    "abc": None,
    "1.2.3": None,
    "1,2,3": None,
    "1/0": None,
    "1/2/3": None,
    "--1": None,
    "0x10": None,
    "NaN": None,
    "Infinity": None,
    "1e999": None,
    "e": None,
    "/": None,
    ".": None,
    "constructor": None,
    "<b>1</b>": None,
    "9" * 400: None,
    "\u0000": None,
    "💥": None,
}


@pytest.fixture(scope="module")
def results(browser, site):
    page = browser.new_page()
    page.goto(f"{site.url}404.html")
    told = page.evaluate(
        f"""async ([at, cases, values, taught, planted, typed, tiny, relus]) => {{
          const {{ blanks, rounded, variants }} = await import(`${{at}}assets/lab/blanks.js`);
          const {{ answer, verdict }} = await import(`${{at}}assets/lab/diagnose.js`);
          {COMPUTED}
          return JSON.stringify(results);
        }}""",
        [site.url, CASES, VALUES, TAUGHT, PLANTED, list(TYPED), TINY, RELUS],
    )
    page.close()
    return json.loads(told)


def assert_same_blanks(found, case):
    right = blanks_of(case)
    assert sorted(label for label, _, _ in found) == sorted(right)
    size = max(1, *(abs(value) for value in right.values()))
    for label, kind, value in found:
        assert abs(value - right[label]) <= 1e-12 * size, (label, value, right[label])
        named = label.partition("_")[0].rstrip("1234")
        expected = {"E": "loss", "C": "loss", "p": "a", "new W": "update", "new b": "update"}
        assert kind == expected.get(named, named)
    order = [label.partition("_")[0] for label, _, _ in found]
    assert order.index("dW1") < order.index("new W1")


def test_blanks_are_the_packages_numbers(results):
    for found, case in zip(results["found"], CASES, strict=True):
        assert_same_blanks(found, case)


def test_another_number_or_label_is_found():
    case = CASES[0]
    right = [[label, "", value] for label, value in blanks_of(case).items()]
    for change in (lambda row: [row[0], "", row[2] + 1e-8], lambda row: [f"{row[0]}1", "", row[2]]):
        with pytest.raises(AssertionError):
            assert_same_blanks([change(right[0]), *right[1:]], case)


def test_numbers_are_rounded_by_the_rule_that_the_sheet_states(results):
    for value, texts in zip(VALUES, results["round"], strict=True):
        for places, text in zip((0, 1, 2, 3, 4, 6), texts, strict=True):
            assert text == by_decimal(value, places), (value, places)
    assert by_decimal(-0.00004, 4) == "0.0000"
    assert by_decimal(2.675, 2) == "2.68", "a half in decimals, though not in binary"
    assert by_decimal(-0.125, 2) == "-0.13"


def alive(network):
    """No sum on a kink, no layer of ReLUs that is dead for a sample."""
    values = traced(network)
    for l, layer in enumerate(network["layers"], start=1):
        z = values[f"z{l}"]
        if "relu" in (layer["activation"] or ""):
            if np.abs(z).min() < 1e-3:
                return False
            if layer["activation"] == "relu" and (z <= 0).all(axis=1).any():
                return False
    return True


def test_a_class_gets_different_easy_networks_of_one_kind(results):
    for given, made in zip(TAUGHT, results["made"], strict=True):
        assert len({json.dumps(each) for each in made}) == len(made) == 6
        for each in made:
            arrays = [each["x"], *(layer[part] for layer in each["layers"] for part in "Wb")]
            flat = np.concatenate([np.ravel(array) for array in arrays])
            assert np.allclose(flat * 10, np.round(flat * 10), atol=1e-9)
            assert [np.shape(layer["W"]) for layer in each["layers"]] == [
                np.shape(layer["W"]) for layer in given["layers"]
            ]
            assert [layer["activation"] for layer in each["layers"]] == [
                layer["activation"] for layer in given["layers"]
            ]
            assert alive(each)
            gradients = [value for name, value in traced(each).items() if name.startswith("dW")]
            assert any(np.abs(dW).max() > 1e-4 for dW in gradients)
    for each in results["dying"]:
        gradients = [value for name, value in traced(each).items() if name.startswith("dW")]
        small = [by_decimal(value, 4) for dW in gradients for value in dW.ravel().tolist()]
        assert sum(float(text) != 0 for text in small) * 2 >= len(small)
    # Of a network of three numbers a class of two hundred gets different ones, too.
    assert len({json.dumps(each) for each in results["many"]}) == 200


def test_a_number_in_the_middle_may_be_rounded_either_way(results):
    assert results["halves"] == ["right", "right", "right", "near", "near", "few", "wrong"]


def test_a_seed_brings_the_same_sheets_back_however_many_there_are(results):
    for made, (same, other) in zip(results["made"], results["again"], strict=False):
        assert made[:3] == same
        assert made[:3] != other


def test_mistakes_are_named(results):
    named: dict[str, list[bool]] = {}
    for planted, judged in zip(PLANTED, results["judged"], strict=True):
        for (_, key, _), told in zip(planted, judged["wrong"], strict=True):
            named.setdefault(key, []).append(told.get("key") == key)
    total = [one for each in named.values() for one in each]
    shares = {key: (sum(each) / len(each), len(each)) for key, each in named.items()}
    assert len(total) > 900
    assert sum(total) / len(total) > 0.95, shares
    assert min(share for share, _ in shares.values()) > 0.8, shares
    assert len(named) >= 28
    for key in named:
        assert f"is_{key}" in words.WORDS["en"]


def test_a_right_answer_is_never_refused_and_nothing_typed_is_an_exception(results):
    for judged in results["judged"]:
        for state, typed, places in judged["right"]:
            assert state == "right", (typed, places)
        assert set(judged["off"]) <= {"near"}
    for typed, read, state in zip(TYPED, results["read"], results["garbage"], strict=True):
        right = TYPED[typed]
        assert (read["value"] if read else None) == right, typed
        assert state == ("empty" if not typed.strip() else state)
        assert (state == "unreadable") == (right is None and bool(typed.strip())), typed
    assert results["other"]["state"] == "wrong"
    assert results["fewer"] in ("few", "right")


# ---------------------------------------------------------------- the panel


PAGE = "lab/your-network/"
MARGIN = dict.fromkeys(("top", "bottom", "left", "right"), "12mm")


@pytest.fixture(scope="module")
def panel(browser, site):
    with Visit(browser, site, f"{PAGE}?preset=network_222", width=360) as visit:
        opened(visit)
        yield visit
        assert visit.complaints == []


def opened(visit):
    visit.page.locator("#bp-tab-sheet").click()
    visit.page.wait_for_selector(".bp-worksheet .bp-picture svg")
    visit.page.evaluate("window.print = () => (window.printed = true)")


def blank(page, label):
    return page.get_by_label(re.compile(rf"^{label}\s*=\s*$"))


def told(page, label):
    return page.locator(f"#{blank(page, label).get_attribute('aria-describedby')}").inner_text()


def answers(page):
    """The answers under the sheet that is shown, by label."""
    return dict(
        page.locator("details .bp-blank").evaluate_all(
            """all => all.map((e) => [e.querySelector(".bp-label").textContent,
                                       e.querySelector(".bp-value").textContent])"""
        )
    )


def test_answers_are_judged_as_they_are_typed_and_kept(panel):
    page = panel.page
    right = answers(page)
    assert right["E"] == by_decimal(blanks_of(network(page))["E"], 4)
    for label, typed, said in (
        ("z1_1", right["z1_1"].replace(".", ","), "Right."),
        ("z1_2", right["z1_1"], "This is z1_1."),
        ("a1_1", "much", "cannot be read"),
        ("δ2_1", right["δ2_1"].replace("−", "") + "−", "cannot be read"),
        ("new W1_11", "12345", "Not this"),
    ):
        blank(page, label).fill(typed)
        blank(page, label).press("Enter")
        assert said in told(page, label)
        assert said in page.locator(".bp-told").inner_text()
        invalid = blank(page, label).get_attribute("aria-invalid")
        assert invalid == (None if said == "Right." else "true")
    page.get_by_role("button", name="Check all").click()
    assert "1 right, 4 to look at again" in page.locator(".bp-told").inner_text()
    at_rest(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.reload()
    panel.settle()
    page.locator(".bp-worksheet").wait_for()
    page.evaluate("window.print = () => (window.printed = true)")
    assert blank(page, "z1_2").input_value() == right["z1_1"]
    assert told(page, "z1_2") == "This is z1_1."
    assert blank(page, "a1_1").input_value() == "much"


def network(page):
    return page.evaluate("document.querySelector('backprop-lab').network")


def test_what_is_drawn_and_given_gives_nothing_away(panel):
    page = panel.page
    numbers = page.locator(".bp-worksheet .bp-picture .bp-number").all_text_contents()
    its = network(page)
    given = [*its["x"][0], *its["t"][0]]
    for layer in its["layers"]:
        given += [*layer["b"], *(w for row in layer["W"] for w in row)]
    assert sorted(numbers) == sorted(f"{value:g}".replace("-", "−") for value in given)
    cells = page.locator(".bp-worksheet td").all_inner_texts()
    assert sorted(cells) == sorted(f"{value:g}".replace("-", "−") for value in given)


def test_choices_that_make_no_sheet_are_told_in_words(panel):
    page = panel.page
    page.get_by_label("other numbers for each student").check()
    wrong = page.locator(".bp-wrong")
    for field, bad, good in (("Students", "100", "30"), ("Seed", "-1", "123")):
        page.get_by_label(field).fill(bad)
        assert wrong.inner_text().startswith(f"{field}: a whole number")
        assert not page.get_by_role("button", name="Print").is_visible()
        assert page.get_by_label(field).input_value() == bad
        page.get_by_label(field).fill(good)
        assert not wrong.is_visible()
    boxes = page.locator(".bp-sheets fieldset input[type=checkbox]")
    for box in boxes.all():
        box.uncheck()
    assert "at least one" in wrong.inner_text()
    for box in boxes.all():
        box.check()
    assert page.locator(".bp-worksheet input").count() == len(answers(page)) == 37


def test_a_link_brings_sheet_seven_back(panel, browser, site):
    page = panel.page
    page.get_by_label("Sheet shown").select_option(index=6)
    assert page.locator(".bp-preview .bp-which").inner_text() == "Sheet 7 of seed 123"
    link = page.get_by_role("link", name="Link to these sheets").get_attribute("href")
    with Visit(browser, site, f"ko/{PAGE}{link[link.index('?') :]}") as visit:
        visit.page.wait_for_selector(".bp-worksheet .bp-picture svg")
        assert answers(visit.page) == answers(page)
        assert visit.page.locator(".bp-preview .bp-which").inner_text() == "연습지 7 (시드 123)"
        assert "undefined" not in visit.page.locator(".bp-sheets").inner_text()
        blank(visit.page, "z1_1").fill("?")
        blank(visit.page, "z1_1").press("Enter")
        assert "수로 읽을 수 없습니다" in told(visit.page, "z1_1")
        assert visit.complaints == []


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def printed(page):
    page.get_by_role("button", name="Print", exact=True).click()
    page.wait_for_function("window.printed")
    page.evaluate("window.printed = false")


def test_thirty_sheets_are_thirty_pages_and_the_answers_behind_them(panel):
    page = panel.page
    printed(page)
    sheets = page.locator(".bp-worksheets .bp-which").all_text_contents()
    assert sheets == [f"Sheet {i} of seed 123" for i in range(1, 31)] * 2
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 703, "height": 1000})  # 186 mm, what the margins leave
    assert not page.locator("h1").is_visible()
    small = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll(".bp-worksheets :is(p, td, span, text)")]
          .map((e) => parseFloat(getComputedStyle(e).fontSize)))"""
    )
    assert small >= 9 * 96 / 72
    look = page.locator(".bp-worksheets .bp-label").first.evaluate(
        """e => [getComputedStyle(e).color,
                getComputedStyle(e.closest(".bp-worksheets")).backgroundColor]"""
    )
    assert look == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    heights = page.locator(".bp-worksheet").evaluate_all(
        "all => all.map((e) => e.getBoundingClientRect().height)"
    )
    assert max(heights) < 1030  # of 273 mm
    assert page.locator(".bp-worksheets .bp-value").first.is_visible()
    both = pages_of(page.pdf(format="A4", margin=MARGIN))
    assert 30 + 5 <= both <= 30 + 8  # four or more students' answers on a page
    assert page.locator("h1").is_visible(), "after printing all is as before"
    page.emulate_media(media="null")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("print the answers, too").uncheck()
    page.get_by_label("Students").fill("3")
    printed(page)
    assert pages_of(page.pdf(format="A4", margin=MARGIN)) == 3


def test_a_larger_network_fits_two_pages(panel):
    page = panel.page
    case = TAUGHT[1] | {
        "x": [[0.1, 0.2, 0.3]],
        "t": [[1, 0]],
        "layers": [
            {"W": [[0.1, -0.2, 0.3, 0.4]] * 3, "b": [0.1] * 4, "activation": "relu"},
            {"W": [[0.1, -0.2]] * 4, "b": [0.5, 0.25], "activation": "sigmoid"},
        ],
    }
    page.evaluate("network => document.querySelector('backprop-lab').take(network)", case)
    page.get_by_label("Students").fill("1")
    printed(page)
    assert pages_of(page.pdf(format="A4", margin=MARGIN)) == 2
    huge = case | {"layers": [case["layers"][0] | {"W": [[1e200] * 4] * 3}, case["layers"][1]]}
    huge["layers"][1] = {"W": [[1e200] * 2] * 4, "b": None, "activation": "identity"}
    page.evaluate("network => document.querySelector('backprop-lab').take(network)", huge)
    assert "too large" in page.locator(".bp-wrong").inner_text()


def test_words_of_both_languages_are_the_same_and_every_mistake_has_some():
    assert words.WORDS["en"].keys() == words.WORDS["ko"].keys()
    for key, text in words.WORDS["en"].items():
        korean = words.WORDS["ko"][key]
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", korean))
    source = (course.ROOT / "docs/theme/assets/lab/diagnose.js").read_text(encoding="utf-8")
    keys = set(re.findall(r'(?:\[|made\()"(\w+)", ', source))
    assert keys == {key.removeprefix("is_") for key in words.WORDS["en"] if key.startswith("is_")}
