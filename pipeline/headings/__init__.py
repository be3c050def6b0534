"""Headings: which rows of each page table are headings, and which column is which field."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from pipeline.errors import NoTableError
from pipeline.headings.by_later import as_later, doubted_by_later, named_by_later
from pipeline.headings.cut_headings import same_edges, with_cut_headings, with_heading_rest
from pipeline.headings.dump import dump_columns
from pipeline.headings.layout import Layout
from pipeline.headings.match import Matcher
from pipeline.headings.one_heading import without_cut_columns
from pipeline.headings.page_grid import are_of_family, to_page_grid, with_extras
from pipeline.headings.rows import Stretch, heading_rows, table_to_stretches
from pipeline.headings.side_by_side import with_blocks_joined
from pipeline.headings.strangers import first_numbers, serial_numbers, stranger
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
from pipeline.headings.unsure import cut_at_foot, unended
from pipeline.model import Column, Document, Issue, Page, PageGrid
from pipeline.profile import Profile
from pipeline.text import squash


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
                    known = with_extras(stretch.columns) if are_of_family(stretch.columns, profile) else known
                    continue
                titled = is_whole_title(title) or (layout.recognised and bool(cut.columns))
                stretch = stretch if rest else with_cut_headings(stretch, cut.columns or same_edges(stretch, known), matcher)
                cut = Stretch(0, 0, None)
                grid = to_page_grid(layout, stretch, known, title, document, profile)
                numbers = first_numbers(layout, stretch) if grid is None else serial_numbers(grid, profile)
                goes_on = bool(last and numbers and numbers[0] == last + 1)
                last = numbers[-1] if numbers and (grid or goes_on) else last
                if grid is None and layout.recognised:
                    waiting.append(_Waiting(len(grids), page, layout, stretch, title, titled, goes_on))
                    if grids:
                        grids[-1] = unended(grids[-1])
                    continue
                if grid is None:
                    strangers.append(stranger(page, layout, profile, goes_on))
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
        foot = title_below(page, running, foot)
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
        grid = to_page_grid(layout, body, later.columns, title, document, profile) if later and body else None
        if later and grid and grid.n_rows:
            untitled = [untold_title(page)] if titled and not title else []
            grids.insert(at, doubted_by_later(replace(grid, issues=(*grid.issues, *untitled)), later.page))
        else:
            strangers.insert(0, stranger(page, layout, profile, goes_on))
    return strangers
