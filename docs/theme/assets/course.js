// What happens on each page, also after instant navigation: math, the language link,
// formulas, tables and code that can be scrolled by keyboard.
"use strict";

async function typesetMath(root) {
  while (!window.MathJax.startup?.promise) await new Promise((wake) => setTimeout(wake, 20));
  await window.MathJax.startup.promise;
  window.MathJax.startup.output.clearCache();
  window.MathJax.typesetClear();
  window.MathJax.texReset();
  await window.MathJax.typesetPromise([root]);
}

const SCROLLING = "div.arithmatex, .md-typeset__scrollwrap, pre > code";

// Instant navigation keeps the header: its language link must follow the page.
function followTwin() {
  for (const link of document.querySelectorAll("a.bp-language")) {
    const twin = document.querySelector(`link[rel="alternate"][hreflang="${link.hreflang}"]`);
    if (twin) link.href = twin.href;
  }
}

// What is wider than its column scrolls: say so to keyboards and to the eye.
function markScrollable(root) {
  const boxes = [...root.querySelectorAll(SCROLLING)];
  for (const box of boxes) box.classList.remove("bp-scrolls"); // its padding would count
  const wide = boxes.filter((box) => box.scrollWidth > box.clientWidth + 1);
  for (const box of boxes) {
    const scrolls = wide.includes(box);
    box.classList.toggle("bp-scrolls", scrolls);
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

// Steppers are loaded where there is one.
const root = document.currentScript.src;
function loadSteppers() {
  for (const kind of ["stepper", "nudge"]) {
    if (document.querySelector(`backprop-${kind}`)) import(new URL(`stepper/${kind}.js`, root));
  }
}

document$.subscribe(async ({ body }) => {
  followTwin();
  loadSteppers();
  const article = body.querySelector("article") ?? body;
  await typesetMath(article);
  markScrollable(article);
  document.documentElement.dataset.math = "typeset";
});

// Material wraps each copy button in a navigation landmark; a page has dozens of them, which
// buries the real ones for screen readers.
new MutationObserver(() => {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) {
    nav.setAttribute("role", "none");
  }
}).observe(document.body, { childList: true, subtree: true });

new ResizeObserver(() => markScrollable(document)).observe(document.documentElement);

// Folded solutions belong on paper too.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const each of folded) each.open = true;
});
addEventListener("afterprint", () => {
  for (const each of folded) each.open = false;
});
