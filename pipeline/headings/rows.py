"""Which rows of a page table are headings, and what its columns are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.headings.layout import Layout
from pipeline.headings.match import Matcher
from pipeline.headings.titles import caption
from pipeline.model import Column, cells_by_row
from pipeline.profile import Profile
from pipeline.text import squash


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows ``start``..``stop`` (exclusive) of a page table: the body under one block of headings.

    ``columns`` is None where no headings stand above; ``title`` is what full-width rows above the headings say.
    """

    start: int
    stop: int
    columns: tuple[Column, ...] | None
    title: str = ""


def table_to_stretches(layout: Layout, matcher: Matcher, profile: Profile) -> list[Stretch]:
    """The table cut at its headings; most have one block of headings on top, or none."""
    table, heading = layout.table, heading_rows(layout, matcher, profile)
    above = _rows_above(layout, heading)
    stretches: list[Stretch] = []
    row = 0
    while row < table.n_rows:
        captions = []
        while row in above:
            captions.append(above[row])
            row += 1
        top = row
        while row in heading:
            row += 1
        named = [r for r in range(top, row) if not _numbers_columns(layout, r)]
        columns = name_columns(layout, named, matcher) if named else None
        start = row
        while row < table.n_rows and row not in heading and row not in above:
            row += 1
        stretches.append(Stretch(start, row, columns, caption(captions)))
    return stretches


def _rows_above(layout: Layout, heading: set[int]) -> dict[int, str]:
    """The text of the rows over the whole width that stand straight above headings, by row."""
    above: dict[int, str] = {}
    for row in range(layout.table.n_rows - 2, -1, -1):
        wide = layout.full_width.get(row) if row not in heading and (row + 1 in heading or row + 1 in above) else None
        if wide is not None:
            above[row] = wide.text
    return above


def heading_rows(layout: Layout, matcher: Matcher, profile: Profile) -> set[int]:
    """Rows that hold headings; a heading cell over several rows makes headings of all of them."""
    need = int(profile.setting("headings", "cells"))
    share = float(profile.setting("headings", "worn" if layout.recognised else "share"))
    found: set[int] = set()
    for _, starting in cells_by_row(layout.table.cells):
        cells = [c for c in starting if squash(c.text)]
        known = [c for c in cells if matcher.known(c.text)]
        if len(known) >= need and len(known) >= share * len(cells):
            found.update(r for c in known for r in c.rows)
    below = [row + 1 for row in found if row + 1 < layout.table.n_rows]
    return found | {row for row in below if _numbers_columns(layout, row)}


def _numbers_columns(layout: Layout, row: int) -> bool:
    """Whether a row under headings only counts the columns: 1 | 2 | 3 …"""
    texts = [squash(c.text).strip("()（）") for c in layout.starting(row)]
    return len(texts) > 3 and texts in ([str(n + start) for n in range(len(texts))] for start in (0, 1))


def name_columns(layout: Layout, rows: Sequence[int], matcher: Matcher) -> tuple[Column, ...]:
    """The columns by the headings in these rows: the lowest heading names a column, the one above it is its group."""
    slots, edges = {(r, c): cell for cell in layout.covering(rows) for r in cell.rows for c in cell.cols}, layout.edges
    columns = []
    for col in range(layout.table.n_cols):
        stack = list(dict.fromkeys(slots[r, col] for r in rows))
        filled = [c for c in stack if squash(c.text)]
        leaf = squash(filled[-1].text) if filled else ""
        group = squash(filled[-2].text) if len(filled) > 1 else ""
        if filled and filled[-1].col_span > 1 and matcher.is_group(leaf):
            leaf, group = "", leaf
        named = matcher.name(leaf, group)
        columns.append(Column(named.field if named else "", leaf, group, *edges[col]))
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
