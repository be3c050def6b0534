"""What the whole table tells about its list columns: how wide their lines are, and which entries are known."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.cast.channels import read_channels
from pipeline.cast.lists import Known, Reading, cut
from pipeline.cast.marks import Marks
from pipeline.cast.widths import UNLIMITED, Column, capacity, measure
from pipeline.model import Grid, Value
from pipeline.profile import Profile
from pipeline.text import fold


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One list field: its printed width, the entries that are known (folded), and how its values are read."""

    name: str
    column: Column
    known: frozenset[str]
    is_channels: bool
    documents: bool


@dataclass(frozen=True, slots=True)
class ListColumns:
    """All list fields of a table. ``em`` is the width of a character in points; ``wrapped`` False: no line was ever wrapped."""

    columns: dict[str, ListColumn]
    em: float
    wrapped: bool
    marks: Marks

    def reading(self, name: str, value: Value) -> Reading:
        """How one value of a list field is read."""
        column = self.columns[name]
        room = capacity(column.column, self.em, value) if self.wrapped else UNLIMITED
        return Reading(self.marks, Known(column.known), room, column.documents)


def read_columns(grid: Grid, profile: Profile, marks: Marks) -> ListColumns:
    """The list columns of a table. Entries of cells whose cutting is certain are known in the cells where it is not."""
    values = {name: _distinct(grid, name) for name in dict.fromkeys(cell.field for cell in grid.cells)}
    printed = {name: measure((value, _is_text(profile, name)) for value in found) for name, found in values.items()}
    em = min((column.em for name, column in printed.items() if profile.kind(name) not in ("serial", "tick")), default=math.inf)
    lists = {
        name: ListColumn(name, printed[name], _terms(profile, name), profile.kind(name) == "channels", name in marks.documents)
        for name in values
        if profile.kind(name) in ("list", "channels")
    }
    # A dump has line ends only where its writer put them, unless it shows that it kept those of the page.
    first = ListColumns(lists, em, grid.geometry or any(column.wraps for column in printed.values()), marks)
    learned = {name: replace(column, known=column.known | _learn(first, column, values[name])) for name, column in lists.items()}
    return replace(first, columns=learned)


def _distinct(grid: Grid, name: str) -> list[Value]:
    return list(dict.fromkeys(cell.value for cell in grid.cells if cell.field == name))


def _is_text(profile: Profile, name: str) -> bool:
    return profile.kind(name) in ("text", "limit")


def _terms(profile: Profile, name: str) -> frozenset[str]:
    """The lexicon of a field, folded; titles with and without their 《》."""
    terms = {fold(term) for term in profile.terms(name)}
    bare = {term.removeprefix("《").removesuffix("》") for term in terms}
    return frozenset(terms | bare | {f"《{term}》" for term in bare})


def _learn(columns: ListColumns, column: ListColumn, values: Iterable[Value]) -> frozenset[str]:
    learned: set[str] = set()
    for value in values:
        reading = columns.reading(column.name, value)
        if column.is_channels:
            channels = read_channels(value.text, value.printed, reading)
            entries, doubt = channels.offered, channels.offered_doubt
        else:
            found = cut(value.text, reading)
            entries, doubt = found.entries, found.doubt
        if not doubt and not value.doubt:
            learned.update(map(fold, entries))
    return frozenset(learned)
