"""What arrays hold: names for the hints beside arguments, nothing more."""

from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]
LabelArray = npt.NDArray[np.integer[Any]]
Remembered = FloatArray | Any  # None as long as there is nothing to remember
