// Run and Edit on code blocks, Check on exercises, and what has been solved. This small script is
// all a page loads; Python and the editor come with the first click (session.js, editor.js).
"use strict";

(() => {
  const here = document.currentScript.src;
  const korean = document.documentElement.lang === "ko";
  const WORDS = korean
    ? { run: "실행", edit: "편집", stop: "중지", reset: "되돌리기", check: "확인",
        solved: (n, all) => `${all}문제 가운데 ${n}문제를 풀었습니다. 이 기록은 이 브라우저에만 남습니다.`,
        mark: (n, all) => `연습 문제 ${all}개 가운데 ${n}개를 풀었음`, clear: "기록 지우기" }
    : { run: "Run", edit: "Edit", stop: "Stop", reset: "Reset", check: "Check",
        solved: (n, all) => `${n} of ${all} solved. Only this browser keeps that.`,
        mark: (n, all) => `${n} of ${all} exercises solved`, clear: "Clear progress" };
  const KEY = "bp-exercises";
  const EXERCISES = {}; // the build puts them here: names, by the address of their page
  const RUNNABLE = ".runnable"; // marked by the build (docs/hooks/publishing/browser_python.py)

  const load = (module) => import(new URL(module, here));
  let visits = 0;
  let page; // the blocks of the page that is shown, and what its session remembers

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  // A block: its text as it stands now, its buttons, the places for a status and for output.
  function adopt(box, number) {
    const code = box.querySelector("pre > code");
    const exercise = box.matches(".starter") ? exerciseOf(box) : null;
    const block = {
      box, number, exercise, code, pre: code.parentElement,
      original: code.textContent, editor: null,
      get text() { return this.editor ? this.editor.text() : this.original; },
    };
    const actions = exercise ? ["check", "edit", "stop", "reset"] : ["run", "edit", "stop", "reset"];
    block.buttons = Object.fromEntries(actions.map((action) => [action, element("button", {
      type: "button", textContent: WORDS[action], className: `bp-${action}`,
      hidden: action === "stop" || action === "reset",
      onclick: () => act(action, block),
    })]));
    block.status = element("p", { className: "run-status", role: "status" });
    block.output = element("div", { className: "run-output", hidden: true });
    box.classList.add("bp-runnable");
    box.prepend(element("div", { className: "bp-tools" }, ...Object.values(block.buttons)));
    return block;
  }

  async function act(action, block) {
    const its = page;
    for (const each of its.blocks) { // a block first runs those above it
      if (!each.status.isConnected) each.box.after(each.output, each.status);
    }
    block.box.ariaBusy = "true";
    try {
      if (action === "edit") await (await load("editor.js")).edit(block, () => primary(block));
      else {
        const session = await load("session.js");
        await session[action](block, its, { korean, solved });
      }
    } catch {
      block.status.textContent = korean
        ? "필요한 파일을 불러오지 못했습니다. 연결을 확인하고 다시 눌러 보세요."
        : "A file that this needs could not be loaded. Check the connection and try again.";
    } finally {
      block.box.ariaBusy = null;
    }
  }

  const primary = (block) => act(block.exercise ? "check" : "run", block);

  // Exercises: hints one at a time, and what has been solved.

  function exerciseOf(box) {
    let at = box;
    while (at && !at.dataset.exercise) at = at.previousElementSibling;
    return at?.dataset.exercise ?? null;
  }

  function oneHintAtATime(heading) {
    let previous = null;
    for (let at = heading.nextElementSibling; at && !/^H[1-3]$/.test(at.tagName); at = at.nextElementSibling) {
      if (!at.matches("details.tip")) continue;
      const hint = at;
      if (previous && !previous.open) {
        hint.hidden = true;
        previous.addEventListener("toggle", () => { hint.hidden = false; }, { once: true });
      }
      previous = hint;
    }
  }

  function solvedNames() {
    try { return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]")); } catch { return new Set(); }
  }

  function keep(names) {
    try {
      if (names.size) localStorage.setItem(KEY, JSON.stringify([...names].sort()));
      else localStorage.removeItem(KEY);
    } catch { /* a browser that keeps nothing: the verdict stands all the same */ }
    showProgress();
  }

  const solved = (name) => keep(solvedNames().add(name));

  function showProgress() {
    const names = solvedNames();
    const root = new URL("../../", here);
    const counts = new Map(Object.entries(EXERCISES).map(([url, its]) =>
      [new URL(url, root).pathname, [its.filter((name) => names.has(name)).length, its.length]]));
    for (const old of document.querySelectorAll(".bp-progress")) old.remove();
    for (const link of document.querySelectorAll("nav.md-nav--primary a.md-nav__link[href]")) {
      const [n, all] = counts.get(new URL(link.href).pathname) ?? [0, 0];
      if (n && !new URL(link.href).hash) {
        link.append(element("span", {
          className: "bp-progress", title: WORDS.mark(n, all), textContent: ` ${n}/${all}`,
        }));
      }
    }
    const first = document.querySelector("article [data-exercise]");
    const [n, all] = counts.get(location.pathname) ?? [0, 0];
    if (first && names.size) {
      first.before(element("p", { className: "bp-progress bp-solved" }, WORDS.solved(n, all), " ",
        element("button", { type: "button", textContent: WORDS.clear, onclick: () => keep(new Set()) })));
    }
    for (const heading of document.querySelectorAll("article [data-exercise]")) {
      heading.classList.toggle("bp-is-solved", names.has(heading.dataset.exercise));
    }
  }

  // After the first paint: the buttons stand beside what a page shows, nothing moves for them.
  document$.subscribe(() => setTimeout(adoptAll));

  function adoptAll() {
    for (const heading of document.querySelectorAll("article [data-exercise]")) oneHintAtATime(heading);
    showProgress();
    const runtime = document.querySelector("meta[name=bp-runtime]");
    visits += 1;
    page = { name: `${location.pathname} ${visits}`, blocks: [], ran: new Map() };
    if (!runtime) return;
    page.runtime = new URL(runtime.content, location.href).href;
    const boxes = [...document.querySelectorAll(`article ${RUNNABLE}`)];
    page.blocks = boxes.map((box, i) => adopt(box, i + 1));
  }
})();
