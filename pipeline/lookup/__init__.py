"""Human overrides as data (ARCHITECTURE rule 9): of printed cells before repair, of single rows after fill.

An override is matched exactly, white space aside, never by likeness. Of several that match, the first in the sequence wins:
it comes nearest first. One that matches nothing is an issue, so that overrides cannot rot unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.lookup import names
from pipeline.model import Grid, GridCell, Issue, Lookup, Record, Value
from pipeline.text import squash

RULE = "lookup"
CONFIRMED = "confirmed"


def is_settled(value: Value) -> bool:
    """Whether a person has decided this value."""
    return RULE in value.rule.split("+")


def deciding(
    records: Sequence[Record], lookups: Sequence[Lookup], item_fields: Sequence[str], above: Sequence[str] = ()
) -> dict[tuple[int, str], Lookup]:
    """Which of the overrides in force decided each settled value, by row (1-based) and field.

    ``item_fields`` and ``above`` are as for ``apply_to_rows``.
    """
    rows_of = names.rows_by_name([names.named(record.values, item_fields, above) for record in records])
    of_cells = {(entry.field, squash(entry.printed)): entry for entry in reversed(lookups) if not entry.item}
    found: dict[tuple[int, str], Lookup] = {}
    for entry in (entry for entry in lookups if entry.item):
        for record in (records[row] for row in rows_of.get(squash(entry.item), ())):
            value = record.values.get(entry.field)
            if value is not None and is_settled(value) and _holds(entry, value):
                found.setdefault((record.row, entry.field), entry)
    for record in records:
        for field, value in record.values.items():
            if is_settled(value) and (line := of_cells.get((field, squash(value.printed)))):
                found.setdefault((record.row, field), line)
    return found


def apply_to_cells(grid: Grid, lookups: Sequence[Lookup]) -> Grid:
    """The grid with every cell overridden whose printed text is that of a lookup without an ``item``.

    The value is then ``looked_up``: it keeps ``printed`` and ``places`` and has no doubt, and later rooms leave it alone. A
    lookup that only confirms (status ``confirmed``, no value) changes no text here, since its value is not yet known.
    """
    wanted = [lookup for lookup in lookups if not lookup.item]
    if not wanted:
        return grid
    by_printed: dict[tuple[str, str], Lookup] = {}
    for lookup in wanted:
        by_printed.setdefault((lookup.field, squash(lookup.printed)), lookup)
    seen = {_printed_key(cell) for cell in grid.cells if _printed_key(cell)[1]}
    cells = tuple(_overridden(cell, by_printed.get(_printed_key(cell))) for cell in grid.cells)
    unused = [lookup for lookup in wanted if (lookup.field, squash(lookup.printed)) not in seen]
    return replace(grid, cells=cells, issues=(*grid.issues, *map(_unused, unused)))


def apply_to_rows(
    grid: Grid, lookups: Sequence[Lookup], item_fields: Sequence[str] = ("second_level_item",), above: Sequence[str] = ()
) -> Grid:
    """The grid with the values of single rows overridden, and the doubt of confirmed values cleared.

    ``item_fields`` are the columns in which the row's name is looked up, the widest first, as it is now or as printed,
    ``above`` those of the names above it; see ``names.py`` for how they name a row. A cell over several rows is split, so
    that only the named row changes. A lookup with a ``printed`` holds only where that is still what the page prints; a
    confirmation always does. Where a name stands in several rows, all change, and an issue says so.
    """
    if not lookups:
        return grid
    slots = grid.slots()
    rows_of = names.rows_by_name([_named(row, slots, item_fields, above) for row in range(grid.n_rows)])
    chosen: dict[tuple[int, str], Lookup] = {}
    issues: list[Issue] = []
    for lookup in (entry for entry in lookups if entry.item):
        cells_of = ((row, slots.get((row, lookup.field))) for row in rows_of.get(squash(lookup.item), ()))
        rows = [row for row, cell in cells_of if cell is not None and _holds(lookup, cell.value)]
        for row in rows:
            chosen.setdefault((row, lookup.field), lookup)
        if len(rows) > 1:
            issues.append(_ambiguous(lookup, rows))
        elif not rows:
            issues.append(_unused(lookup))
    cells = [piece for cell in grid.cells for piece in _split(cell, chosen)]
    confirmed = {(entry.field, squash(entry.printed)) for entry in lookups if _only_confirms(entry) and not entry.item}
    cells = [replace(c, value=_confirmed(c.value)) if _printed_key(c) in confirmed else c for c in cells]
    return replace(grid, cells=tuple(cells), issues=(*grid.issues, *issues))


def _printed_key(cell: GridCell) -> tuple[str, str]:
    return cell.field, squash(cell.value.printed)


def _only_confirms(lookup: Lookup) -> bool:
    return lookup.status == CONFIRMED and not lookup.value


def _overridden(cell: GridCell, lookup: Lookup | None) -> GridCell:
    """A cell without printed text is never overridden here: every blank of its column would be."""
    if lookup is None or not squash(lookup.printed):
        return cell
    return replace(cell, value=_looked_up(cell.value, lookup))


def _looked_up(value: Value, lookup: Lookup) -> Value:
    if _only_confirms(lookup):
        return value
    return replace(value, text=lookup.value, origin="looked_up", rule=RULE, score=None, doubt="")


def _confirmed(value: Value) -> Value:
    """The value as it is, without its doubt; ``lookup`` joins its rules, so that no later room doubts it again."""
    rules = [rule for rule in value.rule.split("+") if rule]
    return replace(value, doubt="", rule="+".join(rules if RULE in rules else [*rules, RULE]))


def _named(row: int, slots: Mapping[tuple[int, str], GridCell], own: Sequence[str], above: Sequence[str]) -> names.Named:
    cells = {name: slots[row, name] for name in (*own, *above) if (row, name) in slots}
    return names.named({name: cell.value for name, cell in cells.items()}, own, above)


def _holds(lookup: Lookup, value: Value) -> bool:
    same = squash(lookup.printed) == squash(value.printed)
    return same or (not squash(lookup.printed) and lookup.status != CONFIRMED)


def _split(cell: GridCell, chosen: Mapping[tuple[int, str], Lookup]) -> list[GridCell]:
    """The cell, cut into pieces so that each overridden row stands alone."""
    pieces: list[GridCell] = []
    for row in cell.rows:
        lookup = chosen.get((row, cell.field))
        if lookup:
            value = _confirmed(cell.value) if _only_confirms(lookup) else _looked_up(cell.value, lookup)
            pieces.append(GridCell(row, 1, cell.field, value))
        elif pieces and pieces[-1].value is cell.value:
            pieces[-1] = replace(pieces[-1], row_span=pieces[-1].row_span + 1)
        else:
            pieces.append(GridCell(row, 1, cell.field, cell.value))
    return pieces


def _name(lookup: Lookup) -> str:
    cell = f"printed {lookup.printed!r}" if lookup.printed else "any text"
    row = f" in row {lookup.item!r}" if lookup.item else ""
    return f"{lookup.origin or 'lookups.csv'}: the override of {lookup.field} ({cell}{row})"


def _unused(lookup: Lookup) -> Issue:
    message = f"{_name(lookup)} matches nothing; delete it, or correct it to what is printed now"
    return Issue("lookup_unused", "warning", message, field=lookup.field)


def _ambiguous(lookup: Lookup, rows: Sequence[int]) -> Issue:
    told = ", ".join(str(row + 1) for row in rows)
    message = f"{_name(lookup)} matches {len(rows)} rows of that name (rows {told}); all were changed"
    return Issue("lookup_ambiguous", "warning", message, field=lookup.field)
