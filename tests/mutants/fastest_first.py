"""A pytest plugin for mutmut: the first failure is enough, so it should come soon."""

import gc
import json
from pathlib import Path

# Seconds by test; kept, for mutmut forks a process for each mutant.
DURATIONS: dict[str, float] = {}

# Long, and made of what shorter ones do as well.
LEFT_OUT = (
    "test_digits_are_learned_to_96_percent_of_those_held_out",
    "test_one_wrong_element_anywhere_is_found_and_named_with_both_values",
    "test_right_gradients_of_many_random_networks_pass",
    "test_right_gradients_of_random_networks_with_units_near_kinks_are_not_blamed",
)


def pytest_configure(config):
    gc.freeze()  # a fork need not go through what there was before it
    # Collecting files is quicker than collecting hundreds of single tests.
    config.chosen = {argument for argument in config.args if "::" in argument}
    config.args = list(dict.fromkeys(argument.partition("::")[0] for argument in config.args))


def pytest_collection_modifyitems(config, items):
    stats = Path("mutmut-stats.json")  # what mutmut measured before it began
    if not DURATIONS and stats.exists():
        DURATIONS.update(json.loads(stats.read_text("utf-8"))["duration_by_test"])
    items[:] = [item for item in items if not item.name.startswith(LEFT_OUT)]
    if config.chosen:
        items[:] = [item for item in items if item.nodeid in config.chosen]
    items.sort(key=lambda item: DURATIONS.get(item.nodeid, 0.0))
