"""Which page tables are one table: a file may hold several catalogs, each with its own serial numbers."""

from __future__ import annotations

import re

from pipeline.model import PageGrid
from pipeline.profile import Profile
from pipeline.text import fold, squash


def split_sections(grids: list[PageGrid], profile: Profile) -> list[tuple[str, list[PageGrid]]]:
    """The page grids in runs of one table each, with its title ("" where none is printed).

    A new table begins where serial numbers start again at 1, or under a new title: any one where they do not go on, a whole
    one (``new_table``) where they do. Where serials start again inside a page (some publishers number within each first-level
    item), only a new title begins a table.
    """
    restarts_inside = any(1 in _serials(g, profile)[1:] for g in grids)
    sections: list[tuple[str, list[PageGrid]]] = []
    last = 0
    for grid in grids:
        serials = _serials(grid, profile)
        first = next(iter(serials), None)
        if not sections or _begins(grid, first, last, sections[-1][0], restarts_inside):
            sections.append((grid.title, [grid]))
        else:
            title, members = sections[-1]
            sections[-1] = (title or grid.title, [*members, grid])
        last = serials[-1] if serials else last
    return sections


def _begins(grid: PageGrid, first: int | None, last: int, title: str, restarts_inside: bool) -> bool:
    new_title = bool(grid.title) and bool(title) and fold(grid.title) != fold(title)
    restart = first == 1 and last >= 1
    if restarts_inside or first is None:
        return new_title
    return restart or (new_title and (grid.new_table or first != last + 1))


def _serials(grid: PageGrid, profile: Profile) -> list[int]:
    """The serial numbers that a page prints, in order."""
    columns = [i for i, c in enumerate(grid.columns) if profile.kind(c.field) == "serial"]
    texts = [squash(c.text) for c in sorted(grid.cells, key=lambda c: c.row) if c.col in columns]
    return [int(m[1]) for t in texts if (m := re.match(r"^[(（]?(\d{1,4})[.、)）]?$", t))]
