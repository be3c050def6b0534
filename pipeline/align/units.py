"""The columns of a table as the alignment walks over them, in the order in which this document prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Column
from pipeline.profile import Profile

_LOSS_OF_GROUP, _LOSS = 1.0, 4.0


@dataclass(frozen=True, slots=True)
class Unit:
    """One column, or a run of tick columns, which only their neighbours tell apart. ``columns`` are column indexes."""

    columns: tuple[int, ...]
    ticks: bool
    required: bool = False
    serial: bool = False
    group: bool = False

    @property
    def loss(self) -> float:
        """Points that a page must gain to have lost the column: what stands once for many rows is lost more easily."""
        return _LOSS_OF_GROUP if self.group else _LOSS

    @property
    def may_be_lost(self) -> bool:
        """Whether a page may lack the column: without items it would be no table, and tick columns are counted elsewhere."""
        return not (self.ticks or self.required)


def columns_to_units(columns: Sequence[Column], profile: Profile, order: Sequence[int]) -> list[Unit]:
    """The columns in that order, neighbouring tick columns as one unit.

    ``required``: every row prints it; ``group``: it is printed anew for each parent item, with the other such columns.
    """
    required = set(profile.setting("headings", "required"))
    units: list[Unit] = []
    for index in order:
        name = columns[index].field
        field = profile.field(name)
        kind = profile.kind(name)
        if kind == "tick" and units and units[-1].ticks:
            units[-1] = Unit((*units[-1].columns, index), ticks=True)
        else:
            group = field is not None and field.inherit == "parent"
            units.append(Unit((index,), kind == "tick", name in required, kind == "serial", group))
    return units
