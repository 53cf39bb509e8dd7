"""Measure pages as Google Lighthouse does for a phone: `make light`. It alone needs Node.

The site is built as published and served from this machine as GitHub Pages serves it: under a
sub-path, text gzipped, to be cached for ten minutes. (GitHub speaks HTTP/2 over TLS, this server
HTTP/1.1: where many files are needed, it is rather the slower one.) Lighthouse runs with its
defaults, which are those of a mid-range phone on slow 4G, the network and the processor simulated;
no audit is left out. Every visit is a first one, with an empty cache. Pages take turns, A, B, C,
…, A, B, C, …, so that what slows the machine slows them all.

Performance and blocking time are medians of all runs, since they depend on what else this machine
does; of everything else the worst run counts. The report of each run stays in .cache/lighthouse.
"""

import argparse
import contextlib
import functools
import gzip
import http.server
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from conftest import CHROMIUM, QUIET, ROOT, QuietHandler, Site, alone, build

VERSION = "12.8.2"  # the last one that runs with Node 18 and 20, which Debian and Ubuntu have
CACHE = ROOT / ".cache/lighthouse"
REPORTS = CACHE / "reports"
PROGRAM = CACHE / "node_modules/lighthouse"
PATIENCE = 300  # seconds for one run, which takes 15

ENGLISH = ["index", "hand/every-element", "hand/matrix-form", "practice/digits"]
PAGES = [*ENGLISH, *(f"ko/{page}" for page in ENGLISH)]
RUNS = 5

PERFORMANCE = 95  # the median; what follows is the worst run
OTHERS = {"accessibility": 100, "best-practices": 100, "seo": 100}
LAYOUT_SHIFT = 0.01
KILOBYTES = 200  # transferred; 1 kB is 1000 bytes

COMPRESSED = ("text/", "application/javascript", "application/json", "application/xml", "image/svg")
Report = dict[str, Any]


class PagesHandler(QuietHandler):
    """Files with the headers that GitHub Pages sends."""

    protocol_version = "HTTP/1.1"

    def end_headers(self):
        self.send_header("cache-control", "max-age=600")
        super().end_headers()

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.endswith("/"):
            path /= "index.html"
        kind = self.guess_type(str(path))
        accepted = "gzip" in self.headers.get("accept-encoding", "")
        if not (accepted and kind.startswith(COMPRESSED) and path.is_file()):
            return super().send_head()
        body = compressed(path)
        self.send_response(200)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(body)))
        self.send_header("vary", "accept-encoding")
        self.end_headers()
        return io.BytesIO(body)


@functools.cache
def compressed(path: Path) -> bytes:
    """A file gzipped, once: nobody waits for it at the second run."""
    return gzip.compress(path.read_bytes())


@contextlib.contextmanager
def published() -> Iterator[Site]:
    """The site, built as the publish workflow does, while it is served.

    The server is there first: canonical addresses have its port."""
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "backprop-course"
        handler = functools.partial(PagesHandler, directory=root)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            url = f"http://127.0.0.1:{server.server_port}/{folder.name}/"
            repository = f"https://github.com/someone/{folder.name}"
            with alone():
                run = build(ROOT, folder, SITE_URL=url, REPO_URL=repository, REPO_BRANCH="main")
            if run.returncode:
                sys.exit(f"The site does not build:\n{run.stdout}{run.stderr}")
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield Site(folder, url)
            finally:
                server.shutdown()


def install() -> None:
    """See to it that this version of Lighthouse is in .cache, and what it needs is there."""
    missing = [name for name in ("node", "npm") if not shutil.which(name)]
    if missing:
        sys.exit(
            f"make light runs Google Lighthouse, which needs Node 18 or newer, with npm; "
            f"not found: {' and '.join(missing)}. Nothing else in this project needs them."
        )
    if not Path(CHROMIUM).exists():
        sys.exit("No Chromium found: install Debian's package chromium.")
    package = PROGRAM / "package.json"
    if package.exists() and json.loads(package.read_text(encoding="utf-8"))["version"] == VERSION:
        return
    print(f"Installing Lighthouse {VERSION} into {CACHE.relative_to(ROOT)}", file=sys.stderr)
    CACHE.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--prefix", str(CACHE), "--no-save", "--no-audit", "--no-fund"]
    if subprocess.run([*command, f"lighthouse@{VERSION}"], check=False).returncode:
        sys.exit("npm could not download Lighthouse; its messages stand above.")


def address(page: str) -> str:
    """Where a page stands in the site: hand/one-path is hand/one-path/, ko/index is ko/."""
    return page.removesuffix("index") if page.split("/")[-1] == "index" else f"{page}/"


def visit(url: str, name: str) -> Report:
    """Run Lighthouse on an address; its report is kept under this name, as JSON and to look at."""
    flags = " ".join(["--headless=new", *QUIET])
    output = ["--output=json", "--output=html", f"--output-path={REPORTS / name}"]
    options = ["--quiet", "--locale=en", "--no-enable-error-reporting", f"--chrome-flags={flags}"]
    run = subprocess.run(
        ["node", str(PROGRAM / "cli/index.js"), url, *output, *options],
        env={**os.environ, "CHROME_PATH": CHROMIUM},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if run.returncode:
        sys.exit(f"Lighthouse failed at {url}:\n{run.stdout}{run.stderr}")
    report: Report = json.loads((REPORTS / f"{name}.report.json").read_text(encoding="utf-8"))
    return report


def score(report: Report, category: str) -> int:
    """A category's score of 100; 0 if Lighthouse could not tell."""
    return round(100 * (report["categories"][category]["score"] or 0))


def number(report: Report, audit: str) -> float:
    return float(report["audits"][audit]["numericValue"])


class Result:
    """All runs of a page, and what they come to."""

    def __init__(self, page: str, reports: list[Report]) -> None:
        self.page = page
        self.reports = reports
        self.performance = sorted(score(report, "performance") for report in reports)
        self.others = {name: min(score(report, name) for report in reports) for name in OTHERS}
        self.layout_shift = max(number(r, "cumulative-layout-shift") for r in reports)
        self.blocking = median(number(r, "total-blocking-time") for r in reports)
        self.kilobytes = max(number(r, "total-byte-weight") for r in reports) / 1000

    def row(self) -> str:
        low, high = self.performance[0], self.performance[-1]
        cells = [self.page, f"{median(self.performance):g} ({low}–{high})"]
        cells += [str(found) for found in self.others.values()]
        cells += [f"{self.layout_shift:.3f}", f"{self.blocking:.0f}", f"{self.kilobytes:.0f}"]
        return f"| {' | '.join(cells)} |"

    def missed(self) -> list[str]:
        """The goals that this page misses; where audits fail, they are named, with their places."""
        found = []
        if (performance := median(self.performance)) < PERFORMANCE:
            found.append(f"performance {performance:g}, at least {PERFORMANCE}")
        for name, goal in OTHERS.items():
            if self.others[name] < goal:
                worst = min(self.reports, key=lambda report: score(report, name))
                failing = "".join(f"\n{line}" for line in failures(worst, name))
                found.append(f"{name} {self.others[name]}, at least {goal}{failing}")
        if self.layout_shift > LAYOUT_SHIFT:
            found.append(f"layout shift {self.layout_shift:.3f}, at most {LAYOUT_SHIFT}")
        if self.kilobytes > KILOBYTES:
            found.append(f"{self.kilobytes:.0f} kB, at most {KILOBYTES}")
        return found


def failures(report: Report, category: str) -> Iterator[str]:
    """Audits that cost a category points, each followed by the places it names."""
    for entry in report["categories"][category]["auditRefs"]:
        audit = report["audits"][entry["id"]]
        failed = audit["score"] is not None and audit["score"] < 1
        if entry["weight"] and (failed or audit["scoreDisplayMode"] == "error"):
            yield f"    {audit['id']}: {audit['title']}"
            for item in audit.get("details", {}).get("items", []):
                yield f"      {place(item)}"


def place(item: Report) -> str:
    """An entry of an audit's list in one line: the element, or all that the entry says."""
    node = item.get("node")
    if not node:
        return json.dumps(item, ensure_ascii=False)
    return f"{node['selector']}  {node['snippet']}"


def measure(site: Site, pages: list[str], runs: int) -> list[Result]:
    """Visit each page once, then each once more, up to so many runs."""
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    reports: dict[str, list[Report]] = {page: [] for page in pages}
    for run in range(1, runs + 1):
        for page, found in reports.items():
            found.append(visit(site.url + address(page), f"{page.replace('/', '-')}-{run}"))
            print(f"run {run} of {runs}: {page}", score(found[-1], "performance"), file=sys.stderr)
    return [Result(page, found) for page, found in reports.items()]


def show(results: list[Result]) -> bool:
    """Print the table, then the goals that are missed; return whether all are met."""
    headings = ["page", "performance", *OTHERS, "layout shift", "blocking (ms)", "kB"]
    print(f"\n| {' | '.join(headings)} |\n|---|{'---:|' * (len(headings) - 1)}")
    for result in results:
        print(result.row())
    reports = [report for result in results for report in result.reports]
    speeds = [report["environment"]["benchmarkIndex"] for report in reports]
    print(f"\nThis machine by Lighthouse's measure: {min(speeds):.0f}–{max(speeds):.0f}.")
    for warning in sorted({text for report in reports for text in report["runWarnings"]}):
        print(f"Lighthouse warns: {warning}")
    missed = [f"{result.page}: {goal}" for result in results for goal in result.missed()]
    print("\n".join(["\nMissed:", *missed]) if missed else "\nAll goals are met.")
    return not missed


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make light")
    parser.add_argument("pages", nargs="*", default=PAGES, help="such as hand/one-path or ko/index")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"of each page; else {RUNS}")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    install()
    with published() as site:
        unknown = [page for page in asked.pages if address(page) not in {"", *site.pages()}]
        if unknown:
            sys.exit(f"No such page: {', '.join(unknown)}")
        met = show(measure(site, asked.pages, asked.runs))
    sys.exit(not met)


if __name__ == "__main__":
    main()
