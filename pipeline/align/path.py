"""One row: the best way to lay its printed cells over the columns, and how much better it is than the next one.

A dynamic programme over cells × units, as in the alignment of sequences (Needleman & Wunsch 1970,
https://doi.org/10.1016/0022-2836(70)90057-4): a cell goes to the next unit, a unit is left without a cell, or a blank cell is
surplus. A run of tick columns is one unit that takes a whole segment of cells. The margins come from the same programme run
from both ends (max-marginals).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

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

    score: float

    cells: dict[int, int]
    margins: dict[int, float]
    skipped: frozenset[int]
    surplus: tuple[int, ...]
    ticks: dict[int, TickPath]


def best_path(row: Sequence[Look], units: Sequence[Unit], models: Mapping[int, TickModel], around: Around) -> Path:
    """The best alignment of a row; ``models`` has one tick model for each tick unit."""
    return _Table(row, units, models, around).path()


class _Table:
    def __init__(
        self,
        row: Sequence[Look],
        units: Sequence[Unit],
        models: Mapping[int, TickModel],
        around: Around,
    ) -> None:
        self.row, self.units, self.models = row, units, models
        self.anchors, self.lost = dict(around.anchors), around.lost
        self.most = {unit: model.size for unit, model in models.items()} | dict(around.most)
        self.readings = {
            (unit, i, k): [r for r in model.readings(row[i:k]) if around.compressed or r.kind == "direct"]
            for unit, model in models.items()
            for i in range(len(row) + 1)
            for k in range(i, min(i + self.most[unit], len(row)) + 1)
        }
        self.forward = self._forward()
        self.backward = self._backward()

    def _match(self, i: int, j: int) -> float:
        look, unit = self.row[i], self.units[j]
        in_place = self.anchors.get(j) == i
        if look.blank:
            fit = _NO_ITEM if unit.required else _NO_SERIAL if unit.serial else 0.0
            return fit + (_BLANK_IN_PLACE if in_place else 0.0)
        return look.scores[unit.columns[0]] + (_IN_PLACE if in_place else 0.0) + (_IN_LOST if j in self.lost else 0.0)

    def _skip(self, j: int) -> float:
        unit = self.units[j]
        if j in self.lost:
            return 0.0
        return _NO_ITEM if unit.required else _NO_SERIAL if unit.serial else _SKIPPED

    def _surplus(self, i: int) -> float:
        return _SURPLUS_BLANK if self.row[i].blank else _SURPLUS_TEXT

    def _segment(self, j: int, i: int, k: int) -> float:
        best = max((reading.score for reading in self.readings[j, i, k]), default=_NEVER)
        return best + (_TICKS_IN_PLACE if k > i and self.anchors.get(j) == i else 0.0)

    def _steps(self, i: int, j: int) -> list[tuple[float, int, int]]:
        """From state (i cells, j units) used: (points, cells, units) after each possible step."""
        steps: list[tuple[float, int, int]] = []
        if i < len(self.row):
            steps.append((self._surplus(i), i + 1, j))
        if j < len(self.units):
            if self.units[j].ticks:
                most = min(i + self.most[j], len(self.row))
                steps += [(self._segment(j, i, k), k, j + 1) for k in range(i, most + 1)]
            else:
                steps.append((self._skip(j), i, j + 1))
                if i < len(self.row):
                    steps.append((self._match(i, j), i + 1, j + 1))
        return steps

    def _states(self) -> list[tuple[int, int]]:
        return [(i, j) for j in range(len(self.units) + 1) for i in range(len(self.row) + 1)]

    def _forward(self) -> dict[tuple[int, int], float]:
        best = dict.fromkeys(self._states(), _NEVER)
        best[0, 0] = 0.0
        for i, j in self._states():
            for points, cells, units in self._steps(i, j):
                best[cells, units] = max(best[cells, units], best[i, j] + points)
        return best

    def _backward(self) -> dict[tuple[int, int], float]:
        best = dict.fromkeys(self._states(), _NEVER)
        best[len(self.row), len(self.units)] = 0.0
        for i, j in reversed(self._states()):
            for points, cells, units in self._steps(i, j):
                best[i, j] = max(best[i, j], best[cells, units] + points)
        return best

    def path(self) -> Path:
        states = self._best_states()
        cells: dict[int, int] = {}
        skipped: set[int] = set()
        surplus: list[int] = []
        ticks: dict[int, TickPath] = {}
        margins: dict[int, float] = {}
        for (i, j), (k, after) in pairwise(states):
            if after == j:
                surplus += [] if self.row[i].blank else [i]
            elif self.units[j].ticks:
                reading = max(self.readings[j, i, k], key=lambda reading: reading.score)
                ticks[j] = TickPath(reading, i, k, self._tick_margin(j, i, reading))
                placed = {self.units[j].columns[n]: i + at for n, at in enumerate(reading.cells) if at is not None}
                cells |= placed
                skipped |= set(self.units[j].columns) - set(placed)
            elif k == i:
                skipped.add(self.units[j].columns[0])
            else:
                cells[self.units[j].columns[0]] = i
                if not self.row[i].blank:
                    margins[i] = self._margin(i, j)
        score = self.backward[0, 0]
        return Path(score, cells, margins, frozenset(skipped), tuple(surplus), ticks)

    def _best_states(self) -> list[tuple[int, int]]:
        """The states of the best path, from the first to the last; of equal steps the earliest listed."""
        state = (0, 0)
        states = [state]
        while state != (len(self.row), len(self.units)):
            _, cells, units = max(self._steps(*state), key=lambda step: step[0] + self.backward[step[1], step[2]])
            state = (cells, units)
            states.append(state)
        return states

    def _margin(self, i: int, j: int) -> float:
        """By how much cell i in unit j beats cell i in any other place."""
        here = self.forward[i, j] + self._match(i, j) + self.backward[i + 1, j + 1]
        others = [
            self.forward[i, u] + self._match(i, u) + self.backward[i + 1, u + 1]
            for u, unit in enumerate(self.units)
            if u != j and not unit.ticks
        ]
        return here - max(others, default=_NEVER)

    def _tick_margin(self, j: int, start: int, chosen: Reading) -> float:
        """By how much the chosen ticks beat the best reading that ticks other columns."""
        best: dict[tuple[bool, ...], float] = {}
        for i in range(len(self.row) + 1):
            for k in range(i, min(i + self.most[j], len(self.row)) + 1):
                ends = self.forward[i, j] + self.backward[k, j + 1]
                in_place = _TICKS_IN_PLACE if k > i and self.anchors.get(j) == i else 0.0
                for reading in self.readings[j, i, k]:
                    score = ends + reading.score + in_place
                    best[reading.pattern] = max(best.get(reading.pattern, _NEVER), score)
        here = best.pop(chosen.pattern)
        return here - max(best.values(), default=_NEVER)
