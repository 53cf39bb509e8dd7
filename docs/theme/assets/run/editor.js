// A code block becomes an editor where it stands: CodeMirror, coloured as the page is.
const korean = document.documentElement.lang === "ko";
const LABEL = korean ? "편집할 수 있는 파이썬 코드" : "Python code, editable";

const NAME_ROLES = []; // filled in by the build (docs/hooks/math/notation.py)
let loaded = null; // CodeMirror's module with Python and the page's colours, once for all editors

async function codeMirror(runtime) {
  const cm = await import(new URL("codemirror/index.js", runtime));
  const python = await cm.languages.find(({ name }) => name === "Python").load();

  // The tags of its own style, by name: the page's colours for those that the page colours
  const tags = new Map();
  for (const { tag } of cm.defaultHighlightStyle.specs) {
    for (const each of [tag].flat()) tags.set(String(each), each);
  }
  const style = cm.HighlightStyle.define([
    { tag: tags.get("keyword"), fontWeight: "600" },
    { tag: tags.get("string"), color: "var(--md-code-hl-string-color)" },
    { tag: tags.get("comment"), color: "var(--md-code-hl-comment-color)", fontStyle: "italic" },
  ]);
  const roles = NAME_ROLES.map(([pattern, role]) => [new RegExp(`^(?:${pattern})$`), role]);
  const symbols = new cm.MatchDecorator({
    regexp: /\b[A-Za-z_]\w*/g,
    decoration: ([name]) => {
      const role = roles.find(([pattern]) => pattern.test(name))?.[1];
      return role ? cm.Decoration.mark({ class: `bp-${role}` }) : null;
    },
  });
  const colours = cm.ViewPlugin.define(
    (view) => ({
      decorations: symbols.createDeco(view),
      update(change) { this.decorations = symbols.updateDeco(change, this.decorations); },
    }),
    { decorations: (plugin) => plugin.decorations },
  );
  return { cm, extensions: [python, cm.syntaxHighlighting(style)], colours };
}

export async function edit(block, onRun) {
  const runtime = document.querySelector("meta[name=bp-runtime]").content;
  loaded ??= codeMirror(new URL(runtime, location.href)).catch((error) => {
    loaded = null;
    throw error;
  });
  const { cm, extensions, colours } = await loaded;
  if (block.editor) return;
  const ours = !block.pre.closest(".highlight[class*='-is-']"); // else our colours would mislead
  const view = new cm.EditorView({
    doc: block.original.replace(/\n$/, ""),
    extensions: [
      cm.keymap.of([{ key: "Mod-Enter", run: () => { onRun(); return true; } }]),
      cm.history(), cm.indentOnInput(), cm.bracketMatching(), cm.indentUnit.of("    "),
      cm.EditorState.tabSize.of(4),
      cm.keymap.of([...cm.defaultKeymap, ...cm.historyKeymap]),
      cm.EditorView.editorAttributes.of({ class: "bp-editor" }),
      cm.EditorView.contentAttributes.of({ "aria-label": LABEL }),
      ...extensions, ...(ours ? [colours] : []),
    ],
  });
  block.pre.after(view.dom);
  block.pre.hidden = true;
  block.buttons.edit.hidden = true;
  block.buttons.reset.hidden = false;
  block.editor = {
    text: () => view.state.doc.toString(),
    close() {
      view.destroy();
      block.pre.hidden = false;
      block.buttons.edit.hidden = false;
      block.editor = null;
    },
  };
  view.focus();
}
