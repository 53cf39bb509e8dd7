// A reader's walk through a network: which step, which number is looked at, what was changed.
// Nothing is drawn here. The whole state can be said in a line of text, and found again from it.

import { trace, updated } from "./model.js";
import { Numbers } from "./numbers.js";

export const MOST = 1e6; // of a number that a reader changes
const FAR = 1e100; // with larger losses no step is taken: numbers would overflow

export class Walk {
  constructor(data) {
    this.data = data;
    this.reset();
  }

  reset() {
    Object.assign(this, { events: [], at: 0, focus: null, sample: 0 });
    this.network = structuredClone(this.data.network);
    this.compute(this.data.steps.slice(0, -1)); // as the package wrote them; the last is the update
    this.losses = [this.loss];
  }

  compute(found = trace(this.network)) {
    this.steps = this.data.steps.map((step, i) => ({ ...step, value: found[i]?.value }));
    this.moved = updated(this.network, found, this.network.lr);
    this.numbers = new Numbers(this.network, this.steps, this.moved, this.data.plain);
    this.loss = this.numbers.values.C;
    this.newLoss = trace(this.moved).find(({ name }) => name === "C").value;
  }

  get step() { return this.steps[this.at]; }

  /** The step in the names of pages: dW1, or dw of a single unit. */
  get called() { return this.calledIn(this.step.name); }

  calledIn(name) { return this.data.plain?.[name] ?? name; }

  get last() { return this.at === this.steps.length - 1; }

  go(at, focus = null) {
    this.at = Math.max(0, Math.min(at, this.steps.length - 1));
    this.focus = this.find(focus) ? focus : null;
  }

  /** Go to a step by its name, and look at a number: "dW1" or "dW1:dW1_12". */
  goTo(place) {
    const [name, focus] = place.split(":");
    this.go(this.steps.findIndex((step) => this.calledIn(step.name) === name), focus);
  }

  /** The number with a label: z1_1, W2_12, … */
  find(label) {
    return this.numbers.everything().find((number) => this.numbers.label(number) === label);
  }

  /** All numbers that readers may change. */
  given() {
    const parameters = this.network.layers.flatMap(({ b }, i) => [`W${i + 1}`, ...(b ? [`b${i + 1}`] : [])]);
    return ["x", ...parameters, "t"].flatMap((name) => this.numbers.all(name));
  }

  /** From where to where a slider for a given number goes, and in which steps. */
  range({ name }) {
    if (name !== "t") return [-3, 3, 0.01];
    const classes = this.network.layers.at(-1).W[0].length;
    return this.network.loss === "squared_error" ? [0, 1, 0.01] : [0, classes - 1, 1];
  }

  // A given number in the line that says the state: W1.0.1, or w of a single unit.
  key({ name, index }) { return this.data.plain?.[name] ?? `${name}.${index.join(".")}`; }

  change({ name, index }, value) {
    const [low, high, step] = this.range({ name });
    if (!(Math.abs(value) <= MOST)) return;
    const key = this.key({ name, index });
    if (this.events.at(-1)?.startsWith(`${key}!`)) this.events.pop();
    this.events.push(`${key}!${value}`);
    const { x, t, layers } = this.network;
    const layer = layers[name.slice(1) - 1];
    const array = { x, t }[name] ?? layer[name[0]];
    const row = index.length > 1 ? array[index[0]] : array;
    row[index.at(-1)] = step === 1 ? Math.max(low, Math.min(high, Math.round(value))) : value;
    this.compute();
    this.losses = [this.loss];
  }

  /** Whether the loss runs away. */
  get far() { return !(this.newLoss < FAR); }

  again() {
    if (this.far) return;
    this.events.push("again");
    this.network = structuredClone(this.moved);
    this.compute();
    this.losses.push(this.loss);
  }

  get state() {
    const place = this.called + (this.focus ? `:${this.focus}` : "");
    const events = this.events.join("~").replace(/again(~again)+/g, (many) => `again*${many.split("~").length}`);
    return [place, this.sample && `sample*${this.sample}`, events].filter(Boolean).join("~");
  }

  /** Go to a state; what makes no sense in it is passed over. */
  restore(state) {
    const [place, ...events] = state.split("~");
    this.reset();
    for (const event of events) {
      const [what, value = 1] = event.split(/[*!]/);
      const times = Math.min(value, 1000) || 0;
      if (what === "again") for (let i = 0; i < times; i += 1) this.again();
      else if (what === "sample") this.sample = this.network.x[times] ? times : 0;
      else {
        const number = this.given().find((one) => this.key(one) === what);
        if (number) this.change(number, Number(value));
      }
    }
    this.goTo(place);
  }
}
