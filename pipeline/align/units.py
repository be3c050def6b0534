"""The columns of a table as the alignment walks over them, in the order in which this document prints them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from pipeline.align.looks import Look
from pipeline.model import Column
from pipeline.profile import Profile

# How many rows, and which share of them, must contradict the order of the headings before it is given up.
_ROWS, _SHARE = 2, 0.8
_LOSS_OF_GROUP, _LOSS = 1.0, 4.0


@dataclass(frozen=True, slots=True)
class Unit:
    """One column, or a run of tick columns, which only their neighbours tell apart. ``columns`` are column indexes."""

    columns: tuple[int, ...]
    ticks: bool
    required: bool = False
    serial: bool = False
    group: bool = False

    @property
    def loss(self) -> float:
        """Points that a page must gain to have lost the column: what stands once for many rows is lost more easily."""
        return _LOSS_OF_GROUP if self.group else _LOSS

    @property
    def may_be_lost(self) -> bool:
        """Whether a page may lack the column: without items it would be no table, and tick columns are counted elsewhere."""
        return not (self.ticks or self.required)


def columns_to_units(columns: Sequence[Column], profile: Profile, order: Sequence[int]) -> list[Unit]:
    """The columns in that order, neighbouring tick columns as one unit.

    ``required``: every row prints it; ``group``: it is printed anew for each parent item, with the other such columns.
    """
    required = set(profile.setting("headings", "required"))
    units: list[Unit] = []
    for index in order:
        name = columns[index].field
        field = profile.field(name)
        kind = profile.kind(name)
        if kind == "tick" and units and units[-1].ticks:
            units[-1] = Unit((*units[-1].columns, index), ticks=True)
        else:
            group = field is not None and field.inherit == "parent"
            units.append(Unit((index,), kind == "tick", name in required, kind == "serial", group))
    return units


def printed_order(rows: Sequence[Sequence[Look]], kinds: Sequence[str], extra: Sequence[bool]) -> list[int]:
    """Column indexes in the order in which the rows print them, judged by looks; the given order where nothing contradicts.

    Tick columns look alike and keep their order among themselves. ``extra`` marks columns that have no looks of their own.
    """
    places = [_places(row, kinds) for row in rows]
    places = [p for p in places if len(p) >= 4]
    given = list(range(len(kinds)))
    if not any(_contradicted(a, b, places) for a, b in combinations(given, 2)) and not any(extra):
        return given
    at: dict[int, float] = {c: median(p[c] for p in places if c in p) for c in given if any(c in p for p in places)}
    free = _free_places(rows, len(kinds))
    position: list[tuple[float, int]] = []
    last = -1.0
    for column in given:
        if extra[column] and free:
            at[column] = free.pop(0)
        last = at.get(column, last + 0.01)
        position.append((last, column))
    return [column for _, column in sorted(position)]


def _places(row: Sequence[Look], kinds: Sequence[str]) -> dict[int, float]:
    """Where the row prints each column that its looks tell; all tick columns stand where the first tick stands."""
    places = {look.best: float(i) for i, look in reversed(list(enumerate(row))) if look.best is not None}
    ticks = next((float(i) for i, look in enumerate(row) if look.tick is not None), None)
    if ticks is not None:
        places |= {c: ticks for c, kind in enumerate(kinds) if kind == "tick"}
    return places


def _contradicted(a: int, b: int, places: Sequence[dict[int, float]]) -> bool:
    both = [p for p in places if a in p and b in p]
    against = sum(p[a] > p[b] for p in both)
    return against >= _ROWS and against >= _SHARE * len(both)


def _free_places(rows: Sequence[Sequence[Look]], width: int) -> list[float]:
    """Places that print texts which look like no known column, in rows of full width."""
    full = [row for row in rows if len(row) == width]
    texts = Counter(i for row in full for i, look in enumerate(row) if not look.blank and look.tick is None and look.best is None)
    claimed = Counter(i for row in full for i, look in enumerate(row) if look.best is not None or look.tick is not None)
    return [float(i) for i in range(width) if texts[i] > claimed[i]]
