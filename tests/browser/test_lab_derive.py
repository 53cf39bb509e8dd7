"""What the lab derives: the same number path by path, by errors and with matrices, and that of the
package; how many paths there are; and the LaTeX, which the equation checker evaluates."""

import json
import re
from functools import cache
from itertools import pairwise, product
from xml.etree import ElementTree

import numpy as np
import pytest
from equations.evaluate import Result, evaluate_relation
from equations.extract import Equation
from equations.network import ACTIVATIONS, World
from equations.plant import mutants
from equations.tree import Refused, parse, sides_of
from equations.worlds import bindings
from hooks.lab.words.derive import WORDS

import backprop as bp

pytestmark = pytest.mark.browser

KINDS = ["sigmoid", "tanh", "relu", "leaky_relu", "identity"]
TOLERANCE = 1e-12  # sums of a few products, in another order: some units in the last of 16 digits
NETWORKS, WRITTEN = 320, 45


def random_case(seed):
    """A network of any kind, a place in it, and the convention in which it is asked for."""
    rng = np.random.default_rng(seed)
    sizes = [int(k) for k in rng.integers(1, 6, size=rng.integers(2, 6))]
    n, spread = int(rng.integers(1, 5)), rng.choice([0.5, 1.0, 3.0])
    soft = rng.random() < 0.4
    layers = [
        {
            "W": rng.normal(0, spread, shape).tolist(),
            "b": rng.normal(0, 1, shape[1]).tolist() if rng.random() < 0.8 else None,
            "activation": str(rng.choice(KINDS)),
        }
        for shape in pairwise(sizes)
    ]
    if soft:
        layers[-1]["activation"] = None
    network = {
        "x": rng.normal(size=(n, sizes[0])).tolist(),
        "t": (
            rng.integers(sizes[-1], size=n) if soft else rng.normal(size=(n, sizes[-1]))
        ).tolist(),
        "layers": layers,
        "loss": "softmax_cross_entropy" if soft else "squared_error",
        "lr": 0.5,
        "leak": float(rng.choice([0.01, 0.2])),
    }
    layer = int(rng.integers(1, len(sizes)))
    kinds = ["W", "x", "z"] + ["b"] * (layers[layer - 1]["b"] is not None)
    kind = str(rng.choice([*kinds, "a"] if layers[layer - 1]["activation"] else kinds))
    unit = int(rng.integers(sizes[0 if kind == "x" else layer]))
    place = {
        "kind": "a" if kind == "x" else kind,
        "layer": 0 if kind == "x" else layer,
        "index": [unit],
    }
    if kind == "W":
        place["index"] = [int(rng.integers(sizes[layer - 1])), unit]
    if kind not in "Wb":
        place["sample"] = int(rng.integers(n))
    return network, place, ("rows", "columns", "nielsen")[seed % 3]


CASES = [random_case(seed) for seed in range(NETWORKS)]

PROGRAM = """async ({ cases, written }) => {
  const { derivation } = await import("./assets/lab/derivation.js");
  const { latex, pieces } = await import("./assets/lab/writing.js");
  const { agreement, nudge } = await import("./assets/lab/nudged.js");
  const { placeFrom, textOf } = await import("./assets/lab/paths.js");
  const exact = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(20));
  const isNumbers = (tree) => tree.is !== "symbol" && (tree.parts ?? []).every(isNumbers);
  const numbers = ({ sample, chains }) => ({
    sample,
    chains: chains.map(({ sides }) => sides.filter(isNumbers)),
  });
  const trees = ({ chains }) => chains.flatMap(({ left, sides }) => [left, ...sides]);
  const kept = JSON.stringify(cases);
  const results = cases.map(([network, place, convention], k) => {
    const its = derivation(network, place, convention);
    const ways = { paths: its.byPaths, errors: its.byErrors, matrices: its.byMatrices };
    const each = (f) =>
      Object.fromEntries(Object.entries(ways).map(([way, blocks]) => [way, blocks.map(f)]));
    const text = (block) => ({
      sample: block.sample,
      full: latex(block, convention, exact),
      latex: latex(block, convention),
    });
    return {
      value: its.value,
      count: its.count,
      rest: its.rest,
      paths: its.paths.map(({ sample, units, places, sides, value }) =>
        ({ sample, units, places: [...places], numbers: sides.at(-1), value })),
      answers: each(numbers),
      nudged: nudge(network, place, 1e-5),
      place: [placeFrom(network, textOf(place)), place],
      ...(k < written && {
        tex: each(text),
        math: [...its.byMatrices, ...its.byErrors].flatMap(trees)
          .map((tree) => `<p>${pieces(tree, convention).join("")}</p>`),
      }),
    };
  });
  return JSON.stringify({
    results,
    untouched: JSON.stringify(cases) === kept,
    agreement: [[1.2345, 1.2344], [1, 2], [0, 0], [-1, 1]].map((pair) => agreement(...pair)),
  });
}"""


@pytest.fixture(scope="module")
def derived(browser, site):
    page = browser.new_page()
    page.goto(site.url)
    found = json.loads(page.evaluate(PROGRAM, {"cases": CASES, "written": WRITTEN}))
    page.close()
    return found


def by_the_package(network, place):
    """Every gradient that a network has, by the package, at one place; and the whole array."""
    layers = []
    for its in network["layers"]:
        width = len(its["W"][0])
        layers.append(bp.Dense(its["W"], its["b"] or np.zeros(width)))
        kind = its["activation"] or "identity"
        named = {"sigmoid": bp.Sigmoid, "tanh": bp.Tanh, "relu": bp.ReLU, "identity": bp.Identity}
        layers.append(named[kind]() if kind in named else bp.LeakyReLU(network["leak"]))
    loss = getattr(bp, network["loss"])
    y = bp.Network(layers).forward(network["x"])
    back = loss.gradient(y, network["t"])
    at = {("a", len(layers) // 2): back}
    for k in range(len(layers) // 2, 0, -1):
        dense, activation = layers[2 * k - 2 : 2 * k]
        at["z", k] = activation.backward(at["a", k])
        at["a", k - 1] = dense.backward(at["z", k])
        at["W", k], at["b", k] = dense.dW, dense.db
    array = at[place["kind"], place["layer"]]
    index = [place["sample"], *place["index"]] if "sample" in place else place["index"]
    return float(array[tuple(index)]), np.atleast_2d(array)


def value_of(tree):
    """The value of a tree of numbers: a number, or an array."""
    parts = [value_of(part) for part in tree.get("parts", [])]
    match tree["is"]:
        case "number":
            return tree["value"]
        case "matrix":
            return np.array(tree["rows"])
        case "plus":
            return sum(parts[1:], parts[0])
        case "minus":
            return parts[0] - parts[1]
        case "fraction":
            return parts[0] / parts[1]
        case "times":
            return np.prod(parts) if all(np.ndim(p) == 0 for p in parts) else parts[0] * parts[1]
        case "product":
            return parts[0] @ parts[1]
        case "elementwise":
            assert parts[0].shape == parts[1].shape
            return parts[0] * parts[1]
    raise AssertionError(tree["is"])


def apart(found, right):
    found, right = np.asarray(found), np.asarray(right)
    assert found.shape == right.shape
    return float(np.abs(found - right).max() / max(np.abs(right).max(), 1))


def compare(cases, results):
    """How far the three ways are from the package, and each line of numbers from the next."""
    worst = 0.0
    for (network, place, convention), result in zip(cases, results, strict=True):
        right, array = by_the_package(network, place)
        worst = max(worst, apart(result["value"], right))
        for way, blocks in result["answers"].items():
            for block in blocks:
                for sides in block["chains"]:
                    values = [value_of(side) for side in sides]
                    worst = max([worst, *(apart(value, values[-1]) for value in values)])
            if way == "matrices":
                if blocks[-1]["sample"] is not None:
                    array = array[[place["sample"]]]
                worst = max(worst, apart(values[-1], array if convention == "rows" else array.T))
            else:
                worst = max(worst, apart(values[-1], right))
        along = sum(path["value"] for path in result["paths"]) + result["rest"]
        worst = max([worst, apart(along, right)])
        for path in result["paths"]:
            worst = max(worst, apart(value_of(path["numbers"]), path["value"]))
        if result["count"] <= 16:
            worst = max(worst, apart(result["rest"], 0.0))
    assert worst < TOLERANCE, worst


def test_all_three_ways_come_to_what_the_package_computes(derived):
    assert derived["untouched"]
    assert all(len(result["answers"]) == 3 for result in derived["results"])
    compare(CASES, derived["results"])


def ways_through(network, place):
    """All ways from a place to the loss, one by one: the unit in each layer behind it."""
    behind = [range(len(layer["W"][0])) for layer in network["layers"][place["layer"] :]]
    return [[place["index"][-1], *units] for units in product(*behind)]


def test_all_paths_are_counted_and_the_first_sixteen_shown(derived):
    many = 0
    for (network, place, _), result in zip(CASES, derived["results"], strict=True):
        ways = ways_through(network, place)
        samples = [place["sample"]] if "sample" in place else range(len(network["x"]))
        assert result["count"] == len(ways) * len(samples)
        first = [(s, way) for s in samples for way in ways[:16]][:16]
        assert [(path["sample"], path["units"]) for path in result["paths"]] == first
        many += result["count"] > 16
        for path in result["paths"]:
            start, units = place["layer"], path["units"]
            on = {f"{start + k},{unit}" for k, unit in enumerate(units)}
            on |= {f"{start + k},{i},{j}" for k, (i, j) in enumerate(pairwise([*units, 0]))}
            on |= {f"{len(network['layers']) + 1},0"}
            if place["kind"] == "W":
                i, j = place["index"]
                on |= {f"{start - 1},{i}", f"{start - 1},{i},{j}"}
            assert set(path["places"]) == on
    assert many > 50


def test_a_nudge_confirms_each_derivative(derived):
    """Central differences of a forward pass; near a kink they may show another slope."""
    confirmed = 0
    for result in derived["results"]:
        nudged, right = result["nudged"], result["value"]
        if not nudged["kink"]:
            assert nudged["slope"] == pytest.approx(right, rel=1e-5, abs=1e-6)
            confirmed += 1
    assert confirmed > 0.95 * NETWORKS
    assert derived["agreement"] == [4, 0, 15, 0]


def test_a_place_is_found_again_from_its_text(derived):
    for result in derived["results"]:
        found, place = result["place"]
        assert found == place


class Own(World):
    """A network whose layers have functions of their own; f without a layer is the leaky ReLU."""

    def f(self, z, layer=None):
        kind = self.kinds[layer - 1] if layer else "leaky_relu"
        if kind == "leaky_relu":
            return np.where(np.real(z) > 0, z, self.leak * z)
        return ACTIVATIONS[kind](z)


def world_of(network):
    layers = {k: layer for k, layer in enumerate(network["layers"], start=1)}
    soft = network["loss"] == "softmax_cross_entropy"
    T = np.array(network["t"], dtype=float)
    if soft:
        T = np.eye(len(layers[len(layers)]["W"][0]))[network["t"]]
    world = Own(
        *(np.array(network["x"]), T),
        {k: np.array(layer["W"]) for k, layer in layers.items()},
        {k: np.atleast_2d(its["b"] or np.zeros(len(its["W"][0]))) for k, its in layers.items()},
        loss="cross-entropy" if soft else "squared error",
        about="a network of the lab",
    )
    world.kinds = [layer["activation"] or "identity" for layer in layers.values()]
    world.leak = network["leak"]
    if soft:
        world.kinds[-1] = "softmax"
    return world


@cache
def probabilities(tex):
    """What defines p: a chain that the lab writes first where it is needed."""
    return parse(tex)


def check(tex, world, columns, sample, definition):
    """Evaluate one chain; Refused where two sides differ."""
    tree, result = parse(tex), Result()
    equation, rng = Equation(tex, 0, True, columns=columns), np.random.default_rng(0)
    indexed = definition and re.search(r"\bp_", tex)
    known = {"p": probabilities(definition)} if indexed else {}
    for context in bindings(equation, tree, world, known, rng):
        context = context if sample is None else context.with_sample(sample)
        if not indexed:
            y = world.values[f"A{world.L}"]
            p = y if sample is None else y[[sample]]
            context = context.with_letter("p", p.T if columns else p)
            context = context.with_letter("P", p.T if columns else p)
        for left, relation, right in sides_of(tree):
            evaluate_relation(left, relation, right, context, result)
    assert result.instances


def chains(tex):
    """The chains of an aligned block. Its rows end with the line, those of a matrix do not."""
    body = tex.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}")
    text = body.replace("&\\quad {} +", "+").replace(" &=", " =").replace(" &\\approx", " =")
    found = []
    for row in text.split(" \\\\\n"):
        if row.startswith((" =", "+")):
            found[-1] += f" {row.strip()}"
        else:
            found.append(row)
    return found


READ_AS = {
    r"\odot": r"\had",
    r"^{\mathsf T}": r"^\T",
    r"\sigma'": r"\sigmoid'",
    r"\operatorname{relu}'": r"\relu'",
    r"\operatorname{leaky}'": r"\act'",
}
MEANT = {"E": r"\Lossx", "C": r"\Loss", "T": r"\Tgt", "t": r"\t", "X": r"\X", "x": r"\x"}


def with_macros(tex, convention, batch):
    """The lab's LaTeX in the macros of the course, as a reader knows what its letters mean. Of
    Nielsen's layers each is one less, his y is the target, his a¹ the inputs."""
    nielsen = convention == "nielsen"

    def meant(match):
        letter, above, below = match[1], match[2] or "", match[3] or ""
        index = f"_{{{below}}}" if below else ""
        if letter == r"\delta" or (letter in "WbzaZAw" and above):
            layer = int(above.strip("[]").removeprefix("x,")) - nielsen
            if layer == 0:
                return MEANT["X" if letter == "A" else "x"] + index
            own = "x" if above.startswith("x,") else ""
            name = f"err{own}" if letter == r"\delta" else letter.replace("w", "W")
            return rf"\{name}{{{layer}}}{index}"
        if nielsen and letter in "yC":
            return r"\t" + index if letter == "y" else MEANT["C" if batch and not below else "E"]
        return MEANT.get(letter, letter) + index

    for old, new in READ_AS.items():
        tex = tex.replace(old, new)
    tex = re.sub(r"\\(left|right|Bigl|Bigr)(?=[()])", "", tex)
    tex = re.sub(
        r"\\frac\{\\partial ([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\{\\partial ", r"\\grad{\1}{", tex
    )
    tex = re.sub(
        r"(?<![A-Za-z\\])(?<!_\{)(\\delta|[A-Za-z])(?![A-Za-z])(?:\^\{([^{}]*)\})?(?:_\{(\w+)\})?",
        meant,
        tex,
    )
    lone = re.compile(r"-?\d+\.\d+")
    sides = [f"{float(s):.6f}" if lone.fullmatch(s) else s for s in tex.split(" = ")]
    return " = ".join(sides)


def written(derived):
    """Every chain of the lab's LaTeX, with what is needed to evaluate it."""
    for (network, _, convention), result in zip(CASES, derived["results"][:WRITTEN], strict=False):
        world, definition = world_of(network), None
        batch = len(network["x"]) > 1
        for blocks in result["tex"].values():
            for block in blocks:
                for row in chains(block["full"]):
                    tex = with_macros(row, convention, batch)
                    if tex.startswith("p_{k}"):
                        definition = tex
                        continue
                    yield tex, world, convention != "rows", block["sample"], definition


def test_the_equation_checker_evaluates_the_latex(derived):
    cases = list(written(derived))
    assert len(cases) > 5 * WRITTEN
    for case in cases:
        try:
            check(*case)
        except Refused as why:
            raise AssertionError(f"{case[0][:600]}: {why}") from None


PLANTED = (
    "a transpose dropped",
    "a lost factor",
    "a changed digit",
    "a layer index up",
    "a lost prime",
)


def swapped(tex):
    """Two factors of a matrix product in each other's place."""
    found = re.sub(r"(\\err\{\d\}) (\(\\W\{\d\}\)\^\\T)", r"\2 \1", tex)
    return found if found != tex else None


def test_planted_mistakes_in_the_latex_are_found(derived):
    """Of each kind the first of every tenth equation; a few leave the value as it was."""
    found, missed = {}, {}
    for number, (tex, *rest) in enumerate(written(derived)):
        symbols = "=".join(tex.split("=")[:2])  # the numbers behind have digits enough of their own
        turned = swapped(symbols)
        planted = [("a swapped product", turned)] if turned else []
        if number % 10 == 0:
            kinds = {mutant.kind: mutant.tex for mutant in reversed(mutants(symbols))}
            planted += [(kind, kinds[kind]) for kind in PLANTED if kind in kinds]
        for kind, wrong in planted:
            try:
                check(wrong, *rest)
            except (Refused, AssertionError, ValueError):
                found[kind] = found.get(kind, 0) + 1
            else:
                missed[kind] = missed.get(kind, 0) + 1
    assert set(found) == {*PLANTED, "a swapped product"}
    for kind, times in found.items():
        assert times > 4 * missed.get(kind, 0), (kind, times, missed)


def test_a_wrong_number_in_a_derivation_is_found(derived):
    for way in ("paths", "errors", "matrices"):
        result = json.loads(json.dumps(derived["results"][0]))
        answer = result["answers"][way][-1]["chains"][-1][-1]
        compare(CASES[:1], [result])
        if way == "matrices":
            answer["rows"][0][0] += 1e-9
        else:
            answer["value"] += 1e-9
        with pytest.raises(AssertionError):
            compare(CASES[:1], [result])


LETTERS = {"\\delta": "δ"}
SYMBOL = re.compile(r"(?<![a-z\\])(\\delta|[A-Za-z])(?:\^\{([^{}]*)\})?(?:_\{(\w+)\})?")


def test_mathml_is_well_formed_and_shows_the_symbols_of_the_latex(derived):
    for (_, _, convention), result in zip(CASES, derived["results"][:WRITTEN], strict=False):
        shown: set[str] = set()
        for text in result["math"]:
            tree = ElementTree.fromstring(text)
            for base in tree.iter("mi"):
                assert "bp-" in base.get("class", "bp-") and base.text
            for kind in ("msub", "msup", "msubsup"):
                for its in tree.iter(kind):
                    if its[0].get("class") and its[1].text != "T":
                        shown.add("".join(part.text for part in its))
        tex = " ".join(b["latex"] for way in ("matrices", "errors") for b in result["tex"][way])
        wanted = set()
        for letter, above, below in SYMBOL.findall(tex):
            above = "" if "mathsf" in above else above
            if (above or below) and letter != "e":
                both = f"{below}{above}" if above and below else above or below
                wanted.add(LETTERS.get(letter, letter) + both)
        assert shown == wanted, convention


def test_nielsen_counts_layers_from_the_inputs_and_indices_backward(browser, site):
    """His w²₃₁ is our W1_13, as reference/notation says."""
    page = browser.new_page()
    page.goto(site.url)
    found = page.evaluate(
        """async () => {
          const { derivation } = await import("./assets/lab/derivation.js");
          const { latex, plainly } = await import("./assets/lab/writing.js");
          const { placeFrom, placeOf, textOf } = await import("./assets/lab/paths.js");
          const x = [[1, 2]], layers = [
            { W: [[1, 2, 3], [4, 5, 6]], b: [0, 0, 0], activation: "sigmoid" },
            { W: [[1], [2], [3]], b: null, activation: "identity" },
          ];
          const one = { x, t: [[1]], layers, loss: "squared_error", lr: 1 };
          const two = { ...one, x: [...x, [3, 4]], t: [[1], [0]] };
          const place = placeFrom(one, "W1_13");
          const named = (its) => plainly(place, its);
          const tex = (network) => derivation(network, place, "nielsen").byErrors
            .map((block) => latex(block, "nielsen")).join(" ");
          const picked = (name, index) => {
            const its = placeOf(two, { name, index });
            return its && textOf(its);
          };
          return {
            named: ["rows", "columns", "nielsen"].map(named),
            tex: [one, two].map(tex),
            picked: [
              picked("W1", [0, 2]), picked("db1", [1]), picked("delta1", [0, 1]),
              picked("y", [1, 0]), picked("dx", [0, 1]), picked("new W2", [2, 0]),
              picked("C", []), picked("t", [0, 0]),
            ],
            nonsense: ["", "W9_99", "b2_1", "z1_2@9", "<b>", "x_2@2"]
              .map((text) => textOf(placeFrom(two, text))),
          };
        }"""
    )
    page.close()
    assert found["named"] == ["W1_13", "W1_31", "w2_31"]
    one, two = found["tex"]
    assert r"\frac{\partial C}{\partial w^{2}_{31}} &= a^{1}_{1} \delta^{2}_{3}" in one
    assert r"\delta^{3}_{1} &= a^{3}_{1} - y_{1}" in one
    assert r"&= \frac{1}{2} \sum_{x} a^{x,1}_{1} \delta^{x,2}_{3}" in two
    assert found["picked"] == ["W1_13", "b1_2", "z1_2@1", "a2_1@2", "x_2@1", "W2_31", None, None]
    assert found["nonsense"] == ["W1_11", "W1_11", "W1_11", "z1_2@2", "W1_11", "x_2@2"]


PANEL = """async ({ words, cases }) => {
  const { derive } = await import("./assets/lab/derive.js");
  const kink = {
    x: [[1, 1]], t: [[1]], loss: "squared_error", lr: 0.5,
    layers: [
      { W: [[1, 2], [-1, 3]], b: null, activation: "relu" },
      { W: [[2], [1]], b: [0.5], activation: "identity" },
    ],
  };
  const [network] = cases[0];
  const [said, seen, copied] = [[], {}, []];
  const lab = {
    network, words: { derive: words }, options: {},
    say: (text) => said.push(text),
    choose: (key, value) => { lab.options[key] = value; },
    picture: (target, { lit, onpick }) => { Object.assign(seen, { lit: [...lit], onpick }); },
  };
  Object.defineProperty(navigator, "clipboard", {
    value: { writeText: async (text) => { copied.push(text); } }, configurable: true,
  });
  const panel = derive(lab);
  const find = (what) => panel.element.querySelector(what);
  const all = (what) => [...panel.element.querySelectorAll(what)];
  document.body.append(panel.element);
  panel.render();
  const found = {};
  const start = [...seen.lit];

  const [first, second] = all(".bp-paths button");
  first.focus();
  found.focused = [...seen.lit];
  first.click();
  second.focus();
  second.blur();
  found.held = [...seen.lit];
  found.pressed = all(".bp-paths [aria-pressed=true]").length;
  first.click();
  found.freed = [...seen.lit].length === start.length;

  find("select").value = "x";
  find("select").dispatchEvent(new Event("change"));
  found.input = lab.options.derive;
  seen.onpick({ name: "delta1", index: [0, 1] });
  found.picked = lab.options.derive;
  found.selected = all("select").map((each) => each.value);
  seen.onpick({ name: "C", index: [] });
  found.ignored = lab.options.derive;
  found.said = said.at(-1);

  find("[value=nielsen]").click();
  found.labels = all("option").map((each) => each.textContent);
  find("section .bp-knobs button").click();
  await new Promise((resolve) => { setTimeout(resolve); });
  found.copied = copied[0];
  found.shown = find("textarea").value === copied[0] && !find("textarea").hidden;

  all("h3 button").at(-1).click();
  found.nudged = [all("tbody tr").length, find(".bp-verdict").textContent, said.at(-1)];
  found.kept = document.activeElement === all("h3 button").at(-1);
  Object.assign(lab, { network: kink, options: { nudge: true, derive: "W9_99" } });
  panel.render();
  found.kink = find(".bp-verdict").textContent;
  found.paths = all(".bp-paths li").length;

  const texts = cases.flatMap(([its, , convention]) => ["W", "b", "z", "a", "x"].map((kind) => {
    const named = kind === "W" ? "W1_11" : kind === "x" ? "x_1@1" : `${kind}1_1@1`;
    Object.assign(lab, { network: its, options: { nudge: true, convention, derive: named } });
    panel.render();
    return panel.element.textContent;
  }));
  found.bad = texts.filter((text) => /NaN|undefined|null|Infinity|[{}]|\\[object/.test(text));
  panel.element.remove();
  return { ...found, texts: texts.length };
}"""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_panel_follows_what_is_chosen(browser, site, language):
    page = browser.new_page()
    page.goto(site.url)
    words = WORDS[language]
    layers = [
        {"W": [[0.1, 0.2], [0.3, 0.4]], "b": [0.1, 0.2], "activation": "sigmoid"},
        {"W": [[0.5, 0.6], [0.7, 0.8]], "b": None, "activation": "tanh"},
    ]
    network = {"x": [[1, 2]], "t": [[0, 1]], "layers": layers, "loss": "squared_error", "lr": 1}
    cases = [(network, None, "rows"), *CASES[: 3 if language == "en" else 0]]
    found = page.evaluate(PANEL, {"words": words, "cases": cases})
    page.close()
    along = {"0,0", "0,0,0", "1,0", "1,0,0", "2,0", "2,0,0", "3,0"}
    assert set(found["focused"]) == set(found["held"]) == along
    assert found["pressed"] == 1 and found["freed"]
    assert found["input"] == "x_1@1"
    assert found["picked"] == found["ignored"] == "z1_2@1"
    assert found["selected"][:2] == ["z", "z1_2@1"]
    assert found["said"].startswith("z1_2")
    assert {"z2_1", "z3_2", words["z"]} <= set(found["labels"])
    assert found["copied"].startswith(
        "$$\n\\begin{aligned}\n\\frac{\\partial C}{\\partial z^{2}_{2}}"
    )
    assert found["shown"]
    rows, verdict, said = found["nudged"]
    assert rows == 5 and verdict == said and verdict.startswith(words["confirmed"][:4])
    assert found["kept"]
    assert found["kink"].startswith(words["kink"][:8])
    assert found["paths"] == 1
    assert not found["bad"] and found["texts"] == 5 * len(cases)


def test_both_languages_say_the_same_things():
    en, ko = WORDS["en"], WORDS["ko"]
    assert list(en) == list(ko)
    for name, text in en.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", ko[name])), name
