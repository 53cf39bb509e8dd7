"""What Run and Edit load: fetched whole or not at all, from either source, and found by pages."""

import functools
import hashlib
import http.server
import json
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urljoin

import jinja2
import pytest
from conftest import ROOT, QuietHandler
from hooks.publishing import browser_python
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.utils.templates import url_filter
from runtime import fetch

WHEELS = {"numpy": "numpy-2-py3-none-any.whl", "matplotlib": "matplotlib-3-py3-none-any.whl"}
OURS = {
    "numpy": {"file_name": WHEELS["numpy"], "depends": []},
    "matplotlib": {"file_name": WHEELS["matplotlib"], "depends": ["numpy", "pytz"]},
}
PYTZ = {"pytz": {"file_name": "pytz-1-py3-none-any.whl", "depends": []}}
MORE = {"black": {"file_name": "black-1-py3-none-any.whl", "depends": []}}
FILES = {
    "pyodide.mjs": b"export const loadPyodide = 1;",
    WHEELS["numpy"]: b"numpy" * 1000,
    WHEELS["matplotlib"]: b"matplotlib" * 1000,
    "index.js": b"export const EditorView = 1;",
}
LOCK = "pyodide-lock.json"
CUT = b"""{
 "info": {
  "python": "3.14"
 },
 "packages": {
  "matplotlib": {
   "depends": [
    "numpy"
   ],
   "file_name": "matplotlib-3-py3-none-any.whl"
  },
  "numpy": {
   "depends": [],
   "file_name": "numpy-2-py3-none-any.whl"
  }
 }
}
"""


def lock(*packages: dict) -> bytes:
    merged = {name: entry for group in packages for name, entry in group.items()}
    return json.dumps({"packages": merged, "info": {"python": "3.14"}}).encode()


def entry(table: str, name: str, content: bytes) -> str:
    return (
        f'[[{table}]]\nname = "{name}"\nbytes = {len(content)}\n'
        f'sha256 = "{hashlib.sha256(content).hexdigest()}"\n'
    )


@dataclass
class Room:
    """A project of its own with a short list, and both places that its files come from."""

    folder: Path
    port: int
    asked: list[str] = field(default_factory=list)  # of the server

    def __post_init__(self):
        for name in ("project/docs/runtime", "served", "wheels"):
            (self.folder / name).mkdir(parents=True)
        shutil.copy(ROOT / "docs/runtime/fetch.py", self.project / "docs/runtime")
        for name, content in {**FILES, LOCK: lock(OURS, PYTZ)}.items():
            (self.folder / "served" / name).write_bytes(content)
        self.make_wheel({**FILES, LOCK: lock(MORE, OURS, PYTZ)})
        self.write_list()

    @property
    def project(self) -> Path:
        return self.folder / "project"

    @property
    def cache(self) -> Path:
        return self.project / ".cache/runtime"

    def write_list(self, address: str = "") -> None:
        places = (
            f'address = "{address or f"http://127.0.0.1:{self.port}/"}"\n'
            'wheel = "holds-them==1.0"\nmembers = "holds_them/static/"\n'
        )
        tables = [f"[pyodide]\n{places}", entry("pyodide.python", LOCK, CUT)]
        for name, content in FILES.items():
            use = "matplotlib" if name == WHEELS["matplotlib"] else "python"
            if name != "index.js":
                tables.append(entry(f"pyodide.{use}", name, content))
        tables += [f"[codemirror]\n{places}"]
        tables += [entry("codemirror.editor", "index.js", FILES["index.js"])]
        (self.project / "docs/runtime/files.toml").write_text("\n".join(tables))

    def make_wheel(self, files: dict[str, bytes]) -> None:
        about = "holds_them-1.0.dist-info/"
        path = self.folder / "wheels/holds_them-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            for name, content in files.items():
                wheel.writestr(f"holds_them/static/{name}", content)
            name = "Metadata-Version: 2.1\nName: holds-them\nVersion: 1.0\n"
            # Like open-webui's, which doesn't run on Python 3.13.
            wheel.writestr(f"{about}METADATA", f"{name}Requires-Python: <3.0\n")
            wheel.writestr(f"{about}WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            wheel.writestr(f"{about}RECORD", "")

    def unplug(self) -> None:
        """Nothing answers where jsDelivr was."""
        self.write_list("http://127.0.0.1:9/")

    def fetch(self, *flags: str, required: bool = False) -> subprocess.CompletedProcess:
        self.asked.clear()
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.folder / "wheels")}
        return subprocess.run(
            [sys.executable, str(self.project / "docs/runtime/fetch.py"), *flags],
            env={
                **os.environ,
                **pip,
                "PIP_CONFIG_FILE": os.devnull,
                "REQUIRE_RUNTIME": str(int(required)),
                "no_proxy": "127.0.0.1",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def assert_complete(self) -> None:
        there = {path.name: path.read_bytes() for path in self.cache.rglob("*") if path.is_file()}
        assert there == {**FILES, LOCK: CUT}


@pytest.fixture
def room(tmp_path):
    asked = []

    class Handler(QuietHandler):
        def do_GET(self):
            asked.append(self.path.removeprefix("/"))
            super().do_GET()

    handler = functools.partial(Handler, directory=str(tmp_path / "served"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield Room(tmp_path, server.server_port, asked)
        server.shutdown()


def only_line(text: str) -> str:
    (line,) = text.splitlines()
    assert line.startswith("runtime: ")
    return line


# Fetching


def test_everything_is_fetched_once(room):
    run = room.fetch()
    assert run.returncode == 0 and run.stderr == ""
    assert sorted(room.asked) == sorted([*FILES, LOCK])
    room.assert_complete()
    run = room.fetch()
    assert run.returncode == 0 and run.stderr == ""
    assert only_line(run.stdout) == "runtime: complete, 5 files, 0.0 MB"
    assert room.asked == []


@pytest.mark.parametrize("spoil", [lambda b: b"x" + b[1:], lambda b: b[:-1], lambda b: b""])
def test_a_spoiled_or_truncated_file_is_fetched_again(room, spoil):
    room.fetch()
    spoiled = [room.cache / name for name in (f"pyodide/{LOCK}", "codemirror/index.js")]
    for path in spoiled:
        path.write_bytes(spoil(path.read_bytes()))
    assert room.fetch().returncode == 0
    assert room.asked == [path.name for path in spoiled]
    room.assert_complete()


def test_a_half_written_file_is_never_taken_for_the_file(room):
    room.fetch()
    path = room.cache / "codemirror/index.js"
    path.rename(path.with_name("index.js.part"))
    (room.cache / "pyodide/pyodide.mjs.part").write_bytes(b"left over")
    assert room.fetch().returncode == 0
    assert room.asked == ["index.js"]
    room.assert_complete()


def test_where_jsdelivr_cannot_be_reached_files_come_out_of_the_wheel(room):
    """Also the lock file, which says more there, and on a Python that the wheel is not for."""
    room.unplug()
    run = room.fetch(required=True)
    assert run.returncode == 0 and run.stderr == ""
    room.assert_complete()


def test_a_server_that_hangs_up_is_not_asked_again(room):
    with socket.create_server(("127.0.0.1", 0)) as server:
        room.write_list(f"http://127.0.0.1:{server.getsockname()[1]}/")
        calls = []

        def hang_up():
            while True:
                calls.append(server.accept())
                calls[-1][0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        assert room.fetch(required=True).returncode == 0
        assert len(calls) == 1
    room.assert_complete()


def test_a_file_that_jsdelivr_does_not_have_comes_out_of_the_wheel(room):
    (room.folder / "served/pyodide.mjs").unlink()
    run = room.fetch(required=True)
    assert run.returncode == 0 and run.stderr == ""
    assert sorted(room.asked) == sorted([*FILES, LOCK])
    room.assert_complete()


@pytest.mark.parametrize("wrong", [FILES["index.js"] + b" ", b""])
def test_wrong_bytes_are_refused_from_both_sources(room, wrong):
    (room.folder / "served/index.js").write_bytes(wrong)
    assert room.fetch().returncode == 0
    room.assert_complete()  # thanks to the wheel

    (room.cache / "codemirror/index.js").write_bytes(wrong)
    room.make_wheel({**FILES, "index.js": wrong})
    run = room.fetch()
    assert run.returncode == 0
    assert re.fullmatch(
        r"runtime: index\.js could not be fetched \(.*jsDelivr: .*holds-them==1\.0: .*\): "
        r"the site builds without Run and Edit",
        only_line(run.stderr),
    )
    assert not list(room.cache.rglob("index.js*"))
    assert room.fetch(required=True).returncode == 1


@pytest.mark.parametrize("wrong", [b"<html>", b'{"packages": []}', lock(MORE)])
def test_another_lock_file_is_refused(room, wrong):
    (room.folder / f"served/{LOCK}").write_bytes(wrong)
    room.make_wheel({**FILES, LOCK: wrong})
    run = room.fetch()
    assert f"{LOCK} could not be fetched" in only_line(run.stderr)
    assert not list(room.cache.rglob(f"{LOCK}*"))


def test_without_any_source_the_site_builds_unless_the_runtime_is_required(room):
    room.unplug()
    (room.folder / "wheels/holds_them-1.0-py3-none-any.whl").unlink()
    run = room.fetch()
    assert run.returncode == 0
    line = only_line(run.stderr)
    assert line.startswith(f"runtime: {LOCK} and 4 more could not be fetched (")
    assert line.endswith("): the site builds without Run and Edit")
    assert not [path for path in room.cache.rglob("*") if path.is_file()]

    run = room.fetch(required=True)
    assert run.returncode == 1
    assert only_line(run.stderr).endswith("): REQUIRE_RUNTIME=1")


def test_a_wheel_that_is_none_is_one_line(room):
    room.unplug()
    (room.folder / "wheels/holds_them-1.0-py3-none-any.whl").write_bytes(b"not a zip file")
    run = room.fetch()
    assert run.returncode == 0
    only_line(run.stderr)


def test_after_a_new_version_its_sums_are_written_into_the_list(room):
    room.fetch()
    (room.folder / "served/index.js").write_bytes(b"new")
    before = (room.project / "docs/runtime/files.toml").read_text()
    assert room.fetch("--write-sums").returncode == 0
    after = (room.project / "docs/runtime/files.toml").read_text()
    assert after == before.replace(
        entry("codemirror.editor", "index.js", FILES["index.js"]),
        entry("codemirror.editor", "index.js", b"new"),
    )
    assert (room.cache / "codemirror/index.js").read_bytes() == b"new"
    assert room.fetch().returncode == 0
    assert room.asked == []


# The list itself


@pytest.fixture
def cache() -> Path:
    if fetch.missing_once():
        message = "the runtime is not in .cache: make runtime fetches it"
        if fetch.is_required():
            pytest.fail(message)
        pytest.skip(message)
    return fetch.CACHE


def test_the_lists_sums_are_those_of_pyodides_lock_file(cache):
    packages = json.loads((cache / fetch.LOCK).read_text())["packages"].values()
    locked = {package["file_name"]: package["sha256"] for package in packages}
    names = [needed for needed in fetch.listed() if needed.name.endswith(".whl")]
    assert {Path(needed.name).name: needed.sha256 for needed in names} == locked


def test_matplotlib_gets_all_that_it_requires(cache):
    """As the wheels themselves say it: the lock file was cut down."""
    packages = json.loads((cache / fetch.LOCK).read_text())["packages"]
    for package in packages.values():
        with zipfile.ZipFile(cache / "pyodide" / package["file_name"]) as wheel:
            (about,) = (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
            said = message_from_bytes(wheel.read(about)).get_all("Requires-Dist", [])
        required = {re.match(r"[\w-]+", line)[0].lower() for line in said if "extra" not in line}
        assert required <= set(package["depends"]), package["file_name"]


def test_the_editors_files_import_only_each_other(cache):
    there = {path.name for path in (cache / "codemirror").iterdir()}
    imported = {
        name
        for path in (cache / "codemirror").iterdir()
        for name in re.findall(r'from"\./([^"]+)"', path.read_text())
    }
    python = set(re.findall(r'name:"Python".{,99}?import\("\./([^"]+)"\)', editor_source(cache)))
    assert len(python) == 1 and imported | python | {"index.js"} == there


def editor_source(cache: Path) -> str:
    return "".join(path.read_text() for path in (cache / "codemirror").iterdir())


# The build


def configured(language: str):
    return SimpleNamespace(
        theme={"language": language},
        extra={},
        site_dir="site",
        use_directory_urls=True,
        plugins=SimpleNamespace(_current_plugin="runtime"),
    )


@pytest.fixture
def absent(monkeypatch):
    monkeypatch.delenv("REQUIRE_RUNTIME", raising=False)
    monkeypatch.setattr(fetch, "missing_once", fetch.listed)


@pytest.fixture
def present(monkeypatch):
    monkeypatch.setattr(fetch, "missing_once", list)


def meta(config, url: str | None) -> str:
    """What the template writes for the runtime into a page at this address, or into 404.html."""
    template = (ROOT / "docs/theme/main.html").read_text(encoding="utf-8")
    (line,) = re.findall(r"^ *(.*bp-runtime.*)$", template, re.MULTILINE)
    environment = jinja2.Environment()
    environment.filters["url"] = url_filter
    page = None if url is None else SimpleNamespace(url=url)
    base = "/course/ko" if config.theme["language"] == "ko" else "/course"
    return environment.from_string(line).render(config=config, page=page, base_url=base)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_without_the_runtime_pages_and_site_have_no_trace_of_it(absent, caplog, language):
    config = configured(language)
    with caplog.at_level(logging.INFO):
        browser_python.on_config(config)
    assert config.extra["runtime"] == ""
    assert meta(config, "hand/x/") == meta(config, None) == ""
    assert list(browser_python.on_files(Files([]), config)) == []
    told = [(record.name, record.levelname) for record in caplog.records]
    assert told == ([("mkdocs.hooks.browser_python", "INFO")] if language == "en" else [])
    assert all("without Run and Edit" in only_line(r.message) for r in caplog.records)


def test_a_required_runtime_fails_the_build_without_it(absent, monkeypatch):
    monkeypatch.setenv("REQUIRE_RUNTIME", "1")
    with pytest.raises(PluginError, match=r"^runtime: .* and \d+ more .*: REQUIRE_RUNTIME=1$"):
        browser_python.on_config(configured("en"))


@pytest.mark.parametrize("url", ["", "./", "x/", "hand/x/", "a/b/c/", None])
@pytest.mark.parametrize(("language", "folder"), [("en", ""), ("ko", "ko/")])
def test_every_page_knows_where_the_runtime_is(present, language, folder, url):
    config = browser_python.on_config(configured(language))
    address = re.fullmatch(r'<meta name="bp-runtime" content="([^"]+)">', meta(config, url))[1]
    page = f"https://example.org/course/{folder}{url or ''}"
    assert urljoin(page, address) == "https://example.org/course/assets/runtime/"


def test_the_english_site_carries_the_runtime_and_says_what_is_in_it(present):
    config = browser_python.on_config(configured("en"))
    files = Files([File.generated(config, "wheels/backprop-1-py3-none-any.whl", content=b"1234")])
    added = {file.src_uri: file for file in browser_python.on_files(files, config)}
    names = [f"assets/runtime/{needed.name}" for needed in fetch.listed()]
    assert added.keys() >= {*names, "assets/runtime/runtime.json"}

    told = json.loads(added["assets/runtime/runtime.json"].content_string)
    at = "https://example.org/course/assets/runtime/runtime.json"
    assert urljoin(at, told["wheel"]["url"]) == (
        "https://example.org/course/wheels/backprop-1-py3-none-any.whl"
    )
    assert told["wheel"]["bytes"] == 4
    listed = {Path(needed.name).name: needed.size for needed in fetch.listed()}
    for part, first in (("pyodide", "pyodide.mjs"), ("matplotlib", "matplotlib-")):
        assert told[part][0]["name"].startswith(first)
        assert all(listed[file["name"]] == file["bytes"] for file in told[part])
    assert any(file["name"].startswith("numpy-") for file in told["pyodide"])

    assert (
        list(browser_python.on_files(Files([]), browser_python.on_config(configured("ko")))) == []
    )
