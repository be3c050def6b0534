"""Medians and distinct values of few numbers.

numpy's own take several times as long for few, and the first call brings in masked arrays, which nothing here uses.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def median(values: npt.NDArray[Any]) -> float:
    """The median of one or more values."""
    low, high = (len(values) - 1) // 2, len(values) // 2
    ranked = np.partition(values, (low, high))
    return float(ranked[low] + ranked[high]) / 2


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The values, ascending, each once."""
    ranked = np.sort(values)
    return ranked[np.concatenate([[True], ranked[1:] != ranked[:-1]])] if len(ranked) else ranked
