"""The title of a recognised table in a row of its own, of which a stroke of type has cut off what stands over a heading."""

from __future__ import annotations

from dataclasses import replace

from pipeline.headings.match import EXACT, Matcher
from pipeline.headings.titles import is_whole_title
from pipeline.model import BBox, Cell, PageTable
from pipeline.text import squash

# A title is at least over this share of the columns.
_WIDE = 0.8


def with_title_row(table: PageTable, matcher: Matcher) -> PageTable:
    """The table with the title in its first row whole again: 临江区 / 序号 in one cell beside 农村危房改造领域…目录.

    The cells beside the title, which go on into the headings, give it the lines that stand above their heading.
    """
    first = [cell for cell in table.cells if cell.row == 0]
    wide = [cell for cell in first if cell.row_span == 1 and cell.col_span >= _WIDE * table.n_cols and is_whole_title(cell.text)]
    beside = [cell for cell in first if cell not in wide]
    cuts = [_heading_at(cell, matcher) for cell in beside]
    if len(wide) != 1 or not beside or not all(cuts):
        return table
    heads = [
        replace(cell, text=cell.text[:at].strip(), scores=_scores(cell, 0, at)) for cell, at in zip(beside, cuts, strict=True)
    ]
    parts = sorted([*heads, *wide], key=lambda cell: cell.col)
    title = replace(
        parts[0],
        row_span=1,
        col_span=table.n_cols,
        text="".join(cell.text for cell in parts),
        scores=tuple(score for cell in parts for score in cell.scores),
        place=replace(wide[0].place, bbox=_around(wide[0].place.bbox, table.bbox)),
    )
    rests = [
        replace(cell, row=1, row_span=cell.row_span - 1, text=cell.text[at:], scores=_scores(cell, at, len(cell.text)))
        for cell, at in zip(beside, cuts, strict=True)
    ]
    made = replace(table, cells=(title, *rests, *(cell for cell in table.cells if cell not in first)))
    return made if made.tiles() else table


def _heading_at(cell: Cell, matcher: Matcher) -> int:
    """Where the heading of the family begins with which a cell over several rows ends, below other lines; 0 where none does."""
    ends = [at + 1 for at, char in enumerate(cell.text) if char == "\n"] if cell.row_span > 1 else []
    named = ((at, matcher.name(squash(cell.text[at:]))) for at in ends)
    return next((at for at, found in named if found and found.score == EXACT), 0)


def _scores(cell: Cell, start: int, stop: int) -> tuple[int, ...]:
    before = len(squash(cell.text[:start]))
    return cell.scores[before : before + len(squash(cell.text[start:stop]))]


def _around(row: BBox | None, table: BBox | None) -> BBox | None:
    return replace(row, x0=table.x0, x1=table.x1) if row and table else row
