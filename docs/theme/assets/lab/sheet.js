// The panel "sheet": worksheets of the network with blanks, checked here as they are filled in, or
// printed, each student's with other numbers, the answers behind them.

import { draw, svg } from "../stepper/drawing.js";
import { colour, element, signed, style, styled, written } from "../stepper/page.js";
import { scene } from "../stepper/scene.js";
import { Walk } from "../stepper/walk.js";
import { KINDS, blanks, given, rounded, variants } from "./blanks.js";
import { verdict } from "./diagnose.js";
import { toText } from "./link.js";
import { CROSS, LEAK } from "./network.js";
import { steps } from "./steps.js";
import { filled } from "./told.js";

const ready = Promise.all([styled, style("../lab/sheet.css")]);
const MOST = { count: 40, seed: 999999 };
const PARTS = { forward: ["z", "a", "loss"], backward: ["delta", "dW", "db"], update: ["update"] };
const BEGIN = { kinds: KINDS, decimals: 4, each: false, count: "30", seed: "1", at: 1, title: "", answers: true };
const FORMS = "-0.25; 0,25; 1/4"; // in which a number may be typed
const PRINTED = 700; // pixels: what the margins of A4 leave

const span = (className, ...children) => element("span", { className }, ...children);

export function sheet(lab) {
  const words = lab.words.sheet;
  const all = { ...BEGIN, ...Object(lab.options.sheet) };
  all.kinds = KINDS.filter((kind) => [].concat(all.kinds).includes(kind));
  if (![2, 3, 4].includes(all.decimals)) all.decimals = 4;

  // What is chosen.

  const choose = (key, value) => {
    all[key] = value;
    lab.choose("sheet", all);
    render();
  };
  const field = (text, input) => element("label", {}, text, input);
  const number = (key) => {
    const input = element("input", { inputMode: "numeric", size: 7, autocomplete: "off", oninput: () => choose(key, input.value) });
    input.value = String(all[key]);
    input.setAttribute("aria-describedby", "bp-sheet-wrong");
    return input;
  };
  const tick = (text, checked, onchange) => {
    const box = element("input", { type: "checkbox", checked, onchange: () => onchange(box.checked) });
    return element("label", {}, box, text);
  };
  const kinds = KINDS.map((kind) => tick(words[kind], all.kinds.includes(kind), (on) =>
    choose("kinds", KINDS.filter((one) => (one === kind ? on : all.kinds.includes(one))))));
  const radio = (each) => {
    const button = element("input", { type: "radio", name: "bp-each", checked: Boolean(all.each) === each, onchange: () => choose("each", each) });
    return element("label", {}, button, words[each ? "each" : "own"]);
  };
  const decimals = element("select", { onchange: () => choose("decimals", Number(decimals.value)) },
    ...[2, 3, 4].map((n) => element("option", { textContent: n, selected: n === all.decimals })));
  const [count, seed] = [number("count"), number("seed")];
  const title = element("input", { value: String(all.title), maxLength: 80, placeholder: words.heading, oninput: () => choose("title", title.value) });
  const many = element("div", { className: "bp-many" }, field(words.count, count), field(words.seed, seed));
  const wrong = element("p", { id: "bp-sheet-wrong", className: "bp-wrong" });

  // A whole number as it was typed, or null.
  const whole = (text, key) => (/^\s*\d+\s*$/.test(text) && Number(text) >= (key === "count" ? 1 : 0) && Number(text) <= MOST[key] ? Number(text) : null);

  function problem() {
    if (!all.kinds.length) return words.nothing;
    if (!blanks(lab.network).every(({ value }) => Number.isFinite(value))) return words.tooLarge;
    if (!all.each) return "";
    if (whole(all.count, "count") === null) return filled(words.badCount, { most: MOST.count });
    return whole(all.seed, "seed") === null ? filled(words.badSeed, { most: MOST.seed }) : "";
  }

  const networks = (most = MOST.count) =>
    (all.each ? variants(lab.network, whole(all.seed, "seed"), Math.min(most, whole(all.count, "count"))) : [lab.network]);

  // A sheet.

  const which = (i) => (all.each ? filled(words.which, { i: i + 1, seed: Number(all.seed) }) : "");
  const name = (label) => span(`bp-label ${colour(label.replace(/_.*/, ""))}`, written(label));

  function head(i, text) {
    return element("header", {}, element("h2", { textContent: String(all.title) || text }), span("bp-which", which(i)));
  }

  function matrix({ name: its, rows }) {
    const cells = rows.map((row) => element("tr", {}, ...row.map((value) => element("td", { textContent: signed(String(value)) }))));
    return element("div", { className: `bp-given ${colour(its)}` }, span("", `${its} =`), element("table", { className: "bp-cells", ariaLabel: its }, ...cells));
  }

  function task({ x, layers, loss, lr, leak = LEAK }) {
    const n = x.length;
    const used = layers.map(({ activation }, i) =>
      filled(words.layer, { l: i + 1, f: activation ? filled(words[activation], { leak }) : words.softmax }));
    return element("p", {}, [
      ...used, words[loss] + (loss === CROSS ? ` ${words.labels}` : ""), ...(n > 1 ? [filled(words.mean, { n })] : []),
      filled(words.rate, { lr: signed(String(lr)) }), filled(words.rule, { decimals: all.decimals }),
    ].join(" "));
  }

  // The picture with what is given; the rest are names.
  function picture(target, network, width) {
    const walk = new Walk({ network, steps: [...steps(network), { name: "update", operands: [] }], plain: null });
    const its = scene(walk);
    const several = network.x.length > 1; // which sample would it be?
    const output = network.layers.at(-1).activation ? "y" : network.loss === CROSS ? "p" : "";
    const columns = its.columns.map((units) => units.map((lines) => lines.flatMap(([line, index, value]) => {
      if (line[0] === "d" || (line === "y" && !output)) return [];
      const free = several && /^[xtzay]/.test(line);
      return [[line === "y" ? output : line, free ? index.slice(1) : index, /^[xtb]/.test(line) && !free ? value : null]];
    })));
    const drawing = svg("svg", { role: "img", "aria-label": words.picture });
    target.replaceChildren(drawing);
    draw(drawing, { ...its, columns, active: 0, lit: () => false, chosen: () => false, onPath: () => false }, width);
    for (const one of drawing.querySelectorAll(".bp-number")) for (const key of ["role", "tabindex", "aria-label"]) one.removeAttribute(key);
  }

  function page(network, i, blank) {
    const found = blanks(network, all.kinds);
    const drawn = element("div", { className: "bp-picture" });
    const parts = Object.entries(PARTS).map(([part, of]) => {
      const its = found.filter(({ kind }) => of.includes(kind));
      return its.length ? element("section", {}, element("h3", { textContent: words[`part_${part}`] }), element("div", { className: `bp-blanks bp-${part}` }, ...its.map(blank))) : "";
    });
    const line = element("p", { className: "bp-student" }, ...["name", "date"].map((key) => span("", `${words[key]}:`)));
    const made = element("article", { className: "bp-worksheet" }, head(i, words.heading), line, task(network),
      drawn, element("div", { className: "bp-all-given" }, ...given(network).map(matrix)), ...parts);
    return { made, draw: (width) => picture(drawn, network, width) };
  }

  const gap = ({ label }) => element("div", { className: "bp-blank" }, name(label), " = ", span("bp-gap"));
  const solved = ({ label, value }) => element("div", { className: "bp-blank" }, name(label), " = ", span("bp-value", signed(rounded(value, all.decimals))));
  const answers = (network, i) => element("article", { className: "bp-answers" }, head(i, words.answersTo),
    element("div", { className: "bp-blanks" }, ...blanks(network, all.kinds).map(solved)));

  // Filled in here. What was typed is kept with the network that it belongs to.

  let shown;

  function fill(network) {
    const key = toText(network);
    const typed = () => Object(Object(lab.options.typed)[key]);
    const keep = (label, text) => {
      const { [key]: its, ...others } = Object(lab.options.typed);
      lab.choose("typed", Object.fromEntries([...Object.entries(others).slice(-60), [key, { ...its, [label]: text }]]));
    };
    const fields = [];
    const blank = (its, i) => {
      const { label } = its;
      const told = element("span", { className: "bp-told-here", id: `bp-told-${label.replace(" ", "-")}` });
      const input = element("input", { value: typed()[label] ?? "", autocomplete: "off", spellcheck: false });
      input.setAttribute("aria-describedby", told.id);
      input.setAttribute("inputmode", "text"); // a telephone's decimals have no minus
      const check = () => {
        const { state, key: why, other } = verdict(network, its, all.decimals, input.value);
        const text = state === "wrong" ? words[`is_${why}`] ?? words.wrong : words[state];
        told.textContent = filled(text, { other: written(other ?? ""), decimals: all.decimals, forms: FORMS });
        told.dataset.state = state;
        input.ariaInvalid = ["wrong", "unreadable"].includes(state) ? "true" : null;
        return state;
      };
      const aloud = () => { if (check() !== "empty") lab.say(`${written(label)}: ${told.textContent}`); };
      input.oninput = () => { keep(label, input.value); told.textContent = ""; delete told.dataset.state; };
      input.onchange = aloud;
      input.onkeydown = ({ key: pressed }) => { if (pressed === "Enter") aloud(); };
      if (input.value) check();
      fields.push({ input, check });
      return element("div", { className: "bp-blank" }, element("label", {}, name(label), " = ", input), told);
    };
    return { blank, fields };
  }

  function checked() {
    const states = shown.map(({ check }) => check());
    const count_ = (...which_) => states.filter((state) => which_.includes(state)).length;
    const [right, empty] = [count_("right"), count_("empty")];
    sum.textContent = filled(words.sum, { right, empty, wrong: states.length - right - empty });
    lab.say(sum.textContent);
    shown[states.findIndex((state) => state !== "right")]?.input.focus();
  }

  // All of it on paper.

  async function print() {
    await ready;
    document.querySelector(".bp-worksheets")?.remove();
    const its = networks();
    const pages = its.map((network, i) => page(network, i, gap));
    const box = element("div", { className: "bp-worksheets bp-ready", lang: document.documentElement.lang }, ...pages.map(({ made }) => made),
      ...(all.answers ? [element("div", { className: "bp-key" }, ...its.map(answers))] : []));
    box.dataset.mdColorScheme = "default"; // black on white
    document.body.append(box);
    for (const each of pages) each.draw(PRINTED);
    document.documentElement.dataset.printing = "worksheets";
    window.print();
  }

  const show = element("select", { ariaLabel: words.shown, onchange: () => choose("at", show.selectedIndex + 1) });
  const printing = element("button", { type: "button", textContent: words.print, onclick: print });
  const link = element("a", { textContent: words.link });
  const check = element("button", { type: "button", textContent: words.check, onclick: checked });
  const sum = element("p", { className: "bp-sum" });
  const preview = element("div", { className: "bp-preview" });
  const solution = element("details", {}, element("summary", { textContent: words.show }), element("div"));
  const below = element("div", { className: "bp-actions" }, check, sum);

  const panel = element("div", { className: "bp-sheets" },
    element("fieldset", {}, element("legend", { textContent: words.blank }), ...kinds),
    element("fieldset", {}, element("legend", { textContent: words.numbers }), radio(false), radio(true), many),
    element("div", { className: "bp-many" }, field(words.decimals, decimals), field(words.title, title),
      tick(words.answers, Boolean(all.answers), (on) => choose("answers", on))),
    wrong,
    element("div", { className: "bp-actions" }, printing, link, show),
    preview, below, solution,
  );

  let state;

  async function render() {
    const why = problem();
    wrong.textContent = why;
    many.hidden = !all.each;
    for (const [key, input] of Object.entries({ count, seed })) input.ariaInvalid = all.each && whole(all[key], key) === null ? "true" : null;
    for (const each of [printing, link, show, preview, below, solution]) each.hidden = Boolean(why);
    if (why) { state = ""; return; }
    const url = new URL(lab.address);
    url.search = `?net=${toText(lab.network, { panel: "sheet", sheet: all })}`;
    link.href = url.href;
    const sheets = all.each ? whole(all.count, "count") : 1;
    const at = Math.min(Math.max(1, Number(all.at) || 1), sheets) - 1;
    show.hidden = sheets === 1;
    show.replaceChildren(...Array.from({ length: sheets }, (_, i) => element("option", { textContent: which(i), selected: i === at })));
    const network = networks(at + 1)[at];
    const { at: _, count: __, answers: ___, ...its } = all;
    const now = `${toText(network)} ${at} ${JSON.stringify(its)}`;
    if (now === state) return;
    state = now;
    const { blank, fields } = fill(network);
    const { made, draw: drawIt } = page(network, at, blank);
    shown = fields;
    sum.textContent = "";
    preview.replaceChildren(made);
    solution.lastChild.replaceChildren(answers(network, at));
    await ready;
    if (!made.isConnected) state = ""; // the reader has gone on: drawn when it is shown again
    else drawIt(made.querySelector(".bp-picture").clientWidth || 600);
  }

  return { element: panel, render };
}

addEventListener("afterprint", () => document.querySelector(".bp-worksheets")?.remove());
