"""Boxes that are too pale to be ink, as a worn copy leaves them: looked for where other lines of the column begin with a box."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.engines.ocr.lines import Box
from pipeline.engines.ocr.marks import EMPTY, Mark
from pipeline.engines.ocr.raster import Gray, median

# How much darker (of 255) the rim of a pale box is than its inside, at least; where it is so much darker it is sure.
_PALE, _CLEAR = 5.0, 60.0
# Shares of the type size: how far beside the boxes of other lines a line without one may begin, and how thick a rim is.
_BEHIND, _RIM = (0.75, 1.9), 0.16


def pale_box(line: Box, others: Sequence[Mark], cell: Box, gray: Gray, em: float) -> tuple[Mark, float] | None:
    """The empty box before a line, with a score (0..1), or None.

    ``others`` are the boxes at the beginning of other lines of the same column, moved to this cell.
    """
    places = [mark.box for mark in others if _BEHIND[0] * em <= line.x0 - mark.box.x0 <= _BEHIND[1] * em]
    if not places:
        return None
    x0, width, height = (round(median(v)) for v in zip(*((b.x0, b.width, b.height) for b in places), strict=True))
    y0 = (line.y0 + line.y1 - height) // 2
    box = Box(max(x0, cell.x0), max(y0, cell.y0), min(x0 + width, line.x0), min(y0 + height, cell.y1))
    contrast = _contrast(255.0 - gray[box.y0 : box.y1, box.x0 : box.x1].astype(np.float64), max(1, round(_RIM * em)))
    return (Mark(EMPTY, box), min(0.95, 0.4 + contrast / _CLEAR)) if contrast >= _PALE else None


def _contrast(dark: np.ndarray[tuple[int, ...], np.dtype[np.float64]], rim: int) -> float:
    """How much darker the palest side of a frame is than what it encloses."""
    inner = dark[2 * rim : -2 * rim, 2 * rim : -2 * rim]
    if not inner.size:
        return 0.0
    sides = (dark[:rim].max(axis=0), dark[-rim:].max(axis=0), dark[:, :rim].max(axis=1), dark[:, -rim:].max(axis=1))
    return float(min(np.mean(side) for side in sides) - np.percentile(inner, 90))
