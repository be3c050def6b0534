"""Ticks and boxes, judged by ink and shape: the recogniser reads half of the boxes as nothing and ticks as letters.

Shapes are told from one piece of ink, cut out with its bounding box. What is no such mark is left to the recogniser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.engines.ocr.lines import Blobs, Box
from pipeline.engines.ocr.raster import Floats, Gray, Mask, median, percentile

FILLED, EMPTY, CHECKED, DISC, TICK, DASH = "■", "□", "☑", "●", "√", "—"
BOXES = (FILLED, EMPTY, CHECKED)
# Shares of the type size: how large a box in a line is, how much its sides may differ, and how large a lone mark may be.
_BOX, _UNEQUAL, _LONE = (0.5, 1.2), 0.22, 1.35
# A dash is at most so high.
_FLAT = 0.32
# Empty boxes of a cell differ by less than this share of their size; so many tell which is.
_UNLIKE, _FEW = 0.15, 3
# How far (share of the type size) from the beginning of a line a box may stand that begins it.
_BEGINS = 0.3
# Share of its bounding box that is ink: a filled box, a disc (π/4).
_SOLID, _ROUND = 0.88, (0.7, 0.87)
# Shares: each side of a frame is ink, the inside of an empty one is not, that of a checked one is a little, and no row or
# column of it is a stroke from side to side as in 国, 四, 田.
_CORNER, _FRAME, _BLANK, _CHECK, _STROKE = 0.13, 0.86, 0.04, (0.04, 0.42), (0.62, 0.72)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark and where it stands."""

    text: str
    box: Box


def shape_of(gray: Gray, box: Box) -> Mask:
    """What is ink inside a box, by half of the darkest that stands there: pale type keeps its shape, blurred type its gaps."""
    part = gray[box.y0 : box.y1, box.x0 : box.x1]
    if not part.size:
        return np.zeros((1, 1), np.uint8)
    middle = (percentile(part, 3) + 255) / 2
    return (part < middle).astype(np.uint8)


def boxes_in_line(blobs: Blobs, gray: Gray, line: Box, em: float) -> list[Mark]:
    """Filled boxes anywhere in a line; empty and checked ones where a word may begin: at its start or after a gap."""
    inside = _pieces_in(blobs, line)
    found = []
    for box in inside:
        if not _squarish(box, em):
            continue
        shape = trimmed(shape_of(gray, box))
        text = filled(shape)
        if text == FILLED or (not text and _begins(inside, box, em) and (text := framed(shape))):
            found.append(Mark(text, box))
    return sorted(found, key=lambda mark: mark.box.x0)


def in_company(found: Sequence[Sequence[Mark]], lines: Sequence[Box], em: float) -> list[list[Mark]]:
    """The boxes of the lines of a cell without those that may be a character: 口 looks like an empty box.

    A cell that offers a choice has several boxes, and lines that begin with one; elsewhere the recogniser must tell. Its empty
    boxes are of one size, and 口 at the beginning of a wrapped line is of another.
    """
    begins = any(marks and marks[0].box.x0 - line.x0 <= _BEGINS * em for marks, line in zip(found, lines, strict=True))
    if begins and sum(map(len, found)) > 1:
        usual = _usual_size([mark for marks in found for mark in marks if mark.text == EMPTY])
        return [[mark for mark in marks if mark.text != EMPTY or _of_size(mark.box, usual)] for marks in found]
    return [[mark for mark in marks if mark.text != EMPTY] for marks in found]


def _usual_size(marks: Sequence[Mark]) -> tuple[float, float] | None:
    """Width and height of most of the marks; None where they are too few to tell."""
    if len(marks) < _FEW:
        return None
    return median([m.box.width for m in marks]), median([m.box.height for m in marks])


def _of_size(box: Box, usual: tuple[float, float] | None) -> bool:
    sides = zip((box.width, box.height), usual, strict=True) if usual else ()
    return all(abs(own - most) <= max(2.0, _UNLIKE * most) for own, most in sides)


def lone_mark(blobs: Blobs, gray: Gray, line: Box, em: float) -> str:
    """The mark that a line is when it holds nothing else, "" where it is none or the recogniser must tell."""
    if line.width > _LONE * em or line.height > _LONE * em:
        return ""
    inside = [piece for piece in _pieces_in(blobs, line) if max(piece.width, piece.height) >= 0.15 * em]
    if not inside:
        return ""
    if line.height <= _FLAT * em and line.width >= max(0.45 * em, 2 * line.height):
        return DASH
    shape = trimmed(shape_of(gray, line))
    if len(inside) == 1 and min(line.width, line.height) >= 0.3 * em and (text := filled(shape)):
        return text
    if _squarish(line, em) and (text := framed(shape)):
        return text
    return ""


def trimmed(shape: Mask) -> Mask:
    """A shape without the empty rows and columns around it."""
    rows, columns = np.flatnonzero(shape.any(axis=1)), np.flatnonzero(shape.any(axis=0))
    return shape[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else shape


def _pieces_in(blobs: Blobs, line: Box) -> list[Box]:
    boxes = blobs.boxes
    # Twice the middle: whole numbers are compared in half the time.
    x, y = boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
    inside = (x >= 2 * line.x0) & (x < 2 * line.x1) & (y >= 2 * line.y0) & (y < 2 * line.y1)
    inside[0] = False
    return [Box(*sides) for sides in boxes[inside, :4].tolist()]


def _squarish(box: Box, em: float) -> bool:
    small, large = sorted((box.width, box.height))
    return _BOX[0] * em <= small and large <= _BOX[1] * em and large - small <= max(_UNEQUAL * large, 2)


def _begins(inside: Sequence[Box], box: Box, em: float) -> bool:
    """Whether a word may begin at a box: nothing stands close before it."""
    before = [piece.x1 for piece in inside if piece.x0 < box.x0 - 1]
    return not before or box.x0 - max(before) >= 0.16 * em


def filled(shape: Mask) -> str:
    """FILLED or DISC for a solid piece, else ""."""
    share = float(shape.mean())
    if share >= _SOLID:
        return FILLED
    height, width = shape.shape
    if not _ROUND[0] <= share <= _ROUND[1] or abs(height - width) > 0.25 * max(height, width):
        return ""
    y, x = np.mgrid[0:height, 0:width]
    inside = ((x + 0.5) / width * 2 - 1) ** 2 + ((y + 0.5) / height * 2 - 1) ** 2 <= 1
    return DISC if float((inside == (shape > 0)).mean()) >= 0.92 else ""


def framed(shape: Mask) -> str:
    """EMPTY or CHECKED for a square frame, else ""."""
    height, width = shape.shape
    rim = max(1, round(0.14 * min(height, width)))
    core = np.s_[2 * rim : width - 2 * rim]
    sides = (
        shape[:rim].max(axis=0)[core],
        shape[-rim:].max(axis=0)[core],
        shape[:, :rim].max(axis=1)[2 * rim : height - 2 * rim],
        shape[:, -rim:].max(axis=1)[2 * rim : height - 2 * rim],
    )
    if any(not side.size or side.mean() < _FRAME for side in sides):
        return ""
    # An o is closed all round as well, but has no corners.
    corner = max(2, round(_CORNER * min(height, width)))
    if any(not shape[y, x].any() for y in (np.s_[:corner], np.s_[-corner:]) for x in (np.s_[:corner], np.s_[-corner:])):
        return ""
    margin = max(2, round(0.24 * min(height, width)))
    inner = shape[margin : height - margin, margin : width - margin]
    if not inner.size:
        return ""
    share = float(inner.mean())
    if share <= _BLANK:
        return EMPTY
    strokes = float(inner.mean(axis=1).max()), float(inner.mean(axis=0).max())
    if _CHECK[0] <= share <= _CHECK[1] and strokes[0] <= _STROKE[0] and strokes[1] <= _STROKE[1]:
        return CHECKED
    return ""


def is_tick(shape: Mask, em: float) -> bool:
    """Whether a piece goes down from the left, turns at its foot and climbs higher to the right, as √ ✓ ✔ do."""
    height, width = shape.shape
    if min(height, width) < 0.3 * em or width < 0.5 * height:
        return False
    columns = [np.flatnonzero(shape[:, x]) for x in range(width)]
    if any(not len(column) for column in columns):
        return False
    low = np.array([column[-1] for column in columns]) / (height - 1)
    high = np.array([column[0] for column in columns]) / (height - 1)
    foot = int(low.argmax())
    if not 0.12 * width <= foot <= 0.65 * width or high[-max(2, width // 5) :].min() > 0.12:
        return False
    # The short arm begins well below the top of the long one, which is a line and not the side of a filled shape.
    left = high[: max(2, foot // 2)]
    arm = low[foot:]
    climbs = float((np.diff(arm) <= 0.02).mean()) >= 0.85
    thin = median((low - high)[foot + (width - foot) // 3 :]) <= 0.45
    return bool(left.min() >= 0.22 and climbs and thin and float(shape.mean()) <= 0.5)


def likeness(one: Floats, other: Floats) -> float:
    """How alike two pictures of marks are (see ``portrait``): their correlation, -1..1."""
    return float((one * other).mean())


def portrait(shape: Mask) -> Floats:
    """A piece of ink scaled into a small square, its dots with mean 0 and deviation 1."""
    height, width = shape.shape
    side = max(height, width)
    square = np.zeros((side, side), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = shape
    small = cv2.GaussianBlur(cv2.resize(square, (20, 20), interpolation=cv2.INTER_AREA), (0, 0), 1.0).astype(np.float64)
    return np.asarray((small - small.mean()) / max(float(small.std()), 1e-6))
