"""Text that stands below an open cell at the foot of a table: its last line, which no rule encloses."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.engines.ocr.lines import Box

# In type sizes: how far below a cell its next line may begin, and how far above its edge (where the rules beside it end).
_BELOW, _ABOVE = 1.2, 0.5


def spills(cell: Box, lines: Sequence[Box], em: float) -> bool:
    """Whether one of the lines outside tables stands straight below a cell, between its sides."""
    return any(cell.x0 <= line.x0 and line.x1 <= cell.x1 and -_ABOVE * em <= line.y0 - cell.y1 <= _BELOW * em for line in lines)
