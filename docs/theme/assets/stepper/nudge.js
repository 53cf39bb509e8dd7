// <backprop-nudge network="NAME" parameter="W1_11">, or "w" of a single unit: move one weight, and see the change of the
// loss that its derivative predicts beside the one that really happens.

import { svg } from "./drawing.js";
import { Figure } from "./figure.js";
import { trace } from "./model.js";
import { element, shown, signed, style } from "./page.js";

const REACH = 2; // how far the weight can be moved
const styled = style("nudge.css");

class Nudge extends Figure {
  styled = styled;

  begin({ network, steps }) {
    this.network = network;
    const parameter = this.getAttribute("parameter");
    const [, name, i, j] = (parameter === "w" ? "W1_11" : parameter).match(/^(W\d)_(\d)(\d)$/);
    this.place = [Number(name[1]) - 1, i - 1, j - 1];
    this.slope = steps.find((step) => step.name === `d${name}`).value[i - 1][j - 1];
    this.start = this.loss(0);
    this.curve = Array.from({ length: 81 }, (_, k) => (k / 40 - 1) * REACH).map((change) => [change, this.loss(change)]);
    this.build();
    this.render();
  }

  /** The loss with the weight moved by so much. */
  loss(change) {
    const moved = structuredClone(this.network);
    const [l, i, j] = this.place;
    moved.layers[l].W[i][j] += change;
    return trace(moved).find(({ name }) => name === "C").value;
  }

  build() {
    const { words } = this;
    const ariaLabel = words.nudge.replace("{name}", this.getAttribute("parameter"));
    const cell = (text, name) => element("p", {}, element("span", { textContent: text }), (this[name] = element("strong")));
    this.chart = element("div", { className: "bp-picture" });
    this.drawing = svg("svg", { role: "img", "aria-label": this.querySelector("img")?.alt ?? ariaLabel });
    this.chart.append(this.drawing);
    this.dial = element("input", { type: "range", min: -REACH, max: REACH, step: 0.01, value: 1, ariaLabel, oninput: () => this.render() });
    this.replaceChildren(
      this.chart,
      element("div", { className: "bp-knobs" }, element("span", { textContent: `Δ${this.getAttribute("parameter")}` }), this.dial),
      element("div", { className: "bp-changes" }, cell(words.nudged, "moved"), cell(words.predicted, "predicted"), cell(words.real, "real"), cell(words.off, "off")),
    );
    this.classList.add("bp-ready");
  }

  render() {
    const change = this.dial.valueAsNumber;
    const predicted = this.slope * change;
    const real = this.loss(change) - this.start;
    // All changes of the loss with as many decimals, four digits of the predicted one: to compare.
    const decimals = change && Math.min(9, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(predicted)))));
    const fixed = (value) => signed(value.toFixed(decimals));
    const say = (output, name, value, text) => {
      output.textContent = `${value > 0 ? "+" : ""}${text}`;
      Object.assign(output.dataset, { name, value });
    };
    say(this.moved, "change", change, shown(change));
    say(this.predicted, "predicted", predicted, fixed(predicted));
    say(this.real, "real", real, fixed(real));
    say(this.off, "off", real - predicted, fixed(real - predicted));
    this.dial.ariaValueText = `${shown(change)}: ${this.words.predicted} ${shown(predicted)}, ${this.words.real} ${shown(real)}`;
    this.paint(change, predicted, real);
  }

  paint(change, predicted, real) {
    this.width = this.chart.clientWidth;
    const [width, height, edge] = [this.width || 600, 250, 34];
    const ends = [-REACH, REACH].map((each) => this.start + this.slope * each);
    const [low, high] = [Math.min(0, ...ends), Math.max(...this.curve.map(([, loss]) => loss), ...ends)]; // the axis is E = 0
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
      svg("polyline", { points: this.curve.map(([each, loss]) => `${x(each)},${y(loss)}`).join(" "), class: "bp-curve" }),
      line(here + 9, y(this.start), here + 9, top[0], "bp-tangent bp-bar"),
      line(here - 9, y(this.start), here - 9, top[1], "bp-curve bp-bar"),
      ...top.map((up) => line(here - 4, up, here + 4, up, "bp-gap")), // a bracket around what they differ by
      line(here, top[0], here, top[1], "bp-gap"),
      text(names[0], here + 5, beside(predicted), "start", "bp-named"),
      text(names[1], here - 5, beside(predicted), "end", "bp-loss"),
      text(`Δ${this.getAttribute("parameter")}`, width - edge, height - 5, "end", "bp-weight"),
      text("E", x(0) - 8, edge / 2 + 8, "end", "bp-loss"),
      ...[-REACH, -REACH / 2, 0, REACH / 2, REACH].map((each) => text(shown(each), x(each), height - edge + 16, "middle")),
      ...[low, high].map((each) => text(shown(Number(each.toFixed(2))), x(0) + 6, y(each) - 3, "start", "bp-loss")),
      text(shown(this.start), x(far * REACH), beside(this.slope * far), far < 0 ? "start" : "end", "bp-loss"),
    );
  }
}

customElements.define("backprop-nudge", Nudge);
