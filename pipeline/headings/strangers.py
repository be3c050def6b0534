"""Tables that are left out, and whether their rows may be the catalog's, as its serial numbers tell."""

from __future__ import annotations

import re

from pipeline.headings.layout import Layout
from pipeline.headings.rows import Stretch
from pipeline.model import Issue, Page, PageGrid
from pipeline.profile import Profile
from pipeline.text import squash

_NUMBER = re.compile(r"[0-9]{1,4}")


def stranger(page: Page, layout: Layout, profile: Profile, goes_on: bool) -> Issue:
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


def serial_numbers(grid: PageGrid, profile: Profile) -> list[int]:
    """The serial numbers of a page grid, in order."""
    columns = [number for number, column in enumerate(grid.columns) if profile.kind(column.field) == "serial"]
    texts = [squash(cell.text) for cell in sorted(grid.cells, key=lambda c: c.row) if cell.col in columns]
    return [int(text) for text in texts if _NUMBER.fullmatch(text)]


def first_numbers(layout: Layout, stretch: Stretch) -> list[int]:
    """The numbers in the first column of rows whose columns are not known: serial numbers, if they are any of the family's."""
    cells = layout.covering(range(stretch.start, stretch.stop))
    texts = [squash(cell.text) for cell in sorted(cells, key=lambda c: c.row) if not cell.col]
    return [int(text) for text in texts if _NUMBER.fullmatch(text)]
