"""Glyphs as pdfplumber hands them out: which of them are text of the page, and what text they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, degrees, radians, sin
from statistics import median
from typing import Any

from pipeline.model import BBox, Place, TextLine
from pipeline.text import radicals_to_characters, squash

# Skewed by more than this (degrees) is set askew on purpose; scans with a text layer are skewed by less.
_ASKEW = 3.0
# A pale glyph this many times larger than the usual type is a watermark; smaller pale text is just grey text.
_WATERMARK_SIZE = 1.6
# Lightness (0 black, 1 white) of a pale glyph; white itself is the colour of headings on a dark ground.
_PALE = (0.55, 0.97)
# Fake bold paints a glyph again this near (in type sizes); the thinnest glyphs advance by 0.2.
_AGAIN = 0.12
# Base lines that differ by less (in type sizes) are one line; by less than the second, where the glyphs stand beside each other,
# as raised figures do. Chromium paints the end of a cut cell over the first line of the next page, a third of a line higher.
_LINE, _RAISED = 0.15, 0.5
# Wider gaps (in type sizes) are printed spaces.
_GAP = 0.5
# What pdfminer writes where the file does not say which character a glyph stands for.
_UNKNOWN = "(cid:"
REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph in a reader's coordinates (points from the top-left corner of the visible page).

    ``turn`` counts quarter turns against the clock, None = askew. ``along`` and ``base`` place its origin in its own reading
    direction: ``along`` grows as one reads, ``base`` from line to line. ``look`` is what a second painting shares.
    """

    text: str
    box: BBox
    turn: int | None
    along: float
    base: float
    size: float
    look: tuple[Any, ...]
    pale: bool

    @property
    def x(self) -> float:
        return (self.box.x0 + self.box.x1) / 2

    @property
    def y(self) -> float:
        return (self.box.top + self.box.bottom) / 2

    @property
    def blank(self) -> bool:
        return not squash(self.text)

    @property
    def length(self) -> float:
        """How far it advances along its line."""
        return self.box.height if self.turn in (1, 3) else self.box.width

    def follows(self, other: Glyph) -> bool:
        """Whether it stands directly behind another on the same upright line."""
        gap = self.along - other.along - other.length
        level = abs(self.base - other.base) <= _LINE * self.size
        return self.turn == other.turn == 0 and level and abs(gap) <= _LINE * self.size


def from_chars(
    chars: Iterable[dict[str, Any]], height: float, media: tuple[float, float], crop: tuple[float, float]
) -> list[Glyph]:
    """Glyphs from ``pdfplumber.Page.chars``.

    ``height`` is the media box's, ``media`` the top-left corner that pdfplumber counts boxes from, ``crop`` how far the visible
    page lies right of and below it.
    """
    return [_glyph(char, height, (media[0] + crop[0], media[1] + crop[1]), crop) for char in chars]


def quarter_turns(glyphs: Sequence[Glyph]) -> int:
    """By how many quarter turns against the clock most of the text is set, 0 for an upright page."""
    turns = Counter(g.turn for g in glyphs if g.turn is not None and not g.blank)
    turn, n = turns.most_common(1)[0] if turns else (0, 0)
    return turn if n > 0.6 * turns.total() else 0


def sift(glyphs: Sequence[Glyph], width: float, height: float) -> tuple[list[Glyph], Counter[str]]:
    """The glyphs that are text of a page of this size, and how many others there are (white space aside) by reason."""
    usual = median(g.size for g in glyphs) if glyphs else 0.0
    again = _painted_again(glyphs)
    shown: list[Glyph] = []
    dropped: Counter[str] = Counter()
    for i, glyph in enumerate(glyphs):
        if glyph.turn is None or (glyph.pale and glyph.size > _WATERMARK_SIZE * usual):
            reason = "watermark"
        elif i in again:
            reason = "painted twice"
        elif not (0 <= glyph.x <= width and 0 <= glyph.y <= height):
            reason = "beyond the page"
        else:
            shown.append(glyph)
            continue
        dropped[reason] += not glyph.blank
    return shown, +dropped


def count(glyphs: Iterable[Glyph]) -> int:
    """How many glyphs print something."""
    return sum(not g.blank for g in glyphs)


def cell_text(glyphs: Sequence[Glyph]) -> tuple[str, str]:
    """The text of a cell, a printed line a line, and the doubt ``unreadable`` where a glyph stands for no known character."""
    lines = [text for line in _lines(glyphs) if (text := _line_text(line))]
    return "\n".join(lines), "unreadable" if any(REPLACEMENT in line for line in lines) else ""


def text_lines(glyphs: Sequence[Glyph], page: int) -> tuple[TextLine, ...]:
    """The printed lines that these glyphs make on a page, from top to bottom."""
    lines = [(_line_text(line), _box(line)) for line in _lines(glyphs)]
    shown = sorted((pair for pair in lines if pair[0]), key=lambda pair: (pair[1].top, pair[1].x0))
    return tuple(TextLine(text, Place(page, box)) for text, box in shown)


def _glyph(char: dict[str, Any], height: float, corner: tuple[float, float], crop: tuple[float, float]) -> Glyph:
    a, b, _, _, e, f = char["matrix"]
    angle = degrees(atan2(b, a))
    turn = round(angle / 90)
    x, y = e - crop[0], height - f - crop[1]
    way = radians(90 * turn)
    box = BBox(char["x0"] - corner[0], char["top"] - corner[1], char["x1"] - corner[0], char["bottom"] - corner[1])
    text = REPLACEMENT if char["text"].startswith(_UNKNOWN) else char["text"]
    return Glyph(
        text,
        box,
        turn % 4 if abs(angle - 90 * turn) <= _ASKEW else None,
        x * cos(way) - y * sin(way),
        x * sin(way) + y * cos(way),
        char["size"],
        (text, char["fontname"], round(char["size"], 1), round(angle)),
        _is_pale(char["non_stroking_color"]),
    )


def _is_pale(colour: Any) -> bool:
    parts = colour if isinstance(colour, tuple) else (colour,)
    if len(parts) not in (1, 3, 4) or not all(isinstance(p, int | float) for p in parts):
        return False
    light = sum(parts) / len(parts) if len(parts) < 4 else 1 - min(sum(parts[:3]) / 3 + parts[3], 1)
    return _PALE[0] < light < _PALE[1]


def _painted_again(glyphs: Sequence[Glyph]) -> set[int]:
    """Indices of glyphs that repeat an earlier one of the same look almost in the same place."""
    kept: dict[tuple[Any, ...], list[Glyph]] = {}
    again: set[int] = set()
    for i, glyph in enumerate(glyphs):
        if glyph.blank:
            continue
        # A coarse raster keeps the list of candidates short; the raster's neighbours are looked up as well.
        column, row = int(glyph.x // 8), int(glyph.y // 8)
        near = (kept.get((glyph.look, column + dx, row + dy), ()) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        least = _AGAIN * glyph.size
        if any(abs(other.x - glyph.x) < least and abs(other.y - glyph.y) < least for group in near for other in group):
            again.add(i)
        else:
            kept.setdefault((glyph.look, column, row), []).append(glyph)
    return again


def _lines(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Printed lines in reading order, each from its first glyph to its last; text set sideways comes after upright text."""
    lines: list[list[Glyph]] = []
    for level in _levels(glyphs):
        if lines and _continues(lines[-1], level):
            lines[-1] += level
        else:
            lines.append(level)
    return [sorted(line, key=lambda g: g.along) for line in lines]


def _levels(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs on one base line together, in the order of the base lines."""
    levels: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.turn or 0, g.base)):
        first = levels[-1][0] if levels else None
        if first and first.turn == glyph.turn and glyph.base - first.base <= _LINE * max(first.size, glyph.size):
            levels[-1].append(glyph)
        else:
            levels.append([glyph])
    return levels


def _continues(line: Sequence[Glyph], level: Sequence[Glyph]) -> bool:
    """Whether the next level is the same printed line: near enough, and none of its glyphs stands over one of the line."""
    first, second = line[0], level[0]
    if first.turn != second.turn or second.base - first.base > _RAISED * max(first.size, second.size):
        return False
    spans = sorted((g.along, g.along + g.length, on) for on, run in enumerate((line, level)) for g in run if not g.blank)
    return not any(a[2] != b[2] and b[0] < a[1] - _RAISED * (a[1] - a[0]) for a, b in pairwise(spans))


def _line_text(line: Sequence[Glyph]) -> str:
    parts: list[str] = []
    for i, glyph in enumerate(line):
        if i and glyph.along - line[i - 1].along - line[i - 1].length > _GAP * glyph.size:
            parts.append(" ")
        parts.append(glyph.text)
    return radicals_to_characters("".join(parts)).strip()


def _box(line: Sequence[Glyph]) -> BBox:
    boxes = [g.box for g in line if not g.blank] or [g.box for g in line]
    x0, top = min(b.x0 for b in boxes), min(b.top for b in boxes)
    return BBox(round(x0, 2), round(top, 2), round(max(b.x1 for b in boxes), 2), round(max(b.bottom for b in boxes), 2))
