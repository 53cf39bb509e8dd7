// The map of a landscape in SVG: shades of the loss, the floor of the valley, and a walk.

import { svg } from "./drawing.js";

export const SHADE = 0.11; // how much each level adds to the shade
const EDGE = { left: 34, right: 8, top: 8, bottom: 24 };
const HEAD = 9; // length of an arrow's head; a shorter step has none

/** w with its index, for text in SVG. */
const weight = (i, attributes) =>
  svg("text", { ...attributes, class: "bp-weight bp-letter" }, "w", svg("tspan", { dy: 4, "font-size": "75%" }, i));

/** The part of a line that lies in a box, or nothing (Liang and Barsky). */
function within([x1, y1], [x2, y2], [left, top, right, bottom]) {
  let [from, to] = [0, 1];
  const sides = [[x1 - x2, x1 - left], [x2 - x1, right - x1], [y1 - y2, y1 - top], [y2 - y1, bottom - y1]];
  for (const [way, room] of sides) {
    if (!Number.isFinite(way) || (way === 0 && room < 0)) return null;
    if (way < 0) from = Math.max(from, room / way);
    if (way > 0) to = Math.min(to, room / way);
  }
  return from < to ? [from, to].map((part) => [x1 + part * (x2 - x1), y1 + part * (y2 - y1)]) : null;
}

/** Draws the ground into a part of the whole drawing, for a width; says where weights are on it, and which weights are where. */
export function drawGround(target, whole, { w1, w2, bands, floor }, width) {
  const [across, up] = [w1[1] - w1[0], w2[1] - w2[0]];
  const scale = (width - EDGE.left - EDGE.right) / across; // the same both ways: downhill is at right angles to contours
  const height = EDGE.top + up * scale + EDGE.bottom;
  const box = [EDGE.left, EDGE.top, width - EDGE.right, height - EDGE.bottom];
  const place = ([a, b]) => [EDGE.left + (a - w1[0]) * scale, EDGE.top + (w2[1] - b) * scale];
  const weights = (x, y) => [w1[0] + (x - EDGE.left) / scale, w2[1] - (y - EDGE.top) / scale];
  const even = ([from, to]) => Array.from({ length: Math.floor(to / 2) - Math.ceil(from / 2) + 1 }, (_, i) => 2 * (Math.ceil(from / 2) + i));
  const number = (value, attributes) => svg("text", { ...attributes, class: "bp-number-line" }, String(value).replace("-", "−"));
  const ground = svg("g", { transform: `translate(${place([0, 0])}) scale(${scale}, ${-scale})` });
  ground.append(...bands.map((d) => svg("path", { d, class: "bp-band", "fill-opacity": SHADE, "fill-rule": "evenodd" })));
  ground.append(svg("path", { d: floor, class: "bp-floor", "vector-effect": "non-scaling-stroke" }));
  whole.setAttribute("viewBox", `0 0 ${width} ${height}`);
  target.replaceChildren(
    ground,
    svg("rect", { x: box[0], y: box[1], width: across * scale, height: up * scale, class: "bp-frame" }),
    ...even(w1).map((a) => number(a, { x: place([a, 0])[0], y: box[3] + 15, "text-anchor": "middle" })),
    ...even(w2).map((b) => number(b, { x: box[0] - 6, y: place([0, b])[1] + 4, "text-anchor": "end" })),
    weight(1, { x: box[2], y: box[3] + 15, "text-anchor": "end" }),
    weight(2, { x: 2, y: box[1] + 12 }),
  );
  return { box, place, weights };
}

/** A walk over the ground: a line for each step, with a head where it is long enough, and a dot
 * for each place. What lies off the map is cut off at its edge. */
export function drawWalk({ box, place }, places) {
  const [lines, dots] = [[], []];
  const spots = places.map(({ weights }) => place(weights));
  const onMap = ([x, y]) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
  spots.forEach((spot, k) => {
    if (onMap(spot)) dots.push(svg("circle", { cx: spot[0], cy: spot[1], r: k === spots.length - 1 ? 5 : 3 }));
    const part = k && within(spots[k - 1], spot, box);
    if (!part) return;
    const [[x1, y1], [x2, y2]] = part;
    lines.push(svg("line", { x1, y1, x2, y2 }));
    const length = Math.hypot(x2 - x1, y2 - y1);
    if (length < 2 * HEAD || !onMap(spot)) return;
    const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
    const at = (back, side) => `${x2 - back * dx - side * dy},${y2 - back * dy + side * dx}`;
    lines.push(svg("polygon", { points: [at(2, 0), at(HEAD + 2, 4.5), at(HEAD + 2, -4.5)].join(" ") }));
  });
  return [...lines, ...dots];
}
