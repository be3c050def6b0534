"""Whether a printed line end separates two entries or only wraps one (``list cells keep their line structure``).

Every way to join neighbouring lines has a cost, and the cheapest is taken: entries that are known terms pay, a line that ends
before the column is full is seldom a wrap, and one that is full is seldom an end. Where the known terms do not settle it and
the lengths do not either, the answer is doubtful.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.cast.brackets import depths
from pipeline.cast.widths import ENDED, Capacity
from pipeline.text import is_cjk, join_lines


class Habit(NamedTuple):
    """What it costs to join or to split at a line end, when the line is full and when it is short."""

    join_full: float
    join_short: float
    split_full: float
    split_short: float


# Nothing else separates the entries of the cell; 、 separates them; marks do (then a line without one goes on).
NOTHING_ELSE = Habit(0.0, 3.0, 1.0, 0.0)
COMMAS = Habit(0.0, 1.0, 2.0, 0.9)
MARKS = Habit(0.0, 0.0, 2.0, 2.0)
_UNMEASURED = Habit(0.5, 3.0, 0.0, 0.0)
_SPACE = Habit(0.0, 0.0, 2.0, 2.0)

_KNOWN, _KNOWN_OVER_LINES = -2.0, -6.0
# An unknown entry of one or two characters is more likely the end of a wrapped one.
_SCRAP = {1: 3.0, 2: 0.75}
# A known term is hardly ever printed over more lines than this.
_TERM_LINES = 12
# Lines that all are full are a paragraph, unless they hold fewer characters than this: so few entries may fill by chance.
_BY_CHANCE = 24.0
_NO_START = re.compile(r"[、，,。；;：:）)》〉”’〕\]】／/…]|[（(〔\[【]|等(?!级)|及(?!时)|以及|或|与|和(?!谐|平|解)")
# 第十八 | 条 goes on.
_HALF_ARTICLE = re.compile(r"第[0-9０-９一二三四五六七八九十百零〇两]+$")
_NO_END = re.compile(r"[（(《〈“‘〔\[【、，,：:／/及和与或]$")


def split_lines(text: str, known: Callable[[str], bool], room: Capacity, habit: Habit) -> tuple[list[str], bool]:
    """The entries of a text that only its line ends (and spaces) cut, each as one line, and whether that is doubtful.

    The text comes from ``widths.mark_ends``; ``known`` tells the terms, ``room`` how much a line of the cell holds.
    """
    lines, gaps = _gaps(text)
    if len(lines) < 2:
        return ([join_lines(text)] if text.strip() else []), False
    starts = _cheapest(lines, [_costs(gap, room, habit) for gap in gaps], known)
    spans = list(zip(starts, [*starts[1:], len(lines)], strict=True))
    entries = [_join(lines, gaps, start, end) for start, end in spans]
    is_known = [known(entry) for entry in entries]
    doubtful = _doubts_splits(gaps, spans, is_known, habit) or _doubts_joins(lines, gaps, spans, is_known, known, room, habit)
    return entries, doubtful


class _Gap(NamedTuple):
    """White space between two pieces of text. ``held``: it can only be a wrap; ``ended``: the line was ended on purpose."""

    line_end: bool
    held: bool
    ended: bool


def _gaps(text: str) -> tuple[list[str], list[_Gap]]:
    """The pieces between white space, and the white space; a space counts only between Chinese characters."""
    text = text.strip()
    level = depths(text)
    lines, gaps, start = [], [], 0
    for match in re.finditer(r"\s+", text):
        line_end = "\n" in match[0] or ENDED in match[0]
        before, after = text[start : match.start()], text[match.end() :][:20]
        if line_end or (is_cjk(before[-1]) and is_cjk(after[0])):
            held = bool(level[match.start()] or _NO_START.match(after) or _NO_END.search(before) or _HALF_ARTICLE.search(before))
            lines.append(before)
            gaps.append(_Gap(line_end, held, ENDED in match[0]))
            start = match.end()
    return [*lines, text[start:]], gaps


def _costs(gap: _Gap, room: Capacity, habit: Habit) -> tuple[float, float]:
    """(join, split)"""
    if gap.held:
        return 0.0, math.inf
    if not gap.line_end:
        return _SPACE.join_full, _SPACE.split_full
    if gap.ended:
        return habit.join_short, habit.split_short
    if habit is NOTHING_ELSE and not room.sure:
        return _UNMEASURED.join_full, _UNMEASURED.split_full
    return habit.join_full, habit.split_full


def _cheapest(lines: Sequence[str], costs: Sequence[tuple[float, float]], known: Callable[[str], bool]) -> list[int]:
    """The lines at which entries start, by dynamic programming over the last entry; on a tie the longer entry."""
    joined = [0.0]
    for join, _ in costs:
        joined.append(joined[-1] + join)
    best: list[tuple[float, int]] = [(0.0, 0)]
    openings: list[tuple[float, int]] = []
    longest = (math.inf, 0)
    for end in range(1, len(lines) + 1):
        start = end - 1
        openings.append((best[start][0] + (costs[start - 1][1] if start else 0.0) - joined[start], start))
        options = [
            (cost + joined[end - 1] + _cost_of_entry(lines[start:end], known), start) for cost, start in openings[-_TERM_LINES:]
        ]
        if end > _TERM_LINES:
            longest = min(longest, openings[end - _TERM_LINES - 1])
            options.append((longest[0] + joined[end - 1], longest[1]))
        best.append(min(options))
    starts, end = [], len(lines)
    while end:
        end = best[end][1]
        starts.append(end)
    return starts[::-1]


def _cost_of_entry(lines: Sequence[str], known: Callable[[str], bool]) -> float:
    if known(join_lines("\n".join(lines))):
        return _KNOWN if len(lines) == 1 else _KNOWN_OVER_LINES
    return _SCRAP.get(len(lines[0]), 0.0) if len(lines) == 1 else 0.0


def _join(lines: Sequence[str], gaps: Sequence[_Gap], start: int, end: int) -> str:
    text = lines[start]
    for position in range(start + 1, end):
        text += ("\n" if gaps[position - 1].line_end else " ") + lines[position]
    return join_lines(text)


def _doubts_splits(gaps: Sequence[_Gap], spans: Sequence[tuple[int, int]], is_known: Sequence[bool], habit: Habit) -> bool:
    """A cut is certain between two known terms, and, where only line ends cut, at a line that was ended on purpose."""
    cuts = [(number, gaps[start - 1]) for number, (start, _) in enumerate(spans) if number]
    return any(
        not (is_known[number - 1] and is_known[number]) and not (habit is NOTHING_ELSE and gap.ended) for number, gap in cuts
    )


def _doubts_joins(
    lines: Sequence[str],
    gaps: Sequence[_Gap],
    spans: Sequence[tuple[int, int]],
    is_known: Sequence[bool],
    is_term: Callable[[str], bool],
    room: Capacity,
    habit: Habit,
) -> bool:
    """A join is doubtful where the line was ended on purpose, or where nothing else cuts and chance may have filled the line.

    It is certain when it gives a known term, leaves a piece too short to be an entry, or makes a paragraph of full lines, none of
    which is a known term by itself.
    """
    if habit is MARKS:
        return False
    is_open = [gap.line_end and not gap.held for gap in gaps]
    full = [is_open[i] and not gap.ended for i, gap in enumerate(gaps)]
    is_paragraph = room.sure and full == is_open and sum(full) * room.chars >= _BY_CHANCE and not any(map(is_term, lines))
    chance = habit is NOTHING_ELSE and not is_paragraph
    for (start, end), known in zip(spans, is_known, strict=True):
        inner = range(start, end - 1)
        if not known and any((gaps[i].ended and is_open[i]) or (full[i] and chance and len(lines[i + 1]) > 2) for i in inner):
            return True
    return False
