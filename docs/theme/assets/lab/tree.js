// Formulas as trees of a few kinds of nodes: plain data, in the course's notation, samples in rows.
// A node is { is, parts }; a number also has its value, a symbol its kind, layer and index, a matrix
// its rows. Nothing is computed here, nor written.
//
// Kinds of symbols: W b z a t p delta, and the losses E (of a sample) and C (of a batch); a of layer
// 0 is an input. An index counts from 1 and holds numbers or letters, in W from, to. `rows` says that
// an array holds a whole batch, `each` that it belongs to one sample of several.

const node = (is, ...parts) => ({ is, parts });
const several = (is) => (...parts) => (parts.length > 1 ? node(is, ...parts) : parts[0]);

export const number = (value, kind) => ({ is: "number", value, kind });
export const symbol = (kind, layer, index = [], more = {}) => ({ is: "symbol", kind, layer, index, ...more });
/** Rows of numbers; mark is the place of the one that is asked for. */
export const matrix = (rows, kind, mark) => ({ is: "matrix", rows, kind, mark });

export const plus = several("plus");
/** A product of numbers, or of a number and an array; of one inside of it the factors. */
export const times = (...parts) => several("times")(...parts.flatMap((part) => (part.is === "times" ? part.parts : part)));
export const minus = (a, b) => node("minus", a, b);
export const product = (A, B) => node("product", A, B); // of matrices
export const elementwise = (A, B) => node("elementwise", A, B);
export const transposed = (A) => node("transposed", A);
export const fraction = (a, b) => node("fraction", a, b);
export const partial = (of, by) => node("partial", of, by);
export const power = (exponent) => node("power", exponent); // of e
export const slope = (activation, z) => ({ ...node("slope", z), activation });
export const total = (letter, body) => ({ ...node("total", body), letter }); // over samples, if the letter is x

export const flipped = (rows) => rows[0].map((_, j) => rows.map((row) => row[j]));

/** The same in columns: both sides transposed, and each transposed array read as the array there. */
export function inColumns(tree) {
  if (tree.is === "symbol") return { ...tree, index: tree.kind === "W" ? [...tree.index].reverse() : tree.index };
  if (tree.is === "matrix") return { ...tree, rows: flipped(tree.rows), mark: tree.mark && [...tree.mark].reverse() };
  const parts = tree.parts?.map(inColumns);
  return parts ? { ...tree, parts: tree.is === "product" ? parts.reverse() : parts } : tree;
}
