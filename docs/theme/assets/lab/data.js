// What the stepper walks through, for any network: its steps with what the build says of each.

import { steps } from "./steps.js";

// All that the formula and the words of a step depend on, as docs/hooks/lab/laboratory.py has it.
function key(name, expression, depth, n) {
  const last = /\bd?y\b/.test(`${name} ${expression}`) ? depth : "";
  const ofAnySize = expression.replace(/eye\(\d+\)/, "eye(k)").replace(/(leaky\w+\(\w+), [^)]*/, "$1");
  return `${name}|${ofAnySize}|${last}|${n > 1 ? "n" : 1}`;
}

/** The data of a Walk: told is what the build wrote of steps, by their keys. */
export function walkData(network, told, words) {
  const [depth, n] = [network.layers.length, network.x.length];
  const found = steps(network).map((step) => {
    const { code, ...its } = told.get(key(step.name, step.expression, depth, n));
    const slope = /leaky\w+\(\w+, ([^)]*)/.exec(step.expression)?.[1]; // the build wrote the usual one
    return { ...step, ...its, code: slope ? { ...code, line: code.line.replace("0.01", slope) } : code };
  });
  const line = ["W1", ...(network.layers.some(({ b }) => b) ? ["b1"] : [])].map((name) => `${name} -= lr * d${name}`).join("; ");
  const last = { ...told.get(key("update", line, depth, n)), name: "update", phase: "update", operands: [] };
  last.says = last.says.replace("{lr}", network.lr);
  return { network, steps: [...found, last], plain: null, words };
}
