"""Columns of a recognised page whose headings were lost, told by the pages after it, which print the same table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Cell, Issue, PageGrid

_CODE = "heading"


def named_by_later(grids: Sequence[PageGrid]) -> list[PageGrid]:
    """The pages in their order; columns that the family does not know are named as on the page after, and doubted."""
    found: list[PageGrid] = []
    for grid in reversed(grids):
        found.insert(0, _named(grid, found[0]) if found and _is_recognised(grid) else grid)
    return found


def _is_recognised(grid: PageGrid) -> bool:
    return any(cell.scores for cell in grid.cells)


def _named(grid: PageGrid, later: PageGrid) -> PageGrid:
    if len(grid.columns) != len(later.columns) or later.new_table:
        return grid
    pairs = list(zip(grid.columns, later.columns, strict=True))
    taken = {column.field for column in grid.columns}
    if 2 * sum(here.field == there.field for here, there in pairs) <= len(pairs):
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
