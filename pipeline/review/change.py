"""A decision → what ``lookups.csv`` is to hold; and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import lookups_csv
from pipeline.entry import Correction, entry_for
from pipeline.model import Lookup
from pipeline.profile import Profile
from pipeline.review.state import Decision, Refused, State
from pipeline.review.wanted import kept, wanted

# Values that were made out of what is printed: a confirmation is for this text, also where another program makes it otherwise.
_MADE = ("repaired", "inherited")
_GIVEN = "looked_up"


@dataclass(frozen=True, slots=True)
class Change:
    """The content of the file before and after (None: no file), the line put in, and those that it took the place of."""

    before: bytes | None
    after: bytes | None
    entry: Lookup | None = None
    replaced: tuple[Lookup, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """The ``lookups.csv`` that decisions go to, and what it holds now."""

    path: Path
    data: bytes | None
    profile: Profile

    def like(self, line: Lookup) -> list[Lookup]:
        """Its lines for the same cell or row."""
        found = () if self.data is None else lookups_csv.parse(self.path, self.data, self.profile)
        return [one for one in found if lookups_csv.same_cell(one, line)]

    def ways(self, state: State, decision: Decision) -> Iterator[Change]:
        """The ways to write a decision, the best first; raises CatalogError where there is none."""
        said = decision.action == "confirm"
        for text in _texts(state, decision):
            told = Correction(decision.row, decision.field, text, decision.reason, decision.every, confirmed=said)
            questioned = {(issue.row, issue.field) for issue in state.made.issues if issue.row is not None}
            yield self._with(entry_for(state.made.records, told, self.profile, questioned), state, decision)

    def without(self, state: State, row: int, field: str) -> Change:
        """Without the line that decides a value; raises Refused where none here does."""
        line = state.made.decisions.get((row, field))
        own = self.like(line) if line else []
        if not own:
            where = f"decided in {line.origin}" if line else f"not decided by a line of {lookups_csv.NAME}"
            raise Refused(f"row {row}, {field}: is {where}, so it cannot be taken back here")
        return Change(self.data, lookups_csv.without_entry(self.path, self.data, own[0]), None, tuple(own))

    def taken_back(self, done: Change) -> Change:
        """As it was before a change, with all that came after it; raises Refused where its own line was changed since."""
        if self.data == done.after:
            return Change(done.after, done.before)
        lines = self.like(done.entry) if done.entry else []
        if done.entry is None or [_said(line) for line in lines] != [_said(done.entry)]:
            raise Refused("the line of this decision was changed since; take it back by its value")
        after = lookups_csv.without_entry(self.path, self.data, done.entry)
        for line in done.replaced:
            after = lookups_csv.with_entry(self.path, after, line)
        return Change(self.data, after)

    def _with(self, entry: Lookup, state: State, decision: Decision) -> Change:
        """With this line. A line for all cells takes the place of one for this row alone, which would win."""
        stale, after = self.like(entry), self.data
        own = state.made.decisions.get((decision.row, decision.field))
        if decision.every and own is not None and own.item:
            stale += self.like(own)
            after = lookups_csv.without_entry(self.path, after, own)
        return Change(self.data, lookups_csv.with_entry(self.path, after, entry), entry, tuple(stale))


def _texts(state: State, decision: Decision) -> Sequence[str | None]:
    """How the value may be written, None for a line that only confirms."""
    record, field, profile = state.record(decision.row), decision.field, state.made.profile
    if field not in record.values:
        raise Refused(f"row {record.row}: its table has no column {field}")
    if decision.action == "correct":
        return wanted(record, field, decision.value, profile).texts
    origin = record.values[field].origin
    if origin == _GIVEN or (origin in _MADE and not decision.every):
        return (*kept(record, field, profile).texts, None)
    return (None,)


def _said(line: Lookup) -> tuple[str, str, str]:
    return line.value, line.status, line.reason
