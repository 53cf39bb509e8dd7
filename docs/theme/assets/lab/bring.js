// The panel in which readers bring their network: its structure, its numbers in tables, a box to paste
// into. Text that cannot be read stays where it was typed, and says why; the network keeps its last
// good number until then. What is half typed is kept under "drafts" of the lab's options.

import { colour, element, style, written } from "../stepper/page.js";
import { easy } from "./easy.js";
import { fromText, toText } from "./link.js";
import {
  ACTIVATIONS, CROSS, LIMITS, LOSSES, array, label, names, problems, resized, sizes,
  withActivation, withArray, withBiases, withLoss, withSamples,
} from "./network.js";
import { ORDERS, pasted } from "./pasted.js";
import { read, readAll, readNumber } from "./reading.js";
import { filled, told } from "./told.js";

style("../lab/bring.css");

const EXAMPLE = "x = [0.5, 0.8]\nW1 = [[0.1, 0.2],\n      [0.3, 0.4]]\nb1 = [0.5, 0.6]\n…";
const upTo = (most) => Array.from({ length: most }, (_, i) => [i + 1, i + 1]);
const div = (className, ...children) => element("div", { className }, ...children);
const labelled = (text, input) => element("label", {}, element("span", { textContent: text }), input);
const coloured = (name) => element("code", { className: colour(name.replace(/_.*/, "")), textContent: written(name) });
const keyOf = (name, i, j) => `${name}.${i}.${j}`;

class Bring {
  constructor(lab) {
    Object.assign(this, { lab, words: lab.words.bring, past: [], cells: new Map() });
    const { words } = this;
    const button = (name, onclick) => element("button", { type: "button", textContent: words[name], onclick });

    this.starts = [...lab.presets, ...(lab.before ? [{ title: words.before, network: fromText(lab.before).network }] : [])];
    this.presets = element("select", { onchange: () => this.preset() },
      ...[{ title: words.own }, ...this.starts].map(({ title }, value) => element("option", { value, textContent: title })));
    this.seed = element("input", { inputMode: "numeric", className: "bp-lab-seed", onchange: () => this.draw(0) });
    this.undoing = button("undo", () => this.undo());
    this.seedSays = element("p", { className: "bp-lab-wrong", id: "bp-lab-seed" });
    this.seed.setAttribute("aria-describedby", "bp-lab-seed");

    this.box = element("textarea", { rows: 6, spellcheck: false, placeholder: EXAMPLE, ariaLabel: words.pasteLabel, oninput: () => {
      this.keep({ paste: this.box.value });
      this.readOut();
    } });
    this.orders = ORDERS.map((value) => element("input", { type: "radio", name: "bp-lab-order", value, onchange: () => {
      this.keep({ order: value });
      this.readOut();
      if (this.result?.network) this.apply();
    } }));
    this.says = element("ul", { className: "bp-lab-read", ariaLive: "polite" });
    this.folded = element("details", {}, element("summary", { textContent: words.paste }),
      element("p", { textContent: words.pasteHow }),
      this.box,
      element("fieldset", {}, element("legend", { textContent: words.order }),
        ...this.orders.map((input) => element("label", {}, input, " " + words[`order_${input.value}`]))),
      this.says,
      button("apply", () => this.apply()));

    this.picture = div("bp-picture");
    this.structure = div("bp-lab-structure");
    this.tables = div("bp-lab-tables");
    this.element = div("bp-lab-bring",
      div("bp-lab-start", labelled(words.preset, this.presets), labelled(words.seed, this.seed), button("easy", () => this.draw(1)), this.undoing),
      this.seedSays, this.folded, this.picture, this.structure, element("p", { textContent: words.cellsHow }), this.tables);

    const cellOf = ({ target }) => this.cells.get(target.dataset?.key);
    const on = (type, act) => this.element.addEventListener(type, (event) => cellOf(event) && act(cellOf(event), event));
    on("input", (cell) => this.type(cell));
    on("change", (cell) => {
      if (this.past.length) this.past.at(-1).key = null; // what is typed from now on is another change
      if (cell.wrong) lab.say(cell.wrong);
      this.fill(cell);
    });
    on("paste", (cell, event) => this.pasteInto(cell, event));
    on("keydown", (cell, event) => this.move(cell, event));
    on("focusin", (cell) => {
      this.last = cell;
      this.paint(cell);
    });
    on("focusout", () => this.paint());

    const { drafts } = this;
    if (lab.options.drafts?.of !== toText(lab.network)) this.keep({ cells: {} }); // they were typed into another network
    this.box.value = drafts.paste;
    this.seed.value = drafts.seed;
    this.folded.open = Boolean(drafts.paste);
    for (const input of this.orders) input.checked = input.value === drafts.order;
  }

  // What is half typed.

  get drafts() {
    const { cells, paste, order, seed } = Object(this.lab.options.drafts);
    return { cells: { ...Object(cells) }, paste: String(paste ?? ""), order: ORDERS.includes(order) ? order : "", seed: String(seed ?? 1) };
  }

  keep(part, network = this.lab.network) {
    this.lab.choose("drafts", { ...this.drafts, ...part, of: toText(network) });
  }

  // Changes, each of which can be undone; what is typed into one cell is one change.

  change(network, cells = this.drafts.cells, key = null) {
    if (!key || key !== this.past.at(-1)?.key) this.past.push({ network: this.lab.network, cells: this.drafts.cells, key });
    this.past = this.past.slice(-99);
    this.keep({ cells }, network);
    this.take(network);
  }

  take(network) {
    if (network === this.lab.network) this.render();
    else this.lab.take(network);
  }

  /** A change of more than a number: it is announced. */
  rebuild(network, cells) {
    this.change(network, cells);
    this.announce(this.words.now);
  }

  announce(text) {
    this.lab.say(this.summed(text, this.lab.network));
  }

  summed(text, network) {
    return filled(text, { sizes: sizes(network).join("-"), n: network.x.length, loss: this.words[network.loss] });
  }

  undo() {
    const last = this.past.pop();
    if (!last) return;
    this.keep({ cells: last.cells }, last.network);
    this.take(last.network);
    this.announce(this.words.undone);
  }

  preset() {
    const chosen = this.starts[this.presets.value - 1];
    if (chosen) this.rebuild(chosen.network, {});
  }

  /** Easy numbers of the seed, or of the next one where they are there already. */
  draw(further) {
    this.keep({ seed: this.seed.value });
    const { network } = this.lab;
    const wrong = !/^\s*\d{1,9}\s*$/.test(this.seed.value);
    this.seedSays.textContent = wrong ? this.words.why_seed : "";
    this.seed.ariaInvalid = wrong;
    if (wrong) return this.lab.say(this.words.why_seed);
    let seed = Number(this.seed.value);
    if (further && toText(easy(seed, network)) === toText(network)) seed += 1;
    this.seed.value = seed;
    this.keep({ seed: this.seed.value });
    return this.rebuild(easy(seed, network), {});
  }

  relayer(L) {
    const { network } = this.lab;
    const old = network.layers.length;
    const now = sizes(network);
    const hidden = now.slice(1, -1);
    const wanted = Array.from({ length: L - 1 }, (_, i) => hidden[i] ?? hidden.at(-1) ?? now[0]);
    // The last layer stays the last, and so does what was typed there.
    const entries = Object.entries(this.drafts.cells).map(([key, text]) => {
      const l = Number(key[1]);
      return [l === old ? key.replace(l, L) : key, text, l >= Math.min(L, old) && l !== old];
    });
    this.rebuild(resized(network, [now[0], ...wanted, now.at(-1)]), Object.fromEntries(entries.filter(([, , gone]) => !gone)));
  }

  // Numbers, cell by cell.

  /** What a text in a cell comes to: { network, value }, or { why, … }. */
  meant({ name, i, j }, text) {
    const found = readNumber(text);
    if (found.why) return found;
    const { network } = this.lab;
    const rows = array(network, name).map((row, k) => (k === i ? row.map((one, m) => (m === j ? found.value : one)) : row));
    const made = withArray(network, name, rows);
    const [problem] = problems(made);
    return problem ? { ...problem, shown: text } : { ...found, network: made };
  }

  type(cell) {
    const { value: text } = cell.input;
    const found = this.meant(cell, text);
    const { [cell.key]: before, ...cells } = this.drafts.cells;
    if (text !== String(found.value)) cells[cell.key] = text;
    const same = found.value === array(this.lab.network, cell.name)[cell.i][cell.j];
    this.change(found.network && !same ? found.network : this.lab.network, cells, cell.key);
  }

  /** A cell shows what was typed there as long as it means this number, or none. */
  fill(cell) {
    const { lab, words } = this;
    const value = array(lab.network, cell.name)[cell.i][cell.j];
    const draft = this.drafts.cells[cell.key];
    const found = draft === undefined ? { value } : this.meant(cell, String(draft));
    const text = draft === undefined || (!found.why && found.value !== value) ? String(value) : String(draft);
    const where = label(lab.network, cell.name, cell.i, cell.j);
    const thousands = /^\D*[1-9]\d{0,2},\d{3}$/.test(String(draft).trim()); // or so it may be meant
    cell.wrong = found.why ? `${told(words, { ...found, where })} ${filled(words.kept, { value })}`
      : thousands ? filled(words.comma, { where, shown: draft, value }) : "";
    cell.input.ariaInvalid = Boolean(found.why);
    if (cell.input.value !== text) cell.input.value = text;
  }

  /** A block that is pasted into a cell fills the table from there. */
  pasteInto(cell, event) {
    const text = event.clipboardData.getData("text");
    const found = read(text);
    const note = cell.note;
    note.dataset.pasted = "";
    if (found.problem ? !/[\t\n]/.test(text.trim()) : found.value.flat().length === 1) return; // as if typed
    event.preventDefault();
    const { network } = this.lab;
    const old = array(network, cell.name);
    const room = [old.length - cell.i, old[0].length - cell.j];
    let block = found.value;
    if (block && block[0].length === 1 && room[0] < block.length) block = [block.flat()]; // a column for a row
    const refuse = (problem) => {
      note.dataset.pasted = told(this.words, problem);
      this.render();
      this.lab.say(note.dataset.pasted);
    };
    const where = label(network, cell.name, cell.i, cell.j);
    if (!block) return refuse({ where, ...found.problem });
    if (block.length > room[0] || block[0].length > room[1]) {
      return refuse({ where, why: "room", values: { its: `${block.length} × ${block[0].length}`, right: room.join(" × ") } });
    }
    const inside = (i, j) => block[i - cell.i]?.[j - cell.j];
    const made = withArray(network, cell.name, old.map((row, i) => row.map((one, j) => inside(i, j) ?? one)));
    const [problem] = problems(made);
    if (problem) return refuse(problem);
    const cells = Object.entries(this.drafts.cells).filter(([key]) => {
      const [name, i, j] = key.split(".");
      return name !== cell.name || inside(i, j) === undefined;
    });
    return this.rebuild(made, Object.fromEntries(cells));
  }

  // Enter goes to the next cell, with Shift to the one before; arrow keys up, down, and at an end of
  // what is typed to the side.
  move(cell, event) {
    const { key, shiftKey } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const all = [...this.cells.values()];
    const { selectionStart, selectionEnd, value } = cell.input;
    const end = selectionStart === selectionEnd || (selectionStart === 0 && selectionEnd === value.length);
    const beside = (step) => all[all.indexOf(cell) + step];
    const over = (step) => {
      const row = all.filter(({ name, i }) => name === cell.name && i === cell.i);
      const next = all[all.indexOf(row.at(step > 0 ? -1 : 0)) + step];
      return all.filter(({ name, i }) => name === next?.name && i === next.i).reduce((found, one) => (one.j <= cell.j ? one : found), next);
    };
    const to = {
      Enter: () => beside(shiftKey ? -1 : 1),
      ArrowDown: () => over(1),
      ArrowUp: () => over(-1),
      ArrowRight: () => end && selectionEnd === value.length && beside(1),
      ArrowLeft: () => end && selectionStart === 0 && beside(-1),
    }[key]?.();
    if (key === "Enter" || (to && key.startsWith("Arrow") && !shiftKey)) event.preventDefault();
    if (!to || (shiftKey && key !== "Enter")) return;
    to.input.focus();
    to.input.select();
  }

  /** Keypads of some phones have no minus. */
  flip(name) {
    const cell = this.last?.name === name ? this.last : [...this.cells.values()].find((one) => one.name === name);
    const { input } = cell;
    input.value = /^\s*[-−]/.test(input.value) ? input.value.replace(/[-−]/, "") : `-${input.value}`;
    input.focus();
    this.type(cell);
  }

  // The box to paste into.

  readOut() {
    const { lab, words, drafts } = this;
    const text = drafts.paste;
    if (this.applied !== lab.network) this.base = lab.network; // what a paste begins with, in either order
    const { arrays: named, others, problems: found } = text.trim() ? readAll(text) : { arrays: [], others: [], problems: [] };
    if (text.trim() && !named.length && !found.length) found.push({ why: "unnamed" });
    const result = found.length || !named.length ? { arrays: named, problems: found } : pasted(named, drafts.order, this.base);
    const { arrays } = result;
    const lines = arrays.map(({ name, value, flat, words: its, word = [...new Set(its)].join(", ") }) =>
      filled(name === word ? words.read : words.readAs, { name, word, its: flat?.join(" × ") ?? `${value.length} × ${value[0].length}` }));
    if (others.length) lines.push(filled(words.others, { names: others.join(", ") }));
    const wrong = (result.problems ?? []).map((problem) => told(words, problem));
    // Of weights counted through, the first two of a layer tell which order is meant.
    const single = arrays.find(({ flat }) => flat && Math.min(...flat) > 1);
    const l = single && Number(single.name[1]);
    const two = single && { names: single.words.slice(0, 2).join(", "), from: l > 1 ? `a${l - 1}_1` : "x_1", to: `z${l}_1` };
    if (result.ask) wrong.push(single ? filled(words.askSingle, two) : words.ask);
    const order = result.network && result.order;
    if (result.only) lines.push(words[`only_${order}`]);
    if (order && single) lines.push(filled(words[`single_${order}`], two));
    else if (order && arrays.some(({ name, flat }) => name === "W1" && !flat)) lines.push(words[`arrow_${order}`]);
    if (result.network) lines.push(this.summed(words.fits, result.network));
    const says = [...wrong, ...lines].join(" ");
    if (says !== this.result?.says) { // what is said already is not read out again
      this.says.replaceChildren(...lines.map((textContent) => element("li", { textContent })),
        ...wrong.map((textContent) => element("li", { textContent, className: "bp-lab-wrong" })));
    }
    this.result = { ...result, says };
  }

  apply() {
    this.readOut();
    const { network, arrays, says } = this.result;
    if (!network) return this.lab.say(says || this.words.nothing);
    const replaced = (key) => arrays.some(({ name }) => name === key.split(".")[0]);
    const cells = Object.entries(this.drafts.cells).filter(([key]) => !replaced(key));
    this.applied = network;
    this.change(network, Object.fromEntries(cells), "paste");
    this.readOut();
    return this.announce(this.words.now);
  }

  // What is shown.

  paint(cell) {
    const { lab } = this;
    const l = cell && Number(cell.name[1]);
    const lit = cell && cell.name.length < 4 && {
      x: `0,${cell.j}`, t: `${lab.network.layers.length + 1},0`, W: `${l - 1},${cell.i},${cell.j}`, b: `${l},${cell.j}`,
    }[cell.name[0]];
    const sample = cell && /^[xt]$/.test(cell.name) ? cell.i : 0;
    lab.picture(this.picture, { lit: new Set(lit ? [lit] : []), sample, onpick: (its) => this.pick(its) });
  }

  pick(its) {
    const { network } = this.lab;
    const cell = [...this.cells.values()].find(({ name, i, j }) => label(network, name, i, j) === (its.label ?? its));
    cell?.input.focus();
  }

  render() {
    const { lab } = this;
    const { network } = lab;
    const shape = JSON.stringify([sizes(network), network.x.length, network.loss, network.layers.map(({ b, activation }) => [!b, activation])]);
    if (shape !== this.shape) {
      const key = document.activeElement?.dataset?.key; // focus stays where it is, on what is made anew
      this.shape = shape;
      this.last = null;
      this.cells.clear();
      this.structure.replaceChildren(...this.structured());
      this.tables.replaceChildren();
      for (const name of names(network)) {
        if (name[0] !== "b") this.tables.append(div("bp-lab-group")); // biases stand below their weights
        this.tables.lastChild.append(this.table(name));
      }
      if (key) this.element.querySelector(`[data-key="${key}"]`)?.focus({ preventScroll: true });
    }
    if (lab.options.drafts.of !== toText(network)) this.keep({}); // another panel has changed it: what was typed stays
    for (const cell of this.cells.values()) this.fill(cell);
    for (const note of this.element.querySelectorAll("[data-note]")) {
      const wrong = [...this.cells.values()].filter((cell) => cell.note === note && cell.wrong).map((cell) => cell.wrong);
      note.textContent = [note.dataset.pasted, ...wrong].filter(Boolean).join(" ");
    }
    this.presets.value = 1 + this.starts.findIndex((one) => toText(one.network) === toText(network));
    if (!this.past.length && document.activeElement === this.undoing) this.presets.focus(); // before it is disabled: focus would be lost
    this.undoing.disabled = !this.past.length;
    this.readOut();
    this.paint(this.cells.get(document.activeElement?.dataset?.key));
  }

  note(name) {
    const note = element("p", { className: "bp-lab-wrong", id: `bp-lab-${name}` });
    note.dataset.note = name;
    return note;
  }

  cell(name, i, j, note, more = "") {
    const key = keyOf(name, i, j);
    const text = label(this.lab.network, name, i, j);
    const input = element("input", { inputMode: "decimal", autocomplete: "off", size: 6, ariaLabel: text + more });
    input.dataset.key = key;
    input.setAttribute("aria-describedby", note.id);
    this.cells.set(key, { key, name, i, j, input, note });
    return input;
  }

  table(name) {
    const { lab: { network }, words } = this;
    const rows = array(network, name);
    const l = Number(name[1]);
    const note = this.note(name);
    const labels = name === "t" && network.loss === CROSS;
    const heading = (scope, child) => element("th", { scope }, child);
    const to = (j) => (/[Wb]/.test(name) ? `z${l}_${j + 1}` : labels ? "t" : `${name}_${j + 1}`);
    const side = (i) => (name[0] === "W" ? coloured(l > 1 ? `a${l - 1}_${i + 1}` : `x_${i + 1}`)
      : name[0] === "b" || rows.length === 1 ? "" : filled(words.sample, { s: i + 1 }));
    const arrow = (i, j) => (name[0] === "W" ? `, ${side(i).textContent} → ${to(j)}` : "");
    const sign = element("button", { type: "button", textContent: "±", title: words.sign, ariaLabel: `${words.sign}: ${name}`, onclick: () => this.flip(name) });
    return element("div", { className: "bp-lab-table" },
      element("div", { className: "bp-lab-scroll" }, element("table", {},
        element("caption", {}, coloured(name), " ", words[labels ? "about_labels" : `about_${name[0]}`], " ", navigator.maxTouchPoints && !labels ? sign : ""),
        element("thead", {}, element("tr", {}, element("td", { textContent: name[0] === "W" ? words.corner : "" }),
          ...rows[0].map((_, j) => heading("col", coloured(to(j)))))),
        element("tbody", {}, ...rows.map((row, i) => element("tr", {}, side(i) ? heading("row", side(i)) : element("td"),
          ...row.map((_, j) => element("td", {}, this.cell(name, i, j, note, arrow(i, j))))))))),
      note);
  }

  structured() {
    const { lab: { network }, words } = this;
    const { layers, loss, x } = network;
    const now = sizes(network);
    const select = (key, ariaLabel, options, value, onchange) => {
      const made = element("select", { ariaLabel, onchange: () => onchange(made.value) },
        ...options.map(([each, textContent]) => element("option", { value: each, textContent, selected: each === value })));
      made.dataset.key = key;
      return made;
    };
    const units = (k, its) => select(`units${k}`, its, upTo(LIMITS.units), now[k],
      (value) => this.rebuild(resized(network, now.map((n, i) => (i === k ? Number(value) : n)))));
    const scalar = (name) => {
      const note = this.note(name);
      return [labelled(words[name], this.cell(name, 0, 0, note, `, ${words[name]}`)), note];
    };
    const row = (...children) => div("bp-lab-row", ...children);
    return [
      row(
        labelled(words.layers, select("layers", words.layers, upTo(LIMITS.layers), layers.length, (value) => this.relayer(Number(value)))),
        labelled(words.inputs, units(0, words.inputs)),
        labelled(words.samples, select("samples", words.samples, upTo(LIMITS.samples), x.length, (value) => this.rebuild(withSamples(network, Number(value))))),
      ),
      ...layers.map(({ b, activation }, i) => {
        const l = i + 1;
        const its = filled(words.layer, { l });
        const kinds = activation === null ? [[null, words.none]] : ACTIVATIONS.map((kind) => [kind, words[kind]]);
        const kind = select(`kind${l}`, `${its}: ${words.activation}`, kinds, activation, (value) => this.rebuild(withActivation(network, l, value)));
        kind.disabled = activation === null;
        const biases = element("input", { type: "checkbox", checked: Boolean(b), onchange: () => this.rebuild(withBiases(network, l, biases.checked)) });
        biases.dataset.key = `biases${l}`;
        biases.ariaLabel = `${its}: ${words.biases}`;
        return row(element("span", { className: "bp-lab-layer", textContent: its }),
          labelled(words.units, units(l, `${its}: ${words.units}`)), labelled(words.activation, kind),
          element("label", {}, biases, ` ${words.biases}`));
      }),
      row(labelled(words.loss, select("loss", words.loss, LOSSES.map((one) => [one, words[one]]), loss, (value) => this.rebuild(withLoss(network, value)))),
        ...scalar("lr"), ...(layers.some(({ activation }) => activation === "leaky_relu") ? scalar("leak") : [])),
      ...(loss === CROSS && now.at(-1) === 1 ? [element("p", { textContent: words.oneClass })] : []),
    ];
  }
}

/** The panel "bring" of a lab. */
export const bring = (lab) => new Bring(lab);
