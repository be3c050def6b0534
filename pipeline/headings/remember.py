"""A page without headings: its columns are those of the pages before, found by their edges."""

from __future__ import annotations

import itertools
from dataclasses import replace

from pipeline.headings.layout import Layout
from pipeline.model import Cell, Column, PageTable
from pipeline.profile import Profile

# So many columns of a table are no chance.
_LEAST = 4


def fit_columns(table: PageTable, columns: tuple[Column, ...], profile: Profile) -> tuple[PageTable, tuple[Column, ...]] | None:
    """The table on the remembered columns, with the columns at this page's edges; None where they do not fit.

    Pages may be shifted against each other (margins differ on left and right pages), a page may lack a rule that all its rows
    lack, and may show one too many; the remembered columns decide.
    """
    if table.n_cols == len(columns) and any(c.scores for c in table.cells):
        # A picture lies askew, each page in its own way: edges in points say less than the number of columns.
        return table, columns
    edges = Layout(table).edges
    if any(x is None for pair in edges for x in pair) or any(c.x0 is None or c.x1 is None for c in columns):
        return (table, columns) if table.n_cols == len(columns) else None
    tolerance = float(profile.setting("headings", "edge"))
    here = _edges([(float(left or 0), float(right or 0)) for left, right in edges])
    there = _edges([(float(c.x0 or 0), float(c.x1 or 0)) for c in columns])
    for shift in (0.0, here[0] - there[0], here[-1] - there[-1]):
        moved = [x + shift for x in there]
        if _close(here, moved, tolerance):
            placed = tuple(replace(c, x0=a, x1=b) for c, a, b in zip(columns, moved[:-1], moved[1:], strict=True))
            regridded = _onto(table, here, moved)
            if regridded is not None:
                return regridded, placed
    return _some_of(table, columns, here, there, tolerance)


def _some_of(
    table: PageTable, columns: tuple[Column, ...], here: list[float], there: list[float], tolerance: float
) -> tuple[PageTable, tuple[Column, ...]] | None:
    """The columns that the table has where it lacks the first or the last ones.

    Without an outer border, cells that go on over two page ends leave no rule on the page between: their columns are not there.
    Every edge must stand at one of neighbouring columns, in the same place of the page.
    """
    first = min(range(len(there)), key=lambda i: abs(there[i] - here[0]))
    beside = there[first : first + len(here)]
    if any(cell.scores for cell in table.cells):
        # Costs a short run more than all headings do, and only scans need it.
        from statistics import median

        # Each page of a scan lies a little further up or to the side.
        shift = median(a - b for a, b in zip(here, beside, strict=False))
        beside = [x + shift for x in beside]
    if not _LEAST <= len(here) - 1 < len(columns) or len(beside) < len(here) or not _close(here, beside, tolerance):
        return None
    some = columns[first : first + len(here) - 1]
    return table, tuple(replace(c, x0=a, x1=b) for c, a, b in zip(some, beside[:-1], beside[1:], strict=True))


def _edges(columns: list[tuple[float, float]]) -> list[float]:
    """The edges between columns (left, right), outermost included.

    On a scan that lies askew, neighbours overlap by what a rule drifts to a side on its way down; an edge is the middle of that.
    """
    pairs = list(itertools.pairwise(columns))
    drifts = sorted(max(one[1] - other[0], 0.0) for one, other in pairs)
    drift = (drifts[(len(drifts) - 1) // 2] + drifts[len(drifts) // 2]) / 2 if drifts else 0.0
    inner = [(one[1] + other[0]) / 2 for one, other in pairs]
    return [columns[0][0] + drift / 2, *inner, columns[-1][1] - drift / 2]


def _close(here: list[float], there: list[float], tolerance: float) -> bool:
    """Whether the edges of the table with fewer columns all stand near edges of the other, and the outer ones agree."""
    few, many = sorted((here, there), key=len)
    if len(few) < 3:
        return False
    width = min(b - a for a, b in itertools.pairwise(many))
    near = max(tolerance * width, 2.0)
    outer = max(near, 0.01 * (many[-1] - many[0]))
    return (
        all(min(abs(x - y) for y in many) <= near for x in few[1:-1])
        and abs(few[0] - many[0]) <= outer
        and abs(few[-1] - many[-1]) <= outer
        and len(few) >= 0.6 * len(many)
    )


def _onto(table: PageTable, here: list[float], edges: list[float]) -> PageTable | None:
    """The table's cells on other column edges; None where that would lose or double a slot."""
    if len(here) == len(edges):
        return table
    middles = [(a + b) / 2 for a, b in itertools.pairwise(edges)]
    cells: list[Cell] = []
    for cell in table.cells:
        x0, x1 = here[cell.col], here[cell.col + cell.col_span]
        cols = [i for i, m in enumerate(middles) if x0 <= m <= x1]
        if cols:
            cells.append(replace(cell, col=cols[0], col_span=len(cols)))
        elif cell.text.strip():
            return None
    regridded = PageTable(table.page, table.bbox, table.n_rows, len(middles), tuple(cells))
    return regridded if regridded.tiles() else None
