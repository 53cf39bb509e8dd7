// Where each number of a step comes from: the factors and terms it was computed of, and the paths
// on which it reaches the loss. Built on the model; nothing is drawn here.
//
// A number is { name, index, value, slope }: name as in the steps (z1, dW2, W1, x, …), index its
// place in that array ([row, column], [column] or []); slope names the activation whose derivative
// at that place is meant. What is written around numbers is a list of such numbers and of strings.

import { ACTIVATIONS, LEAK, softmax } from "./model.js";

const SHORT = { sigmoid: "σ", leaky_relu: "leaky" }; // functions as readers know them

const slopeOf = (step) => step.expression.match(/(\w+)_derivative/)?.[1];

/** Reads numbers of one state: of the network, of its steps, and of what a step of descent makes. */
export class Numbers {
  constructor(network, steps, moved, plain) {
    this.network = network;
    this.plain = plain; // of a single unit: the letter of each name, or null
    this.n = network.x.length;
    this.L = network.layers.length;
    const found = steps.filter(({ value }) => value !== undefined);
    this.steps = Object.fromEntries(found.map((step) => [step.name, step]));
    this.values = { x: network.x, t: network.t };
    this.leak = network.leak ?? LEAK;
    const parameters = (layers, before) => layers.forEach(({ W, b }, i) =>
      Object.assign(this.values, { [`${before}W${i + 1}`]: W }, b && { [`${before}b${i + 1}`]: b }));
    parameters(network.layers, "");
    for (const { name, value } of found) this.values[name] = value;
    parameters(moved?.layers ?? [], "new ");
  }

  at(name, ...index) {
    return { name, index, value: index.reduce((part, i) => part[i], this.values[name]) };
  }

  slope(activation, z, index) {
    const slope = ACTIVATIONS[activation].derivative(this.at(z, ...index).value, this.leak);
    return { name: z, index, value: slope, slope: activation };
  }

  /** All numbers of a step, or of what was given. */
  all(name) {
    const value = this.values[name];
    if (!Array.isArray(value)) return [this.at(name)];
    return value.flatMap((row, i) => (Array.isArray(row) ? row.map((_, j) => this.at(name, i, j)) : [this.at(name, i)]));
  }

  /** The numbers that a step computes, and what softmax made of its row before a loss that is its
   * logarithm; those of the update are the new parameters. */
  results(name) {
    if (name === "C" && this.network.loss !== "squared_error") {
      return [...this.all(name), ...this.all("y").map(({ index }) => this.probability(...index))];
    }
    const names = name === "update" ? Object.keys(this.values).filter((each) => each.startsWith("new ")) : [name];
    return names.flatMap((each) => this.all(each));
  }

  /** All numbers there are, those that come only after the update left out. */
  everything() {
    const names = Object.keys(this.values).filter((name) => !name.startsWith("new "));
    return names.flatMap((name) => this.all(name));
  }

  /** As readers know it: x_1, W1_12, a2_1; of several samples the first index says which one. Of a
   * single unit x, w, a. */
  label({ name, index, slope }) {
    const { n, L, network, plain } = this;
    const last = network.layers[L - 1].activation ? `a${L}` : "y";
    const bare = name.replace("new ", "");
    const shown = plain?.[bare] ?? { y: last, dy: `d${last}`, C: n === 1 ? "E" : "C", lr: "η" }[bare] ?? bare;
    const perSample = plain ? [] : n === 1 && index.length === 2 && !/W/.test(name) ? index.slice(1) : index;
    const label = shown + (perSample.length ? `_${perSample.map((i) => i + 1).join("")}` : "");
    return slope ? `${SHORT[slope] ?? slope}′(${label})` : label;
  }

  /** What a number was computed from: terms that are added, each a list of numbers and strings. */
  terms({ name, index: [i, j] }) {
    const step = this.steps[name];
    if (name.startsWith("new ")) return this.moved(name.slice(4), [i, j]);
    if (name === "p") return [this.softened(i, j)];
    if (!step) return null;
    const [first, second] = step.operands;
    const over = (rows) => rows.map((_, k) => k);
    const product = (...factors) => factors.flatMap((factor, k) => (k ? [" · ", factor] : [factor]));
    if (name === "C") return this.lossTerms();
    if (name === "dy") return this.lossSlope(i, j);
    if (name.startsWith("z")) {
      const parts = over(this.values[second]).map((k) => product(this.at(first, i, k), this.at(second, k, j)));
      return step.operands[2] ? [...parts, [this.at(step.operands[2], j)]] : parts;
    }
    if (step.phase === "forward") return [this.activated(step, i, j)];
    if (slopeOf(step)) return [product(this.at(first, i, j), this.slope(slopeOf(step), step.operands[2], [i, j]))];
    if (name.startsWith("dW")) return over(this.network.x).map((s) => product(this.at(first, s, i), this.at(second, s, j)));
    if (name.startsWith("db")) return over(this.network.x).map((s) => [this.at(first, s, i)]);
    if (second) return over(this.values[first][i]).map((k) => product(this.at(first, i, k), this.at(second, j, k)));
    return [[this.at(first, i, j)]];
  }

  activated(step, i, j) {
    const z = this.at(step.operands[0], i, j);
    const kind = step.expression.split("(")[0];
    if (kind === "leaky_relu" && z.value <= 0) return [{ name: "leak", index: [], value: this.leak }, " · ", z];
    const open = { relu: "max(0, ", sigmoid: "σ(", tanh: "tanh(" }[kind];
    return open ? [open, z, ")"] : [z];
  }

  lossTerms() {
    const { t } = this.network;
    if (this.network.loss === "squared_error") {
      return this.all("y").map((y) => [this.n === 1 ? "½ (" : `½ / ${this.n} (`, y, " − ", this.at("t", ...y.index), ")²"]);
    }
    const [open, close] = this.n === 1 ? ["−log ", ""] : ["(−log ", `) / ${this.n}`];
    return t.map((label, s) => [open, this.probability(s, label), close]);
  }

  softened(s, j) {
    const powers = this.values.y[s].flatMap((_, k) => [k ? ") + exp(" : ") / (exp(", this.at("y", s, k)]);
    return ["exp(", this.at("y", s, j), ...powers, "))"];
  }

  lossSlope(i, j) {
    const close = this.n === 1 ? [] : [`) / ${this.n}`];
    const open = this.n === 1 ? [] : ["("];
    if (this.network.loss === "squared_error") return [[...open, this.at("y", i, j), " − ", this.at("t", i, j), ...close]];
    const right = this.network.t[i] === j;
    return [[...open, this.probability(i, j), ...(right ? [" − 1"] : []), ...close]];
  }

  // What softmax makes of a row: no step of its own, so it stands here.
  probability(s, j) {
    return { name: "p", index: [s, j], value: softmax(this.values.y[s])[j] };
  }

  moved(name, index) {
    const place = index.filter((k) => k !== undefined);
    return [[this.at(name, ...place), " − ", { name: "lr", index: [], value: this.network.lr }, " · ", this.at(`d${name}`, ...place)]];
  }

  /** The paths from the loss to a gradient: each a product of factors, and the units it passes. */
  paths({ name, index: [i, j] }) {
    const step = this.steps[name];
    const [first, second] = step.operands;
    const onward = (before, factor, unit) =>
      before.map(({ factors, units }) => ({ factors: [...factors, factor], units: unit ? [...units, unit] : units }));
    if (name === "dy") return [{ factors: [this.at(name, i, j)], units: [[this.L, j]] }];
    if (slopeOf(step)) return onward(this.paths(this.at(first, i, j)), this.slope(slopeOf(step), step.operands[2], [i, j]));
    const samples = this.network.x.map((_, s) => s);
    if (name.startsWith("dW")) {
      const layer = Number(name.slice(2));
      return samples.flatMap((s) => onward(this.paths(this.at(second, s, j)), this.at(first, s, i), [layer - 1, i]));
    }
    if (name.startsWith("db")) return samples.flatMap((s) => this.paths(this.at(first, s, i)));
    if (!second) return this.paths(this.at(first, i, j));
    const layer = Number(second.slice(1));
    return this.values[first][i].flatMap((_, k) =>
      onward(this.paths(this.at(first, i, k)), this.at(second, j, k), [layer - 1, j]));
  }
}
