"""What two readings of a page are compared by: cells in one form, and which cell of one reading is which of the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.model import BBox, Cell, Page, PageTable
from pipeline.text import fold

# Edges of one cell in two readings: each engine takes the middle of a doubled rule (2.5 pt) or one of its sides.
SAME_EDGE = 3.5


@dataclass(frozen=True)
class Unit:
    """One cell, or all pieces of a merged region that is no rectangle; ``table`` counts the tables of the page from 0."""

    table: int
    cells: tuple[Cell, ...]
    bbox: BBox

    @cached_property
    def text(self) -> str:
        """Its text in the form in which texts are compared."""
        return fold("".join(cell.text for cell in self.cells))

    @property
    def printed(self) -> str:
        """Its text as printed."""
        return "\n".join(cell.text for cell in self.cells if cell.text)

    @property
    def open_top(self) -> bool:
        return any(cell.open_top for cell in self.cells)

    @property
    def open_bottom(self) -> bool:
        return any(cell.open_bottom for cell in self.cells)

    @property
    def is_sliver(self) -> bool:
        """Whether it is blank and so thin that its two edges count as one: a doubled rule to one engine, a row to another."""
        return not self.text and min(self.bbox.width, self.bbox.height) <= SAME_EDGE


def units(page: Page) -> list[Unit]:
    """The cells of a page that have a box, in printed order."""
    return [unit for number, table in enumerate(page.tables) for unit in _units(number, table)]


def _units(number: int, table: PageTable) -> Iterator[Unit]:
    regions: dict[int, list[Cell]] = defaultdict(list)
    for cell in table.cells:
        if cell.region is not None:
            regions[cell.region].append(cell)
    told: set[int] = set()
    for cell in table.cells:
        if cell.region in told or cell.place.bbox is None:
            continue
        pieces = (cell,) if cell.region is None else tuple(regions[cell.region])
        if cell.region is not None:
            told.add(cell.region)
        boxes = [piece.place.bbox for piece in pieces if piece.place.bbox]
        whole = boxes[0]
        for box in boxes[1:]:
            whole = whole.union(box)
        yield Unit(number, pieces, whole)


class Counterparts:
    """The cells of another reading of a page, found by the box that they have."""

    def __init__(self, others: Iterable[Unit]) -> None:
        self.all = tuple(others)
        self._by_left: dict[int, list[Unit]] = defaultdict(list)
        for unit in self.all:
            self._by_left[_raster(unit.bbox.x0)].append(unit)

    def of(self, unit: Unit) -> Unit | None:
        """The cell with the same edges. Where a side of ``unit`` is open, no rule tells where it ends: any edge will do."""
        at = _raster(unit.bbox.x0)
        near = [other for step in (-1, 0, 1) for other in self._by_left.get(at + step, ()) if _same_edges(unit, other)]
        return min(near, key=lambda other: abs(other.bbox.top - unit.bbox.top), default=None)


def middle(box: BBox) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2


def holds(box: BBox, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def _raster(x: float) -> int:
    return int(x // (2 * SAME_EDGE))


def _same_edges(unit: Unit, other: Unit) -> bool:
    a, b = unit.bbox, other.bbox
    upper = unit.open_top or abs(a.top - b.top) <= SAME_EDGE
    lower = unit.open_bottom or abs(a.bottom - b.bottom) <= SAME_EDGE
    meet = a.top < b.bottom and b.top < a.bottom
    return upper and lower and meet and abs(a.x0 - b.x0) <= SAME_EDGE and abs(a.x1 - b.x1) <= SAME_EDGE
