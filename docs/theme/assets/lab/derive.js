// The panel "Derive it": the derivative of the loss by any number of the reader's network, path by
// path, by errors, with matrices, and confirmed by a nudge. What is true of it derivation.js says.

import { element, shown, signed, style } from "../stepper/page.js";
import { derivation } from "./derivation.js";
import { agreement, nudge } from "./nudged.js";
import { chosenAs, placeFrom, placeOf, placesOf, textOf } from "./paths.js";
import { number } from "./tree.js";
import { isAbout, latex, pieces, plainly } from "./writing.js";

style("../lab/derive.css");

const KINDS = ["W", "b", "z", "a", "x"];
const CONVENTIONS = ["rows", "columns", "nielsen"];
const STEPS = [0.1, 0.01, 0.001, 0.0001, 0.00001];
const long = (value) => signed(String(Number(value.toPrecision(8))));
const button = (textContent, onclick, more) => element("button", { type: "button", textContent, onclick, ...more });

export function derive(lab) {
  const say = (name, values = {}) => lab.words.derive[name].replace(/\{(\w+)\}/g, (_, each) => values[each]);
  const text = (...said) => element("p", { textContent: say(...said) });
  let its; // the derivation that is shown
  let [place, convention, name, held] = []; // held: the path that stays lit

  const select = Object.fromEntries(["what", "which", "sample"].map((each) => [each, element("select", { onchange() {
    const all = placesOf(lab.network, select.what.value, Number(select.sample.value || 0));
    choose(all[each === "what" ? 0 : select.which.selectedIndex]);
  } })]));
  const radios = CONVENTIONS.map((value) => element("input", { type: "radio", name: "bp-convention", value, onchange() {
    lab.choose("convention", value);
    render();
  } }));
  const picture = element("div", { className: "bp-picture", role: "group" });
  const output = element("div");
  const root = element("div", { className: "bp-derive" },
    element("div", { className: "bp-knobs" },
      ...Object.entries(select).map(([each, its]) => element("label", {}, element("span", { textContent: say(each) }), its))),
    element("fieldset", {}, element("legend", { textContent: say("convention") }),
      ...radios.map((radio) => element("label", {}, radio, say(radio.value)))),
    text("pick"), picture, output);

  function choose(to) {
    lab.choose("derive", textOf(to));
    render();
    lab.say(say("chosen", { name, n: its.count, value: shown(its.value) }));
  }

  // The lists follow the network.
  function fill() {
    const { network } = lab;
    const kind = chosenAs(place);
    const option = (value, textContent, selected) => element("option", { value, textContent, selected });
    select.what.replaceChildren(...KINDS.filter((each) => placesOf(network, each).length).map((each) => option(each, say(each), each === kind)));
    const groups = [];
    for (const each of placesOf(network, kind, place.sample)) {
      const { layer } = each;
      const label = layer ? say("layer", { l: layer + (convention === "nielsen") }) : say("inputs");
      groups[layer] ??= element("optgroup", { label });
      groups[layer].append(option(textOf(each), plainly(each, convention), textOf(each) === textOf(place)));
    }
    select.which.replaceChildren(...groups.filter(Boolean));
    select.sample.replaceChildren(...network.x.map((_, s) => option(s, s + 1, s === place.sample)));
    select.sample.parentNode.hidden = place.sample === undefined || network.x.length === 1;
    radios[CONVENTIONS.indexOf(convention)].checked = true;
  }

  function light(path = held) {
    lab.picture(picture, {
      lit: new Set(path ? path.places : its.lit),
      onpick(picked) {
        const to = placeOf(lab.network, picked);
        if (to) choose(to);
      },
    });
  }

  // What is too wide for its line scrolls in it, also by keyboard; its fading edge says so.
  function fit() {
    const lines = [...root.querySelectorAll(".bp-line")];
    const wide = lines.map((each) => each.scrollWidth > each.clientWidth);
    lines.forEach((each, i) => {
      each.classList.toggle("bp-scrolls", wide[i]);
      if (wide[i]) each.tabIndex = 0;
      else each.removeAttribute("tabindex");
    });
  }
  new ResizeObserver(fit).observe(root);

  // Lines of formulas, which may break between their pieces; the first begins with what they are of.
  const lines = ({ left, sides }) => element("div", { className: "bp-derived" }, ...sides.map((side, i) => {
    const begun = left && !i ? pieces(left, convention) : [];
    const sign = i || left ? (isAbout({ sides }, i) ? "≈" : "=") : "";
    return element("div", { className: "bp-line", innerHTML: [...begun, ...pieces(side, convention, sign)].join("") });
  }));

  function block({ sample, chains }, i, blocks) {
    const all = chains.map(lines);
    if (sample === null) return element("div", {}, ...all);
    const open = blocks.findIndex((each) => each.sample !== null) === i;
    return element("details", { className: "bp-sample", open, ontoggle: fit },
      element("summary", { textContent: say("samples", { s: sample + 1 }) }), ...all);
  }

  // A section has a heading, its lines, and its LaTeX.
  function section(title, blocks, ...children) {
    const area = element("textarea", { readOnly: true, hidden: true, rows: 8, ariaLabel: say("latex"), spellcheck: false });
    const told = element("span");
    const copy = button(say("copy"), async () => {
      area.value = blocks.map((each) => {
        const sample = each.sample === null ? "" : `\\text{${say("samples", { s: each.sample + 1 })}:} & \\\\\n`;
        const lines = latex(each, convention).replace("\n", () => `\n${sample}`);
        return `$$\n${lines}\n$$`;
      }).join("\n\n");
      area.hidden = false;
      const done = await navigator.clipboard?.writeText(area.value).then(() => true, () => false);
      if (!done) area.select();
      told.textContent = say(done ? "copied" : "select");
      lab.say(told.textContent);
    }, { ariaLabel: `${say("copy")}: ${say(title)}` });
    return element("section", {}, element("h3", { textContent: say(title) }), ...children, element("div", { className: "bp-knobs" }, copy, told), area);
  }

  function item(path, k) {
    const { sample, units, sides, value } = path;
    const label = say(lab.network.x.length > 1 ? "pathOf" : "path", { k: (k % its.perSample) + 1, s: sample + 1 });
    const way = [...units.map((unit) => unit + 1), convention === "nielsen" ? "C" : "E"].join(" → ");
    const hold = button(`${label}: ${way}`, () => {
      held = held === path ? null : path;
      for (const each of output.querySelectorAll("[aria-pressed]")) each.ariaPressed = each === hold && held === path;
      light();
    }, { title: say("lit"), ariaPressed: false, onfocus: () => light(path), onblur: () => light() });
    return element("li", { onpointerenter: () => light(path), onpointerleave: () => light() }, hold, lines({ sides: [...sides, number(value)] }));
  }

  function byPaths() {
    const { perSample, count, paths, rest, sizes, answer } = its;
    const samples = lab.network.x.length;
    const intro = [text(perSample === 1 ? "one" : sizes.length === 1 ? "next" : "many", { name, n: perSample, product: sizes.join(" · ") })];
    if (count > perSample) intro.push(text("each", { samples, all: count }));
    if (lab.network.loss === "softmax_cross_entropy") {
      const href = new URL("../../equations/softmax/#cross-entropy", import.meta.url).href;
      intro.push(element("p", {}, `${say("soft")} `, element("a", { href, textContent: say("softLink") })));
    }
    const more = count - paths.length;
    const { sides } = its.byPaths.at(-1).chains[0];
    return section("paths", its.byPaths, ...intro, element("ol", { className: "bp-paths" }, ...paths.map(item)),
      ...(more ? [element("p", {}, `${say("more", { n: more })} ${shown(rest)}. ${say("instead")}`), lines({ ...answer, sides: [sides[0]] })] : []),
      ...(count > 1 ? [text("sum"), lines({ ...answer, sides: sides.slice(more ? -1 : -2) })] : []));
  }

  function nudged() {
    const open = Boolean(lab.options.nudge);
    const toggle = button(say("nudge"), () => {
      lab.choose("nudge", !open);
      const made = nudged();
      at.replaceWith(made);
      made.querySelector("button").focus();
      if (!open) lab.say(made.lastChild.textContent);
    }, { ariaExpanded: open });
    const at = element("section", {}, element("h3", {}, toggle));
    if (!open) return at;
    const found = STEPS.map((h) => nudge(lab.network, place, h));
    const agreed = found.map(({ slope }) => agreement(slope, its.value));
    const digits = Math.max(...agreed);
    const { h, slope } = found[agreed.indexOf(digits)];
    const { kink, left, right, loss } = found.at(-1);
    const same = Math.abs(slope - its.value) < 1e-9 * Math.max(1, Math.abs(loss));
    const verdict = kink ? "kink" : digits > 3 && digits < 15 ? "confirmed" : same ? "same" : "unsure";
    const row = (tag, ...cells) => element("tr", {}, ...cells.map((textContent) => element(tag, { textContent })));
    at.append(text("nudgeWhy", { name, value: long(its.value) }),
      element("table", {}, element("thead", {}, row("th", say("by"), say("slope"), say("agree"))),
        element("tbody", {}, ...found.map((each, i) => row("td", `±${each.h}`, long(each.slope), agreed[i] === 15 ? say("all") : agreed[i])))),
      element("p", { className: "bp-verdict", textContent: say(verdict, { h, digits, left: shown(left), right: shown(right) }) }));
    return at;
  }

  function render() {
    const { network, options } = lab;
    place = placeFrom(network, options.derive);
    convention = CONVENTIONS.includes(options.convention) ? options.convention : "rows";
    its = derivation(network, place, convention);
    name = plainly(place, convention);
    held = null;
    fill();
    const code = plainly(place, "rows") + (place.sample === undefined || network.x.length === 1 ? "" : `, ${say("samples", { s: place.sample + 1 })}`);
    picture.ariaLabel = say("picture", { name: code });
    output.replaceChildren(
      element("div", { className: "bp-answer" }, lines(its.answer), convention === "rows" ? "" : text("named", { name: code })), byPaths(),
      section("errors", its.byErrors, text("errorsWhy"), ...(network.x.length > 1 ? [text(convention === "nielsen" ? "nielsenMean" : "courseMean")] : []), ...its.byErrors.map(block)),
      section("matrices", its.byMatrices, text("matricesWhy"), ...its.byMatrices.map(block)), nudged());
    light();
    fit();
  }

  return { element: root, render };
}
