"""A serial number that is missing on a page of a scan that is hard to read: its row was lost in one of its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.model import Grid, GridCell
from pipeline.profile import Profile
from pipeline.repair.scans.legible import legible
from pipeline.repair.scans.recognised import gates
from pipeline.repair.scans.sequence import number_of
from pipeline.repair.scans.serials import LOST, apart, row_heights


def with_lost_rows(grid: Grid, profile: Profile) -> Grid:
    """The grid with the higher of two rows made two where the number between theirs is missing; the same object where none is.

    Both have all that stands in it, doubted. On a page that is read well the publisher has left out a number.
    """
    limits = gates(profile)
    seen = [cell.value for cell in grid.cells if cell.value.scores]
    marks = frozenset(str(profile.setting("marks", "chosen")) + str(profile.setting("marks", "offered")))
    pages = legible(seen, marks, limits.weak, limits.poor, limits.bad) if seen else None
    if pages is None:
        return grid
    doubted = {row for cell in grid.cells if LOST in cell.value.doubt for row in cell.rows}
    names = frozenset(profile.names("serial"))
    serials = [cell for cell in grid.cells if cell.field in names and cell.row_span == 1]
    # From below: the rows above keep their numbers.
    for above, below in sorted(_gaps(serials, grid), key=lambda pair: -pair[0].row):
        if any(pages.is_poor(cell.value) or cell.row in doubted for cell in (above, below)):
            number = (number_of(above.value.text) or 0) + 1
            lower = row_heights(grid, below) > row_heights(grid, above)
            grid = apart(grid, below, [number, number + 1]) if lower else apart(grid, above, [number - 1, number])
    return grid


def _gaps(serials: Sequence[GridCell], grid: Grid) -> Iterator[tuple[GridCell, GridCell]]:
    """The serial cells of neighbouring rows of one table between whose numbers one is missing, where both are in line."""
    runs: dict[tuple[int, str], list[GridCell]] = {}
    for cell in sorted(serials, key=lambda c: c.row):
        runs.setdefault((grid.section_of(cell.row).row, cell.field), []).append(cell)
    for run in runs.values():
        numbers = [number_of(cell.value.text) for cell in run]
        for k, (one, other) in enumerate(pairwise(numbers)):
            if one is None or other is None or other - one != 2 or run[k + 1].row != run[k].row + 1:
                continue
            before, after = numbers[k - 1] if k else one - 1, numbers[k + 2] if k + 2 < len(run) else other + 1
            if before == one - 1 and after == other + 1:
                yield run[k], run[k + 1]
