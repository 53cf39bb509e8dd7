// <backprop-nudge network="NAME" parameter="W1_11">, or "w" of a single unit: move one weight, and see the change of the
// loss that its derivative predicts beside the one that really happens. A demon (demon.js) moves sums.

import { svg } from "./drawing.js";
import { Figure } from "./figure.js";
import { trace } from "./model.js";
import { element, shown, signed, style } from "./page.js";

const REACH = 2; // how far the weight can be moved
const styled = style("nudge.css");

export class Nudge extends Figure {
  styled = styled;
  role = "weight"; // the colour of what is moved

  begin({ network, steps }) {
    this.network = network;
    this.named = this.getAttribute("parameter");
    const [, name, i, j] = (this.named === "w" ? "W1_11" : this.named).match(/^(W\d)_(\d)(\d)$/);
    this.move = ({ W }, change) => (W[i - 1][j - 1] += change);
    const its = this.line({ layer: Number(name[1]), slope: steps.find((step) => step.name === `d${name}`).value[i - 1][j - 1] });
    const { words } = this;
    this.build(
      words.nudge.replace("{name}", this.named),
      [element("span", { textContent: `Δ${this.named}` })],
      { change: words.nudged, predicted: words.predicted, real: words.real, off: words.off },
    );
    this.take(its, [its]);
  }

  /** Every step of the network with a number of a layer moved by so much. */
  moved(its, change) {
    const network = structuredClone(this.network);
    this.move(network.layers[its.layer - 1], change, its);
    return trace(network);
  }

  loss(its, change) {
    return this.moved(its, change).find(({ name }) => name === "C").value;
  }

  /** What can be moved, { layer, slope, … }, with its curve: the loss for each change. */
  line(its) {
    const changes = Array.from({ length: 81 }, (_, k) => (k / 40 - 1) * REACH);
    return { ...its, curve: changes.map((change) => [change, this.loss(its, change)]) };
  }

  build(ariaLabel, knobs, cells) {
    const cell = ([name, text]) => element("p", {}, element("span", { textContent: text }), (this.cells[name] = element("strong")));
    this.cells = {};
    this.chart = element("div", { className: "bp-picture" });
    this.drawing = svg("svg", { role: "img", "aria-label": this.querySelector("img")?.alt ?? ariaLabel });
    this.chart.append(this.drawing);
    this.dial = element("input", { type: "range", min: -REACH, max: REACH, step: 0.01, value: 1, ariaLabel, oninput: () => this.render() });
    this.replaceChildren(
      this.chart,
      element("div", { className: "bp-knobs" }, ...knobs, this.dial),
      element("div", { className: "bp-changes" }, ...Object.entries(cells).map(cell)),
    );
    this.classList.add("bp-ready");
  }

  /** Move this one, in a picture that has room for the lines of all. */
  take(its, all) {
    this.its = its;
    this.start = this.loss(its, 0);
    const losses = all.flatMap(({ slope, curve }) => [...curve.map(([, loss]) => loss), ...[-REACH, REACH].map((each) => this.start + slope * each)]);
    this.range = [Math.min(0, ...losses), Math.max(...losses)]; // the axis is E = 0
    this.render();
  }

  render() {
    const { its, dial, words } = this;
    const change = dial.valueAsNumber;
    const predicted = its.slope * change;
    const real = this.loss(its, change) - this.start;
    dial.ariaValueText = `${shown(change)}: ${words.predicted} ${shown(predicted)}, ${words.real} ${shown(real)}`;
    // All changes of the loss with as many decimals, four digits of the predicted one: to compare.
    const decimals = change && Math.min(9, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(predicted)))));
    this.tell(change, predicted, real, (value) => signed(value.toFixed(decimals)));
    this.paint(change, predicted, real);
  }

  tell(change, predicted, real, fixed) {
    this.say("change", change, shown(change));
    this.say("predicted", predicted, fixed(predicted));
    this.say("real", real, fixed(real));
    this.say("off", real - predicted, fixed(real - predicted));
  }

  say(name, value, text) {
    const output = this.cells[name];
    output.textContent = `${value > 0 ? "+" : ""}${text}`;
    Object.assign(output.dataset, { name, value });
  }

  paint(change, predicted, real) {
    this.width = this.chart.clientWidth;
    const { slope, curve } = this.its;
    const [width, height, edge] = [this.width || 600, 250, 34];
    const ends = [-REACH, REACH].map((each) => this.start + slope * each);
    const [low, high] = this.range;
    const x = (each) => edge + ((each + REACH) / (2 * REACH)) * (width - 2 * edge);
    const y = (loss) => height - edge - ((loss - low) / (high - low)) * (height - 2 * edge);
    const line = (x1, y1, x2, y2, name) => svg("line", { x1, y1, x2, y2, class: name });
    const text = (words, at, up, anchor, name) => svg("text", { x: at, y: up, "text-anchor": anchor, class: name }, words);
    const here = x(change);
    const top = [predicted, real].map((each) => y(this.start + each));
    const names = change ? this.words.bars.split("|") : ["", ""];
    const beside = (moved) => y(this.start) + (moved > 0 ? 14 : -6); // where neither line nor bar is
    const far = change < 0 ? 1 : -1; // the loss at the start is written at the other end
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.drawing.replaceChildren(
      line(edge, height - edge, width - edge, height - edge, "bp-arrow"),
      line(x(0), edge / 2, x(0), height - edge, "bp-arrow"),
      line(edge, y(this.start), width - edge, y(this.start), "bp-arrow bp-level"),
      line(x(-REACH), y(ends[0]), x(REACH), y(ends[1]), "bp-tangent"),
      svg("polyline", { points: curve.map(([each, loss]) => `${x(each)},${y(loss)}`).join(" "), class: "bp-curve" }),
      line(here + 9, y(this.start), here + 9, top[0], "bp-tangent bp-bar"),
      line(here - 9, y(this.start), here - 9, top[1], "bp-curve bp-bar"),
      ...top.map((up) => line(here - 4, up, here + 4, up, "bp-gap")), // a bracket around what they differ by
      line(here, top[0], here, top[1], "bp-gap"),
      text(names[0], here + 5, beside(predicted), "start", "bp-named"),
      text(names[1], here - 5, beside(predicted), "end", "bp-loss"),
      text(`Δ${this.named}`, width - edge, height - 5, "end", `bp-${this.role}`),
      text("E", x(0) - 8, edge / 2 + 8, "end", "bp-loss"),
      ...[-REACH, -REACH / 2, 0, REACH / 2, REACH].map((each) => text(shown(each), x(each), height - edge + 16, "middle")),
      ...[low, high].map((each) => text(shown(Number(each.toFixed(2))), x(0) + 6, y(each) - 3, "start", "bp-loss")),
      text(shown(this.start), x(far * REACH), beside(slope * far), far < 0 ? "start" : "end", "bp-loss"),
    );
  }
}

customElements.define("backprop-nudge", Nudge);
