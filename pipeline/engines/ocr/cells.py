"""From the cells of a grid to what is printed in them: marks by their shape, the rest read line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.engines.ocr.lines import Blobs, Box, cell_lines
from pipeline.engines.ocr.marks import boxes_in_line, lone_mark
from pipeline.engines.ocr.raster import Gray
from pipeline.engines.ocr.recognise import Reading, recognise
from pipeline.engines.ocr.ticks import Lone, settle_ticks

# Lines are narrowed to this share of their width: as accurate, and the time goes by the width. A line whose weakest character
# is below WEAK is read once more as it is.
SQUEEZE, WEAK = 0.7, 0.9
# Paper around a line that is read with it, as a share of the type size; a little less than the gap between lines.
_MARGIN = 0.14
# The score of a mark that its shape tells, and of characters on which two readings disagree.
_CERTAIN, _SPLIT = 0.99, 0.5
_EVERYWHERE = Box(0, 0, 1 << 30, 1 << 30)


@dataclass(frozen=True, slots=True)
class Printed:
    """What a cell prints: its lines, and for each of their characters (white space aside) its score (0..1)."""

    text: str
    scores: tuple[float, ...]
    cut: bool = False


@dataclass(slots=True)
class _Part:
    """A piece of a line: a mark, or dots to be read."""

    box: Box
    mark: str = ""
    crop: Gray | None = None
    reading: Reading = field(default_factory=lambda: Reading("", (), ()))


@dataclass(slots=True)
class _Line:
    parts: list[_Part]
    lone: bool = False


def read_cells(
    cells: Sequence[Box], around: Sequence[Box], blobs: Blobs, gray: Gray, em: float
) -> tuple[list[Printed], list[Printed]]:
    """What each cell and each line around the tables prints (boxes in dots); ``em`` is the size of the page's type in dots."""
    pages = [_lines(cell, blobs, gray, em) for cell in cells]
    pages += [[_Line(_text_part(line, (0, gray.shape[0]), _EVERYWHERE, gray, line.height))] for line in around]
    parts = [part for lines in pages for line in lines for part in line.parts if part.crop is not None]
    for part, reading in zip(parts, read_lines([part.crop for part in parts if part.crop is not None]), strict=True):
        part.reading = reading
    lone = [line.parts[0] for lines in pages for line in lines if line.lone and line.parts[0].crop is not None]
    settled = settle_ticks([Lone(part.box, part.reading) for part in lone], blobs, gray, em)
    for part, (mark, score) in zip(lone, settled, strict=True):
        if mark:
            part.reading = Reading(mark, (score,), (0.5,))
    printed = [_printed(lines) for lines in pages]
    return printed[: len(cells)], printed[len(cells) :]


def read_lines(crops: Sequence[Gray]) -> list[Reading]:
    """The readings of lines; weak ones are read twice and keep what both readings say."""
    readings = recognise(crops, SQUEEZE)
    weak = [k for k, reading in enumerate(readings) if reading.weakest < WEAK or not reading.text.strip()]
    for k, again in zip(weak, recognise([crops[k] for k in weak], 1.0), strict=True):
        readings[k] = better(readings[k], again)
    return readings


def better(one: Reading, other: Reading) -> Reading:
    """The surer of two readings of a line; where both say the same, each character has the higher of its scores."""
    if one.text == other.text:
        return Reading(one.text, tuple(map(max, one.scores, other.scores)), one.places)
    first, second = (one, other) if _mean(one) >= _mean(other) else (other, one)
    return Reading(first.text, _agreed(first, second), first.places)


def _mean(reading: Reading) -> float:
    return float(np.mean(reading.scores)) if reading.scores else 0.0


def _agreed(first: Reading, second: Reading) -> tuple[float, ...]:
    """The scores of the first reading, low where the second says otherwise."""
    from rapidfuzz.distance import Levenshtein

    scores = list(first.scores)
    for op in Levenshtein.opcodes(first.text, second.text):
        if op.tag == "equal":
            for a, b in zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True):
                scores[a] = max(scores[a], second.scores[b])
        else:
            around = range(op.src_start, op.src_end) or range(max(op.src_start - 1, 0), min(op.src_start + 1, len(scores)))
            if any(char.strip() for char in first.text[op.src_start : op.src_end] + second.text[op.dest_start : op.dest_end]):
                for a in around:
                    scores[a] = min(scores[a], _SPLIT)
    return tuple(scores)


def _lines(cell: Box, blobs: Blobs, gray: Gray, em: float) -> list[_Line]:
    boxes = cell_lines(blobs, cell, em)
    lines = []
    for k, box in enumerate(boxes):
        above = (boxes[k - 1].y1 + box.y0) // 2 if k else cell.y0
        below = (box.y1 + boxes[k + 1].y0 + 1) // 2 if k + 1 < len(boxes) else cell.y1
        lines.append(_line(box, (above, below), len(boxes) == 1, cell, blobs, gray, em))
    return lines


def _line(box: Box, free: tuple[int, int], alone: bool, cell: Box, blobs: Blobs, gray: Gray, em: float) -> _Line:
    lone = alone and box.width <= 1.5 * em and box.height <= 1.5 * em
    if lone and (sign := lone_mark(blobs, gray, box, em)):
        return _Line([_Part(box, sign)], True)
    parts: list[_Part] = []
    x = box.x0
    for mark in boxes_in_line(blobs, gray, box, em):
        parts += _text_part(Box(x, box.y0, mark.box.x0, box.y1), free, cell, gray, em)
        parts.append(_Part(mark.box, mark.text))
        x = mark.box.x1
    parts += _text_part(Box(x, box.y0, box.x1, box.y1), free, cell, gray, em)
    return _Line(parts, lone and len(parts) == 1)


def _text_part(box: Box, free: tuple[int, int], cell: Box, gray: Gray, em: float) -> list[_Part]:
    if box.width < 0.12 * em:
        return []
    margin = max(2, round(_MARGIN * em))
    y0, y1 = max(box.y0 - margin, min(free[0], box.y0), 0), min(box.y1 + margin, max(free[1], box.y1), gray.shape[0])
    x0, x1 = max(box.x0 - margin, min(cell.x0, box.x0), 0), min(box.x1 + margin, max(cell.x1, box.x1), gray.shape[1])
    return [_Part(box, crop=gray[y0:y1, x0:x1])]


def _printed(lines: list[_Line]) -> Printed:
    texts: list[str] = []
    scores: list[float] = []
    for line in lines:
        text = ""
        for part in line.parts:
            said = part.mark or part.reading.text
            text += said
            given = (_CERTAIN,) if part.mark else part.reading.scores
            scores += [score for char, score in zip(said, given, strict=True) if not char.isspace()]
        texts.append(text.strip())
    return Printed("\n".join(text for text in texts if text), tuple(scores))
