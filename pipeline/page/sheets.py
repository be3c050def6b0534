"""The pages of a document with the boxes of their cells, each with the values that came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.model import Cell, Document, Page, Place
from pipeline.page.view import SHOWN, Box, Line, Sheet
from pipeline.page.view import Cell as Value

Ids = Mapping[Place, str]


def ids(document: Document) -> dict[Place, str]:
    """The id of each printed cell's box, by its place."""
    found: dict[Place, str] = {}
    for page in document.pages:
        for number, cell in enumerate(_cells(page)):
            found.setdefault(cell.place, f"p{page.number}c{number}")
    return found


def sheets(document: Document, values: Iterable[Value], known: Ids) -> Iterator[Sheet]:
    """Every page with its boxes; a printed cell that no value came of has no box on a page, but its text in a dump."""
    owners: dict[str, list[Value]] = {}
    for value in values:
        for box in value.boxes:
            owners.setdefault(box, []).append(value)
    for page in document.pages:
        boxes = {cell.place: _box(cell, known[cell.place], owners.get(known[cell.place], ())) for cell in _cells(page)}
        if page.width:
            yield Sheet(page.number, page.width, page.height, tuple(box for box in boxes.values() if box.cells))
        else:
            yield Sheet(page.number, 0.0, 0.0, (), tuple(_lines(page, boxes)))


def _cells(page: Page) -> Iterator[Cell]:
    """The printed cells; those that only fill up a short row of a dump stand nowhere."""
    return (cell for table in page.tables for cell in table.cells if cell.place.bbox or cell.place.column is not None)


def _box(cell: Cell, name: str, values: Sequence[Value]) -> Box:
    mark = next((mark for mark in SHOWN if any(mark in value.marks for value in values)), "")
    box = cell.place.bbox
    x, y, width, height = (box.x0, box.top, box.width, box.height) if box else (0.0, 0.0, 0.0, 0.0)
    # A cell without values keeps its id: an issue may be about it.
    return Box(name, x, y, round(width, 2), round(height, 2), cell.text, mark, tuple(value.id for value in values))


def _lines(page: Page, boxes: Mapping[Place, Box]) -> Iterator[Line]:
    """The cells of a dump line by line as the file has them, with the text around the tables."""
    lines: dict[int | None, list[Box]] = {}
    for place, box in boxes.items():
        lines.setdefault(place.line, []).append(box)
    for text in page.outside:
        lines.setdefault(text.place.line, []).append(Box("", 0, 0, 0, 0, text.text, "", ()))
    yield from (Line(number, tuple(pieces)) for number, pieces in sorted(lines.items(), key=lambda line: line[0] or 0))
