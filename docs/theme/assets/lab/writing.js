// Writes trees (tree.js) as LaTeX and as MathML: one walk through the tree, and for each language
// the words it is made of. A text comes in tokens, between which a line may break.

import { shown } from "../stepper/page.js";

const ROLES = { W: "weight", b: "bias", z: "preactivation", a: "activation", p: "activation", t: "target", delta: "error", E: "loss", C: "loss" };
const FUNCTIONS = { sigmoid: "σ", tanh: "tanh", relu: "relu", leaky_relu: "leaky" };
const LEVELS = { plus: 1, minus: 1, elementwise: 2, times: 3, product: 3, total: 3 };
const level = (tree) => (tree.is === "number" && tree.value < 0 ? 1 : LEVELS[tree.is] ?? 4);

/** The letter of a symbol, with what stands above and below it, as a convention writes it. */
export function spelled({ kind, layer, index, rows, each, is }, convention) {
  const nielsen = convention === "nielsen";
  const sample = each ? "x" : "";
  const down = index.join("");
  if (nielsen && kind === "t") return { letter: "y", up: "", down, role: ROLES.t };
  if (nielsen && /[EC]/.test(kind)) return { letter: "C", up: "", down: sample, role: ROLES.C };
  if (nielsen && layer !== null) {
    return { letter: kind === "W" ? "w" : kind, up: [sample && !/[Wb]/.test(kind) ? sample : "", layer + 1].filter(Boolean).join(","), down, role: ROLES[kind] };
  }
  const letter = kind === "a" && layer === 0 ? "x" : kind;
  const bare = layer === null || letter === "x";
  return { letter: rows && letter !== "delta" ? letter.toUpperCase() : letter, up: bare ? "" : `[${layer}]`, down, role: ROLES[kind] };
}

/** A tree in tokens of a language. */
function tokens(tree, words) {
  const parts = tree.parts ?? [];
  const go = (part, least = 0) => (level(part) < least ? words.bracketed : (its) => its)(tokens(part, words));
  const one = (part, least) => go(part, least).join("");
  const led = (sign, [first, ...others]) => [sign + first, ...others];
  switch (tree.is) {
    case "number": return [words.number(tree)];
    case "symbol": return [words.symbol(tree)];
    case "matrix": return [words.matrix(tree)];
    case "plus": return parts.flatMap((part, i) => (i ? led(words.plus, go(part, 2)) : go(part)));
    case "minus": return [one(parts[0]) + words.minus + one(parts[1], 2)];
    case "elementwise": return [...go(parts[0], 4), ...led(words.elementwise, go(parts[1], 4))];
    case "times":
    case "product":
      return parts.flatMap((part, i) => {
        const its = go(part, part.is === "total" ? 3 : 4);
        if (!i) return its;
        return led([part, parts[i - 1]].some(({ is }) => is === "number") ? words.dot : words.nothing, its);
      });
    case "fraction": return [words.fraction(...parts.map((part) => one(part)))];
    case "partial": return [words.partial(...parts.map((part) => one(part)))];
    case "slope": return [words.slope(tree.activation, one(parts[0]))];
    case "power": return [words.power(one(parts[0]))];
    case "transposed": return [words.transposed(one(parts[0]))];
    default: return led(words.total(tree.letter), go(parts[0], 3)); // total
  }
}

const tenth = (value) => shown(value).replaceAll("−", "-");
const LETTERS = { delta: "\\delta" };
const BREAK = " \\\\\n&\\quad {} + ";
const latexWords = (convention, digits) => ({
  bracketed(its) {
    const text = its.join("");
    const large = /pmatrix|frac/.test(text) && (text.includes(BREAK) ? ["\\Bigl(", "\\Bigr)"] : ["\\left(", "\\right)"]);
    return [(large ? large[0] : "(") + text + (large ? large[1] : ")")];
  },
  plus: " + ", minus: " - ", dot: " \\cdot ", nothing: " ", elementwise: " \\odot ",
  number: ({ value }) => digits(value).replace(/e\+?(-?\d+)/, " \\cdot 10^{$1}"),
  symbol: (its) => {
    const { letter, up, down } = spelled(its, convention);
    return (LETTERS[letter] ?? letter) + (up && `^{${up}}`) + (down && `_{${down}}`);
  },
  matrix({ rows }) {
    return `\\begin{pmatrix} ${rows.map((row) => row.map((value) => this.number({ value })).join(" & ")).join(" \\\\ ")} \\end{pmatrix}`;
  },
  fraction: (a, b) => `\\frac{${a}}{${b}}`,
  partial: (of, by) => `\\frac{\\partial ${of}}{\\partial ${by}}`,
  slope(kind, z) {
    const name = { sigmoid: "\\sigma", tanh: "\\tanh" }[kind] ?? `\\operatorname{${FUNCTIONS[kind]}}`;
    return `${name}'(${z})`;
  },
  power: (exponent) => `e^{${exponent}}`,
  transposed: (A) => (/\^/.test(A) ? `(${A})` : A) + "^{\\mathsf T}",
  total: (letter) => `\\sum_{${letter}} `,
});

const isRounded = (tree) =>
  (tree.is === "number" ? [tree.value] : tree.is === "matrix" ? tree.rows.flat() : []).some((value) => Number(tenth(value)) !== value)
  || (tree.parts ?? []).some(isRounded);

/** Whether what stands before side i of a chain is "about", because it or that side is rounded. */
export const isAbout = ({ sides }, i) => isRounded(sides[i]) || (i > 0 && isRounded(sides[i - 1]));

/** A block, { sample, chains }, as an aligned display; digits writes a number. */
export function latex({ chains }, convention, digits = tenth) {
  const words = latexWords(convention, digits);
  const write = (tree) => {
    const text = tokens(tree, words).join("");
    return text.length > 100 ? tokens(tree, { ...words, plus: BREAK }).join("") : text;
  };
  const rows = chains.map((chain) =>
    write(chain.left) + chain.sides.map((side, i) => ` &${isAbout(chain, i) ? "\\approx" : "="} ${write(side)}`).join(" \\\\\n"));
  return `\\begin{aligned}\n${rows.join(" \\\\\n")}\n\\end{aligned}`;
}

// MathML: letters in the colours of the course by their class.
const op = (sign) => `<mo>${sign}</mo>`;
const row = (inside) => `<mrow>${inside}</mrow>`;
const OPEN = '<mo stretchy="false">(</mo>';
const CLOSE = '<mo stretchy="false">)</mo>';
const mathWords = (convention) => ({
  bracketed([first, ...others]) {
    const its = [OPEN + first, ...others];
    return [...its.slice(0, -1), its.at(-1) + CLOSE];
  },
  plus: op("+"), minus: op("−"), dot: op("·"), nothing: "", elementwise: op("⊙"),
  number: ({ value, kind }, more = "") => {
    const [digits, ten] = shown(value).split("e");
    const role = kind ? `bp-${ROLES[kind]}` : "";
    const its = `<mn class="${role}${more}">${digits}</mn>`;
    return ten ? row(`${its}${op("·")}<msup><mn>10</mn><mn>${ten.replace("+", "")}</mn></msup>`) : its;
  },
  symbol: (its) => {
    const { letter, up, down, role } = spelled(its, convention);
    const [mi, sup, sub] = [`<mi class="bp-${role}">${letter === "delta" ? "δ" : letter}</mi>`, `<mtext>${up}</mtext>`, `<mn>${down}</mn>`];
    if (up && down) return `<msubsup>${mi}${sub}${sup}</msubsup>`;
    return up ? `<msup>${mi}${sup}</msup>` : down ? `<msub>${mi}${sub}</msub>` : mi;
  },
  matrix({ rows, kind, mark }) {
    const cell = (value, i, j) => `<mtd>${this.number({ value, kind }, mark && mark[0] === i && mark[1] === j ? " bp-asked" : "")}</mtd>`;
    const lines = rows.map((values, i) => `<mtr>${values.map((value, j) => cell(value, i, j)).join("")}</mtr>`);
    return `<mtable class="bp-matrix">${lines.join("")}</mtable>`;
  },
  fraction: (a, b) => `<mfrac>${row(a)}${row(b)}</mfrac>`,
  partial(of, by) {
    const [above, below] = [of, by].map((each) => row(`<mi>∂</mi>${each}`));
    return `<mfrac>${above}${below}</mfrac>`;
  },
  slope: (kind, z) => row(`<mi>${FUNCTIONS[kind]}′</mi>${OPEN}${z}${CLOSE}`),
  power: (exponent) => `<msup><mi>e</mi>${row(exponent)}</msup>`,
  transposed(A) {
    const base = /<msu/.test(A) ? row(OPEN + A + CLOSE) : A;
    return `<msup>${base}<mi mathvariant="normal">T</mi></msup>`;
  },
  total: (letter) => `<munder><mo movablelimits="false">∑</mo><mi>${letter}</mi></munder>`,
});

/** A tree as pieces of MathML between which a line may break, a sign before the first. */
export function pieces(tree, convention, sign = "") {
  const [first, ...others] = tokens(tree, mathWords(convention));
  return [(sign && op(sign)) + first, ...others].map((inside) => `<math displaystyle="true">${inside}</math>`);
}

/** A place in letters alone, for lists: W1_12; in columns W1_21, as Nielsen counts w2_21. */
export function plainly({ kind, layer, index }, convention) {
  const units = index.map((unit) => unit + 1);
  const turned = kind === "W" && convention !== "rows" ? units.reverse() : units;
  const { letter, up, down } = spelled({ kind, layer, index: turned }, convention);
  return `${letter}${up.replace(/[[\]]/g, "")}_${down}`;
}
