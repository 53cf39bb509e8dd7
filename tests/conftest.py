"""Options and fixtures that several test modules share."""

import contextlib
import fcntl
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

# Small products gain nothing from threads, and those of several processes wait for one another.
# NumPy reads this when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")

import matplotlib
import pytest

matplotlib.use("Agg")  # pages draw, no window opens

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
REPOSITORY = {"REPO_URL": "https://github.com/someone/backprop-course", "REPO_BRANCH": "main"}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_addoption(parser):
    parser.addoption(
        "--write-outputs",
        action="store_true",
        help="rewrite the output blocks of all pages with what their code prints (make outputs)",
    )
    parser.addoption(
        "--all-planted",
        action="store_true",
        help="plant every mistake into every equation, not only some of each kind (make planted)",
    )


# Files of tests go to processes in this order. The first one builds the site for all; the next
# ones need none meanwhile, nor do they compute what the build leaves in .cache, such as equations.
# Then the long ones, and at the end the short ones, so that no process is left with one of the
# long ones when the others are done.
ORDER = (
    "browser/test_browser.py",
    "pages/test_exercises.py",
    "package/test_own_layers.py",
    "site/test_reproducible.py",
    "pages/test_numbers.py",
    "browser/test_code.py",
    "browser/test_run.py",
    "browser/test_stepper.py",
    "browser/",
    "site/test_site.py",
    "site/",
    "pages/",
    "package/",
)


def pytest_collection_modifyitems(items):
    def place(item) -> int:
        name = item.nodeid.removeprefix("tests/")
        return next((n for n, start in enumerate(ORDER) if name.startswith(start)), len(ORDER))

    items.sort(key=place)


# What took how long: processes that wait for one another count as well.
spent: Counter[str] = Counter()


def pytest_runtest_logreport(report):
    room = report.nodeid.split("::")[0].removeprefix("tests/").split("/")[0]
    spent[room] += report.duration


def pytest_terminal_summary(terminalreporter):
    terminalreporter.section("seconds in each room, all processes together")
    for room, seconds in spent.most_common():
        terminalreporter.write_line(f"{seconds:8.1f}  {room}")


def build(project: Path, target: Path, **environment: str) -> subprocess.CompletedProcess:
    """`mkdocs build --strict` of a project folder."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=project,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@contextlib.contextmanager
def alone():
    """One process at a time: builds of this folder share its caches, and copies read them."""
    (ROOT / ".cache").mkdir(exist_ok=True)
    with (ROOT / ".cache/tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass
class Site:
    """The built site: its folder, and where it is served."""

    folder: Path
    url: str

    def read(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def pages(self) -> list[str]:
        """Addresses of all pages of both languages, relative to the site."""
        found = (p.parent.relative_to(self.folder) for p in self.folder.rglob("index.html"))
        return sorted("" if str(path) == "." else f"{path}/" for path in found)


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A browser that leaves a page gives up what is still on its way."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def pytest_configure(config):
    """One place for the site, served under a sub-path as GitHub Pages does: whichever process of
    xdist needs it first builds it there, for all."""
    if hasattr(config, "workerinput"):
        return
    root = Path(tempfile.mkdtemp(prefix="backprop-served-"))
    handler = functools.partial(QuietHandler, directory=str(root))
    server = QuietServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config.served = str(root), f"http://127.0.0.1:{server.server_port}/backprop-course/"
    config.add_cleanup(lambda: shutil.rmtree(root, ignore_errors=True))
    config.add_cleanup(server.server_close)
    config.add_cleanup(server.shutdown)  # the last one added is called first


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["served"] = node.config.served


@pytest.fixture(scope="session")
def served(pytestconfig) -> tuple[str, str]:
    """The folder that is served, and the address of the site."""
    worker = hasattr(pytestconfig, "workerinput")
    found: tuple[str, str] = pytestconfig.workerinput["served"] if worker else pytestconfig.served
    return found


@pytest.fixture(scope="session")
def site(served):
    """The site as the publish workflow builds it."""
    root, url = served
    folder, told = Path(root, "backprop-course"), Path(root, "built.json")
    with alone():
        if not told.exists():
            run = build(ROOT, folder, SITE_URL=url, **REPOSITORY)
            told.write_text(json.dumps([run.returncode, run.stdout + run.stderr]))
    status, said = json.loads(told.read_text())
    assert status == 0, said
    return Site(folder, url)


def copy_project(target: Path, *without: str) -> Path:
    """Copy the project's sources, without its history, what was built, and what caches hold. The
    runtime for the browser, which make runtime fetched, is handed over."""
    caches = ("__pycache__", ".*_cache", ".hypothesis", ".mutants", "*.egg-info")
    skip = shutil.ignore_patterns(".git", ".venv", *caches, *without)
    runtime = Path(".cache/runtime")

    def ignore(folder: str, names: list[str]) -> set[str]:
        built = {"site"} if Path(folder) == ROOT else set()  # tests/site stays
        fetched = {runtime.name} if Path(folder) == ROOT / runtime.parent else set()
        return skip(folder, names) | built | fetched

    with contextlib.nullcontext() if ".cache" in without else alone():
        shutil.copytree(ROOT, target, ignore=ignore)
    if (ROOT / runtime).exists():
        (target / runtime.parent).mkdir(exist_ok=True)
        (target / runtime).symlink_to(ROOT / runtime)
    return target


@pytest.fixture(scope="session")
def browser():
    """Chromium. Without it browser tests are skipped, unless REQUIRE_BROWSER=1."""
    if not Path(CHROMIUM).exists():
        message = "no Chromium found: install Debian's package chromium to run browser tests"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def visit(browser, site):
    """One window for many tests, so that Python is loaded once for all pages and exercises; each
    test opens the page it needs. (.ci/run keeps the tests of a file in one process.)"""
    from running import HAND
    from visits import Visit

    with Visit(browser, site, HAND) as opened:
        yield opened
