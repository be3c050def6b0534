"""A page table by its rows, looked up once: a dump is one table however many thousand rows it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from pipeline.model import Cell, PageTable
from pipeline.text import squash

# A cell over this share of the columns, alone in its row, is a caption or a note.
_WIDE = 0.8
# So is one that begins with the row and runs over so many columns: a spreadsheet's note runs over as many as it needs.
_FROM_LEFT = 3


class Layout:
    """``table``, and what stands in which of its rows."""

    def __init__(self, table: PageTable) -> None:
        self.table = table
        self._covering: dict[int, list[Cell]] = defaultdict(list)
        for cell in table.cells:
            for row in cell.rows:
                self._covering[row].append(cell)

    def starting(self, row: int) -> list[Cell]:
        """The cells that begin in a row, from left to right."""
        return sorted((c for c in self._covering.get(row, ()) if c.row == row), key=lambda c: c.col)

    def covering(self, rows: Iterable[int]) -> list[Cell]:
        """The cells that stand in any of these rows, each once."""
        found: dict[int, Cell] = {}
        for row in rows:
            for cell in self._covering.get(row, ()):
                found.setdefault(id(cell), cell)
        return list(found.values())

    def printed(self, row: int) -> list[str]:
        """The texts of the cells that a row of a dump prints, without the padding at its end."""
        return [squash(cell.text) for cell in self.starting(row) if cell.place.column is not None]

    @cached_property
    def last(self) -> str:
        """What the last row says if one cell alone fills it, "" where there are more."""
        cells = self._covering.get(self.table.n_rows - 1, [])
        return squash(cells[0].text) if len(cells) == 1 else ""

    @cached_property
    def full_width(self) -> dict[int, Cell]:
        """The rows in which one cell alone, which fills them or begins with them, has a text, each with that cell."""
        wide: dict[int, Cell] = {}
        if self.table.n_cols <= 2:
            return wide
        for row, cells in self._covering.items():
            filled = [c for c in cells if squash(c.text)]
            if len(filled) == 1 and filled[0].row_span == 1 and self._is_wide(filled[0]):
                wide[row] = filled[0]
        return wide

    def _is_wide(self, cell: Cell) -> bool:
        return cell.col_span >= _WIDE * self.table.n_cols or (cell.col == 0 and cell.col_span >= _FROM_LEFT)

    @cached_property
    def edges(self) -> list[tuple[float | None, float | None]]:
        """Left and right edge of each column, from the cells that stand in it; a mistaken colspan makes thousands of columns."""
        left: dict[int, float] = {}
        right: dict[int, float] = {}
        for cell in self.table.cells:
            if box := cell.place.bbox:
                end = cell.col + cell.col_span - 1
                left[cell.col] = min(left.get(cell.col, box.x0), box.x0)
                right[end] = max(right.get(end, box.x1), box.x1)
        return [(left.get(col), right.get(col)) for col in range(self.table.n_cols)]

    @cached_property
    def recognised(self) -> bool:
        """Whether any of its text was recognised from a picture."""
        return any(cell.scores for cell in self.table.cells)

    @cached_property
    def in_pieces(self) -> bool:
        """Whether cells run into each other where rules are missing or end short of each other: nobody merges cells to an L, but
        paper beside a merged cell that goes on alone has such a shape."""
        return any(cell.region is not None and squash(cell.text) for cell in self.table.cells)
