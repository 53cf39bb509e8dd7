// What a typed answer says: right, nearly right, or wrong and what it probably is. Every mistake
// here is made anew with the network's own numbers (pass.js), and compared by value.

import { ACTIVATIONS, transposed } from "../stepper/model.js";
import { blanks, rounded } from "./blanks.js";
import { RIGHT, pass } from "./pass.js";

const PLAIN = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i;

/** Reads 0.25, 0,25, −.25, 2e-3, 1/3, ½ and what a Korean keyboard makes of them: { value, decimals }, or null. */
export function answer(typed) {
  const text = String(typed).normalize("NFKC").replace(/[−–—‐]/g, "-").replaceAll("⁄", "/").replace(/\s/g, "");
  const parts = text.split("/");
  if (parts.length > 2 || !parts.every((part) => PLAIN.test(part))) return null;
  const [above, below = 1] = parts.map((part) => Number(part.replace(",", ".")));
  const value = above / below;
  if (!Number.isFinite(value)) return null;
  const exact = parts.length > 1 || /e/i.test(text);
  return { value, decimals: exact ? Infinity : text.split(/[.,]/)[1]?.length ?? 0 };
}

const square = (W) => (W.length === W[0].length ? transposed(W) : W);
const only = (W, far, k) => W.map((row, i) => row.map((w, j) => ((far ? j : i) === k ? w : 0)));
const ones = (W) => W.map((row) => row.map(() => 1));

// A mistake made in all layers, or in one.
const here = (part, l, f) => ({ [part]: (...its) => (its.at(-1) === l ? f : RIGHT[part])(...its) });
const both = (part, f) => ({ l }) => [here(part, l, f), { [part]: f }];
const anywhere = (part, f) => ({ l, L }) => [...both(part, f)({ l }), ...Array.from({ length: L - l }, (_, k) => here(part, l + k + 1, f))];
const counted = (n, f) => Array.from({ length: n }, (_, k) => f(k));

const FORWARD = "z a p C";
const BACK = "delta dW db new";
const formula = (f, z, leak) => // of sigmoid and tanh, with z where their value belongs
  (f === ACTIVATIONS.sigmoid ? z * (1 - z) : f === ACTIVATIONS.tanh ? 1 - z * z : f.derivative(z, leak));

// [key, names of the blanks it may happen to, twists of a pass]; the most specific come first.
const MISTAKES = [
  ["uphill", "new", () => [{ step: (w, lr, dw) => w + lr * dw }]],
  ["no_rate", "new", () => [{ step: (w, lr, dw) => w - dw }]],
  ["only_step", "new", () => [{ step: (w, lr, dw) => lr * dw }, { step: (w, lr, dw) => -lr * dw }]],
  ["not_activated", "a", both("value", (f, z) => z)],
  ["slope_for_value", "a", both("value", (f, z, leak) => f.derivative(z, leak))],
  ["exponent", "a", both("value", (f, z, leak) => f.value(-z, leak))],
  ["not_divided", "p", () => [{ softmax: (row) => row.map(Math.exp) }]],
  ["no_bias", FORWARD, both("bias", () => 0)],
  ["transposed", FORWARD, both("weight", square)],
  ["sums_in", "z a", both("input", (a, z) => z)],
  ["one_term", "z a", ({ l, inputs }) => counted(inputs, (k) => here("weight", l, (W) => only(W, false, k)))],
  ["target_minus", BACK, () => [{ error: (y, t) => t - y }]],
  ["no_target", BACK, ({ cross }) => (cross ? [{ error: (y) => y }] : [])],
  ["logits", BACK, ({ cross }) => (cross ? [{ softmax: (row) => row }] : [])],
  ["squared", BACK, () => [{ error: (y, t) => (y - t) ** 2 }]],
  ["no_slope", BACK, anywhere("slope", () => 1)],
  ["value_for_slope", BACK, anywhere("slope", (f, z, leak) => f.value(z, leak))],
  ["slope_at_a", BACK, anywhere("slope", (f, z, leak) => f.derivative(f.value(z, leak), leak))],
  ["slope_of_z", BACK, anywhere("slope", formula)],
  ["updated", BACK, ({ right }) => [{ back: (W, l) => right[`new W${l}`] }]],
  ["one_path", BACK, ({ l, next }) => counted(next, (k) => here("back", l + 1, (W) => only(W, true, k)))],
  ["transposed", BACK, ({ l }) => both("back", square)({ l: l + 1 })],
  ["no_weight", BACK, ({ l }) => both("back", ones)({ l: l + 1 })],
  ["no_mean", `C ${BACK}`, () => [{ share: () => 1 }]],
  ["mean_twice", `C ${BACK}`, () => [{ share: (n) => 1 / n ** 2 }]],
  ["one_sample", "dW db new", ({ n }) => counted(n, (k) => ({ gathered: (delta) => only(delta, false, k) }))],
  ["sums_in", "dW new", both("factor", (a, z) => z)],
  ["no_input", "dW new", both("factor", ones)],
];

/** What a blank may be taken for: [key, value, other], the most specific first. */
export function* mistakes(network, { name, index: [i, j], value, label }, decimals) {
  const { x, t, layers, loss } = network;
  const right = pass(network);
  const kind = name.replace(/^new .*/, "new").replace(/\d/g, "");
  const [L, l] = [layers.length, Number(name.match(/\d/)?.[0] ?? layers.length)];
  const where = { l, L, right, n: x.length, cross: loss !== "squared_error", inputs: layers[l - 1].W.length, next: layers[l]?.W[0].length ?? 0 };
  const made = (key, twist) => [key, pass(network, twist)[name][i][j]];

  if (kind === "dW") {
    yield ["transposed", right[name][j]?.[i]];
    yield ["weight_in", layers[l - 1].W[i][j] * right[`delta${l}`].reduce((sum, row) => sum + row[j], 0)];
  }
  if (name === "C" && where.cross) yield* [["log_sign", -value], ["common_log", value / Math.LN10]];
  else if (name === "C") {
    const y = right[`a${L}`] ?? right[`z${L}`];
    const errors = y.flatMap((row, s) => row.map((one, k) => one - t[s][k]));
    const sum = errors.reduce((total, one) => total + one, 0) / x.length;
    yield* [["no_half", 2 * value], ["not_squared", sum / 2], ["not_squared", sum]];
    yield* errors.map((error) => ["one_output", error ** 2 / 2 / x.length]);
  }
  for (const [key, kinds, twists] of MISTAKES) {
    if (kinds.split(" ").includes(kind)) for (const twist of twists(where)) yield made(key, twist);
  }
  for (const other of blanks(network)) if (other.label !== label) yield ["other", other.value, other.label];
  yield* [["sign", -value], ["twice", 2 * value], ["half", value / 2]];
  for (let places = decimals; places > 0; places -= 1) {
    const shorter = (which) => (one, its) => (its === name || !which.test(its) ? one : Number(rounded(one, places)));
    yield made("early", { round: shorter(/./) });
    yield made("early", { round: shorter(/^[ap]/) }); // as a calculator shows what its functions give
  }
}

/**
 * The verdict on what was typed into a blank: { state, key, other }. state is "empty", "unreadable",
 * "right", "few" (right, with fewer decimals than asked), "near" (off by a unit in the last decimal)
 * or "wrong"; key says what a wrong one probably is, "" where nothing is known.
 */
export function verdict(network, blank, decimals, typed) {
  if (!String(typed).trim()) return { state: "empty" };
  const read = answer(typed);
  if (!read) return { state: "unreadable" };
  const unit = 10 ** -decimals;
  const off = (value, units) => Math.abs(read.value - value) <= units * unit * (1 + 1e-9) + 1e-11 * Math.abs(value);
  const same = rounded(read.value, decimals) === rounded(blank.value, decimals);
  if (same || off(blank.value, 0.5)) return { state: "right" };
  const fewer = read.decimals > 0 && read.decimals < decimals;
  if (fewer && Number(rounded(blank.value, read.decimals)) === read.value) return { state: "few" };
  if (off(blank.value, 1.5)) return { state: "near" };
  let close; // made with numbers that were rounded on the way
  for (const [key, value, other] of mistakes(network, blank, decimals)) {
    const found = { state: "wrong", key, other };
    if (off(value, 0.5)) return found;
    if (off(value, 1.5)) close ??= found;
  }
  return close ?? { state: "wrong", key: "" };
}
