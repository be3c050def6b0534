"""Cells on whose print something else stands: a seal, under which a sign may be lost, or frames in place of type."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.engines.ocr.lines import Box
from pipeline.engines.ocr.raster import Floats, Mask

# Shares of the type size: the rim of a cell that its rules reach, and the side of the least square of ink that matters.
_RIM, _LEAST = 0.2, 0.1


def on_print(marks: Mask, back: Floats, boxes: Sequence[Box], em: float) -> list[bool]:
    """For each box of the straight page whether one of the marks stands on what is printed in it.

    ``marks`` are the dots of the page as it is, ``back`` the matrix from the dots of the straight page to them.
    """
    y, x = np.nonzero(marks)
    page = np.stack([x, y, np.ones(len(x))]).astype(np.float64)
    u, v, w = np.linalg.inv(back) @ page
    u, v = u / w, v / w
    rim, least = _RIM * em, max(3.0, (_LEAST * em) ** 2)
    return [int(((u >= b.x0 + rim) & (u < b.x1 - rim) & (v >= b.y0 + rim) & (v < b.y1 - rim)).sum()) >= least for b in boxes]
