// <backprop-stepper network="NAME">: a network whose passes forward and back are walked through one
// step at a time. What it begins with was written by backprop.trace when the site was built; what
// a reader changes is computed by model.js. The figure inside is shown until all has loaded.

import { curve, draw, run, svg } from "./drawing.js";
import { element, load, said, shown, still } from "./page.js";
import { chain, equation } from "./rows.js";
import { scene } from "./scene.js";
import { MOST, Walk } from "./walk.js";

const TICK = 2200; // milliseconds a step stands while playing
const MANY = 16; // more rows than these say less

class Stepper extends HTMLElement {
  async connectedCallback() {
    this.name = this.getAttribute("network");
    const data = this.data ?? (await load(this.name)); // the laboratory gives it a reader's own
    if (!this.isConnected || this.walk) return;
    this.words = data.words;
    this.walk = new Walk(data);
    this.build();
    const [name, ...state] = (new URLSearchParams(location.search).get("stepper") ?? "").split("~");
    if (name === this.name) {
      this.touched = true;
      this.removeAttribute("quiet");
      this.walk.restore(state.join("~"));
    }
    this.render();
    if (this.touched) this.scrollIntoView({ block: "start" });
    this.resized = new ResizeObserver(() => this.boxes.picture.clientWidth !== this.width && this.renderPicture());
    this.resized.observe(this.boxes.picture);
    if (this.quiet) this.playOnceSeen();
  }

  disconnectedCallback() {
    this.pause();
    this.resized?.disconnect();
    this.seen?.disconnect();
  }

  get quiet() { return this.hasAttribute("quiet"); }

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

    this.drawing = svg("svg", { role: "group", "aria-label": words.picture });
    this.steps = input("range", words.step, () => this.go(Number(this.steps.value)));
    this.steps.max = walk.steps.length - 1;
    this.count = element("span", { className: "bp-count" });
    this.says = element("p", { className: "bp-title" });
    this.given = walk.given().map((number) => walk.numbers.label(number));
    this.which = select(words.change, this.given, () => this.renderDial());
    this.which.value = this.given.findIndex((label) => /^w/i.test(label)); // the first weight
    this.dial = input("range", "", () => this.turn(this.dial));
    this.exact = Object.assign(input("number", "", () => this.turn(this.exact)), {
      step: "any", min: -MOST, max: MOST, onchange: () => this.exact.reportValidity() && this.renderDial(), // too large: the browser says so
    });
    this.losses = svg("svg", { class: "bp-losses", role: "img" });
    this.falling = element("p", { className: "bp-falling" });
    this.link = element("a", { textContent: words.link, onclick: (event) => this.share(event) });
    this.live = element("p", { className: "bp-live", ariaLive: "polite" });

    this.sampling = select(words.sample, walk.network.x.map((_, s) => `${words.sample} ${s + 1}`), () => {
      walk.sample = Number(this.sampling.value);
      this.render();
    });
    // Package code speaks of matrices: not where a page speaks of units.
    const code = walk.data.plain || this.hasAttribute("units") ? []
      : [div("code", element("pre"), element("p", { className: "bp-file" }), element("pre"))];
    this.sampling.hidden = walk.network.x.length === 1;
    this.replaceChildren(
      div("picture", this.drawing),
      button("walk", () => this.stepIn()),
      div("moves",
        button("back", () => this.go(walk.at - 1)), button("next", () => this.go(walk.at + 1)),
        button("play", () => (this.timer ? this.pause() : this.play())), this.steps, this.count),
      this.says,
      div("panel", div("sums", div("formula"), div("rows")), ...code),
      div("chain"),
      div("descent", button("again", () => this.descend()), this.losses, this.falling),
      div("knobs", this.sampling, element("span", { textContent: words.change, ariaHidden: true }), this.which, this.dial, this.exact),
      div("foot", button("reset", () => this.reset()), button("text", () => this.backToText()), this.link),
      this.live,
    );
    this.boxes.code?.classList.add("highlight");
    Object.assign(this.boxes.moves, { role: "group", ariaLabel: words.moves });
    this.buttons.text.hidden = true;
    this.addEventListener("click", ({ target }) => this.look(target.closest?.(".bp-number")));
    this.addEventListener("focusin", ({ target }) => this.focusOn(target));
    this.addEventListener("keydown", (event) => this.key(event));
    this.classList.add("bp-ready");
  }

  // What a reader does.

  go(at, byItself) {
    if (!byItself) this.pause();
    this.touched = true;
    this.walk.go(at);
    this.render();
  }

  /** Go where a link in the text points: "dW1" or "dW1:dW1_11", and what else a state may say. */
  goTo(state, link) {
    this.pause();
    this.touched = true;
    this.removeAttribute("quiet");
    if (state.includes("~")) this.walk.restore(state);
    else this.walk.goTo(state);
    this.render();
    this.came = link;
    this.buttons.text.hidden = !link;
    if (!link) return;
    this.scrollIntoView({ block: "start", behavior: still.matches ? "instant" : "smooth" });
    this.steps.focus({ preventScroll: true });
  }

  backToText() {
    this.came.scrollIntoView({ block: "center", behavior: still.matches ? "instant" : "smooth" });
    this.came.focus({ preventScroll: true });
  }

  stepIn() {
    this.removeAttribute("quiet");
    this.go(0);
    this.buttons.next.focus();
  }

  descend() {
    this.walk.again();
    this.go(this.walk.at);
    this.live.textContent = this.falling.textContent;
  }

  reset() {
    this.walk.reset();
    this.go(0);
  }

  /** Look at a number: where it comes from is shown, and a given one can be turned. */
  look(node) {
    const label = node?.dataset.name;
    const { walk } = this;
    if (!label || !walk.find(label)) return;
    this.pause();
    this.touched = true;
    this.removeAttribute("quiet");
    const inChain = this.boxes.chain.contains(node);
    const turnable = this.given.indexOf(label);
    if (turnable >= 0) {
      this.which.value = turnable;
      this.renderDial();
    }
    // A factor that was given does not replace the chain in which it stands.
    if (turnable >= 0 && walk.focus?.startsWith("d")) return;
    if (!inChain) this.opener = node.closest("svg") ? { label } : { node };
    walk.focus = label;
    this.renderChain();
    if (inChain) this.boxes.chain.firstChild.focus();
    else this.live.textContent = this.boxes.chain.firstChild.textContent;
  }

  // What the keyboard reaches outside the chain is looked at; there, Enter follows a factor.
  focusOn(target) {
    if (target.matches(".bp-number:focus-visible") && !this.boxes.chain.contains(target) && !this.giving) this.look(target);
  }

  letGo() {
    const inside = this.contains(document.activeElement);
    this.walk.focus = null;
    this.renderChain();
    if (inside && this.opener) this.giveFocus(this.opener.node ?? this.inPicture(this.opener.label));
  }

  // Focus that is given back is no choice of the reader's.
  giveFocus(node) {
    this.giving = true;
    node?.focus({ preventScroll: true });
    this.giving = false;
  }

  inPicture(label) {
    return [...this.drawing.querySelectorAll(".bp-number")].find(({ dataset }) => dataset.name === label);
  }

  // Escape lets go of a number; in the picture arrow keys go on to the next, Enter chooses.
  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") this.letGo();
    if (!this.drawing.contains(event.target)) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.look(event.target);
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...this.drawing.querySelectorAll(".bp-number")];
    const { name } = all[(all.indexOf(event.target) + step + all.length) % all.length].dataset;
    this.look(this.inPicture(name));
    this.giveFocus(this.inPicture(name));
  }

  turn(input) {
    this.pause();
    this.walk.change(this.walk.find(this.given[this.which.value]), input.valueAsNumber);
    this.render(input);
    this.live.textContent = `${this.words.old} ${shown(this.walk.loss)}`;
  }

  async share(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    history.replaceState(history.state, "", this.link.href);
    // Where it is not allowed, the address bar has it all the same.
    const done = await navigator.clipboard?.writeText(this.link.href).then(() => true, () => false);
    this.live.textContent = this.link.textContent = this.words[done ? "copied" : "inAddress"];
  }

  play() {
    if (this.walk.last) this.go(0);
    this.timer = setInterval(() => {
      this.go(this.walk.at + 1, true);
      if (this.walk.last) this.pause();
    }, this.quiet ? TICK / 2 : TICK);
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
      if (!this.quiet) return;
      if (still.matches) this.go(this.walk.steps.length - 1);
      else this.play();
    }, { threshold: 0.6 });
    this.seen.observe(this);
  }

  // What is shown.

  render(typing) {
    const { walk, words } = this;
    const { step, numbers, at } = walk;
    const here = document.activeElement;
    const moved = this.painted !== undefined && this.painted !== at;
    this.dataset.step = walk.called;
    this.renderChain(); // and the picture, in which it lights its path
    if (moved && !still.matches) run(this.drawing, this.tracks, step.phase === "backward");
    const { back, next } = this.buttons;
    if (at === 0 && here === back) next.focus(); // before it is disabled: focus would be lost
    if (walk.last && here === next) back.focus();
    back.disabled = at === 0;
    next.disabled = walk.last;
    this.steps.value = at;
    this.steps.ariaValueText = words.of.replace("{i}", at + 1).replace("{n}", walk.steps.length);
    this.count.textContent = `${at + 1} / ${walk.steps.length}`;
    this.says.textContent = step.says;
    this.sampling.value = walk.sample;
    this.renderFormula(step);
    const results = numbers.results(step.name);
    this.boxes.rows.replaceChildren(...results.slice(0, MANY).map((number) => equation(numbers, number)));
    Object.assign(this.boxes.rows.dataset, { name: walk.called, value: JSON.stringify(step.value ?? walk.moved.layers) });
    this.renderDial(typing);
    this.renderDescent();
    if (moved && !this.quiet) {
      const all = results.map((number) => said(numbers.label(number), number)).join(", ");
      this.live.textContent = `${this.steps.ariaValueText}. ${step.says} ${all}`;
    }
    if (this.touched && !this.quiet) {
      for (const equation of document.querySelectorAll("[data-steps]")) {
        equation.classList.toggle("bp-now", equation.dataset.steps.split(" ").includes(walk.called));
      }
    }
    this.painted = at;
  }

  renderPicture() {
    const { walk, drawing } = this;
    const held = drawing.contains(document.activeElement) && document.activeElement.dataset.name;
    this.width = this.boxes.picture.clientWidth;
    this.tracks = draw(drawing, scene(walk, walk.find(walk.focus)), this.width || 600);
    if (held) this.giveFocus(this.inPicture(held));
  }

  renderChain() {
    const { walk, boxes, words } = this;
    const picked = walk.find(walk.focus);
    boxes.chain.hidden = !picked;
    boxes.chain.replaceChildren(...(picked ? chain(walk.numbers, picked, words) : []));
    const base = this.base ? `${this.base}&` : "?";
    Object.assign(this.link, { href: `${base}stepper=${this.name}~${walk.state}`, textContent: words.link });
    this.renderPicture();
  }

  renderFormula(step) {
    if (this.formulaOf === step.name) return;
    this.formulaOf = step.name;
    const innerHTML = (this.hasAttribute("units") && step.unit) || step.tex; // typeset by the build
    this.boxes.formula.replaceChildren(element("div", { className: "arithmatex", innerHTML }));
    if (!this.boxes.code) return;
    // Made by the build: the step in the names of pages, and the package's own source.
    const [line, file, pre] = this.boxes.code.children;
    line.innerHTML = `<code>${step.code.line}</code>`;
    file.textContent = step.code.title;
    pre.innerHTML = `<code>${step.code.html}</code>`;
  }

  renderDial(typing) {
    const label = this.given[this.which.value];
    const number = this.walk.find(label);
    const [min, max, step] = this.walk.range(number);
    Object.assign(this.dial, { min, max, step });
    for (const input of [this.dial, this.exact]) {
      input.ariaLabel = `${this.words.value}: ${label}`;
      if (input !== typing) input.value = number.value;
    }
  }

  renderDescent() {
    const { walk, words } = this;
    this.boxes.descent.hidden = !walk.last;
    const losses = [...walk.losses, walk.newLoss];
    if (walk.far) losses.pop();
    curve(this.losses, losses);
    this.losses.setAttribute("aria-label", `${words.old}: ${losses.map((loss) => loss.toFixed(6)).join(", ")}`);
    const now = element("span", { textContent: walk.far ? words.far : `${words.new} ${walk.newLoss.toFixed(6)}` });
    this.buttons.again.ariaDisabled = walk.far; // not disabled: focus would be lost
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
  const [name, ...state] = new URL(link.href).searchParams.get("stepper").split("~");
  const stepper = [...document.querySelectorAll("backprop-stepper.bp-ready")].find((one) => one.name === name);
  if (!stepper || stepper.contains(link)) return;
  event.preventDefault();
  event.stopPropagation();
  stepper.goTo(state.join("~"), link);
}, true);

// Paper can't be stepped: a network not yet walked through is printed with all its numbers.
let printed = [];
addEventListener("beforeprint", () => {
  printed = [...document.querySelectorAll("backprop-stepper.bp-ready")].filter(({ walk }) => walk.at === 0);
  for (const stepper of printed) stepper.go(stepper.walk.steps.length - 1);
});
addEventListener("afterprint", () => {
  for (const stepper of printed) stepper.go(0);
});
