// MathJax typesets what arithmatex marked, with the course's macros (assets/macros.js).
window.MathJax = {
  loader: { load: ["input/tex-base", "[tex]/ams", "[tex]/html", "[tex]/configmacros", "output/chtml", "a11y/assistive-mml"] },
  tex: {
    packages: { "[+]": ["ams", "html", "configmacros"] },
    inlineMath: [["\\(", "\\)"]],
    displayMath: [["\\[", "\\]"]],
    macros: window.courseMacros,
  },
  options: { ignoreHtmlClass: ".*", processHtmlClass: "arithmatex" },
  chtml: { displayAlign: "left", displayIndent: "0" },
  startup: { typeset: false },
};
