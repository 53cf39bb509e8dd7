// The derivative of the loss by a place, derived in three ways: path by path, by the errors δ, and
// for the whole layer with matrices. Each way is a list of blocks { sample, chains }, a chain
// { left, sides } of trees (tree.js): what it is, in symbols, and in numbers.

import { count, gradient, MANY, places, route, slopeAt, valuesOf } from "./paths.js";
import {
  elementwise, flipped, fraction, inColumns, matrix, minus, number, partial, plus, power, product, slope, symbol, times, total, transposed,
} from "./tree.js";

// A pair is a tree in symbols, and that in numbers for a sample, or for several as an array.
const pair = (symbols, numbers) => ({ symbols, numbers });
const both = (join) => (...pairs) =>
  pair(join(...pairs.map(({ symbols }) => symbols)), (s) => join(...pairs.map(({ numbers }) => numbers(s))));
const [Times, Plus, Minus, Product, Elementwise] = [times, plus, minus, product, elementwise].map(both);
const turned = ({ symbols, numbers }) => pair(transposed(symbols), (s) => {
  const its = numbers(s);
  return { ...its, rows: flipped(its.rows) };
});
const range = (size) => Array.from({ length: size }, (_, k) => k);

/** convention: "rows", "columns", or "nielsen". */
export function derivation(network, place, convention) {
  const values = valuesOf(network);
  const { L, n, sizes, soft, A, Z, found } = values;
  const { kind, layer: l, index, sample } = place;
  const [from, unit] = [index[0], index.at(-1)];
  const samples = range(n);
  const mine = sample === undefined ? samples : [sample]; // the samples that play a part
  const gathers = sample === undefined && n > 1;
  // Nielsen's errors belong to one sample of a batch, so he divides at the end; the course's hold 1/n.
  const own = convention === "nielsen" && n > 1;
  const each = own ? { each: true } : {};
  const share = n > 1 ? [fraction(number(1), number(n))] : [];
  const early = own ? [] : share.map((its) => pair(its, () => its)); // where the course divides
  const late = own ? share : []; // where Nielsen does
  const [E, C] = [symbol("E", null, [], each), symbol(n > 1 ? "C" : "E", null)];
  const kindOf = (m) => network.layers[m - 1].activation;
  const smooth = (m) => (kindOf(m) ?? "identity") !== "identity"; // its slope is not 1
  const end = kindOf(L) ? "a" : "z"; // what the loss is a function of

  // A symbol of a unit j, a number or a letter; of the whole array, if there is none.
  const named = (letter, m, j) =>
    symbol(letter, m, j === undefined ? [] : [j >= 0 ? j + 1 : j], { ...each, ...(j === undefined && n > 1 && !own && { rows: true }) });
  const quantity = (letter, m, j, rows, colour = letter) => pair(named(letter, m, j), (s) =>
    (j === undefined ? matrix(s.map((each) => rows[each]), colour) : number(rows[s][j], colour)));
  const activation = (m, j) => quantity("a", m, j, A[m]);
  const error = (m, j) => quantity("delta", m, j, values.delta(m).map((row) => row.map((value) => (own ? n * value : value))));
  const weights = (m, i, j) => pair(symbol("W", m, [i, j].map((k) => (k >= 0 ? k + 1 : k))), () => number(network.layers[m - 1].W[i][j], "W"));
  const steep = (m, j) => {
    const slopes = quantity("z", m, j, Z[m].map((row) => row.map((z) => slopeAt(network, m, z))));
    return pair(slope(kindOf(m), slopes.symbols), slopes.numbers);
  };
  const miss = (j) => Minus(quantity(soft ? "p" : end, soft ? null : L, j, values.out, "a"), quantity("t", null, j, values.t));
  const one = pair(number(1), () => number(1));

  const chosen = kind === "W" ? weights(l, from, unit).symbols : kind === "b" ? symbol("b", l, [unit + 1]) : named(kind, l, unit);
  const value = gradient(values, place);
  const result = number(value);
  const gathered = (tree) => (gathers ? total("x", tree) : tree);

  // A path's factors from the loss to the place, each a derivative and what that is.
  function factors(units) {
    const list = [];
    const at = (m) => units[m - l];
    const put = (of, by, its) => list.push({ rule: partial(of, by), its });
    const through = (m) => put(named("a", m, at(m)), named("z", m, at(m)), smooth(m) ? steep(m, at(m)) : one);
    put(E, named(end, L, at(L)), miss(at(L)));
    for (let m = L; m > l; m -= 1) {
      if (m < L || end === "a") through(m);
      put(named("z", m, at(m)), named("a", m - 1, at(m - 1)), weights(m, at(m - 1), at(m)));
    }
    if (kind !== "a" && (l < L || end === "a")) through(l);
    if (kind === "W") put(named("z", l, unit), chosen, activation(l - 1, from));
    if (kind === "b") put(named("z", l, unit), chosen, one);
    return list;
  }
  const rule = (list) => times(...list.map((each) => each.rule));
  const multiplied = (list) => Times(...list.map(({ its }) => its));
  const amount = ({ is, value: its, parts }) => (is === "minus" ? parts[0].value - parts[1].value : its);

  const perSample = count(values, place);
  const lists = range(Math.min(perSample, MANY)).map((p) => {
    const units = route(values, place, p);
    return { units, list: factors(units) };
  });
  const direct = lists[0].list.length === 1 && n === 1; // the derivative is asked for itself
  const paths = mine.flatMap((s) => lists.map(({ units, list }) => ({
    sample: s,
    units,
    places: places(place, units),
    sides: [...(direct ? [] : [rule(list)]), multiplied(list).symbols, multiplied(list).numbers(s)].map((tree) => times(...share, tree)),
    value: list.reduce((so, { its }) => so * amount(its.numbers(s)), 1) / n,
  }))).slice(0, MANY);

  function byPaths() {
    const over = (tree) => times(...share, gathered(tree));
    if (perSample > MANY) {
      const letters = ["h", "i", "j", "k"].slice(0, L - l); // a sum over the units of each layer
      return [over(letters.reduceRight((inner, letter) => total(letter, inner), rule(factors([unit, ...letters])))), result];
    }
    const all = Plus(...lists.map(({ list }) => multiplied(list)));
    const sides = [...(direct ? [] : [over(plus(...lists.map(({ list }) => rule(list))))]), over(all.symbols)];
    if (perSample * mine.length > MANY) return [...sides, result];
    sides.push(times(...share, plus(...mine.flatMap((s) => lists.map(({ list }) => multiplied(list).numbers(s))))));
    return [...sides, ...(paths.length > 1 ? [plus(...paths.map((path) => number(path.value)))] : []), result];
  }

  // Errors of the last layer, then back, as far as the place needs them: unit by unit, or, without a
  // unit j, with matrices: a whole batch at once, or, as Nielsen writes, a sample at a time.
  function way(j) {
    const whole = j === undefined;
    const back = (m, i) => (whole
      ? Product(error(m + 1), turned(pair(symbol("W", m + 1), () => matrix(network.layers[m].W, "W"))))
      : Plus(...range(sizes[m + 1]).map((k) => Times(weights(m + 1, i, k), error(m + 1, k)))));
    const before = (m, i) => (m === L ? Times(...early, miss(i)) : back(m, i));
    const join = whole ? Elementwise : Times;
    const groups = whole && !own ? [samples] : mine.map((s) => (whole ? [s] : s));
    const single = n > 1 && (!whole || own);
    const blocks = groups.map((_, g) => ({ sample: single ? mine[g] : null, chains: [] }));
    const lowest = kind === "a" ? l + 1 : l;
    for (let m = L; m >= lowest; m -= 1) {
      for (const i of whole ? [j] : m === l ? [j] : range(sizes[m])) {
        const its = smooth(m) ? join(before(m, i), steep(m, i)) : before(m, i);
        blocks.forEach(({ chains }, g) => chains.push({
          left: named("delta", m, i),
          sides: [its.symbols, its.numbers(groups[g]), error(m, i).numbers(groups[g])],
        }));
      }
    }

    const into = activation(l - 1, whole ? j : from);
    const its = kind === "W" ? (whole ? Product(turned(into), error(l)) : Times(into, error(l, j))) : kind === "a" ? before(l, j) : error(l, j);
    const sums = gathers && (single || kind === "b");
    const over = sums ? mine.map((s) => (whole ? [s] : s)) : groups.slice(0, 1);
    const sides = [times(...late, sums ? total("x", its.symbols) : its.symbols), times(...late, plus(...over.map(its.numbers)))];
    if (/number|matrix/.test(sides[1].is)) sides.pop(); // the answer already
    const array = found[`d${kind}${l}`] ?? (kind === "z" ? values.delta(l) : found[l === L ? "dy" : "dx"] ?? values.delta(l));
    const rows = kind === "b" ? [array] : own && sample !== undefined ? [array[sample]] : array;
    const row = kind === "W" ? from : rows.length > 1 ? sample : 0;
    const last = {
      left: partial(C, whole ? (/[Wb]/.test(kind) ? symbol(kind, l) : named(kind, l)) : chosen),
      sides: [...sides, whole ? matrix(rows, null, [row, unit]) : result],
    };
    return [...(lowest > L ? [] : blocks), { sample: sample !== undefined && single ? sample : null, chains: [last] }];
  }

  const softly = soft && {
    left: symbol("p", null, ["k"], each),
    sides: [fraction(power(symbol(end, L, ["k"], each)), total("m", power(symbol(end, L, ["m"], each))))],
  };
  const head = softly ? [{ sample: null, chains: [softly] }] : [];
  const read = convention === "rows" ? (tree) => tree : inColumns;
  const written = (blocks) => blocks.map((block) => ({
    ...block,
    chains: block.chains.map(({ left, sides }) => ({ left: read(left), sides: sides.map(read) })),
  }));
  const derivative = partial(C, chosen);
  return {
    value,
    perSample,
    count: perSample * mine.length,
    sizes: sizes.slice(l + 1),
    answer: { left: read(derivative), sides: [result] },
    paths: paths.map((path) => ({ ...path, sides: path.sides.map(read) })),
    lit: range(perSample).flatMap((p) => [...places(place, route(values, place, p))]), // by all paths
    rest: value - paths.reduce((sum, path) => sum + path.value, 0),
    byPaths: written([...head, { sample: gathers || n === 1 ? null : sample, chains: [{ left: derivative, sides: byPaths() }] }]),
    byErrors: written([...head, ...way(unit)]),
    byMatrices: written(way()),
  };
}
