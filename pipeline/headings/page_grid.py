"""One stretch of a page table, of which headings or an earlier page tell the columns, as a page grid."""

from __future__ import annotations

from dataclasses import replace

from pipeline.headings.body import true_rows
from pipeline.headings.broken import is_broken
from pipeline.headings.by_order import beside_missing, named_by_order
from pipeline.headings.layout import Layout
from pipeline.headings.remember import fit_columns
from pipeline.headings.rows import Stretch
from pipeline.headings.titles import is_whole_title
from pipeline.headings.unsure import by_heading, over_columns, with_doubt
from pipeline.model import Cell, Column, Document, Issue, PageGrid, PageTable
from pipeline.profile import Profile
from pipeline.text import squash

# Where the headings of more columns than this were told by their place, the others are not to be relied on either.
_GUESSED = 3


def to_page_grid(
    layout: Layout, stretch: Stretch, known: tuple[Column, ...] | None, title: str, document: Document, profile: Profile
) -> PageGrid | None:
    """One stretch as a page grid; None where it is not of the family."""
    columns, table = stretch.columns, layout.table
    if not document.geometry:
        columns = known
    elif columns is None:
        fitted = fit_columns(table, known, profile) if known else None
        if fitted is None:
            return None
        table, columns = fitted
    elif known and layout.recognised:
        table, columns = _as_before(table, columns, known, profile)
    guessed: frozenset[int] = frozenset()
    if columns and layout.recognised:
        columns, guessed = named_by_order(columns, profile)
    if columns is None or not are_of_family(columns, profile):
        return None
    columns = with_extras(columns)
    unsure = guessed | (beside_missing(columns, profile) if layout.recognised else frozenset())
    if len(guessed) > _GUESSED:
        unsure = frozenset(range(len(columns)))
    if table is not layout.table:
        layout = Layout(table)
    body = range(stretch.start, stretch.stop)
    kinds = [profile.kind(column.field) for column in columns]
    rows = [r for r in body if r not in layout.full_width]
    rows = true_rows(layout, rows, kinds) if document.geometry else rows
    notes = tuple(
        Issue(
            "note",
            "warning",
            f"page {table.page}: a row over the whole width is no item and was left out: {cell.text[:60]!r}",
            place=cell.place,
        )
        for cell in (layout.full_width[r] for r in body if r in layout.full_width)
    )
    wide = frozenset(n for n, kind in enumerate(kinds) if kind != "tick") if document.geometry else ()
    texts = frozenset(n for n in wide if columns[n].field not in profile.key)
    cells = tuple(by_heading(over_columns(cell, texts if squash(cell.text) else wide), unsure) for cell in _body(layout, rows))
    if document.geometry and is_broken(layout, [cell for cell in cells if kinds[cell.col] == "serial"]):
        cells = tuple(with_doubt(cell, "grid") for cell in cells)
    return PageGrid(
        table.page,
        columns,
        len(rows),
        cells,
        title,
        new_table=is_whole_title(title),
        issues=notes + _unknown(columns, table) + _by_place(columns, guessed, table),
        geometry=document.geometry,
        on_paper=bool(rows) and any(cell.rows[-1] > rows[-1] for cell in layout.covering([rows[-1]])),
    )


def _as_before(
    table: PageTable, columns: tuple[Column, ...], known: tuple[Column, ...], profile: Profile
) -> tuple[PageTable, tuple[Column, ...]]:
    """The columns of the table before where a recognised page prints the same headings again, some of them misread."""
    fitted = fit_columns(table, known, profile)
    if fitted is None or len(fitted[1]) != len(columns):
        return table, columns
    told = [(here.field, there.field) for here, there in zip(columns, fitted[1], strict=True) if here.field]
    same = sum(here == there for here, there in told)
    if len(told) > sum(not column.field.startswith("extra_") for column in fitted[1]):
        return table, columns
    return fitted if 2 * same > len(told) and 2 * same > len(columns) else (table, columns)


def are_of_family(columns: tuple[Column, ...], profile: Profile) -> bool:
    """Whether a table with these columns is one of the profile's: it has enough of the fields, and those that each must have."""
    fields = {c.field for c in columns if c.field}
    return len(fields) >= int(profile.setting("headings", "columns")) and fields.issuperset(
        profile.setting("headings", "required")
    )


def with_extras(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Columns that the profile does not know become ``extra_<heading>``, so that nothing is lost."""
    named: list[Column] = []
    taken: set[str] = {c.field for c in columns}
    for number, column in enumerate(columns, 1):
        name = column.field
        if not name:
            name = f"extra_{column.heading or column.group or number}"
            name = name if name not in taken else f"{name}_{number}"
            taken.add(name)
        named.append(replace(column, field=name))
    return tuple(named)


def _unknown(columns: tuple[Column, ...], table: PageTable) -> tuple[Issue, ...]:
    nameless = [c for c in columns if c.field.startswith("extra_") and not c.heading]
    return tuple(
        Issue("column", "warning", f"page {table.page}: a column has no heading; it is kept as {c.field}", field=c.field)
        for c in nameless
    )


def _by_place(columns: tuple[Column, ...], guessed: frozenset[int], table: PageTable) -> tuple[Issue, ...]:
    return tuple(
        Issue(
            "column",
            "warning",
            f"page {table.page}: the heading {columns[n].heading!r} is none that is known; the column is taken for "
            f"{columns[n].field} by its place, and doubted",
            field=columns[n].field,
        )
        for n in sorted(guessed)
    )


def _body(layout: Layout, rows: list[int]) -> tuple[Cell, ...]:
    """The cells of these rows, numbered anew; one that begins above begins with the first, one that goes on over paper
    below the last is open there.
    """
    at = {row: i for i, row in enumerate(rows)}
    cells = []
    for cell in layout.covering(rows):
        mine = [at[r] for r in cell.rows if r in at]
        if mine:
            goes_on = cell.rows[-1] > rows[-1]
            cells.append(replace(cell, row=mine[0], row_span=len(mine), open_bottom=cell.open_bottom or goes_on))
    return tuple(sorted(cells, key=lambda c: (c.row, c.col)))
