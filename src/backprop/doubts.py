"""What a gradient check could not see, because of the data it was given."""

import numpy as np

from backprop.layerwise import Passage
from backprop.parameters import parameters_in


def doubts_about(passages: list[Passage]) -> tuple[str, ...]:
    """Say what these inputs and weights would hide, one sentence each."""
    doubts = []
    if len(passages[0].x) == 1:
        doubts.append("one sample: a forgotten 1/n would not show")
    if not passages[-1].dy.any():
        doubts.append("dy is all zero: no gradient could be wrong")
    for passage in passages:
        if not passage.x.any():
            doubts.append(f"what goes into {passage.place} is all zero: much would not show")
        elif passage is not passages[-1] and not passage.dy.any():
            doubts.append(f"what comes back to {passage.place} is all zero: nothing would show")
        for parameter in parameters_in([passage.layer]):
            W, name = parameter.value, parameter.full_name.removeprefix("layers[0]")
            if W.ndim == 2 and len(W) > 1 and np.array_equal(W, W.T):
                doubts.append(f"{passage.place}{name} is symmetric: a transpose would not show")
    return tuple(doubts)
