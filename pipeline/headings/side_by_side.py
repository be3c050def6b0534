"""Tables too wide for their paper: a spreadsheet prints the columns that have no room on pages of their own.

Calc and Excel print a sheet that is not fitted to the page's width in blocks of whole columns: all rows of the first block, then
all rows of the next (or each page's blocks one after the other). Rows stand at the same height in every block, so the tables of
a page of each block, side by side, are the table that was meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.headings.match import Matcher
from pipeline.model import Cell, Document, Page, PageTable
from pipeline.profile import Profile

# Points by which edges of the same column, or row, differ from page to page at most.
_SAME = 1.5
# Headings stand in the first rows.
_HEADING_ROWS = 3


def with_blocks_joined(document: Document, matcher: Matcher, profile: Profile) -> Document:
    """The document with the tables of each block of columns put beside those of the first, on whose pages they then stand.

    As it is where its pages are no such blocks: each must have as many pages as the first, with their rows at the same heights,
    and only the first has the column of serial numbers.
    """
    pages = [page for page in document.pages if page.tables]
    if not document.geometry or any(_is_recognised(table) for page in pages for table in page.tables):
        return document
    blocks = _blocks(pages)
    if len(blocks) < 2 or len({tuple(len(page.tables) for page in block) for block in blocks}) > 1:
        return document
    numbered = [_has_serials(block[0].tables[0], matcher, profile) for block in blocks]
    if numbered != [True, *[False] * (len(blocks) - 1)]:
        return document
    wide: dict[int, tuple[PageTable, ...]] = {}
    for beside in zip(*blocks, strict=True):
        joined = [_beside(tables) for tables in zip(*(page.tables for page in beside), strict=True)]
        wide[beside[0].number] = tuple(table for table in joined if table)
        if len(wide[beside[0].number]) < len(joined):
            return document
    return replace(document, pages=tuple(replace(page, tables=wide.get(page.number, ())) for page in document.pages))


def _is_recognised(table: PageTable) -> bool:
    return any(cell.scores for cell in table.cells)


def _blocks(pages: Sequence[Page]) -> list[list[Page]]:
    """The pages whose first tables have the same columns together, in the order in which these first appear."""
    blocks: list[tuple[list[float], list[Page]]] = []
    for page in pages:
        edges = _column_edges(page.tables[0])
        for known, block in blocks:
            if len(known) == len(edges) and all(abs(a - b) <= _SAME for a, b in zip(known, edges, strict=True)):
                block.append(page)
                break
        else:
            blocks.append((edges, [page]))
    return [block for _, block in blocks]


def _column_edges(table: PageTable) -> list[float]:
    starts = [(cell.col, cell.place.bbox.x0) for cell in table.cells if cell.place.bbox]
    return _edges(starts, table.bbox.x1 if table.bbox else 0.0)


def _row_edges(table: PageTable) -> list[float]:
    starts = [(cell.row, cell.place.bbox.top) for cell in table.cells if cell.place.bbox]
    return _edges(starts, table.bbox.bottom if table.bbox else 0.0)


def _edges(starts: list[tuple[int, float]], end: float) -> list[float]:
    """Where each row, or column, begins, and where the last ends."""
    found: dict[int, float] = {}
    for number, edge in starts:
        found[number] = min(edge, found.get(number, edge))
    return [*(found[number] for number in sorted(found)), end]


def _has_serials(table: PageTable, matcher: Matcher, profile: Profile) -> bool:
    named = (matcher.name(cell.text) for cell in table.cells if cell.row < _HEADING_ROWS)
    return any(found and found.field and profile.kind(found.field) == "serial" for found in named)


def _beside(tables: Sequence[PageTable]) -> PageTable | None:
    """One table of these, from left to right; None where their rows do not stand at the same heights."""
    heights = [_row_edges(table) for table in tables]
    finest = max(heights, key=len)
    if any(len(edges) != table.n_rows + 1 for edges, table in zip(heights, tables, strict=True)):
        return None
    if any(_at(finest, edge) is None for edges in heights for edge in edges) or any(
        abs(edges[side] - finest[side]) > _SAME for edges in heights for side in (0, -1)
    ):
        return None
    cells: list[Cell] = []
    columns = 0
    for table, edges in zip(tables, heights, strict=True):
        rows = [_at(finest, edge) or 0 for edge in edges]
        for cell in table.cells:
            top, end = rows[cell.row], rows[cell.row + cell.row_span]
            cells.append(replace(cell, row=top, row_span=end - top, col=cell.col + columns))
        columns += table.n_cols
    return replace(tables[0], n_rows=len(finest) - 1, n_cols=columns, cells=tuple(sorted(cells, key=lambda c: (c.row, c.col))))


def _at(edges: Sequence[float], edge: float) -> int | None:
    """Which of the edges another one is; None where it is none of them."""
    nearest = min(range(len(edges)), key=lambda n: abs(edges[n] - edge))
    return nearest if abs(edges[nearest] - edge) <= _SAME else None
