"""Stitching: page tables that are one table become one; cells and rows cut by a page break become whole again."""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import Grid, GridCell, Issue, PageGrid, Section, Value
from pipeline.profile import Profile
from pipeline.stitch.breaks import Joins, joined_fields
from pipeline.stitch.collapse import collapse_split_rows
from pipeline.stitch.cut_rows import cut_row
from pipeline.stitch.misread import misread
from pipeline.stitch.page_break import Break
from pipeline.stitch.pieces import Piece
from pipeline.stitch.printed import Printed
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
    table = Printed(grids, profile)
    done: list[Piece | None] = []
    last: dict[str, int] = {}
    height = 0
    for number, grid in enumerate(grids):
        pieces = _pieces(grid)
        if number:
            pieces = [_unbegun(piece, grids[number - 1], table) for piece in pieces]
        first = {p.field: p for p in pieces if p.row == 0}
        above = {field: piece for field, at in last.items() if (piece := done[at])}
        at_break = Break(table, grid.geometry, above, first, profile) if number else None
        cut = at_break is not None and cut_row(at_break)
        joins = joined_fields(at_break, cut) if at_break else Joins()
        for field in above.keys() - {column.field for column in grid.columns}:
            done[last[field]] = _unended(above[field])
        start = height - 1 if cut else height
        height = start + grid.n_rows
        _add(done, last, pieces, start, joins)
        last = {field: at for field, at in last.items() if (piece := done[at]) and piece.end == height}
    return [piece for piece in done if piece], height


def _unended(piece: Piece) -> Piece:
    """A piece below which the next page has no such column: where it is open, its rest is somewhere else on that page."""
    return replace(piece, doubt=piece.doubt or "page_break") if piece.cells[-1].open_bottom else piece


def _unbegun(piece: Piece, before: PageGrid, table: Printed) -> Piece:
    """A piece above which the page before has no such column: where it is open or blank, its head may be lost on that page."""
    kind = table.profile.kind(piece.field)
    merges = kind in ("text", "list", "limit", "channels") or (kind == "tick" and table.merges_ticks)
    if piece.row or not merges or any(column.field == piece.field for column in before.columns):
        return piece
    return replace(piece, doubt=piece.doubt or "page_break") if piece.blank or piece.cells[0].open_top else piece


def _add(done: list[Piece | None], last: dict[str, int], pieces: list[Piece], start: int, joins: Joins) -> None:
    """The pieces of the next page after those that are done (in place); one that goes on leaves its old place empty.

    ``last`` are the places of the pieces that end at the break, and then those of the lowest ones, by field.
    """
    ended = dict(last)
    for piece in pieces:
        moved = replace(piece, row=piece.row + start)
        above = done[ended[piece.field]] if piece.row == 0 and piece.field in joins.fields else None
        doubt = joins.doubts.get(piece.field, "")
        if above and piece.field in joins.goes_on:
            done[ended[piece.field]] = None
            moved = above.with_fragment(piece.cells[0], moved.end, doubt)
        elif above:
            done[ended[piece.field]] = replace(above, doubt=doubt)
            moved = replace(moved, doubt=doubt)
        if piece.field not in last or moved.end >= _end(done, last[piece.field]):
            last[piece.field] = len(done)
        done.append(moved)


def _end(done: list[Piece | None], at: int) -> int:
    piece = done[at]
    return piece.end if piece else -1


def _pieces(grid: PageGrid) -> list[Piece]:
    """Every printed cell as one piece for each column that it covers."""
    return [Piece(grid.columns[c].field, cell.row, cell.row_span, (cell,)) for cell in grid.cells for c in cell.cols]


def _fields(grids: list[PageGrid], profile: Profile) -> tuple[str, ...]:
    """The fields of a section: those of the profile in its order, then extra columns as they appear.

    A picture may have lost a column that every table of the family has, and a page its heading: the values are absent, and
    doubted.
    """
    seen = list(dict.fromkeys(c.field for g in grids for c in g.columns))
    recognised = any(cell.scores for grid in grids for cell in grid.cells)
    expected = set(profile.settings.get("assertions", {}).get("not_blank", ())) if recognised else set[str]()
    missing = {f.name for f in profile.fields if not f.optional}.difference(seen)
    extra = {c.field: c for g in grids for c in g.columns if c.field.startswith("extra_") and (recognised or not c.heading)}
    if len(missing) <= len(extra):
        # Headings that are not known may be these, misread, and a column without one may be any of them.
        expected |= missing
    elif recognised:
        expected |= misread(tuple(extra.values()), missing, profile)
    known = [f.name for f in profile.fields if f.name in seen or f.name in expected]
    return (*known, *(f for f in seen if f not in known))


def _absent(pieces: list[Piece], fields: tuple[str, ...], height: int, offset: int) -> list[GridCell]:
    covered = {(r, p.field) for p in pieces for r in range(p.row, p.end)}
    value = Value("", "", "absent", doubt="no_column")
    return [GridCell(r + offset, 1, f, value) for f in fields for r in range(height) if (r, f) not in covered]
