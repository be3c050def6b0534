"""Which rows of a page table are headings, and what its columns are called."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.headings.match import Matcher
from pipeline.model import Cell, Column, PageTable
from pipeline.profile import Profile
from pipeline.text import squash


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows ``start``..``stop`` (exclusive) of a page table: the body under one block of headings.

    ``columns`` is None where no headings stand above; ``title`` is a full-width row above the headings; ``notes`` are
    full-width rows that are no records, as (row, text).
    """

    start: int
    stop: int
    columns: tuple[Column, ...] | None
    title: str = ""


def table_to_stretches(table: PageTable, matcher: Matcher, profile: Profile) -> list[Stretch]:
    """The table cut at its headings; most have one block of headings on top, or none."""
    heading = heading_rows(table, matcher, profile)
    stretches: list[Stretch] = []
    row = 0
    while row < table.n_rows:
        title = ""
        if row not in heading and row + 1 in heading and (wide := full_width(table, row)) is not None:
            title, row = wide.text, row + 1
        top = row
        while row in heading:
            row += 1
        columns = name_columns(table, range(top, row), matcher) if row > top else None
        start = row
        while row < table.n_rows and row not in heading and not (row + 1 in heading and full_width(table, row) is not None):
            row += 1
        stretches.append(Stretch(start, row, columns, squash(title)))
    return stretches


def heading_rows(table: PageTable, matcher: Matcher, profile: Profile) -> set[int]:
    """Rows that hold headings; a heading cell over several rows makes headings of all of them."""
    need, share = int(profile.setting("headings", "cells")), float(profile.setting("headings", "share"))
    found: set[int] = set()
    for row in range(table.n_rows):
        cells = [c for c in table.cells if c.row == row and squash(c.text)]
        known = [c for c in cells if matcher.known(c.text)]
        if len(known) >= need and len(known) >= share * len(cells):
            found.update(r for c in known for r in c.rows)
    return found


def full_width(table: PageTable, row: int) -> Cell | None:
    """The cell that fills a whole row by itself, with text; None where the row has more than one filled cell."""
    cells = [c for c in table.cells if row in c.rows]
    filled = [c for c in cells if squash(c.text)]
    if len(filled) == 1 and filled[0].row_span == 1 and filled[0].col_span >= 0.8 * table.n_cols and table.n_cols > 2:
        return filled[0]
    return None


def name_columns(table: PageTable, rows: range, matcher: Matcher) -> tuple[Column, ...]:
    """The columns by the headings in these rows: the lowest heading names a column, the one above it is its group."""
    slots = table.slots()
    columns = []
    for col in range(table.n_cols):
        stack = list(dict.fromkeys(slots[r, col] for r in rows))
        filled = [c for c in stack if squash(c.text)]
        leaf = squash(filled[-1].text) if filled else ""
        group = squash(filled[-2].text) if len(filled) > 1 else ""
        if filled and filled[-1].col_span > 1 and matcher.is_group(leaf):
            leaf, group = "", leaf
        named = matcher.name(leaf, group)
        columns.append(Column(named.field if named else "", leaf, group, *column_edges(table, col)))
    return unique_fields(columns)


def unique_fields(columns: list[Column]) -> tuple[Column, ...]:
    """Each field once: of two columns that claim one field, the first keeps it."""
    seen: set[str] = set()
    kept = []
    for column in columns:
        field = "" if column.field in seen else column.field
        seen.add(column.field)
        kept.append(Column(field, column.heading, column.group, column.x0, column.x1))
    return tuple(kept)


def column_edges(table: PageTable, col: int) -> tuple[float | None, float | None]:
    """Left and right edge of a column, from the cells that stand in it."""
    left = [c.place.bbox.x0 for c in table.cells if c.col == col and c.place.bbox]
    right = [c.place.bbox.x1 for c in table.cells if c.col + c.col_span == col + 1 and c.place.bbox]
    return (min(left) if left else None, max(right) if right else None)
