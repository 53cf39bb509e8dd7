// A walk downhill over two weights: gradient descent with the model's own slopes. Numbers only.

import { trace, updated } from "./model.js";

/** A network of two layers with one weight each, with these two weights. */
export const withWeights = (network, weights) => ({
  ...network,
  layers: network.layers.map((layer, i) => ({ ...layer, W: [[weights[i]]] })),
});

/** Where a walk of so many steps comes by: weights, loss and slopes, the start first. It is shorter
 * where numbers become too large to compute with. */
export function descend(network, lr, count) {
  const places = [];
  let here = network;
  while (places.length <= count) {
    const steps = trace(here);
    const value = (name) => steps.find((step) => step.name === name).value;
    const weights = here.layers.map(({ W }) => W[0][0]);
    const slopes = ["dW1", "dW2"].map((name) => value(name)[0][0]);
    const loss = value("C");
    if (![...weights, ...slopes, loss].every(Number.isFinite)) break;
    places.push({ weights, loss, slopes });
    here = updated(here, steps, lr);
  }
  return places;
}
