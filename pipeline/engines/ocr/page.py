"""One scanned page: dots in, tables and the text around them out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2

from pipeline.engines.lattice.grid import RuledGrid
from pipeline.engines.ocr.cells import Printed, read_cells
from pipeline.engines.ocr.flatten import Flat, flat_of, flatten
from pipeline.engines.ocr.grid import found_to_grids
from pipeline.engines.ocr.lines import Blobs, Box, ink_blobs, outside_lines, rule_thickness, type_size, without_rules
from pipeline.engines.ocr.raster import ENOUGH_DPI, Floats, Raster, page_to_raster
from pipeline.engines.ocr.rules import Found, find_rules
from pipeline.engines.ocr.straighten import skew, squaring, turning, warp
from pipeline.model import BBox, Cell, GlyphAccount, Issue, Page, PageTable, Place, TextLine
from pipeline.text import squash


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page lying straight: its dots, its rules, and ``back``, the matrix from its dots to those of the page as it is."""

    flat: Flat
    found: Found
    unit: float
    back: Floats


def read_page(page: pypdfium2.PdfPage, number: int, known: list[Floats]) -> Page:
    """The page as page ``number``; ``known`` are the column edges (points) of earlier tables, to which its own are added."""
    raster = page_to_raster(page)
    sheet = straighten(flatten(raster.gray, raster.unit), raster.unit)
    thick = rule_thickness(sheet.flat.ink, sheet.found.across, sheet.unit)
    blobs = ink_blobs(without_rules(sheet.flat.ink, sheet.found.across, sheet.found.down, thick))
    grids = found_to_grids(sheet.found, sheet.flat, sheet.unit, _centres(blobs, sheet.unit), known)
    known.extend(grid.xs for grid in grids)
    cells = [_cell_box(grid, *cell[:4], sheet.unit) for grid in grids for cell in grid.cells]
    em = type_size(blobs, cells or [Box(0, 0, *sheet.flat.gray.shape[::-1])], sheet.unit)
    around = outside_lines(blobs, [_table_box(grid, sheet.unit) for grid in grids], em)
    printed, lines = read_cells(cells, around, blobs, sheet.flat.gray, em)
    tables = _tables(grids, printed, sheet, number)
    outside = tuple(
        TextLine(text.text.replace("\n", " "), Place(number, _place(box, sheet)))
        for text, box in zip(lines, around, strict=True)
        if squash(text.text)
    )
    height, width = raster.gray.shape
    return Page(
        number,
        round(width / raster.unit, 2),
        round(height / raster.unit, 2),
        tables,
        outside,
        _account(tables, outside),
        tuple(_issues(raster, number)),
    )


def straighten(flat: Flat, unit: float) -> Sheet:
    """The page turned level, and squared where perspective has bent its rules."""
    height, width = flat.gray.shape
    matrix = turning(skew(flat.ink, unit), width, height)
    level = flat_of(warp(flat.gray, matrix))
    found = find_rules(level, unit)
    square = squaring(found.across.lines[:, [2, 0, 3, 1]], found.down.lines[:, [0, 2, 1, 3]], unit)
    if not np.allclose(square, np.eye(3)):
        matrix = square @ matrix
        level = flat_of(warp(flat.gray, matrix))
        found = find_rules(level, unit)
    return Sheet(level, found, unit, np.asarray(np.linalg.inv(matrix), np.float64))


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


def _place(box: Box, sheet: Sheet) -> BBox:
    """Where a box of the straight page lies on the page as it is, in points."""
    corners = np.array([[[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]]], np.float64)
    points = cv2.perspectiveTransform(corners, sheet.back)[0] / sheet.unit
    low, high = points.min(axis=0), points.max(axis=0)
    return BBox(*(round(float(v), 2) for v in (*low, *high)))


def _tables(grids: list[RuledGrid], printed: list[Printed], sheet: Sheet, number: int) -> tuple[PageTable, ...]:
    tables, offset = [], 0
    for grid in grids:
        foot = grid.label.shape[0]
        cells = tuple(
            Cell(
                row,
                col,
                height,
                width,
                printed[k].text,
                Place(number, _place(_cell_box(grid, row, col, height, width, sheet.unit), sheet)),
                row == 0 and not grid.top_ruled[col : col + width].all(),
                row + height == foot and not grid.bottom_ruled[col : col + width].all(),
                region=region if region >= 0 else None,
                scores=tuple(int(100 * score) for score in printed[k].scores),
            )
            for k, (row, col, height, width, region) in enumerate(grid.cells, offset)
        )
        offset += len(grid.cells)
        tables.append(PageTable(number, _place(_table_box(grid, sheet.unit), sheet), foot, grid.label.shape[1], cells))
    return tuple(tables)


def _account(tables: tuple[PageTable, ...], outside: tuple[TextLine, ...]) -> GlyphAccount:
    inside = sum(len(squash(cell.text)) for table in tables for cell in table.cells)
    around = sum(len(squash(line.text)) for line in outside)
    return GlyphAccount(inside + around, inside, around)


def _issues(raster: Raster, number: int) -> list[Issue]:
    issues = []
    if 0 < raster.scan_dpi < ENOUGH_DPI:
        text = f"page {number}: scanned at {raster.scan_dpi:.0f} dpi; small type needs 200, scan it again if you can"
        issues.append(Issue("low_dpi", "warning", text, place=Place(number)))
    return issues
