"""Markdown and HTML, as converters (MinerU, docling) and browsers write them, as pages.

Row and column spans are taken as the HTML standard lays them out ("forming a table",
https://html.spec.whatwg.org/multipage/tables.html#forming-a-table); a pipe table has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.engines.dump.decode import without_controls
from pipeline.engines.dump.html import HtmlReader, HtmlTable
from pipeline.engines.dump.markdown import Line, PipeTable, split_pipes, without_marks
from pipeline.engines.dump.ragged import check_size, doubt_of, glyphs, page_of, table_of_rows
from pipeline.model import Cell, Page, PageTable, Place

_LINE_END = re.compile(r"\r\n|\n|\r")

Part = HtmlTable | PipeTable | list[Line]


def read_markdown(text: str) -> tuple[Page, ...]:
    """One page for each pipe table; the lines above it stand outside, on its page."""
    clean, controls = without_controls(text)
    return _pages([*split_pipes(list(enumerate(_LINE_END.split(clean), 1)))], {"control": controls})


def read_html(text: str, *, markdown: bool) -> tuple[Page, ...]:
    """One page for each outermost ``<table>``; in Markdown, for each pipe table between them as well."""
    clean, controls = without_controls(text)
    reader = HtmlReader(keep_markup=markdown)
    reader.feed(clean)
    reader.close()
    parts: list[Part] = []
    for part in reader.parts():
        parts.extend(split_pipes(part) if markdown and isinstance(part, list) else [part])
    return _pages(parts, {"control": controls, "not shown": reader.not_shown})


def _pages(parts: Sequence[Part], dropped: dict[str, int]) -> tuple[Page, ...]:
    """Parts in the order of the file as pages; lines after the last table stand outside on its page.

    ``dropped`` counts what the whole file holds but does not show; the first page carries it in its account.
    """
    pages: list[tuple[HtmlTable | PipeTable | None, list[Line]]] = [(None, [])]
    for part in parts:
        if isinstance(part, list):
            pages[-1][1].extend(part)
        else:
            pages[-1] = (part, pages[-1][1])
            pages.append((None, []))
    if len(pages) > 1:
        (table, lines), (_, after) = pages[-2], pages.pop()
        pages[-1] = (table, lines + after)
    return tuple(_page(number, *page, dropped if number == 1 else {}) for number, page in enumerate(pages, 1))


def _page(number: int, source: HtmlTable | PipeTable | None, lines: list[Line], dropped: dict[str, int]) -> Page:
    outside = [(line, without_marks(text)) for line, text in lines]
    table = _table(number, source)
    shown = sum(glyphs(text) for _, text in lines) + (source.printed if source else 0)
    kept = sum(glyphs(text) for _, text in outside)
    if isinstance(source, PipeTable):
        kept += sum(glyphs(cell) for _, cells in source.rows for cell in cells)
    elif source:
        kept += source.printed
    return page_of(number, table, outside, shown + sum(dropped.values()), dropped | {"markup": shown - kept})


def _table(page: int, source: HtmlTable | PipeTable | None) -> PageTable | None:
    if isinstance(source, PipeTable):
        return table_of_rows(page, source.rows) if source.rows else None
    return _html_table(page, source) if source and any(source.rows) else None


def _html_table(page: int, source: HtmlTable) -> PageTable:
    """Cells put into their slots; a span that meets a taken slot ends before it, a slot that none covers is an empty cell."""
    rows = [row for row in source.rows if row]
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        col = 0
        for column, cell in enumerate(row, 1):
            while (r, col) in taken:
                col += 1
            width = next((w for w in range(1, cell.col_span) if (r, col + w) in taken), cell.col_span)
            height = min(cell.row_span or len(rows), len(rows) - r)
            check_size(height, col + width)
            place = Place(page, line=cell.line, column=column)
            cells.append(Cell(r, col, height, width, cell.text, place, doubt=doubt_of(cell.text)))
            taken |= {(y, x) for y in range(r, r + height) for x in range(col, col + width)}
            col += width
    n_cols = max(col for _, col in taken) + 1
    cells += [
        Cell(r, col, 1, 1, "", Place(page, line=row[0].line))
        for r, row in enumerate(rows)
        for col in range(n_cols)
        if (r, col) not in taken
    ]
    return PageTable(page, None, len(rows), n_cols, tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))))
