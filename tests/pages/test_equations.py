"""Every equation of every page is evaluated, both sides, with numbers."""

import json
import os
import re
import subprocess
import sys

import course
import numpy as np
import pytest
from equations.evaluate import evaluate
from equations.extract import Equation, equations
from equations.network import World, random_world
from equations.page import check_page, exemption
from hooks.content.checking.pages import told_of

NAMES = [str(path.relative_to(course.ROOT / "docs" / "en")) for path in course.all_pages("en")]


@pytest.fixture
def at_the_root(monkeypatch):
    monkeypatch.chdir(course.ROOT)  # as for a build, where rows are kept in .cache


@pytest.mark.parametrize("name", NAMES)
def test_every_equation_of_a_page_holds(name, at_the_root):
    """Evaluated now, or by the build of the site: each page once, by the same program."""
    rows, _ = told_of(course.ROOT / "docs" / "en" / name)
    assert not [(row["tex"], row["wrong"]) for row in rows if row["wrong"]]


def test_what_equations_come_to_does_not_depend_on_the_order_of_sets(at_the_root):
    """So whoever evaluates a page first does it for all builds and tests: sets are ordered anew in
    each process. These pages have equations of one unit, of elements, matrices and columns, and
    outputs that depend on each other."""
    names = ["zero/chain-rule", "hand/one-path", "hand/matrix-form", "equations/softmax"]
    pages = [course.ROOT / "docs/en" / f"{name}.md" for name in names]
    program = "import sys; from pathlib import Path; from equations import report; import json; "
    program += "print(json.dumps([report.as_dicts([Path(page)]) for page in sys.argv[1:]]))"
    run = subprocess.run(
        [sys.executable, "-c", program, *map(str, pages)],
        env=os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": "tests:docs"},
        capture_output=True,
        check=True,
    )
    assert json.loads(run.stdout) == [told_of(page)[0] for page in pages]


@pytest.mark.parametrize("name", NAMES)
def test_korean_pages_carry_the_same_equations_and_marks(name):
    english, korean = (
        equations(course.page_text(course.ROOT / "docs" / language / name))
        for language in ("en", "ko")
    )

    def of(found):
        return sorted(
            (
                *(
                    e.tex,
                    e.display,
                    e.columns,
                    e.label,
                    e.outputs,
                    e.hidden,
                    e.loss,
                    e.layers,
                    e.defines,
                ),
                e.about,
                *(e.is_definition, sorted(e.numbers.items()), bool(e.exempt)),
            )
            for e in found
        )

    assert of(english) == of(korean)


def test_at_least_95_percent_are_evaluated_and_the_rest_say_why(at_the_root):
    told = [told_of(course.ROOT / "docs" / "en" / name) for name in NAMES]
    found = [row for rows, _ in told for row in rows]
    evaluated = [row for row in found if row["instances"]]
    assert len(evaluated) >= 0.95 * len(found) > 600
    for row in found:
        assert row["instances"] or len(row["exempt"]) > 15, row


def test_nothing_the_page_computed_backward_is_read(tmp_path):
    """A page with wrong delta1, dW1 and db1 has the same networks as one without."""
    from equations.page import page_worlds

    code = '```python\n--8<-- "network_222.py:numbers"\n{}\n```\n'
    plain, spoiled = tmp_path / "plain.md", tmp_path / "spoiled.md"
    plain.write_text(code.format(""))
    spoiled.write_text(code.format("delta1 = dW1 = db1 = z1 = a1 = delta2 = dW2 = 'wrong'"))
    (one,), (other,) = page_worlds(plain), page_worlds(spoiled)
    assert one.values.keys() == other.values.keys()
    for name, value in one.values.items():
        assert (value == other.values[name]).all()


# What the checker understands: a true and a false equation of each kind.

GENERAL: list[tuple[str, str | None]] = [
    (r"\Z{l} = \A{l-1} \W{l} + \b{l}", r"\Z{l} = \A{l} \W{l} + \b{l}"),
    (r"\A{l} = \act(\Z{l})", None),
    (r"\err{l} = \err{l+1} (\W{l+1})^\T \had \act'(\Z{l})", r"\err{l} = \err{l+1} \W{l+1} \had \act'(\Z{l})"),
    (r"\grad{\Loss}{\W{l}} = (\A{l-1})^\T \err{l}", r"\grad{\Loss}{\W{l}} = (\err{l})^\T \A{l-1}"),
    (r"\grad{\Loss}{\b{l}} = \sum_{x} \err{l}", r"\grad{\Loss}{\b{l}} = \frac{1}{n} \sum_{x} \err{l}"),
    (r"\err{L} = \frac{1}{n} (\A{L} - \Tgt) \had \act'(\Z{L})", r"\err{L} = (\A{L} - \Tgt) \had \act'(\Z{L})"),
    (r"\z{l}_j = \sum_i \a{l-1}_i \W{l}_{ij} + \b{l}_j", r"\z{l}_j = \sum_i \a{l-1}_i \W{l}_{ji} + \b{l}_j"),
    (
        r"\Loss = \frac{1}{n} \sum_x \frac{1}{2} \left\| \y - \t \right\|^2",
        r"\Loss = \sum_x \frac{1}{2} \left\| \y - \t \right\|^2",
    ),
    (r"\Loss = \frac{1}{n} \sum_x \Lossx", r"\Loss = \sum_x \Lossx"),
    (r"\partial \Lossx / \partial \a{1}_1 = \err{2}_1 \W{2}_{11} + \err{2}_2 \W{2}_{12}", r"\partial \Lossx / \partial \a{1}_1 = \err{2}_1 \W{2}_{11} + \err{2}_2 \W{2}_{21}"),
    (r"\grad{\Lossx}{\b{1}_1} = \sum_{k=1}^{m} \err{2}_k \W{2}_{1k} \cdot \a{1}_1 (1 - \a{1}_1)", r"\grad{\Lossx}{\b{1}_1} = \sum_{k=1}^{1} \err{2}_k \W{2}_{1k} \cdot \a{1}_1 (1 - \a{1}_1)"),
    (
        r"\grad{\Lossx}{\W{2}} = \begin{pmatrix} \a{1}_1 \err{2}_1 & \a{1}_1 \err{2}_2 \\ \a{1}_2 \err{2}_1 & \a{1}_2 \err{2}_2 \end{pmatrix}",
        r"\grad{\Lossx}{\W{2}} = \begin{pmatrix} \a{1}_1 \err{2}_1 & \a{1}_2 \err{2}_1 \\ \a{1}_1 \err{2}_2 & \a{1}_2 \err{2}_2 \end{pmatrix}",
    ),
    (r"(AB)^\T = B^\T A^\T", r"(AB)^\T = A^\T B^\T"),
    (r"\tanh'(z) = 1 - \tanh(z)^2", r"\tanh'(z) = 1 - \tanh(z)"),
    (
        r"\relu'(z) = \begin{cases} 1 & \text{if } z > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\relu'(z) = \begin{cases} 1 & \text{if } z < 0 \\ 0 & \text{otherwise} \end{cases}",
    ),
    (r"\sigmoid'(z) = \sigmoid(z) (1 - \sigmoid(z))", r"\sigmoid'(z) = \sigmoid(z) (1 + \sigmoid(z))"),
    (
        r"\ln (2 \cdot 3) = \ln 2 + \ln 3",
        r"\ln (2 \cdot 3) = \ln 2 \cdot \ln 3",
    ),
    (
        r"\begin{cases} z & \text{if } z > 0 \\ 0 & \text{otherwise} \end{cases} = \begin{cases} 0 & \text{if } z \le 0 \\ z & \text{if } z > 0 \end{cases}",
        r"\begin{cases} z & \text{if } z > 0 \\ 0 & \text{otherwise} \end{cases} = \begin{cases} 0 & \text{if } z \ge 0 \\ z & \text{if } z < 0 \end{cases}",
    ),
]  # fmt: skip


def check(tex, worlds=(), **how):
    return evaluate(Equation(tex, 0, True, number=1, **how), list(worlds))


@pytest.mark.parametrize(("true", "false"), GENERAL)
def test_true_equations_hold_and_false_ones_do_not(true, false):
    assert check(true).holds, check(true).wrong
    assert false is None or not check(false).holds


def test_columns_are_the_transposes_of_rows():
    columns = r"\Z{l} = \W{l} \A{l-1} + \b{l}"
    assert check(columns, columns=True).holds
    assert not check(columns).holds
    assert not check(r"\Z{l} = \A{l-1} \W{l} + \b{l}", columns=True).holds


# Steps of proofs: sums over indices, cases, Jacobians; in rows, and in columns.
SOFTMAX = "outputs=softmax, loss=cross-entropy"
STEPS: list[tuple[str, str, dict]] = [
    (
        r"\err{l}_j = \sum_k \grad{\Lossx}{\z{l+1}_k} \grad{\z{l+1}_k}{\z{l}_j}",
        r"\err{l}_j = \sum_k \grad{\Lossx}{\z{l+1}_k} \grad{\z{l+1}_k}{\a{l}_j}",
        {},
    ),
    (
        r"\grad{\z{l}_k}{\W{l}_{ij}} = \begin{cases} \a{l-1}_i & \text{if } k = j \\ 0 & \text{otherwise} \end{cases}",
        r"\grad{\z{l}_k}{\W{l}_{ij}} = \begin{cases} \a{l-1}_i & \text{if } i = j \\ 0 & \text{otherwise} \end{cases}",
        {},
    ),
    (
        r"\grad{\z{l+1}_k}{\z{l}_j} = \W{l+1}_{kj} \act'(\z{l}_j)",
        r"\grad{\z{l+1}_k}{\z{l}_j} = \W{l+1}_{jk} \act'(\z{l}_j)",
        {"columns": True},
    ),
    (r"\grad{\Lossx}{\W{l}_{ji}} = \err{l}_j \a{l-1}_i", r"\grad{\Lossx}{\W{l}_{ij}} = \err{l}_j \a{l-1}_i", {"columns": True}),
    (r"\err{l} = \err{l+1} \jac{\z{l+1}}{\z{l}}", r"\err{l} = \err{l+1} (\jac{\z{l+1}}{\z{l}})^\T", {}),
    (r"\err{L} = (\jac{\a{L}}{\z{L}})^\T \grad{\Lossx}{\a{L}}", r"\err{l} = \jac{\z{l+1}}{\z{l}} \err{l+1}", {"columns": True}),
    (r"\err{L} = \y - \t", r"\err{L} = (\y - \t) \had \y \had (1 - \y)", {"functions": SOFTMAX}),
    (r"\Lossx = - \sum_k \t_k \ln \y_k", r"\Lossx = \sum_k \t_k \ln \y_k", {"functions": SOFTMAX}),
    (r"\sum_k \a{L}_k = 1", r"\sum_k \a{l}_k = 1", {"functions": SOFTMAX}),
    (
        r"\err{1} = (\err{2} (\W{2})^\T + \a{1}) \had \act'(\z{1})",
        r"\err{1} = (\err{2} (\W{2})^\T) \had \act'(\z{1})",
        {"functions": "loss=hidden"},
    ),
    (
        r"\err{2} = (\err{3} (\W{3})^\T + \frac{1}{n} \A{2}) \had \act'(\Z{2})",
        r"\err{3} = (\err{4} (\W{4})^\T + \A{3}) \had \act'(\Z{3})",
        {"functions": "loss=all-hidden"},
    ),
    (
        r"\grad{\Loss}{\W{l}} = \sum_{x} \grad{\Loss}{\Lossx} \cdot \grad{\Lossx}{\W{l}}",
        r"\grad{\Loss}{\W{l}} = \sum_{x} \grad{\Lossx}{\W{l}}",
        {},
    ),
    (
        r"\grad{\y_k}{\z{L}_j} = \y_k ([k = j] - \y_j)",
        r"\grad{\y_k}{\z{L}_j} = \y_k ([k > j] - \y_j)",
        {"functions": SOFTMAX},
    ),
    (r"\sum_{k \ne j} \y_k = 1 - \y_j", r"\sum_{k \ne j} \y_k = 1", {"functions": SOFTMAX}),
    (
        r"\err{L}_j = \grad{\Lossx}{\a{L}_j} \act'(\z{L}_j) = \grad{\Lossx}{\z{L}_j}",
        r"\err{L}_j = \grad{\Lossx}{\a{L+1}_j} \act'(\z{L}_j) = \grad{\Lossx}{\z{L}_j}",
        {},
    ),
    (r"\prod_{k=1}^{3} (k + 1) = 24", r"\prod_{k=1}^{3} k = 24", {}),
    (r"\a{1}_1 \a{1}_2 = \prod_k \a{1}_k", r"\a{1}_1 + \a{1}_2 = \prod_k \a{1}_k", {}),
]  # fmt: skip


@pytest.mark.parametrize(("true", "false", "how"), STEPS)
def test_steps_of_proofs_are_evaluated(true, false, how):
    assert check(true, **how).holds, check(true, **how).wrong
    assert not check(false, **how).holds


def test_a_page_s_own_network_is_evaluated_with_the_functions_of_the_equation():
    world = page_world()
    hidden = check(r"\err{1} = (\err{2} (\W{2})^\T + \a{1}) \had \a{1} \had (1 - \a{1})", [world])
    assert hidden.instances == 1 and not hidden.holds
    tex = r"\Lossx = \frac{1}{2} \left\| \y - \t \right\|^2 + \frac{1}{2} \left\| \a{1} \right\|^2"
    assert check(tex, [world], functions="loss=hidden").holds
    assert world.values["E"] != world.turned("", "", "hidden").values["E"]


def test_square_networks_find_what_shapes_would_hide():
    """W2 is square here: without the transpose the product exists, and is wrong."""
    result = check(r"\err{1} = \err{2} \W{2} \had \act'(\Z{1})")
    assert not result.holds


def page_world(outputs=2):
    rng = np.random.default_rng(0)
    world = random_world(rng, [2, 2, outputs], 1, about="the page's")
    return World(world.X, world.T, world.W, world.b)


@pytest.mark.parametrize(
    ("shown", "holds"), [("{:.4f}", True), ("{:.2f}", True), ("0{:.3f}1", False)]
)
def test_printed_numbers_are_right_to_their_last_digit(shown, holds):
    world = page_world()
    value = abs(world.values["A2"][0, 0])
    assert check(rf"\a{{2}}_1 \approx {shown.format(value)}", [world]).holds == holds
    off = f"{value + 0.0001:.4f}"
    assert not check(rf"\a{{2}}_1 = {off}", [world]).holds


def test_a_page_with_one_output_speaks_of_networks_with_one_output():
    one_part = r"\Lossx = \frac{1}{2} (\t_1 - \a{2}_1)^2"
    assert check(one_part, [page_world(outputs=1)]).holds
    assert not check(one_part, [page_world()]).holds
    assert not check(one_part).holds
    no_square = r"\Lossx = \frac{1}{2} (\t_1 - \a{2}_1)"
    assert not check(no_square, [page_world(outputs=1)]).holds


def test_an_update_is_compared_with_the_pages_own_step():
    world = page_world()
    world.stepped = {"W2": world.W[2] - world.lr * world.derivative("C", (0, 0), "W2")}
    assert check(r"\W{2} \leftarrow \W{2} - \lr \grad{\Loss}{\W{2}}", [world]).holds
    assert not check(r"\W{2} \leftarrow \W{2} + \lr \grad{\Loss}{\W{2}}", [world]).holds
    assert not check(r"\W{2} \leftarrow \W{2} - \lr \grad{\Loss}{\W{2}}").holds


@pytest.mark.parametrize(
    ("tex", "why"),
    [
        (r"\Z{1} = \X \had \W{1}", "elementwise product of shapes"),
        (r"\Z{1} = \W{1} \X", "matrix product of shapes|elementwise|sides"),
        (r"\a{2}_3 = \a{2}_3", "index 3 of 2"),
        (r"\Loss_1 = \Lossx_1", "no parts"),
        (r"\Z{1} = \X \W{1} + 1", "sum of a number and an array"),
        (r"\foo = 1", "not understood"),
        (r"\z{0}_1 = 1 \z{0}_1", "no layer 0"),
        (r"\a{1}_1 \approx \a{1}_1", "printed number"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(tex, why):
    result = check(tex)
    assert not result.holds
    assert re.search(why, result.wrong[0])


def test_extraction_finds_chains_rows_inline_math_and_marks():
    text = r"""
Inline $\x_1 = 0$<!-- equation: not evaluated: a supposition of the text --> and `$x = 1$`.

$$
\begin{aligned}
\z{1} &= \x \W{1} + \b{1} \\
&= \b{1} \\
&\quad + \x \W{1} \\
\a{1} &= \act(\z{1})
\end{aligned}
$$

<div class="columns" markdown>

<!-- equation: outputs=identity -->
$$
\a{2} = \z{2} \tag{7}
$$

</div>

```python
text = "$x = 2$"
```
"""
    found = equations(text)
    assert [(e.tex, e.display, e.columns, e.label) for e in found] == [
        (r"\x_1 = 0", False, False, ""),
        (r"\z{1} = \x \W{1} + \b{1} = \b{1} + \x \W{1}", True, False, ""),
        (r"\a{1} = \act(\z{1})", True, False, ""),
        (r"\a{2} = \z{2}", True, True, "7"),
    ]
    assert exemption(found[0]) == "a supposition of the text"
    assert found[3].outputs == "identity" and not exemption(found[3])


UNIT = r"""
<!-- equations: plain letters -->

```python
import math
x, w, b, t, lr = 1.5, 0.8, -0.2, 0.1, 2.0
z = w * x + b
a = 1 / (1 + math.exp(-z))
E = 0.5 * (a - t) ** 2
new_w = w - lr * (a - t) * a * (1 - a) * x
```

<!-- equation: definitions -->

$$
\begin{aligned}
\preact &= \weight \x + \bias \\
\activ &= \sigmoid(\preact) \\
\Lossx &= \frac{1}{2} (\activ - \t)^2
\end{aligned}
$$
"""

OF_A_UNIT = [
    (r"\grad{\Lossx}{\weight} = \x \error", True),
    (r"\grad{\Lossx}{\weight} = \weight \error", False),
    (r"\error = (\activ - \t) \activ (1 - \activ)", True),
    (r"\error = (\activ - \t) \preact (1 - \preact)", False),
    (r"\move{\preact} = \weight \move{\x}", True),
    (r"\move{\preact} = \x \move{\x}", False),
    (r"\move{\Lossx} \approx \grad{\Lossx}{\activ} \move{\activ}", True),
    (r"\move{\Lossx} = \grad{\Lossx}{\activ} \move{\activ}", False),  # the curve bends
    (r"\weight \leftarrow \weight - \lr \grad{\Lossx}{\weight}", True),
    (r"\weight \leftarrow \weight - \grad{\Lossx}{\weight}", False),
    (r"\preact = 1.0", True),
    (r"\preact = 1.1", False),
    (r"\frac{(v + h)^2 - v^2}{h} = 2 v + h", True),
    (r"\frac{(v + h)^2 - v^2}{h} = 2 v", False),
]


@pytest.mark.parametrize(("tex", "holds"), OF_A_UNIT)
def test_plain_letters_follow_from_what_the_page_defines(tmp_path, tex, holds):
    page = tmp_path / "unit.md"
    page.write_text(UNIT + f"\n${tex}$\n")
    *defined, last = check_page(page)
    assert all(each.result.holds for each in defined)
    assert last.result.holds is holds, last.result.wrong


def test_losses_of_samples_meet_in_the_loss_of_a_batch(tmp_path):
    page = tmp_path / "product.md"
    defined = "<!-- equation: definitions, with E_1=2, E_2=3, C=6 -->\n$$\n\\Loss = \\Lossx_1 \\Lossx_2\n$$\n"
    slope = r"$\grad{\Loss}{\Lossx_1} = \Lossx_2$ and $\grad{\Loss}{\Lossx_1} = \Lossx_1$"
    page.write_text("<!-- equations: plain letters -->\n" + defined + slope)
    assert [each.result.holds for each in check_page(page)] == [True, True, False]


def test_a_definition_that_the_code_contradicts_is_refused(tmp_path):
    page = tmp_path / "unit.md"
    page.write_text(UNIT.replace(r"\weight \x + \bias", r"\weight \x - \bias"))
    first, *_ = check_page(page)
    assert not first.result.holds


def test_an_equation_uses_the_last_definition_before_it(tmp_path):
    page = tmp_path / "twice.md"
    code = "```python\nx = 3.0\ny = {}\n```\n"
    defines = "<!-- equation: definitions -->\n$$\n\\y = {}\n$$\n"
    page.write_text(
        "<!-- equations: plain letters -->\n"
        + defines.format(r"\x^2")
        + code.format(9.0)
        + r"$\deriv{\y}{\x} = 2 \x$ "
        + "\n\n"
        + defines.format(r"2 \x")
        + code.format(6.0)
        + r"$\deriv{\y}{\x} = 2$"
    )
    assert all(each.result.holds for each in check_page(page))


OF_A_LAYER = [
    (r"\Y_{ij} = \sum_k \X_{ik} \weights_{kj} + \bias_j", True),
    (r"\Y_{ij} = \sum_k \X_{ik} \weights_{jk} + \bias_j", False),
    (r"\grad{\Loss}{\X} = \grad{\Loss}{\Y} (\weights)^\T", True),
    (r"\grad{\Loss}{\X} = \grad{\Loss}{\Y} \weights", False),
    (r"\grad{\Loss}{\bias_j} = \sum_i \grad{\Loss}{\Y_{ij}}", True),
    (r"\move{\Loss} \approx \inner{\grad{\Loss}{\Y}}{\move{\X} \weights}", True),
    (r"\move{\Loss} = \inner{\grad{\Loss}{\Y}}{\move{\X} \weights}", False),
    (
        r"\Y_{12} = \X_{11} \weights_{12} + \X_{12} \weights_{22} + \X_{13} \weights_{32} + \bias_2",
        True,
    ),
    (r"\Y_{12} = \X_{11} \weights_{12} + \X_{12} \weights_{22} + \bias_2", False),
    (r"\Y = \X \weights + \bias", True),
    (r"\grad{\Y_{12}}{\weights_{32}} = \X_{13}", True),
    (r"\grad{\Y_{12}}{\weights_{32}} = \X_{23}", False),
]


@pytest.mark.parametrize(("tex", "holds"), OF_A_LAYER)
def test_one_layer_is_evaluated_by_its_elements_and_as_a_whole(tmp_path, tex, holds):
    page = tmp_path / "layer.md"
    page.write_text(f"<!-- equations: one layer -->\n\n${tex}$\n")
    (checked,) = check_page(page)
    assert checked.result.holds is holds, checked.result.wrong
