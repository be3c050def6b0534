"""Stitching: page tables that are one table become one; cells and rows cut by a page break become whole again."""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import Grid, GridCell, Issue, PageGrid, Section, Value
from pipeline.profile import Profile
from pipeline.stitch.breaks import Break, Joins, cut_row, joined_fields
from pipeline.stitch.collapse import collapse_split_rows
from pipeline.stitch.pieces import Piece
from pipeline.stitch.sections import split_sections


def stitch(page_grids: list[PageGrid], profile: Profile) -> Grid:
    """One grid of all rows of the source, in printed order.

    Every slot (row, field of its section) is covered by exactly one cell. A column that a page lacks gives absent cells with
    the doubt ``no_column``.
    """
    cells: list[GridCell] = []
    sections: list[Section] = []
    issues: list[Issue] = []
    n_rows = 0
    headings: dict[str, str] = {}
    for title, grids in split_sections(page_grids, profile):
        pieces, height = stitch_section(grids, profile)
        pieces, height = collapse_split_rows(pieces, height, profile)
        fields = _fields(grids, profile)
        sections.append(Section(n_rows, title, fields))
        cells += [GridCell(p.row + n_rows, p.row_span, p.field, p.value()) for p in pieces]
        cells += _absent(pieces, fields, height, n_rows)
        for column in (c for g in grids for c in g.columns):
            headings.setdefault(column.field, column.heading)
        issues += [issue for g in grids for issue in g.issues]
        n_rows += height
    geometry = all(g.geometry for g in page_grids)
    ordered = tuple(sorted(cells, key=lambda c: (c.row, c.field)))
    return Grid(n_rows, ordered, tuple(sections), tuple(issues), geometry, tuple(sorted(headings.items())))


def stitch_section(grids: list[PageGrid], profile: Profile) -> tuple[list[Piece], int]:
    """The pieces of one table from its pages, and its number of rows."""
    done: list[Piece] = []
    last: dict[str, Piece] = {}
    height = 0
    for number, grid in enumerate(grids):
        pieces = _pieces(grid)
        first = {p.field: p for p in pieces if p.row == 0}
        at_break = Break(grids, number, last, first, done, profile) if number else None
        cut = at_break is not None and cut_row(at_break)
        start = height - 1 if cut else height
        joins = joined_fields(at_break, cut) if at_break else Joins()
        for piece in pieces:
            moved = replace(piece, row=piece.row + start)
            if piece.row == 0 and piece.field in joins.goes_on:
                done.remove(last[piece.field])
                moved = last[piece.field].with_fragment(piece.cells[0], moved.end, joins.doubts.get(piece.field, ""))
            elif piece.row == 0 and piece.field in joins.doubts:
                above = last[piece.field]
                done[done.index(above)] = replace(above, doubt=joins.doubts[piece.field])
                moved = replace(moved, doubt=joins.doubts[piece.field])
            done.append(moved)
        height = start + grid.n_rows
        last = {p.field: p for p in done if p.end == height}
    return done, height


def _pieces(grid: PageGrid) -> list[Piece]:
    """Every printed cell as one piece for each column that it covers."""
    return [Piece(grid.columns[c].field, cell.row, cell.row_span, (cell,)) for cell in grid.cells for c in cell.cols]


def _fields(grids: list[PageGrid], profile: Profile) -> tuple[str, ...]:
    """The fields of a section: those of the profile in its order, then extra columns as they appear."""
    seen = list(dict.fromkeys(c.field for g in grids for c in g.columns))
    known = [f.name for f in profile.fields if f.name in seen]
    return (*known, *(f for f in seen if f not in known))


def _absent(pieces: list[Piece], fields: tuple[str, ...], height: int, offset: int) -> list[GridCell]:
    covered = {(r, p.field) for p in pieces for r in range(p.row, p.end)}
    value = Value("", "", "absent", doubt="no_column")
    return [GridCell(r + offset, 1, f, value) for f in fields for r in range(height) if (r, f) not in covered]
