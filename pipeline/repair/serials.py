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
    serials = sorted((cell for cell in grid.cells if cell.field in names), key=lambda c: (c.field, c.row))
    told = {
        (cell.row, cell.field): numbers for cell in serials if cell.value.scores and (numbers := _numbers(cell, serials, grid))
    }
    if not told:
        return grid
    wide = {(c.row, c.field): told[c.row, c.field] for c in serials if c.row_span > 1 and (c.row, c.field) in told}
    grid = replace(grid, cells=tuple(part for cell in grid.cells for part in _parts(cell, wide.get((cell.row, cell.field), ()))))
    # From below: the rows above keep their numbers.
    for cell in sorted((c for c in serials if c.row_span == 1 and (c.row, c.field) in told), key=lambda c: -c.row):
        grid = _apart(grid, cell, told[cell.row, cell.field])
    return grid


def _numbers(cell: GridCell, serials: Sequence[GridCell], grid: Grid) -> list[int]:
    """The numbers that a serial cell stands for, one a row; [] where it is one number, as far as one can tell.

    A narrow column wraps a number (12 stands as 1 over 2): what its neighbours leave is the one and not the other.
    """
    own = [c for c in serials if c.field == cell.field and grid.section_of(c.row) is grid.section_of(cell.row)]
    above = next((number_of(c.value.text) for c in own if c.row + c.row_span == cell.row), None if cell.row else 0)
    below = next((number_of(c.value.text) for c in own if c.row == cell.row + cell.row_span), None)
    if (number := number_of(cell.value.text)) and (number - 1 == above or number + 1 == below):
        return []
    printed = _in_order(cell.value.text)
    if len(printed) > 1 and cell.row_span in (1, len(printed)) and (printed[0] - 1 == above or printed[-1] + 1 == below):
        return printed
    between = range(above + 1, below) if above is not None and below is not None else range(0)
    return list(between) if cell.row_span > 1 and len(between) == cell.row_span else []


def _in_order(text: str) -> list[int]:
    """The numbers that the lines of a cell print, [] where they do not follow each other or a line is no number."""
    numbers = [number_of(line) for line in text.split("\n") if line.strip()]
    told = [number for number in numbers if number is not None]
    return told if len(told) == len(numbers) and all(b == a + 1 for a, b in pairwise(told)) else []


def _parts(cell: GridCell, numbers: Sequence[int]) -> list[GridCell]:
    """The cell as one a row with these numbers; itself where there are none."""
    rows = zip(cell.rows, numbers, strict=True) if numbers else ()
    return [GridCell(row, 1, cell.field, _told(cell.value, number)) for row, number in rows] or [cell]


def _told(value: Value, number: int) -> Value:
    score = float(min(value.scores))
    return replace(value, text=str(number), origin="repaired", rule="sequence", score=score, scores=()).doubted(LOST)


def _apart(grid: Grid, serial: GridCell, numbers: Sequence[int]) -> Grid:
    """The grid with a row that is several made so many; each has what stands in it, doubted, and its own number."""
    row, count = serial.row, len(numbers)
    cells: list[GridCell] = []
    for cell in grid.cells:
        if cell.row > row:
            cells.append(replace(cell, row=cell.row + count - 1))
        elif cell.row + cell.row_span <= row:
            cells.append(cell)
        elif cell.row_span > 1:
            cells.append(replace(cell, row_span=cell.row_span + count - 1))
        else:
            values = [_told(cell.value, n) if cell is serial else cell.value.doubted(LOST) for n in numbers]
            cells += [replace(cell, row=row + k, value=value) for k, value in enumerate(values)]
    sections = tuple(replace(s, row=s.row + count - 1) if s.row > row else s for s in grid.sections)
    return replace(grid, n_rows=grid.n_rows + count - 1, cells=tuple(cells), sections=sections)
