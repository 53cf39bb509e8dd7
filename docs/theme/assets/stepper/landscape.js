// <backprop-landscape network="NAME">: the loss over two weights as a map, and a walk downhill on
// it. The reader moves the learning rate and the start, and takes the steps.

import { descend, withWeights } from "./descent.js";
import { svg } from "./drawing.js";
import { Figure } from "./figure.js";
import { drawGround, drawWalk, SHADE } from "./map.js";
import { element, shown, still, style } from "./page.js";

const RATES = [0.02, 4]; // from, to
const TICK = 450; // milliseconds from step to step while playing
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const styled = style("landscape.css");

const tidy = (value) => Number(value.toFixed(2));
const clamped = (value, [from, to]) => Math.min(Math.max(value, from), to);
const weight = (i) => element("span", { className: "bp-weight" }, "w", element("sub", { textContent: i }));
const loss = () => element("i", { className: "bp-loss", textContent: "E" });

class Landscape extends Figure {
  styled = styled;

  begin(data) {
    this.data = data;
    this.first = data.network.layers.map(({ W }) => W[0][0]);
    Object.assign(this, { start: [...this.first], rate: data.rates.right, taken: data.count });
    this.build();
    this.render();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  build() {
    const { words, rates, count, levels } = this.data;
    const row = (...children) => element("div", { className: "bp-moves" }, ...children);
    const button = (textContent, onclick) => element("button", { type: "button", textContent, onclick });

    this.chart = element("div", { className: "bp-picture" });
    this.drawing = svg("svg", { role: "group", "aria-label": words.map });
    this.ground = svg("g");
    this.line = svg("g", { class: "bp-steps" });
    this.buildHandle();
    this.drawing.append(this.ground, this.line, this.handle);
    this.drawing.addEventListener("click", (event) => this.drag(event, true));
    const shade = (i) => {
      const swatch = element("span", { textContent: i ? shown(levels[i - 1]) : "0" });
      swatch.style.setProperty("--bp-shade", `${100 * (1 - (1 - SHADE) ** i)}%`);
      return swatch;
    };
    const legend = element(
      "p",
      { className: "bp-legend" },
      loss(),
      ...[0, ...levels].map((_, i) => shade(i)),
    );
    const floor = element("p", { className: "bp-floor-name" }, `${words.floor}, `, loss(), " = 0");
    this.chart.append(this.drawing);

    this.rates = ["small", "right", "large"].map((name) => button(words[name], () => this.set({ rate: rates[name] })));
    const [min, max] = RATES.map(Math.log10);
    this.dial = element("input", {
      type: "range", min, max, step: "any", ariaLabel: `${words.rate} η`,
      oninput: () => this.set({ rate: Number((10 ** this.dial.valueAsNumber).toPrecision(2)) }),
    });
    this.rateShown = element("span", { className: "bp-count" });

    this.inputs = [0, 1].map((i) => element("input", {
      type: "number", step: 0.1, ariaLabel: `${words.from} w${i + 1}`,
      onchange: ({ target }) => {
        const start = [...this.start];
        if (Number.isFinite(target.valueAsNumber)) start[i] = target.valueAsNumber;
        this.set({ start });
      },
    }));

    this.forward = button(words.step, () => this.set({ taken: this.reached + 1 }));
    this.playing = button(words.play, () => (this.timer ? this.pause() : this.play()));
    const reset = button(words.reset, () => this.set({ taken: 0, start: [...this.first] }));
    this.slider = element("input", {
      type: "range", min: 0, max: count, step: 1, ariaLabel: words.steps,
      oninput: () => this.set({ taken: this.slider.valueAsNumber }),
    });
    this.count = element("span", { className: "bp-count" });

    this.numbers = {};
    const cell = (name, ...label) =>
      element("p", {}, element("span", {}, ...label), (this.numbers[name] = element("strong")));
    const read = element(
      "div",
      { className: "bp-readout" },
      cell("w1", weight(1)), cell("w2", weight(2)), cell("E", loss()),
      ...[1, 2].map((i) => cell(`dw${i}`, "∂", loss(), "/∂", weight(i))),
    );
    this.says = element("p", { className: "bp-says", role: "status" });

    const rate = element("span", { className: "bp-label" }, `${words.rate} `, element("i", { className: "bp-rate", textContent: "η" }));
    const from = element("span", { className: "bp-label", textContent: words.from });
    this.replaceChildren(element(
      "div",
      { className: "bp-landscape" },
      element("div", {}, this.chart, legend, floor, this.says),
      element(
        "div",
        {},
        row(rate, this.rateShown, this.dial),
        row(...this.rates),
        row(from, ...[0, 1].map((i) => element("label", {}, weight(i + 1), " ", this.inputs[i]))),
        row(this.forward, this.playing, reset, this.count, this.slider),
        read,
      ),
    ));
    this.classList.add("bp-ready");
  }

  /** What the start is moved by: a dot within a larger one, for fingers. */
  buildHandle() {
    const { words, w1 } = this.data;
    this.handle = svg(
      "g",
      { class: "bp-handle", role: "slider", tabindex: 0, "aria-label": words.start, "aria-valuemin": w1[0], "aria-valuemax": w1[1] },
      svg("circle", { r: 18, class: "bp-reach" }),
      svg("circle", { r: 7 }),
    );
    this.handle.addEventListener("pointerdown", (event) => {
      this.handle.setPointerCapture(event.pointerId);
      this.handle.focus();
      event.preventDefault();
    });
    this.handle.addEventListener("pointermove", (event) => {
      if (this.handle.hasPointerCapture(event.pointerId)) this.drag(event);
    });
    this.handle.addEventListener("keydown", (event) => {
      const move = ARROWS[event.key];
      if (!move) return;
      event.preventDefault();
      const by = event.shiftKey ? 1 : 0.1;
      this.moveTo(this.start.map((value, i) => value + by * move[i]));
    });
  }

  /** The start to where the pointer is; a click beside the map is none. */
  drag({ clientX, clientY }, onlyOnMap = false) {
    const { left, top } = this.drawing.getBoundingClientRect();
    const [x, y] = [clientX - left, clientY - top];
    const [x1, y1, x2, y2] = this.scale.box;
    if (onlyOnMap && (x < x1 || x > x2 || y < y1 || y > y2)) return;
    this.moveTo(this.scale.weights(x, y));
  }

  moveTo([a, b]) {
    const { w1, w2 } = this.data;
    this.set({ start: [tidy(clamped(a, w1)), tidy(clamped(b, w2))] });
  }

  set(changes) {
    this.pause();
    Object.assign(this, changes);
    this.render();
  }

  play() {
    if (this.reached === this.places.length - 1) this.taken = 0;
    if (still.matches) return this.set({ taken: this.data.count });
    this.timer = setInterval(() => {
      this.taken = this.reached + 1;
      this.render();
      if (this.reached === this.data.count || this.taken > this.reached) this.pause();
    }, TICK);
    this.says.ariaLive = "off"; // a step and a half a second is too much to be read out
    this.render();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.says.ariaLive = "polite";
    this.playing.textContent = this.data.words.play;
  }

  render() {
    const { data, start, rate } = this;
    const { words, count } = data;
    this.places = descend(withWeights(data.network, start), rate, count);
    this.reached = Math.max(0, Math.min(this.taken, this.places.length - 1));

    const here = this.places[this.reached] ?? { weights: start, slopes: [] };
    const numbers = { w1: here.weights[0], w2: here.weights[1], E: here.loss, dw1: here.slopes[0], dw2: here.slopes[1] };
    for (const [name, value] of Object.entries(numbers)) {
      this.numbers[name].textContent = value === undefined ? "–" : shown(value);
      Object.assign(this.numbers[name].dataset, { name, value: value ?? "" });
    }
    this.rateShown.textContent = shown(rate);
    this.dial.value = Math.log10(rate);
    this.dial.ariaValueText = `η = ${shown(rate)}`;
    this.rates.forEach((button, i) => (button.ariaPressed = rate === Object.values(data.rates)[i]));
    this.inputs.forEach((input, i) => (input.value = start[i]));
    this.slider.value = this.reached;
    this.count.textContent = `${this.reached} / ${count}`;
    this.playing.textContent = this.timer ? words.pause : words.play;
    this.forward.disabled = this.taken >= count || this.taken > this.reached;
    this.handle.setAttribute("aria-valuenow", start[0]);
    this.handle.setAttribute("aria-valuetext", `w1 = ${shown(start[0])}, w2 = ${shown(start[1])}`);
    const said = this.said();
    if (this.says.textContent !== said) this.says.textContent = said;
    this.paint();
  }

  /** What has happened so far, in words. */
  said() {
    const { places, reached, taken } = this;
    const { words, w1, w2 } = this.data;
    if (!places.length) return words.startOverflow;
    const { loss, slopes } = places[reached];
    const off = ({ weights: [a, b] }) => a < w1[0] || a > w1[1] || b < w2[0] || b > w2[1];
    const left = places.slice(0, reached + 1).findIndex(off);
    const now = () => {
      if (!reached) return "begin";
      if (loss < 0.001) return "arrived";
      if (loss > 0.01 && Math.max(...slopes.map(Math.abs)) < 0.001) return "stuck";
      return loss < places[reached - 1].loss ? "fell" : "grew";
    };
    const parts = [words[now()].replace("{k}", reached).replace("{E}", shown(loss))];
    if (left >= 0) parts.push(left ? words.outside.replace("{k}", left) : words.startOutside);
    if (taken > reached) parts.push(words.overflow.replace("{k}", places.length));
    return parts.join(" ");
  }

  paint() {
    const width = this.chart.clientWidth;
    if (width !== this.width) {
      this.width = width;
      this.scale = drawGround(this.ground, this.drawing, this.data, Math.max(width, 200));
    }
    const { box, place } = this.scale;
    this.line.replaceChildren(...drawWalk(this.scale, this.places.slice(0, this.reached + 1)));
    const [x, y] = place(this.start);
    this.handle.setAttribute("transform", `translate(${clamped(x, [box[0], box[2]])}, ${clamped(y, [box[1], box[3]])})`);
  }
}

customElements.define("backprop-landscape", Landscape);
