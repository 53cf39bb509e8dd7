"""A pytest plugin for mutmut: the quicker a test, the earlier, for the first failure is enough."""

import json
from pathlib import Path

# By test, in seconds: kept, for mutmut forks a process for each mutant.
DURATIONS: dict[str, float] = {}


def pytest_collection_modifyitems(items):
    stats = Path("mutmut-stats.json")  # what mutmut measured before it began
    if not DURATIONS and stats.exists():
        DURATIONS.update(json.loads(stats.read_text("utf-8"))["duration_by_test"])
    items.sort(key=lambda item: DURATIONS.get(item.nodeid, 0.0))
