"""The same commit builds the same bytes: one clock for sitemap and wheel. What caches keep
(figures, outputs of notebooks) has no date: a cache outlives a commit."""

import os
import shutil
import subprocess

NO_GIT = "1767225600"  # 2026-01-01, where there is no git or no history


def commit_time() -> str:
    if not shutil.which("git"):
        return NO_GIT
    command = ["git", "log", "-1", "--format=%ct"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.stdout.strip() or NO_GIT


def on_startup(command, dirty):
    os.environ.setdefault("SOURCE_DATE_EPOCH", commit_time())
