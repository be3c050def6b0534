"""Serial cells of a recognised table that hold more than one number: a rule between rows was lost, in a copy most often.

A serial cell over several rows is cut into one a row where its lines, or its neighbours, tell the numbers. A row that prints
two numbers is two rows in one; nobody can tell what belongs to which, so both have all of it, and all is doubted.
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
    double = {c.row: len(numbers) for c in serials if c.value.scores and len(numbers := _in_row(c)) > 1}
    if not cut and not double:
        return grid
    grid = replace(grid, cells=tuple(part for cell in grid.cells for part in cut.get((cell.row, cell.field), (cell,))))
    for row in sorted(double, reverse=True):
        grid = _apart(grid, row, double[row], names)
    return grid


def _in_row(cell: GridCell) -> list[int]:
    """The numbers that a serial cell of a single row prints."""
    return _in_order(cell.value.text) if cell.row_span == 1 else []


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


def _apart(grid: Grid, row: int, count: int, serials: frozenset[str]) -> Grid:
    """The grid with a row that is several made so many; each has what stands in it, doubted, and its own number."""
    cells: list[GridCell] = []
    for cell in grid.cells:
        if cell.row > row:
            cells.append(replace(cell, row=cell.row + count - 1))
        elif cell.row + cell.row_span <= row:
            cells.append(cell)
        elif cell.row_span > 1:
            cells.append(replace(cell, row_span=cell.row_span + count - 1))
        else:
            cells += [replace(cell, row=row + k, value=_copy(cell, k, serials)) for k in range(count)]
    sections = tuple(replace(s, row=s.row + count - 1) if s.row > row else s for s in grid.sections)
    return replace(grid, n_rows=grid.n_rows + count - 1, cells=tuple(cells), sections=sections)


def _copy(cell: GridCell, number: int, serials: frozenset[str]) -> Value:
    if cell.field not in serials:
        return cell.value.doubted(LOST)
    return _told(cell.value, _in_order(cell.value.text)[number], float(min(cell.value.scores)))
