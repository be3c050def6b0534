"""Runs of tick columns: which tick of a row stands in which column."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.align.looks import Look

_TICK, _MARK = 1.5, 1.0
# Structure before anything is learnt: a group of which none or all are ticked is rarer than one with a single tick.
_NONE_OF, _ALL_OF = -2.0, -0.5
# What it costs to believe that a row lost a tick column at its end, or its empty neighbours, or all of its ticks.
_MISSING, _COMPRESSED, _CUT_OFF = -1.2, -2.5, -5.0
_MOST, _ROWS = 3.0, 3
# A text with fewer points in a tick column is no name of a group.
_NO_NAME = -5.0

Pattern = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a segment of cells as a run of tick columns.

    ``cells`` has one entry a tick column: the offset of its cell in the segment, or None. ``kind`` is ``direct`` (one cell a
    column, what is missing was at the end) or ``compressed`` (empty cells between the ticks are lost).
    """

    score: float
    cells: tuple[int | None, ...]
    kind: str
    pattern: Pattern

    @property
    def whole(self) -> bool:
        """Whether the row prints a cell for each tick column."""
        return self.kind == "direct" and None not in self.cells


class TickModel:
    """Judges segments by what the other rows of the document tick.

    ``columns`` are the run's column indexes, ``groups`` sets of tick columns (positions in the run) of which one is usually
    ticked; ``patterns`` counts the rows that are beyond doubt; ``stripped``: the dump cut empty cells off the ends of its lines,
    so missing ones are blank.
    """

    def __init__(
        self, columns: Sequence[int], groups: Sequence[Sequence[int]], patterns: Counter[Pattern], stripped: bool
    ) -> None:
        self.size = len(columns)
        self._column = columns[0]
        self._groups = groups
        self._patterns = patterns
        self._missing = 0.1 * _MISSING if stripped else _MISSING
        self._rows = sum(patterns.values())
        self._most = max(patterns.values(), default=0)
        self._priors: dict[Pattern, float] = {}
        self._read: dict[tuple[int, ...], tuple[Reading, ...]] = {}

    def admits(self, look: Look) -> bool:
        """Whether a cell may stand in a tick column: a text there names a group, it is nothing that another column lists."""
        return look.blank or look.tick is not None or look.scores[self._column] > _NO_NAME

    def readings(self, segment: Sequence[Look], compressed: bool) -> tuple[Reading, ...]:
        """All readings of a segment of at most as many cells as there are columns, the best first.

        ``compressed``: whether blank cells between the ticks may be lost.
        """
        key = (*(look.number for look in segment), compressed)
        if key not in self._read:
            found = [r for r in self._readings(segment) if compressed or r.kind == "direct"]
            self._read[key] = tuple(sorted(found, key=lambda reading: -reading.score))
        return self._read[key]

    def _readings(self, segment: Sequence[Look]) -> Iterator[Reading]:
        missing = self.size - len(segment)
        if not segment:
            yield Reading(_CUT_OFF, (None,) * self.size, "direct", (False,) * self.size)
            return
        fits = sum(self._fit(look) for look in segment)
        pattern = tuple(_ticked(look) for look in segment) + (False,) * missing
        offsets = (*range(len(segment)), *(None,) * missing)
        yield Reading(fits + self.prior(pattern) + self._missing * missing, offsets, "direct", pattern)
        ticked = [i for i, look in enumerate(segment) if _ticked(look)]
        # What lost its empty neighbours stands side by side.
        if missing and ticked and ticked == list(range(len(ticked))):
            for likely in self._likely(len(ticked)):
                cells = iter(ticked)
                spread = tuple(next(cells) if yes else None for yes in likely)
                yield Reading(fits + self.prior(likely) + _COMPRESSED, spread, "compressed", likely)

    def _fit(self, look: Look) -> float:
        if look.blank:
            return 0.0
        if look.tick is None:
            return look.scores[self._column]
        return _TICK if look.tick else _MARK

    def prior(self, pattern: Pattern) -> float:
        """How likely a pattern is, 0 for the likeliest and below for others."""
        if pattern not in self._priors:
            self._priors[pattern] = self._structure(pattern) + self._learnt(pattern)
        return self._priors[pattern]

    def _structure(self, pattern: Pattern) -> float:
        score = 0.0
        for group in self._groups:
            ticks = sum(pattern[i] for i in group)
            score += _NONE_OF if not ticks else _ALL_OF if ticks == len(group) > 1 else 0.0
        return score

    def _learnt(self, pattern: Pattern) -> float:
        if self._rows < _ROWS:
            return 0.0
        return max(-_MOST, math.log((self._patterns[pattern] + 0.3) / (self._most + 0.3)))

    def _likely(self, ticks: int) -> list[Pattern]:
        """Patterns with this many ticks: those that the document prints, else each group's first columns."""
        known = [pattern for pattern in self._patterns if sum(pattern) == ticks]
        if known or ticks > self.size:
            return known
        order = [group[i] for i in range(self.size) for group in self._groups if i < len(group)]
        order += [i for i in range(self.size) if i not in order]
        chosen = set(order[:ticks])
        return [tuple(i in chosen for i in range(self.size))]


def _ticked(look: Look) -> bool:
    """A text in a tick column names a group: that is a yes."""
    return look.tick is True or (look.tick is None and not look.blank)
