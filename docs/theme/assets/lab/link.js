// A network as a part of an address, and back. Only letters, digits, "-", "_" and "." occur, so that
// it survives being mailed, and its end says that nothing was cut off:
//
//   n2s2s2q1_LR_x…_W…_b…_t…_z      2 inputs, two sigmoid layers of 2 units, squared error, 1 sample
//   n2T3O2c4k_LR_LEAK_…_OPTIONS_z  a capital letter: no biases; o: logits; c: cross-entropy; k: leak is given

import { CROSS, LIMITS, array, names, problems } from "./network.js";

const KINDS = { s: "sigmoid", t: "tanh", r: "relu", l: "leaky_relu", i: "identity", o: null };
const HEAD = /^n(\d)((?:[strlio]\d)+)([qc])(\d)(k?)$/i;
const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/;

// As few characters as say exactly this number.
const short = (value) => (Object.is(value, -0) ? "-0" : String(value)).replace("e+", "e").replace(/^(-?)0\./, "$1.");

const inBase64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
  .replaceAll("+", "-").replaceAll("/", ".").replace(/=+$/, "");
const fromBase64 = (text) => new TextDecoder().decode(
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll(".", "/")), (one) => one.charCodeAt(0)));

/** The network as text. Of the options, drafts (what is half typed) stay with the reader. */
export function toText(network, { drafts, ...options } = {}) {
  const { x, layers, loss, lr, leak } = network;
  const shape = layers.map(({ W, b, activation }) => {
    const letter = Object.keys(KINDS).find((each) => KINDS[each] === activation);
    return (b ? letter : letter.toUpperCase()) + W[0].length;
  });
  const head = `n${x[0].length}${shape.join("")}${loss === CROSS ? "c" : "q"}${x.length}${leak === undefined ? "" : "k"}`;
  const numbers = [lr, ...(leak === undefined ? [] : [leak]), ...names(network).flatMap((name) => array(network, name).flat())];
  const chosen = Object.keys(options).length ? [inBase64(JSON.stringify(options))] : [];
  return [head, ...numbers.map(short), ...chosen, "z"].join("_");
}

/** { network, options } of such a text, or { problems } of one that is damaged; whatever it is. */
export function fromText(text) {
  const [head, ...parts] = String(text).replace(/[^\w.-]/g, "").replace(/\.+$/, "").split("_");
  let problem;
  const wrong = (why, shown = "") => (problem ??= { where: "", why, values: { shown: shown.slice(0, 20), most: LIMITS[why] } });
  const number = () => {
    const part = parts.shift();
    if (!part || part === "z") wrong("cut");
    else if (!NUMBER.test(part)) wrong("unreadable", part);
    return Number(part);
  };
  const rows = (n, m) => Array.from({ length: n }, () => Array.from({ length: m }, number));

  const [, inputs, shape, loss, samples, leaky] = head.match(HEAD) ?? [];
  if (!shape) wrong("link", head);
  const units = [inputs, ...(shape?.match(/\d/g) ?? [])].map(Number);
  if (units.length - 1 > LIMITS.layers) wrong("layers");
  if (units.some((n) => n < 1 || n > LIMITS.units)) wrong("units");
  if (samples < 1 || samples > LIMITS.samples) wrong("samples");
  if (problem) return { problems: [problem] };

  const network = { lr: number() };
  if (leaky) network.leak = number();
  network.x = rows(samples, units[0]);
  network.layers = shape.match(/\D/g).map((letter, i) => ({
    W: rows(units[i], units[i + 1]),
    b: letter === letter.toLowerCase() ? rows(1, units[i + 1])[0] : null,
    activation: KINDS[letter.toLowerCase()],
  }));
  const labels = loss.toLowerCase() === "c";
  network.loss = labels ? CROSS : "squared_error";
  network.t = labels ? rows(1, samples)[0] : rows(samples, units.at(-1));
  if (parts.at(-1) !== "z") wrong("cut");
  const found = problem ? [problem] : problems(network);
  return found.length ? { problems: found } : { network, options: optionsOf(parts[0]) };
}

// Options are a convenience: damaged ones are left out.
function optionsOf(text) {
  try {
    const options = JSON.parse(fromBase64(text));
    return options?.constructor === Object ? options : {};
  } catch {
    return {};
  }
}
