"""What a decision is to bring about in its value, so that none is written that would be read otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.catalog import Catalog
from pipeline.export.text import plain
from pipeline.lookup import is_settled
from pipeline.review.state import Decision, State
from pipeline.review.wanted import Wanted, wanted


@dataclass(frozen=True, slots=True)
class Aim:
    """One value, and what it is to be."""

    row: int
    field: str
    wanted: Wanted

    def missed(self, made: Catalog) -> str:
        """Why these rows do not say what was meant; "" where they do."""
        record = next(record for record in made.records if record.row == self.row)
        where = f"row {self.row}, {self.field}"
        if not is_settled(record.values[self.field]):
            return f"{where}: the decision would not be taken: another line, nearer or for this row, says otherwise"
        if not self.wanted.is_met(record):
            return f"{where}: this would be read as “{plain(record.fields[self.field])}”; write it otherwise"
        return ""


def aim_of(state: State, decision: Decision) -> Aim:
    """What a decision is to bring about: the value given, or for a confirmation the one that is there."""
    record, field = state.record(decision.row), decision.field
    if decision.action == "correct":
        return Aim(record.row, field, wanted(record, field, decision.value, state.made.profile))
    before = record.fields[field]
    return Aim(record.row, field, Wanted((), lambda made: bool(made.fields[field] == before)))
