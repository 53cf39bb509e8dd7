// A number and what it was computed from, written as a row: each factor with its name above it.

import { colour, element, marked, shown } from "./page.js";

const op = (text) => element("span", { className: "bp-op", textContent: text });
const bracketed = (value) => (value < 0 ? `(${shown(value)})` : shown(value));
const product = (factors) => factors.reduce((all, factor) => all * (factor.value ?? 1), 1);
const between = (text, parts) => parts.flatMap((part, i) => (i ? [op(text), part] : [part]));
const row = (...parts) => element("div", { className: "bp-row" }, ...parts);

function token(numbers, number, alone) {
  if (typeof number === "string") return op(number);
  const label = numbers.label(number);
  const fixed = number.slope || !(number.name in numbers.values);
  const node = element(fixed ? "span" : "button", { className: "bp-token" },
    element("span", { className: "bp-name", textContent: label }),
    element("span", { textContent: alone ? shown(number.value) : bracketed(number.value) }));
  if (fixed) node.classList.add(colour(number.slope ? "z" : number.name));
  else marked(Object.assign(node, { type: "button" }), number, label);
  return node;
}

function result(numbers, number) {
  const node = element("button", { type: "button", className: "bp-token bp-final", textContent: shown(number.value) });
  if (number.name.startsWith("new ")) node.disabled = true;
  return marked(node, number, numbers.label(number));
}

/** A number = its terms = what each comes to = their sum. */
export function equation(numbers, number) {
  const terms = numbers.terms(number);
  const written = terms.map((term) => element("span", { className: "bp-term" }, ...term.map((part) => token(numbers, part, term.length === 1 && terms.length === 1))));
  const several = terms.length > 1 && terms.some((term) => term.includes(" · "));
  const parts = several ? [op(" = "), ...between(" + ", terms.map((term) => op(bracketed(product(term)))))] : [];
  return row(op(`${numbers.label(number)} = `), ...between(" + ", written), ...parts, op(" = "), result(numbers, number));
}

/** Where a number comes from, all the way: its paths to the loss, each a product of factors. */
export function chain(numbers, number, words) {
  const heading = (text = "") => element("p", { className: "bp-title", textContent: `${numbers.label(number)} = ${shown(number.value)}${text}` });
  const terms = numbers.terms(number);
  if (!terms) return [heading(`. ${words.given}`)];
  if (!number.name.startsWith("d")) return [heading(), equation(numbers, number)];
  const paths = numbers.paths(number).map(({ factors }) => ({ factors, value: product(factors) }));
  const kept = paths.length <= 4 ? paths : [...paths].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 3);
  const rows = kept.map(({ factors, value }) =>
    row(...between(" · ", factors.map((factor) => token(numbers, factor))), op(` = ${shown(value)}`)));
  const rest = paths.length - kept.length;
  if (rest) rows.push(row(`${words.more.replace("{n}", rest)} ${shown(number.value - kept.reduce((sum, { value }) => sum + value, 0))}`));
  if (paths.length > 1) rows.push(row(`${words.sum}: ${shown(number.value)}`));
  return [heading(`. ${(paths.length > 1 ? words.paths : words.path).replace("{n}", paths.length)}`), ...rows];
}
