// Python itself, away from the page: loads Pyodide, NumPy and the package when first asked, then
// runs what it is sent, one thing at a time.
const tell = (message) => self.postMessage(message);

let python = null; // Pyodide and the functions of runner.py, once loaded
let progress = null; // what is being downloaded: { what, done, total }

// Every download goes through here, so that progress can be told and a failure names its file:
// Pyodide wraps errors, and the name would be lost.
const plainFetch = self.fetch;
let failedFile = null;
self.fetch = async (request, options) => {
  const file = String(request.url ?? request).split(/[?#]/)[0].split("/").pop();
  let response;
  try {
    response = await plainFetch(request, options);
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
  } catch (error) {
    failedFile = file;
    throw error;
  }
  if (!progress || !response.body) return response;
  const counted = response.body.pipeThrough(new TransformStream({
    transform(chunk, controller) {
      progress.done = Math.min(progress.done + chunk.length, progress.total);
      tell({ type: "progress", ...progress });
      controller.enqueue(chunk);
    },
  }));
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers });
};

const sum = (files) => files.reduce((total, { bytes }) => total + bytes, 0);

async function load(runtime) {
  tell({ type: "progress", what: "python", done: 0, total: 0 });
  const manifest = await (await fetch(new URL("runtime.json", runtime))).json();
  progress = { what: "python", done: 0, total: sum(manifest.pyodide) + manifest.wheel.bytes };
  const indexURL = new URL("pyodide/", runtime).href;
  const [{ loadPyodide }, wheel, source] = await Promise.all([
    import(`${indexURL}pyodide.mjs`).catch((error) => {
      failedFile = "pyodide.mjs"; // a module is no fetch
      throw error;
    }),
    fetch(new URL(manifest.wheel.url, runtime)).then((response) => response.arrayBuffer()),
    fetch(new URL("runner.py", runtime)).then((response) => response.text()),
  ]);
  const quiet = { messageCallback() {}, errorCallback(said) { throw new Error(said); } };
  const pyodide = await loadPyodide({ indexURL, packages: [] });
  await pyodide.loadPackage("numpy", quiet);
  progress = null;
  tell({ type: "progress", what: "python", done: 0, total: 0 }); // loaded; it still has to start
  pyodide.unpackArchive(wheel, "wheel");
  pyodide.registerJsModule("page", {
    write: (text) => tell({ type: "text", text }),
    cut: () => tell({ type: "cut" }),
    show: (svg) => tell({ type: "image", svg }),
  });
  pyodide.runPython(source);
  const [run, check, draws] = ["run", "check", "draws"].map((name) => pyodide.globals.get(name));
  return { pyodide, run, check, draws, quiet, manifest, hasMatplotlib: false };
}

async function loadMatplotlib() {
  if (python.hasMatplotlib) return;
  progress = { what: "matplotlib", done: 0, total: sum(python.manifest.matplotlib) };
  await python.pyodide.loadPackage("matplotlib", python.quiet);
  progress = null;
  python.hasMatplotlib = true;
}

async function work({ type, runtime, page, code, name, language }) {
  python ??= await load(runtime);
  if (type === "check") return JSON.parse(python.check(name, code, language));
  if (python.draws(code)) await loadMatplotlib();
  const went = python.run(code, page, name);
  return { failed: went !== "well", memory: went === "out of memory" };
}

function reasonOf(error) {
  if (failedFile) return { download: failedFile };
  if (/memory|allocat/i.test(String(error))) return { memory: true };
  const lines = String(error).trim().split("\n");
  return { crashed: error.name === "PythonError" ? lines.pop() : lines[0] };
}

self.onmessage = async ({ data }) => {
  failedFile = null;
  try {
    tell({ type: "done", ...(await work(data)) });
  } catch (error) {
    tell({ type: "ended", reason: reasonOf(error) });
  }
};
