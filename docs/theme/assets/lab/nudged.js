// Moves one number of a network and looks what the loss does: nothing of the backward pass is used.

import { trace } from "../stepper/model.js";
import { valuesOf } from "./paths.js";

const identity = (size) => Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
const withMoved = (rows, s, j, change) => rows.map((row, i) => row.map((value, k) => (i === s && k === j ? value + change : value)));

/** The network in which a place is moved. Of one with its sum or activation moved: what comes behind. */
function moved(network, { kind, layer, index, sample }, change) {
  const { x, layers } = network;
  if (kind === "a" || kind === "z") {
    const { Z, A, sizes } = valuesOf(network);
    const its = (activation) => ({ W: identity(sizes[layer]), b: null, activation });
    const first = kind === "z" ? [its(layers[layer - 1].activation)] : layer === layers.length ? [its("identity")] : [];
    const start = layer ? (kind === "z" ? Z : A)[layer] : x;
    return { ...network, x: withMoved(start, sample, index[0], change), layers: [...first, ...layers.slice(layer)] };
  }
  const its = layers[layer - 1];
  const W = kind === "W" ? withMoved(its.W, ...index, change) : its.W;
  const b = kind === "b" ? its.b.map((bias, j) => (j === index[0] ? bias + change : bias)) : its.b;
  return { ...network, layers: layers.map((each, k) => (k === layer - 1 ? { ...each, W, b } : each)) };
}

/** The loss and all sums of a network with a place moved by so much. */
function look(network, place, change) {
  const steps = trace(moved(network, place, change));
  const kinked = moved(network, place, change).layers.map(({ activation }) => /relu/.test(activation ?? ""));
  const sums = steps.filter(({ name }) => name[0] === "z").flatMap(({ value }, k) => (kinked[k] ? value.flat() : []));
  return { loss: steps.find(({ name }) => name === "C").value, sums };
}

/** What a nudge of h to both sides shows: the loss, the slope between the sides, each side's own, and whether a sum passes a kink. */
export function nudge(network, place, h) {
  const [before, here, after] = [-h, 0, h].map((change) => look(network, place, change));
  return {
    h,
    loss: here.loss,
    slope: (after.loss - before.loss) / (2 * h),
    left: (here.loss - before.loss) / h,
    right: (after.loss - here.loss) / h,
    kink: before.sums.some((sum, k) => sum * after.sums[k] < 0 || (here.sums[k] === 0 && sum !== after.sums[k])),
  };
}

/** How many digits of two numbers agree, from the first that counts. */
export function agreement(found, right) {
  const size = Math.max(Math.abs(found), Math.abs(right));
  if (found === right || size < 1e-9) return 15;
  return Math.max(0, Math.min(15, Math.floor(-Math.log10(Math.abs(found - right) / size))));
}
