"""What the page of the laboratory shows without JavaScript is what the laboratory makes of that
network; and what it shows as ready to be pasted can be pasted."""

import json
import re

import course
import pytest

pytestmark = pytest.mark.browser

PAGE = course.ENGLISH / "lab/your-network.md"
MADE = """async (texts) => {
  const { code, printed } = await import("./assets/lab/code.js");
  const { derivation } = await import("./assets/lab/derivation.js");
  const { latex } = await import("./assets/lab/writing.js");
  const { placeFrom } = await import("./assets/lab/paths.js");
  const { readAll } = await import("./assets/lab/reading.js");
  const { pasted } = await import("./assets/lab/pasted.js");
  const { presets } = await (await fetch("./assets/lab/lab.json")).json();
  const { network } = presets.find(({ name }) => name === "network_222");
  const its = derivation(network, placeFrom(network, "W1_11"), "rows");
  const ways = [...its.byPaths, ...its.byErrors];
  return JSON.stringify({
    code: code(network, "package"),
    printed: printed(network),
    latex: ways.map((each) => latex(each, "rows")).join(" "),
    W1: network.layers[0].W,
    read: texts.map((text) => {
      const { arrays, problems } = readAll(text);
      const [one, other] = ["rows", "columns"].map((order) => pasted(arrays, order, network));
      return { problems, rows: one.network.layers[0].W, columns: other.network.layers[0].W };
    }),
  });
}"""


@pytest.fixture(scope="module")
def blocks():
    """The three forms to paste; the program and what it prints."""
    _, forms, program, printed = course.runnable(PAGE)[:4]
    return [re.split(r"\n\n", forms.text.strip()), program.text, printed.text]


@pytest.fixture(scope="module")
def made(browser, site, blocks):
    page = browser.new_page()
    page.goto(f"{site.url}404.html")
    found = json.loads(page.evaluate(MADE, blocks[0]))
    page.close()
    return found


def test_the_program_on_the_page_is_the_one_that_the_laboratory_writes(made, blocks):
    _, program, printed = blocks
    assert program.strip() == made["code"].strip()
    assert printed.strip() == made["printed"].strip()


def test_the_derivation_on_the_page_has_the_numbers_of_the_laboratory(made):
    text = PAGE.read_text(encoding="utf-8")
    example = text[text.index("{#example}") : text.index("{#program}")]
    numbers = set(re.findall(r"= (-?\d\.\d{4,6})\b", example))
    assert len(numbers) == 11
    computed = re.sub(  # (0.6038 - 1) is one number on the page
        r"\((\S+) - (\d)\)", lambda m: f"{float(m[1]) - float(m[2]):.4g}", made["latex"]
    )
    there = set(re.findall(r"-?\d\.\d+", computed))
    assert {f"{float(number):.4g}" for number in numbers} <= there


def test_each_form_that_the_page_shows_can_be_pasted(made):
    for number, its in enumerate(made["read"]):
        assert its["problems"] == []
        assert its["columns" if number == 1 else "rows"] == made["W1"]
    assert len(made["read"]) == 3
