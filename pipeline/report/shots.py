"""Where a row and its values are printed → what a reader needs to see of it: a piece of a page with boxes, or lines of a dump."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.model import BBox, Document, Place, Record

# Points around what a piece of a page shows, how wide it is at the least, and how far it may reach above and below the row's
# name: a merged cell goes on for pages.
_MARGIN, _LEAST, _REACH = 8.0, 260.0, 70.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of one version's source: the ``document``, all ``places`` of each value (row, field), the pages that can be
    ``drawn``.
    """

    document: Document
    places: Mapping[tuple[int, str], tuple[Place, ...]] = field(default_factory=dict)
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points; ``kind`` is ``value`` for what changed, ``name`` for what the row is called."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Shot:
    """A piece of a page: its corner and its size in points, and the boxes in it."""

    page: int
    x: float
    y: float
    width: float
    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a dump: its number in the file, and its cells, each with the kind of box that it would have, or ""."""

    number: int
    pieces: tuple[tuple[str, str], ...]


def shots(sight: Sight | None, record: Record, names: Sequence[str], fields: Iterable[str]) -> tuple[Shot | Line, ...]:
    """What shows these fields of a row beside its name; nothing where the source is not at hand.

    ``names`` are the fields that name a row, the narrowest first.
    """
    if sight is None:
        return ()
    named = next((places for name in names if (places := sight.places.get((record.row, name)))), ())
    values = [place for name in fields for place in sight.places.get((record.row, name), ())]
    values = list(dict.fromkeys(place for place in values if place not in named))
    if not sight.document.geometry:
        return tuple(_lines(sight.document, named, values))
    return tuple(_pieces(sight, named, values)) if sight.drawn else ()


def _pieces(sight: Sight, named: Sequence[Place], values: Sequence[Place]) -> Iterator[Shot]:
    """A piece of each page: the name and the values beside it; a value that is printed elsewhere has a piece of its own."""
    sizes = {page.number: (page.width, page.height) for page in sight.document.pages}
    marked = [(place, "name") for place in named] + [(place, "value") for place in values]
    for number in dict.fromkeys(place.page for place, _ in marked):
        found = [(place.bbox, kind) for place, kind in marked if place.page == number and place.bbox]
        if not found or number not in sizes:
            continue
        boxes = tuple(Box(box.x0, box.top, box.width, box.height, kind) for box, kind in found)
        yield _shot(number, _around([box for box, _ in found], *sizes[number]), boxes)


def _around(boxes: Sequence[BBox], width: float, height: float) -> BBox:
    """What holds these boxes with a margin, cut off where it goes far above or below the first of them."""
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.union(box)
    first = boxes[0]
    low = max(whole.top, first.top - _REACH)
    high = min(whole.bottom, min(first.bottom, first.top + 2 * _REACH) + _REACH)
    aside = max(_MARGIN, (_LEAST - whole.width) / 2)
    return BBox(max(whole.x0 - aside, 0), max(low - _MARGIN, 0), min(whole.x1 + aside, width), min(high + _MARGIN, height))


def _shot(page: int, view: BBox, boxes: tuple[Box, ...]) -> Shot:
    return Shot(page, round(view.x0, 2), round(view.top, 2), round(view.width, 2), round(view.height, 2), boxes)


def _lines(document: Document, named: Sequence[Place], values: Sequence[Place]) -> Iterator[Line]:
    kinds = {(place.line, place.column): "value" for place in values}
    kinds |= {(place.line, place.column): "name" for place in named}
    wanted = sorted({line for line, _ in kinds if line is not None})
    cells = [cell for page in document.pages for table in page.tables for cell in table.cells if cell.place.line in wanted]
    for number in wanted:
        same = sorted((cell for cell in cells if cell.place.line == number), key=lambda cell: cell.place.column or 0)
        yield Line(number, tuple((cell.text, kinds.get((number, cell.place.column), "")) for cell in same))
