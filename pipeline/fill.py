"""What a row inherits: from merged cells, and, where the source has no geometry, from the rows above (ARCHITECTURE rule 1)."""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import Grid, GridCell, Value
from pipeline.profile import Inherit, Profile
from pipeline.text import squash


def fill(grid: Grid, profile: Profile) -> Grid:
    """The grid with one cell for every slot (row, field of its section).

    A merged cell gives its value to each row that it spans. Without geometry a blank inherits from the row above in the columns
    that the profile names: ``parent`` columns start anew with each first-level item, ``run`` columns run on, the others never
    inherit. What inherits nothing is absent, with the doubt ``missing``; an inherited value keeps the doubts of its source. The
    name of an item that is blank has that doubt, too: every row is about something, Writer prints a cell that it cuts twice on
    one page without its text, and a row of a dump may have lost a cell.
    """
    cells = [replace(cell, row=row, row_span=1) for cell in grid.cells for row in cell.rows]
    if not grid.geometry:
        slots = {(c.row, c.field): c.value for c in cells}
        for index, section in enumerate(grid.sections):
            end = grid.sections[index + 1].row if index + 1 < len(grid.sections) else grid.n_rows
            _inherit(slots, range(section.row, end), section.fields, profile)
        cells = [GridCell(row, 1, field, value) for (row, field), value in slots.items()]
    named = (_named(cell, profile) for cell in cells)
    return replace(grid, cells=tuple(sorted(named, key=lambda c: (c.row, c.field))))


def _named(cell: GridCell, profile: Profile) -> GridCell:
    """The cell, doubted where it should name the row's item and is blank."""
    known = profile.field(cell.field)
    if squash(cell.value.text) or known is None or known.optional or cell.field not in profile.key:
        return cell
    return replace(cell, value=cell.value.doubted("missing"))


def _inherit(slots: dict[tuple[int, str], Value], rows: range, fields: tuple[str, ...], profile: Profile) -> None:
    """Fill the blanks of one table, row by row (in place)."""
    above: dict[str, Value] = {}
    for row in rows:
        parent = slots.get((row, profile.parent))
        if parent is not None and squash(parent.text) and not _same(parent, above.get(profile.parent)):
            above = {f: v for f, v in above.items() if _inherits(f, profile) != "parent"}
        for field in fields:
            value = slots[row, field]
            if squash(value.text):
                above[field] = value
            elif _inherits(field, profile) != "never":
                slots[row, field] = _inherited(value, above.get(field))
                # Where the value was destroyed, the rows below lived on it too.
                if field in above and (squash(value.printed) or "no_column" in value.doubt.split("+")):
                    above[field] = slots[row, field]


def _inherits(field: str, profile: Profile) -> Inherit:
    known = profile.field(field)
    return known.inherit if known else "never"


def _same(one: Value, other: Value | None) -> bool:
    return other is not None and squash(one.text) == squash(other.text)


def _inherited(blank: Value, source: Value | None) -> Value:
    if source is None:
        return replace(blank, origin="absent").doubted("missing")
    return replace(source, origin="inherited").doubted(blank.doubt)
