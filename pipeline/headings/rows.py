"""Which rows of a page table are headings, and what its columns are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.headings.layout import Layout
from pipeline.headings.match import Matcher
from pipeline.headings.titles import caption
from pipeline.model import Column, cells_by_row
from pipeline.profile import Profile
from pipeline.text import squash

# Points by which a column edge may differ from page to page.
_ONE_EDGE = 3.0


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


def with_cut_headings(stretch: Stretch, above: tuple[Column, ...] | None, matcher: Matcher) -> Stretch:
    """The stretch with columns named by the headings that stand over them on the page before (``above``) as well.

    A page's end may stand between two rows of headings: then the next page begins with the lower ones.
    """
    uppers = [_over(column, above or ()) for column in stretch.columns or ()]
    if not stretch.columns or None in uppers:
        return stretch
    columns = [_under(c, upper, matcher) for c, upper in zip(stretch.columns, uppers, strict=True) if upper]
    return replace(stretch, columns=unique_fields(columns))


def _over(column: Column, above: Sequence[Column]) -> Column | None:
    """The column that covers another one; those under one heading have no edge between them, and cover together."""
    if column.x0 is None or column.x1 is None:
        return None
    for n, upper in enumerate(above):
        x0 = next((c.x0 for c in reversed(above[: n + 1]) if c.x0 is not None), None)
        x1 = next((c.x1 for c in above[n:] if c.x1 is not None), None)
        if x0 is not None and x1 is not None and x0 - _ONE_EDGE <= column.x0 and column.x1 <= x1 + _ONE_EDGE:
            return upper
    return None


def _under(column: Column, upper: Column, matcher: Matcher) -> Column:
    if not (column.heading or column.group):
        return replace(upper, x0=column.x0, x1=column.x1)
    group = column.group or upper.group or upper.heading
    named = matcher.name(column.heading, group)
    if named is None and squash(upper.heading).endswith(squash(column.heading)):
        # The last lines of a long heading.
        return replace(upper, x0=column.x0, x1=column.x1)
    named = named or matcher.name(upper.heading + column.heading, group)
    return replace(column, field=named.field if named else column.field, group=group)


def same_edges(stretch: Stretch, known: tuple[Column, ...] | None) -> tuple[Column, ...] | None:
    """The columns of the table before, where these headings leave some of theirs unnamed and stand at the same edges."""
    columns = stretch.columns
    if not columns or not known or len(columns) != len(known) or all(c.heading or c.group for c in columns):
        return None
    edges = [(a, b) for c, k in zip(columns, known, strict=True) for a, b in ((c.x0, k.x0), (c.x1, k.x1))]
    alike = all(a is not None and b is not None and abs(a - b) <= _ONE_EDGE for a, b in edges)
    return known if alike else None


def unique_fields(columns: list[Column]) -> tuple[Column, ...]:
    """Each field once: of two columns that claim one field, the first keeps it."""
    seen: set[str] = set()
    kept = []
    for column in columns:
        field = "" if column.field in seen else column.field
        seen.add(column.field)
        kept.append(Column(field, column.heading, column.group, column.x0, column.x1))
    return tuple(kept)
