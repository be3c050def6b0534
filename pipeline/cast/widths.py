"""How many characters fit on a line of a column: a line that ends earlier was ended on purpose.

Measured in full-width characters. What the page shows is a lower bound: the longest line that a column prints, and the size
of the type, which the lines that are certainly wrapped (amid a bracket, or in a text that is no list) give for all columns.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from pipeline.cast.brackets import depths
from pipeline.model import Value
from pipeline.text import is_cjk

_PUNCTUATION = frozenset("、，。；：！？（）《》〈〉“”‘’〔〕【】「」『』")
# Points that borders and padding may take from a cell's width, both sides together.
_PADDING = 12.0
# The line end of a line that was ended on purpose; ``\\n`` is one that may be a wrap.
ENDED = "\v"
_HEAD = re.compile(r"[《〈（(“‘〔\[【「『]*(?:[A-Za-z0-9.%/+-]+|.)[、，。；：）)》〉”’〕\]】」』？！]*")
# Where Chinese and Latin characters meet, and the gap that Word and Writer leave there, in full-width characters.
_MEETING = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])")
_GAP = 0.25


class Capacity(NamedTuple):
    """``chars`` fit on a line at least; ``sure`` when wrapped lines were seen, so that a line this long is full."""

    chars: float
    sure: bool


UNLIMITED = Capacity(math.inf, True)
UNKNOWN = Capacity(0.0, False)


class Column(NamedTuple):
    """What the cells of one field show: its longest line, in characters and in characters a point, and whether any is wrapped."""

    chars: float = 0.0
    per_point: float = 0.0
    wraps: bool = False
    em: float = math.inf


def measure(cells: Iterable[tuple[Value, bool]]) -> Column:
    """The column that prints these values; the flag says that its values are texts, whose line ends are all wraps."""
    chars = per_point = 0.0
    wraps, em = False, math.inf
    for value, is_text in cells:
        lines = value.text.split("\n")
        width = box_width(value)
        longest = max(map(narrowest, lines))
        chars = max(chars, longest)
        wrapped = [narrowest(line) for line in _wrapped(value.text, is_text)]
        wraps = wraps or bool(wrapped)
        if width:
            per_point = max(per_point, longest / width)
            em = min(em, width / max(wrapped)) if wrapped and max(wrapped) >= 2 else em
    return Column(chars, per_point, wraps, em)


def capacity(column: Column, em: float, value: Value) -> Capacity:
    """What a line of this value's cell holds; ``em`` is the width of a character in points (infinite: not known)."""
    width = box_width(value)
    if width is None:
        return Capacity(column.chars, column.wraps)
    estimate = (width - _PADDING) / em
    return Capacity(max(column.per_point * width, estimate), column.wraps or estimate > 0)


def box_width(value: Value) -> float | None:
    """The width in points of the cell that prints a value, or None where there is no box."""
    box = value.places[0].bbox if value.places else None
    return box.width if box and box.width > 0 else None


def narrowest(line: str) -> float:
    """The least width that a line can have: typesetters squeeze punctuation to a half, and Latin letters are about a half."""
    return sum(0.5 if char in _PUNCTUATION else 1.0 if is_cjk(char) else 0.45 for char in line)


def widest(line: str) -> float:
    """The greatest width that a line can have: word processors leave a gap between Chinese and Latin characters."""
    return sum(1.0 if is_cjk(char) else 0.65 for char in line) + _GAP * len(_MEETING.findall(line))


def mark_ends(text: str, room: Capacity) -> str:
    """The text with ``ENDED`` for each line end that is no wrap, since what follows would still have fitted on the line."""
    lines = text.split("\n")
    ends = [ENDED if _is_short(line, following, room.chars) else "\n" for line, following in pairwise(lines)]
    return "".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))


def _is_short(line: str, following: str, chars: float) -> bool:
    """Whether the next line's first unbreakable piece would still have fitted on a line that holds ``chars``."""
    head = _HEAD.match(following)
    return widest(line + (head[0] if head else "")) <= chars


def _wrapped(text: str, is_text: bool) -> list[str]:
    lines = text.split("\n")[:-1]
    if is_text:
        return lines
    level = depths(text)
    ends = [position for position, char in enumerate(text) if char == "\n"]
    return [line for line, end in zip(lines, ends, strict=True) if level[end]]
