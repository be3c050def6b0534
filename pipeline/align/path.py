"""One row: the best way to lay its printed cells over the columns, and how much better it is than the next one.

A dynamic programme over cells × units, as in the alignment of sequences (Needleman & Wunsch 1970,
https://doi.org/10.1016/0022-2836(70)90057-4): a cell goes to the next unit, a unit is left without a cell, or a blank cell is
surplus. A run of tick columns is one unit that takes a whole segment of cells. The margins come from the same programme run
from both ends (max-marginals).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.align.looks import Look
from pipeline.align.ticks import Reading, TickModel
from pipeline.align.units import Unit

# A surplus blank is what damaged dumps are full of; a surplus text would be lost, so any fit is better.
_SURPLUS_BLANK, _SURPLUS_TEXT = -0.5, -20.0
_SKIPPED, _NO_ITEM, _NO_SERIAL = -0.7, -8.0, -4.0
# Standing where the other rows of the page print the column.
_IN_PLACE, _BLANK_IN_PLACE, _TICKS_IN_PLACE = 1.5, 0.6, 2.0
# A text in a column that the other rows of the page do not have.
_IN_LOST = -6.0
_NEVER = float("-inf")
# Sums of the same points in another order.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Around:
    """What the other rows of the page say about a row.

    ``anchors``: (unit, cell index at which they print it); ``lost``: the units that the page does not print; ``most``: (tick
    unit, cells that the page prints for it) where these are fewer than its columns; ``compressed``: whether the row may have
    lost blank cells between its ticks.
    """

    anchors: tuple[tuple[int, int], ...] = ()
    lost: frozenset[int] = frozenset()
    most: tuple[tuple[int, int], ...] = ()
    compressed: bool = True


@dataclass(frozen=True, slots=True)
class TickPath:
    """Where a row prints a run of tick columns: cells ``start``..``stop`` (exclusive), read as ``reading``."""

    reading: Reading
    start: int
    stop: int
    margin: float


@dataclass(frozen=True, slots=True)
class Path:
    """The alignment of one row.

    ``cells``: column index → cell index for every column that a printed cell was laid on (blank ones too). ``margins``: cell
    index → points by which its place beats the best other one. ``skipped``: columns that no cell stands for. ``surplus``:
    texts that fit nowhere. ``ticks`` tells for each run of tick columns, by its unit, where it stands.
    """

    cells: dict[int, int]
    margins: dict[int, float]
    skipped: frozenset[int]
    surplus: tuple[int, ...]
    ticks: dict[int, TickPath]

    @property
    def slid(self) -> bool:
        """Whether some cell before the last that has a place has none."""
        return bool(self.surplus) or len(set(self.cells.values())) <= max(self.cells.values(), default=-1)


def best_path(row: Sequence[Look], units: Sequence[Unit], models: Mapping[int, TickModel], around: Around) -> Path:
    """The best alignment of a row; ``models`` has one tick model for each tick unit."""
    return _Row(row, units, models, around).path()


def best_score(row: Sequence[Look], units: Sequence[Unit], models: Mapping[int, TickModel], around: Around) -> float:
    """The points of the best alignment of a row."""
    return _Row(row, units, models, around).to_end[0][0]


class _Row:
    """The programme for one row. A state (j, i) has used the first j units and the first i cells."""

    def __init__(self, row: Sequence[Look], units: Sequence[Unit], models: Mapping[int, TickModel], around: Around) -> None:
        self.row, self.units, self.lost = row, units, around.lost
        self.anchors = dict(around.anchors)
        self.surplus = [_SURPLUS_BLANK if look.blank else _SURPLUS_TEXT for look in row]
        self.skips = [self._skip(j) for j in range(len(units))]
        self.matches = [[] if unit.ticks else self._matches(j) for j, unit in enumerate(units)]
        self.segments: dict[int, list[list[tuple[Reading, ...]]]] = {}
        most = dict(around.most)
        for j, model in models.items():
            self.segments[j] = [
                [
                    model.readings(row[i:k], around.compressed)
                    for k in range(i, self._reach(model, i, most.get(j, model.size)) + 1)
                ]
                for i in range(len(row) + 1)
            ]

    def _reach(self, model: TickModel, start: int, most: int) -> int:
        """The end of the longest segment from a cell on that may stand in tick columns."""
        stop = start
        while stop < min(start + most, len(self.row)) and model.admits(self.row[stop]):
            stop += 1
        return stop

    def _skip(self, j: int) -> float:
        if j in self.lost:
            return 0.0
        return _NO_ITEM if self.units[j].required else _NO_SERIAL if self.units[j].serial else _SKIPPED

    def _matches(self, j: int) -> list[float]:
        """The points of each cell in one unit."""
        unit, at = self.units[j], self.anchors.get(j)
        column, in_lost = unit.columns[0], _IN_LOST if j in self.lost else 0.0
        blank = _NO_ITEM if unit.required else _NO_SERIAL if unit.serial else 0.0
        points = [blank if look.blank else look.scores[column] + in_lost for look in self.row]
        if at is not None and at < len(points):
            points[at] += _BLANK_IN_PLACE if self.row[at].blank else _IN_PLACE
        return points

    def _in_place(self, j: int, i: int, k: int) -> float:
        return _TICKS_IN_PLACE if k > i and self.anchors.get(j) == i else 0.0

    @cached_property
    def to_end(self) -> list[list[float]]:
        """The most points from each state to the end."""
        size = len(self.row)
        best = [[0.0] * (size + 1) for _ in range(len(self.units) + 1)]
        for i in range(size - 1, -1, -1):
            best[-1][i] = self.surplus[i] + best[-1][i + 1]
        for j in range(len(self.units) - 1, -1, -1):
            here, after = best[j], best[j + 1]
            for i in range(size, -1, -1):
                points = self._tick_points(j, i, after) if self.units[j].ticks else self.skips[j] + after[i]
                if i < size:
                    points = max(points, self.surplus[i] + here[i + 1])
                    if not self.units[j].ticks:
                        points = max(points, self.matches[j][i] + after[i + 1])
                here[i] = points
        return best

    def _tick_points(self, j: int, i: int, after: Sequence[float]) -> float:
        """The most points when unit j takes cells from i on."""
        segments = self.segments[j][i]
        return max(r[0].score + self._in_place(j, i, i + n) + after[i + n] for n, r in enumerate(segments) if r)

    @cached_property
    def from_start(self) -> list[list[float]]:
        """The most points from the start to each state."""
        size = len(self.row)
        best = [[_NEVER] * (size + 1) for _ in range(len(self.units) + 1)]
        best[0][0] = 0.0
        for j in range(len(self.units) + 1):
            here = best[j]
            for i in range(size):
                here[i + 1] = max(here[i + 1], here[i] + self.surplus[i])
            if j == len(self.units):
                break
            after = best[j + 1]
            for i in range(size + 1):
                if self.units[j].ticks:
                    for n, readings in enumerate(self.segments[j][i]):
                        if readings:
                            after[i + n] = max(after[i + n], here[i] + readings[0].score + self._in_place(j, i, i + n))
                    continue
                after[i] = max(after[i], here[i] + self.skips[j])
                if i < size:
                    after[i + 1] = max(after[i + 1], here[i] + self.matches[j][i])
        return best

    def path(self) -> Path:
        """The best path, from the first cell on; of equal steps the one that uses its cell first."""
        cells: dict[int, int] = {}
        skipped: set[int] = set()
        surplus: list[int] = []
        ticks: dict[int, TickPath] = {}
        margins: dict[int, float] = {}
        i = j = 0
        while i < len(self.row) or j < len(self.units):
            if i < len(self.row) and self._is_best(i, j, self.surplus[i], i + 1, j):
                surplus += [] if self.row[i].blank else [i]
                i += 1
                continue
            columns = self.units[j].columns
            if self.units[j].ticks:
                ticks[j] = self._best_ticks(i, j)
                placed = {columns[n]: i + at for n, at in enumerate(ticks[j].reading.cells) if at is not None}
                cells |= placed
                skipped |= set(columns) - set(placed)
                i = ticks[j].stop
            elif i < len(self.row) and self._is_best(i, j, self.matches[j][i], i + 1, j + 1):
                cells[columns[0]] = i
                if not self.row[i].blank:
                    margins[i] = self._margin(i, j)
                i += 1
            else:
                skipped.add(columns[0])
            j += 1
        return Path(cells, margins, frozenset(skipped), tuple(surplus), ticks)

    def _is_best(self, i: int, j: int, points: float, next_i: int, next_j: int) -> bool:
        return points + self.to_end[next_j][next_i] >= self.to_end[j][i] - _ROUNDING

    def _best_ticks(self, i: int, j: int) -> TickPath:
        after = self.to_end[j + 1]
        options = [(r[0].score + self._in_place(j, i, i + n) + after[i + n], n) for n, r in enumerate(self.segments[j][i]) if r]
        _, size = max(options)
        reading = self.segments[j][i][size][0]
        return TickPath(reading, i, i + size, self._tick_margin(j, reading))

    def _margin(self, i: int, j: int) -> float:
        """By how much cell i in unit j beats cell i in any other place."""
        points = [
            self.from_start[u][i] + self.matches[u][i] + self.to_end[u + 1][i + 1] if not unit.ticks else _NEVER
            for u, unit in enumerate(self.units)
        ]
        here = points.pop(j)
        return here - max(points, default=_NEVER)

    def _tick_margin(self, j: int, chosen: Reading) -> float:
        """By how much the chosen ticks beat the best reading that ticks other columns."""
        best: dict[tuple[bool, ...], float] = {}
        for i, segments in enumerate(self.segments[j]):
            for n, readings in enumerate(segments):
                ends = self.from_start[j][i] + self.to_end[j + 1][i + n] + self._in_place(j, i, i + n)
                for reading in readings:
                    best[reading.pattern] = max(best.get(reading.pattern, _NEVER), ends + reading.score)
        here = best.pop(chosen.pattern)
        return here - max(best.values(), default=_NEVER)
