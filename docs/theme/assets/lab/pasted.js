// Makes a network of arrays that were pasted with their names, whichever way they are stored.

import { toText } from "./link.js";
import { CROSS, LIMITS, problems, resized, sizes, withArray, withBiases, withLoss, withSamples } from "./network.js";
import { joined } from "./singles.js";

export const ORDERS = ["rows", "columns"]; // an array is (from, to), or (to, from) as Nielsen and PyTorch store it

const transposed = (A) => A[0].map((_, j) => A.map((row) => row[j]));
const cut = ([list], [n, m]) => Array.from({ length: n }, (_, i) => list.slice(i * m, (i + 1) * m));
const shape = (A) => `${A.length} × ${A[0].length}`;

/**
 * The network that the arrays make, in an order: { network }, or { problems }. What is not given stays
 * as it is in the network there is; sizes are taken from the arrays.
 */
export function assembled(arrays, order, old) {
  const given = Object.fromEntries(arrays.map(({ name, value, flat }) => {
    if (name[0] !== "W") return [name, value];
    const [n, m] = flat ?? [];
    if (order === "rows") return [name, flat ? cut(value, [n, m]) : value];
    return [name, transposed(flat ? cut(value, [m, n]) : value)];
  }));
  const depth = Object.fromEntries(arrays.map((one) => [one.name, one.depth]));
  const wrong = (where, why, values = {}) => ({ problems: [{ where, why, values: { most: LIMITS[why], ...values } }] });

  const before = sizes(old);
  const most = Math.max(0, ...Object.keys(given).map((name) => Number(name[1]) || 0));
  const layers = (n) => Array.from({ length: n }, (_, i) => i + 1);
  // All weights from W1 on make a network of their own; else they take their places in the one there is.
  const whole = most > 0 && layers(most).every((l) => given[`W${l}`]) && (given.x || most > 1 || before.length === 2);
  const L = whole ? most : Math.max(before.length - 1, most);
  const gap = layers(L).find((l) => l >= before.length && !given[`W${l}`]);
  if (gap) return wrong(`W${gap}`, "missing");
  if (most >= before.length && !given.W1) return wrong("W1", "missing"); // a network of its own, but for its beginning
  if (L > LIMITS.layers) return wrong("", "layers");

  // A sample is a row of x, or where only that fits a column; a list is samples of one input, or one sample.
  const { W1 } = given;
  const turn = given.x && W1 && (depth.x < 2 ? W1.length === 1 : given.x[0].length !== W1.length && given.x.length === W1.length);
  const x = turn ? transposed(given.x) : given.x;

  // What each array says of how many units there are; the first one is believed.
  const claims = layers(L).flatMap((l) => {
    const W = given[`W${l}`];
    return W ? [[`W${l}`, l - 1, W.length], [`W${l}`, l, W[0].length]] : [];
  });
  for (const l of layers(L)) {
    const b = given[`b${l}`];
    if (b?.length > 1 && b[0].length > 1) return wrong(`b${l}`, "vector", { its: shape(b) });
    if (b && depth[`b${l}`]) claims.push([`b${l}`, l, b.flat().length]); // a number is the bias of all units
  }
  if (x) claims.push(["x", 0, x[0].length]);
  const known = [];
  for (const [where, l, units] of claims) {
    known[l] ??= { other: where, right: units };
    if (known[l].right !== units) return wrong(where, "chain", { its: units, ...known[l] });
    if (units > LIMITS.units) return wrong(where, "units");
  }
  const wanted = [0, ...layers(L)].map((l) => known[l]?.right ?? before[l]);
  const n = x ? x.length : old.x.length;

  let network = withSamples(resized(old, wanted), n);
  if (given.t) {
    const t = target(given.t, depth.t, n, wanted[L], old.loss);
    if (!t) return wrong("t", "target", { its: shape(given.t), n, outputs: wanted[L] });
    network = { ...withLoss(network, t.loss), t: t.value };
  }
  if (given.lr?.flat().length > 1) return wrong("lr", "shape", { its: shape(given.lr), right: "1 × 1" });
  for (const l of whole ? layers(L) : []) network = withBiases(network, l, false);
  for (const [name, rows] of Object.entries({ ...given, ...(x && { x }) })) {
    const shared = name[0] === "b" && !depth[name] && Array(wanted[name.slice(1)] ?? 1).fill(rows[0][0]);
    if (name !== "t") network = withArray(network, name, name[0] === "b" ? [shared || rows.flat()] : rows);
  }
  const found = problems(network);
  return found.length ? { problems: found } : { network };
}

// Targets as rows of the output's shape, or labels; { loss, value }, or null where they are neither.
function target(rows, depth, n, outputs, loss) {
  const list = rows.flat();
  const fits = (A) => A.length === n && A[0].length === outputs;
  const value = [rows, transposed(rows)].find(fits);
  if (value) {
    const hot = loss === CROSS && value.every((row) => row.includes(1) && row.filter((one) => one !== 0).length === 1);
    return hot ? { loss, value: value.map((row) => row.indexOf(1)) } : { loss: "squared_error", value };
  }
  const labels = list.length === n && (depth < 2 || rows.length === 1 || rows[0].length === 1);
  return labels && list.every((one) => Number.isInteger(one) && one >= 0 && one < outputs) ? { loss: CROSS, value: list } : null;
}

/**
 * What pasted arrays come to, in the order that the reader chose, or else in the only one that fits:
 * { order, network }, with only: true where the other order does not fit; { ask: true } where both do
 * and none was chosen; { problems } where none does. arrays are those that were made of single numbers, too.
 */
export function pasted(found, chosen, old) {
  const { arrays = found, problems } = joined(found, old);
  return { arrays, ...(problems ? { problems } : ordered(arrays, chosen, old)) };
}

function ordered(arrays, chosen, old) {
  const tried = ORDERS.map((order) => ({ order, ...assembled(arrays, order, old) }));
  if (!arrays.some(({ name }) => name[0] === "W")) return tried[0];
  let fitting = tried.filter(({ network }) => network);
  if (fitting.length === 2 && toText(fitting[0].network) === toText(fitting[1].network)) {
    return fitting.find(({ order }) => order === chosen) ?? fitting[0];
  }
  if (fitting.length === 2 && chosen) return fitting.find(({ order }) => order === chosen);
  // Weights without inputs could have any sizes: those of the network there is are meant, if they fit.
  const same = fitting.filter(({ network }) => sizes(network).join() === sizes(old).join());
  if (same.length === 1 && !arrays.some(({ name }) => name === "x")) fitting = same;
  if (!fitting.length) return tried.find(({ order }) => order === (chosen || "rows"));
  if (fitting.length === 1) return { ...fitting[0], only: true };
  return { ask: true };
}
