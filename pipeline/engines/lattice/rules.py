"""The ruled lines of a page: strokes, thin filled boxes, rectangles, and thin pictures of lines, in a reader's coordinates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.engines.lattice.boxes import THICK, Boxes
from pipeline.engines.lattice.frame import Frames
from pipeline.engines.lattice.pdfium import Floats

# Dots whose middles are at most this far apart, or so many times as far as they are wide, are one dotted line, if it is at least
# this long: browsers leave a gap as wide as the dots, and stretch it so that a dot stands at either end.
_DOT_GAP, _DOT_GAPS, _DOTTED = 4.5, 2.6, 6.0


class Rules(NamedTuple):
    """Lines along the axes: rows of (position, start, end); ``across`` run horizontally (position = y), ``down`` vertically."""

    across: Floats
    down: Floats


def boxes_to_rules(boxes: Boxes, frames: Frames) -> Rules:
    """Thin boxes of several pages as lines along their longer side, cut to their page; boxes thick on both sides are left out.

    So are those that begin beyond the end of the page or end before it: Chromium paints the row that a page break cuts whole on
    both pages, and cut to the edge its thousand dots stood there side by side as rules.
    """
    low = frames.offsets[boxes.page][:, None]
    far, every = frames.sizes[boxes.page] + low, frames.boxes(boxes.box, boxes.page)
    boxes_in = np.concatenate([np.clip(every[:, :2], low - THICK, far), np.clip(every[:, 2:], low, far + THICK)], axis=1)
    on_page = (every[:, :2] < far) & (every[:, 2:] > low)
    width, height = every[:, 2] - every[:, 0], every[:, 3] - every[:, 1]
    long = np.maximum(width, height)
    dot = (long <= THICK) & (long < 2 * np.minimum(width, height))
    seen = dot & on_page.all(axis=1)
    across = boxes_in[(height <= THICK) & (width >= height) & (width > 0) & ~dot & on_page[:, 0]]
    down = boxes_in[(width <= THICK) & (height > width) & ~dot & on_page[:, 1]]
    dots, size = (boxes_in[seen, :2] + boxes_in[seen, 2:]) / 2, long[seen]
    level = np.stack([(across[:, 1] + across[:, 3]) / 2, across[:, 0], across[:, 2]], axis=1)
    upright = np.stack([(down[:, 0] + down[:, 2]) / 2, down[:, 1], down[:, 3]], axis=1)
    return Rules(
        np.vstack([level, _dotted(dots[:, 1], dots[:, 0], size)]), np.vstack([upright, _dotted(dots[:, 0], dots[:, 1], size)])
    )


def _dotted(level: Floats, along: Floats, size: Floats) -> Floats:
    """Lines that are rows of square dots (Chromium draws a dashed hairline so): dots at one level, close to each other.

    A dot belongs to a line in either direction, so lone dots count for none.
    """
    if not len(level):
        return np.zeros((0, 3))
    step = np.round(level * 2).astype(np.int64)
    order = np.lexsort((along, step))
    far = np.diff(along[order]) > np.maximum(_DOT_GAP, _DOT_GAPS * size[order[1:]])
    breaks = np.flatnonzero((np.diff(step[order]) != 0) | far) + 1
    first, last = np.concatenate([[0], breaks]), np.concatenate([breaks, [len(order)]]) - 1
    half = size / 2
    start, end = along[order[first]] - half[order[first]], along[order[last]] + half[order[last]]
    lines = np.stack([level[order[first]], start, end], axis=1)
    return np.asarray(lines[along[order[last]] - along[order[first]] >= _DOTTED])
