"""How hooks keep in .cache what takes long to make: whole or not at all, also where a build is cut
off or two run at a time."""

import hashlib
import os
from pathlib import Path


def keep(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
    unfinished.replace(path)


def digest_of_package():
    """The beginning of a key for what depends on the package: its code, notation and data."""
    digest = hashlib.sha256()
    for source in sorted(p for p in Path("src").rglob("*") if p.is_file() and p.suffix != ".pyc"):
        digest.update(source.read_bytes())
    return digest
