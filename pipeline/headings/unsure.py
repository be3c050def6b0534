"""Cells of a page that are doubted because of where they stand, whatever they say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from pipeline.model import BBox, Cell, PageGrid
from pipeline.text import squash

# By how many points a line must stand below a cell: a rule of a scan is not quite upright.
_OVER = 3.0


def by_heading(cell: Cell, guessed: frozenset[int]) -> Cell:
    if not guessed.intersection(range(cell.col, cell.col + cell.col_span)):
        return cell
    return with_doubt(cell, "heading")


def with_doubt(cell: Cell, doubt: str) -> Cell:
    if doubt in cell.doubt.split("+"):
        return cell
    return replace(cell, doubt="+".join(filter(None, (cell.doubt, doubt))))


def over_columns(cell: Cell, told: Collection[int]) -> Cell:
    """A cell over several columns, one of which is ``told``, doubted: nobody leaves out two things at once, or says two at once.

    Writer paints so what is left of cells that a page end cuts, and prints their text elsewhere; WeasyPrint leaves out the rule
    between two merged cells at a page's end, whose lines then stand between each other.
    """
    if cell.col_span < 2 or not any(col in told for col in cell.cols) or (cell.doubt and squash(cell.text)):
        return cell
    return with_doubt(cell, "wide")


def unended(grid: PageGrid) -> PageGrid:
    """A page grid whose last row is doubted: what could not be read below it may belong to it."""
    ends = (c.row + c.row_span == grid.n_rows for c in grid.cells)
    cells = (with_doubt(cell, "page_break") if end else cell for cell, end in zip(grid.cells, ends, strict=True))
    return replace(grid, cells=tuple(cells))


def cut_at_foot(grid: PageGrid, lines: Sequence[BBox]) -> PageGrid:
    """A page grid of a scan whose last cells are doubted where ``lines`` stand straight below them.

    A sheet that ends amid a cell has the rest of a line on its edge, or a rule is taken for the table's end that is none.
    """

    def is_cut(cell: Cell) -> bool:
        box = cell.place.bbox
        ends = cell.row + cell.row_span == grid.n_rows
        return bool(ends and box and any(min(box.x1, line.x1) - max(box.x0, line.x0) > _OVER for line in lines))

    if not lines:
        return grid
    return replace(grid, cells=tuple(with_doubt(cell, "page_break") if is_cut(cell) else cell for cell in grid.cells))
