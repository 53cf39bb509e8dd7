// Every step of a network as `backprop.trace` records it in Python: { name, phase, expression,
// operands, value }, operands by name. The numbers are those of model.js; here they get what says
// how each was computed. walk.js and numbers.js read it.

import { LEAK, trace } from "../stepper/model.js";
import { literal } from "./python.js";

/** The steps of a network: what a walk through it needs, but for the words. */
export function steps(network) {
  const { layers, loss, leak = LEAK } = network;
  const L = layers.length;
  const found = [];
  const step = (phase, name, expression, operands) => found.push({ name, phase, expression, operands });
  const more = (activation) => (activation === "leaky_relu" ? `, ${literal(leak)}` : "");

  const inputs = [];
  let name = "x";
  layers.forEach(({ b, activation }, i) => {
    const l = i + 1;
    const [z, W] = [`z${l}`, `W${l}`];
    inputs.push(name);
    step("forward", z, [`${name} @ ${W}`, ...(b ? [`b${l}`] : [])].join(" + "), [name, W, ...(b ? [`b${l}`] : [])]);
    name = z;
    if (!activation && l < L) return;
    name = l === L ? "y" : `a${l}`;
    step("forward", name, activation ? `${activation}(${z}${more(activation)})` : z, [z]);
  });

  step("loss", "C", `${loss}(y, t)`, ["y", "t"]);
  const target = loss === "squared_error" ? "y - t" : `softmax(y) - np.eye(${layers[L - 1].W[0].length})[t]`;
  step("backward", "dy", `(${target}) / n`, ["y", "t", "n"]);

  let gradient = "dy";
  for (let l = L; l > 0; l -= 1) {
    const { b, activation } = layers[l - 1];
    const [delta, W, input] = [`delta${l}`, `W${l}`, inputs[l - 1]];
    if (activation) {
      const slope = `${activation}_derivative(z${l}${more(activation)})`;
      step("backward", delta, `${gradient} * ${slope}`, [gradient, slope, `z${l}`]);
    } else if (l === L) step("backward", delta, gradient, [gradient]);
    step("backward", `d${W}`, `${input}.T @ ${delta}`, [input, delta]);
    if (b) step("backward", `db${l}`, `${delta}.sum(axis=0)`, [delta]);
    gradient = input[0] === "z" ? input.replace("z", "delta") : `d${input}`;
    step("backward", gradient, `${delta} @ ${W}.T`, [delta, W]);
  }

  const values = trace(network);
  return found.map((each, i) => ({ ...each, value: values[i].value }));
}
