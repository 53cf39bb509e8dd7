// The panel "take": the network as a program, and its picture as a file.

import { colour, element, style, styled } from "../stepper/page.js";
import { code, printed } from "./code.js";
import { vector } from "./vector.js";

const ready = Promise.all([styled, style("../lab/take.css")]); // a picture's colours are read from them

const KINDS = ["numpy", "package", "pytorch"];
const NAME = /(#.*$)|\b((?:d?[Wb]|z|d?a|delta)\d|d?[xy]|t|C|lr|leak)\b/gm;

// A program with the course's colours for its names, and comments in grey.
function coloured(text) {
  return text.split(NAME).flatMap((part, i) => {
    if (!part) return [];
    if (i % 3 === 0) return [part];
    const className = i % 3 === 1 ? "bp-muted" : colour(part === "leak" ? "lr" : part);
    return [element("span", { className, textContent: part })];
  });
}

/** A link that saves what it is given as a file. */
function saves(textContent) {
  const link = element("a", { className: "bp-save", textContent });
  return Object.assign(link, {
    fill(text, type, download) {
      if (link.href) URL.revokeObjectURL(link.href);
      Object.assign(link, { href: URL.createObjectURL(new Blob([text], { type })), download });
    },
  });
}

export function take(lab) {
  const words = lab.words.take;
  const kind = () => (KINDS.includes(lab.options.code) ? lab.options.code : KINDS[0]);
  const radios = KINDS.map((value) => element("input", { type: "radio", name: "bp-code", value, onchange: () => choose(value) }));
  const program = element("code");
  const output = element("code");
  const scrolled = (what, ariaLabel) => element("pre", { tabIndex: 0, role: "region", ariaLabel }, what);
  const copy = element("button", { type: "button", onclick: copied });
  const save = saves(words.save);
  const sample = element("select", { ariaLabel: words.sample, onchange: () => { lab.choose("drawn", sample.selectedIndex); drawn(); } });
  const image = element("img");
  const picture = saves(words.picture);
  const about = element("p");

  function choose(value) {
    lab.choose("code", value);
    programmed();
  }

  function programmed() {
    const text = code(lab.network, kind());
    for (const radio of radios) radio.checked = radio.value === kind();
    program.replaceChildren(...coloured(text));
    output.textContent = printed(lab.network);
    copy.textContent = words.copy;
    about.textContent = words[`about_${kind()}`];
    save.fill(text, "text/x-python", `network_${kind()}.py`);
  }

  async function copied() {
    try {
      await navigator.clipboard.writeText(program.textContent);
      copy.textContent = words.copied;
    } catch { // not allowed: it is marked, to be copied by hand
      getSelection().selectAllChildren(program);
      copy.textContent = words.marked;
    }
    lab.say(copy.textContent);
  }

  async function drawn() {
    const its = Math.min(lab.options.drawn ?? 0, lab.network.x.length - 1) || 0;
    const names = lab.network.x.map((_, s) => `${words.sample} ${s + 1}`);
    sample.replaceChildren(...names.map((name) => element("option", { textContent: name })));
    sample.selectedIndex = its;
    sample.hidden = names.length === 1;
    await ready;
    picture.fill(vector(lab.network, its, words.title), "image/svg+xml", "network.svg");
    Object.assign(image, { src: picture.href, alt: words.title });
  }

  const panel = element("div", { className: "bp-take" },
    element("fieldset", {}, element("legend", { textContent: words.program }),
      ...radios.map((radio) => element("label", {}, radio, words[radio.value]))),
    about,
    scrolled(program, words.program),
    element("p", { className: "bp-actions" }, copy, save),
    element("h3", { textContent: words.prints }),
    scrolled(output, words.prints),
    element("h3", { textContent: words.figure }),
    element("p", { className: "bp-actions" }, sample, picture),
    element("div", { className: "bp-scrolled", tabIndex: 0, role: "region", ariaLabel: words.figure }, image),
  );
  return { element: panel, render() { programmed(); drawn(); } };
}
