"""What a row of a recognised table cannot be: without a tick where each row has one, or one of several that share a name."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.model import Grid, GridCell, Value
from pipeline.profile import Profile
from pipeline.text import squash

Slot = tuple[int, str]
LOST, UNSEEN = "grid", "ocr"
# Where so many cells are blank for each that has a sign for no, the sign is what is left of a tick.
_MANY = 8


def doubted_rows(grid: Grid, values: Mapping[Slot, Value], profile: Profile) -> dict[Slot, Value]:
    """The values of recognised cells that their rows, or their columns, speak against, doubted.

    ``values`` has those of the cells as they are now; the cells of ``grid`` have them where it has none.
    """
    cells = [c for c in grid.cells if c.value.origin != "looked_up"]
    found: dict[Slot, Value] = {}

    def doubt(cell: GridCell, reason: str) -> None:
        slot = (cell.row, cell.field)
        found[slot] = found.get(slot, values.get(slot, cell.value)).doubted(reason)

    for cell in _names_of_several(grid, cells, profile):
        doubt(cell, LOST)
    for cell in _unticked(grid, values, profile):
        doubt(cell, UNSEEN)
    for cell in _odd_dashes(grid, cells, profile):
        doubt(cell, UNSEEN)
    return found


def _names_of_several(grid: Grid, cells: list[GridCell], profile: Profile) -> list[GridCell]:
    """The cells that name several rows in the column of the narrowest names: a rule between two of them was missed."""
    narrowest = {s.row: next((f for f in reversed(profile.key) if f in s.fields), "") for s in grid.sections}
    return [c for c in cells if c.row_span > 1 and c.value.scores and c.field == narrowest[grid.section_of(c.row).row]]


def _unticked(grid: Grid, values: Mapping[Slot, Value], profile: Profile) -> list[GridCell]:
    """The cells of a row in a group of tick columns, none of which has anything: a tick was not seen."""
    groups = profile.settings.get("assertions", {}).get("one_of", ())
    slots = grid.slots()
    found: dict[Slot, GridCell] = {}
    for group in groups:
        for row in range(grid.n_rows):
            mine = [slots[row, name] for name in group if (row, name) in slots]
            texts = [values.get((c.row, c.field), c.value).text for c in mine]
            if len(mine) == len(group) and not any(map(squash, texts)):
                found |= {(c.row, c.field): c for c in mine if c.value.places and c.value.origin != "looked_up"}
    return list(found.values())


def _odd_dashes(grid: Grid, cells: list[GridCell], profile: Profile) -> list[GridCell]:
    """The few tick cells of a table that print a sign for no where nearly all leave a blank for it."""
    no = frozenset(profile.setting("marks", "tick_false"))
    found: list[GridCell] = []
    for section in grid.sections:
        ticks = [c for c in cells if profile.kind(c.field) == "tick" and grid.section_of(c.row) is section]
        signs = [c for c in ticks if c.value.scores and squash(c.value.text) and set(squash(c.value.text)) <= no]
        if sum(not squash(c.value.text) for c in ticks) >= _MANY * len(signs):
            found += signs
    return found
