"""The lab takes a reader's own network: whatever is typed, pasted or linked becomes exactly that
network, or words that say where and why not."""

import json
import math
import random
import re
import string
import struct
from itertools import pairwise

import numpy as np
import pytest
from hooks.lab.words.bring import WORDS

KINDS = ["sigmoid", "tanh", "relu", "leaky_relu", "identity"]
CROSS = "softmax_cross_entropy"


# Networks, drawn here; what a right one is, said here once more.


def any_number(rng):
    """A number that a double can hold, at most 1e6: easy ones, long ones, any pattern of bits."""
    kind = rng.randrange(5)
    if kind < 2:
        return round(rng.uniform(-1, 1), 1)
    if kind == 2:
        return rng.gauss(0, 1)
    if kind == 3:
        return rng.choice([0.0, -0.0, 1e6, -1e6, 5e-324, 1e-7, 123456.0, 1 / 3])
    while True:
        (value,) = struct.unpack("<d", rng.randbytes(8))
        if math.isfinite(value) and abs(value) <= 1e6:
            return value


def any_network(rng, number=any_number):
    sizes = [rng.randint(1, 5) for _ in range(rng.randint(2, 5))]
    samples = rng.randint(1, 4)
    cross = rng.random() < 0.4

    def rows(n, m):
        return [[number(rng) for _ in range(m)] for _ in range(n)]

    layers = [
        {
            "W": rows(n, m),
            "b": rows(1, m)[0] if rng.random() < 0.7 else None,
            "activation": rng.choice(KINDS),
        }
        for n, m in pairwise(sizes)
    ]
    network = {
        "x": rows(samples, sizes[0]),
        "t": rows(samples, sizes[-1]),
        "layers": layers,
        "loss": "squared_error",
        "lr": rng.choice([0.5, 0.1, 1e-3, rng.uniform(1e-9, 10)]),
    }
    if cross:
        layers[-1]["activation"] = None
        network |= {"loss": CROSS, "t": [rng.randrange(sizes[-1]) for _ in range(samples)]}
    if rng.random() < 0.5:
        network["leak"] = rng.uniform(0.001, 0.999)
    return network


def is_number(value):
    real = isinstance(value, (int, float)) and not isinstance(value, bool)
    return real and math.isfinite(value) and abs(value) <= 1e6


def is_matrix(value, n, m):
    return (
        isinstance(value, list)
        and len(value) == n
        and all(
            isinstance(row, list) and len(row) == m and all(map(is_number, row)) for row in value
        )
    )


def is_network(its):
    try:
        return _is_network(its)
    except (KeyError, TypeError, IndexError, AttributeError):
        return False


def _is_network(its):
    n, width, layers = len(its["x"]), len(its["x"][0]), its["layers"]
    cross = its["loss"] == CROSS
    if not (1 <= n <= 4 and 1 <= width <= 5 and is_matrix(its["x"], n, width)):
        return False
    if not isinstance(layers, list) or not 1 <= len(layers) <= 4:
        return False
    for layer in layers:
        units = len(layer["W"][0])
        if not (1 <= units <= 5 and is_matrix(layer["W"], width, units)):
            return False
        if layer["b"] is not None and not is_matrix([layer["b"]], 1, units):
            return False
        logits = cross and layer is layers[-1]
        if layer["activation"] not in ([None] if logits else KINDS):
            return False
        width = units
    if cross:
        right = isinstance(its["t"], list) and len(its["t"]) == n
        right = right and all(is_number(t) and t in range(width) for t in its["t"])
    else:
        right = its["loss"] == "squared_error" and is_matrix(its["t"], n, width)
    leak = its.get("leak", 0.5)
    return right and is_number(its["lr"]) and its["lr"] > 0 and is_number(leak) and 0 < leak < 1


def bits(value):
    """The same structure with each number as its bits: 0.0 and -0.0 differ."""
    if isinstance(value, dict):
        return {key: bits(each) for key, each in value.items()}
    if isinstance(value, list):
        return [bits(each) for each in value]
    return struct.pack("<d", value) if isinstance(value, (int, float)) else value


def assert_said(problem):
    """A problem says why, in both languages, with a value for every place in the words."""
    for words in WORDS.values():
        text = words[f"why_{problem['why']}"]
        known = {"shown", *problem.get("values", {})}
        assert set(re.findall(r"\{(\w+)\}", text)) <= known, problem
    if "line" in problem:
        assert problem["line"] >= 1
        assert problem["column"] >= 1


@pytest.fixture(scope="module")
def page(browser, site):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(site.url)
    yield page
    page.close()


@pytest.fixture(scope="module")
def run(page):
    """Runs a function of the lab's modules and of data, in the browser."""
    found = page.evaluate(
        """async () => {
          const files = ["network", "easy", "link", "reading", "pasted"];
          const modules = await Promise.all(files.map((file) => import(`./assets/lab/${file}.js`)));
          window.lab = Object.assign({}, ...modules);
          window.frozen = (value) => {
            if (value && typeof value === "object") Object.values(value).forEach(frozen);
            return Object.freeze(value);
          };
          window.unpacked = (text) =>
            JSON.parse(text, (_, value) => (/^@/.test(value) ? Number(value.slice(1)) : value));
          const named = (_, value) => (Object.is(value, -0) ? "@-0" : value);
          window.packed = (value) => JSON.stringify(value, named).replaceAll('"@-0"', "-0.0");
          return Object.keys(lab);
        }"""
    )
    assert "toText" in found

    def of(function, data=None):
        """Data goes as text, which is quick; what JSON has no word for goes by name."""
        text = re.sub(r"(?<=[\[ ])(NaN|-?Infinity)(?=[,\]}])", r'"@\1"', json.dumps(data))
        results = page.evaluate(f"(text) => packed(({function})(unpacked(text)))", text)
        return json.loads(results, parse_float=float)

    return of


def damaged(text, rng, letters):
    """A text with a few characters lost, changed or doubled, or its end cut off."""
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(text) + 1)
        text = rng.choice(
            [
                text[:at],
                text[:at] + text[at + 1 :],
                text[:at] + rng.choice(letters) + text[at:],
                text[:at] + rng.choice(letters) + text[at + 1 :],
                text[:at] + text[at : at + 9] + text[at:],
            ]
        )
    return text


# Links.


@pytest.mark.browser
def test_a_link_restores_exactly_the_network(run):
    rng = random.Random(1)
    cases = [any_network(rng) for _ in range(300)]
    options = [
        {},
        {"convention": "columns"},
        {"title": "시험 — 3반 ½ \U0001f600", "deep": {"list": [1, None, "a_b.c-d/e+f=?>"]}},
    ]
    given = [[case, rng.choice(options)] for case in cases]
    results = run(
        """(cases) => cases.map(([network, options]) => {
          const mine = { ...options, drafts: { paste: "mine" } };
          const text = lab.toText(frozen(network), frozen(mine));
          const mailed = `  ${text.slice(0, 70)}\\n${text.slice(70)}.`;
          return [text, lab.fromText(text), lab.fromText(mailed)];
        })""",
        given,
    )
    for (network, option), (text, found, mailed) in zip(given, results, strict=True):
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]", text)
        assert bits(found["network"]) == bits(network)
        assert found["options"] == option
        assert bits(mailed) == bits(found)


@pytest.mark.browser
def test_a_damaged_link_is_a_network_or_a_problem_in_words(run):
    rng = random.Random(2)
    networks = [any_network(rng) for _ in range(40)]
    texts = run("(all) => all.map((network) => lab.toText(network, { seed: 7 }))", networks)
    cut = [text[:at] for text in texts for at in rng.sample(range(len(text)), 12)]
    letters = string.ascii_letters + string.digits + "_.-%+ é\n"
    nonsense = [
        "",
        "_",
        "n",
        "z",
        "null",
        "n2s2q1",
        "n2s2q1_z",
        "n2s9q1_1_z",
        "n0s1q1_1_z",
        "n2q1_z",
    ]
    nonsense += [
        "n1" + "s1" * 5 + "q1_1_z",
        "n1s1q9_1_z",
        "n1s1q1_1_1_e_1_1_z",
        "n1s1q1_1_1e999_1_1_1_z",
    ]
    spoilt = [damaged(rng.choice(texts), rng, letters) for _ in range(1200)] + nonsense
    spoilt += ["".join(rng.choices(letters, k=rng.randint(0, 60))) for _ in range(200)]
    results = run("(all) => all.map((text) => lab.fromText(text))", cut + spoilt)
    for text, found in zip(cut + spoilt, results, strict=True):
        if "network" in found:
            assert is_network(found["network"]), text
        else:
            assert found["problems"]
            for problem in found["problems"]:
                assert_said(problem)
    # What is cut off is never taken for a whole network.
    assert all("problems" in found for found in results[: len(cut)])


# Networks.

JUNK: list = [
    None,
    True,
    "a",
    "1",
    [],
    {},
    [[]],
    [[1, 2], [3]],
    1e7,
    math.nan,
    math.inf,
    -1,
    0,
    0.5,
    9,
]


def places(value, path=()):
    yield path
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def spoilt(network, rng):
    network = json.loads(json.dumps(network))
    *path, last = rng.choice([path for path in places(network) if path])
    part = network
    for key in path:
        part = part[key]
    what = rng.random()
    if what < 0.6:
        part[last] = rng.choice(JUNK)
    elif what < 0.8:
        del part[last]
    elif isinstance(part, list):
        part.insert(last, part[last])
    else:
        part[last] = [part[last], part[last]]
    return network


@pytest.mark.browser
def test_what_is_no_network_is_refused_in_words_and_what_is_one_is_not(run):
    rng = random.Random(3)
    cases = [spoilt(any_network(rng), rng) for _ in range(1500)] + JUNK
    cases += [any_network(rng) for _ in range(200)]
    results = run("(cases) => cases.map((network) => lab.problems(frozen(network)))", cases)
    refused = 0
    for network, problems in zip(cases, results, strict=True):
        assert (not problems) == is_network(network), (network, problems)
        refused += bool(problems)
        for problem in problems:
            assert_said(problem)
    assert 1000 < refused < len(cases) - 200


@pytest.mark.browser
def test_a_change_keeps_what_was_typed_and_makes_a_network(run):
    rng = random.Random(4)
    cases = []
    for _ in range(200):
        network = any_network(rng)
        sizes = [rng.randint(1, 5) for _ in range(rng.randint(2, 5))]
        l = rng.randint(1, len(network["layers"]))
        cases.append([network, sizes, l, rng.choice(KINDS), rng.random() < 0.5, rng.randint(1, 4)])
    results = run(
        """(cases) => cases.map(([network, sizes, l, kind, yes, n]) => {
          frozen(network);
          const other = lab.LOSSES.find((loss) => loss !== network.loss);
          const logits = network.loss === lab.CROSS && l === network.layers.length;
          return {
            sizes: lab.sizes(network),
            resized: lab.resized(network, sizes),
            itself: lab.resized(network, lab.sizes(network)),
            activation: lab.withActivation(network, l, logits ? null : kind),
            loss: lab.withLoss(network, other),
            back: lab.withLoss(lab.withLoss(network, other), network.loss),
            biases: lab.withBiases(network, l, yes),
            samples: lab.withSamples(network, n),
          };
        })""",
        cases,
    )
    for (network, sizes, l, _, yes, n), made in zip(cases, results, strict=True):
        for name in ("resized", "activation", "loss", "back", "biases", "samples"):
            assert is_network(made[name]), name
        assert bits(made["itself"]) == bits(network)
        assert [len(made["resized"]["x"][0])] + [
            len(layer["W"][0]) for layer in made["resized"]["layers"]
        ] == sizes
        pairs = list(zip(network["layers"][:-1], made["resized"]["layers"][:-1], strict=False))
        pairs.append((network["layers"][-1], made["resized"]["layers"][-1]))
        for old, new in pairs:
            for before, after in zip(old["W"], new["W"], strict=False):
                k = min(len(before), len(after))
                assert bits(before[:k]) == bits(after[:k])
        assert (made["biases"]["layers"][l - 1]["b"] is not None) == yes
        k = min(n, len(network["x"]))
        assert bits(made["samples"]["x"][:k]) == bits(network["x"][:k])
        assert bits(made["samples"]["t"][:k]) == bits(network["t"][:k])
        if network["loss"] == CROSS:  # a label is a row of 0 and 1, and this row the label again
            assert made["back"]["t"] == network["t"]
            assert made["loss"]["t"] == np.eye(made["sizes"][-1])[network["t"]].tolist()
        else:
            assert made["loss"]["t"] == np.argmax(network["t"], axis=1).tolist()


def forward(network):
    """Every sum z, layer by layer, in NumPy."""
    a, sums = np.array(network["x"], float), []
    leak = network.get("leak", 0.01)
    by_name = {
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0),
        "leaky_relu": lambda z: np.where(z > 0, z, leak * z),
    }
    for layer in network["layers"]:
        z = a @ np.array(layer["W"]) + (0 if layer["b"] is None else np.array(layer["b"]))
        sums.append(z)
        a = by_name.get(layer["activation"], lambda z: z)(z)
    return sums


@pytest.mark.browser
def test_easy_numbers_have_one_decimal_and_teach_something(run):
    rng = random.Random(5)
    cases = [[rng.randrange(10**6), any_network(rng)] for _ in range(250)]
    for case in cases[:60]:  # ReLU after ReLU: here units die easily
        for layer in case[1]["layers"]:
            layer["activation"] = layer["activation"] and "relu"
    results = run(
        """(cases) => cases.map(([seed, network]) =>
          [seed, seed, seed + 1].map((each) => lab.easy(each, frozen(network))))""",
        cases,
    )
    different = 0
    for (_, network), (made, again, other) in zip(cases, results, strict=True):
        assert is_network(made)
        assert made == again
        different += made != other
        numbers = re.findall(r"-?\d[\d.e-]*", json.dumps([made["x"], made["layers"], made["t"]]))
        assert all(re.fullmatch(r"-?0\.[1-9]|[0-4]", number) for number in numbers)
        assert [layer["activation"] for layer in made["layers"]] == [
            layer["activation"] for layer in network["layers"]
        ]
        for z, layer in zip(forward(made), made["layers"], strict=True):
            if layer["activation"] == "relu":
                assert (z > 0).any(axis=1).all()  # alive for each sample
            if layer["activation"] in ("relu", "leaky_relu"):
                assert np.abs(z).min() > 1e-9  # not at the kink
    assert different > 240


# Reading.


def printed(A, rng):
    """An array in all the ways in which people have it, each with what it is."""
    exact = {"precision": 17, "floatmode": "unique", "suppress_small": False}
    rows = A.tolist()
    text = np.array2string(A, **exact)
    commas = np.array2string(A, separator=", ", **exact)
    numpys = repr([[np.float64(v) for v in row] for row in rows])
    yield from (text, repr(rows), commas, f"array({commas})", f"np.array({rows}, dtype=np.float64)")
    yield f"tensor({commas}, dtype=torch.float64, requires_grad=True)"
    yield f"Parameter containing:\ntensor({commas}, device='cuda:0', grad_fn=<AddmmBackward0>)"
    yield from (numpys, repr(tuple(map(tuple, rows))), commas.replace("-", "\u2212"))
    yield "[" + "; ".join(" ".join(map(repr, row)) for row in rows) + "]"
    for separator in (",", ", ", "\t", ";", " ", "  "):
        lines = [separator.join(map(repr, row)) for row in rows]
        yield "\n".join(lines)
        yield "\r\n".join(lines) + "\r\n"
    if len(rows[0]) > 1:
        for separator in (";", "\t", "; "):
            yield "\n".join(separator.join(repr(v).replace(".", ",") for v in row) for row in rows)


@pytest.mark.browser
def test_arrays_are_read_as_people_have_them(run):
    rng = random.Random(6)
    cases, right = [], []
    for seed in range(80):
        numbers = np.random.default_rng(seed)
        A = numbers.normal(0, 10.0 ** numbers.integers(-3, 4), numbers.integers(1, 6, 2))
        A = A.round(rng.choice([1, 2, 4, 17])) + 0.0  # no -0.0 where it was rounded
        for text in printed(A, rng):
            cases.append(text)
            right.append(A.tolist())
    results = run("(cases) => cases.map((text) => lab.read(text))", cases)
    for text, A, found in zip(cases, right, results, strict=True):
        assert found.get("value") == A, (text, found)


EXAMPLES = [  # text, and what it is or (why, line, column) why not
    ("1/2 .5 1e-3 -3", [[0.5, 0.5, 0.001, -3]]),
    ("[1/4, \u22123]", [[0.25, -3]]),
    ("1, 2; 3, 4", [[1, 2], [3, 4]]),
    ("1;2;3", [[1, 2, 3]]),
    ("1,2\n3,4", [[1, 2], [3, 4]]),
    ("0,5;0,25\n1;2", [[0.5, 0.25], [1, 2]]),
    ("[[1. 2.]\n [3. 4.]]", [[1, 2], [3, 4]]),
    ("[1, 2, 3,]", [[1, 2, 3]]),
    ("7", [[7]]),
    ("", ("empty", 1, 1)),
    ("[]", ("empty", 1, 1)),
    ("[[1, 2], [3]]", ("ragged", 1, 1)),
    ("1 2\n3", ("ragged", 1, 1)),
    ("[1,,2]", ("empty", 1, 4)),
    ("1,2,\n3,4,", [[1, 2], [3, 4]]),
    ("1\t2\t\n3\t4\t", [[1, 2], [3, 4]]),
    ("[1, [2]]", ("mixed", 1, 1)),
    ("[[[1]]]", ("deep", 1, 1)),
    ("[1,\n 2, x]", ("unreadable", 2, 5)),
    ("[1-2]", ("unreadable", 1, 2)),
    ("1 2\n3 4q", ("unreadable", 2, 3)),
    ("[1, 2", ("open", 1, 1)),
    ("[1, 2)", ("close", 1, 6)),
    ("[1] [2]", ("after", 1, 5)),
    ("[1, 2].T", ("after", 1, 7)),
    ("[0. 0. ... 0.]", ("elided", 1, 8)),
    ("[1, nan]", ("notFinite", 1, 5)),
    ("1/0", ("notFinite", 1, 1)),
    ("1e999", ("notFinite", 1, 1)),
    ("1,,2", ("empty", 1, 3)),
    ("0,5 0,3", ("comma", 1, 2)),
]
CELLS = {
    "0.5": 0.5,
    " \u2212.5 ": -0.5,
    "0,5": 0.5,
    "1/3": 1 / 3,
    "1 / 4": 0.25,
    "+2": 2,
    "1e-3": 0.001,
    **dict.fromkeys(["", "  "], "empty"),
    **dict.fromkeys(["-", ".", "1e", "1/", "-2.e+"], "unfinished"),
    **dict.fromkeys(["abc", "1 2", "1,2,3", "0x10", "1-2"], "unreadable"),
    **dict.fromkeys(["nan", "1/0", "1e999", "-Infinity"], "notFinite"),
}


@pytest.mark.browser
def test_what_cannot_be_read_says_where_and_why(run):
    found = run("(cases) => cases.map((text) => lab.read(text))", [text for text, _ in EXAMPLES])
    for (text, right), result in zip(EXAMPLES, found, strict=True):
        its = result.get("problem")
        assert (result.get("value") or (its["why"], its["line"], its["column"])) == right, text
        if its:
            assert_said(its)
    found = run("(cases) => cases.map((text) => lab.readNumber(text))", list(CELLS))
    for (text, right), result in zip(CELLS.items(), found, strict=True):
        assert result.get("why", result.get("value")) == right, text
    its = run("() => lab.read('1 2 3', [2, 2])")["problem"]
    assert (its["why"], its["values"]) == ("shape", {"its": "1 × 3", "right": "2 × 2"})


NAMED = {  # text, and the arrays it names
    "W1 = [[1, 2]]\nb1=[3,4]; t = 5": {"W1": [[1, 2]], "b1": [[3, 4]], "t": [[5]]},
    "w_1: 1 2; 3 4\nX =\n1\t2\n3\t4\n": {"W1": [[1, 2], [3, 4]], "x": [[1, 2], [3, 4]]},
    "W[1] = [[.5]] # W2 = 3\nW^{[2]} = [[1/2]]": {"W1": [[0.5]], "W2": [[0.5]]},
    "W0 = [[1.]]\nb0 = [2.]\nW1 = [[3.]]": {"W1": [[1]], "b1": [[2]], "W2": [[3]]},
    "import numpy as np\n>>> X = np.array([[0, 1]])\n>>> y = np.array([[1]])\nprint(X)": {
        "x": [[0, 1]],
        "t": [[1]],
    },
    "y = [2]\nIn [3]: t = [1]": {"t": [[1]]},
    "OrderedDict([('0.weight', tensor([[0.1, 0.2]])), ('0.bias', tensor([0.5]))])": {
        "W1": [[0.1, 0.2]],
        "b1": [[0.5]],
    },
    'dict(W1=[[1.0]], b1=[2]), {"inputs": [1, 2]}': {"W1": [[1]], "b1": [[2]], "x": [[1, 2]]},
    "fc1.weight Parameter containing:\ntensor([[1.]], requires_grad=True)\n"
    "fc1.bias Parameter containing:\ntensor([2.], requires_grad=True)\n"
    "fc2.weight tensor([[3.]])": {"W1": [[1]], "b1": [[2]], "W2": [[3]]},
    "net.weights = [array([[1., 2.]]), array([[3.], [4.]])]\nbiases = [[[5.], [6.]], [7]]": {
        "W1": [[1, 2]],
        "W2": [[3], [4]],
        "b1": [[5], [6]],
        "b2": [[7]],
    },
    "learning_rate = 0.1\nepochs = 10": {"lr": [[0.1]]},
    "W1\n0.1 0.2\n0.3 0.4\n\nb1\n[1 2]\nx\n(1, -2)": {
        "W1": [[0.1, 0.2], [0.3, 0.4]],
        "b1": [[1, 2]],
        "x": [[1, -2]],
    },
    r"""\[ W^{(1)} = \begin{pmatrix} 0.1 & -0.2 \\ 0.3 & 0.4 \end{pmatrix}, \quad
    \mathbf{b}^{(1)} = \begin{bmatrix} 1 \\ 2 \\ \end{bmatrix} \]
    $$\mathbf{x} &= \left( \begin{array}{c} 1 \\[4pt] 2 \end{array} \right), \eta = 0.5$$""": {
        "W1": [[0.1, -0.2], [0.3, 0.4]],
        "b1": [[1], [2]],
        "x": [[1], [2]],
        "lr": [[0.5]],
    },
    "W = [[1, 2]]\nb = [3]": {"W1": [[1, 2]], "b1": [[3]]},
    "W1 = [[1]]\nW = [[2]]": {"W1": [[1]]},  # which layer's it is, nobody says
    "i1 = 1, target_o1 = 2; x2=3": {"x1": [[1]], "t1": [[2]], "x2": [[3]]},
    "w10 = 1": {},  # the tenth of which weights?
    "$w_{1}=0.5$, \\(b_1 = 2\\) and w\u2082 = 3.\n- b2 = 4": {
        "W1": [[0.5]],
        "b1": [[2]],
        "W2": [[3]],
        "b2": [[4]],
    },
    "가중치 W1 = [[1, 2]]\n편향 b1 = [3]이고 입력 x = (4, 5)입니다.": {
        "W1": [[1, 2]],
        "b1": [[3]],
        "x": [[4, 5]],
    },
    "net = {}\nnet['W1'] = np.array([[1, 2]])\nself.b1 = [3]\ngrads['b1'] = [4]": {
        "W1": [[1, 2]],
        "b1": [[3]],
    },
    # A bias is that of the weights with its name, whichever comes first.
    "{'fc1.bias': [1], 'fc1.weight': [[2]], 'fc2.bias': [3], 'fc2.weight': [[4]]}": {
        "b1": [[1]],
        "W1": [[2]],
        "b2": [[3]],
        "W2": [[4]],
    },
    "bias = 1\nweights = [[2, 3], [4, 5]]": {"b1": [[1]], "W1": [[2, 3], [4, 5]]},
    "weights = [array([[1.], [2.]]), array([3.])]": {"W1": [[1], [2]], "b1": [[3]]},
    "W0 = [[1]]\nb0 = [2]; x0 = 3": {"W1": [[1]], "b1": [[2]], "x1": [[3]]},
    # What changes of weights is none of them.
    r"\partial L / \partial W_1 = \begin{bmatrix} 1 \end{bmatrix}, \nabla b_1 = [2], dW1 = 3": {},
    "x1 = [1, 2]": {},
    "[[1, 2]]": {},
}


@pytest.mark.browser
def test_arrays_are_found_by_their_names(run):
    results = run("(texts) => texts.map((text) => lab.readAll(text))", list(NAMED))
    for (text, right), found in zip(NAMED.items(), results, strict=True):
        assert {one["name"]: one["value"] for one in found["arrays"]} == right, (text, found)
    # What has no name, or a name twice, is said at its place; an open bracket where it opens.
    texts = ["\n [1, 2]", "W1 = 1\n w1 = 2", "W1 = [[1, 2]\nb1 = [3, 4]"]
    texts += [r"W_1 = \begin{pmatrix} 1 & 2 \\ x & 4 \end{pmatrix}", "x = [1,\nnan\n2]"]
    texts += ["\nW1_11 = 1", "w12 = 1, w21 = 2", "b1 = 0,35", "W1 = [1] or so", "W1 = [[1]]^T"]
    results = run("(texts) => texts.map((text) => lab.readAll(text).problems)", texts)
    places = [(its["why"], its["line"], its["column"]) for (its, *_) in results]
    right = [("unnamed", 2, 2), ("twice", 2, 2), ("open", 1, 6), ("unreadable", 1, 32)]
    right += [("notFinite", 2, 1), ("elements", 2, 1), ("elements", 1, 1), ("comma", 1, 7)]
    assert places == [*right, ("after", 1, 10), ("after", 1, 11)]


@pytest.mark.browser
def test_garbage_is_read_or_refused_in_words(run):
    rng = random.Random(7)
    good = [text for text in printed(np.array([[0.1, -2.5], [3e-7, 4.0]]), rng)]
    good += [r"W_1 &= \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "W1\n1 2\n3 4\nx\n1 2"]
    good += ["W1 = [[1, 2], [3, 4]]\nb1 = [.5, .5]; t: 1\nx = tensor([1., 2.])", "{'W1': [[1.]]}"]
    letters = "0123456789.,;-+eE/[](){}= \t\n\u2212'\"xWtbna\\&$\u00bd가\U0001f600"
    texts = [damaged(rng.choice(good), rng, letters) for _ in range(1500)]
    texts += ["".join(rng.choices(letters, k=rng.randint(0, 40))) for _ in range(1500)]
    texts += [
        "constructor = 1",
        "__proto__ = [1]",
        "W0 = 1\nW9 = 1",
        "weights = 3",
        "weights = [[1]]",
        "W1 = []",
        "lr = 1, 2",
    ]
    texts += [
        "[" * 5000,
        "1" * 30000,
        "-" * 3000,
        "W1=" * 2000,
        "1," * 5000,
        "((" * 300 + "1",
        " " * 9999,
    ]
    network = any_network(rng)
    results = run(
        """([texts, network]) => texts.map((text) => {
          const all = lab.readAll(text);
          const orders = all.arrays.length ? ["", "rows", "columns"] : [];
          const made = orders.map((order) => lab.pasted(all.arrays, order, frozen(network)));
          return [lab.read(text), lab.readNumber(text), all, made];
        })""",
        [texts, network],
    )
    for text, (array, number, all_, made) in zip(texts, results, strict=True):
        for found in [array, *all_["arrays"]]:
            if "problem" in found:
                assert_said(found["problem"])
            else:
                rows = found["value"]
                assert rows[0]
                assert all(len(row) == len(rows[0]) and np.isfinite(row).all() for row in rows), (
                    text
                )
        if "why" in number:
            assert_said(number)
        else:
            assert math.isfinite(number["value"])
        for problem in all_["problems"] + [p for one in made for p in one.get("problems", [])]:
            assert_said(problem)
        assert all(is_network(one["network"]) for one in made if "network" in one)


def fits(weights, biases, x, t):
    """Whether arrays (from, to) make one network: each layer takes what the one before gives."""
    widths = [len(weights[0])] + [len(W[0]) for W in weights]
    if not all(len(W) == n for W, n in zip(weights, widths, strict=False)):
        return False
    if not all(b is None or len(b) == n for b, n in zip(biases, widths[1:], strict=True)):
        return False
    if widths[0] not in (len(x), len(x[0])):
        return False
    n, outputs = len(x) if widths[0] == len(x[0]) else len(x[0]), widths[-1]
    t = np.array(t)
    labels = t.size == n and 1 in (t.ndim, *t.shape) and set(t.ravel()) <= set(range(outputs))
    return (labels and outputs > 1) or np.atleast_2d(t).shape in ((n, outputs), (outputs, n))


@pytest.mark.browser
def test_a_whole_network_is_pasted_in_either_order(run):
    rng = random.Random(8)
    old = any_network(rng)
    cases = []
    for _ in range(400):
        network = any_network(rng, lambda rng: round(rng.uniform(-1, 1), 2))
        columns = rng.random() < 0.5
        weights = [np.array(layer["W"]) for layer in network["layers"]]
        stored = [(W.T if columns else W).tolist() for W in weights]
        entries = [
            f"x = {network['x']}",
            f"t = np.array({network['t']})",
            f"lr = {network['lr']!r}",
        ]
        for i, (layer, W) in enumerate(zip(network["layers"], stored, strict=True)):
            name = rng.choice(["W{}", "w{}", "W_{}", "W[{}]"]).format(i + 1)
            entries.append(f"{name} = np.array({W})" if rng.random() < 0.5 else f"{name} = {W}")
            if layer["b"] is not None:
                column = rng.random() < 0.3
                entries.append(f"b{i + 1} = {[[b] for b in layer['b']] if column else layer['b']}")
        rng.shuffle(entries)
        chosen = "columns" if columns else "rows"
        cases.append([network, stored, chosen, "\n".join(entries)])
    results = run(
        """([old, cases]) => cases.map(([network, , chosen, text]) => {
          const { arrays, problems } = lab.readAll(`import numpy as np  # x = 3\\n${text}\\n`);
          const like = { ...frozen(network), t: old.t };
          return [problems, ["", chosen].map((order) => lab.pasted(arrays, order, frozen(old)))];
        })""",
        [old, cases],
    )
    asked = 0
    for (network, stored, chosen, text), (problems, (unsaid, said)) in zip(
        cases, results, strict=True
    ):
        assert not problems, text
        biases = [layer["b"] for layer in network["layers"]]
        turned = [np.array(W).T.tolist() for W in stored]
        both = all(
            fits(weights, biases, network["x"], network["t"]) for weights in (stored, turned)
        )
        assert said["order"] == chosen, text
        if stored == turned:  # both orders say the same: nothing is asked
            assert unsaid["network"] == said["network"], text
        else:
            assert "ask" in unsaid if both else unsaid == said and said["only"], text
            asked += both
        # A label of a single output is a target, and so is a row of labels as wide as the outputs.
        made, labels = said["network"], network["loss"] == CROSS
        same = ("x", "lr") if labels and made["loss"] != CROSS else ("x", "lr", "t", "loss")
        assert all(made[name] == network[name] for name in same), text
        assert [layer["W"] for layer in made["layers"]] == [its["W"] for its in network["layers"]]
        assert [layer["b"] for layer in made["layers"]] == biases
        wide = len(made["layers"][-1]["W"][0])
        assert made["loss"] == network["loss"] or wide == 1 or (labels and len(network["x"]) == 1)
    assert 20 < asked < 380


def one_by_one(rng):
    """A network, another of its sizes, the order in which its weights are counted through, and all
    of its numbers one by one: a bias for each unit, or for each layer, where its units share it."""
    sizes = [rng.randint(1, 4) for _ in range(rng.randint(2, 5))]
    weights = [np.array([[rng.randint(-99, 99) for _ in range(m)] for _ in range(n)])
               for n, m in pairwise(sizes)]  # fmt: skip
    columns, shared, biased = (rng.random() < 0.5 for _ in range(3))
    biases = [[rng.randint(-99, 99)] * m if shared else rng.sample(range(-99, 99), m)
              for m in sizes[1:]]  # fmt: skip
    numbers = {
        rng.choice(["w{}", "W_{{{}}}"]): [w for W in weights for w in (W.T if columns else W).flat],
        rng.choice(["b{}", "b_{}"]): [b for its in biases for b in (its[:1] if shared else its)],
        rng.choice(["x{}", "i{}", "x_{{{}}}"]): rng.sample(range(9), sizes[0]),
        rng.choice(["t{}", "y{}", "target_o{}"]): rng.sample(range(9), sizes[-1]),
    }
    if not biased:
        del numbers[next(name for name in numbers if name[0] == "b")]
    entries = [f"{name.format(i)} = {value}" for name, its in numbers.items()
               for i, value in enumerate(its, start=1)]  # fmt: skip
    rng.shuffle(entries)
    _, *_, x, t = numbers.values()
    layers = [
        {"W": W.tolist(), "b": b if biased else None, "activation": "tanh"}
        for W, b in zip(weights, biases, strict=True)
    ]
    network = {"x": [x], "t": [t], "layers": layers, "loss": "squared_error", "lr": 0.5}
    empty = [
        {"W": np.zeros_like(W).tolist(), "b": [0] * W.shape[1], "activation": "tanh"}
        for W in weights
    ]
    old = network | {"x": [[0] * sizes[0]], "t": [[0] * sizes[-1]], "layers": empty}
    text = rng.choice([", ", "\n", "; "]).join(entries)
    return network, old, "columns" if columns else "rows", text


@pytest.mark.browser
def test_numbers_given_one_by_one_are_those_of_the_network_there_is(run):
    rng = random.Random(9)
    cases = [one_by_one(rng) for _ in range(200)]
    results = run(
        """(cases) => cases.map(([, old, order, text]) => {
          const { arrays, problems } = lab.readAll(text);
          return [problems, ...["", order].map((one) => lab.pasted(arrays, one, frozen(old)))];
        })""",
        cases,
    )
    asked = 0
    for (network, _, order, text), (problems, unsaid, said) in zip(cases, results, strict=True):
        assert not problems, text
        assert said["order"] == order, text
        assert said["network"] == network, text
        asked += "ask" in unsaid
        assert "ask" in unsaid or unsaid["network"] == network, text
    assert 100 < asked < 190


MISFITS = {  # text pasted into a 2-2-2 network, and what is said of it
    "W1 = [[1, 2]]; W2 = [[1], [2], [3]]; x = [1]": ("W2", "chain", {"its": 3, "right": 2}),
    "W1 = [[1, 2, 3]]; x = [1]; b1 = [1, 2]": ("b1", "chain", {"other": "W1"}),
    "W1 = [[1, 2], [3, 4]]; x = [1, 2, 3]": ("x", "chain", {"its": 3}),
    "W4 = [[1]]": ("W3", "missing", {}),
    "b1 = [[1, 2], [3, 4]]": ("b1", "vector", {"its": "2 × 2"}),
    "t = [1, 2, 3]": ("t", "target", {"n": 1, "outputs": 2}),
    "W1 = [[1, 2, 3, 4, 5, 6]]; x = [1]": ("W1", "units", {"most": 5}),
    "".join(f"W{l} = [[1]]\n" for l in range(1, 6)): ("", "layers", {"most": 4}),
    "x = [[1, 2], [1, 2], [1, 2], [1, 2], [1, 2]]": ("x", "samples", {"most": 4}),
    "w1=1, w2=2, w3=3, w4=4, w5=5": ("w", "singles", {"its": 5, "right": 8, "sizes": "2-2-2"}),
    ", ".join(f"w{i} = 1" for i in range(1, 10)): ("w", "singles", {"its": 9}),
    ", ".join([*(f"w{i} = 1" for i in range(1, 9)), "b1=1, b2=2, b3=3"]): (
        "b",
        "singleBiases",
        {"its": 3, "layers": 2, "units": 4},
    ),
    "x1=1, x2=0, x3=1, w1=3, w2=1, w3=5": ("w", "singles", {"its": 3, "right": 8}),
    "W2 = [[1, 2], [3, 4]]; W3 = [[1, 2], [3, 4]]": ("W1", "missing", {}),
    "x1 = 1, x3 = 2": ("x", "counted", {"names": "x1, x3"}),
    "x = [1, 2]; x1 = 1": ("x", "counted", {"names": "x1"}),
    "lr = 1, 5": ("lr", "shape", {"right": "1 × 1"}),
    "lr = 0": ("lr", "rate", {}),
    "b2 = [1, 1e7]": ("b2_2", "tooLarge", {"most": 1e6}),
}


@pytest.mark.browser
def test_a_bias_that_is_one_number_is_that_of_all_units(run):
    made = run(
        "([text, old]) => lab.pasted(lab.readAll(text).arrays, 'rows', frozen(old)).network",
        ["b1 = .35, b2 = .60", NETWORK_222],
    )
    assert [layer["b"] for layer in made["layers"]] == [[0.35, 0.35], [0.6, 0.6]]
    assert [layer["W"] for layer in made["layers"]] == [L["W"] for L in NETWORK_222["layers"]]


@pytest.mark.browser
def test_a_paste_that_makes_no_network_says_what_does_not_fit(run):
    results = run(
        """([texts, old]) =>
          texts.map((text) => lab.pasted(lab.readAll(text).arrays, "rows", frozen(old)))""",
        [list(MISFITS), NETWORK_222],
    )
    for (text, (where, why, values)), found in zip(MISFITS.items(), results, strict=True):
        assert "problems" in found, text
        problem = found["problems"][0]
        assert (problem["where"], problem["why"]) == (where, why), text
        assert values.items() <= problem["values"].items(), text


def test_the_words_of_both_languages_have_the_same_places():
    assert WORDS["en"].keys() == WORDS["ko"].keys()
    for key, text in WORDS["en"].items():
        places = re.findall(r"\{\w+\}", text)
        assert sorted(places) == sorted(re.findall(r"\{\w+\}", WORDS["ko"][key])), key


# The panel, in a lab that does as little as it can.

NETWORK_222 = {
    "x": [[0.05, 0.1]],
    "t": [[0.01, 0.99]],
    "layers": [
        {"W": [[0.15, 0.25], [0.2, 0.3]], "b": [0.35, 0.35], "activation": "sigmoid"},
        {"W": [[0.4, 0.5], [0.45, 0.55]], "b": [0.6, 0.6], "activation": "sigmoid"},
    ],
    "loss": "squared_error",
    "lr": 0.5,
}
MOUNT = """async ([words, network, options]) => {
  const { bring } = await import("./assets/lab/bring.js");
  const layers = [{ W: [[2]], b: null, activation: "leaky_relu" }];
  const unit = { x: [[1]], t: [[0]], layers, loss: "squared_error", lr: 1 };
  const lab = { network, options, words: { bring: words }, said: [], lit: [],
    presets: [{ name: "one", title: "One unit", network: unit }],
    say(text) { this.said.push(text); },
    choose(key, value) { this.options[key] = value; },
    take(network) { this.network = network; this.panel.render(); },
    picture(target, { lit }) { this.lit = [...lit]; },
  };
  lab.panel = bring(lab);
  window.theLab = lab;
  document.querySelector("article").replaceChildren(lab.panel.element);
  lab.panel.render();
}"""


@pytest.mark.browser
def test_the_panel_keeps_what_is_typed_and_says_what_is_wrong(page, run):
    def mount(language="en", network=NETWORK_222, options=None):
        page.evaluate(MOUNT, [WORDS[language], network, options or {}])

    def cell(name):
        return page.locator(f'[data-key="{name}"]')

    def state():
        return page.evaluate("theLab.network")

    def here():
        return page.evaluate("document.activeElement.dataset.key")

    def paste(name, text):
        cell(name).evaluate(
            """(cell, text) => {
              const clipboardData = new DataTransfer();
              clipboardData.setData("text", text);
              cell.focus();
              const how = { clipboardData, bubbles: true, cancelable: true };
              cell.dispatchEvent(new ClipboardEvent("paste", how));
            }""",
            text,
        )

    def told():
        return " ".join(page.locator(".bp-lab-wrong:visible").all_text_contents())

    mount()
    # Good text becomes a number at once; text that is none stays, is explained, and is undone.
    cell("W1.0.1").fill("1/4 ")
    cell("W1.0.1").fill("1/8")
    assert state()["layers"][0]["W"][0] == [0.15, 0.125]
    assert page.evaluate("theLab.lit") == ["0,0,1"]
    for text in ("0.", "0,5", "-", "abc"):
        cell("W1.0.1").fill(text)
    assert state()["layers"][0]["W"][0] == [0.15, 0.5]
    assert "W1_12" in told()
    assert "abc" in told()
    assert cell("W1.0.1").get_attribute("aria-invalid") == "true"
    # A comma may have been meant for thousands: that it is not read so is said.
    cell("W2.0.0").fill("1,234")
    assert state()["layers"][1]["W"][0][0] == 1.234
    assert "W2_11: “1,234” is read as 1.234." in told()
    page.get_by_role("button", name="Undo").click()
    assert "1.234" not in told()
    # Enter and arrows go from cell to cell, across tables.
    cell("W1.0.1").press("Enter")
    assert here() == "W1.1.0"
    assert "abc" in page.evaluate("theLab.said.join()")
    path = []
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowLeft", "Shift+Enter"):
        page.keyboard.press(key)
        path.append(here())
    assert path == ["W1.1.1", "b1.0.1", "W2.0.1", "b1.0.1", "b1.0.0", "W1.1.1"]
    # All that was typed is there after a reload, and the network is the last good one.
    mount(network=state(), options=page.evaluate("theLab.options"))
    assert cell("W1.0.1").input_value() == "abc"
    assert "W1_12" in told()
    # It stays where another panel changes a number, and is not seen in another network.
    page.evaluate("theLab.take({ ...theLab.network, lr: 0.25 })")
    assert cell("W1.0.1").input_value() == "abc"
    kept = page.evaluate("[theLab.network, theLab.options]")
    mount(options=kept[1])
    assert cell("W1.0.1").input_value() == "0.25"
    mount(network={**kept[0], "lr": 0.25}, options=kept[1])
    assert cell("W1.0.1").input_value() == "abc"
    # A block fills the table from its cell; what does not fit, or cannot be read, changes nothing.
    paste("W2.0.0", "1\t2\n3\t4")
    assert state()["layers"][1]["W"] == [[1, 2], [3, 4]]
    before = state()
    paste("W2.0.1", "1\t2\n3\t4")
    assert "W2_12" in told()
    assert "2 × 1" in told()
    paste("W2.0.0", "1\t2\n3\tx")
    assert "x" in told()
    assert state() == before
    page.get_by_role("button", name="Undo").click()
    assert state()["layers"][1]["W"] == [[0.4, 0.5], [0.45, 0.55]]
    assert cell("W1.0.1").input_value() == "abc"
    # Structure: what was typed stays; focus stays; it is announced.
    cell("layers").focus()
    cell("layers").select_option("3")
    assert here() == "layers"
    assert run("() => lab.sizes(theLab.network)") == [2, 2, 2, 2]
    assert state()["layers"][2]["W"] == [[0.4, 0.5], [0.45, 0.55]]
    cell("units0").select_option("3")
    cell("kind1").select_option("leaky_relu")
    cell("biases2").uncheck()
    cell("samples").select_option("2")
    cell("leak.0.0").fill("2")
    assert "leak" in told()
    cell("loss").select_option(CROSS)
    assert is_network(state())
    assert state()["t"] == [1, 1]
    assert "3-2-2-2" in page.evaluate("theLab.said.at(-1)")
    cell("t.0.0").fill("2")
    assert "t_1" in told()
    # Undo all the way back: the network that was there, and nothing half typed but what was then.
    while page.get_by_role("button", name="Undo").is_enabled():
        page.get_by_role("button", name="Undo").click()
    assert state() == {
        **NETWORK_222,
        "lr": 0.25,
        "layers": [
            {**NETWORK_222["layers"][0], "W": [[0.15, 0.5], [0.2, 0.3]]},
            NETWORK_222["layers"][1],
        ],
    }
    # Easy numbers: one decimal, another seed other numbers; a wrong seed is explained.
    page.get_by_role("button", name="Easy numbers").click()
    easy = state()
    page.get_by_role("button", name="Easy numbers").click()
    assert page.get_by_label("Seed").input_value() == "2"
    assert state() != easy
    page.get_by_label("Seed").fill("one")
    page.get_by_label("Seed").press("Enter")
    assert WORDS["en"]["why_seed"] in told()
    page.get_by_label("Seed").fill("1")
    page.get_by_label("Seed").press("Tab")
    assert state() == easy
    # A paste that fits in both orders asks; the order chosen, the arrows follow at once.
    page.get_by_text("Paste numbers").click()
    box = page.locator("textarea")
    box.fill("W1 = [[1, 2], [3, 4]]\nb1 = [1, ?]")
    assert "b1: line 2, character 10" in told()
    page.get_by_role("button", name="Use these numbers").click()
    assert state() == easy
    box.fill("W1 = [[1, 2], [3, 4]]\nb1 = [5, 6]")
    assert WORDS["en"]["ask"] in told()
    page.get_by_label("(to, from)").check()
    assert state()["layers"][0] == {"W": [[1, 3], [2, 4]], "b": [5, 6], "activation": "sigmoid"}
    page.get_by_label("(from, to)").check()
    assert state()["layers"][0]["W"] == [[1, 2], [3, 4]]
    assert cell("W1.0.1").input_value() == "2"
    mount(network=state(), options=page.evaluate("theLab.options"))
    assert box.input_value().startswith("W1 = ")
    assert page.get_by_label("(from, to)").is_checked()
    # Weights one by one, as blogs write them: what the order means is said with their own names.
    mount(options={"drafts": {"paste": ""}})
    page.get_by_text("Paste numbers").click()
    box.fill(", ".join(f"w{i} = {i / 8}" for i in range(1, 9)) + "\nb1 = 3, b2 = 4\ni1 = 5; i2 = 6")
    assert "Do w1, w2 leave x_1" in told()
    page.get_by_label("(to, from)").check()
    read = page.locator(".bp-lab-read").text_content()
    assert "w1, w2 arrive at z1_1." in read
    assert "W2: 2 × 2 read (there: w5, w6, w7, w8)." in read
    assert "b1: 1 × 2 read." in read
    first, second = state()["layers"]
    assert (first["W"], first["b"]) == ([[1 / 8, 3 / 8], [2 / 8, 4 / 8]], [3, 3])
    assert (second["W"], second["b"]) == ([[5 / 8, 7 / 8], [6 / 8, 8 / 8]], [4, 4])
    assert state()["x"] == [[5, 6]]
    page.get_by_label("(from, to)").check()
    assert "w1, w2 leave x_1." in page.locator(".bp-lab-read").text_content()
    assert state()["layers"][0]["W"] == [[1 / 8, 2 / 8], [3 / 8, 4 / 8]]
    # A preset; damaged options; the page is never wider than the phone; Korean.
    page.get_by_label("Begin with").select_option("One unit")
    assert run("() => lab.sizes(theLab.network)") == [1, 1]
    for options in (None, {"drafts": 3}, {"drafts": {"cells": "a", "paste": 7, "order": []}}):
        mount(
            "ko",
            {**NETWORK_222, "x": [[0.1, 0.2]] * 4, "t": [[0.123456789012345, 1e-5]] * 4},
            options,
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    cell("b1.0.0").fill("-")
    assert "b1_1" in told()
    assert re.search(r"[가-힣]", told())
