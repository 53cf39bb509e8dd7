// A network as Python that prints exactly its numbers: in plain NumPy, with the package, in PyTorch.

import { LEAK, updated } from "../stepper/model.js";
import { assigned, eight, folded, literal } from "./python.js";
import { steps } from "./steps.js";

// The functions of plain NumPy, as pages have them.
const FUNCTIONS = {
  sigmoid: `(z):
    return 1 / (1 + np.exp(-z))`,
  sigmoid_derivative: `(z):
    return sigmoid(z) * sigmoid(-z)  # sigmoid(-z) is 1 - sigmoid(z)`,
  tanh_derivative: `(z):
    return 1 / np.cosh(z) ** 2  # the same as 1 - np.tanh(z) ** 2`,
  relu: `(z):
    return np.maximum(z, 0)`,
  relu_derivative: `(z):
    return np.where(z > 0, 1, 0)`,
  leaky_relu: `(z):
    return np.where(z > 0, z, leak * z)`,
  leaky_relu_derivative: `(z):
    return np.where(z > 0, 1, leak)`,
  softmax: `(y):
    e = np.exp(y - y.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)`,
  softmax_cross_entropy: `(y, t):
    below = y - y.max(axis=1, keepdims=True)  # so that exp cannot overflow
    total = np.exp(below).sum(axis=1)
    return (np.log(total) - below[np.arange(len(t)), t]).mean()`,
};
// Where a sum is so large that these would overflow: the forms of the package.
const FAR = {
  sigmoid: `(z):
    e = np.exp(-np.abs(z))  # overflows for no z
    return np.where(z >= 0, 1, e) / (1 + e)`,
  tanh_derivative: `(z):
    e = np.exp(-np.abs(z))  # 1 - np.tanh(z) ** 2, without overflow
    return (2 * e / (1 + e * e)) ** 2`,
};
const SHOW = `def show(**values):
    """Print each array by its name, row by row, to 8 digits."""
    for name, value in values.items():
        for row in np.atleast_2d(value).tolist():
            print(f"{name:8}", *(f"{each + 0.0:14.8g}" for each in row))
            name = ""`;
const LAYERS = { sigmoid: "Sigmoid()", tanh: "Tanh()", relu: "ReLU()", leaky_relu: "LeakyReLU(leak)", identity: "Identity()" };

const lines = (...all) => all.flat().join("\n");
const over = (names, call) => [folded("for each in (", names, "):"), `    each.${call}`];
// Prints arrays, each by a name: that which it has in the program, or another.
const show = (names, other = (name) => name) => folded("show(", names.map((name) => `${name}=${other(name)}`), ")");

/** The code of a network: "numpy", "package" or "pytorch". */
export function code(network, kind) {
  const { x, t, layers, loss, lr, leak = LEAK } = network;
  const torch = kind === "pytorch";
  const n = torch ? "len(x)" : "n";
  const all = steps(network);
  const learned = layers.flatMap(({ b }, i) => [`W${i + 1}`, ...(b ? [`b${i + 1}`] : [])]);
  const forward = all.filter(({ phase }) => phase === "forward").map(({ name }) => name);
  const backward = all.filter(({ phase }) => phase === "backward").map(({ name }) => name);
  const gradient = (name) => `${name.replace("delta", "z").replace("d", "")}.grad`;
  const squared = "0.5 * ((y - t) ** 2).sum()" + (x.length > 1 ? ` / ${n}` : "");

  // A step as a line of this program.
  const line = (wanted) => {
    const { expression } = all.find(({ name }) => name === wanted);
    return `${wanted} = ${expression
      .replace("squared_error(y, t)", squared)
      .replace(/ \* identity_derivative.*/, "")
      .replace(/^identity\((.*)\)/, "$1")
      .replace(/, [\d.e-]+\)/, torch ? ", leak)" : ")") // the leak has a name
      .replace(/^\((.*)\) \/ n$/, x.length > 1 ? "$&" : "$1")
      .replace(/^tanh/, "np.tanh")
      .replace(/^(np.|)(?=tanh|sigmoid)/, torch ? "torch." : "$1")
      .replace(/^(?=leaky|relu)/, torch ? "torch.nn.functional." : "")
      .replace(/^softmax_(?=cross)/, torch ? "torch.nn.functional." : "$&")}`;
  };
  const error = ["C"].map(line);
  const back = backward.map(line);
  const ahead = [...forward.map(line), ...error];

  const call = torch ? "torch.tensor" : "np.array";
  const value = (name) => layers[name.slice(1) - 1][name[0]];
  const given = [
    assigned("x", x, call),
    assigned("t", t, call),
    "# W1[i-1, j-1] leads from unit i to unit j",
    ...learned.map((name) => assigned(name, value(name), call)),
    `lr = ${literal(lr)}`,
    ...(layers.some(({ activation }) => activation === "leaky_relu") ? [`leak = ${literal(leak)}`] : []),
    ...(kind === "numpy" && x.length > 1 ? ["n = len(x)"] : []),
    ...(torch ? over(["x", ...learned], "requires_grad_()") : []),
  ];

  const parts = { numpy: () => {
    const far = all.some((step) => step.name[0] === "z" && step.value.flat().some((z) => Math.abs(z) > 300));
    const used = ([name]) => RegExp(`\\b${name}\\(`).test(lines(ahead, back));
    return [
      "import numpy as np",
      lines(given),
      ...Object.entries({ ...FUNCTIONS, ...(far && FAR) }).filter(used).map(([name, text]) => `def ${name}${text}`),
      SHOW,
      lines("# forward", ahead, show([...forward, "C"])),
      lines("# backward", back, show(backward)),
      lines("# a step of gradient descent", learned.map((name) => `${name} -= lr * d${name}`)),
    ];
  }, package: () => [
    lines("import numpy as np", "", "import backprop as bp"),
    lines(given),
    lines("net = bp.Network([", places(layers).map(({ text }) => `    bp.${text},`), "])", `loss = bp.${loss}`),
    SHOW,
    lines("# forward and backward, step by step", "for step in bp.trace(net, loss, x, t):", "    show(**{step.name: step.value})"),
    lines("# a step of gradient descent", "y = net.forward(x)", "net.backward(loss.gradient(y, t))", "bp.SGD(net, lr=lr).step()"),
  ], pytorch: () => [
    lines("import torch", "", "torch.set_default_dtype(torch.float64)"),
    lines(given),
    SHOW.replace("np", "torch"),
    lines("# forward", ahead, show([...forward, "C"])),
    lines("# backward", over(forward, "retain_grad()  # else only x, weights and biases keep theirs"), "C.backward()", show(backward, gradient)),
    lines("# a step of gradient descent", "with torch.no_grad():", learned.map((name) => `    ${name} -= lr * ${name}.grad`)),
  ] }[kind]();
  const place = (name) => `net.layers[${places(layers).findIndex(({ l }) => l === Number(name.slice(1)))}].${name[0]}`;
  const moved = (name) => (kind === "package" ? place(name.slice(4)) : name.slice(4));
  return lines(parts.join("\n\n"), show(learned.map((name) => `new_${name}`), moved), "");
}

// The layers of the package, in their order; l is the number of those that learn.
const places = (layers) => layers.flatMap(({ b, activation }, i) => [
  { l: i + 1, text: `Dense(W${i + 1}` + (b ? `, b${i + 1})` : ")") },
  ...(activation ? [{ text: LAYERS[activation] }] : []),
]);

/** What each of these programs prints. */
export function printed(network) {
  const all = steps(network);
  updated(network, all, network.lr).layers.forEach(({ W, b }, i) => {
    all.push({ name: `new_W${i + 1}`, value: W }, ...(b ? [{ name: `new_b${i + 1}`, value: b }] : []));
  });
  return all.flatMap(({ name, value }) => {
    const rows = [value].flat().map((row) => [row].flat());
    return (Array.isArray(value[0]) ? rows : [rows.flat()]).map((row, i) =>
      [(i ? "" : name).padEnd(8), ...row.map((each) => eight(each).padStart(14))].join(" "));
  }).join("\n");
}
