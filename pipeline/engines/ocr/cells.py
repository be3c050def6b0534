"""From the cells of a grid to what is printed in them: marks by their shape, the rest read line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from pipeline.engines.ocr.alike import same_pictures
from pipeline.engines.ocr.faint import faint_ticks, worn_away
from pipeline.engines.ocr.grown import grown
from pipeline.engines.ocr.lines import Blobs, Box, cell_lines
from pipeline.engines.ocr.marks import BOXES, CHECKED, DASH, EMPTY, TICK, Mark, boxes_in_line, in_company, lone_mark
from pipeline.engines.ocr.pale import pale_box
from pipeline.engines.ocr.raster import Gray
from pipeline.engines.ocr.recognise import Reading, drawn_width, recognise
from pipeline.engines.ocr.ticks import Lone, settle_sign, settle_ticks
from pipeline.engines.ocr.unread import unread_ink, without_ink
from pipeline.text import is_cjk, usual_widths

# Lines are narrowed to this share of their width: as accurate, and the time goes by the width. A line whose weakest character
# is below WEAK is read once more, wider.
SQUEEZE, AGAIN, WEAK = 0.7, 0.85, 0.9
# Below this mean score of so many characters a second reading says no more than the first. Measured: pages of scans, copies and
# faxes that a person can read have 0.93 and more, a copy that nobody can 0.52 and 0.80, pages that lie upside down or on their
# side 0.49 to 0.61 (read twice 0.47 to 0.62), mirrored ones 0.77 (0.77). Such a page is trusted in nothing (``poor``, ``bad``).
_LEGIBLE, _ENOUGH = 0.85, 20
# A reading stands for other pictures of the same line when its weakest character is at least so sure: more than what nothing
# else confirms must be, so that no copy of a reading is evidence for it.
SURE = 0.97
# Paper around a line that is read with it, as a share of the type size; a little less than the gap between lines.
_MARGIN = 0.14
# The score of a mark that its shape tells, of characters on which two readings disagree, and of those beside unread ink.
_CERTAIN, _SPLIT, _UNREAD = 0.99, 0.5, 0.45
# In type sizes: a higher line is set in larger type; a line that touches its cell's edge so closely, is lower than this and at
# least so long, is halved by the edge.
_TALL, _TOUCH, _HALF, _LONG = 1.3, 0.2, 0.74, 1.5
# Signs that are told by few strokes: where so many cells of a column hold nothing else, and no fewer than hold words, they are.
_STROKES, _SEVERAL = (DASH, EMPTY, CHECKED), 3
_WIDE = str.maketrans("()", "（）")
_T = TypeVar("_T")
_EVERYWHERE = Box(0, 0, 1 << 30, 1 << 30)


@dataclass(frozen=True, slots=True)
class Printed:
    """What a cell prints: its lines, for each of their characters (white space aside) its score (0..1), and a reason code.

    The doubt is ``cut`` where the page's edge halves a line, which is then left out, and ``ocr`` where ink could not be read.
    """

    text: str
    scores: tuple[float, ...]
    doubt: str = ""


@dataclass(slots=True)
class _Part:
    """A piece of a line: a mark, or dots to be read."""

    box: Box
    mark: str = ""
    sure: float = _CERTAIN
    crop: Gray | None = None
    em: float = 1.0
    reading: Reading = field(default_factory=lambda: Reading("", (), ()))


@dataclass(slots=True)
class _Line:
    parts: list[_Part]
    lone: bool = False
    cut: bool = False


def read_cells(
    cells: Sequence[Box], around: Sequence[Box], blobs: Blobs, gray: Gray, em: float
) -> tuple[list[Printed], list[Printed]]:
    """What each cell and each line around the tables prints (boxes in dots); ``em`` is the size of the page's type in dots."""
    pages: list[list[_Line]] = []
    readings = read_lines(_crops(_kept(_cut(cells, around, blobs, gray, em), pages)))
    parts = [part for lines in pages for line in lines for part in line.parts if part.crop is not None]
    for part, reading in zip(parts, readings, strict=True):
        part.reading = reading
    _with_pale_boxes(cells, pages, gray, em)
    lone = [line.parts[0] for lines in pages for line in lines if line.lone and line.parts[0].crop is not None]
    settled = settle_ticks([Lone(part.box, part.reading) for part in lone], blobs, gray, em)
    for part, (mark, score) in zip(lone, settled, strict=True):
        if mark:
            part.reading = Reading(mark, (score,), (0.5,))
    _with_signs_read(cells, pages, gray, em)
    unclear = _with_faint_ticks(cells, pages, blobs, gray, em)
    printed = [_printed(lines) for lines in pages]
    for number in unclear:
        printed[number] = replace(printed[number], doubt="ocr")
    return printed[: len(cells)], printed[len(cells) :]


def _cut(cells: Sequence[Box], around: Sequence[Box], blobs: Blobs, gray: Gray, em: float) -> Iterator[list[_Line]]:
    """The lines of each cell, and then those around the tables, each by itself."""
    yield from (_lines(cell, blobs, gray, em) for cell in cells)
    yield from ([_Line(_text_part(line, _EVERYWHERE, gray, line.height))] for line in around)


def _crops(pages: Iterable[list[_Line]]) -> Iterator[tuple[Gray, float]]:
    for lines in pages:
        yield from ((part.crop, part.em) for line in lines for part in line.parts if part.crop is not None)


def _kept(given: Iterable[_T], into: list[_T]) -> Iterator[_T]:
    """What is given, as it is taken, each also put into a list."""
    for one in given:
        into.append(one)
        yield one


def read_lines(lines: Iterable[tuple[Gray, float]]) -> list[Reading]:
    """The readings of lines of type (dots, and the size of the type in dots); they are taken one by one, while others are read.

    Lines that are the same picture are read once where that is sure, else each of them. Where the first readings of all say that
    nothing here can be read (a page upside down, a font without shapes), none is read a second time: it would say no more.
    """
    taken: list[tuple[Gray, float]] = []
    groups: list[list[int]] = []
    once = recognise((taken[group[0]][0] for group in _kept(same_pictures(_kept(lines, taken)), groups)), SQUEEZE)
    crops, sizes = [crop for crop, _ in taken], [size for _, size in taken]
    first = [group[0] for group in groups]
    legible = _is_legible(once)
    said = dict(zip(first, _checked(once, [crops[k] for k in first], [sizes[k] for k in first], legible), strict=True))
    sure = {k: said[group[0]] for group in groups if _is_sure(said[group[0]]) for k in group[1:]}
    left = [k for k in range(len(crops)) if k not in said and k not in sure]
    once = recognise([crops[k] for k in left], SQUEEZE)
    said |= sure | dict(zip(left, _checked(once, [crops[k] for k in left], [sizes[k] for k in left], legible), strict=True))
    return [said[k] for k in range(len(crops))]


def _is_legible(readings: Sequence[Reading]) -> bool:
    scores = [score for reading in readings for score in reading.scores]
    return len(scores) < _ENOUGH or float(np.mean(scores)) >= _LEGIBLE


def _is_sure(reading: Reading) -> bool:
    return bool(reading.text.strip()) and reading.weakest >= SURE


def _checked(once: Sequence[Reading], crops: Sequence[Gray], sizes: Sequence[float], legible: bool) -> list[Reading]:
    """The readings of lines that were read ``once``; weak ones are read twice, if ``legible``, and keep what both readings say.

    Where there is ink that neither reading accounts for, the characters beside it are as unsure as what is missing, and so are
    those at whose place nothing is printed.
    """
    readings = list(once)
    gaps = [unread_ink(crop, reading, em) for crop, reading, em in zip(crops, readings, sizes, strict=True)]
    weak = [k for k, reading in enumerate(readings) if gaps[k] or reading.weakest < WEAK or not reading.text.strip()]
    first = [readings[k] for k in weak]
    wider = _read_wider([crops[k] for k in weak], first) if legible else first
    for k, again in zip(weak, wider, strict=True):
        left = unread_ink(crops[k], again, sizes[k])
        if len(left) < len(gaps[k]):
            readings[k], gaps[k] = _noted(again, readings[k]), left
        else:
            readings[k] = better(readings[k], again) if len(left) == len(gaps[k]) else _noted(readings[k], again)
            gaps[k] = unread_ink(crops[k], readings[k], sizes[k])
        readings[k] = _beside(readings[k], gaps[k])
    return [_unsure(reading, without_ink(crop, reading, em)) for crop, reading, em in zip(crops, readings, sizes, strict=True)]


def _read_wider(crops: Sequence[Gray], readings: Sequence[Reading]) -> list[Reading]:
    """What lines say that are less narrowed; of one that is so short that it was not narrowed at all, what it said already."""
    found = list(readings)
    wider = [k for k, crop in enumerate(crops) if drawn_width(crop, AGAIN) > drawn_width(crop, SQUEEZE)]
    for k, reading in zip(wider, recognise([crops[k] for k in wider], AGAIN), strict=True):
        found[k] = reading
    return found


def _beside(reading: Reading, gaps: Sequence[int]) -> Reading:
    return _unsure(reading, [at for gap in gaps for at in (gap - 1, gap) if 0 <= at < len(reading.scores)])


def _unsure(reading: Reading, characters: Sequence[int]) -> Reading:
    """The reading with low scores for some of its characters."""
    if not characters:
        return reading
    return replace(reading, scores=tuple(min(s, _UNREAD) if k in characters else s for k, s in enumerate(reading.scores)))


def _noted(first: Reading, second: Reading) -> Reading:
    """The first reading with what the second says of its characters; what only one of them reads is unsure."""
    return replace(first, scores=_agreed(first, second))


def better(one: Reading, other: Reading) -> Reading:
    """The surer of two readings of a line; where both say the same, each character has the higher of its scores."""
    if usual_widths(one.text) == usual_widths(other.text):
        return Reading(one.text, tuple(map(max, one.scores, other.scores)), one.places)
    first, second = (one, other) if _mean(one) >= _mean(other) else (other, one)
    return Reading(first.text, _agreed(first, second), first.places)


def _mean(reading: Reading) -> float:
    return float(np.mean(reading.scores)) if reading.scores else 0.0


def _agreed(first: Reading, second: Reading) -> tuple[float, ...]:
    """The scores of the first reading, low where the second says otherwise."""
    from rapidfuzz.distance import Levenshtein

    scores = list(first.scores)
    for op in Levenshtein.opcodes(usual_widths(first.text), usual_widths(second.text)):
        if op.tag == "equal":
            for a, b in zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True):
                scores[a] = max(scores[a], second.scores[b])
        else:
            around = range(op.src_start, op.src_end) or range(max(op.src_start - 1, 0), min(op.src_start + 1, len(scores)))
            if any(char.strip() for char in first.text[op.src_start : op.src_end] + second.text[op.dest_start : op.dest_end]):
                for a in around:
                    scores[a] = min(scores[a], _SPLIT)
    return tuple(scores)


def _with_pale_boxes(cells: Sequence[Box], pages: Sequence[list[_Line]], gray: Gray, em: float) -> None:
    """Puts the boxes that are too pale to be ink before the lines of columns in which other lines begin with a box (in place)."""
    columns: dict[tuple[int, int], list[Mark]] = {}
    for cell, lines in zip(cells, pages, strict=False):
        first = [line.parts[0] for line in lines if line.parts and line.parts[0].mark in BOXES]
        columns.setdefault((cell.x0, cell.x1), []).extend(Mark(part.mark, part.box) for part in first)
    for cell, lines in zip(cells, pages, strict=False):
        marks = columns[cell.x0, cell.x1]
        for line in (line for line in lines if len(marks) > 1 and line.parts and not line.parts[0].mark):
            if found := pale_box(line.parts[0].box, marks, cell, gray, em):
                line.parts.insert(0, _Part(found[0].box, found[0].text, found[1]))


def _with_signs_read(cells: Sequence[Box], pages: Sequence[list[_Line]], gray: Gray, em: float) -> None:
    """Has the signs read that stand where none is expected (in place): their shape alone does not tell them from a character."""
    columns: dict[tuple[int, int], list[int]] = {}
    for cell, lines in zip(cells, pages, strict=False):
        if lines:
            columns.setdefault((cell.x0, cell.x1), [0, 0])[_is_lone(lines)] += 1
    found = []
    for cell, lines in zip(cells, pages, strict=False):
        marks = [part for line in lines for part in line.parts if part.mark]
        if len(marks) == 1 and marks[0].mark in _STROKES and any(line.parts == marks for line in lines):
            words, lone = columns[cell.x0, cell.x1]
            if not _is_lone(lines) or lone < max(words, _SEVERAL):
                found += [(marks[0], part) for part in _text_part(marks[0].box, cell, gray, em)]
    readings = read_lines((part.crop, part.em) for _, part in found if part.crop is not None)
    for (part, _), reading in zip(found, readings, strict=True):
        part.mark, part.sure = settle_sign(part.mark, reading)
        part.reading = reading


def _is_lone(lines: Sequence[_Line]) -> bool:
    return len(lines) == 1 and lines[0].lone


def _with_faint_ticks(cells: Sequence[Box], pages: Sequence[list[_Line]], blobs: Blobs, gray: Gray, em: float) -> list[int]:
    """Puts the ticks that are too pale or worn to be ink into blank cells (in place); the cells of which nobody can tell."""
    ticked = [(cell, lines[0].parts[0].box) for cell, lines in zip(cells, pages, strict=False) if _is_tick(lines)]
    blank = [(k, cell) for k, cell in enumerate(cells) if not pages[k]]
    wide = max((cell.width for cell, _ in ticked), default=0)
    found = faint_ticks(blank, wide, [box for _, box in ticked], gray, em)
    for faint in found:
        if faint.score:
            pages[faint.cell].append(_Line([_Part(faint.box, TICK, faint.score)], True))
    return sorted({faint.cell for faint in found if not faint.score} | set(worn_away(blank, wide, blobs, em)))


def _is_tick(lines: Sequence[_Line]) -> bool:
    reading = lines[0].parts[0].reading if len(lines) == 1 and lines[0].lone else None
    return reading is not None and reading.text == TICK and reading.weakest >= WEAK


def _lines(cell: Box, blobs: Blobs, gray: Gray, em: float) -> list[_Line]:
    boxes = grown(cell_lines(blobs, cell, em), cell, gray, em)
    marks = in_company([boxes_in_line(blobs, gray, box, em) for box in boxes], boxes, em)
    lines = []
    for k, box in enumerate(boxes):
        above = (boxes[k - 1].y1 + box.y0) // 2 if k else cell.y0
        below = (box.y1 + boxes[k + 1].y0 + 1) // 2 if k + 1 < len(boxes) else cell.y1
        if _halved(box, cell, em):
            lines.append(_Line([], cut=True))
        else:
            lone = len(boxes) == 1 and box.width <= 1.5 * em and box.height <= 1.5 * em
            sign = lone_mark(blobs, gray, box, em) if lone else ""
            lines.append(_Line([_Part(box, sign)], True) if sign else _line(box, marks[k], (above, below), lone, cell, gray, em))
    return lines


def _halved(line: Box, cell: Box, em: float) -> bool:
    """Whether a cell's edge cuts through a line of type: spreadsheet programs clip a cell where the page ends."""
    touches = min(line.y0 - cell.y0, cell.y1 - line.y1) <= _TOUCH * em
    return touches and line.height < _HALF * em and line.width >= _LONG * em


def _line(box: Box, marks: Sequence[Mark], free: tuple[int, int], lone: bool, cell: Box, gray: Gray, em: float) -> _Line:
    parts: list[_Part] = []
    x, left = box.x0, cell.x0
    for mark in marks:
        room = Box(left, free[0], mark.box.x0 - 1, free[1])
        parts += _text_part(Box(x, box.y0, mark.box.x0 - 1, box.y1), room, gray, em)
        parts.append(_Part(mark.box, mark.text))
        x = left = mark.box.x1 + 1
    parts += _text_part(Box(x, box.y0, box.x1, box.y1), Box(left, free[0], cell.x1, free[1]), gray, em)
    return _Line(parts, lone and len(parts) == 1)


def _text_part(box: Box, room: Box, gray: Gray, em: float) -> list[_Part]:
    """The dots of a text with paper around, made up where a mark leaves no ``room`` for it; [] where it is a speck."""
    if box.width < 0.12 * em:
        return []
    margin = max(2, round(_MARGIN * em))
    y0, y1 = max(box.y0 - margin, min(room.y0, box.y0), 0), min(box.y1 + margin, max(room.y1, box.y1), gray.shape[0])
    x0, x1 = max(box.x0 - margin, min(room.x0, box.x0), 0), min(box.x1 + margin, max(room.x1, box.x1), gray.shape[1])
    missing = (max(0, x0 - (box.x0 - margin)), max(0, box.x1 + margin - x1))
    crop = np.pad(gray[y0:y1, x0:x1], ((0, 0), missing), constant_values=255) if any(missing) else gray[y0:y1, x0:x1]
    return [_Part(box, crop=crop, em=max(em, box.height / _TALL if box.height > _TALL * em else em))]


def _printed(lines: list[_Line]) -> Printed:
    texts: list[str] = []
    scores: list[float] = []
    doubts: dict[str, None] = {}
    for line in lines:
        text = ""
        if line.cut:
            doubts["cut"] = None
            continue
        for part in line.parts:
            said = part.mark or part.reading.text
            text += said
            given = (part.sure,) if part.mark else part.reading.scores
            scores += [score for char, score in zip(said, given, strict=True) if not char.isspace()]
        texts.append(text.strip())
        if not text.strip():
            doubts["ocr"] = None
    return Printed(_even_brackets("\n".join(text for text in texts if text)), tuple(scores), "+".join(doubts))


def _even_brackets(text: str) -> str:
    """Round brackets of Chinese text in one width: the model takes either, and one that opens must close in the same."""
    return text.translate(_WIDE) if any(is_cjk(char) for char in text) else text
