"""Columns of a recognised table that were cut in two by strokes of type: one heading stands over both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from pipeline.headings.match import Matcher
from pipeline.model import BBox, Cell, PageTable
from pipeline.text import squash

_CODE = "grid"


def without_cut_columns(table: PageTable, heading: Iterable[int], matcher: Matcher) -> PageTable:
    """The table with the columns under one heading made one, the cells that were cut there whole again, and doubted.

    ``heading`` are its heading rows. A heading that stands above others (公开对象) has several columns rightly. Where a cell of
    one column is beside several of the other, the table stays as it is.
    """
    last = max(heading, default=-1)
    run_of = _runs(table, last, matcher) if last >= 0 else {}
    if len(set(run_of.values())) in (0, table.n_cols):
        return table
    cells: list[list[Cell]] = []
    for cell in sorted(table.cells, key=lambda c: (c.row, c.col)):
        first, end = run_of[cell.col], run_of[cell.col + cell.col_span - 1]
        moved = replace(cell, col=first, col_span=end - first + 1)
        if cells and cells[-1][0].rows == cell.rows and cells[-1][-1].col + cells[-1][-1].col_span > first:
            cells[-1].append(moved)
        else:
            cells.append([moved])
    whole = tuple(map(_whole, cells))
    made = replace(table, n_cols=len(set(run_of.values())), cells=whole)
    return made if made.tiles() else table


def _runs(table: PageTable, row: int, matcher: Matcher) -> dict[int, int]:
    """For each column the number of the heading in this row that it stands under."""
    slots = table.slots()

    def over(col: int) -> object:
        cell = slots[row, col]
        alone = not squash(cell.text) or matcher.is_group(cell.text) or matcher.name(cell.text) is None
        return col if alone else (cell.row, cell.col)

    runs = [list(run) for _, run in groupby(range(table.n_cols), over)]
    return {col: number for number, run in enumerate(runs) for col in run}


def _whole(cells: Sequence[Cell]) -> Cell:
    """Cells side by side as the one that they were: a stroke of type cut its lines."""
    if len(cells) == 1:
        return cells[0]
    filled = [c for c in cells if squash(c.text)]
    codes = [code for c in cells for code in c.doubt.split("+") if code]
    return replace(
        cells[0],
        col_span=cells[-1].col + cells[-1].col_span - cells[0].col,
        text="".join(c.text for c in filled),
        scores=tuple(score for c in filled for score in c.scores),
        doubt="+".join(dict.fromkeys([*codes, _CODE])),
        place=replace(cells[0].place, bbox=_around([c.place.bbox for c in cells if c.place.bbox])),
    )


def _around(boxes: Sequence[BBox]) -> BBox | None:
    if not boxes:
        return None
    return BBox(min(b.x0 for b in boxes), min(b.top for b in boxes), max(b.x1 for b in boxes), max(b.bottom for b in boxes))
