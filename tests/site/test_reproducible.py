"""A clean build elsewhere gives the same bytes as the site that the other tests look at, wherever
and whenever it runs, but for the date of its clock in the sitemap and in the wheel."""

import gzip
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from conftest import REPOSITORY, ROOT, build, copy_project
from hooks.publishing import reproducible

KINDS = {
    "sitemap.xml.gz",
    "ko/sitemap.xml.gz",
    "search/search_index.json",
    "practice/digits.ipynb",
    "ko/figures/digits-1-dark.svg",
    "assets/preview.png",
    "assets/fonts/fonts.css",
}
# The bytes of these are fixed by their sums in docs/runtime/files.toml; dates in there are others'.
FETCHED = ("assets/runtime/pyodide/", "assets/runtime/codemirror/")
FIXED = datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)


def today() -> set[date]:
    """The date in every time zone: two or three."""
    zones = (timezone(timedelta(hours=hours)) for hours in (-12, 0, 14))
    return {datetime.now(zone).date() for zone in zones}


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the project without history, and without caches but what make runtime fetched and
    what equations came to: a third of a build, and the same whoever evaluates them, as
    tests/pages/test_equations.py holds."""
    project = tmp_path_factory.mktemp("builds") / "a folder/further down/project"
    copy_project(project, ".cache")
    evaluated = ROOT / ".cache/equations"
    evaluated.mkdir(exist_ok=True, parents=True)
    (project / ".cache").mkdir(exist_ok=True)
    (project / ".cache/equations").symlink_to(evaluated)
    taste = project.parent / "home/.config/matplotlib/matplotlibrc"
    taste.parent.mkdir(parents=True)
    taste.write_text("lines.linewidth: 9\naxes.labelsize: 40\n")
    return project


@pytest.fixture(scope="module")
def clean(copy, served) -> Path:
    """The copy built from nothing, in other surroundings: another user's home and taste, another
    clock, the other end of the world's time zones, another order of sets."""
    home = copy.parent / "home"
    run = build(
        copy,
        home / "site",
        SITE_URL=served[1],
        **REPOSITORY,
        SOURCE_DATE_EPOCH=str(int(FIXED.timestamp())),
        PYTHONHASHSEED="1",
        TZ="<+14>-14",
        HOME=str(home),
        PYTHONPATH=str(copy / "src"),
        PYTHONPYCACHEPREFIX=str(home / "bytecode"),
        GIT_CEILING_DIRECTORIES=str(copy.parent),
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return home / "site"


def files(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


def different(one: Path, two: Path) -> dict[str, str]:
    """The files that two sites don't have in common, and where each begins to differ."""
    found = dict.fromkeys(files(one) ^ files(two), "only in one of them")
    for name in sorted(files(one) & files(two)):
        a, b = (one / name).read_bytes(), (two / name).read_bytes()
        if a != b:
            pairs = enumerate(zip(a, b, strict=False))
            at = next((i for i, (x, y) in pairs if x != y), min(len(a), len(b)))
            place = slice(max(0, at - 20), at + 20)
            found[name] = f"byte {at}: {a[place]!r}, {b[place]!r}"
    return found


def undated(path: Path) -> list:
    """All of a file but the dates of a clock: of a sitemap, packed or not, and of a wheel."""
    content = path.read_bytes()
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            its = [(m.filename, m.external_attr, m.compress_type) for m in wheel.infolist()]
            return [*its, *(wheel.read(name) for name, *_ in its)]
    head = []
    if path.suffix == ".gz":  # there its time is in bytes 4 to 7
        head, content = [content[:4], content[8:10]], gzip.decompress(content)
    return [*head, re.sub(rb"<lastmod>[^<]*", b"", content)]


def test_a_clean_build_elsewhere_is_byte_equal_but_for_its_clock(clean, request):
    assert files(clean) >= KINDS
    assert any(name.startswith("wheels/") for name in files(clean))
    served = request.getfixturevalue("site").folder  # built meanwhile, in its own folder
    found = different(clean, served)
    kinds = {re.sub(r".*(\.whl|sitemap.*)", r"\1", name) for name in found}
    assert kinds == {"sitemap.xml", "sitemap.xml.gz", ".whl"}, found
    for name in found:
        assert undated(clean / name) == undated(served / name), name
    # So caches keep no date: it would be seen where it was made.
    assert dated(clean, {FIXED.date()}).keys() == found.keys()


def contents(path: Path) -> Iterator[bytes]:
    """What a file says; of an archive also what is in it, and when that was written."""
    content = path.read_bytes()
    yield content
    if path.suffix == ".gz":
        written = datetime.fromtimestamp(int.from_bytes(content[4:8], "little"), UTC)
        yield f"{written:%Y-%m-%d} ".encode() + gzip.decompress(content)
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            for member in wheel.infolist():
                written = datetime(*member.date_time)
                yield f"{written:%Y-%m-%d} ".encode() + wheel.read(member)


def forms(day: date) -> set[str]:
    """A date as programs and people write it."""
    numbers = {f"{day:%Y-%m-%d}", f"{day:%Y%m%d}", f"{day:%Y/%m/%d}", f"{day:%d.%m.%Y}"}
    months = {f"{day:%b}", f"{day:%B}"}
    american = {f"{month} {day.day}, {day.year}" for month in months}
    british = {f"{d} {month} {day.year}" for month in months for d in (day.day, f"{day:%d}")}
    korean = {f"{day.year}년 {day.month}월 {day.day}일", f"{day.year}. {day.month}. {day.day}."}
    return numbers | american | british | korean


def dated(site: Path, days: set[date]) -> dict[str, set[str]]:
    """The files that contain one of the days, and how they write it."""
    words = sorted(re.escape(form) for day in days for form in forms(day))
    pattern = re.compile(rf"(?<!\d)(?<!\d\.)(?:{'|'.join(words)})(?!\d)".encode())
    years = {str(day.year).encode() for day in days}
    found: dict[str, set[str]] = {}
    for name in sorted(name for name in files(site) if not name.startswith(FETCHED)):
        for part in contents(site / name):
            if any(year in part for year in years):  # the pattern alone takes ten times as long
                for match in pattern.findall(part):
                    found.setdefault(name, set()).add(match.decode())
    return found


def test_no_file_contains_the_date_of_today(copy, clean):
    days = today()
    sources = [dated(copy / folder, days) for folder in ("docs", "src", "tests/records")]
    text = {form for source in sources for found in source.values() for form in found}
    stamped = {name: found - text for name, found in dated(clean, days).items()}
    assert not {name: found for name, found in stamped.items() if found}


def test_a_date_is_found_wherever_it_hides(tmp_path):
    day = date(2031, 5, 4)
    (tmp_path / "page.html").write_text("<p>Built on May 4, 2031</p> <b>2031-05-041</b>")
    (tmp_path / "numbers.json").write_text("[0.20310504, 120310504]")
    (tmp_path / "figure.svg").write_text("<dc:date>2031-05-04T10:00:00</dc:date>")
    noon = datetime(2031, 5, 4, 12, tzinfo=UTC)
    (tmp_path / "sitemap.xml.gz").write_bytes(gzip.compress(b"", mtime=noon.timestamp()))
    with zipfile.ZipFile(tmp_path / "package.whl", "w") as wheel:
        wheel.writestr(zipfile.ZipInfo("module.py", noon.timetuple()[:6]), "")
    assert dated(tmp_path, {day}) == {
        "figure.svg": {"2031-05-04"},
        "package.whl": {"2031-05-04"},
        "page.html": {"May 4, 2031"},
        "sitemap.xml.gz": {"2031-05-04"},
    }


def test_the_clock_is_the_commit_or_a_constant(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    assert reproducible.commit_time() == reproducible.NO_GIT  # no history

    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    when = {**os.environ, "GIT_COMMITTER_DATE": "1234567890 +0900"}
    subprocess.run(["git", "init", "--quiet"], check=True)
    commit = ["git", *who, "commit", "--quiet", "--allow-empty", "--message=One"]
    subprocess.run(commit, env=when, check=True)
    assert reproducible.commit_time() == "1234567890"

    monkeypatch.setenv("PATH", str(tmp_path))
    assert reproducible.commit_time() == reproducible.NO_GIT  # no git
