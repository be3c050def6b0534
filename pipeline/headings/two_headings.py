"""Columns of a recognised table that run together, because the rule between them was not seen: one cell holds two headings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.headings.match import Matcher
from pipeline.model import Cell, PageTable
from pipeline.text import squash

_CODE = "grid"
# The shortest heading.
_SHORT = 2


def with_columns_apart(table: PageTable, heading: Iterable[int], matcher: Matcher) -> PageTable:
    """The table with a second column beside each that stands under two headings; its cells stand over both, and are doubted.

    ``heading`` are its heading rows. Which of the two a text belongs to nobody can tell.
    """
    rows = frozenset(heading)
    found = [
        (cell, at) for cell in table.cells if cell.row in rows and cell.col_span == 1 and (at := _second(cell.text, matcher))
    ]
    for cell, at in sorted(found, key=lambda pair: -pair[0].col):
        table = _apart(table, cell, at)
    return table


def _second(text: str, matcher: Matcher) -> int:
    """Where the second of two headings begins that a cell holds (white space removed); 0 where it holds one."""
    told = squash(text)
    whole = matcher.name(told)
    if (whole and whole.score == 100) or matcher.is_group(told):
        return 0
    for at in range(_SHORT, len(told) - _SHORT + 1):
        first, second = matcher.name(told[:at]), matcher.name(told[at:])
        if first and second and first.field != second.field and first.score == second.score == 100:
            return at
    return 0


def _apart(table: PageTable, heading: Cell, at: int) -> PageTable:
    col, cells = heading.col, list[Cell]()
    for cell in table.cells:
        if cell is heading:
            told, scores = squash(cell.text), cell.scores
            cells.append(replace(cell, text=told[:at], scores=scores[:at]))
            cells.append(replace(cell, col=col + 1, text=told[at:], scores=scores[at:]))
        elif cell.col > col:
            cells.append(replace(cell, col=cell.col + 1))
        elif cell.col + cell.col_span > col:
            codes = dict.fromkeys([*(code for code in cell.doubt.split("+") if code), _CODE])
            cells.append(replace(cell, col_span=cell.col_span + 1, doubt="+".join(codes)))
        else:
            cells.append(cell)
    return replace(table, n_cols=table.n_cols + 1, cells=tuple(cells))
