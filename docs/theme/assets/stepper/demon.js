// <backprop-demon network="NAME">: a demon at one unit adds to its sum, for one sample. See what
// changes because of it, and the change of the loss that the unit's error predicts beside the one
// that really happens. The reader chooses the unit, in the list or in the picture.

import { draw, svg } from "./drawing.js";
import { Nudge } from "./nudge.js";
import { element, shown, signed, style } from "./page.js";

const styled = style("demon.css");
const FIRST = 2; // the layer at whose first unit the demon sits before another is chosen
const ABOVE = 8; // room for the horns

class Demon extends Nudge {
  styled = Promise.all([this.styled, styled]);
  role = "preactivation";
  named = "z";

  begin({ network, steps }) {
    const { words } = this;
    this.network = network;
    this.errors = network.layers.map((_, k) => steps.find(({ name }) => name === `delta${k + 1}`).value[0]);
    // To add to a sum is, for one sample, to add to the unit's bias.
    this.move = ({ b }, change, { unit }) => (b[unit] += change);
    this.units = this.errors.flatMap((row, k) => row.map((slope, unit) => {
      const name = words.unit.replace("{l}", k + 1).replace("{j}", unit + 1);
      return this.line({ layer: k + 1, unit, slope, name });
    }));
    this.choice = element("select", { onchange: () => this.choose(this.choice.selectedIndex) });
    this.choice.append(...this.units.map(({ name }) => element("option", { textContent: name })));
    const added = element("span", { className: "bp-added" });
    this.told = { error: words.error, predicted: words.product, real: words.real, ratio: words.ratio };
    this.build(words.adds, [
      element("label", {}, `${words.demon} `, this.choice),
      element("span", { className: "bp-preactivation" }, "Δz = ", added),
    ], this.told);
    this.cells.change = added;
    this.net = svg("svg", { role: "img" });
    this.live = element("p", { className: "bp-live", ariaLive: "polite" });
    this.chart.before(element("div", { className: "bp-picture" }, this.net), this.querySelector(".bp-knobs"));
    this.append(this.live);
    this.choice.selectedIndex = this.units.findIndex(({ layer }) => layer === FIRST);
    this.take(this.units[this.choice.selectedIndex], this.units);
  }

  /** The demon moves to another unit. */
  choose(index) {
    this.choice.selectedIndex = index;
    this.take(this.units[index], this.units);
    const found = Object.entries(this.told).map(([name, text]) => `${text} ${this.cells[name].textContent}`);
    this.live.textContent = `${this.its.name}: ${found.join(", ")}`;
  }

  tell(change, predicted, real, fixed) {
    this.say("change", change, shown(change));
    this.say("error", this.its.slope, shown(this.its.slope));
    this.say("predicted", predicted, fixed(predicted));
    this.say("real", real, fixed(real));
    const { ratio } = this.cells;
    ratio.textContent = change ? signed((real / predicted).toFixed(4)) : "–";
    Object.assign(ratio.dataset, { name: "ratio", value: change ? real / predicted : "" });
  }

  paint(change, predicted, real) {
    super.paint(change, predicted, real);
    const { words, its, net } = this;
    const width = this.width || 600;
    const about = (text) => text.replace("{unit}", its.name);
    this.drawing.setAttribute("aria-label", about(words.curve));
    net.setAttribute("aria-label", about(words.reached));
    draw(net, this.scene(change), width);
    // No number is a button here: the list says where the demon sits, and so do clicks on units.
    for (const text of net.querySelectorAll(".bp-number")) {
      text.classList.remove("bp-number");
      for (const name of ["role", "tabindex", "aria-label"]) text.removeAttribute(name);
    }
    const boxes = [...net.querySelectorAll(".bp-box")].slice(this.network.x[0].length, -1);
    const areas = boxes.map((box, i) => {
      const area = box.cloneNode();
      area.setAttribute("class", "bp-area");
      area.addEventListener("click", () => this.choose(i));
      return area;
    });
    net.append(this.horned(boxes[this.choice.selectedIndex], this.cells.change.textContent), ...areas);
    const height = Number(net.getAttribute("viewBox").split(" ")[3]);
    net.setAttribute("viewBox", `0 ${-ABOVE} ${width} ${height + ABOVE}`);
  }

  /** The demon, at a corner of its unit, with what it adds. */
  horned(box, text) {
    const [x, y] = ["x", "y"].map((name) => Number(box.getAttribute(name)));
    const wide = text.length * 7.2 + 7;
    const horn = (at, lean) => `M${at} ${y - 9}l${lean} -7l${4 - lean} 7z`;
    return svg(
      "g",
      { class: "bp-demon" },
      svg("path", { d: horn(x - 2, -1) + horn(x + wide - 10, 5) }),
      svg("rect", { x: x - 4, y: y - 11, width: wide, height: 17, rx: 6 }),
      svg("text", { x: x - 4 + wide / 2, y: y + 2, "text-anchor": "middle" }, text),
    );
  }

  /** The picture: sums and activations with what the demon adds, and what changes because of it. */
  scene(change) {
    const { its, network } = this;
    const L = network.layers.length;
    const value = Object.fromEntries(this.moved(its, change).map((step) => [step.name, step.value]));
    const reached = (c, i) => c > its.layer || (c === its.layer && i === its.unit);
    const line = (name, j, number) => [name, [j], { name, index: [j], value: number }];
    const columns = [
      network.x[0].map((x, i) => [line("x", i, x)]),
      ...this.errors.map((row, k) => row.map((_, j) => [["z", `z${k + 1}`], ["a", k + 1 === L ? "y" : `a${k + 1}`]].map(
        ([kind, name]) => line(`${kind}${k + 1}`, j, value[name][0][j]),
      ))),
      [[line("E", 0, value.C)]],
    ];
    const arrows = columns.slice(1).map((to, c) => columns[c].map(() => to.map(() => null)));
    return {
      columns,
      arrows,
      active: 0,
      lit: () => false,
      chosen: ({ name, index }) => change && reached(name === "E" ? L + 1 : Number(name.slice(1)), index[0]),
      onPath: (c, i) => reached(c, i),
      label: ({ name, index }) => (name === "E" ? name : `${name}_${index[0] + 1}`),
    };
  }
}

customElements.define("backprop-demon", Demon);
