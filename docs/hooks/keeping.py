"""How hooks keep in .cache what takes long to make: whole or not at all, also where a build is cut
off or two run at a time."""

import os
from pathlib import Path


def keep(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
    unfinished.replace(path)
