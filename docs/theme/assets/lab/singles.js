// Numbers that were written one by one: x1 = …, x2 = …; w1 = …, w2 = … through all weights of the
// network; b1 = … for all units of a layer, or one for each unit.

import { LIMITS, sizes } from "./network.js";

const total = (numbers) => numbers.reduce((sum, one) => sum + one, 0);

/** A list of the numbers in front of which these names are, flat. */
const list = (name, parts) => ({ name, words: parts.map(({ word }) => word), depth: 1, value: [parts.map(({ value }) => value[0][0])] });

/**
 * What single numbers are in a network, beside all other arrays: { arrays }, or { problems }. The weights
 * of a layer stay a flat list: how they are stored decides how it is cut into rows.
 */
export function joined(arrays, old) {
  const wrong = (where, why, values) => ({ problems: [{ where, why, values }] });
  const named = (letter) => arrays.filter(({ name }) => name[0] === letter && name[1] > 0)
    .sort((one, other) => one.name.slice(1) - other.name.slice(1));
  const single = (its) => its.length > 0 && its.every(({ depth }) => depth === 0);
  const gap = (its) => its.find(({ name }, i) => Number(name.slice(1)) !== i + 1);
  let found = arrays;
  const replace = (its, ...made) => (found = [...found.filter((one) => !its.includes(one)), ...made]);

  for (const letter of ["x", "t"]) {
    const its = named(letter);
    if (!its.length) continue;
    if (gap(its) || found.some(({ name }) => name === letter)) return wrong(letter, "counted", { names: its.map(({ word }) => word).join(", ") });
    replace(its, { ...list(letter, its), depth: 2 });
  }

  const now = sizes(old);
  const units = now.slice(1);
  const cuts = units.map((m, i) => now[i] * m);
  const [weights, biases] = [named("W"), named("b")];
  // A chain of single units has as many weights as layers: each is an array of its own then. It is no
  // chain where inputs or targets were counted.
  const wide = found.some(({ name, words }) => /^[xt]$/.test(name) && words?.length > 1);
  const through = single(weights) && (wide || weights.length > LIMITS.layers || (weights.length === total(cuts) && weights.length > units.length));
  if (!through) return { arrays: found };
  if (gap(weights) || weights.length !== total(cuts)) return wrong("w", "singles", { its: weights.length, right: total(cuts), sizes: now.join("-") });
  replace(weights, ...cuts.map((n, i) => {
    const from = total(cuts.slice(0, i));
    return { ...list(`W${i + 1}`, weights.slice(from, from + n)), flat: [now[i], units[i]] };
  }));
  if (!single(biases)) return { arrays: found };
  if (gap(biases) || ![units.length, total(units)].includes(biases.length)) {
    return wrong("b", "singleBiases", { its: biases.length, layers: units.length, units: total(units) });
  }
  const shared = biases.length === units.length;
  replace(biases, ...units.map((m, i) => {
    const from = total(units.slice(0, i));
    return list(`b${i + 1}`, shared ? Array(m).fill(biases[i]) : biases.slice(from, from + m));
  }));
  return { arrays: found };
}
