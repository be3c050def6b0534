"""What one table prints in all its pages together: asked at every page break, gathered once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from pipeline.model import Cell, PageGrid
from pipeline.profile import Profile
from pipeline.stitch.evidence import first_entry
from pipeline.text import squash


@dataclass(frozen=True)
class Printed:
    """The page grids of one table, and what they tell of its columns. (Not slotted: what was gathered lives in its dict.)"""

    grids: list[PageGrid]
    profile: Profile

    @cached_property
    def _columns(self) -> dict[str, Column]:
        inner: dict[str, list[Cell]] = {}
        for grid in self.grids:
            for cell in grid.cells:
                if cell.row > 0 and cell.row + cell.row_span < grid.n_rows:
                    for col in cell.cols:
                        inner.setdefault(grid.columns[col].field, []).append(cell)
        return {field: Column(cells, self.profile.terms(field)) for field, cells in inner.items()}

    def column(self, field: str) -> Column:
        """The column of a field; an empty one where no cell of it is certainly whole."""
        return self._columns.get(field) or self._columns.setdefault(field, Column([], self.profile.terms(field)))

    @cached_property
    def always_open(self) -> bool:
        """Whether the serial and tick cells at the foot of every page stand open below."""
        return all(_serials_open(grid, self.profile) for grid in self.grids)

    @cached_property
    def _numbered(self) -> dict[str, bool]:
        return {}

    def numbers_every_row(self, serial: str) -> bool:
        """Whether nearly every row has a serial number of its own."""
        if serial not in self._numbered:
            cells = [(g, c) for g in self.grids for c in g.cells if g.columns[c.col].field == serial]
            # A blank at a page's edge may be the rest of a row: that is the question, not the answer.
            told = [c for g, c in cells if squash(c.text) or (c.row > 0 and c.row + c.row_span < g.n_rows)]
            numbered = sum(bool(squash(c.text)) and c.row_span == 1 for c in told)
            self._numbered[serial] = bool(told) and numbered >= 0.9 * len(told)
        return self._numbered[serial]


@dataclass(frozen=True)
class Column:
    """The printed cells of one field that do not touch a page break, and so are certainly whole; ``terms`` is its lexicon."""

    cells: list[Cell]
    terms: tuple[str, ...]

    @cached_property
    def blanks(self) -> int:
        """How many of the cells are blank."""
        return sum(not squash(cell.text) for cell in self.cells)

    @cached_property
    def texts(self) -> frozenset[str]:
        """What the cells print, without white space."""
        return frozenset(squash(cell.text) for cell in self.cells)

    @cached_property
    def begins(self) -> Counter[str]:
        """How often the cells that are not blank begin in each way."""
        return Counter(first_entry(cell.text) for cell in self.cells if squash(cell.text))

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(t for t in {*self.texts, *map(squash, self.terms)} if len(t) >= 2)

    @cached_property
    def _ends(self) -> frozenset[str]:
        return frozenset(end for t in self._whole for end in (t[-2:], t[-1:], ""))

    @cached_property
    def _starts(self) -> frozenset[str]:
        return frozenset(start for t in self._whole for start in (t[:2], t[:1], ""))

    def habitual(self, before: str, after: str) -> bool:
        """Whether whole values end like ``before`` or begin like ``after`` (by two characters); yes where there are few."""
        if len(self._whole) < 4:
            return True
        return squash(before)[-2:] in self._ends or squash(after)[:2] in self._starts


def _serials_open(grid: PageGrid, profile: Profile) -> bool:
    """Whether all serial and tick cells at the foot of a page stand open below."""
    feet = [
        c
        for c in grid.cells
        if c.row + c.row_span == grid.n_rows and profile.kind(grid.columns[c.col].field) in ("serial", "tick")
    ]
    return bool(feet) and all(c.open_bottom for c in feet)
