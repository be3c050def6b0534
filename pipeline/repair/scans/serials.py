"""Serial cells of a recognised table that hold more than one number: a rule between rows was lost, in a copy most often.

A serial cell over several rows is cut into one a row where its lines, or its neighbours, tell the numbers. A row that prints
two numbers is two rows in one; nobody can tell what belongs to which, so both have all of it, and all is doubted. The same where
a cell has more numbers than rows: which of them is two rows is told by their height, and all are doubted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.model import Grid, GridCell, Value
from pipeline.profile import Profile
from pipeline.repair.scans.sequence import number_of

LOST = "grid"
_NUMBER = re.compile(r"\d{1,4}")
# Between two numbers of a cell at most so many were not read.
_MOST = 3


def one_serial_a_row(grid: Grid, profile: Profile) -> Grid:
    """The grid with each recognised serial cell cut into one a row; the same object where there is nothing to cut."""
    names = frozenset(profile.names("serial"))
    serials = sorted((cell for cell in grid.cells if cell.field in names), key=lambda c: (c.field, c.row))
    told = {
        (cell.row, cell.field): numbers for cell in serials if cell.value.scores and (numbers := _numbers(cell, serials, grid))
    }
    if not told:
        return grid
    shares = {_slot(c): _shared(told[_slot(c)], row_heights(grid, c)) for c in serials if _slot(c) in told}
    lost = {row for cell in serials if len(told.get(_slot(cell), ())) > cell.row_span for row in cell.rows}
    cells = [part for cell in grid.cells for part in _parts(cell, shares.get(_slot(cell), ()))]
    grid = replace(grid, cells=tuple(_doubted(cell, lost) for cell in cells))
    # From below: the rows above keep their numbers.
    several = {
        (cell.row + k, cell.field): own for cell in serials for k, own in enumerate(shares.get(_slot(cell), ())) if len(own) > 1
    }
    for row, name in sorted(several, reverse=True):
        grid = apart(grid, next(c for c in grid.cells if _slot(c) == (row, name)), several[row, name])
    return grid


def _slot(cell: GridCell) -> tuple[int, str]:
    return cell.row, cell.field


def _doubted(cell: GridCell, rows: Collection[int]) -> GridCell:
    return replace(cell, value=cell.value.doubted(LOST)) if any(row in rows for row in cell.rows) else cell


def row_heights(grid: Grid, serial: GridCell) -> list[float]:
    """How high each row of a serial cell is, by the lowest of the cells that stand in it alone (points; 0 where none tells)."""
    heights: dict[int, list[float]] = {row: [] for row in serial.rows}
    for cell in (c for c in grid.cells if c.row_span == 1 and c.row in heights):
        heights[cell.row] += [place.bbox.height for place in cell.value.places if place.bbox]
    return [min(heights[row], default=0.0) for row in serial.rows]


def _shared(numbers: Sequence[int], heights: Sequence[float]) -> list[list[int]]:
    """The numbers of a cell for each of its rows: one a row, and what is left for the highest."""
    count, most = len(heights), max(range(len(heights)), key=lambda k: heights[k])
    left, at = len(numbers) - count, 0
    shares = []
    for row in range(count):
        own = 1 + (left if row == most else 0)
        shares.append(list(numbers[at : at + own]))
        at += own
    return shares


def _numbers(cell: GridCell, serials: Sequence[GridCell], grid: Grid) -> list[int]:
    """The numbers that a serial cell stands for, one a row; [] where it is one number, as far as one can tell.

    A narrow column wraps a number (12 stands as 1 over 2): what its neighbours leave is the one and not the other.
    """
    own = [c for c in serials if c.field == cell.field and grid.section_of(c.row) is grid.section_of(cell.row)]
    above = next((_ends(c)[1] for c in own if c.row + c.row_span == cell.row), None if cell.row else 0)
    below = next((_ends(c)[0] for c in own if c.row == cell.row + cell.row_span), None)
    if (number := number_of(cell.value.text)) and (number - 1 == above or number + 1 == below):
        return []
    between = _between(cell, above, below)
    printed = _listed(cell.value.text)
    if len(between) > max(cell.row_span, 1) and (cell.row_span > 1 or len(printed) > 1):
        return between if _lists(printed, between) else []
    if len(printed) > 1 and cell.row_span in (1, len(printed)) and (printed[0] - 1 == above or printed[-1] + 1 == below):
        return printed if _follow(printed) else []
    return between if cell.row_span > 1 and len(between) == cell.row_span else []


def _between(cell: GridCell, above: int | None, below: int | None) -> list[int]:
    """The numbers that the neighbours of a cell leave for it; where one of them tells nothing, its own last or first is taken."""
    printed = _listed(cell.value.text)
    if not _follow(printed) or len(printed) < 2:
        return list(range(above + 1, below)) if above is not None and below is not None else []
    first = above + 1 if above is not None else printed[0]
    last = below - 1 if below is not None else printed[-1]
    return list(range(first, last + 1)) if last - first < cell.row_span + _MOST else []


def _ends(cell: GridCell) -> tuple[int | None, int | None]:
    """The first and the last number of a serial cell."""
    if (number := number_of(cell.value.text)) is not None:
        return number, number
    printed = _listed(cell.value.text)
    return (printed[0], printed[-1]) if printed and _follow(printed) else (None, None)


def _listed(text: str) -> list[int]:
    """The numbers that lines of a cell print; what is left of rules, and dirt, makes lines without one."""
    lines = (re.sub(r"[^\w]|_", "", line) for line in text.split("\n"))
    return [int(line) for line in lines if _NUMBER.fullmatch(line)]


def _follow(numbers: Sequence[int]) -> bool:
    """Whether numbers rise, each a little higher than the one before."""
    return all(0 < other - one <= _MOST for one, other in pairwise(numbers))


def _lists(printed: Sequence[int], numbers: Sequence[int]) -> bool:
    """Whether a cell prints most of some numbers, and no others."""
    return 2 * len(printed) > len(numbers) and set(printed) <= set(numbers)


def _parts(cell: GridCell, shares: Sequence[Sequence[int]]) -> list[GridCell]:
    """A cell over several rows as one a row with these numbers (of several, the first); itself where there are none."""
    if cell.row_span == 1 or not shares:
        return [cell]
    return [GridCell(row, 1, cell.field, _told(cell.value, own[0])) for row, own in zip(cell.rows, shares, strict=True)]


def _told(value: Value, number: int) -> Value:
    score = float(min(value.scores)) if value.scores else value.score
    return replace(value, text=str(number), origin="repaired", rule="sequence", score=score, scores=()).doubted(LOST)


def apart(grid: Grid, serial: GridCell, numbers: Sequence[int]) -> Grid:
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
