"""Text that stands below an open cell at the foot of a table: its last line, which no rule encloses."""

from __future__ import annotations

from pipeline.engines.ocr.lines import Box
from pipeline.engines.ocr.raster import Ints

# In type sizes: how far below a cell its next line may begin, and how far above its edge (where the rules beside it end).
_BELOW, _ABOVE = 1.2, 0.5
# So far from its sides the text of a cell stands; a character there (so wide, at least: not what is left of a rule) is one of a
# line that runs on below several cells, a note.
_BESIDE, _WIDE = 0.1, 0.3


def spills(cell: Box, pieces: Ints, em: float) -> bool:
    """Whether some of the pieces of ink outside tables stand straight below a cell, between its sides.

    Pieces, not lines: the last lines of two cells that stand beside each other look like one line.
    """
    gap = pieces[:, 1] - cell.y1
    below = pieces[(gap >= -_ABOVE * em) & (gap <= _BELOW * em)]
    if not ((below[:, 0] >= cell.x0) & (below[:, 2] <= cell.x1)).any():
        return False
    wide, rim = below[below[:, 2] - below[:, 0] >= _WIDE * em], _BESIDE * em
    return not any(((wide[:, 0] < side + rim) & (wide[:, 2] > side - rim)).any() for side in (cell.x0, cell.x1))
