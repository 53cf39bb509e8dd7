// Runs after MathJax's own scripts, in V8 without a page: what docs/hooks/math/engine.py calls.
MathJax.startup.getComponents();
MathJax.startup.makeMethods();

// Each formula, [LaTeX, whether it stands alone], as [HTML, height in em].
globalThis.typeset = (formulas) => {
  const { document, adaptor, input, output } = MathJax.startup;
  const made = formulas.map(([tex, display]) => {
    MathJax.texReset();
    const formula = new document.options.MathItem(tex, input[0], display);
    formula.start.node = adaptor.body(document.document);
    formula.setMetrics(16, 8, 1280, 1e6, 1);
    formula.convert(document);
    const { h, d } = output.getBBox(formula, document);
    return [adaptor.outerHTML(formula.typesetRoot), h + d];
  });
  return JSON.stringify(made);
};

globalThis.stylesheet = () => {
  const { document, adaptor, output } = MathJax.startup;
  return adaptor.textContent(output.styleSheet(document));
};
0; // what is evaluated last is handed to Python
