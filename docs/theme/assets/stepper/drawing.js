// The picture of a network with its numbers, in SVG. Laid out for the width it gets: from left to
// right, or from top to bottom where that is too narrow, always in letters of one size.

import { colour, marked, short, written } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
const LINE = 17; // from one line of a box to the next
const WIDE = 106; // a box with room for full names

/** An SVG element with attributes and children. */
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Where everything stands: the boxes of each layer, the loss last.
function layout(columns, width) {
  const widest = Math.max(...columns.map((units) => units.length));
  const flat = width >= 140 * columns.length - 40;
  const box = flat ? WIDE : Math.max(40, Math.min(WIDE, (width - 8 * (widest - 1)) / widest));
  const tall = columns.map(([unit]) => unit.length * LINE + 10);
  const height = widest * Math.max(...tall) + (widest - 1) * 30 + 8; // where it is flat
  let y = 2;
  const boxes = columns.map((units, c) => {
    const made = units.map((_, i) => (flat
      ? { x: 2 + (c * (width - box - 4)) / (columns.length - 1), y: (height * (i + 0.5)) / units.length - tall[c] / 2 }
      : { x: (width * (i + 0.5)) / units.length - box / 2, y }));
    y += tall[c] + (c < columns.length - 2 ? 64 : 34);
    return made.map((place) => ({ ...place, w: box, h: tall[c] }));
  });
  return { boxes, flat, height: flat ? height : y - 32 };
}

/** Draws a scene (scene.js), and returns the arrows of its step, from and to. */
export function draw(target, { columns, arrows, active, lit, chosen, onPath, label, named }, width) {
  const { boxes, flat, height } = layout(columns, width);
  target.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const [lines, numbers, tracks] = [svg("g"), svg("g"), []];

  const write = (number, x, y, anchor, name = "") => {
    const its = { x, y, "text-anchor": anchor, role: "button", tabindex: -1 };
    const text = svg("text", its, name + short(number.value));
    text.classList.toggle("bp-lit", lit(number));
    text.classList.toggle("bp-chosen", chosen(number));
    numbers.append(marked(text, number, label(number)));
  };
  arrows.forEach((rows, c) => rows.forEach((row, i) => row.forEach((weight, j) => {
    const [from, to] = [boxes[c][i], boxes[c + 1][j]];
    const [x1, y1, x2, y2] = flat
      ? [from.x + from.w, from.y + from.h / 2, to.x, to.y + to.h / 2]
      : [from.x + from.w / 2, from.y + from.h, to.x + to.w / 2, to.y];
    const line = svg("line", { x1, y1, x2, y2, class: "bp-arrow" });
    line.classList.toggle("bp-active", c + 1 === active);
    line.classList.toggle("bp-onpath", onPath(c, i, j));
    lines.append(line);
    if (c + 1 === active) tracks.push([[x1, y1], [x2, y2]]);
    const crowded = rows.length * row.length > 4 && !onPath(c, i, j);
    if (weight && !crowded) {
      const part = flat ? 0.36 : 0.33;
      write(weight, x1 + (x2 - x1) * part, y1 + (y2 - y1) * part + (flat ? -4 : 4), "middle", named ? `${label(weight)} = ` : "");
    }
  })));
  columns.forEach((units, c) => units.forEach((list, i) => {
    const { x, y, w, h } = boxes[c][i];
    const box = svg("rect", { x, y, width: w, height: h, rx: 6, class: "bp-box" });
    box.classList.toggle("bp-onpath", onPath(c, i));
    lines.append(box);
    list.forEach(([name, index, number], row) => {
      const base = y + 18 + row * LINE;
      const full = label({ name, index });
      const text = w === WIDE ? full : full.replace(/\d*_.*/, "");
      numbers.append(svg("text", { x: x + 6, y: base, class: number ? colour(name) : "bp-empty", "aria-hidden": true }, written(text)));
      if (number) write(number, x + w - 6, base, "end");
    });
  }));
  target.replaceChildren(lines, numbers);
  const all = [...target.querySelectorAll(".bp-number")];
  const stop = ["bp-chosen", "bp-lit", "bp-number"].map((name) => all.find((node) => node.classList.contains(name)));
  stop.find(Boolean).setAttribute("tabindex", 0);
  return tracks;
}

/** Lets a mark run along arrows; back means from their ends to their beginnings. */
export function run(target, tracks, back) {
  for (const track of tracks) {
    const dot = svg("circle", { r: 4.5, class: back ? "bp-error" : "bp-activation" });
    const stops = track.map(([x, y]) => ({ transform: `translate(${x}px, ${y}px)` }));
    target.append(dot);
    const moving = dot.animate(back ? stops.reverse() : stops, { duration: 900, easing: "ease-in-out" });
    moving.finished.catch(() => {}).then(() => dot.remove());
  }
}

/** A small curve of losses. */
export function curve(target, losses) {
  const [width, height, top] = [150, 46, Math.max(...losses)];
  const bottom = Math.min(...losses, top * 0.5);
  const points = losses.map((loss, i) => [
    6 + (i * (width - 12)) / Math.max(losses.length - 1, 4),
    6 + ((top - loss) / (top - bottom || 1)) * (height - 12),
  ]);
  target.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const end = points.at(-1);
  target.replaceChildren(
    svg("polyline", { points: points.map((p) => p.join()).join(" "), class: "bp-curve" }),
    svg("circle", { cx: end[0], cy: end[1], r: 3, class: "bp-curve-end" }),
  );
}
