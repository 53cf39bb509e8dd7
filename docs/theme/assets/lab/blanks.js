// What stands on a worksheet: the numbers that are to be found, each rounded by one rule; and the
// networks of a class, a different one for each student.

import { easy } from "./easy.js";
import { array, names } from "./network.js";
import { pass } from "./pass.js";
import { mulberry32 } from "./prng.js";

/** Kinds of numbers that may be blank, in the order in which they are computed. */
export const KINDS = ["z", "a", "loss", "delta", "dW", "db", "update"];

const kindOf = (name) => ({ p: "a", C: "loss" }[name] ?? (name.startsWith("new ") ? "update" : name.replace(/\d+$/, "")));

/**
 * A number in so many decimals: the nearest one, and of two that are as near the one away from 0.
 * What twelve digits do not tell from a half is one: 0.1 + 0.2 and such miss it by less.
 */
export function rounded(value, decimals) {
  const [digits, power] = Math.abs(value).toExponential(11).split("e");
  const units = Math.round(Number(`${digits}e${Number(power) + decimals}`));
  const text = units < 1e15 ? Number(`${units}e-${decimals}`).toFixed(decimals) : String(Math.abs(value));
  return value < 0 && Number(text) ? `-${text}` : text; // there is no -0
}

/**
 * The blanks of a network in the order in which they are computed: { kind, name, index, label,
 * value }, index the row and column in what pass() has under the name.
 */
export function blanks(network, kinds = KINDS) {
  const values = pass(network);
  const n = network.x.length;
  const all = Object.entries(values).flatMap(([name, rows]) => {
    const perSample = /^(z|a|p|delta)/.test(name);
    const kind = kindOf(name);
    return rows.flatMap((row, i) => row.map((value, j) => {
      const place = name === "C" ? [] : /W/.test(name) || (perSample && n > 1) ? [i + 1, j + 1] : [j + 1];
      const label = (name === "C" && n === 1 ? "E" : name) + (place.length ? `_${place.join("")}` : "");
      return { kind, name, index: [i, j], label, value };
    }));
  });
  // The update comes after the walk back.
  return [...all.filter(({ kind }) => kind !== "update"), ...all.filter(({ kind }) => kind === "update")]
    .filter(({ kind }) => kinds.includes(kind));
}

/** Whether there is something to find: gradients are not nearly all 0, nor nearly all the same. */
function varied(network) {
  const gradients = blanks(network, ["dW"]).map(({ value }) => rounded(value, 4));
  return gradients.filter(Number).length * 2 >= gradients.length && new Set(gradients).size * 2 >= gradients.length;
}

/**
 * So many networks built like the one given, with easy numbers, all different. The seed decides
 * them: the seventh is the same however many there are.
 */
export function variants(network, seed, count) {
  const next = mulberry32(seed);
  const seen = new Set();
  return Array.from({ length: count }, () => {
    let [made, key] = [];
    for (let tries = 0; tries < 100; tries += 1) {
      made = easy(Math.floor(next() * 2 ** 32), network);
      key = JSON.stringify(made);
      if (!seen.has(key) && varied(made)) break;
    }
    seen.add(key);
    return made;
  });
}

/** The numbers that are given, as { name, rows }. */
export const given = (network) => names(network).map((name) => ({ name, rows: array(network, name) }));
