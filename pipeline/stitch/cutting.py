"""How the writer of a table cuts its cells at page breaks, as all its pages together show.

A browser leaves every cut cell open, without a closing rule; LibreOffice Writer closes them, but where the table's end has no
rule, those that reach it may stand open; Calc paints the whole text of one on each of its pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipeline.model import Cell, PageGrid
from pipeline.profile import Profile
from pipeline.stitch.pieces import same_painting
from pipeline.text import squash


@dataclass(frozen=True)
class Cutting:
    """The page grids of one table. (Not slotted: what was gathered lives in its dict.)"""

    grids: list[PageGrid]
    profile: Profile

    @cached_property
    def opens(self) -> bool:
        """Whether the writer leaves a cell that a page break cuts without a closing rule, everywhere in this table.

        A cell that stands open above a foot that has a rule shows it, and a cut row that does, where no cut cell of the parent is
        closed (these are never empty of themselves). Then a closed cell has ended. Of cells with borders of their own a browser
        closes most, and draws on over paper those that go on alone, which say nothing of the others.
        """
        return (self._opens_cells or self._opens_rows) and not (self.closes or any(grid.on_paper for grid in self.grids))

    @cached_property
    def paints_copies(self) -> bool:
        """Whether the writer paints a cut cell's whole text on each of its pages and clips it, as Calc does.

        What is blank on a page and hides nothing there is then a cell of its own.
        """
        return any(same_painting(foot, top) for foot, top in self._at_breaks)

    @cached_property
    def closes(self) -> bool:
        """Whether the writer closes a cell that a page break cuts, at least in one place, as a cell of the parent shows."""
        return any(not foot.open_bottom for foot, _ in self._cut_parents)

    @cached_property
    def _opens_cells(self) -> bool:
        """Whether a cell stands open at the foot of a page beside closed ones, and not because the table's end has no rule."""
        return any(
            foot.open_bottom and squash(foot.text) and not self.may_end_open(top)
            for above, below in pairwise(self.grids)
            if any(not cell.open_bottom for cell in _serials_at_foot(above, self.profile))
            for foot, top in self._sides(above, below)
        )

    @cached_property
    def _at_breaks(self) -> list[tuple[Cell, Cell]]:
        return [sides for above, below in pairwise(self.grids) for sides in self._sides(above, below)]

    def _sides(self, above: PageGrid, below: PageGrid) -> list[tuple[Cell, Cell]]:
        """The cells on both sides of a page break in the columns that merge cells."""
        feet = {above.columns[c.col].field: c for c in above.cells if c.row + c.row_span == above.n_rows}
        tops = {below.columns[c.col].field: c for c in below.cells if c.row == 0}
        merged = [f for f in feet if f in tops and self.profile.kind(f) in ("text", "list", "limit", "channels")]
        return [(feet[f], tops[f]) for f in merged]

    @cached_property
    def _opens_rows(self) -> bool:
        """Whether a row that is cut, not the table's last one, stands open."""
        cut = any(_serials_open(above, self.profile) and below.n_rows > 1 for above, below in pairwise(self.grids))
        return cut and not self.always_open

    @cached_property
    def _ends_open(self) -> bool:
        """Whether the table has no rule at its end."""
        return _serials_open(self.grids[-1], self.profile)

    def may_end_open(self, cell: Cell) -> bool:
        """Whether a cell may reach an end of the table that has no rule."""
        return self._ends_open and any(
            c is cell and cell.row + cell.row_span == grid.n_rows for grid in self.grids for c in grid.cells
        )

    @cached_property
    def _cut_parents(self) -> list[tuple[Cell, Cell]]:
        """The parent's cells on both sides of each page break whose foot has a rule, where a text stands above a blank."""
        pairs = []
        for above, below in pairwise(self.grids):
            feet = [c for c in above.cells if c.row + c.row_span == above.n_rows and _is_parent(above, c, self.profile)]
            tops = [c for c in below.cells if c.row == 0 and _is_parent(below, c, self.profile)]
            if feet and tops and squash(feet[0].text) and not (squash(tops[0].text) or _serials_open(above, self.profile)):
                pairs.append((feet[0], tops[0]))
        return pairs

    @cached_property
    def always_open(self) -> bool:
        """Whether the serial and tick cells at the foot of every page stand open below."""
        return all(_serials_open(grid, self.profile) for grid in self.grids)


def _is_parent(grid: PageGrid, cell: Cell, profile: Profile) -> bool:
    return grid.columns[cell.col].field == profile.parent


def _serials_open(grid: PageGrid, profile: Profile) -> bool:
    """Whether all serial and tick cells at the foot of a page stand open below."""
    feet = _serials_at_foot(grid, profile)
    return bool(feet) and all(c.open_bottom for c in feet)


def _serials_at_foot(grid: PageGrid, profile: Profile) -> list[Cell]:
    """The serial and tick cells that end a page."""
    feet = (c for c in grid.cells if c.row + c.row_span == grid.n_rows)
    return [c for c in feet if profile.kind(grid.columns[c.col].field) in ("serial", "tick")]
