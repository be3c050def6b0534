"""Which rows of a page table's body are rows: not what a writer's rules alone make of the paper."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.headings.layout import Layout
from pipeline.model import Cell
from pipeline.profile import Kind
from pipeline.text import squash


def true_rows(layout: Layout, rows: Sequence[int], kinds: Sequence[Kind]) -> list[int]:
    """Those of the rows that are any; ``kinds`` are those of the columns."""
    kept = [row for row in rows if not _is_underlined(layout, row, kinds)]
    return kept[: len(kept) - _unprinted(layout, kept, kinds)]


def _is_underlined(layout: Layout, row: int, kinds: Sequence[Kind]) -> bool:
    """Whether one blank alone begins in a row, below a text, amid a cell with a serial number: a row has its own and more cells,
    so what divides these two is a line under the text, as wide as its cell."""
    starting = layout.starting(row)
    if len(starting) != 1 or squash(starting[0].text) or starting[0].row_span > 1:
        return False
    over = [cell for cell in layout.covering([row - 1]) if (cell.col, cell.col_span) == (starting[0].col, starting[0].col_span)]
    numbered = any(cell.row < row and squash(cell.text) for cell in _serials(layout, row, kinds))
    return numbered and any(squash(cell.text) for cell in over)


def _unprinted(layout: Layout, rows: Sequence[int], kinds: Sequence[Kind]) -> int:
    """How many of the last rows are none: cells that go on lie beside paper without a rule, on which nothing begins.

    Where cells have borders of their own, Chromium draws the merged ones on over an empty rest of the page.
    """
    for count, row in enumerate(reversed(rows)):
        begin, numbers = layout.starting(row), _serials(layout, row, kinds)
        bare = any(cell.col_span > 1 and {"text", "list"} & {kinds[col] for col in cell.cols} for cell in begin)
        if not (bare and numbers) or any(squash(cell.text) for cell in (*begin, *numbers)):
            return count
    return len(rows)


def _serials(layout: Layout, row: int, kinds: Sequence[Kind]) -> list[Cell]:
    return [cell for cell in layout.covering([row]) if any(kinds[col] == "serial" for col in cell.cols)]
