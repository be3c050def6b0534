"""Serial cells of a recognised table that hold more than one number: a rule between rows was lost, in a copy most often.

A serial cell over several rows is cut into one a row where its lines, or its neighbours, tell the numbers. A row that prints
two numbers is two rows in one; nobody can tell what belongs to which, so all of it is doubted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.model import Grid, GridCell, Value
from pipeline.profile import Profile
from pipeline.repair.sequence import number_of

LOST = "grid"


def one_serial_a_row(grid: Grid, profile: Profile) -> Grid:
    """The grid with each recognised serial cell cut into one a row; the same object where there is nothing to cut."""
    names = frozenset(profile.names("serial"))
    serials = [cell for cell in grid.cells if cell.field in names]
    cut = {(c.row, c.field): parts for c in serials if c.value.scores and (parts := _parts(c, serials, grid))}
    double = {cell.row for cell in serials if cell.value.scores and cell.row_span == 1 and len(_in_order(cell.value.text)) > 1}
    if not cut and not double:
        return grid
    cells = [part for cell in grid.cells for part in cut.get((cell.row, cell.field), (cell,))]
    return replace(grid, cells=tuple(_of_two(cell, names) if cell.row in double else cell for cell in cells))


def _in_order(text: str) -> list[int]:
    """The numbers that the lines of a cell print, [] where they do not follow each other or a line is no number."""
    numbers = [number_of(line) for line in text.split("\n") if line.strip()]
    told = [number for number in numbers if number is not None]
    return told if len(told) == len(numbers) and all(b == a + 1 for a, b in pairwise(told)) else []


def _parts(cell: GridCell, serials: Sequence[GridCell], grid: Grid) -> list[GridCell]:
    """The cell as one a row; [] where it is one number for all of its rows, as far as one can tell."""
    if cell.row_span == 1:
        return []
    numbers = _in_order(cell.value.text)
    if len(numbers) != cell.row_span:
        numbers = _between(cell, serials, grid)
    score = float(min(cell.value.scores))
    return [
        GridCell(row, 1, cell.field, _told(cell.value, number, score)) for row, number in zip(cell.rows, numbers, strict=False)
    ]


def _between(cell: GridCell, serials: Sequence[GridCell], grid: Grid) -> list[int]:
    """The numbers that the cells above and below leave for the rows of a cell that prints none itself."""
    own = [c for c in serials if c.field == cell.field and grid.section_of(c.row) is grid.section_of(cell.row)]
    above = next((number_of(c.value.text) for c in own if c.row + c.row_span == cell.row), None if cell.row else 0)
    below = next((number_of(c.value.text) for c in own if c.row == cell.row + cell.row_span), None)
    if above is None or below is None or below - above != cell.row_span + 1:
        return []
    return list(range(above + 1, below))


def _told(value: Value, number: int, score: float) -> Value:
    return replace(value, text=str(number), origin="repaired", rule="sequence", score=score, scores=()).doubted(LOST)


def _of_two(cell: GridCell, serials: frozenset[str]) -> GridCell:
    if cell.field not in serials or len(_in_order(cell.value.text)) < 2:
        return replace(cell, value=cell.value.doubted(LOST))
    return replace(cell, value=_told(cell.value, _in_order(cell.value.text)[0], float(min(cell.value.scores))))
