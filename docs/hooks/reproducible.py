"""The same commit builds the same bytes: one clock for sitemap, figures and wheel."""

import os
import subprocess

NO_GIT = "1767225600"  # 2026-01-01, for a copy without history


def commit_time() -> str:
    run = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
    )
    return run.stdout.strip() or NO_GIT


def on_startup(command, dirty):
    os.environ.setdefault("SOURCE_DATE_EPOCH", commit_time())
