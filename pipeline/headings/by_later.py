"""Columns of a recognised page whose headings were lost, told by the pages after it, which print the same table.

Where hardly a heading of a page could be read, the whole page is one of the table of the page after, and doubted, if it begins
as one: with some headings of the family, or with a serial number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.headings.layout import Layout
from pipeline.headings.rows import Stretch
from pipeline.model import Cell, Issue, PageGrid
from pipeline.text import squash

_CODE = "heading"
# So many columns that are the same on both pages show that it is one table.
_TOLD = 4
_NUMBER = re.compile(r"[(（]?\d{1,4}[)）.、．]?")


def named_by_later(grids: Sequence[PageGrid]) -> list[PageGrid]:
    """The pages in their order; columns that the family does not know are named as on the page after, and doubted."""
    found: list[PageGrid] = []
    for grid in reversed(grids):
        found.insert(0, _named(grid, found[0]) if found and _is_recognised(grid) else grid)
    return found


def as_later(layout: Layout, stretch: Stretch, later: PageGrid, titled: bool, first: bool) -> Stretch | None:
    """The rows of a stretch that are of the table of the page after, whose columns they have; None where they are of another.

    ``titled``: a title of its own stands over it; ``first``: no page of the catalog stands before, so that it begins with a
    numbered row and nothing above that goes on from elsewhere.
    """
    serial = next((number for number, column in enumerate(later.columns) if column.field == "seq"), -1)
    if layout.table.n_cols != len(later.columns) or (later.new_table and not titled):
        return None
    numbered = _first_numbered(layout, stretch, serial)
    if numbered is None:
        return replace(stretch, columns=None) if stretch.columns else None
    return replace(stretch, columns=None, start=numbered if first or not stretch.columns else stretch.start)


def _first_numbered(layout: Layout, stretch: Stretch, serial: int) -> int | None:
    for row in range(stretch.start, stretch.stop):
        for cell in layout.starting(row):
            if cell.col == serial and cell.col_span == 1 and _NUMBER.fullmatch(squash(cell.text)):
                return row
    return None


def doubted_by_later(grid: PageGrid, page: int) -> PageGrid:
    """A page grid with all of its cells doubted, since its columns are only known from ``page``."""
    issue = Issue(
        "column",
        "warning",
        f"page {grid.page}: its headings could not be read; its columns are taken for those of page {page}, and doubted",
    )
    every = dict.fromkeys(range(len(grid.columns)), "")
    return replace(grid, cells=tuple(_doubted(cell, every) for cell in grid.cells), issues=(*grid.issues, issue))


def _is_recognised(grid: PageGrid) -> bool:
    return any(cell.scores for cell in grid.cells)


def _named(grid: PageGrid, later: PageGrid) -> PageGrid:
    if len(grid.columns) != len(later.columns) or later.new_table:
        return grid
    pairs = list(zip(grid.columns, later.columns, strict=True))
    taken = {column.field for column in grid.columns}
    told = [here.field == there.field for here, there in pairs if not here.field.startswith("extra_")]
    if sum(told) < _TOLD or 2 * sum(told) <= len(told):
        return grid
    lost = {
        number: there.field
        for number, (here, there) in enumerate(pairs)
        if here.field.startswith("extra_") and not there.field.startswith("extra_") and there.field not in taken
    }
    if not lost:
        return grid
    issues = tuple(
        Issue(
            "column",
            "warning",
            f"page {grid.page}: the heading {grid.columns[number].heading!r} is none that is known; the column is taken for "
            f"{field} as on page {later.page}, and doubted",
            field=field,
        )
        for number, field in lost.items()
    )
    return replace(
        grid,
        columns=tuple(replace(c, field=lost.get(number, c.field)) for number, c in enumerate(grid.columns)),
        cells=tuple(_doubted(cell, lost) for cell in grid.cells),
        issues=grid.issues + issues,
    )


def _doubted(cell: Cell, lost: dict[int, str]) -> Cell:
    if lost.keys().isdisjoint(range(cell.col, cell.col + cell.col_span)):
        return cell
    return replace(cell, doubt="+".join(filter(None, (cell.doubt, _CODE))))
