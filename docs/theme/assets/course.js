// What happens on each page, also after instant navigation: the language link, formulas,
// tables and code that can be scrolled by keyboard.
"use strict";

const SCROLLING = "div.arithmatex, .md-typeset__scrollwrap, pre > code";

// Instant navigation keeps the header: its language link must follow the page.
function followTwin() {
  for (const link of document.querySelectorAll("a.bp-language")) {
    const twin = document.querySelector(`link[rel="alternate"][hreflang="${link.hreflang}"]`);
    if (twin) link.href = twin.href;
  }
}

// What is wider than its column scrolls: say so to keyboards and to the eye.
function markScrollable(boxes) {
  for (const box of boxes) box.classList.remove("bp-scrolls"); // its padding would count
  const wide = new Set(boxes.filter((box) => box.scrollWidth > box.clientWidth + 1));
  for (const box of boxes) {
    box.classList.toggle("bp-scrolls", wide.has(box));
    if (wide.has(box)) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
const boxesIn = (part) =>
  [...part.querySelectorAll(SCROLLING)].filter((box) => !box.closest("details:not([open])"));

// What is folded is laid out, and looked at, when it is opened.
document.addEventListener("toggle", ({ target }) => target.open && markScrollable(boxesIn(target)), true);

// A formula far from the screen is not laid out yet: it is looked at when it is.
document.addEventListener(
  "contentvisibilityautostatechange",
  ({ target, skipped }) => {
    if (!skipped && target.matches(SCROLLING)) requestAnimationFrame(() => markScrollable([target]));
  },
  true,
);

// Steppers, and the laboratory, are loaded where there is one.
const root = document.currentScript.src;
function loadSteppers() {
  for (const kind of ["stepper", "nudge", "demon", "slope", "landscape", "lab"]) {
    const room = kind === "lab" ? kind : "stepper";
    if (document.querySelector(`backprop-${kind}`)) import(new URL(`${room}/${kind}.js`, root));
  }
}

// A sheet can be printed without the page around it.
function offerSheet(sheet) {
  const korean = document.documentElement.lang === "ko";
  const button = document.createElement("button");
  Object.assign(button, { className: "bp-print", type: "button" });
  button.textContent = korean ? "이 한 장만 인쇄하기" : "Print this sheet alone";
  button.addEventListener("click", () => {
    document.documentElement.dataset.printing = "sheet";
    print();
  });
  sheet.before(button);
}
addEventListener("afterprint", () => delete document.documentElement.dataset.printing);

document$.subscribe(({ body }) => {
  followTwin();
  // After the first paint: nothing of it changes what is seen without scrolling.
  setTimeout(() => {
    markScrollable(boxesIn(body));
    loadSteppers();
    body.querySelectorAll(".bp-sheet").forEach(offerSheet);
    document.documentElement.dataset.ready = "page";
  });
});

let width = 0;
new ResizeObserver(([{ contentRect }]) => {
  if (width && contentRect.width !== width) markScrollable(boxesIn(document));
  width = contentRect.width;
}).observe(document.documentElement);

// Folded solutions belong on paper too.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const each of folded) each.open = true;
});
addEventListener("afterprint", () => {
  for (const each of folded) each.open = false;
});
