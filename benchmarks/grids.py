"""Tables as every reader tells them: a grid of slots, and cells that cover one or more of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.model import PageTable


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: the slots it covers (0-based) and its text."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str

    @property
    def slots(self) -> Iterator[tuple[int, int]]:
        return ((r, c) for r in range(self.row, self.row + self.row_span) for c in range(self.col, self.col + self.col_span))


@dataclass(frozen=True, slots=True)
class Grid:
    """One table on one page. Slots that no cell covers are blank."""

    n_rows: int
    n_cols: int
    cells: tuple[GridCell, ...]

    def slots(self) -> list[list[GridCell | None]]:
        """The cell of each slot, rows of columns."""
        rows: list[list[GridCell | None]] = [[None] * self.n_cols for _ in range(self.n_rows)]
        for cell in self.cells:
            for r, c in cell.slots:
                rows[r][c] = cell
        return rows


def canonical(text: str) -> str:
    """Text as it is compared: compatibility forms folded, white space removed."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def printed_only(grid: Grid) -> Grid:
    """The grid in canonical text without its blank cells, for truths that list only cells with something in them."""
    cells = (GridCell(c.row, c.col, c.row_span, c.col_span, canonical(c.text)) for c in grid.cells)
    return Grid(grid.n_rows, grid.n_cols, tuple(sorted((c for c in cells if c.text), key=lambda c: (c.row, c.col))))


def trimmed(grid: Grid) -> Grid:
    """The grid without blank rows and columns around what is printed; it holds no blank cells (``printed_only``)."""
    if not grid.cells:
        return Grid(0, 0, ())
    top, left = min(c.row for c in grid.cells), min(c.col for c in grid.cells)
    bottom, right = max(c.row + c.row_span for c in grid.cells), max(c.col + c.col_span for c in grid.cells)
    cells = (GridCell(c.row - top, c.col - left, c.row_span, c.col_span, c.text) for c in grid.cells)
    return Grid(bottom - top, right - left, tuple(cells))


def from_page_table(table: PageTable) -> Grid:
    """A table of this project. Pieces of one region that is no rectangle stay pieces."""
    return Grid(table.n_rows, table.n_cols, tuple(GridCell(c.row, c.col, c.row_span, c.col_span, c.text) for c in table.cells))


def from_boxes(boxes: Iterable[tuple[Sequence[float], str]]) -> Grid:
    """Boxes (x0, top, x1, bottom) with their texts, as pdfplumber tells them: their edges are the grid's lines."""
    known = list(boxes)
    xs = sorted({x for box, _ in known for x in (box[0], box[2])})
    ys = sorted({y for box, _ in known for y in (box[1], box[3])})
    column, row = {x: k for k, x in enumerate(xs)}, {y: k for k, y in enumerate(ys)}
    cells = (
        GridCell(row[box[1]], column[box[0]], row[box[3]] - row[box[1]], column[box[2]] - column[box[0]], text)
        for box, text in known
    )
    return Grid(len(ys) - 1, len(xs) - 1, tuple(cells))


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot as camelot tells it: its text, and the sides that an edge closes."""

    text: str
    left: bool
    right: bool
    top: bool
    bottom: bool


def from_slots(rows: Sequence[Sequence[Slot]]) -> Grid:
    """Slots with no edge between them are one cell; its text is that of its slots in reading order.

    A merged area that is no rectangle counts slot by slot.
    """
    cells, taken = [], set()
    for r, row in enumerate(rows):
        for c in range(len(row)):
            if (r, c) in taken:
                continue
            area = _area(rows, (r, c))
            taken |= area
            cells.extend(_cells_of(rows, area))
    return Grid(len(rows), max(map(len, rows), default=0), tuple(cells))


def _area(rows: Sequence[Sequence[Slot]], start: tuple[int, int]) -> set[tuple[int, int]]:
    area, todo = {start}, [start]
    while todo:
        for near in _through(rows, *todo.pop()):
            if near not in area:
                area.add(near)
                todo.append(near)
    return area


def _through(rows: Sequence[Sequence[Slot]], r: int, c: int) -> Iterator[tuple[int, int]]:
    """The neighbours of a slot that no edge divides from it."""
    here = rows[r][c]
    if r and not (here.top or rows[r - 1][c].bottom):
        yield r - 1, c
    if r + 1 < len(rows) and not (here.bottom or rows[r + 1][c].top):
        yield r + 1, c
    if c and not (here.left or rows[r][c - 1].right):
        yield r, c - 1
    if c + 1 < len(rows[r]) and not (here.right or rows[r][c + 1].left):
        yield r, c + 1


def _cells_of(rows: Sequence[Sequence[Slot]], area: set[tuple[int, int]]) -> list[GridCell]:
    top, left = min(r for r, _ in area), min(c for _, c in area)
    height, width = max(r for r, _ in area) - top + 1, max(c for _, c in area) - left + 1
    if height * width != len(area):
        return [GridCell(r, c, 1, 1, rows[r][c].text) for r, c in sorted(area)]
    text = "\n".join(rows[r][c].text for r, c in sorted(area) if rows[r][c].text)
    return [GridCell(top, left, height, width, text)]
