// One Python for all pages, in a worker; one namespace for each page. A block runs after those
// above it. The worker outlives instant navigation; Stop ends it, and the next run starts over.
import { words as wordsOf } from "./words.js";

let worker = null; // the worker, once a click has started it
let waiting = null; // what the worker is doing now: { block, say, resolve }
const queue = []; // what it does next

function send(message, block, say) {
  return new Promise((resolve) => {
    queue.push({ message, block, say, resolve });
    next();
  });
}

function next() {
  if (waiting || !queue.length) return;
  waiting = queue.shift();
  if (!worker) {
    worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      end({ crashed: event.message || "worker" });
    };
  }
  worker.postMessage(waiting.message);
}

// The worker is of no more use: what it did, and what waited for it, is told the reason.
function end(reason) {
  worker?.terminate();
  worker = null;
  const told = [waiting, ...queue.splice(0)].filter(Boolean);
  waiting = null;
  for (const { resolve } of told) resolve(reason);
}

function receive(data) {
  if (!waiting) return;
  const { block, say, resolve } = waiting;
  if (data.type === "progress") {
    block.status.textContent = data.total
      ? say.loading(say[data.what], data.done, data.total) : say.starting;
  } else if (data.type === "text") print(block, data.text);
  else if (data.type === "cut") print(block, `\n${say.cut}`);
  else if (data.type === "image") draw(block, data.svg, say);
  else if (data.type === "ended") end(data.reason);
  else {
    waiting = null;
    resolve(data);
    next();
  }
}

// What a block puts out

function print(block, text) {
  let code = block.output.querySelector(":scope > pre:last-child > code");
  if (!code) {
    const pre = document.createElement("pre");
    code = document.createElement("code");
    pre.append(code);
    block.output.append(pre);
  }
  block.output.hidden = false;
  code.append(text);
}

function draw(block, svg, say) {
  const image = document.createElement("img");
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  image.alt = say.picture;
  block.output.append(image);
  block.output.hidden = false;
}

const printed = (block) =>
  [...block.output.querySelectorAll("pre > code")].map((c) => c.textContent).join("").trimEnd();

// The output that the page itself shows under a block
function committed(block) {
  const at = block.box.nextElementSibling.nextElementSibling.nextElementSibling;
  return at?.matches(".output.highlight") ? at : null;
}

function clear(block) {
  for (const image of block.output.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  block.output.replaceChildren();
  block.output.hidden = true;
  block.output.classList.remove("bp-failed");
  block.status.classList.remove("bp-failed", "bp-passed");
  block.status.textContent = "";
  const its = committed(block);
  if (its) its.hidden = false;
}

function busy(block, is) {
  const { run, check, stop, reset } = block.buttons;
  const go = run ?? check;
  const focused = [go, stop].includes(document.activeElement);
  go.hidden = is;
  stop.hidden = !is;
  reset.hidden = false;
  if (focused) (is ? stop : go).focus(); // whoever pressed one finds the other in its place
}

function why(reason, say) {
  if (reason.stopped) return say.stopped;
  if (reason.download) return say.download(reason.download);
  if (reason.memory) return say.memory;
  return say.crashed(reason.crashed);
}

// What the buttons do

const supported = () => typeof WebAssembly === "object";

export async function run(block, page, { korean }) {
  const say = wordsOf(korean);
  if (!supported()) {
    block.status.textContent = say.noWasm;
    return;
  }
  busy(block, true);
  const mine = page.blocks.filter((each) => !each.exercise);
  const before = mine.slice(0, mine.indexOf(block));
  const first = before.findIndex((each) => page.ran.get(each) !== each.text);
  const above = first < 0 ? [] : before.slice(first); // what an edit changes may be used below it
  for (const each of above) {
    block.status.textContent = say.running;
    const result = await one(each, block, page, say);
    if (result.type !== "done" || result.failed) {
      const told = result.type === "done" ? say.failedAbove(each.number) : why(result, say);
      if (result.type !== "done") page.ran.clear();
      busy(block, false);
      block.status.textContent = told;
      return;
    }
  }
  const result = await one(block, block, page, say);
  busy(block, false);
  if (result.type !== "done") {
    page.ran.clear();
    block.status.textContent = why(result, say);
    return;
  }
  if (result.memory) {
    block.status.textContent = say.memory;
    return;
  }
  const parts = above.length ? [say.above(above.length)] : [];
  const shown = committed(block)?.querySelector("code")?.textContent.trimEnd();
  if (!result.failed && shown !== undefined && shown === printed(block)) parts.push(say.same);
  block.status.textContent = parts.join(" ");
}

// Run one block; its output goes under it, the progress under the one that was clicked.
async function one(block, clicked, page, say) {
  clear(block);
  clicked.status.textContent = say.running;
  const its = committed(block);
  const text = block.text;
  const about = { ...block, status: clicked.status };
  const message = { type: "run", page: page.name, runtime: page.runtime, code: text, name: say.block(block.number) };
  if (page.ran.get(block) !== text) {
    for (const later of page.blocks.slice(page.blocks.indexOf(block))) page.ran.delete(later);
  }
  const result = await send(message, about, say);
  if (result.type === "done") {
    page.ran.set(block, text);
    block.output.classList.toggle("bp-failed", result.failed);
    if (its) its.hidden = true;
    block.buttons.reset.hidden = false;
  }
  return result;
}

export async function check(block, page, { korean, solved }) {
  const say = wordsOf(korean);
  if (!supported()) {
    block.status.textContent = say.noWasm;
    return;
  }
  clear(block);
  busy(block, true);
  block.status.textContent = say.checking;
  const message = {
    type: "check", runtime: page.runtime, name: block.exercise, code: block.text, language: korean ? "ko" : "en",
  };
  const result = await send(message, block, say);
  busy(block, false);
  if (result.type !== "done") {
    page.ran.clear();
    block.status.textContent = why(result, say);
    return;
  }
  block.status.classList.add(result.passed ? "bp-passed" : "bp-failed");
  if (result.printed) print(block, result.printed);
  block.status.replaceChildren(...withCode(result.words));
  if (result.passed) solved(block.exercise);
}

// Words with names between backticks
function* withCode(text) {
  for (const [i, part] of text.split("`").entries()) {
    if (i % 2 === 0) yield part;
    else yield Object.assign(document.createElement("code"), { textContent: part });
  }
}

export function stop(block, page) {
  page.ran.clear();
  end({ stopped: true });
}

export function reset(block, page) {
  if (block.buttons.stop.hidden === false) stop(block, page);
  block.editor?.close();
  if (page.ran.get(block) !== block.original) page.ran.delete(block);
  clear(block);
  block.buttons.reset.hidden = true;
  (block.buttons.run ?? block.buttons.check).focus();
}
