"""Lines of type that reach further than their ink: one threshold tells the ink of a page, bold type and rules set it, and thin
pale type beside them is below it in places. A line that ends too early is a value cut short, and nothing else would tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.engines.ocr.lines import Box
from pipeline.engines.ocr.raster import Gray, percentile

# Print stands out from the paper at least by this share of what the darkest of its line does. Measured on scans of known pages:
# characters that the threshold had lost by 0.31 and more, print that shines through from the back of the paper by 0.28 at most.
PRINT = 0.31
# Dots that are paler than this are paper or the ringing of JPEG.
PALEST = 225
# Shares of the type size: how far from a line its next character may stand, how much of it is no speck, and how far from the
# middle of a rule its rim of grey dots reaches. A line that is lower than the last may be a stroke of higher characters.
_REACH, _LEAST, _RIM, _LOW = 1.6, 0.16, 0.25, 0.8
# No larger is a sign that a cell holds alone; a stroke is so many times wider than high.
_SIGN, _STROKE = 1.5, 2.0


def grown(lines: Sequence[Box], cell: Box, gray: Gray, em: float) -> list[Box]:
    """The lines of a cell with what is paler of their characters, and the paler characters that stand beside them.

    A sign alone is left as it is, unless its ink is a stroke: it is told by its ink, of which the thin arm of a tick is no part.
    """
    rim = max(2, round(_RIM * em))
    found = []
    for k, line in enumerate(lines):
        if line.height < _LOW * em:
            above = lines[k - 1].y1 if k else cell.y0 + rim
            below = lines[k + 1].y0 if k + 1 < len(lines) else cell.y1 - rim
            line = _higher(line, above, below, gray, em)
        left, right = _further(line, cell, gray, em, -1), _further(line, cell, gray, em, 1)
        found.append(Box(line.x0 - left, line.y0, line.x1 + right, line.y1))
    return list(lines) if len(lines) == 1 and _is_sign(lines[0], found[0], em) else found


def _is_sign(ink: Box, line: Box, em: float) -> bool:
    return max(line.width, line.height) <= _SIGN * em and ink.width < _STROKE * ink.height


def _higher(line: Box, above: int, below: int, gray: Gray, em: float) -> Box:
    """A low line with the paler strokes over and under it, together no higher than type; it stays between two rows."""
    limit = print_limit(gray[line.y0 : line.y1, line.x0 : line.x1])
    top = max(min(line.y0, above), line.y1 - round(em))
    over = np.flatnonzero((gray[top : line.y0, line.x0 : line.x1] < limit).any(axis=1))
    y0 = top + int(over[0]) if len(over) else line.y0
    bottom = min(max(line.y1, below), y0 + round(em))
    under = np.flatnonzero((gray[line.y1 : bottom, line.x0 : line.x1] < limit).any(axis=1))
    y1 = line.y1 + int(under[-1]) + 1 if len(under) else line.y1
    return Box(line.x0, y0, line.x1, y1) if y1 - y0 - line.height >= _LEAST * em else line


def _further(line: Box, cell: Box, gray: Gray, em: float, way: int) -> int:
    """How many dots a line goes on to the left (``way`` -1) or to the right."""
    reach, rim = round(_REACH * em), max(2, round(_RIM * em))
    room = (cell.x1 - rim - line.x1) if way > 0 else (line.x0 - cell.x0 - rim)
    found, limit = 0, 0.0
    while (width := min(reach, room - found)) > 0:
        start = line.x1 + found if way > 0 else line.x0 - found - width
        strip = gray[line.y0 : line.y1, start : start + width]
        if strip.min(initial=255) >= PALEST:
            break
        limit = limit or print_limit(gray[line.y0 : line.y1, line.x0 : line.x1])
        dark = strip < limit
        columns = np.flatnonzero(dark.any(axis=0) & ~dark.all(axis=0))[::way]
        if len(columns) < _LEAST * em:
            break
        found += int(columns[-1]) + 1 if way > 0 else width - int(columns[-1])
    return found


def print_limit(line: Gray) -> float:
    """What is darker than this is print of the same line."""
    return min(255 - PRINT * (255 - percentile(line, 3)), PALEST)
