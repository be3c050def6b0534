"""What one table prints in all its pages together: asked at every page break, gathered once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from pipeline.model import Cell, PageGrid
from pipeline.profile import Profile
from pipeline.stitch.cutting import Cutting
from pipeline.stitch.evidence import first_entry
from pipeline.text import squash

# A column that prints the same as the row above so often does not merge what rows have in common.
_REPEATED = 3
# What stands between the entries of a list, or after each of them.
_SEPARATORS = "；;，,、"


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
        return {field: self._column(field, cells) for field, cells in inner.items()}

    def _column(self, field: str, cells: list[Cell]) -> Column:
        return Column(cells, frozenset(self.bare(field, cell.text) for cell in cells), self.profile.terms(field))

    def column(self, field: str) -> Column:
        """The column of a field; an empty one where no cell of it is certainly whole."""
        return self._columns.get(field) or self._columns.setdefault(field, self._column(field, []))

    @cached_property
    def _anywhere(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for grid in self.grids:
            for cell in grid.cells:
                field = grid.columns[cell.col].field
                found.setdefault(field, set()).add(self.bare(field, cell.text))
        return found

    def anywhere(self, field: str) -> set[str]:
        """What all cells of a field print, those at page breaks included, as ``Column.texts``."""
        return self._anywhere.get(field, set())

    def bare(self, field: str, text: str) -> str:
        """A text without white space; the same boxes of channels, whichever are chosen, are the same text."""
        short = squash(text)
        return short.translate(self._boxes) if self.profile.kind(field) == "channels" else short

    @cached_property
    def _boxes(self) -> dict[int, str]:
        """Every box of a channel as an empty one."""
        marks = str(self.profile.setting("marks", "chosen")) + str(self.profile.setting("marks", "offered"))
        return dict.fromkeys(map(ord, marks), "□")

    def text_above(self, cell: Cell) -> str:
        """The text of the cell straight above one in its column, on the same page; "" where there is none."""
        page = next((grid for grid in self.grids if any(c is cell for c in grid.cells)), None)
        above = (c for c in page.cells if c.col == cell.col and c.row + c.row_span == cell.row) if page else ()
        return next((squash(c.text) for c in above), "")

    @cached_property
    def cutting(self) -> Cutting:
        """How the writer of the table cuts cells at page breaks."""
        return Cutting(self.grids, self.profile)

    @cached_property
    def merges_cells(self) -> bool:
        """Whether the table merges cells down its rows; some publishers repeat what they hold in common."""
        return any(cell.row_span > 1 for grid in self.grids for cell in grid.cells)

    @cached_property
    def _repeating(self) -> set[str]:
        found: Counter[str] = Counter()
        merged: set[str] = set()
        for grid in self.grids:
            above: dict[str, Cell] = {}
            for cell in sorted(grid.cells, key=lambda cell: cell.row):
                field = grid.columns[cell.col].field
                if cell.row_span > 1:
                    merged.add(field)
                one = above.get(field)
                if one and one.row + one.row_span == cell.row and squash(cell.text) and squash(one.text) == squash(cell.text):
                    found[field] += 1
                above[field] = cell
        return {field for field, count in found.items() if count >= _REPEATED} - merged

    def repeats(self, field: str) -> bool:
        """Whether a column prints in row after row what these have in common, and merges none of its cells."""
        return field in self._repeating

    @cached_property
    def merges_ticks(self) -> bool:
        """Whether the table merges tick cells down its rows: one stands over several, or goes on below a page's end at which its
        row's number is closed."""
        return any(self._merges_ticks(grid) for grid in self.grids)

    def _merges_ticks(self, grid: PageGrid) -> bool:
        kinds = [self.profile.kind(column.field) for column in grid.columns]
        ends = [
            cell.open_bottom for cell in grid.cells if kinds[cell.col] == "serial" and cell.row + cell.row_span == grid.n_rows
        ]
        closed = bool(ends) and not any(ends)
        ticks = (cell for cell in grid.cells if kinds[cell.col] == "tick" and squash(cell.text))
        return any(cell.row_span > 1 or (closed and cell.open_bottom) for cell in ticks)

    @cached_property
    def _pitch(self) -> float:
        """The height that a line takes in the cells that are filled best, in points; 0 where the source has no boxes."""
        lines = (_line_height(cell) for grid in self.grids for cell in grid.cells if squash(cell.text))
        return min((height for height in lines if height), default=0.0)

    def fills_cell(self, cell: Cell) -> bool:
        """Whether the text of a cell reaches from its top to its bottom, give or take a line and the cell's own margin."""
        lines = cell.text.strip().count("\n") + 1
        return _line_height(cell) * lines < self._pitch * (lines + 1.5)

    def has_room(self, cell: Cell, text: str) -> bool:
        """Whether a cell is high enough for a text that is printed elsewhere in its column."""
        box = cell.place.bbox
        return box is None or box.bottom - box.top >= self._pitch * (text.strip().count("\n") + 1)

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
    """The printed cells of one field that do not touch a page break, and so are certainly whole.

    ``texts`` are what they print, without white space and without the states of boxes; ``terms`` is the field's lexicon.
    """

    cells: list[Cell]
    texts: frozenset[str]
    terms: tuple[str, ...]

    @cached_property
    def blanks(self) -> int:
        """How many of the cells are blank."""
        return sum(not squash(cell.text) for cell in self.cells)

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

    def goes_on_after(self, text: str) -> bool:
        """Whether a text ends with a sign that stands inside the whole values and ends none of them: a separator of entries."""
        sign = squash(text)[-1:]
        filled = [t for t in self.texts if t]
        return bool(sign) and sign in _SEPARATORS and any(sign in t for t in filled) and not any(t.endswith(sign) for t in filled)

    def habitual(self, before: str, after: str) -> bool:
        """Whether whole values end like ``before`` or begin like ``after`` (by two characters); yes where there are few."""
        if len(self._whole) < 4:
            return True
        return squash(before)[-2:] in self._ends or squash(after)[:2] in self._starts


def _line_height(cell: Cell) -> float:
    box = cell.place.bbox
    return (box.bottom - box.top) / (cell.text.strip().count("\n") + 1) if box else 0.0
