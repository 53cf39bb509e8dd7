// <backprop-lab>: a reader's own network behind five tabs: bring it, walk it, derive it, take it
// along, make worksheets of it. What stands inside is shown until all has loaded. Nothing is sent;
// what was typed stays in this browser (localStorage), and a link says all of a network.

import { draw, svg } from "../stepper/drawing.js";
import { element, style } from "../stepper/page.js";
import { scene } from "../stepper/scene.js";
import { Walk } from "../stepper/walk.js";
import { walkData } from "./data.js";
import { fromText, toText } from "./link.js";
import { filled, told } from "./told.js";

const KEPT = "bp-lab";
const PANELS = { // each is loaded when it is opened
  bring: () => import("./bring.js"),
  walk: () => import("./walking.js"),
  derive: () => import("./derive.js"),
  take: () => import("./take.js"),
  sheet: () => import("./sheet.js"),
};
const styled = style("../lab/lab.css");

class Lab extends HTMLElement {
  async connectedCallback() {
    if (this.words) return;
    const [found] = await Promise.all([fetch(new URL("lab.json", import.meta.url)), styled]);
    if (!found.ok) throw new Error(`${found.url}: ${found.status}`);
    const { words, presets, steps, stepper } = await found.json();
    if (!this.isConnected) return;
    Object.assign(this, { words, presets, stepper, panels: {} });
    this.told = new Map(steps.map((step) => [step.key, step]));
    const told = this.begin();
    this.before = this.others();
    this.build();
    await this.open(this.options.panel ?? "bring");
    this.classList.add("bp-ready");
    if (told) this.say(told);
  }

  // Which network: that of the address, else the one a page leads here with, else the one that was
  // here last, else the first of the course.

  begin() {
    const { frame } = this.words;
    const asked = new URLSearchParams(location.search);
    const kept = read();
    this.options = kept.options ?? {};
    const preset = this.presets.find(({ name }) => name === asked.get("preset"));
    const first = preset ?? this.presets.find(({ name }) => name === "network_222");
    this.network = first.network;
    this.mine = kept; // what was here last
    this.kept = kept.net; // and stays so until the reader changes what is shown instead
    const text = asked.get("net") ?? (preset ? null : kept.net);
    if (asked.has("stepper")) this.options.panel = "walk";
    if (!text) return "";
    const { network, options, problems } = fromText(text);
    if (!network) return filled(frame.unreadable, { why: told(this.words.bring, problems[0]), title: first.title });
    this.network = network;
    Object.assign(this.options, options);
    return asked.has("net") ? "" : frame.kept;
  }

  // The reader's own network that an address has put aside: as text, until another one is.
  others() {
    const known = [this.network, ...this.presets.map(({ network }) => network)].map((one) => toText(one));
    return [this.mine.net, this.mine.before].find((text) => {
      const { network } = text ? fromText(text) : {};
      return network && !known.includes(toText(network));
    });
  }

  build() {
    const { frame } = this.words;
    const names = Object.keys(PANELS);
    this.tabs = Object.fromEntries(names.map((name) => [name, element("button", {
      type: "button", role: "tab", id: `bp-tab-${name}`, textContent: frame[name], onclick: () => this.open(name),
    })]));
    this.list = element("div", { className: "bp-tabs", role: "tablist", ariaLabel: frame.tabs, onkeydown: (event) => this.key(event) },
      ...Object.values(this.tabs));
    this.shown = element("div", { className: "bp-panel", role: "tabpanel" });
    this.link = element("button", { type: "button", className: "bp-link", textContent: frame.link, onclick: () => this.share() });
    this.told_ = element("p", { className: "bp-told", ariaLive: "polite" });
    this.replaceChildren(this.list, this.shown, element("div", { className: "bp-foot" }, this.link), this.told_);
  }

  // Arrow keys go from tab to tab, as the pattern for tabs has it.
  key(event) {
    const names = Object.keys(PANELS);
    const at = names.indexOf(this.options.panel);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const name = names.at(to % names.length);
    this.open(name);
    this.tabs[name].focus();
  }

  async open(name) {
    const chosen = PANELS[name] ? name : "bring";
    this.choose("panel", chosen);
    this.say("");
    for (const [each, tab] of Object.entries(this.tabs)) {
      tab.ariaSelected = each === chosen;
      tab.tabIndex = each === chosen ? 0 : -1;
    }
    const module = await PANELS[chosen]();
    if (this.options.panel !== chosen) return; // the reader has gone on
    this.panels[chosen] ??= (module[chosen] ?? module.default)(this);
    this.shown.setAttribute("aria-labelledby", `bp-tab-${chosen}`);
    this.shown.dataset.panel = chosen;
    this.shown.replaceChildren(this.panels[chosen].element);
    this.panels[chosen].render();
  }

  // What panels use.

  /** Another network takes the place of this one. */
  take(network) {
    this.network = network;
    this.kept = toText(network);
    this.keep();
    if (/[?&](?:net|preset|stepper)=/.test(location.search)) { // else a reload would bring the old one back
      history.replaceState(history.state, "", location.pathname + location.hash);
    }
    this.panels[this.options.panel]?.render();
  }

  choose(key, value) {
    this.options[key] = value;
    this.keep();
  }

  say(text) {
    this.told_.textContent = text;
  }

  /** What a stepper walks through. */
  data() {
    return walkData(this.network, this.told, this.stepper);
  }

  /** Draw the network into an element, with one of its samples. lit is a set of places, "column,box"
   * or "column,from,to"; onpick gets { name, index, label } of a number that is chosen; backward
   * shows the way back, too. */
  picture(target, { lit = new Set(), sample = 0, onpick, backward = false } = {}) {
    const walk = new Walk(this.data());
    walk.go(backward ? walk.steps.length - 2 : 0);
    walk.sample = walk.network.x[sample] ? sample : 0;
    const its = scene(walk, null);
    const drawing = svg("svg", { role: "group", "aria-label": this.words.frame.picture });
    target.replaceChildren(drawing);
    target.classList.add("bp-picture");
    const route = { ...its, active: 0, lit: () => false, onPath: (...place) => lit.has(place.join()) };
    if (!backward) route.columns = its.columns.map((units) => units.map((lines) => lines.map(given)));
    draw(drawing, route, target.clientWidth || 600);
    apart(drawing);
    if (!onpick) {
      for (const number of drawing.querySelectorAll(".bp-number")) {
        number.removeAttribute("tabindex");
        number.removeAttribute("role");
      }
      drawing.setAttribute("role", "img");
      return;
    }
    const pick = (node) => {
      const label = node?.dataset.name;
      const number = walk.find(label);
      if (number) onpick({ ...number, label });
    };
    drawing.addEventListener("click", ({ target: at }) => pick(at.closest(".bp-number")));
    drawing.addEventListener("keydown", (event) => this.arrow(event, drawing, pick));
  }

  arrow(event, drawing, pick) {
    const all = [...drawing.querySelectorAll(".bp-number")];
    const at = all.indexOf(event.target);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (at < 0) return;
    if (event.key === "Enter" || event.key === " ") pick(all[at]);
    else if (step) {
      all[at].tabIndex = -1;
      const next = all[(at + step + all.length) % all.length];
      next.setAttribute("tabindex", 0);
      next.focus();
    } else return;
    event.preventDefault();
  }

  /** The address that brings this network back. */
  get address() {
    const url = new URL(location.href);
    url.search = `?net=${toText(this.network)}`;
    url.hash = "";
    return url.href;
  }

  async share() {
    const { frame } = this.words;
    history.replaceState(history.state, "", this.address);
    let copied = frame.inAddress;
    try {
      await navigator.clipboard.writeText(this.address);
      copied = frame.copied;
    } catch { /* not allowed: the address bar has it all the same */ }
    this.say(copied);
  }

  keep() {
    try {
      localStorage.setItem(KEPT, JSON.stringify({ net: this.kept, options: this.options, before: this.before }));
    } catch { /* a browser that keeps nothing: all else works */ }
  }
}

// A line of a box [name, index, number] before anything is computed.
const given = ([name, index, number]) => [name, index, /^[zay]/.test(name) ? null : number];

// Of numbers on arrows that would lie over one another, the first stays, with its ground before it.
function apart(drawing) {
  const taken = [];
  const grounds = drawing.querySelectorAll(".bp-ground");
  drawing.querySelectorAll("[text-anchor=middle]").forEach((text, i) => {
    const { x, y, width, height } = text.getBBox();
    const over = (its) => x < its.x + its.width && its.x < x + width && y < its.y + its.height && its.y < y + height;
    if (taken.some(over)) {
      text.remove();
      grounds[i]?.remove();
    } else taken.push({ x, y, width, height });
  });
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

customElements.define("backprop-lab", Lab);
