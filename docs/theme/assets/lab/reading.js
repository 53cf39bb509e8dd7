// Reads numbers as people have them: arrays as NumPy and PyTorch print them, Python lists, CSV, cells
// of a sheet, matrices of LaTeX; and says where and why something cannot be read. Whatever is given, it
// never throws.
//
// A problem is { line, column, why, shown, values }: why a key of the words why_KEY.

const LONG = 20000; // characters; nothing that fits in a network of the lab is longer
const DIGITS = String.raw`(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const NUMBER = RegExp(String.raw`^[-+]?${DIGITS}(?:/${DIGITS})?`, "i");
const NOT_FINITE = /^[-+]?(?:(?:np\.)?(?:nan|inf(?:inity)?)|∞)(?![\w.])/i;
// What printed arrays have around and behind their numbers.
const WRAPPER = /^(?:[a-z]+\.)*(?:(?:as)?array|matrix|\w*tensor|parameter|float\d*|int\d*|list)\s*\(/i;
const KEY = "dtype|requires_grad|device|grad_fn|copy|ndmin";
const NOISE = RegExp(String.raw`^(?:\s+|Parameter containing:|,?\s*(?:${KEY})\s*=\s*[^,()[\]]*(?=[,)]))`);
const CLOSES = { "[": "]", "(": ")", "{": "}" };

// Signs and spaces of print, each as one plain character, so that every place stays where it is.
const plain = (text) => unset(String(text)).replace(/\r\n?/g, "\n").replace(/[\u2212\u2012\u2013]/g, "-").replace(/[\xa0\u2000-\u200d\u202f\u2060\u3000\ufeff]/g, " ")
  .replace(/[₀-₉]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x2050)).replace(/[∂∇Δδ]/g, "d")
  .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));

// A matrix of LaTeX in brackets, with commas and semicolons; each sign keeps its place here, too.
const SET = /(\\(?:partial|nabla|delta) ?)|\\(begin|end) ?\{(\w*matrix|array)\*?\}(?:\{[lcr| ]*\})?|\\(?:begin|end) ?\{\w+\*?\}|\\(?:left|right) ?[.([|)\]]|\\(?:math|bold|text|vec|bm)\w* ?\{(\w)\}|\\\\(?:\[[^\]]*\])?|&|\$|\\(?:[a-z]+|[,;! ()[\]])/gi;
const unset = (text) => (!/[$\\]/.test(text) ? text : text.replace(SET, (sign, change, ends, matrix, letter) => {
  if (change) return "d".padStart(sign.length);
  if (matrix) return ends === "begin" ? "[".padEnd(sign.length) : "]".padStart(sign.length);
  return (letter ?? { "&": ",", "\\\\": ";", "\\eta": "η" }[sign.replace(/\[.*/, "")] ?? "").padStart(sign.length);
}).replace(/,(?=\s*=)/g, " "));

/** A problem at a place of a text, with its line and column, both counted from 1. */
function problem(text, at, why, values = {}) {
  const before = text.slice(0, at).split("\n");
  const [shown] = text.slice(at).match(/^(?:[^\s,;[\](){}]{1,20}|\S)?/);
  return { line: before.length, column: before.at(-1).length + 1, why, shown, values };
}

// The number with which a text begins, or why none does.
function number(text) {
  if (/^(?:\.\.\.|…)/.test(text)) return { why: "elided" };
  const [word] = text.match(NUMBER) ?? [""];
  if (!NOT_FINITE.test(text) && (!word || /^[^\s,;[\](){}]/.test(text.slice(word.length)))) return { why: "unreadable" };
  const [above, below = 1] = word.split("/").map(Number);
  return word && Number.isFinite(above / below) ? { value: above / below, length: word.length } : { why: "notFinite" };
}

/** One number, as it is typed into a cell: { value }, or { why, shown }. */
export function readNumber(text) {
  const word = plain(text).trim().slice(0, 99).replace(/^([-+]?\d*),(?=\d+$)/, "$1.").replace(/\s*\/\s*/, "/");
  const { value, length, why } = number(word);
  if (value !== undefined && length === word.length) return { value };
  const unfinished = /^[-+]?(?:\.?|(?:\d+\.?\d*|\.\d+)(?:e[-+]?|\/))$/i.test(word);
  return { why: !word ? "empty" : unfinished ? "unfinished" : why ?? "unreadable", shown: text.trim().slice(0, 20) };
}

/**
 * An array of numbers: { value, depth }, value always rows, depth how it was nested (0 a number, 1 a
 * list, 2 rows); or { problem }. With a shape [rows, columns] it has to have that shape.
 */
export function read(text, shape) {
  const clean = plain(text);
  const result = readAt(clean, 0, clean.length);
  const { value } = result;
  if (!value || !shape || (value.length === shape[0] && value[0].length === shape[1])) return result;
  return { problem: problem(clean, 0, "shape", { its: `${value.length} × ${value[0].length}`, right: shape.join(" × ") }) };
}

// several: a list of arrays is meant, { parts } then.
function readAt(text, from, to, several) {
  const wrong = (at, why, values) => ({ problem: problem(text, at, why, values) });
  const start = from + text.slice(from, to).search(/\S|$/);
  const part = text.slice(start, to);
  if (part.length > LONG) return wrong(start, "long");
  if (!part) return wrong(from, "empty");
  const bracketed = /^[[({P]/.test(part) || WRAPPER.test(part);
  const decimal = part.search(bracketed ? /[[(\s][-+]?\d+,\d+ +[-+]?\d+,\d+[\s;\])]|[[(;\s]0,\d\d/ : /^[-+]?0,\d\d+\s*$/);
  if (decimal >= 0) return wrong(start + decimal + part.slice(decimal).indexOf(","), "comma");
  if (bracketed) return scan(part, start, [{ list: [] }], wrong, several);
  // Lines of numbers: they become the inside of a bracket, character by character.
  const tight = /\d,\d/.test(part) && !/,(?!\d)|(?:^|\D),|\d\.|\.\d|,\d*,/.test(part);
  const split = /[;\t]/.test(part);
  if (tight && !split && /\d +[-+\d]/.test(part)) return wrong(start + part.search(/\d,\d/) + 1, "comma");
  let lines = tight && split ? part.replaceAll(",", ".") : part; // the comma is a decimal one
  const wide = lines.split(/[;\n]/).some((row) => /\S[\s,]+\S/.test(row)); // then a semicolon ends a row
  if (!wide) lines = lines.replaceAll(";", ",");
  lines = lines.trimEnd().replaceAll("\t", ",").replaceAll("\n", ";");
  return scan(lines, start, [{ list: [] }, { list: [] }], wrong);
}

// Brackets in brackets; between numbers commas, spaces or line ends; semicolons end rows, as in "[1 2; 3 4]".
function scan(part, start, stack, wrong, several) {
  const [top, lines] = stack; // lines: without brackets of their own
  let after = ""; // what stands before: "," or "0" for a number
  let at = 0;
  const finished = () => {
    if (!several || !Array.isArray(top.list[0])) return done(top.list, start, wrong, lines);
    const parts = top.list[0].map((one) => done([one], start, wrong));
    return parts.find((one) => one.problem) ?? { parts };
  };
  const close = () => {
    const { list, rows, call } = stack.pop();
    const its = rows ? [...rows, list].filter((row) => row.length) : list;
    stack.at(-1).list.push(...(call ? its : [its]));
  };
  while (at < part.length) {
    const rest = part.slice(at);
    const here = stack.at(-1);
    const [noise] = rest.match(NOISE) ?? [];
    const [wrapper] = rest.match(WRAPPER) ?? [];
    const [sign] = rest;
    let length = 1;
    if (noise) length = noise.length;
    else if (here === top && top.list.length) return /^[,;]\s*$/.test(rest) ? finished() : wrong(start + at, "after");
    else if (wrapper || CLOSES[sign]) {
      if (after === "0") return wrong(start + at, "unreadable");
      if (stack.length > 9) return wrong(start + at, "deep");
      length = wrapper?.length ?? 1;
      stack.push({ list: [], close: wrapper ? ")" : CLOSES[sign], open: at, call: wrapper });
    } else if (/[\])}]/.test(sign)) {
      if (sign !== here.close) return wrong(start + at, "close");
      close();
    } else if (sign === ",") {
      if (after === "," || !here.list.length) return wrong(start + at, "empty");
    } else if (sign === ";") {
      (here.rows ??= []).push(here.list);
      here.list = [];
    } else {
      const its = after === "0" ? { why: "unreadable" } : number(rest);
      if (its.why) return wrong(start + at, its.why);
      here.list.push(its.value);
      length = its.length;
    }
    if (!/^[ \n]/.test(rest)) after = noise ? "" : sign === "," ? "," : /[\d.+-]/.test(sign) ? "0" : "";
    else if (after === "0") after = "";
    at += length;
  }
  if (stack.at(-1) === lines) close();
  if (stack.length > 1) return wrong(start + stack.at(-1).open, "open");
  return finished();
}

function done([its], at, wrong, lines) {
  const rows = Array.isArray(its) ? (Array.isArray(its[0]) ? its : [its]) : [[its]];
  const deep = rows[0].length && rows.every((row) => Array.isArray(row) && row.every(Array.isArray));
  if (deep) return wrong(at, "deep");
  if (rows.some((row) => !Array.isArray(row) || row.some(Array.isArray))) return wrong(at, "mixed");
  if (its === undefined || rows.some((row) => !row.length)) return wrong(at, "empty");
  if (rows.some((row) => row.length !== rows[0].length)) {
    return wrong(at, "ragged", { lengths: rows.map((row) => row.length).join(", ") });
  }
  const nested = Array.isArray(its) ? (rows === its ? 2 : 1) : 0;
  return { value: rows, depth: lines ? Math.min(nested, rows.length > 1 ? 2 : Number(rows[0].length > 1)) : nested };
}

// A name as a key, before a tensor, before its sign, or one of the course's on a line of its own.
const NAMED = /(?:^|[\s;,({])(?:(?:([\w.]+)\[)?(["'])([\w.]+)\2(?:\]\s*=(?!=)|\s*[:,])|([\w.]*(?:weight|bias))\s+(?=Parameter|tensor)|([A-Za-zη][\w.]*(?:\[\d\]|\^?\{?[[(]?\d\d?[\])]?\}?)?)\s*(?:[=:←]|<-)(?!=))|(?:^|\n)[ \t]*([WwBb]_?\^?\{?[[(]?\d[\])]?\}?|[XxTtYy])[ \t]*(?=\n\s*[-+.\d[({])/g;

// What may stand between an array and the next name.
const BETWEEN = /^(?:[\s.,;:]|[-*•]\s|and|with|weights?|bias(?:es)?|inputs?|targets?|outputs?|가중치|편향|입력|출력|목표|정답|값|이고|이며|이다|입니다|그리고|[와과은는])*$/i;

/** Where an array ends: behind its last number or bracket, if nothing but such words follows. */
function endOf(text) {
  const [rest] = text.match(/[^\d)\]}]*$/);
  return text.length - (rest.length < text.length && !rest.includes("..") && BETWEEN.test(rest) ? rest.length : 0);
}

/**
 * All arrays of a text that have names in front: { arrays: [{ name, word, value, depth }],
 * others, problems }. name is that of the course, word that of the text; others are names that the course
 * does not have, and are left out.
 */
export function readAll(text) {
  // Comments, prompts and lines of a program that hold no numbers.
  const clean = plain(text).replace(/#.*|^(?:import|from|print)\b.*|^(?:>>>|\.\.\.|(?:In|Out) ?\[\d+\]:)/gm, (part) => " ".repeat(part.length));
  if (clean.length > LONG) return { arrays: [], others: [], problems: [problem(clean, 0, "long")] };
  const starts = [];
  for (const match of clean.matchAll(NAMED)) {
    const [whole, holder = "", , key] = match; // params["W1"] = … has a holder and a key
    const from = match.index + whole.length;
    const begin = match.index + whole.search(/[^\s;,({]/);
    const word = (/grad|^d/i.test(holder) ? `${holder}.` : "") + (key ?? match[4] ?? match[5] ?? match[6]);
    const other = RegExp(`^(?:${KEY})$`).test(word) || clean.slice(0, from).endsWith("Parameter containing:");
    if (!other) starts.push({ word, begin, from });
  }
  const [arrays, others, problems] = [[], [], []];
  const before = clean.slice(0, starts[0]?.begin ?? clean.length);
  if (/\d/.test(before)) {
    problems.push(problem(clean, before.search(/\S/), "unnamed"));
  }
  const called = namesOf(starts.map(({ word }) => word));
  for (const [i, { word, begin, from }] of starts.entries()) {
    if (problems.length > 9) break; // more would not help
    const name = called[i];
    if (!name && /^[Ww]\d?_?\d\d$/.test(word) && !problems.some(({ why }) => why === "elements")) problems.push({ ...problem(clean, begin, "elements"), where: word });
    if (!name) others.push(word);
    if (!name) continue;
    let to = from + endOf(clean.slice(from, starts[i + 1]?.begin));
    const first = readAt(clean, from, to, name[1] === "*");
    let result = first;
    // Between the entries of a dictionary there may be some signs more.
    for (let tries = 0; tries < 6 && result.problem && /[,;()[\]{}]\s*$/.test(clean.slice(from, to)); tries += 1) {
      to = from + clean.slice(from, to).search(/\S\s*$/);
      result = readAt(clean, from, to, name[1] === "*");
    }
    if (result.problem) problems.push({ ...first.problem, where: name });
    else if (arrays.some((one) => one.name === name)) problems.push({ ...problem(clean, begin, "twice"), where: name });
    else if (result.parts) arrays.push(...listed(name[0], result.parts).map((one) => ({ word, ...one })));
    else arrays.push({ name: name.replace("*", 1), word, ...result });
  }
  // x1 is the first input, if it is a number.
  const [kept, left] = [[], []];
  for (const one of arrays) (/^[xt]\d/.test(one.name) && one.depth > 0 ? left : kept).push(one);
  return { arrays: kept, others: [...others, ...left.map(({ word }) => word)], problems };
}

// The arrays of a list: an array for each layer; or, as in Keras, weights and biases in turn; or one matrix.
function listed(letter, parts) {
  const depths = parts.map(({ depth }) => depth).join("");
  const rows = parts.map(({ value }) => value[0]);
  if (letter === "W" && /^(?:21)+$/.test(depths)) return parts.map((one, k) => ({ ...one, name: "Wb"[k % 2] + (Math.floor(k / 2) + 1) }));
  if (letter === "W" && /^1+$/.test(depths) && rows.every((row) => row.length === rows[0].length)) return [{ name: "W1", value: rows, depth: 2 }];
  return parts.map((one, k) => ({ ...one, name: letter + (k + 1) }));
}

// W1 of w1, W[1], W_1, W^{[1]}; W* of weights, a list of arrays; fc1.weight and fc1.bias are counted; y is the target where there is no t.
function namesOf(words) {
  // self.W1 is W1; self.grads.W1 is not.
  const bare = words.map((word) => word.replace(/^(?!.*grad)(?:\w+\.)+(?=(?:[wbxty]\d?|lr|eta)$)/i, "").toLowerCase().replace(/[^a-zη\d]/g, ""));
  // w10 is a weight where all of them are counted through, and so is b10 a bias.
  const through = (letter) => {
    const its = bare.filter((one) => RegExp(`^${letter}\\d+$`).test(one)).map((one) => Number(one.slice(1))).sort((one, other) => one - other);
    return its[0] <= 1 && its.every((one, i) => one === its[0] + i);
  };
  // fc1.weight and fc1.bias are of one layer, whichever comes first; layers are counted as they come.
  const stems = [];
  const layer = (kind, stem) => {
    const k = stems.findIndex((one) => one.stem === stem && !one[kind]);
    if (k < 0) stems.push({ stem, [kind]: true });
    else stems[k][kind] = true;
    return kind + (k < 0 ? stems.length : k + 1);
  };
  const once = (ending) => words.filter((word) => ending.test(word)).length === 1;
  const ENDINGS = [["W", /(?:weights|coefs_)$/, true], ["b", /(?:biases|intercepts_)$/, true], ["W", /(?:weight|kernel)$/], ["b", /bias$/]];
  const found = words.map((word, i) => {
    const its = bare[i];
    const [kind, ending, list] = ENDINGS.find(([, ending]) => ending.test(word)) ?? [];
    if (kind) return list && once(ending) ? `${kind}*` : layer(kind, word.replace(ending, ""));
    if (/^(?:lr|eta|η|learningrate)$/.test(its)) return "lr";
    const [number = ""] = its.match(/\d+$/) ?? [];
    if (/^[wb]\d$/.test(its) || (/^[wb]\d\d$/.test(its) && through(its[0]))) return (its[0] === "w" ? "W" : "b") + number;
    if (/^[wb]$/.test(its) && !bare.some((one) => one !== its && RegExp(`^${its}\\d`).test(one))) return its.replace("w", "W") + 1;
    if (/^(?:x|inputs?)\d?$|^in?\d$/.test(its)) return "x" + number;
    if (/^(?:t|targets?|labels?)\d?$|^targeto\d$/.test(its)) return "t" + number;
    return /^y\d?$/.test(its) ? its : null;
  });
  // What begins at 0 is counted from 0; biases also where weights are.
  const shifted = (letter) => found.includes(`${letter}0`) || (letter === "b" && found.includes("W0"));
  const y = found.some((name) => name?.[0] === "t") ? "" : "t";
  return found.map((name) => {
    const its = name?.[0] === "y" ? y && name.replace("y", y) : name;
    return /^[Wbxt]\d/.test(its) && shifted(name[0]) ? its[0] + (Number(its.slice(1)) + 1) : its;
  });
}
