"""Boxes that the picture of a page has lost: in a column whose cells begin with a box, one that does not has a worn one.

The remains of a box are read as a character (□12345热线 as 212345热线), as surely as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from pipeline.repair.scans.scored import Scored
from pipeline.text import is_cjk

Key = Callable[[str], str]
Slot = TypeVar("Slot")
Terms = frozenset[str] | set[str]
# A column of boxes has at least so many cells that begin with one, and this share of them.
_CELLS, _SHARE = 2, 0.5


def worn_boxes(
    column: Mapping[Slot, Scored],
    known: Terms,
    listed: Terms,
    key: Key,
    marks: frozenset[str],
    empty: str,
    score: int,
) -> tuple[set[Slot], set[Slot]]:
    """The cells of a column of channels in which a character became a box again (in place), and those that lack one.

    A character is a box where it stands before a known term, and is no part of one; a digit or a letter, however surely it was
    read. A channel of the lexicon (``listed``) that begins a line has lost its box where other lines of its cell have one.
    ``marks`` are all boxes, ``empty`` is put in.
    """
    filled = {slot: read for slot, read in column.items() if read.chars}
    begun = {slot for slot, read in filled.items() if read.chars[0] in marks}
    if len(begun) < max(_CELLS, _SHARE * len(filled)):
        return set(), set()
    changed = {slot for slot, read in filled.items() if _with_boxes(read, known, key, marks, empty, score)}
    changed |= {slot for slot, read in filled.items() if _with_lost_boxes(read, listed, key, marks, empty, score)}
    return changed, changed | (filled.keys() - begun)


def _with_boxes(read: Scored, known: Terms, key: Key, marks: frozenset[str], empty: str, score: int) -> bool:
    worn = [
        start
        for start, end in _lines(read)
        if read.chars[start] not in marks
        and key("".join(read.chars[start + 1 : end])) in known
        and (key("".join(read.chars[start:end])) not in known or not is_cjk(read.chars[start]))
    ]
    for start in worn:
        read.chars[start], read.scores[start] = empty, score
    return bool(worn)


def _with_lost_boxes(read: Scored, listed: Terms, key: Key, marks: frozenset[str], empty: str, score: int) -> bool:
    lost = _without_box(read, listed, key, marks)
    # From behind: the places before keep their numbers.
    for start in reversed(lost):
        read.chars.insert(start, empty)
        read.scores.insert(start, score)
        read.gaps.insert(start, "")
    return bool(lost)


def _without_box(read: Scored, listed: Terms, key: Key, marks: frozenset[str]) -> list[int]:
    """Where the lines begin that are a known channel, have no box, and stand in a cell of which other lines have one.

    A filled box is never so pale that nothing is seen of it; an empty one often is.
    """
    lines = list(_lines(read))
    if sum(read.chars[start] in marks for start, _ in lines) < _CELLS:
        return []

    def is_known(start: int, end: int) -> bool:
        return key("".join(read.chars[start:end])) in listed

    lost, begin = [], 0
    for start, end in lines:
        marked = [at + 1 for at in range(start, end) if read.chars[at] in marks]
        # A name that goes on from the line above is known with what stands there.
        apart = is_known(begin, start) and not is_known(begin, end)
        if apart and not marked and start and is_known(start, end):
            lost.append(start)
            begin = start
        begin = marked[-1] if marked else begin
    return lost


def _lines(read: Scored) -> Iterator[tuple[int, int]]:
    start = 0
    for at, gap in enumerate(read.gaps):
        if "\n" in gap or at + 1 == len(read.gaps):
            yield start, at + 1
            start = at + 1
