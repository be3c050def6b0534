"""One scanned page: dots in, tables and the text around them out."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np
import pypdfium2

from pipeline.engines.lattice.slots import RuledGrid
from pipeline.engines.ocr.cells import Printed, read_cells
from pipeline.engines.ocr.flatten import Flat, flat_of, flatten
from pipeline.engines.ocr.grid import found_to_grids
from pipeline.engines.ocr.lines import (
    Blobs,
    Box,
    ink_blobs,
    outside_lines,
    outside_pieces,
    rule_thickness,
    type_size,
    without_rules,
)
from pipeline.engines.ocr.marked import on_print
from pipeline.engines.ocr.raster import ENOUGH_DPI, Floats, Gray, Mask, Raster, page_to_raster
from pipeline.engines.ocr.rules import Found, find_rules
from pipeline.engines.ocr.shaky import shaky_rows
from pipeline.engines.ocr.spilled import spills
from pipeline.engines.ocr.straighten import skew, squaring, turning, warp
from pipeline.engines.ocr.upright import quarters_to_turn
from pipeline.model import BBox, Cell, GlyphAccount, Issue, Page, PageTable, Place, TextLine
from pipeline.text import squash

# A page whose characters have a lower mean score may lie wrongly, if it has enough of them; under the last nearly all is unsure.
# On its side it has hardly more characters than lines.
_UPRIGHT, _ENOUGH, _LEGIBLE, _STACKED = 0.93, 20, 0.6, 1.6
_LIES = ("", "lies on its side", "is upside down", "lies on its side")


def open_page(page: pypdfium2.PdfPage, number: int, known: Sequence[Floats]) -> Opened:
    """The page as page ``number``, with its tables found; ``known`` are the column edges (points) of the tables before it."""
    raster = page_to_raster(page)
    return Opened(number, page.get_size(), raster, _lay_out(raster, known))


def read_page(opened: Opened, known: Sequence[Floats]) -> tuple[Page, Opened]:
    """What a page prints, and the page as it was read: another one than ``opened`` where it had to be turned.

    A page that lies on its side or upside down is turned, and boxes are those of the page as it then lies.
    """
    number, laid, (width, height) = opened.number, opened.laid, opened.size
    issues = _issues(opened.raster, number)
    read = _read(laid)
    if _lies_wrongly(read) and (quarters := quarters_to_turn(laid.boxes, laid.ink, laid.gray, laid.unit)):
        raster = _turned(opened.raster, quarters)
        size = (height, width) if quarters % 2 else (width, height)
        opened = Opened(number, size, raster, _lay_out(raster, known), quarters)
        read = _read(opened.laid)
        issues.append(
            _issue("turned", number, f"{_LIES[quarters]}; it was turned by {90 * quarters} degrees clockwise to be read")
        )
    return replace(_page(opened.laid, read, issues, number, opened.size), turned=opened.turned), opened


def _turned(raster: Raster, quarters: int) -> Raster:
    def turned(dots: Mask) -> Mask:
        return np.ascontiguousarray(np.rot90(dots, -quarters))

    sealed, unseen = (None if mask is None else turned(mask) for mask in (raster.sealed, raster.unseen))
    return replace(raster, gray=turned(raster.gray), sealed=sealed, unseen=unseen)


@dataclass(frozen=True, slots=True)
class _Laid:
    """A page lying straight, with its tables found: ``gray`` its dots, ``unit`` of them in a point, ``back`` the matrix from
    them to those of the page as it is.

    ``shaky`` are the rows of each table of which a rule is in doubt, ``boxes`` their cells, ``sealed`` the numbers of those on
    whose print a seal stands, ``unseen`` of those with type that could not be drawn, ``around`` the lines outside, ``em`` the
    size of the type.
    """

    gray: Gray
    unit: float
    back: Floats
    grids: list[RuledGrid]
    shaky: list[frozenset[int]]
    ink: Mask
    blobs: Blobs
    boxes: list[Box]
    sealed: frozenset[int]
    unseen: frozenset[int]
    around: list[Box]
    em: float


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that waits to be read; ``turned``: by how many quarters clockwise it was turned to be."""

    number: int
    size: tuple[float, float]
    raster: Raster
    laid: _Laid
    turned: int = 0

    @property
    def edges(self) -> list[Floats]:
        """The column edges of its tables, in points."""
        return [grid.xs for grid in self.laid.grids]


@dataclass(frozen=True, slots=True)
class _Read:
    """What the cells and the lines around the tables print."""

    cells: list[Printed]
    around: list[Printed]


def _lay_out(raster: Raster, known: Sequence[Floats]) -> _Laid:
    unit = raster.unit
    sheet = _straight(flatten(raster.gray, unit), unit)
    thick = rule_thickness(sheet.flat.ink, sheet.found.across, unit)
    ink = without_rules(sheet.flat.ink, sheet.found.across, sheet.found.down, thick)
    # The ink is counted beside the search for what is missing of the rules, which is Python and needs one core alone.
    with ThreadPoolExecutor(1) as pool:
        counted = pool.submit(ink_blobs, ink)
        ruled = found_to_grids(sheet.found, unit, lambda: _centres(counted.result(), unit), list(known))
    blobs = counted.result()
    grids = ruled.grids
    boxes = [
        _cell_box(grid, row, col, height, width, unit) for grid in grids for row, col, height, width, _ in grid.cells.tolist()
    ]
    em = type_size(blobs, boxes or [Box(0, 0, *sheet.flat.gray.shape[::-1])], unit)
    around = outside_lines(blobs, [_table_box(grid, unit) for grid in grids], em)
    shaky = [shaky_rows(grid, ruled.rules, ruled.perhaps) for grid in grids]
    sealed, unseen = (_marked(mask, sheet.back, boxes, em) for mask in (raster.sealed, raster.unseen))
    return _Laid(sheet.flat.gray, unit, sheet.back, grids, shaky, ink, blobs, boxes, sealed, unseen, around, em)


def _marked(mask: Mask | None, back: Floats, boxes: Sequence[Box], em: float) -> frozenset[int]:
    """The numbers of the boxes on whose print something of the mask stands."""
    return frozenset() if mask is None else frozenset(k for k, is_on in enumerate(on_print(mask, back, boxes, em)) if is_on)


def _read(laid: _Laid) -> _Read:
    return _Read(*read_cells(laid.boxes, laid.around, laid.blobs, laid.gray, laid.em))


def _lies_wrongly(read: _Read) -> bool:
    """Whether a page may be upside down, which makes its characters unsure, or on its side, which makes a line of each."""
    texts = [cell.text for cell in read.cells if cell.text]
    lines = sum(text.count("\n") + 1 for text in texts)
    return _sureness(read) < _UPRIGHT or sum(len(squash(text)) for text in texts) < _STACKED * lines


def _sureness(read: _Read) -> float:
    """The mean score of all characters in cells, 1 where there are hardly any."""
    scores = [score for cell in read.cells for score in cell.scores]
    return float(np.mean(scores)) if len(scores) >= _ENOUGH else 1.0


def _page(laid: _Laid, read: _Read, issues: list[Issue], number: int, size: tuple[float, float]) -> Page:
    tables = _tables(laid, _with_spills(laid, read.cells), number)
    outside = tuple(
        TextLine(text.text.replace("\n", " "), Place(number, _place(box, laid)))
        for text, box in zip(read.around, laid.around, strict=True)
        if squash(text.text)
    )
    if not tables and outside:
        issues.append(_issue("no_table", number, "is a picture in which no ruled table was found; what it prints is in no row"))
    elif _sureness(read) < _LEGIBLE:
        issues.append(
            _issue("illegible", number, "hardly anything can be read for sure; scan it again, finer and with more contrast")
        )
    width, height = (round(side, 2) for side in size)
    return Page(number, width, height, tables, outside, _account(tables, outside), tuple(issues))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page lying straight: its dots, its rules, and ``back``, the matrix from its dots to those of the page as it is."""

    flat: Flat
    found: Found
    back: Floats


def _straight(flat: Flat, unit: float) -> _Sheet:
    """The page turned level, and squared where perspective has bent its rules."""
    height, width = flat.gray.shape
    matrix = turning(skew(flat.ink, unit), width, height)
    level = flat_of(warp(flat.gray, matrix))
    found = find_rules(level, unit)
    square = squaring(found.across.lines[:, [2, 0, 3, 1]], found.down.lines[:, [0, 2, 1, 3]], unit)
    if not np.allclose(square, np.eye(3)):
        # Found anew, not moved along: of 73 scanned pages one lost a rule of a narrow column when ridges were only moved.
        matrix = square @ matrix
        level = flat_of(warp(flat.gray, matrix))
        found = find_rules(level, unit)
    return _Sheet(level, found, np.asarray(np.linalg.inv(matrix), np.float64))


def _centres(blobs: Blobs, unit: float) -> Floats:
    """The middles of pieces of ink that are no specks, in points."""
    boxes = blobs.boxes[1:]
    large = boxes[np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) >= 2 * unit]
    return np.stack([large[:, 0] + large[:, 2], large[:, 1] + large[:, 3]], axis=1) / (2 * unit)


def _cell_box(grid: RuledGrid, row: int, col: int, height: int, width: int, unit: float) -> Box:
    edges = (grid.xs[col], grid.ys[row], grid.xs[col + width], grid.ys[row + height])
    return Box(*(round(float(edge) * unit) for edge in edges))


def _table_box(grid: RuledGrid, unit: float) -> Box:
    return Box(*(round(float(edge) * unit) for edge in (grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])))


def _place(box: Box, laid: _Laid) -> BBox:
    """Where a box of the straight page lies on the page as it is, in points."""
    corners = np.array([[[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]]], np.float64)
    points = cv2.perspectiveTransform(corners, laid.back)[0] / laid.unit
    # A box that lies askew: each side in its middle, else tall cells would grow as wide as the page leans.
    left, right = (points[[0, 3], 0].mean(), points[[1, 2], 0].mean())
    top, bottom = (points[[0, 1], 1].mean(), points[[2, 3], 1].mean())
    return BBox(*(round(float(v), 2) for v in (left, top, right, bottom)))


def _tables(laid: _Laid, printed: list[Printed], number: int) -> tuple[PageTable, ...]:
    tables, offset = [], 0
    for grid, shaky in zip(laid.grids, laid.shaky, strict=True):
        foot = grid.label.shape[0]
        cells = tuple(
            Cell(
                row,
                col,
                height,
                width,
                printed[k].text,
                Place(number, _place(_cell_box(grid, row, col, height, width, laid.unit), laid)),
                row == 0 and not grid.top_ruled[col : col + width].all(),
                row + height == foot and not grid.bottom_ruled[col : col + width].all(),
                region=region if region >= 0 else None,
                doubt=_joined(
                    printed[k].doubt,
                    "" if shaky.isdisjoint(range(row, row + height)) else "grid",
                    "seal" if k in laid.sealed else "",
                    "unreadable" if k in laid.unseen else "",
                ),
                scores=tuple(int(100 * score) for score in printed[k].scores),
            )
            for k, (row, col, height, width, region) in enumerate(grid.cells.tolist(), offset)
        )
        offset += len(grid.cells)
        tables.append(PageTable(number, _place(_table_box(grid, laid.unit), laid), foot, grid.label.shape[1], cells))
    return tuple(tables)


def _with_spills(laid: _Laid, printed: list[Printed]) -> list[Printed]:
    """The cells at the foot of an open table doubted where what stands below them may be theirs."""
    found, number = list(printed), 0
    pieces = outside_pieces(laid.blobs, [_table_box(grid, laid.unit) for grid in laid.grids], laid.em)
    for grid in laid.grids:
        for row, col, height, width, _ in grid.cells.tolist():
            is_open = row + height == grid.label.shape[0] and not grid.bottom_ruled[col : col + width].all()
            if is_open and spills(laid.boxes[number], pieces, laid.em):
                found[number] = replace(found[number], doubt=_joined(found[number].doubt, "cut"))
            number += 1
    return found


def _joined(*reasons: str) -> str:
    return "+".join(dict.fromkeys(code for reason in reasons for code in reason.split("+") if code))


def _account(tables: tuple[PageTable, ...], outside: tuple[TextLine, ...]) -> GlyphAccount:
    inside = sum(len(squash(cell.text)) for table in tables for cell in table.cells)
    around = sum(len(squash(line.text)) for line in outside)
    return GlyphAccount(inside + around, inside, around)


def _issues(raster: Raster, number: int) -> list[Issue]:
    if not 0 < raster.scan_dpi < ENOUGH_DPI:
        return []
    return [
        _issue("low_dpi", number, f"was scanned at {raster.scan_dpi:.0f} dpi; small type needs 200, scan it again if you can")
    ]


def _issue(code: str, number: int, text: str) -> Issue:
    return Issue(code, "warning", f"page {number}: {text}", place=Place(number))
