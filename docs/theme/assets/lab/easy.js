// Easy numbers: a network drawn anew with numbers of one decimal, from a seed.

import { trace } from "../stepper/model.js";
import { CROSS } from "./network.js";
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

function teaches(network) {
  const { layers, loss, t } = network;
  const values = Object.fromEntries(trace(network).map(({ name, value }) => [name, value]));
  const clear = layers.every(({ activation }, i) => !/relu/.test(activation) || values[`z${i + 1}`].every((sums) =>
    sums.every((sum) => Math.abs(sum) > CLOSE) && (activation === "leaky_relu" || sums.some((sum) => sum > 0))));
  return clear && (loss === CROSS || values.y.every((row, s) => row.some((y, j) => Math.abs(y - t[s][j]) > CLOSE)));
}
