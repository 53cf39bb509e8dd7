// A network's forward pass, loss and backward pass, step by step, as `backprop.trace` records them
// in Python. Numbers only: what is said of a step the build has written, and it is drawn elsewhere.
//
// A network is { x, t, layers: [{ W, b, activation }], loss, leak }: x a batch of rows, t targets of
// the output's shape or, for softmax_cross_entropy, a label for each row; b null for a layer without
// biases; activation "sigmoid", "tanh", "relu", "leaky_relu", "identity" or null; leak the slope of
// leaky ReLU left of 0. A step is { name, value }.

// Matrices are arrays of rows.

export const zip = (A, B, f) => A.map((row, i) => row.map((a, j) => f(a, B[i][j])));
export const map = (A, f) => A.map((row) => row.map(f));
export const transposed = (A) => A[0].map((_, j) => A.map((row) => row[j]));
export const product = (A, B) => {
  const columns = transposed(B);
  return A.map((row) => columns.map((column) => row.reduce((sum, a, k) => sum + a * column[k], 0)));
};
const columnSums = (A) => transposed(A).map((column) => column.reduce((sum, a) => sum + a, 0));

// exp(−|z|) never overflows; for z < 0 it is exp(z), by which numerator and denominator of 1 / (1 + exp(−z)) are multiplied.
const sigmoid = (z) => {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
};

export const LEAK = 0.01; // of a network that has none of its own

export const ACTIVATIONS = {
  sigmoid: { value: sigmoid, derivative: (z) => sigmoid(z) * sigmoid(-z) },
  tanh: { value: Math.tanh, derivative: (z) => {
    const e = Math.exp(-Math.abs(z));
    return ((2 * e) / (1 + e * e)) ** 2;
  } },
  relu: { value: (z) => Math.max(z, 0), derivative: (z) => (z > 0 ? 1 : 0) },
  leaky_relu: { value: (z, leak) => (z > 0 ? z : leak * z), derivative: (z, leak) => (z > 0 ? 1 : leak) },
  identity: { value: (z) => z, derivative: () => 1 },
};

export const softmax = (row) => {
  const largest = Math.max(...row);
  const e = row.map((logit) => Math.exp(logit - largest));
  const sum = e.reduce((total, part) => total + part, 0);
  return e.map((part) => part / sum);
};

// Each loss: the mean over the batch, and its gradient.
const LOSSES = {
  squared_error: {
    value: (y, t) => {
      const each = y.map((row, i) => row.reduce((sum, a, j) => sum + 0.5 * (a - t[i][j]) ** 2, 0));
      return each.reduce((sum, loss) => sum + loss / y.length, 0);
    },
    gradient: (y, t) => zip(y, t, (a, target) => (a - target) / y.length),
  },
  softmax_cross_entropy: {
    value: (y, labels) => y.reduce((sum, row, i) => {
      const largest = Math.max(...row);
      const total = row.reduce((s, logit) => s + Math.exp(logit - largest), 0);
      return sum + (Math.log(total) + largest - row[labels[i]]) / y.length;
    }, 0),
    gradient: (y, labels) => y.map((row, i) =>
      softmax(row).map((p, j) => (p - (j === labels[i] ? 1 : 0)) / y.length)),
  },
};

/** Every step of a forward and a backward pass, in the order in which they are taken. */
export function trace({ x, t, layers, loss, leak = LEAK }) {
  const steps = [];
  const step = (name, value) => {
    steps.push({ name, value });
    return value;
  };

  // Forward: what goes into each layer is kept, with its name; backward needs it.
  const inputs = [];
  const sums = [];
  let [a, name] = [x, "x"];
  layers.forEach(({ W, b, activation }, i) => {
    const last = i + 1 === layers.length;
    inputs.push([a, name]);
    a = product(a, W);
    if (b) a = a.map((row) => row.map((sum, j) => sum + b[j]));
    name = `z${i + 1}`;
    step(name, a);
    sums.push(a);
    if (activation || last) name = last ? "y" : `a${i + 1}`;
    if (activation) a = map(a, (z) => ACTIVATIONS[activation].value(z, leak));
    if (name[0] !== "z") step(name, a);
  });

  step("C", LOSSES[loss].value(a, t));
  let gradient = step("dy", LOSSES[loss].gradient(a, t));

  for (let i = layers.length - 1; i >= 0; i -= 1) {
    const l = i + 1;
    const { W, b, activation } = layers[i];
    if (activation) gradient = zip(gradient, sums[i], (d, z) => d * ACTIVATIONS[activation].derivative(z, leak));
    if (activation || l === layers.length) step(`delta${l}`, gradient);

    const [input, name] = inputs[i];
    step(`dW${l}`, product(transposed(input), gradient));
    if (b) step(`db${l}`, columnSums(gradient));
    gradient = step(name[0] === "z" ? name.replace("z", "delta") : `d${name}`, product(gradient, transposed(W)));
  }
  return steps;
}

/** The network after a step of gradient descent; the one given stays as it was. */
export function updated(network, steps, lr) {
  const value = Object.fromEntries(steps.map((each) => [each.name, each.value]));
  const layers = network.layers.map(({ W, b, activation }, i) => ({
    W: zip(W, value[`dW${i + 1}`], (w, dw) => w - lr * dw),
    b: b && b.map((bias, j) => bias - lr * value[`db${i + 1}`][j]),
    activation,
  }));
  return { ...network, layers };
}
