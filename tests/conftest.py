"""Options and fixtures that several test modules share."""

import os

import matplotlib
import pytest

matplotlib.use("Agg")  # pages draw, no window opens
os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")


def pytest_addoption(parser):
    parser.addoption(
        "--write-outputs",
        action="store_true",
        help="rewrite the output blocks of all pages with what their code prints (make outputs)",
    )
