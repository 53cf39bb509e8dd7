// Numbers and lines as Python writes them.

const WIDTH = 76; // of a line of code, as on the pages

// A number's digits d.ddd… without the dot, and the power of ten of the first.
const parts = (text) => {
  const [digits, power] = text.split("e");
  return [digits.replace(".", ""), Number(power)];
};

const dotted = (rest) => rest && `.${rest}`;

// Digits and power, written out from least to most; else with an exponent.
function placed(digits, power, most) {
  if (power < -4 || power > most) {
    return digits[0] + dotted(digits.slice(1)) + (power < 0 ? "e-" : "e+") + String(Math.abs(power)).padStart(2, 0);
  }
  if (power < 0) return `0.${"0".repeat(-power - 1)}${digits}`;
  const all = digits.padEnd(power + 1, 0);
  return all.slice(0, power + 1) + dotted(all.slice(power + 1));
}

/** The shortest decimals that give exactly this number, as repr has them: 0.5, 2.0, 1e-05. */
export function literal(value) {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const text = placed(...parts(Math.abs(value).toExponential()), 15);
  return sign + text + (/[.e]/.test(text) ? "" : ".0");
}

/** A number to 8 digits, as f"{value + 0.0:.8g}" has it; halves are rounded to even. */
export function eight(value) {
  let [digits, power] = parts(Math.abs(value).toExponential(7));
  const [exact, its] = parts(Math.abs(value).toExponential(60));
  if (its === power && /^.{7}[02468]50*$/.test(exact)) digits = exact.slice(0, 8); // toExponential rounds up
  return (value < 0 ? "-" : "") + placed(digits.replace(/0+$/, "") || "0", power, 7);
}

/** What stands between head and tail, folded where lines get too long. */
export function folded(head, items, tail) {
  const lines = [head];
  items.forEach((item, i) => {
    const piece = item + (i + 1 < items.length ? "," : tail);
    const line = lines.at(-1);
    if (!i) lines[0] += piece;
    else if (line.length + 1 + piece.length > WIDTH) lines.push(" ".repeat(head.length) + piece);
    else lines[lines.length - 1] += ` ${piece}`;
  });
  return lines.join("\n");
}

/** An assignment of an array to a name, a line for each row; labels are integers. */
export function assigned(name, value, call) {
  const head = `${name} = ${call}([`;
  if (!Array.isArray(value[0])) return folded(head, value.map(name === "t" ? String : literal), "])");
  const row = (numbers, i) => folded((i ? " ".repeat(head.length) : head) + "[", numbers.map(literal), i + 1 < value.length ? "]," : "]])");
  return value.map(row).join("\n");
}
