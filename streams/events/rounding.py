"""``round`` for many numbers at once: on single floats it costs a quarter of a microsecond each."""

import numpy as np
from numpy.typing import NDArray

_NEAR_TIE = 0.5 - 1e-6  # of a whole number: here scaling could decide, so ``round`` does


def rounded(values: NDArray[np.float64], digits: int) -> NDArray[np.float64]:
    """Each value as ``round(value, digits)`` gives it; values times 10**digits are below 1e9."""
    scale = 10.0**digits
    scaled = values * scale
    whole = np.rint(scaled)
    near = np.abs(scaled - whole) > _NEAR_TIE
    result: NDArray[np.float64] = whole / scale
    if near.any():
        result[near] = [round(value, digits) for value in values[near].tolist()]
    return result
