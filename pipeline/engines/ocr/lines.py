"""Where the printed lines of a cell lie: by the ink of its rows."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.engines.ocr.pieces import pieces
from pipeline.engines.ocr.raster import Ints, Mask, median
from pipeline.engines.ocr.rules import Ridges

# Shares of the type size. Pieces of one character stand apart by less than LOOSE and are together no higher than WHOLE; a band
# higher than TALL is more than one line; between TIGHT and WIDE is the pitch of lines set without a gap.
LOOSE, WHOLE, TALL, TIGHT, WIDE = 0.5, 1.12, 1.5, 0.85, 1.35
# Ink smaller than this share of the type size is a speck unless it stands close to a line.
SPECK, CLOSE = 0.2, 1.0
# A line that is no larger than this is dirt, and so is one of two pieces that are smaller and do not stand together.
DUST, TOGETHER = 0.36, 1.2
# At least this share of what type covers is ink.
_TYPE = 0.1
# Points: smallest and largest type of a table.
_SMALLEST, _LARGEST, _USUAL = 3.0, 24.0, 8.0
# A run of rows is a line of type when it is so many times longer than high; the face of the type is this share of its size.
_LINE, _FACE = 3.0, 0.94
# Points to which rules are taken out of the ink, beyond their own thickness.
_RIM = 0.4


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in dots, ends exclusive."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Blobs:
    """Connected pieces of ink: rows of (x0, y0, x1, y1, dots)."""

    boxes: Ints


def ink_blobs(ink: Mask) -> Blobs:
    """The pieces of ink of a picture; number 0 is the paper."""
    x, y, width, height, area = pieces(ink).stats.T
    return Blobs(np.stack([x, y, x + width, y + height, area], axis=1))


def without_rules(ink: Mask, across: Ridges, down: Ridges, thick: float) -> Mask:
    """The ink beside the rules. Only to find lines: what is recognised keeps every dot."""
    rest = ink.copy()
    width = max(3, round(thick))
    for position0, position1, start, end in across.lines.tolist():
        cv2.line(rest, (round(start), round(position0)), (round(end), round(position1)), 0, width)
    for position0, position1, start, end in down.lines.tolist():
        cv2.line(rest, (round(position0), round(start)), (round(position1), round(end)), 0, width)
    return rest


def rule_thickness(ink: Mask, across: Ridges, unit: float) -> float:
    """Dots that the rules of a page are thick, the rim of grey dots included."""
    found = []
    reach = round(3.4 * unit)
    for position0, position1, start, end in across.lines.tolist():
        x, y = round((start + end) / 2), round((position0 + position1) / 2)
        strip = ink[max(0, y - reach) : y + reach + 1, max(0, x - 3) : x + 4]
        if strip.size:
            found.append(float(strip.sum(axis=0).min()))
    return (median(found) if found else 1.0) + 2 * _RIM * unit


def type_size(blobs: Blobs, cells: list[Box], unit: float) -> float:
    """The size of a page's type in dots: most of the type stands in lines a character high and several long."""
    found: list[tuple[int, int]] = []
    for cell in cells:
        inside = _inside(blobs, cell)
        inside = inside[np.maximum(inside[:, 2] - inside[:, 0], inside[:, 3] - inside[:, 1]) >= 0.25 * _SMALLEST * unit]
        for top, bottom in _runs(_profile(inside, cell)) if len(inside) else []:
            middle = (inside[:, 1] + inside[:, 3]) / 2 - cell.y0
            mine = inside[(middle >= top) & (middle < bottom)]
            width = int(mine[:, 2].max() - mine[:, 0].min()) if len(mine) else 0
            if width >= _LINE * (bottom - top) and _SMALLEST * unit <= bottom - top <= _LARGEST * unit:
                found.append((bottom - top, width))
    if not found:
        return _USUAL * unit
    found.sort()
    heights, widths = np.array(found).T
    reach = np.cumsum(widths)
    return float(heights[np.searchsorted(reach, 0.5 * reach[-1])]) / _FACE


def cell_lines(blobs: Blobs, cell: Box, em: float) -> list[Box]:
    """The printed lines inside a cell, from top to bottom: their ink's extent."""
    inside = _inside(blobs, cell)
    if not len(inside):
        return []
    size = np.maximum(inside[:, 2] - inside[:, 0], inside[:, 3] - inside[:, 1])
    large = inside[size >= SPECK * em]
    if not len(large):
        return []
    profile = _profile(large, cell)
    bands = [part for band in _joined(_runs(profile), em) for part in _split(band, profile, em)]
    found = [_line(inside, large, top + cell.y0, bottom + cell.y0, em) for top, bottom in bands]
    return [line for line in found if line is not None and not _is_dust(line, large, cell, em)]


def _is_dust(line: Box, large: Ints, cell: Box, em: float) -> bool:
    """Whether all that makes a line is a speck or two. A sign that may stand alone (一, 1, a tick) is larger, worn or not."""
    if max(line.width, line.height) < DUST * em:
        return True
    y = (large[:, 1] + large[:, 3]) / 2
    # What reaches in from other lines is of this one as well where it is type that an underline joins, not a rest of the rules.
    joined = large[:, 4] >= _TYPE * (large[:, 2] - large[:, 0]) * (large[:, 3] - large[:, 1])
    joined &= (large[:, 1] > cell.y0) & (large[:, 3] < cell.y1)
    mine = large[(y >= line.y0) & (y <= line.y1) | joined & _share_of(large, line.y0, line.y1)]
    size = np.maximum(mine[:, 2] - mine[:, 0], mine[:, 3] - mine[:, 1])
    return len(mine) <= 2 and line.width > TOGETHER * em and bool((size < DUST * em).all())


def _inside(blobs: Blobs, cell: Box) -> Ints:
    """The pieces whose middle lies in a cell, cut to it."""
    boxes = blobs.boxes[1:]
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = boxes[(x >= cell.x0) & (x < cell.x1) & (y >= cell.y0) & (y < cell.y1)].copy()
    inside[:, [1, 3]] = np.clip(inside[:, [1, 3]], cell.y0, cell.y1)
    return np.asarray(inside)


def _profile(pieces: Ints, cell: Box) -> Ints:
    """For each row of a cell how many dots wide the pieces are that reach into it."""
    steps = np.zeros(cell.height + 1, np.int64)
    width = pieces[:, 2] - pieces[:, 0]
    np.add.at(steps, pieces[:, 1] - cell.y0, width)
    np.add.at(steps, pieces[:, 3] - cell.y0, -width)
    return np.cumsum(steps)[:-1]


def _runs(profile: Ints) -> list[tuple[int, int]]:
    filled = np.concatenate([[0], (profile > 0).astype(np.int8), [0]])
    return [(int(a), int(b)) for a, b in np.flatnonzero(np.diff(filled)).reshape(-1, 2)]


def _joined(bands: list[tuple[int, int]], em: float) -> list[tuple[int, int]]:
    """Bands with those joined that are pieces of one line (二 has a gap in its middle), the closest first."""
    bands = list(bands)
    while True:
        gaps = [
            (bands[k + 1][0] - bands[k][1], k)
            for k in range(len(bands) - 1)
            if bands[k + 1][0] - bands[k][1] <= LOOSE * em and bands[k + 1][1] - bands[k][0] <= WHOLE * em
        ]
        if not gaps:
            return bands
        k = min(gaps)[1]
        bands[k : k + 2] = [(bands[k][0], bands[k + 1][1])]


def _split(band: tuple[int, int], profile: Ints, em: float) -> list[tuple[int, int]]:
    """A band of several lines that touch, cut where it has the least ink."""
    top, bottom = band
    if bottom - top <= TALL * em:
        return [band]
    shortest, longest = round(TIGHT * em), round(WIDE * em)
    cuts = min(range(top + shortest, min(top + longest, bottom - 1) + 1), key=lambda y: (int(profile[y]), abs(y - top - em)))
    return [(top, cuts), *_split((cuts, bottom), profile, em)]


def _line(inside: Ints, large: Ints, top: int, bottom: int, em: float) -> Box | None:
    """The extent of the line between two rows, with the small pieces (full stops) that stand close to it."""
    mine = large[_share_of(large, top, bottom)]
    if not len(mine):
        return None
    x0, x1 = int(mine[:, 0].min()), int(mine[:, 2].max())
    near = inside[(inside[:, 1] >= top - 0.1 * em) & (inside[:, 3] <= bottom + 0.1 * em)]
    near = near[(near[:, 0] >= x0 - CLOSE * em) & (near[:, 2] <= x1 + CLOSE * em)]
    return Box(min(x0, int(near[:, 0].min(initial=x0))), top, max(x1, int(near[:, 2].max(initial=x1))), bottom)


def _share_of(large: Ints, top: int, bottom: int) -> npt.NDArray[np.bool_]:
    """Which pieces are of the line between two rows: one that joins characters of two lines, as in a photocopy, is of both."""
    shared = np.minimum(large[:, 3], bottom) - np.maximum(large[:, 1], top)
    return np.asarray(shared >= 0.5 * np.minimum(large[:, 3] - large[:, 1], bottom - top))


def outside_lines(blobs: Blobs, tables: list[Box], em: float) -> list[Box]:
    """The lines of text in no table, from top to bottom: pieces of ink that stand beside each other."""
    return sorted(_chains(outside_pieces(blobs, tables, em), em), key=lambda line: (line.y0, line.x0))


def outside_pieces(blobs: Blobs, tables: list[Box], em: float) -> Ints:
    """The pieces of ink in no table. Ink that is far larger than type (a picture, a frame) is left out, and so are specks."""
    boxes = blobs.boxes[1:]
    size = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    free = (size >= SPECK * em) & (size <= 5 * em)
    for table in tables:
        free &= ~((x >= table.x0) & (x < table.x1) & (y >= table.y0) & (y < table.y1))
    return np.asarray(boxes[free])


def _chains(pieces: Ints, em: float) -> list[Box]:
    """Pieces in reading order joined to lines: side by side, at one height, no further apart than two characters."""
    lines: list[list[int]] = []
    for x0, y0, x1, y1, _ in pieces[np.lexsort((pieces[:, 1], pieces[:, 0]))].tolist():
        for line in lines:
            height = max(line[3] - line[1], y1 - y0)
            beside = min(line[3], y1) - max(line[1], y0) >= 0.3 * min(line[3] - line[1], y1 - y0)
            if beside and x0 - line[2] <= 2 * max(height, em) and max(line[3], y1) - min(line[1], y0) <= 1.6 * max(height, em):
                line[:] = [min(line[0], x0), min(line[1], y0), max(line[2], x1), max(line[3], y1)]
                break
        else:
            lines.append([x0, y0, x1, y1])
    return [Box(*line) for line in lines if max(line[2] - line[0], line[3] - line[1]) >= 0.4 * em]
