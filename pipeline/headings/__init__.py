"""Headings: which rows of each page table are headings, and which column is which field."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from pipeline.errors import NoTableError
from pipeline.headings.body import true_rows
from pipeline.headings.broken import is_broken
from pipeline.headings.by_later import as_later, doubted_by_later, named_by_later
from pipeline.headings.by_order import beside_missing, named_by_order
from pipeline.headings.cut_headings import same_edges, with_cut_headings, with_heading_rest
from pipeline.headings.dump import dump_columns
from pipeline.headings.layout import Layout
from pipeline.headings.match import Matcher
from pipeline.headings.one_heading import without_cut_columns
from pipeline.headings.remember import fit_columns
from pipeline.headings.rows import Stretch, heading_rows, table_to_stretches
from pipeline.headings.side_by_side import with_blocks_joined
from pipeline.headings.title_row import with_title_row
from pipeline.headings.titles import (
    is_whole_title,
    lines_at_foot,
    page_heads,
    running_lines,
    text_below,
    title_above,
    title_below,
)
from pipeline.headings.two_headings import with_columns_apart
from pipeline.headings.unread_titles import unread_title, untold_title
from pipeline.headings.unsure import by_heading, cut_at_foot, over_columns, unended, with_doubt
from pipeline.model import Cell, Column, Document, Issue, Page, PageGrid, PageTable
from pipeline.profile import Profile
from pipeline.text import squash

# Where the headings of more columns than this were told by their place, the others are not to be relied on either.
_GUESSED = 3
_NUMBER = re.compile(r"[0-9]{1,4}")


def find_headings(document: Document, profile: Profile) -> list[PageGrid]:
    """The body of every page table of the family, with named columns.

    A page table without headings takes the columns of the one before it, by its column edges. Tables of another family are
    left out, each with an issue on the page grid beside it. For a source with no geometry the columns are those that the
    document's headings tell, in the family's order, and the cells are left as printed (``align`` places them). Raises
    NoTableError where the document holds no table, or none of the family.
    """
    if not any(page.tables for page in document.pages):
        raise NoTableError(
            f"{document.source}: no ruled table was found on its {len(document.pages)} pages; is it the catalog itself?"
        )
    printed = Matcher(profile)
    document = with_blocks_joined(document, printed, profile)
    layouts = {id(table): Layout(table) for page in document.pages for table in page.tables}
    fixed = None if document.geometry else dump_columns(list(layouts.values()), printed, profile)
    grids: list[PageGrid] = []
    strangers: list[Issue] = []
    waiting: list[_Waiting] = []
    known: tuple[Column, ...] | None = fixed
    running = running_lines(document.pages)
    heads = page_heads(document.pages, running)
    foot, cut, last = "", Stretch(0, 0, None), 0
    for page in document.pages:
        for position, table in enumerate(page.tables):
            if cut.columns and not any(squash(cell.text) for cell in table.cells):
                # Rules of a row of the next page, which Chromium draws at the foot, hidden by a clip: the headings wait for that.
                continue
            layout, matcher = layouts[id(table)], printed
            if len(table.cells) == 1 and is_whole_title(layout.last):
                cut = Stretch(0, 0, None, layout.last)
                continue
            if layout.recognised:
                matcher = Matcher(profile, recognised=True)
                whole = with_title_row(table, matcher)
                layout, table = (layout, table) if whole is table else (Layout(whole), whole)
                headings = heading_rows(layout, matcher, profile)
                whole = with_columns_apart(without_cut_columns(table, headings, matcher), headings, matcher)
                layout, table = (layout, table) if whole is table else (Layout(whole), whole)
            headed = False
            for printed_stretch in table_to_stretches(layout, matcher, profile):
                stretch = with_heading_rest(printed_stretch, layout, cut.columns, matcher)
                rest = stretch is not printed_stretch
                # Two tables of a scan may run together, and what stands above is the title of the first.
                inside, headed = headed and layout.recognised, headed or bool(stretch.columns)
                above = stretch.start and stretch.columns and not inside
                named = title_above(page, position, running, heads) if above else ""
                title = stretch.title or named
                # WeasyPrint may leave the headings out where a title ends a page, and its table begins on the next.
                begins = bool(stretch.start and stretch.columns) or (is_whole_title(foot) and not stretch.start)
                before = cut.title or (foot if begins and not position else "")
                title = before if before and not is_whole_title(title) else title
                if stretch.columns and stretch.start == table.n_rows and document.geometry:
                    cut = replace(stretch, title=title)
                    # A row that fills the page: WeasyPrint draws none of its rules there.
                    if grids and text_below(page, position, running):
                        grids[-1] = unended(grids[-1])
                    known = _with_extras(stretch.columns) if _of_family(stretch.columns, profile) else known
                    continue
                titled = is_whole_title(title) or (layout.recognised and bool(cut.columns))
                stretch = stretch if rest else with_cut_headings(stretch, cut.columns or same_edges(stretch, known), matcher)
                cut = Stretch(0, 0, None)
                grid = _page_grid(layout, stretch, known, title, document, profile)
                numbers = _numbers(layout, stretch) if grid is None else _serials(grid, profile)
                goes_on = bool(last and numbers and numbers[0] == last + 1)
                last = numbers[-1] if numbers and (grid or goes_on) else last
                if grid is None and layout.recognised:
                    waiting.append(_Waiting(len(grids), page, layout, stretch, title, titled, goes_on))
                    if grids:
                        grids[-1] = unended(grids[-1])
                    continue
                if grid is None:
                    strangers.append(_stranger(page, layout, profile, goes_on))
                    if grids and strangers[-1].severity == "error":
                        grids[-1] = unended(grids[-1])
                    continue
                # A page that lacks columns says nothing of those after it.
                known = fixed or (known if known and not stretch.columns and len(grid.columns) < len(known) else grid.columns)
                if layout.recognised and stretch.stop == table.n_rows:
                    grid = cut_at_foot(grid, lines_at_foot(page, position, running))
                if layout.recognised and stretch.columns:
                    told = unread_title(page, position, title, inside, goes_on, running, matcher)
                    grid = replace(grid, issues=(*grid.issues, *filter(None, [told])))
                if grid.n_rows:
                    grids.append(grid)
            if is_whole_title(layout.last):
                # A title in a row of its own, below which the page ends: its headings are those of the next.
                cut = Stretch(0, 0, None, layout.last)
        # A page may hold nothing but what stands between a title and its table.
        foot = title_below(page, running) or ("" if page.tables else foot)
    if not grids:
        raise NoTableError(f"{document.source}: none of its tables is a {profile.title}; choose another profile with --profile")
    strangers += _placed_by_later(waiting, grids, document, profile)
    grids = named_by_later(grids)
    return [replace(grids[0], issues=(*strangers, *grids[0].issues)), *grids[1:]]


class _Waiting(NamedTuple):
    """A stretch of a recognised page whose headings name no table of the family, and how many grids stand before it.

    ``titled``: a title of its own stands over it, or headings at the foot of the page before; ``goes_on``: its serial numbers
    are those after the last one before it.
    """

    at: int
    page: Page
    layout: Layout
    stretch: Stretch
    title: str
    titled: bool
    goes_on: bool


def _placed_by_later(waiting: list[_Waiting], grids: list[PageGrid], document: Document, profile: Profile) -> list[Issue]:
    """Puts those among the grids (in place) that go on on the page after, whose columns are theirs; issues for the others."""
    strangers: list[Issue] = []
    for at, page, layout, stretch, title, titled, goes_on in reversed(waiting):
        later = grids[at] if at < len(grids) else None
        body = as_later(layout, stretch, later, titled, not at) if later else None
        grid = _page_grid(layout, body, later.columns, title, document, profile) if later and body else None
        if later and grid and grid.n_rows:
            untitled = [untold_title(page)] if titled and not title else []
            grids.insert(at, doubted_by_later(replace(grid, issues=(*grid.issues, *untitled)), later.page))
        else:
            strangers.insert(0, _stranger(page, layout, profile, goes_on))
    return strangers


def _page_grid(
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
    if columns is None or not _of_family(columns, profile):
        return None
    columns = _with_extras(columns)
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


def _of_family(columns: tuple[Column, ...], profile: Profile) -> bool:
    fields = {c.field for c in columns if c.field}
    return len(fields) >= int(profile.setting("headings", "columns")) and fields.issuperset(
        profile.setting("headings", "required")
    )


def _with_extras(columns: tuple[Column, ...]) -> tuple[Column, ...]:
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


def _serials(grid: PageGrid, profile: Profile) -> list[int]:
    """The serial numbers of a page grid, in order."""
    columns = [number for number, column in enumerate(grid.columns) if profile.kind(column.field) == "serial"]
    texts = [squash(cell.text) for cell in sorted(grid.cells, key=lambda c: c.row) if cell.col in columns]
    return [int(text) for text in texts if _NUMBER.fullmatch(text)]


def _numbers(layout: Layout, stretch: Stretch) -> list[int]:
    """The numbers in the first column of rows whose columns are not known: serial numbers, if they are any of the family's."""
    cells = layout.covering(range(stretch.start, stretch.stop))
    texts = [squash(cell.text) for cell in sorted(cells, key=lambda c: c.row) if not cell.col]
    return [int(text) for text in texts if _NUMBER.fullmatch(text)]


def _stranger(page: Page, layout: Layout, profile: Profile, goes_on: bool) -> Issue:
    """What is told of a table that is left out: an error where its rows may be the catalog's."""
    table = layout.table
    start = next((squash(c.text)[:20] for c in table.cells if squash(c.text)), "")
    size = f"page {page.number}: a table of {table.n_rows} rows and {table.n_cols} columns that begins with {start!r}"
    enough = table.n_cols >= int(profile.setting("headings", "columns"))
    why = "as its rules do not part its cells" if layout.in_pieces else "though its numbers go on from those before it"
    if enough and (layout.in_pieces or goes_on):
        text = f"{size} was left out, {why}; look at the page: its rows may be the catalog's"
        return Issue("broken_table", "error", text, place=table.cells[0].place)
    return Issue("other_table", "warning", f"{size} is of another kind and was left out", place=table.cells[0].place)
