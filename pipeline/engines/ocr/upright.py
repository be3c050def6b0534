"""Which way up a scan lies: a few of its lines are read in each of the four directions, and one reads far better."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.engines.ocr.lines import Box, cell_lines, ink_blobs, type_size
from pipeline.engines.ocr.raster import Gray, Mask
from pipeline.engines.ocr.recognise import recognise

# So many lines are read for each direction, of at least so many characters; a direction counts when its mean score beats that of
# the page as it lies by so much.
_LINES, _LONG, _AHEAD = 16, 3.0, 0.05
_SQUEEZE, _MARGIN = 0.7, 0.14


def quarters_to_turn(cells: Sequence[Box], ink: Mask, gray: Gray, unit: float) -> int:
    """Quarter turns clockwise that make a picture upright; ``ink`` is without the rules of the table with these ``cells``."""
    height, width = gray.shape
    scores = [_sureness(turn_boxes(cells, height, width, k), np.rot90(ink, -k), np.rot90(gray, -k), unit) for k in range(4)]
    best = max(range(4), key=lambda k: scores[k])
    return best if scores[best] >= scores[0] + _AHEAD else 0


def turn_boxes(boxes: Sequence[Box], height: int, width: int, quarters: int) -> list[Box]:
    """Boxes of a picture of that size where they lie when it is turned clockwise by so many quarters."""
    turned = list(boxes)
    for _ in range(quarters):
        turned = [Box(height - b.y1, b.x0, height - b.y0, b.x1) for b in turned]
        height, width = width, height
    return turned


def _sureness(cells: Sequence[Box], ink: Mask, gray: Gray, unit: float) -> float:
    """The mean score of the characters of some lines, 0 where there is no line that is long enough."""
    blobs = ink_blobs(np.ascontiguousarray(ink))
    em = type_size(blobs, list(cells), unit)
    margin = round(_MARGIN * em)
    lines = [line for cell in cells for line in cell_lines(blobs, cell, em) if line.width >= _LONG * em]
    step = max(1, len(lines) // _LINES)
    crops = [
        np.ascontiguousarray(gray[max(b.y0 - margin, 0) : b.y1 + margin, max(b.x0 - margin, 0) : b.x1 + margin])
        for b in lines[::step][:_LINES]
    ]
    scores = [score for reading in recognise(crops, _SQUEEZE) for score in reading.scores]
    return float(np.mean(scores)) if scores else 0.0
