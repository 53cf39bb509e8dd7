// From where to where the loss depends on a number: places in a network, the paths from a place to
// the loss, and what stands on them.
//
// A place is { kind, layer, index, sample }: kind W, b, z or a; a of layer 0 is an input. The index
// counts from 0: [from, to] of a weight, else [unit]; the sample is that of a sum or an activation.

import { ACTIVATIONS, LEAK, softmax, trace } from "../stepper/model.js";

export const MANY = 16; // paths that are written out

/** All numbers of a network's passes: arrays of rows by layer, those of the way back by the package's names. */
export function valuesOf(network) {
  const { x, t, layers, loss } = network;
  const found = Object.fromEntries(trace(network).map(({ name, value }) => [name, value]));
  const [L, n] = [layers.length, x.length];
  const Z = [null, ...layers.map((_, k) => found[`z${k + 1}`])];
  const A = [x, ...layers.map((_, k) => found[k + 1 < L ? `a${k + 1}` : "y"] ?? Z[k + 1])];
  const soft = loss === "softmax_cross_entropy";
  return {
    network, found, L, n, Z, A, soft,
    sizes: [x[0].length, ...layers.map(({ W }) => W[0].length)],
    out: soft ? A[L].map(softmax) : A[L],
    t: soft ? t.map((label) => A[L][0].map((_, k) => (k === label ? 1 : 0))) : t,
    kind: (l) => layers[l - 1].activation,
    slopes: (l) => Z[l].map((row) => row.map((z) => slopeAt(network, l, z))),
    delta: (l) => found[`delta${l}`],
  };
}

/** The slope of a layer's activation function at a sum. */
export const slopeAt = ({ layers, leak = LEAK }, l, z) => ACTIVATIONS[layers[l - 1].activation ?? "identity"].derivative(z, leak);

/** How many paths lead from a place to the loss, for each sample. */
export const count = ({ sizes }, { layer }) => sizes.slice(layer + 1).reduce((all, size) => all * size, 1);

/** The units that the path with a number passes, from the place's own to the output. */
export function route({ sizes }, { layer, index }, number) {
  const units = [];
  for (let l = sizes.length - 1; l > layer; l -= 1) {
    units.unshift(number % sizes[l]);
    number = Math.floor(number / sizes[l]);
  }
  return [index.at(-1), ...units];
}

/** The boxes and arrows of the picture on a path: "column,box" and "column,from,to". */
export function places({ kind, layer, index }, units) {
  const on = units.flatMap((unit, k) => [`${layer + k},${unit}`, `${layer + k},${unit},${units[k + 1] ?? 0}`]);
  const before = kind === "W" ? [`${layer - 1},${index[0]}`, `${layer - 1},${index}`] : [];
  return new Set([...before, ...on, `${layer + units.length},0`]);
}

/** The derivative of the loss by a place, as the backward pass of the package has it. */
export function gradient({ found, delta, L }, { kind, layer, index: [i, j], sample }) {
  if (kind === "W") return found[`dW${layer}`][i][j];
  if (kind === "b") return found[`db${layer}`][i];
  const name = layer ? (layer === L ? "dy" : `da${layer}`) : "dx";
  return (kind === "z" ? delta(layer) : found[name] ?? delta(layer))[sample][i];
}

/** All places of a kind. */
export function placesOf({ layers, x }, kind, sample = 0) {
  const inputs = x[0].map((_, j) => ({ kind: "a", layer: 0, index: [j], sample }));
  if (kind === "x") return inputs;
  return layers.flatMap(({ W, b, activation }, k) => {
    const layer = k + 1;
    if (kind === "W") return W.flatMap((row, i) => row.map((_, j) => ({ kind, layer, index: [i, j] })));
    if ((kind === "b" && !b) || (kind === "a" && !activation)) return [];
    return W[0].map((_, j) => ({ kind, layer, index: [j], ...(kind !== "b" && { sample }) }));
  });
}

/** The kind under which readers choose a place. */
export const chosenAs = ({ kind, layer }) => (layer ? kind : "x");

/** A place in text and back: W1_12, z1_2@3 of the third sample. */
export const textOf = ({ kind, layer, index, sample }) =>
  [layer ? kind + layer : "x", "_", ...index.map((i) => i + 1), ...(sample === undefined ? [] : ["@", sample + 1])].join("");

export function placeFrom(network, text = "") {
  const [, kind, at] = /^([Wbzax])\d*_\d+(?:@(\d))?$/.exec(text) ?? [];
  const sample = Math.min(Math.max((at ?? 1) - 1, 0), network.x.length - 1);
  const all = kind ? placesOf(network, kind, sample) : [];
  return all.find((place) => textOf(place).split("@")[0] === text.split("@")[0]) ?? { kind: "W", layer: 1, index: [0, 0] };
}

/** The place that a number of the picture stands for: its own, or that by which it is the derivative. */
export function placeOf(network, { name, index }) {
  const [, kind, layer] = /^(?:new |d)?(delta|[Wbzaxy])(\d*)$/.exec(name) ?? [];
  if (!kind) return null;
  const L = network.layers.length;
  if (/[Wb]/.test(kind)) return { kind, layer: Number(layer), index };
  const own = kind === "y" && !network.layers[L - 1].activation ? "z" : "a";
  const its = { x: ["a", 0], y: [own, L], delta: ["z", Number(layer)] }[kind] ?? [kind, Number(layer)];
  return { kind: its[0], layer: its[1], index: [index[1]], sample: index[0] };
}
