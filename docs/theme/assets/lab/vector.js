// The stepper's picture of a network as an SVG file that stands alone: every number is in it, its
// colours are those of light pages, and it needs neither a stylesheet nor a font of the site.

import { draw, svg } from "../stepper/drawing.js";
import { colour, element, short, written } from "../stepper/page.js";
import { scene } from "../stepper/scene.js";
import { Walk } from "../stepper/walk.js";
import { steps } from "./steps.js";

const [LINE, EDGE, CHARACTER] = [17, 12, 7.3]; // of letters of 12 pixels
const FONT = "ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace";
const LOOKS = ["fill", "stroke", "stroke-width", "stroke-linejoin", "font-weight"]; // what stylesheets say of shapes and text

/** The network's picture after the walk back, for a sample: text of an SVG file. */
export function vector(network, sample, title) {
  const walk = new Walk({ network, steps: [...steps(network), { name: "update", operands: [] }], plain: null });
  walk.sample = sample;
  walk.go(walk.steps.length - 2); // all is computed, nothing updated
  const width = 190 * (network.layers.length + 2);
  const drawing = svg("svg", { xmlns: "http://www.w3.org/2000/svg" });
  // It is measured, and its colours are read, where it is drawn as on light pages.
  const place = element("div", { className: "md-typeset bp-ready bp-drawn" }, element("div", { className: "bp-picture" }, drawing));
  place.dataset.mdColorScheme = "default";
  document.body.append(place);
  draw(drawing, { ...scene(walk), active: 0, lit: () => false, chosen: () => false }, width);
  const [, , , height] = drawing.getAttribute("viewBox").split(" ").map(Number);
  const below = table(walk.numbers, network.layers, height + 2 * EDGE);
  drawing.append(...below.texts);
  for (const shape of drawing.querySelectorAll("path, rect, text")) {
    const looks = getComputedStyle(shape);
    for (const name of LOOKS) shape.setAttribute(name, looks.getPropertyValue(name));
    for (const { name } of [...shape.attributes]) {
      if (/^(data-|aria-|class|role|tabindex)/.test(name)) shape.removeAttribute(name);
    }
  }
  const paper = getComputedStyle(place).backgroundColor;
  place.remove();
  const box = [-EDGE, -EDGE, Math.max(width, below.width) + 2 * EDGE, below.height + EDGE];
  for (const [name, value] of Object.entries({ viewBox: box.join(" "), width: box[2], height: box[3], "font-family": FONT, "font-size": 12 })) {
    drawing.setAttribute(name, value);
  }
  drawing.prepend(svg("title", {}, title), svg("rect", { x: box[0], y: box[1], width: box[2], height: box[3], fill: paper }));
  return new XMLSerializer().serializeToString(drawing);
}

// Weights, biases and their gradients of each layer, for which arrows have no room.
function table(numbers, layers, top) {
  const texts = [];
  let [y, widest] = [top, 0];
  const write = (text, x, line, name, anchor) =>
    texts.push(svg("text", { x, y: y + line * LINE, "text-anchor": anchor, class: colour(name) }, text));
  layers.forEach(({ W, b }, i) => {
    let x = 0;
    for (const name of [`W${i + 1}`, `dW${i + 1}`, ...(b ? [`b${i + 1}`, `db${i + 1}`] : [])]) {
      const rows = [numbers.values[name]].flatMap((value) => (Array.isArray(value[0]) ? value : [value])).map((row) => row.map(short));
      const cell = (Math.max(...rows.flat().map(({ length }) => length)) + 2) * CHARACTER;
      write(written(name), x, 1, name, "start");
      rows.forEach((row, r) => row.forEach((text, c) => write(text, x + (c + 1) * cell, r + 2, name, "end")));
      x += Math.max(rows[0].length * cell, name.length * CHARACTER) + 3 * CHARACTER;
    }
    widest = Math.max(widest, x);
    y += (W.length + 2) * LINE;
  });
  return { texts, width: widest, height: y };
}
