// What a network of the lab may be, and how it is changed. It is the plain data that model.js
// takes, with lr and, for a leaky ReLU, leak; every change makes a new one. Layers are counted from 1.

import { mulberry32, signedTenth, tenth } from "./prng.js";

export const LIMITS = { layers: 4, units: 5, samples: 4, size: 1e6 };
export const ACTIVATIONS = ["sigmoid", "tanh", "relu", "leaky_relu", "identity"];
export const CROSS = "softmax_cross_entropy";
export const LOSSES = ["squared_error", CROSS];
export const LEAK = 0.01; // where none is given

/** Inputs, then the units of each layer. */
export const sizes = ({ x, layers }) => [x[0].length, ...layers.map(({ W }) => W[0].length)];

/** The names of its arrays, in the order in which they are used. */
export const names = ({ layers }) =>
  ["x", ...layers.flatMap(({ b }, i) => (b ? [`W${i + 1}`, `b${i + 1}`] : [`W${i + 1}`])), "t"];

/** The name of a number: W1_12, b1_2; of a single sample x_1, of several x_21; of a label t_2. */
export function label({ x, loss }, name, i, j) {
  if (name.startsWith("l")) return name;
  if (name === "t" && loss === CROSS) return `t_${i + 1}`;
  return `${name}_${/W/.test(name) || (x.length > 1 && !/b/.test(name)) ? i + 1 : ""}${j + 1}`;
}

/** An array of it by name, as rows; labels are a column. */
export function array(network, name) {
  if (name === "t" && network.loss === CROSS) return network.t.map((one) => [one]);
  if (name === "leak") return [[network.leak ?? LEAK]];
  if (name === "lr") return [[network.lr]];
  const { W, b } = network.layers[name.slice(1) - 1] ?? {};
  return { x: network.x, t: network.t, W, b: [b] }[name[0]];
}

const withLayer = (network, l, its) =>
  ({ ...network, layers: network.layers.map((layer, i) => (i + 1 === l ? { ...layer, ...its } : layer)) });

/** With another array, given as rows, in the place of one. */
export function withArray(network, name, rows) {
  if (name === "x" || (name === "t" && network.loss !== CROSS)) return { ...network, [name]: rows };
  if (name === "t") return { ...network, t: rows.map(([one]) => one) };
  if (name.startsWith("l")) return { ...network, [name]: rows[0][0] };
  return withLayer(network, Number(name.slice(1)), name[0] === "W" ? { W: rows } : { b: rows[0] });
}

// Numbers for new places: easy ones, always the same for the same place.
const fresh = (drawn, ...place) => drawn(mulberry32(place.reduce((sum, k) => sum * 31 + k, 7)));
const filled = (rows, n, m, number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: m }, (_, j) => rows?.[i]?.[j] ?? number(i, j)));
const freshBiases = (b, n, l) => filled([b ?? []], 1, n, (_, j) => fresh(signedTenth, l, 9, j))[0];
const freshTarget = (i, j) => (i + j + 1) % 2;

/** With other sizes: what was typed stays where it was, and the last layer stays the last. */
export function resized(network, wanted) {
  const [L, old] = [wanted.length - 1, network.layers];
  const layers = wanted.slice(1).map((units, i) => {
    const its = i + 1 === L ? old.at(-1) : old.slice(0, -1)[i];
    const { W, b, activation } = its ?? { b: old.at(-1).b && [], activation: old.at(-2)?.activation ?? "sigmoid" };
    return {
      W: filled(W, wanted[i], units, (k, j) => fresh(signedTenth, i + 1, k, j)),
      b: b && freshBiases(b, units, i + 1),
      activation,
    };
  });
  return withSamples({ ...network, layers, x: network.x.map((row) => row.slice(0, wanted[0])) }, network.x.length, wanted[0]);
}

/** With n samples: the first ones stay. */
export function withSamples(network, n, inputs = network.x[0].length) {
  const outputs = network.layers.at(-1).W[0].length;
  return {
    ...network,
    x: filled(network.x, n, inputs, (i, j) => fresh(tenth, 0, i, j)),
    t: network.loss === CROSS
      ? Array.from({ length: n }, (_, i) => Math.min(network.t[i] ?? i % outputs, outputs - 1))
      : filled(network.t, n, outputs, freshTarget),
  };
}

export const withActivation = (network, l, activation) => withLayer(network, l, { activation });

export const withBiases = (network, l, yes) =>
  withLayer(network, l, { b: yes ? freshBiases(null, network.layers[l - 1].W[0].length, l) : null });

/** With another loss: of rows of targets the largest becomes the label, of a label a row of 0 and 1. */
export function withLoss(network, loss) {
  if (loss === network.loss) return network;
  const outputs = network.layers.at(-1).W[0].length;
  const t = loss === CROSS
    ? network.t.map((row) => row.indexOf(Math.max(...row)))
    : network.t.map((one) => filled([], 1, outputs, (_, j) => Number(j === one))[0]);
  return withActivation({ ...network, loss, t }, network.layers.length, loss === CROSS ? null : "sigmoid");
}

/**
 * All that keeps a network from being one, as a list of { where, why, values }; whatever is given.
 * where is the name of a part or of a number, why a key of the words why_KEY.
 */
export function problems(network) {
  const found = [];
  const add = (where, why, values = {}) => void found.push({ where, why, values });
  const number = (where, value) => {
    if (!Number.isFinite(value)) add(where, "notFinite");
    else if (Math.abs(value) > LIMITS.size) add(where, "tooLarge", { most: LIMITS.size });
    else return true;
    return false;
  };
  const { x, t, layers, loss, lr, leak } = Object(network);
  const within = (n, most) => n >= 1 && n <= most;
  // A matrix with so many rows and columns; what is not given is free.
  const matrix = (name, value, n, m) => {
    const right = Array.isArray(value) && value.length > 0 && value.every((row) => Array.isArray(row) && row.length === value[0].length);
    if (!right || value.length !== (n ?? value.length) || value[0].length !== (m ?? value[0].length)) {
      const its = right ? `${value.length} × ${value[0].length}` : "?";
      return add(name, "shape", { its, right: `${n ?? "n"} × ${m ?? "n"}` });
    }
    value.forEach((row, i) => row.forEach((one, j) => number(label({ x: value }, name, i, j), one)));
    return value[0].length;
  };

  if (!Array.isArray(layers) || !within(layers.length, LIMITS.layers)) {
    add("", "layers", { most: LIMITS.layers });
    return found;
  }
  if (!LOSSES.includes(loss)) add("", "loss");
  let inputs = matrix("x", x);
  const n = inputs && x.length;
  if (n && !within(n, LIMITS.samples)) add("x", "samples", { most: LIMITS.samples });
  if (n && !within(inputs, LIMITS.units)) add("x", "units", { most: LIMITS.units });
  layers.forEach((layer, i) => {
    const { W, b, activation } = Object(layer);
    const units = matrix(`W${i + 1}`, W, inputs);
    if (units !== undefined && !within(units, LIMITS.units)) add(`W${i + 1}`, "units", { most: LIMITS.units });
    if (b !== null) matrix(`b${i + 1}`, [b], 1, units);
    const logits = loss === CROSS && i + 1 === layers.length;
    if (logits ? activation !== null : !ACTIVATIONS.includes(activation)) add(`W${i + 1}`, logits ? "logits" : "activation");
    inputs = units;
  });
  if (loss === CROSS) {
    if (!Array.isArray(t) || t.length !== (n ?? t.length)) add("t", "shape", { its: "?", right: `${n ?? "n"} × 1` });
    else t.forEach((one, i) => isLabel(one, inputs ?? LIMITS.units) || add(`t_${i + 1}`, "label", { most: (inputs ?? LIMITS.units) - 1 }));
  } else matrix("t", t, n, inputs);
  if (number("lr", lr) && lr <= 0) add("lr", "rate");
  if (leak !== undefined && number("leak", leak) && !(leak > 0 && leak < 1)) add("leak", "leak");
  return found;
}

const isLabel = (one, classes) => Number.isInteger(one) && one >= 0 && one < classes;
