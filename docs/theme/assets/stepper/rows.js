// A number and what it was computed from, written as a row: each factor with its name above it.

import { colour, element, marked, said, shown, written } from "./page.js";

const span = (className, ...children) => element("span", { className }, ...children);
const op = (textContent) => element("span", { className: "bp-op", textContent });
const bracketed = (value) => (value < 0 ? `(${shown(value)})` : shown(value));
const multiplied = (term) => term.reduce((all, factor) => (typeof factor === "string" ? all : all * factor.value), 1);
const row = (...parts) => element("div", { className: "bp-row" }, ...parts);

// A line may break before a sign, never behind it: each sign stays with what follows.
const led = (sign, part) => span("bp-led", op(sign), part);
const joined = (sign, parts) => parts.map((part, i) => (i ? led(sign, part) : part));

function token(numbers, number, text) {
  const label = numbers.label(number);
  const fixed = number.slope || !(number.name in numbers.values);
  const node = element(fixed ? "span" : "button", { className: "bp-token" }, span("bp-name", written(label)), span("", text));
  if (fixed) node.classList.add(colour(number.slope ? "z" : number.name === "leak" ? "lr" : number.name));
  else marked(Object.assign(node, { type: "button" }), number, label);
  return node;
}

const SIGN = /[·−+] $/;

// Numbers and signs as they stand, each number with what leads to it and what closes behind it;
// behind a sign, and as a term of a sum, a negative number gets brackets.
function spelled(numbers, term, inSum) {
  const parts = [];
  let lead = "";
  term.forEach((part, i) => {
    const next = term[i + 1];
    if (part.name) {
      const its = inSum || SIGN.test(lead) || next === " · " ? bracketed(part.value) : shown(part.value);
      parts.push(span("bp-led", op(lead), token(numbers, part, its)));
    } else if (!parts.length) lead = part;
    else {
      const [, closes, leads] = next?.name ? part.match(/(\)?)(.*)/) : ["", part, ""];
      parts.at(-1).append(op(closes));
      lead = leads;
    }
  });
  return span(parts.length < 4 ? "bp-term" : "", ...parts); // a long term may break
}

function result(numbers, number) {
  const label = numbers.label(number);
  const node = element("button", { type: "button", className: "bp-token bp-final", textContent: shown(number.value) });
  node.disabled = /^new |^p$/.test(number.name);
  return marked(node, number, label);
}

/** A number = its terms = what each comes to = their sum. */
export function equation(numbers, number) {
  const terms = numbers.terms(number);
  const several = terms.length > 1 && terms.some((term) => term.includes(" · "));
  const [first, ...others] = joined(" + ", terms.map((term) => op(bracketed(multiplied(term)))));
  const parts = several ? [led(" = ", first), ...others] : [];
  const sign = number.name.startsWith("new ") ? " ← " : " = ";
  return row(op(written(numbers.label(number))), op(sign), ...joined(" + ", terms.map((term) => spelled(numbers, term, terms.length > 1 && term.length === 1))), ...parts,
    led(" = ", result(numbers, number)));
}

/** Where a number comes from, all the way: its paths to the loss, each a product of factors. */
export function chain(numbers, number, words) {
  const heading = (text = "") => element("p", { className: "bp-title", tabIndex: -1, textContent: said(numbers.label(number), number) + text });
  const terms = numbers.terms(number);
  if (!terms) return [heading(`. ${words.given}`)];
  if (!number.name.startsWith("d") || number.name === "dy") return [heading(), equation(numbers, number)];
  const paths = numbers.paths(number).map(({ factors }) => ({ factors, value: multiplied(factors) }));
  const kept = paths.length <= 4 ? paths : [...paths].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 3);
  const rows = kept.map(({ factors, value }) =>
    row(...joined(" · ", factors.map((factor) => token(numbers, factor, bracketed(factor.value)))), led(" = ", op(shown(value)))));
  const rest = paths.length - kept.length;
  if (rest) rows.push(row(`${words.more.replace("{n}", rest)} ${shown(number.value - kept.reduce((sum, { value }) => sum + value, 0))}`));
  if (paths.length > 1) rows.push(row(`${words.sum}: ${shown(number.value)}`));
  return [heading(`. ${(paths.length > 1 ? words.paths : words.path).replace("{n}", paths.length)}`), ...rows];
}
