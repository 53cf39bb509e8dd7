"""A pytest plugin for mutmut: the first failure is enough, so it should come soon."""

import gc
import json
from pathlib import Path

# Seconds by test; kept, for mutmut forks a process for each mutant.
DURATIONS: dict[str, float] = {}


def pytest_configure(config):
    gc.freeze()  # a fork need not go through what there was before it
    # Collecting files is quicker than collecting hundreds of single tests.
    config.chosen = {argument for argument in config.args if "::" in argument}
    config.args = list(dict.fromkeys(argument.partition("::")[0] for argument in config.args))


def pytest_collection_modifyitems(config, items):
    stats = Path("mutmut-stats.json")  # what mutmut measured before it began
    if not DURATIONS and stats.exists():
        DURATIONS.update(json.loads(stats.read_text("utf-8"))["duration_by_test"])
    if config.chosen:
        items[:] = [item for item in items if item.nodeid in config.chosen]
    items.sort(key=lambda item: DURATIONS.get(item.nodeid, 0.0))
