"""Catalogs as an .xlsx for LibreOffice Calc: merged cells, fitted to the page's width."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from .catalog import Catalog
from .cells import TableCell, heading_rows, table
from .layout import PAPERS, Layout

_POINTS_A_UNIT = 5.25  # one unit of column width is a digit of the default font: 7 px at 96 dpi


def write(path: Path, catalogs: list[Catalog], layout: Layout) -> None:
    """Write the workbook; tables of one file stand below each other on one sheet."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    _page(sheet, layout)
    widths = column_points(layout)
    for col, points in enumerate(widths, 1):
        sheet.column_dimensions[sheet.cell(1, col).column_letter].width = points / _POINTS_A_UNIT
    sheet.cell(1, 1, layout.above or None)
    top = 2 if layout.above else 1
    for n, catalog in enumerate(catalogs):
        top = _write_table(sheet, catalog, layout, widths, top, first=n == 0)
    sheet.cell(top, 1, layout.closing or None)
    book.save(str(path))


def column_points(layout: Layout) -> list[float]:
    """Column widths in points, before the sheet is fitted to the page."""
    width = (PAPERS[layout.paper][0] - 100) * layout.fit
    return [w / sum(layout.widths) * width for w in layout.widths]


def _page(sheet: Any, layout: Layout) -> None:
    sheet.page_setup.paperSize = 9 if layout.paper.startswith("A4") else 8
    sheet.page_setup.orientation = "landscape" if "landscape" in layout.paper else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = not layout.scale
    if layout.scale:
        sheet.page_setup.scale = layout.scale
    sheet.print_options.gridLines = layout.gridlines
    if layout.footer:
        sheet.oddFooter.center.text = layout.numbers.replace("{}", "&P").replace("{all}", "&N")
    if layout.running_head:
        sheet.oddHeader.right.text = layout.running_head


def _write_table(sheet: Any, catalog: Catalog, layout: Layout, widths: list[float], top: int, first: bool) -> int:
    """Write one table from sheet row ``top`` (1-based) and give the row after it."""
    from openpyxl.styles import Alignment, Font

    if layout.title:
        sheet.merge_cells(start_row=top, end_row=top, start_column=1, end_column=len(widths))
        title = sheet.cell(top, 1, catalog.title)
        title.font = Font(name=layout.font, size=layout.size * 2, bold=True)
        title.alignment = Alignment(horizontal="center", vertical="center")
        sheet.row_dimensions[top].height = layout.size * 3
        top += 1
    if layout.title and layout.below:
        sheet.cell(top, 1, layout.below)
        top += 1
    if first and layout.repeat_header:
        sheet.print_title_rows = f"{top}:{top + heading_rows(layout) - 1}"
    cells = table(catalog, layout)
    for cell in cells:
        _write_cell(sheet, cell, layout, top, len(widths), max(c.row + c.rows for c in cells))
    heights = row_heights(cells, widths, layout)
    for row, height in enumerate(heights):
        sheet.row_dimensions[top + row].height = height
    return top + len(heights) + 1


def _write_cell(sheet: Any, cell: TableCell, layout: Layout, top: int, n_cols: int, n_rows: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    row, col = top + cell.row, cell.col + 1
    target = sheet.cell(row, col)
    target.value = int(cell.text) if cell.text.isdigit() and cell.col == 0 else cell.text or None
    underline = "single" if not cell.heading and layout.cols[cell.col] == layout.underline else None
    target.font = Font(name=layout.font, size=layout.size, bold=cell.heading and layout.bold_head, underline=underline)
    place = {"middle": "center"}.get(layout.valign, layout.valign) if not cell.heading else "center"
    target.alignment = Alignment(horizontal=cell.align, vertical=place, wrap_text=True)
    if cell.heading and layout.shade:
        target.fill = PatternFill("solid", fgColor="DDDDDD")
    elif layout.zebra and not cell.heading and cell.row % 2:
        target.fill = PatternFill("solid", fgColor="F0F4FA")
    for r in range(cell.rows):
        for c in range(cell.cols):
            sheet.cell(row + r, col + c).border = _border(cell, r, c, layout, n_cols, n_rows)
    if cell.rows > 1 or cell.cols > 1:
        sheet.merge_cells(start_row=row, end_row=row + cell.rows - 1, start_column=col, end_column=col + cell.cols - 1)


def _border(cell: TableCell, r: int, c: int, layout: Layout, n_cols: int, n_rows: int) -> Any:
    """The rules of one slot of a cell: only those on the cell's rim, and on the table's rim only where it has one."""
    from openpyxl.styles import Border, Side

    style, width = layout.border.split()
    name = {"double": "double", "dashed": "dashed", "dotted": "dotted"}.get(style)
    side = Side(style=name or ("hair" if width == "0.1pt" else "medium" if width == "1pt" else "thin"), color=layout.colour)
    none = Side(style=None)
    across, down = (Side(style=style, color=layout.colour) for style in layout.sides or (side.style, side.style))
    row, col = cell.row + r, cell.col + c
    rim = {
        "top": r == 0 and (layout.outer or row > 0),
        "bottom": r == cell.rows - 1 and (layout.outer or row < n_rows - 1),
        "left": c == 0 and (layout.outer or col > 0),
        "right": c == cell.cols - 1 and (layout.outer or col < n_cols - 1),
    }
    if layout.gridlines:
        return Border()
    return Border(**{edge: (down if edge in ("left", "right") else across) if there else none for edge, there in rim.items()})


def row_heights(cells: list[TableCell], widths: list[float], layout: Layout) -> list[float]:
    """Heights in points in which every cell's text fits (times the layout's slack), spans sharing what they lack. Pure."""
    line = layout.size * 1.45
    heights = [line + 4] * max(c.row + c.rows for c in cells)
    for cell in sorted(cells, key=lambda c: c.rows):
        width = sum(widths[cell.col : cell.col + cell.cols])
        need = text_lines(cell.text, width, layout.size) * line * layout.slack + 4
        rows = range(cell.row, cell.row + cell.rows)
        lacking = need - sum(heights[r] for r in rows)
        if lacking > 0:
            for r in rows:
                heights[r] += lacking / cell.rows
    return [round(h, 1) for h in heights]


def text_lines(text: str, width: float, size: float) -> int:
    """How many lines a text fills at most: a character is as wide as the font is high, one is lost to punctuation rules."""
    room = max(1, math.floor((width - 4) / size) - (1 if width > 6 * size else 0))
    return sum(max(1, math.ceil(len(line) / room)) for line in text.split("\n"))
