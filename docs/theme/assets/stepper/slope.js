// <backprop-slope curves="NAME" first="CURVE">: drag a point along a curve and see the slope there:
// the tangent, and a secant through a second point that comes nearer. No function is computed here:
// values and slopes are those that the site's build wrote (docs/hooks/steppers/slopes.py).

import { svg } from "./drawing.js";
import { Figure } from "./figure.js";
import { element, shown, signed, style } from "./page.js";

const styled = style("slope.css");
const rounded = (value) => Number(value.toFixed(6)); // 0.1 + 0.2 is 0.3

class Slope extends Figure {
  styled = styled;

  get source() {
    return `slope/${this.getAttribute("curves")}`;
  }

  begin({ curves }) {
    this.curves = curves;
    this.build();
    this.take(this.getAttribute("first"));
  }

  redraw() {
    this.paint();
  }

  build() {
    const { words, curves } = this;
    const tell = () => (this.live.textContent = this.told());
    const cell = (name, text = "") => element("p", {}, (this[`${name}Name`] = element("span", { textContent: text })), (this[name] = element("strong")));
    this.chart = element("div", { className: "bp-picture" });
    this.drawing = svg("svg", { role: "img" });
    this.chart.append(this.drawing);
    this.choice = element("select", { ariaLabel: words.curve, onchange: () => (this.take(this.choice.value), tell()) });
    this.choice.append(...curves.map(({ name, formula }) => element("option", { value: name, textContent: formula })));
    this.dial = element("input", { type: "range", min: 0, step: 1, ariaLabel: words.point, oninput: () => this.render() });
    this.letter = element("span", { className: "bp-knob", ariaHidden: "true" });
    this.withSecant = element("input", { type: "checkbox", onchange: () => (this.render(), tell()) });
    this.size = element("input", { type: "range", min: 0, step: 1, ariaLabel: words.size, oninput: () => this.render() });
    this.live = element("p", { className: "bp-live", ariaLive: "polite" });
    this.replaceChildren(
      this.chart,
      element(
        "div",
        { className: "bp-slope-side" },
        this.choice,
        element("div", { className: "bp-knobs" }, this.letter, this.dial),
        element("div", { className: "bp-knobs" }, element("label", {}, this.withSecant, ` ${words.show}`), element("span", { className: "bp-knob", textContent: "h", ariaHidden: "true" }), this.size),
        element("div", { className: "bp-changes" }, cell("at"), cell("value"), cell("h", "h"), cell("slope", words.slope), cell("secant", words.secant)),
      ),
      this.live,
    );
    this.followPointer();
    this.classList.add("bp-ready");
  }

  /** The point goes where mouse or finger are; a finger that moves up or down scrolls the page. */
  followPointer() {
    const { drawing, dial } = this;
    const move = ({ clientX }) => {
      const [left, right] = this.curve.window;
      const { x, width } = drawing.getBoundingClientRect();
      const at = left + ((clientX - x) / width) * (right - left);
      dial.value = Math.round((at - this.curve.start) / this.curve.step);
      this.render();
    };
    drawing.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      drawing.setPointerCapture(event.pointerId);
      dial.focus({ preventScroll: true });
      event.preventDefault();
      move(event);
    });
    drawing.addEventListener("pointermove", (event) => drawing.hasPointerCapture(event.pointerId) && move(event));
    drawing.addEventListener("pointerup", () => (this.live.textContent = this.told()));
  }

  /** Another curve. */
  take(name) {
    this.curve = this.curves.find((curve) => curve.name === name);
    this.choice.value = name;
    this.dial.max = this.curve.slopes.length - 1;
    this.dial.value = this.curve.first;
    this.size.max = this.curve.strides.length - 1;
    this.size.value = this.size.max;
    this.render();
  }

  /** The reader's point, and the one a step h further on. */
  now() {
    const { values, slopes, start, step, strides } = this.curve;
    const i = this.dial.valueAsNumber;
    const stride = strides[this.size.valueAsNumber];
    const h = rounded(stride * step);
    const [x, y, next] = [rounded(start + i * step), values[i], values[i + stride]];
    return { x, y, slope: slopes[i], h, next, secant: (next - y) / h };
  }

  /** The numbers in words. */
  told() {
    const { x, y, slope, h, secant } = this.now();
    const [across, up] = this.curve.letters;
    const found = `${across} = ${shown(x)}, ${up} = ${shown(y)}, ${this.words.slope} ${shown(slope)}`;
    return this.withSecant.checked ? `${found}; h = ${shown(h)}, ${this.words.secant} ${shown(secant)}` : found;
  }

  render() {
    const { x, y, slope, h, secant } = this.now();
    const { letters, colours, formula } = this.curve;
    const { checked } = this.withSecant;
    this.drawing.setAttribute("aria-label", this.words.picture.replace("{formula}", formula));
    this.letter.textContent = this.atName.textContent = letters[0];
    this.valueName.textContent = letters[1];
    const say = (output, name, value, role = "") => {
      output.textContent = shown(value);
      output.className = role && `bp-${role}`;
      Object.assign(output.dataset, { name, value });
    };
    say(this.at, "x", x, colours[0]);
    say(this.value, "y", y, colours[1]);
    say(this.slope, "slope", slope, "error");
    say(this.h, "h", h);
    say(this.secant, "secant", secant);
    this.size.disabled = !checked;
    for (const output of [this.h, this.secant]) output.parentElement.classList.toggle("bp-off", !checked);
    this.dial.ariaValueText = this.told();
    this.size.ariaValueText = `h = ${shown(h)}: ${this.words.secant} ${shown(secant)}`;
    this.paint();
  }

  paint() {
    this.width = this.chart.clientWidth;
    const { x, y, slope, h, next, secant } = this.now();
    const { window: [left, right, bottom, top], ticks, letters, colours, values, start, step } = this.curve;
    const [width, height] = [this.width || 360, this.width < 330 ? 260 : 300];
    const across = (at) => ((at - left) / (right - left)) * width;
    const up = (at) => ((top - at) / (top - bottom)) * height;
    const line = (x1, y1, x2, y2, name) => svg("line", { x1: across(x1), y1: up(y1), x2: across(x2), y2: up(y2), class: name });
    const through = (rise, name) => line(left, y + rise * (left - x), right, y + rise * (right - x), name);
    const dot = (at, value, name) => svg("circle", { cx: across(at), cy: up(value), r: name ? 4.5 : 6, class: name ?? "" });
    const text = (words, at, value, anchor, name, [dx, dy]) =>
      svg("text", { x: across(at) + dx, y: up(value) + dy, "text-anchor": anchor, class: name }, words);

    // A step of the triangle: 1 along the tangent, or h to the second point.
    const { checked } = this.withSecant;
    const [run, rise] = checked ? [h, next - y] : [1, slope];
    const corners = [[x, y], [x + run, y], [x + run, y + rise]].map(([at, value]) => `${across(at)},${up(value)}`);
    const downward = rise < 0;
    const large = across(x + run) - across(x) > 14; // or its letters would cover it
    const letter = (words, ...where) => (large ? [text(words, ...where)] : []);
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.drawing.style.height = `${height}px`;
    this.drawing.replaceChildren(
      ...ticks[0].map((tick) => line(tick, bottom, tick, top, tick ? "bp-grid" : "bp-axis")),
      ...ticks[1].map((tick) => line(left, tick, right, tick, tick ? "bp-grid" : "bp-axis")),
      ...ticks[0].map((tick) => text(shown(tick), tick, bottom, "middle", "bp-tick", [0, -4])),
      ...ticks[1].map((tick) => text(shown(tick), left, tick, "start", "bp-tick", [1, -4])),
      text(letters[0], right, 0, "end", `bp-axis-name bp-${colours[0]}`, [-4, -7]),
      text(letters[1], 0, top, "start", `bp-axis-name bp-${colours[1]}`, [7, 15]),
      svg("polygon", { points: corners.join(" "), class: "bp-triangle" }),
      svg("polyline", { points: values.map((value, i) => `${across(start + i * step).toFixed(1)},${up(value).toFixed(1)}`).join(" "), class: `bp-graph bp-${colours[1]}` }),
      ...(checked ? [through(secant, "bp-secant")] : []),
      through(slope, "bp-slope-line"),
      ...(checked ? [dot(x + h, next, "bp-second")] : []),
      dot(x, y),
      ...letter(checked ? "h" : "1", x + run / 2, y, "middle", "", [0, downward ? -6 : 16]),
      ...letter(checked ? `Δ${letters[1]}` : signed(shown(slope)), x + run, y + rise / 2, "start", checked ? `bp-${colours[1]}` : "bp-error", [7, 4]),
    );
  }
}

customElements.define("backprop-slope", Slope);
