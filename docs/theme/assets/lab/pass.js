// A network's pass forward and back, with what each step does open to be done otherwise: a mistake
// is made here by really making it, and what comes of it further on comes of it.

import { ACTIVATIONS, LEAK, map, product, softmax, transposed, zip } from "../stepper/model.js";
import { CROSS } from "./network.js";

const same = (value) => value;

// −log of a probability so small that it may be rounded to 0.
const unlikely = (row, label) => {
  const largest = Math.max(...row);
  return Math.log(row.reduce((sum, one) => sum + Math.exp(one - largest), 0)) + largest - row[label];
};

/** What is done at each place of a pass. The last argument of most is the layer, counted from 1. */
export const RIGHT = {
  round: same, // (value, name) every number on the way
  weight: same, // W as it stands in a sum
  bias: same,
  input: (a) => a, // (a, z, l) of the layer before, as it goes into a sum
  value: (f, z, leak) => f.value(z, leak),
  softmax,
  error: (y, t) => y - t,
  share: (n) => 1 / n,
  back: same, // W on the way back
  slope: (f, z, leak) => f.derivative(z, leak),
  factor: (a) => a, // (a, z, l) of the layer before, as a weight's gradient has it
  gathered: same, // errors of all samples, as they are added up for a layer
  step: (w, lr, dw) => w - lr * dw,
};

/** All numbers of a pass by name, as rows: z1, a1, p, C, delta1, dW1, db1, new W1, new b1. */
export function pass({ x, t, layers, loss, lr, leak = LEAK }, twist = {}) {
  const its = { ...RIGHT, ...twist };
  const values = {};
  const keep = (name, A) => (values[name] = map(A, (value) => its.round(value, name)));
  const ins = [[x, x]];
  layers.forEach(({ W, b, activation }, i) => {
    const l = i + 1;
    const sums = product(its.input(...ins[i], l), its.weight(W, l));
    const z = keep(`z${l}`, sums.map((row) => row.map((sum, j) => sum + (b ? its.bias(b[j], l) : 0))));
    const f = ACTIVATIONS[activation];
    ins.push([f ? keep(`a${l}`, map(z, (each) => its.value(f, each, leak, l))) : z, z]);
  });

  const [y] = ins.at(-1);
  const cross = loss === CROSS;
  const p = cross ? keep("p", y.map((row) => its.softmax(row))) : y;
  const targets = cross ? y.map((row, s) => row.map((_, j) => Number(j === t[s]))) : t;
  const costs = y.map((row, s) => (cross
    ? (p[s][t[s]] > 1e-9 ? -Math.log(p[s][t[s]]) : unlikely(row, t[s]))
    : row.reduce((sum, one, j) => sum + 0.5 * (one - t[s][j]) ** 2, 0)));
  const share = its.share(x.length);
  keep("C", [[share * costs.reduce((sum, one) => sum + one, 0)]]);

  let back = zip(p, targets, (one, target) => share * its.error(one, target));
  for (let l = layers.length; l > 0; l -= 1) {
    const { W, b, activation } = layers[l - 1];
    const f = ACTIVATIONS[activation];
    const delta = keep(`delta${l}`, f ? zip(back, ins[l][1], (d, z) => d * its.slope(f, z, leak, l)) : back);
    const all = its.gathered(delta, l);
    const dW = keep(`dW${l}`, product(transposed(its.factor(...ins[l - 1], l)), all));
    if (b) keep(`db${l}`, [transposed(all).map((column) => column.reduce((sum, one) => sum + one, 0))]);
    keep(`new W${l}`, zip(W, dW, (w, dw) => its.step(w, lr, dw)));
    if (b) keep(`new b${l}`, zip([b], values[`db${l}`], (w, dw) => its.step(w, lr, dw)));
    back = product(delta, transposed(its.back(W, l)));
  }
  return values;
}
