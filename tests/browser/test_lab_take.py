"""What readers of the lab take along: programs, each of which prints the numbers of the page, and a
picture that stands alone."""

import contextlib
import io
import json
import re
import warnings
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from hooks.lab.words import take as words
from networks import by_the_package, random_network
from visits import Visit, at_rest

import backprop as bp

CASES = [random_network(seed) for seed in range(1000, 1064)]
KINDS = ("numpy", "package", "pytorch")
RNG = np.random.default_rng(0)
# Of all sizes; halves, which are rounded to even; whole numbers, and the last ones without a dot.
FLOATS = [
    *(RNG.normal(size=600) * 10.0 ** RNG.integers(-9, 20, 600)).tolist(),
    *(RNG.integers(-4000, 4000, 300) / 2.0 ** RNG.integers(0, 14, 300)).tolist(),
    *(RNG.integers(-99, 99, 99) / 10).tolist(),
    *(0.0, -0.0, 1.0, 1e15, 1e16, 123456789012345680.0, 1e-4, 1e-5, 5e-324, 1.7e308, 1e22),
    *(1.00390625, 1.01171875, 12345678.5, 12345679.5, 99999999.5, 0.000123456785),
]
WRITTEN = """
  const programs = cases.map((each) => kinds.map((kind) => code(each, kind)));
  const results = {
    programs, printed: cases.map(printed), literals: floats.map(literal), eights: floats.map(eight),
  };
"""


@pytest.fixture(scope="module")
def written(browser, site):
    """What the modules write, all in one go."""
    page = browser.new_page()
    page.goto(site.url)
    results = page.evaluate(
        f"""async ([cases, kinds, floats]) => {{
          const {{ code, printed }} = await import("./assets/lab/code.js");
          const {{ eight, literal }} = await import("./assets/lab/python.js");
          {WRITTEN}
          return JSON.stringify(results);
        }}""",
        [CASES, KINDS, FLOATS],
    )
    page.close()
    return json.loads(results)


def run(program):
    """What a program prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), warnings.catch_warnings(action="error"):
        exec(compile(program, "program", "exec"), {})
    return out.getvalue()


def by_trace(case):
    """Name and rows of all that is to be printed, as the package computes it."""
    net, loss = by_the_package(case), getattr(bp, case["loss"])
    steps = bp.trace(net, loss, case["x"], case["t"])
    found = [(step.name, step.value) for step in steps]
    net.backward(loss.gradient(net.forward(case["x"]), case["t"]))
    bp.SGD(net, lr=case["lr"]).step()
    dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
    for l, layer in enumerate(dense, start=1):
        found += [(f"new_{name}{l}", getattr(layer, name)) for name in layer.parameters]
    return [(name, np.atleast_2d(value)) for name, value in found]


def assert_printed(text, case, tolerance=1e-12):
    """Every number by its name, to 8 digits. Beside those, a last digit may differ: sums are
    added in another order."""
    lines = text.splitlines()
    for name, rows in by_trace(case):
        size = max(np.abs(rows).max(), 1)
        for i, row in enumerate(rows):
            line = lines.pop(0)
            assert line[:8].strip() == ("" if i else name), (line, name)
            numbers = line[8:].split()
            assert len(numbers) == len(row), line
            for number, value in zip(numbers, row, strict=True):
                assert re.fullmatch(r"-?\d+(\.\d+)?(e[+-]\d+)?", number) and number != "-0", line
                assert len(re.sub(r"e.*|\D", "", number).lstrip("0")) <= 8, line
                last = 10.0 ** (np.floor(np.log10(abs(value))) - 7) if value else 0
                assert abs(float(number) - value) <= 0.51 * last + tolerance * size, (line, value)
    assert not lines


@pytest.mark.browser
def test_numbers_are_written_as_python_writes_them(written):
    assert written["literals"] == [repr(value) for value in FLOATS]
    assert written["eights"] == [f"{value + 0.0:.8g}" for value in FLOATS]


@pytest.mark.browser
def test_what_the_page_says_is_printed_are_the_packages_numbers(written):
    for case, text in zip(CASES, written["printed"], strict=True):
        assert_printed(f"{text}\n", case)


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["numpy", "package"])
def test_each_program_prints_the_numbers_of_the_page(written, kind):
    exactly = 0
    for case, programs, printed in zip(CASES, written["programs"], written["printed"], strict=True):
        program = programs[KINDS.index(kind)]
        assert max(map(len, program.splitlines())) <= 76, program
        text = run(program)
        assert_printed(text, case)
        exactly += text == f"{printed}\n"
    assert exactly > 0.8 * len(CASES), "where no last digit differs, the text is the same"


@pytest.mark.browser
def test_pytorch_prints_them_too(written):
    torch = pytest.importorskip("torch")
    before = torch.get_default_dtype()
    try:
        for case, programs in zip(CASES, written["programs"], strict=True):
            program = programs[KINDS.index("pytorch")]
            assert max(map(len, program.splitlines())) <= 76, program
            # a (1 − a) and 1 − a², as PyTorch has them, lose digits where a is rounded to 1.
            assert_printed(run(program), case, tolerance=1e-9)
    finally:
        torch.set_default_dtype(before)


def test_networks_of_every_kind_are_among_them():
    layers = [layer for case in CASES for layer in case["layers"]]
    kinds = {"sigmoid", "tanh", "relu", "leaky_relu", "identity", None}
    assert {layer["activation"] for layer in layers} == kinds
    assert {layer["b"] is None for layer in layers} == {True, False}
    assert {case["loss"] for case in CASES} == {"squared_error", "softmax_cross_entropy"}
    assert {len(case["x"]) for case in CASES} == {1, 2, 3, 4}
    assert {len(case["layers"]) for case in CASES} == {1, 2, 3, 4}
    assert len(CASES) >= 60


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("dW1", "dW2"), ("  1", "  2"), ("0.475", "0.4750001"), ("\n", "\n\n")],
)
def test_another_number_or_name_is_found(right, wrong):
    case = {
        "x": [[1.0, 0.5]],
        "t": [[1.0]],
        "layers": [{"W": [[0.5], [1.0]], "b": [0.25], "activation": "relu"}],
        "loss": "squared_error",
        "lr": 0.1,
    }
    text = "".join(
        f"{'' if i else name:8} {' '.join(f'{each + 0.0:14.8g}' for each in row)}\n"
        for name, rows in by_trace(case)
        for i, row in enumerate(rows)
    )
    assert_printed(text, case)
    assert right in text
    with pytest.raises(AssertionError):
        assert_printed(text.replace(right, wrong, 1), case)


# ---------------------------------------------------------------- the panel


PANEL = """async ([network, words]) => {
  const { take } = await import("./assets/lab/take.js");
  const told = [];
  const lab = {
    network, words: { take: words }, options: {},
    say: (text) => told.push(text), choose: (key, value) => (lab.options[key] = value),
  };
  const panel = take(lab);
  document.querySelector("article").replaceChildren(panel.element);
  panel.render();
  Object.assign(window, { lab, panel, told });
}"""
SAVED = "async (link) => [link.download, await (await fetch(link.href)).text()]"


@pytest.fixture(scope="module")
def panel(browser, site):
    """The panel in a page of the site, with a network of two samples."""
    permissions = ["clipboard-read", "clipboard-write"]
    with Visit(browser, site, width=360, permissions=permissions) as visit:
        visit.page.evaluate(PANEL, [WIDE, words.WORDS["en"]])
        visit.page.wait_for_selector(".bp-take img[src]")
        yield visit.page
        assert not visit.complaints


# As large as the lab has them, without biases in one layer.
WIDE = random_network(0) | {
    "x": [[0.5, -1.0, 0.25, 1.0, 2.0], [1.0, 0.1, -0.3, 1e-5, -0.75]],
    "t": [2, 0],
    "layers": [
        {"W": RNG.normal(size=(5, 5)).tolist(), "b": None, "activation": "leaky_relu"},
        {"W": RNG.normal(size=(5, 3)).tolist(), "b": [0.5, -0.25, 1e-4], "activation": None},
    ],
    "loss": "softmax_cross_entropy",
    "leak": 0.2,
}


@pytest.mark.browser
def test_each_program_can_be_chosen_copied_and_saved(panel):
    radios = panel.get_by_role("radio")
    radios.first.focus()
    for kind in KINDS:
        assert panel.locator("input:checked").get_attribute("value") == kind
        shown = panel.locator(".bp-take pre").first.inner_text()
        assert shown.count("W1") >= 3
        assert ("torch" in shown, "bp.trace" in shown) == (kind == "pytorch", kind == "package")
        if kind != "pytorch":
            assert_printed(run(shown), WIDE)
        name, saved = panel.locator(".bp-save").first.evaluate(SAVED)
        assert (name, saved) == (f"network_{kind}.py", shown)
        panel.get_by_role("button", name="Copy").click()
        panel.wait_for_function("told.at(-1) === 'Copied'")
        assert panel.evaluate("navigator.clipboard.readText()") == shown
        panel.evaluate("told.length = 0")
        panel.locator("input:checked").focus()
        panel.keyboard.press("ArrowDown")
    assert panel.evaluate("lab.options.code") == "numpy", "after the last comes the first"
    assert_printed(panel.locator(".bp-take code").last.text_content(), WIDE)


@pytest.mark.browser
def test_where_nothing_may_be_copied_the_program_is_marked(panel):
    panel.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(Error('no')))")
    panel.locator(".bp-take button").click()
    panel.wait_for_function("told.at(-1)?.startsWith('Selected')")
    program = panel.locator(".bp-take pre").first.text_content()
    assert panel.evaluate("getSelection().toString().trim()") == program.strip()


@pytest.mark.browser
@pytest.mark.parametrize("sample", [0, 1])
def test_the_picture_stands_alone_and_has_all_numbers(panel, sample):
    panel.evaluate("told.before = document.querySelector('.bp-take img').src")
    panel.get_by_label("Sample").select_option(index=sample)
    panel.wait_for_function("document.querySelector('.bp-take img').src !== told.before")
    assert panel.evaluate("lab.options.drawn") == sample
    name, text = panel.locator(".bp-save").last.evaluate(SAVED)
    assert name == "network.svg"
    root = ElementTree.fromstring(text)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags == {"svg", "title", "g", "path", "rect", "text"}
    told = [value for element in root.iter() for value in element.attrib.values()]
    assert not re.search(r"url\(|var\(|currentcolor|https?:|data:|#", " ".join(told))
    assert {"rgb(29, 78, 216)", "rgb(194, 24, 58)"} <= set(told), "of weights and errors, on light"
    assert "class=" not in text and "style=" not in text and "href" not in text
    written = [element.text for element in root.iter() if element.tag.endswith("text")]
    numbers = sorted(each for each in written if re.fullmatch(r"[−\d.]+(e[−+]\d+)?", each))
    expected = panel.evaluate(
        """async (sample) => {
          const { short } = await import("./assets/stepper/page.js");
          const { steps } = await import("./assets/lab/steps.js");
          const { network } = lab;
          const found = steps(network).flatMap(({ name, value }) =>
            name === "C" ? [value] : /^d[Wb]/.test(name) ? value.flat() : value[sample]);
          const its = network.layers.flatMap(({ W, b }) => [W, b ?? []]).flat(2);
          const boxed = network.layers.flatMap(({ b }) => b ?? []); // in the picture and below it
          const all = [...found, ...its, ...boxed, ...network.x[sample], network.t[sample]];
          return all.map(short).sort();
        }""",
        sample,
    )
    assert numbers == expected
    sizes = panel.locator(".bp-take img").evaluate(
        "image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])"
    )
    box = [float(each) for each in root.get("viewBox").split()]
    assert sizes == [round(each) for each in box[2:]]


@pytest.mark.browser
def test_the_panel_is_as_wide_as_a_phone_and_its_controls_are_large_enough(panel):
    at_rest(panel)
    assert panel.evaluate("document.documentElement.scrollWidth") <= 360
    small = panel.evaluate(
        """[...document.querySelectorAll(".bp-take :is(label, button, select, .bp-save)")]
          .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 24)
          .map((node) => node.textContent)"""
    )
    assert not small


@pytest.mark.browser
def test_another_network_and_another_language_are_shown_when_they_come(panel):
    case = CASES[0]
    panel.evaluate("case_ => { lab.network = case_; panel.render(); }", case)
    assert_printed(run(panel.locator(".bp-take pre").first.text_content()), case)
    panel.evaluate(PANEL, [case, words.WORDS["ko"]])
    assert panel.locator("legend").text_content() == words.WORDS["ko"]["program"]
    assert "undefined" not in panel.locator(".bp-take").inner_text()


def test_words_of_both_languages_are_the_same():
    assert words.WORDS["en"].keys() == words.WORDS["ko"].keys()
    assert all(re.search("[가-힣]|NumPy|PyTorch", text) for text in words.WORDS["ko"].values())
