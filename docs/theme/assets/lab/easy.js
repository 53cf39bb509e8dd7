// Easy numbers: a network drawn anew with numbers of one decimal, from a seed.

import { ACTIVATIONS } from "../stepper/model.js";
import { CROSS, LEAK } from "./network.js";
import { mulberry32, signedTenth, tenth } from "./prng.js";

const CLOSE = 0.005; // what is nearer is not told apart in two decimals

/**
 * A network built like the one given, with numbers of one decimal that the seed, a whole number,
 * decides. No layer of ReLUs is dead for a sample, no sum is at a kink, no output is its target.
 */
export function easy(seed, network) {
  const next = mulberry32(seed);
  for (let tries = 0; tries < 200; tries += 1) {
    const made = drawn(next, network, signedTenth);
    if (teaches(made)) return made;
  }
  return drawn(next, network, tenth); // all numbers above 0: every ReLU is alive
}

function drawn(next, network, weight) {
  const each = (rows, number) => rows.map((row) => row.map(() => number(next)));
  const { activation, W } = network.layers.at(-1);
  const target = ["tanh", "identity"].includes(activation) ? signedTenth : tenth;
  return {
    ...network,
    x: each(network.x, tenth),
    layers: network.layers.map((layer) => ({ ...layer, W: each(layer.W, weight), b: layer.b && each([layer.b], weight)[0] })),
    t: network.loss === CROSS ? network.t.map(() => Math.floor(next() * W[0].length)) : each(network.t, target),
  };
}

function teaches({ x, t, layers, loss, leak = LEAK }) {
  return x.every((row, s) => {
    let [a, good] = [row, true];
    for (const { W, b, activation } of layers) {
      const z = W[0].map((_, j) => a.reduce((sum, each, i) => sum + each * W[i][j], b ? b[j] : 0));
      if (/relu/.test(activation)) {
        good &&= z.every((sum) => Math.abs(sum) > CLOSE) && (activation === "leaky_relu" || z.some((sum) => sum > 0));
      }
      a = z.map((sum) => (activation === "leaky_relu" ? Math.max(sum, leak * sum) : activation ? ACTIVATIONS[activation].value(sum) : sum));
    }
    return good && (loss === CROSS || a.some((y, j) => Math.abs(y - t[s][j]) > CLOSE));
  });
}
