"""What the build writes for steppers: the package's own steps, formulas that hold, the lines of
code that compute them, and links that know the number of their step."""

import json
import re
from itertools import pairwise
from pathlib import Path

import course
import numpy as np
import pytest
from equations.evaluate import evaluate
from equations.extract import equations
from equations.network import World
from equations.page import definitions, page_worlds
from hooks.steppers import formulas, steppers, texts
from mkdocs.exceptions import PluginError
from networks import by_the_package, random_network, two_relu_layers

import backprop as bp
from backprop import rules
from backprop.exercises.given import unit

NETWORKS = sorted(path.stem for path in (course.ROOT / "docs/steppers").glob("network_*.py"))
PAGE_OF = {
    "network_221": "hand/one-path",
    "network_222": "hand/matrix-form",
    "network_2322": "equations/error",
    "network_relu": "hand/backward-walk",
}
LANGUAGES = ["en", "ko"]


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    monkeypatch.chdir(course.ROOT)


def written(name, language="en"):
    return json.loads(steppers.as_json(**steppers.network(name), language=language))


@pytest.mark.parametrize("name", [*NETWORKS, "unit"])
def test_the_steps_are_those_of_the_package_to_the_last_bit(name):
    its = steppers.network(name)
    *steps, update = written(name)["steps"]
    assert update["name"] == "update"
    for found, step in zip(
        steps, bp.trace(its["net"], its["loss"], its["x"], its["t"]), strict=True
    ):
        assert found["name"] == step.name
        assert found["expression"] == step.expression
        np.testing.assert_array_equal(found["value"], step.value)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_page_and_the_stepper_have_the_same_numbers(name):
    (world, *_) = page_worlds(course.ROOT / f"docs/en/{PAGE_OF[name]}.md")
    network = written(name)["network"]
    np.testing.assert_array_equal(network["x"], world.X)
    np.testing.assert_array_equal(network["t"], world.T)
    for l, layer in enumerate(network["layers"], start=1):
        np.testing.assert_array_equal(layer["W"], world.W[l])
        np.testing.assert_array_equal(layer["b"], world.b[l][0])


def checked(latex, page, worlds):
    """Evaluated as an equation of the page: in its networks, with their functions."""
    of_the_page = equations(course.page_text(course.ROOT / f"docs/en/{page}.md"))
    functions = next((f", {each.functions}" for each in of_the_page if each.functions), "")
    about = f"<!-- equations: a network{functions} -->"
    (equation,) = equations(f"{about}\n\n$$\n{latex}\n$$\n")
    return evaluate(equation, worlds)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_formula_of_a_step_holds(name):
    """Evaluated as the equations of pages are: every derivative numerically."""
    worlds = page_worlds(course.ROOT / f"docs/en/{PAGE_OF[name]}.md")
    for step in written(name)["steps"][:-1]:
        for formula in filter(None, (step["tex"], step["unit"])):  # none of a unit for a batch
            result = checked(formula, PAGE_OF[name], worlds)
            assert result.holds, (formula, result.wrong)
            assert result.instances >= (4 if formula == step["tex"] else 1)


def test_the_formula_of_the_update_holds():
    worlds = page_worlds(course.ROOT / "docs/en/hand/matrix-form.md")
    found = equations(f"$$\n{formulas.update_formula(batch=False)}\n$$\n")
    assert len(found) == 2
    for equation in found:
        result = evaluate(equation, worlds)
        assert result.holds and result.instances == 2, result.wrong


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(r"^\T", ""), (r"\had", r"\cdot"), (r"\err{2}", r"\err{1}"), ("'", ""), (r"\a{1}", r"\z{1}")],
)
def test_a_mistake_in_a_formula_is_found(right, wrong):
    worlds = page_worlds(course.ROOT / "docs/en/hand/matrix-form.md")
    formulas = [step["tex"] for step in written("network_222")["steps"][:-1]]
    planted = [tex.replace(right, wrong, 1) for tex in formulas if right in tex.partition("=")[2]]
    assert planted
    for formula in planted:
        assert not checked(formula, "hand/matrix-form", worlds).holds, formula


# Leaky ReLU, and layers without biases


def leaky_without_biases(sizes=(2, 3, 2), n=1):
    rng = np.random.default_rng(3)
    layers = []
    for shape in pairwise(sizes):
        layers += [bp.Dense(rng.normal(size=shape)), bp.LeakyReLU()]
    x, t = rng.normal(size=(n, sizes[0])), rng.normal(size=(n, sizes[-1]))
    return {"net": bp.Network(layers), "loss": bp.squared_error, "x": x, "t": t, "lr": 0.1}


@pytest.mark.parametrize("n", [1, 3])
def test_formulas_of_leaky_relu_without_biases_hold(n):
    its = leaky_without_biases(n=n)
    W = {l: layer.W for l, layer in enumerate(its["net"].layers[::2], start=1)}
    b = {l: np.zeros((1, each.shape[1])) for l, each in W.items()}
    world = World(its["x"], its["t"], W, b, about="without biases")
    data = json.loads(steppers.as_json(**its, language="en"))
    assert data["network"]["leak"] == 0.01
    assert [each["activation"] for each in data["network"]["layers"]] == ["leaky_relu"] * 2
    about = "<!-- equations: a network, hidden=leaky, outputs=leaky -->"
    for step in data["steps"][:-1]:
        for formula in filter(None, (step["tex"], step["unit"])):
            assert r"\b" not in formula.replace(r"\begin", "")
            (equation,) = equations(f"{about}\n\n$$\n{formula}\n$$\n")
            result = evaluate(equation, [world])  # and in random networks, which have biases
            others = step["name"].startswith("z")
            wrong = [why for why in result.wrong if not others or "without biases" in why]
            assert result.instances and not wrong, (formula, wrong)
    wrong = about.replace("leaky", "relu")
    (delta,) = (step["tex"] for step in data["steps"] if step["name"] == "delta1")
    (equation,) = equations(f"{wrong}\n\n$$\n{delta}\n$$\n")
    assert any("without biases" in why for why in evaluate(equation, [world]).wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_biases_nothing_is_said_of_them(language):
    for its in (leaky_without_biases(), leaky_without_biases(n=2), leaky_without_biases((1, 1))):
        data = json.loads(steppers.as_json(**its, language=language))
        steps = {step["name"]: step for step in data["steps"]}
        assert not steps.keys() & {"db1", "db2"}
        about = texts.SAYINGS_OF_THE_UNIT if data["plain"] else texts.SAYINGS
        assert steps["z1"]["says"] == about[language]["z_weights"].format(l=1)
        assert "leaky ReLU" in steps["y"]["says"]
        assert not re.search("bias|편향", steps["update"]["says"])
        assert not re.search(r"\\b(?!egin)", steps["update"]["tex"] + steps["z1"]["tex"])
        if not data["plain"]:
            code = steps["update"]["code"]["line"]
            assert re.sub("<.*?>", "", code) == "W1 -= lr * dW1"
            assert re.findall("<mark>", steps["z1"]["code"]["html"]) == ["<mark>"]


def test_leaky_relus_of_a_stepper_have_one_slope():
    its = leaky_without_biases()
    its["net"].layers[1] = bp.LeakyReLU(0.2)
    with pytest.raises(PluginError, match=r"one slope, got \[0.01, 0.2\]"):
        steppers.as_json(**its, language="en")


def test_a_stepper_takes_networks_of_all_kinds():
    for seed in range(40):
        case = random_network(seed)
        net, loss = by_the_package(case), getattr(bp, case["loss"])
        x, t = np.array(case["x"]), np.array(case["t"])
        data = json.loads(steppers.as_json(net, loss, x, t, lr=0.1, language="en"))
        assert len(data["steps"]) == len(bp.trace(net, loss, x, t)) + 1
        for step in data["steps"]:
            assert step["tex"] and step["says"] and "None" not in step["tex"] + step["unit"]


# One unit in plain letters


def test_the_steps_of_the_unit_have_the_numbers_that_exercises_start_from():
    steps = {step["name"]: step for step in written("unit")["steps"]}
    for name, (letter, _) in formulas.PLAIN_NAMES.items():
        if name in steps and hasattr(unit, letter):
            assert np.ravel(steps[name]["value"]) == [pytest.approx(getattr(unit, letter))]
    assert unit.z == pytest.approx(1)
    network = written("unit")["network"]
    assert network["x"] == [[unit.x]] and network["t"] == [[unit.t]] and network["lr"] == unit.lr
    assert network["layers"] == [{"W": [[unit.w]], "b": [unit.b], "activation": "sigmoid"}]


def formulas_of_the_unit():
    """As a page would have them: those of the way forward define the letters."""
    *steps, update = written("unit")["steps"]
    forth = [step["tex"] for step in steps if step["phase"] != "backward"]
    back = [step["tex"] for step in steps if step["phase"] == "backward"] + [update["tex"]]
    return forth, back


def in_plain_letters(forth, back):
    """Each formula evaluated, those of the way back by derivatives taken numerically."""
    mark = "<!-- equation: definitions -->"
    text = "<!-- equations: plain letters -->\n\n" + "".join(
        f"{before}\n$$\n{tex}\n$$\n\n"
        for before, tex in [*((mark, tex) for tex in forth), *(("", tex) for tex in back)]
    )
    found = equations(text)
    numbers = {name: getattr(unit, name) for name in ("x", "w", "b", "z", "a", "t", "lr")}
    numbers["E"] = float(bp.squared_error(np.array([[unit.a]]), np.array([[unit.t]])))
    stepped = {"w": unit.w - unit.lr * unit.dw, "b": unit.b - unit.lr * unit.db}
    nothing = np.zeros((1, 1))
    world = World(nothing, nothing, {}, {}, about="the unit", letters=numbers, stepped=stepped)
    return [evaluate(each, [world], definitions(found)) for each in found]


def test_every_formula_of_the_unit_holds():
    forth, back = formulas_of_the_unit()
    results = in_plain_letters(forth, back)
    assert len(results) == len(forth) + len(back) + 1, "the update has two rows"
    for result in results:
        assert result.holds and result.instances, result.wrong


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(r"\activ - \t", r"\t - \activ"), (r"(1 - \activ)", r"(1 + \activ)"), (r"= \x", r"= \weight"),
     (r"= \error \weight", r"= \error \x"), (r"- \lr", r"+ \lr"), (r"= \error", r"= \x \error")],
)  # fmt: skip
def test_a_mistake_in_a_formula_of_the_unit_is_found(right, wrong):
    forth, back = formulas_of_the_unit()
    assert any(right in tex for tex in back)
    results = in_plain_letters(forth, [tex.replace(right, wrong) for tex in back])
    assert not all(result.holds for result in results)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layers", [[bp.Sigmoid()], [bp.Tanh()], [bp.ReLU()], []])
def test_nothing_of_a_single_unit_has_an_index_or_a_layer(language, layers):
    its = steppers.network("unit")
    its["net"] = bp.Network([bp.Dense([[0.8]], [-0.2]), *layers])
    data = json.loads(steppers.as_json(**its, language=language))
    shown = [step[key] for step in data["steps"] for key in ("tex", "unit", "says")]
    shown += [*data["words"].values(), *data["plain"].values()]
    for text in shown:
        text = re.sub(r"\{[a-z]+\}", "", text)  # places for what is filled in
        assert not re.search(r"_|[a-zA-Zδ]\d|\[|layer|층|신경망|network|None", text), text
    assert not any(step["code"] for step in data["steps"])
    for step in data["steps"]:
        assert re.search("[가-힣]" if language == "ko" else "[a-z]{3}", step["says"])


@pytest.mark.parametrize("name", NETWORKS)
def test_only_a_single_unit_is_shown_in_plain_letters(name):
    its = steppers.network(name)
    assert written(name)["plain"] is None
    assert not formulas.is_plain(its["net"], its["loss"], its["x"])
    one = steppers.network("unit")
    assert formulas.is_plain(one["net"], one["loss"], one["x"])
    assert not formulas.is_plain(one["net"], one["loss"], np.zeros((2, 1))), "a batch of two"
    assert not formulas.is_plain(one["net"], bp.softmax_cross_entropy, one["x"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "its", [steppers.network("network_222"), two_relu_layers()], ids=["222", "relu"]
)
def test_each_step_is_said_in_words_and_shown_in_code(its, language):
    data = json.loads(steppers.as_json(**its, language=language))
    for step in data["steps"]:
        assert re.search("[가-힣]" if language == "ko" else "[a-z]{3}", step["says"])
        assert "{" not in step["says"]
        assert "<mark>" in step["code"]["html"]
        assert re.sub("<.*?>", "", step["code"]["line"]).startswith(("W1 -=", f"{step['name']} ="))
    code = {step["name"]: step["code"] for step in data["steps"]}
    plain = {
        name: [
            re.sub("<.*?>", "", line).strip()
            for line in re.findall("<mark>(.*?)</mark>", its["html"])
        ]
        for name, its in code.items()
    }
    assert plain["z1"] == ["z = x @ W", "z += b"]
    assert plain["db1"] == ["db = delta.sum(axis=0)"]
    assert plain["da1"] == plain["dx"] == ["dx = delta @ W.T"]
    assert plain["dW1"] == ["dW = x.T @ delta"]
    assert plain["update"] == ["W -= self.lr * dW"]


def test_code_that_has_moved_fails_the_build():
    with pytest.raises(PluginError, match="no line beginning with 'no such line'"):
        steppers.shown("z = x @ W + b", rules.dense_forward, ["z = ", "no such line"])


def test_words_of_both_languages_have_the_same_places():
    english, korean = (
        texts.WORDS[language] | texts.WORDS_OF_THE_DEMON[language] for language in LANGUAGES
    )
    assert english.keys() == korean.keys()
    assert not texts.WORDS["en"].keys() & texts.WORDS_OF_THE_DEMON["en"].keys()
    for sayings in (texts.SAYINGS, texts.SAYINGS_OF_THE_UNIT, texts.WORDS_OF_THE_UNIT):
        assert sayings["en"].keys() == sayings["ko"].keys()
    assert texts.SAYINGS_OF_THE_UNIT["en"].keys() == texts.SAYINGS["en"].keys() - {"da"}
    assert texts.WORDS_OF_THE_UNIT["en"].keys() <= english.keys()
    for key, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", korean[key])), key


class Page:
    class file:
        src_uri = "hand/page.md"


FIGURE = '<p><img alt="A" data-stepper="network_222" src="w.svg"><img src="w-dark.svg"></p>'


def turned(html):
    return steppers.on_page_content(FIGURE + html, Page, None, None)


def test_a_figure_becomes_the_stepper_and_stays_inside_it():
    html = turned("")
    assert html.startswith('<backprop-stepper network="network_222"><img alt="A" src="w.svg">')
    assert html.endswith("</backprop-stepper>")


def test_a_demon_takes_a_network_with_one_sample():
    figure = '<p><img alt="A" data-demon="network_2322" src="d.svg"></p>'
    html = steppers.on_page_content(figure, Page, None, None)
    assert html == (
        '<backprop-demon network="network_2322"><img alt="A" src="d.svg"></backprop-demon>'
    )
    for name, why in (("network_relu", "has several"), ("network_9", "there is no")):
        with pytest.raises(PluginError, match=why):
            steppers.on_page_content(figure.replace("network_2322", name), Page, None, None)


def test_links_get_the_number_of_their_step():
    names = [step.name for step in bp.trace(*list(steppers.network("network_222").values())[:4])]
    html = turned('<a href="?stepper=dW1:dW1_11">step #</a> <a href="?stepper=update">#단계</a>')
    number = names.index("dW1") + 1
    assert f'"?stepper=network_222~dW1:dW1_11" class="bp-step-link">step&nbsp;{number}</a>' in html
    assert f">{len(names) + 1}단계</a>" in html


def test_links_and_equations_of_a_unit_use_plain_names():
    html = FIGURE.replace("network_222", "unit") + (
        '<a href="?stepper=delta">step #</a> <a href="?stepper=dw:dw">these factors</a>'
        '<div class="arithmatex">\\[\\preact = \\weight \\x + \\bias\\]</div>'
    )
    html = steppers.on_page_content(html, Page, None, None)
    assert '"?stepper=unit~delta" class="bp-step-link">step&nbsp;5</a>' in html
    assert '"?stepper=unit~dw:dw" class="bp-step-link">these factors</a>' in html
    assert '<div class="arithmatex" data-steps="z">' in html
    with pytest.raises(PluginError, match="has a step delta1"):
        steppers.on_page_content(html + '<a href="?stepper=delta1">#</a>', Page, None, None)


def test_a_link_to_a_step_that_is_not_there_fails_the_build():
    with pytest.raises(PluginError, match="has a step delta7"):
        turned('<a href="?stepper=delta7">step #</a>')


def test_a_stepper_in_the_middle_of_a_sentence_fails_the_build():
    with pytest.raises(PluginError, match="a figure of its own"):
        steppers.on_page_content(
            '<p>See <img data-nudge="W1_11" src="n.svg"></p>', Page, None, None
        )


@pytest.mark.parametrize(
    ("latex", "names"),
    [
        (r"\z{1}_1 &= \x_1 \W{1}_{11} \\ \a{2}_1 &= \sigmoid(\z{2}_1)", ["z1", "y"]),
        (
            r"\err{2} &= (\a{2} - \t) \had \a{2} \\ \grad{\Lossx}{\b{2}} &= \err{2}",
            ["delta2", "db2"],
        ),
        (r"\grad{\Lossx}{\a{1}} = \err{2} (\W{2})^\T", ["da1"]),
        (r"\grad{\Lossx_1}{\W{1}_{11}} &= \x_1", ["dW1"]),
        (r"\Lossx = \frac{1}{2} (\t_1 - \a{2}_1)^2", ["C"]),
        (r"\W{2} &\leftarrow \W{2} - \lr \grad{\Lossx}{\W{2}}", ["update"]),
        (r"\sigmoid'(z) = \sigmoid(z) (1 - \sigmoid(z))", []),
    ],
)
def test_equations_know_their_steps(latex, names):
    assert steppers.defined(latex, layers=2) == names


@pytest.mark.parametrize(
    ("latex", "names"),
    [
        (r"\preact &= \weight \x + \bias \\ \activ &= \sigmoid(\preact)", ["z", "a"]),
        (r"\begin{aligned} \Lossx &= \frac{1}{2} (\activ - \t)^2 \end{aligned}", ["E"]),
        (r"\grad{\Lossx}{\activ} = \activ - \t", ["da"]),
        (r"\error = \grad{\Lossx}{\activ} \cdot \activ (1 - \activ)", ["delta"]),
        (
            r"\grad{\Lossx}{\weight} &= \x \error \\ \grad{\Lossx}{\bias} &= \error = 0.1",
            ["dw", "db"],
        ),
        (r"\grad{\Lossx}{\x} = \error \weight", ["dx"]),
        (r"\weight &\leftarrow \weight - \lr \grad{\Lossx}{\weight}", ["update"]),
        (r"\grad{\activ}{\preact} = \activ (1 - \activ)", []),
        (r"\x = 1.5", []),
        (r"\Lossx &= \frac{1}{2} (s - \t)^2 \\ \Lossx &= \Lossx_1 + \Lossx_2", []),
    ],
)  # fmt: skip
def test_equations_in_plain_letters_know_their_steps(latex, names):
    assert steppers.defined_plainly(latex) == names


def test_pages_link_only_to_steppers_they_have():
    """And each page that has one speaks of its steps."""
    for language in LANGUAGES:
        for path in sorted(Path(f"docs/{language}").rglob("*.md")):
            text = path.read_text(encoding="utf-8")
            links = re.findall(r"\]\(\?stepper=", text)
            quiet = "data-quiet" in text
            assert bool(links) == ("data-stepper" in text and not quiet), path


@pytest.mark.parametrize(
    ("css", "slim"),
    [
        ("/* a, b */\n.a,\n.b {\n  x: 1px solid;\n  y: 2;\n}\n", ".a,.b{x:1px solid;y:2;}"),
        (".a :is(b, c) > p:hover {\n}", ".a :is(b,c) > p:hover{}"),  # a space that says something
        ("@media (x: 1) and (y: 2) {\n  .a {\n    x: 1\n  }\n}", "@media (x:1) and (y:2){.a{x:1}}"),
    ],
)  # fmt: skip
def test_a_stylesheet_without_space_says_the_same(css, slim):
    assert steppers.slim_css(css) == slim


def test_a_script_whose_words_would_run_together_fails_the_build():
    assert steppers.slim_script("const a = (b) => `a ${b} c`; // d") == "const a=(b)=>`a ${b} c`;"
    with pytest.raises(PluginError, match="inside another"):
        steppers.slim_script("const a = (b) => `a ${b ? `c ${b} d` : 0}`;")
