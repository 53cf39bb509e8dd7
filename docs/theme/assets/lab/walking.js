// The panel "Walk it": the stepper on the reader's network.

import { element } from "../stepper/page.js";
import "../stepper/stepper.js";

export function walk(lab) {
  const box = element("div");
  let shown;
  const render = () => {
    if (shown === lab.network) return;
    shown = lab.network;
    const stepper = document.createElement("backprop-stepper");
    stepper.setAttribute("network", "lab");
    Object.assign(stepper, { data: lab.data(), base: lab.address });
    box.replaceChildren(stepper);
  };
  return { element: box, render };
}
