// A figure that moves, beside the stepper: it reads what the build wrote, begins with it once, and
// is drawn anew in its `chart` when that has more or less room.

import { load } from "./page.js";

export class Figure extends HTMLElement {
  /** The name of what the build wrote. */
  get source() {
    return this.getAttribute("network");
  }

  redraw() {
    this.render();
  }

  async connectedCallback() {
    if (this.words) return;
    const [data] = await Promise.all([load(this.source), this.styled]);
    if (!this.isConnected || this.words) return;
    this.words = data.words;
    this.begin(data);
    this.resized = new ResizeObserver(() => this.chart.clientWidth !== this.width && this.redraw());
    this.resized.observe(this.chart);
  }

  disconnectedCallback() {
    this.resized?.disconnect();
  }
}
