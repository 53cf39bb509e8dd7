// The picture of a network with its numbers, in SVG. Laid out for the width it gets: from left to
// right, or from top to bottom where that is too narrow, always in letters of one size.

import { colour, marked, short, written } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
const LINE = 17; // from one line of a box to the next
const WIDE = 110; // a box with room for full names
const SLIM = 82; // one with room for their letters

/** An SVG element with attributes and children. */
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Where everything stands: the boxes of each layer, the loss last.
function layout(columns, width, long) {
  const widest = Math.max(...columns.map((units) => units.length));
  const gap = (box) => (width - 4 - columns.length * box) / (columns.length - 1.6); // less before the loss
  const flat = [WIDE, SLIM].find((box) => gap(box) > (long ? 110 : 70)); // what stands on an arrow fits
  const box = flat ?? Math.max(40, Math.min(WIDE, (width - 8 * (widest - 1)) / widest));
  const tall = columns.map(([unit]) => unit.length * LINE + 10);
  const height = widest * Math.max(...tall) + (widest - 1) * 30 + 8; // where it is flat
  let y = 2;
  const boxes = columns.map((units, c) => {
    const made = units.map((_, i) => (flat
      ? { x: c < columns.length - 1 ? 2 + c * (box + gap(box)) : width - 2 - box, y: (height * (i + 0.5)) / units.length - tall[c] / 2 }
      : { x: (width * (i + 0.5)) / units.length - box / 2, y }));
    y += tall[c] + (c < columns.length - 2 ? 64 : 34);
    return made.map((place) => ({ ...place, w: box, h: tall[c] }));
  });
  return { boxes, flat, height: flat ? height : y - 32 };
}

// Arrows at one side of a box stand beside each other, so that every head is seen.
const aside = (i, { length }) => (i - (length - 1) / 2) * Math.min(14, 40 / length);

/** Draws a scene (scene.js), and returns the arrows of its step, from and to. */
export function draw(target, { columns, arrows, active, lit, chosen, onPath, label, named }, width) {
  const { boxes, flat, height } = layout(columns, width, named);
  target.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const [lines, numbers, tracks] = [svg("g"), svg("g"), []];

  const write = (number, x, y, anchor, text = short(number.value)) => {
    const its = { x, y, "text-anchor": anchor, role: "button", tabindex: -1 };
    const made = svg("text", its, text);
    made.classList.toggle("bp-lit", lit(number));
    made.classList.toggle("bp-chosen", chosen(number));
    numbers.append(marked(made, number, label(number)));
  };
  // Where an arrow ends (0) or begins (1) at a box.
  const side = ({ x, y, w, h }, far, by) => (flat ? [x + far * w, y + h / 2 + by] : [x + w / 2 + by, y + far * h]);
  arrows.forEach((rows, c) => rows.forEach((row, i) => row.forEach((weight, j) => {
    const track = [side(boxes[c][i], 1, aside(j, row)), side(boxes[c + 1][j], 0, aside(i, rows))];
    const [[x, y], end] = track;
    const [dx, dy] = [end[0] - x, end[1] - y];
    const line = svg("path", { // a shaft and a head, drawn to the right and turned about its end
      d: `M${-Math.hypot(dx, dy)} 0H-9M-1 0l-9-4v8z`,
      transform: `translate(${end}) rotate(${(Math.atan2(dy, dx) * 180) / Math.PI})`,
      class: "bp-arrow",
    });
    line.classList.toggle("bp-active", c + 1 === active);
    line.classList.toggle("bp-onpath", onPath(c, i, j));
    lines.append(line);
    if (c + 1 === active) tracks.push(track);
    if (weight && (rows.length * row.length < 5 || onPath(c, i, j))) { // else it is crowded
      const text = (named ? `${label(weight)} = ` : "") + short(weight.value);
      const part = Math.max(0.28, flat ? (text.length * 3.6 + 2) / dx : 0); // before arrows cross, beside the box
      write(weight, x + part * dx, y + part * dy + 4, "middle", text);
    }
  })));
  columns.forEach((units, c) => units.forEach((list, i) => {
    const { x, y, w, h } = boxes[c][i];
    const box = svg("rect", { x, y, width: w, height: h, rx: 6, class: "bp-box" });
    box.classList.toggle("bp-onpath", onPath(c, i));
    lines.append(box);
    list.forEach(([name, index, number], row) => {
      if (!number && name[0] === "d") return; // named when it is computed: the steps say what d means
      const base = y + 18 + row * LINE;
      const full = label({ name, index });
      const text = w > 100 ? full : full.replace(/\d*_.*/, "");
      numbers.append(svg("text", { x: x + 6, y: base, class: number ? colour(name) : "bp-empty", "aria-hidden": true }, written(text)));
      if (number) write(number, x + w - 6, base, "end");
    });
  }));
  target.replaceChildren(lines, numbers);
  // A number on an arrow has its own ground, which cuts the arrow and no box.
  for (const text of numbers.querySelectorAll("[text-anchor=middle]")) {
    const { x, y, width, height } = text.getBBox();
    lines.querySelector(".bp-box").before(svg("rect", { x, y, width, height, class: "bp-ground" }));
  }
  const stop = [".bp-chosen", ".bp-lit", ".bp-number"].map((name) => numbers.querySelector(name));
  stop.find(Boolean)?.setAttribute("tabindex", 0);
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
