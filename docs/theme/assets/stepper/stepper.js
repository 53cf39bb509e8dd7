// <backprop-stepper network="NAME">: a network whose passes forward and back are walked through one
// step at a time. What it begins with was written by backprop.trace when the site was built; what
// a reader changes is computed by model.js. The figure inside is shown until all has loaded.

import { curve, draw, run, svg } from "./drawing.js";
import { element, load, shown, still, typeset } from "./page.js";
import { chain, equation } from "./rows.js";
import { scene } from "./scene.js";
import { Walk } from "./walk.js";

const TICK = 2200; // milliseconds a step stands while playing

class Stepper extends HTMLElement {
  async connectedCallback() {
    if (this.walk) return;
    this.name = this.getAttribute("network");
    const data = await load(this.name);
    if (!this.isConnected || this.walk) return;
    this.words = data.words;
    this.walk = new Walk(data);
    this.build();
    const [name, ...state] = (new URLSearchParams(location.search).get("stepper") ?? "").split("~");
    if (name === this.name) {
      this.removeAttribute("quiet");
      this.walk.restore(state.join("~"));
      this.touched = true;
      this.scrollIntoView({ block: "center" });
    }
    this.render();
    this.resized = new ResizeObserver(() => this.boxes.picture.clientWidth !== this.width && this.render());
    this.resized.observe(this.boxes.picture);
    if (this.hasAttribute("quiet")) this.playOnceSeen();
  }

  disconnectedCallback() {
    this.pause();
    this.resized?.disconnect();
    this.seen?.disconnect();
  }

  // The elements, made once.

  build() {
    const { words, walk } = this;
    Object.assign(this, { buttons: {}, boxes: {} });
    const button = (name, onclick) =>
      (this.buttons[name] = element("button", { type: "button", textContent: words[name], className: `bp-${name}`, onclick }));
    const div = (name, ...children) =>
      (this.boxes[name] = element("div", { className: `bp-${name}` }, ...children));
    const input = (type, ariaLabel, oninput) => element("input", { type, ariaLabel, oninput });
    const select = (ariaLabel, options, onchange) => element("select", { ariaLabel, onchange },
      ...options.map((textContent, value) => element("option", { value, textContent })));

    this.drawing = svg("svg", { role: "group", "aria-label": this.querySelector("img")?.alt ?? this.name });
    this.steps = input("range", words.step, () => this.go(Number(this.steps.value)));
    this.steps.max = walk.steps.length - 1;
    this.count = element("span", { className: "bp-count" });
    this.says = element("p", { className: "bp-title" });
    this.given = walk.given().map((number) => walk.numbers.label(number));
    this.which = select(words.change, this.given, () => this.look(this.given[this.which.value]));
    this.which.value = this.given.indexOf("W1_11");
    this.dial = input("range", words.value, () => this.turn(this.dial));
    this.exact = Object.assign(input("number", words.value, () => this.turn(this.exact)), { step: "any" });
    this.losses = svg("svg", { class: "bp-losses", role: "img" });
    this.falling = element("p");
    this.link = element("a", { textContent: words.link, onclick: (event) => this.share(event) });
    this.live = element("p", { className: "bp-live", ariaLive: "polite" });

    const samples = walk.network.x.map((_, s) => `${words.sample} ${s + 1}`);
    const sampling = select(words.sample, samples, () => {
      walk.sample = Number(sampling.value);
      this.render();
    });
    sampling.hidden = samples.length === 1;
    this.replaceChildren(
      div("picture", this.drawing),
      button("walk", () => this.stepIn()),
      div("moves",
        button("back", () => this.go(walk.at - 1)), button("next", () => this.go(walk.at + 1)),
        button("play", () => (this.timer ? this.pause() : this.play())), this.steps, this.count),
      this.says,
      div("panel",
        div("sums", div("formula"), div("rows")),
        div("code", element("p", { className: "bp-file" }), element("pre"))),
      div("chain"),
      div("descent", button("again", () => this.descend()), this.losses, this.falling),
      div("knobs", sampling, this.which, this.dial, this.exact),
      div("foot", button("reset", () => this.reset()), this.link),
      this.live,
    );
    this.boxes.code.classList.add("highlight");
    this.addEventListener("click", (event) => this.look(event.target.closest?.(".bp-number")?.dataset.name));
    this.addEventListener("focusin", ({ target }) => !this.rendering && target.matches(".bp-number:focus-visible") && this.look(target.dataset.name));
    this.addEventListener("keydown", (event) => this.key(event));
    this.classList.add("bp-ready");
  }

  // What a reader does.

  go(at) {
    if (!this.playing) this.pause();
    this.touched = true;
    this.walk.go(at);
    this.render();
  }

  goTo(place) {
    this.removeAttribute("quiet");
    this.pause();
    this.touched = true;
    this.walk.goTo(place);
    this.render();
    this.scrollIntoView({ block: "nearest", behavior: still.matches ? "instant" : "smooth" });
  }

  stepIn() {
    this.removeAttribute("quiet");
    this.go(0);
    this.buttons.next.focus();
  }

  descend() {
    this.walk.again();
    this.go(this.walk.at);
  }

  reset() {
    this.walk.reset();
    this.go(0);
  }

  /** Look at a number: where it comes from is shown, and a given one can be turned. */
  look(label) {
    if (!label || label === this.walk.focus) return;
    this.pause();
    this.walk.focus = label;
    if (this.given.includes(label)) this.which.value = this.given.indexOf(label);
    this.render();
  }

  // Arrow keys go from number to number, Escape lets go of one.
  key(event) {
    const group = this.groupOf(event.target);
    if (!group) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const all = [...group.querySelectorAll(".bp-number")];
      const next = all[(all.indexOf(event.target) + step + all.length) % all.length];
      this.look(next.dataset.name);
      this.refocus(group, next.dataset.name);
    }
    if (event.key === "Escape") {
      this.walk.focus = null;
      this.render();
    }
  }

  groupOf(node) {
    return [this.drawing, this.boxes.rows, this.boxes.chain].find((part) => part.contains(node));
  }

  refocus(group, label) {
    const same = [...group.querySelectorAll(".bp-number")].find(({ dataset }) => dataset.name === label);
    same?.focus({ preventScroll: true });
  }

  turn(input) {
    this.pause();
    this.walk.change(this.walk.find(this.given[this.which.value]), input.valueAsNumber);
    this.render(input);
  }

  share(event) {
    event.preventDefault();
    event.stopPropagation();
    history.replaceState(history.state, "", this.link.href);
    navigator.clipboard?.writeText(this.link.href).catch(() => {});
    this.live.textContent = this.words.copied;
  }

  play() {
    if (this.walk.last) this.go(0);
    const tick = () => {
      this.playing = true;
      this.go(this.walk.at + 1);
      this.playing = false;
      if (this.walk.last) this.pause();
    };
    this.timer = setInterval(tick, this.hasAttribute("quiet") ? TICK / 2 : TICK);
    this.buttons.play.textContent = this.words.pause;
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    if (this.walk) this.buttons.play.textContent = this.words.play;
  }

  playOnceSeen() {
    this.seen = new IntersectionObserver(([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      this.seen.disconnect();
      if (!this.hasAttribute("quiet")) return;
      if (still.matches) this.go(this.walk.steps.length - 1);
      else this.play();
    }, { threshold: 0.6 });
    this.seen.observe(this);
  }

  // What is shown.

  render(typing) {
    const { walk, words } = this;
    const { step, numbers, at } = walk;
    const picked = walk.find(walk.focus);
    const here = document.activeElement;
    const [group, name] = [this.groupOf(here), here?.dataset.name];
    this.dataset.step = step.name;
    this.width = this.boxes.picture.clientWidth;
    const tracks = draw(this.drawing, scene(walk, picked), this.width || 600);
    const moved = this.painted !== undefined && this.painted !== at;
    if (moved && !still.matches) run(this.drawing, tracks, step.phase === "backward");
    const { back, next } = this.buttons;
    if (at === 0 && here === back) next.focus(); // before it is disabled: focus would be lost
    if (walk.last && here === next) back.focus();
    back.disabled = at === 0;
    next.disabled = walk.last;
    this.steps.value = at;
    this.steps.ariaValueText = words.of.replace("{i}", at + 1).replace("{n}", walk.steps.length);
    this.count.textContent = `${at + 1} / ${walk.steps.length}`;
    this.says.textContent = step.says;
    this.link.href = `?stepper=${this.name}~${walk.state}`;
    this.renderFormula(step);
    const results = numbers.results(step.name);
    this.boxes.rows.replaceChildren(...this.some(results).map((number) => equation(numbers, number)));
    Object.assign(this.boxes.rows.dataset, { name: step.name, value: JSON.stringify(step.value ?? walk.moved.layers) });
    this.boxes.chain.hidden = !picked;
    this.boxes.chain.replaceChildren(...(picked ? chain(numbers, picked, words) : []));
    this.renderDial(typing);
    this.renderDescent();
    this.rendering = true; // what is given its focus back has not been chosen anew
    if (group) this.refocus(group, name);
    this.rendering = false;
    if (this.painted !== at && this.touched && !this.hasAttribute("quiet")) {
      const said = results.map((number) => `${numbers.label(number)} = ${shown(number.value)}`).join(", ");
      this.live.textContent = `${this.steps.ariaValueText}. ${step.says} ${said}`;
    }
    for (const equation of document.querySelectorAll("[data-steps]")) {
      const its = equation.dataset.steps.split(" ").includes(step.name);
      equation.classList.toggle("bp-now", Boolean(its && this.touched && !this.hasAttribute("quiet")));
    }
    this.painted = at;
  }

  // Of many numbers, those of the row that is looked at.
  some(results) {
    if (results.length <= 12) return results;
    const { focus, sample, numbers } = this.walk;
    const row = results.find((number) => numbers.label(number) === focus)?.index[0] ?? (results[0].index.length > 1 ? sample : 0);
    const its = results.filter(({ index }) => index[0] === row);
    return its.length > 1 ? its : results.slice(0, 12);
  }

  renderFormula(step) {
    if (this.tex === step.tex) return;
    this.tex = step.tex;
    this.boxes.formula.replaceChildren(element("div", { className: "arithmatex", textContent: `\\[${step.tex}\\]` }));
    typeset(this.boxes.formula);
    const { title, lines, lit } = step.code;
    const [file, pre] = this.boxes.code.children;
    file.textContent = title;
    // Made by the build out of the package's own source.
    pre.innerHTML = `<code tabindex="0">${lines.map((line, i) => (lit.includes(i) ? `<mark>${line}</mark>` : `${line}\n`)).join("")}</code>`;
    const line = pre.querySelector("mark");
    if (line) pre.scrollTop = line.offsetTop - pre.offsetTop - 60;
  }

  renderDial(typing) {
    const number = this.walk.find(this.given[this.which.value]);
    const [min, max, step] = this.walk.range(number);
    Object.assign(this.dial, { min, max, step });
    for (const input of [this.dial, this.exact]) {
      input.ariaLabel = `${this.words.value}: ${this.given[this.which.value]}`;
      if (input !== typing) input.value = number.value;
    }
  }

  renderDescent() {
    const { walk, words } = this;
    this.boxes.descent.hidden = !walk.last && walk.losses.length === 1;
    this.buttons.again.hidden = !walk.last;
    const losses = [...walk.losses, walk.newLoss];
    curve(this.losses, losses);
    this.losses.setAttribute("aria-label", `${words.old}: ${losses.map((loss) => loss.toFixed(6)).join(", ")}`);
    const now = element("span", { textContent: `${words.new} ${walk.newLoss.toFixed(6)}` });
    Object.assign(now.dataset, { name: "new C", value: walk.newLoss });
    this.falling.replaceChildren(`${words.old} ${walk.loss.toFixed(6)} → `, now);
  }
}

customElements.define("backprop-stepper", Stepper);

// A link in the text, ?stepper=NAME~STEP, moves the stepper of that name. Elsewhere, and without
// this script, it is the address of that state.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href*="?stepper="]');
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || link.pathname !== location.pathname) return;
  const [name, place] = new URL(link.href).searchParams.get("stepper").split("~");
  const stepper = [...document.querySelectorAll("backprop-stepper.bp-ready")].find((one) => one.name === name);
  if (!stepper || stepper.contains(link)) return;
  event.preventDefault();
  event.stopPropagation();
  stepper.goTo(place);
}, true);
