// What the figures that move share: elements, data, and styles.

/** An element with properties and children. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Styles from a file beside this one. Instant navigation changes the head; this stays. */
export async function style(file) {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  sheet.replaceSync(await (await fetch(new URL(file, import.meta.url))).text());
}

export const styled = style("stepper.css");

/** What the site's build wrote about a network, beside this file, in the page's language. */
export async function load(name) {
  const [found] = await Promise.all([fetch(new URL(`${name}.json`, import.meta.url)), styled]);
  if (!found.ok) throw new Error(`${found.url}: ${found.status}`);
  return found.json();
}

const NAME_ROLES = []; // filled in by the build (docs/hooks/math/notation.py)

const exact = (value) => Math.abs(value) < 1e12 && Math.abs(Math.round(value * 100) / 100 - value) < 1e-12 && String(Math.round(value * 100) / 100);
export const signed = (text) => text.replaceAll("-", "−");

/** A number for the eye: four digits that count, or as many as it has if these are fewer. */
export const shown = (value) =>
  signed(exact(value) || (Math.abs(value) < 1e-6 ? value.toPrecision(2) : String(Number(value.toPrecision(4)))));

/** A number for the picture, where there is less room. */
export const short = (value) => {
  const [size, text] = [Math.abs(value), exact(value)];
  if (text && text.length < 8) return signed(text);
  return signed(size < 0.001 || size >= 1e5 ? value.toExponential(size < 1 ? 0 : 1) : value.toFixed(size < 100 ? 4 : 1));
};

/** A name as it is written for readers: the code name delta as the letter. */
export const written = (label) => label.replace("delta", "δ");

/** A number with its name, as it is read out. */
export const said = (label, { value }) => `${written(label)} = ${shown(value)}`;

/** The class of a number's colour: that of its name in code, everywhere in the course. */
export function colour(name) {
  const its = name.replace("new ", "");
  const found = NAME_ROLES.find(([pattern]) => RegExp(`^(${pattern})$`).test(its));
  return `bp-${found?.[1] ?? "activation"}`;
}

/** Marks an element as a number that can be chosen, in a form that other tools can read. */
export function marked(node, number, label) {
  Object.assign(node.dataset, { name: label, value: number.value });
  node.setAttribute("aria-label", said(label, number));
  node.classList.add("bp-number", colour(number.name));
  return node;
}

export const still = matchMedia("(prefers-reduced-motion: reduce)");
