"""Pairs of rows → what a reader wants to know: what was added, removed, renamed, moved and changed, the doubtful set apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.diff.columns import TITLE, Columns, Titles, title_of, usual_titles
from pipeline.diff.edits import edits
from pipeline.diff.rows import Folder, Pair
from pipeline.model import Diff, FieldChange, Match, Record

Changes = tuple[FieldChange, ...]


@dataclass(slots=True)
class _Found:
    """The lists of a ``Diff`` while they are filled."""

    added: list[Record] = field(default_factory=list)
    removed: list[Record] = field(default_factory=list)
    renamed: list[Match] = field(default_factory=list)
    moved: list[Match] = field(default_factory=list)
    changed: list[Match] = field(default_factory=list)
    respelled: list[Match] = field(default_factory=list)

    def diff(self) -> Diff:
        return Diff(
            tuple(self.added),
            tuple(self.removed),
            tuple(self.renamed),
            tuple(self.moved),
            tuple(self.changed),
            respelled=tuple(self.respelled),
        )


def sort_out(old: Sequence[Record], new: Sequence[Record], pairs: Sequence[Pair], columns: Columns) -> Diff:
    """The difference that these pairs make, each list in the order of the version in which its rows stand (the new one for
    rows that both have).
    """
    matches = [Match(old[pair.old], new[pair.new], pair.score, doubt=pair.doubt) for pair in pairs]
    titles = usual_titles((match.old, match.new) for match in matches)
    sure, doubtful, folder = _Found(), _Found(), Folder()
    _unmatched(old, {pair.old for pair in pairs}, columns, sure.removed, doubtful.removed)
    _unmatched(new, {pair.new for pair in pairs}, columns, sure.added, doubtful.added)
    compare = _Compare(columns, titles, folder)
    for pair, match in sorted(zip(pairs, matches, strict=True), key=lambda entry: entry[0].new):
        _matched(match, pair.moved, compare, sure, doubtful)
    return replace(
        sure.diff(),
        columns_added=columns.added,
        columns_removed=columns.removed,
        titles=tuple(FieldChange(TITLE, *pair, edits(*pair, folder)) for pair in sorted(titles) if pair[0] != pair[1]),
        doubtful=doubtful.diff(),
    )


def _unmatched(
    records: Sequence[Record], matched: set[int], columns: Columns, sure: list[Record], doubtful: list[Record]
) -> None:
    for row, record in enumerate(records):
        if row not in matched:
            (doubtful if _doubts(record, columns.names) else sure).append(record)


def _matched(match: Match, elsewhere: bool, compare: _Compare, sure: _Found, doubtful: _Found) -> None:
    """Put a pair of rows into the lists that it belongs to."""
    names, values, spelling = compare.changes(match.old, match.new)
    reasons = "+".join(dict.fromkeys(change.doubt for change in names if change.doubt))
    # What an unsure match says of a name, it says of the whole row.
    match = replace(match, doubt="+".join(filter(None, (match.doubt, reasons))))
    found = doubtful if match.doubt else sure
    if names:
        found.renamed.append(replace(match, changes=names))
    if elsewhere:
        found.moved.append(match)
    certain = tuple(change for change in values if not change.doubt and not match.doubt)
    unsure = tuple(change for change in values if change.doubt or match.doubt)
    sure.changed.extend([replace(match, changes=certain)] * bool(certain))
    doubtful.changed.extend([replace(match, changes=unsure)] * bool(unsure))
    found.respelled.extend([replace(match, changes=spelling)] * bool(spelling))


@dataclass(frozen=True, slots=True)
class _Compare:
    """Compares the rows of a pair."""

    columns: Columns
    titles: Titles
    folder: Folder

    def changes(
        self, old: Record, new: Record
    ) -> tuple[tuple[FieldChange, ...], tuple[FieldChange, ...], tuple[FieldChange, ...]]:
        """What differs in the names, in the other fields, and only in spelling."""
        groups, spelled = self.columns.groups, list[FieldChange]()
        names = tuple(self._differing(old, new, self.columns.names, spelled))
        wanted = (name for name in self.columns.compared if name not in groups or self._equal(old, new, groups[name]))
        values = [*self._other_table(old, new), *self._differing(old, new, wanted, spelled)]
        return names, tuple(values), tuple(spelled)

    def _equal(self, old: Record, new: Record, name: str) -> bool:
        before, after = old.fields.get(name), new.fields.get(name)
        return before == after or self.folder(before) == self.folder(after)

    def _differing(self, old: Record, new: Record, names: Iterable[str], spelled: list[FieldChange]) -> Iterable[FieldChange]:
        """What differs in these fields; what differs only in spelling goes to ``spelled``."""
        for name in names:
            before, after = old.fields.get(name), new.fields.get(name)
            if before == after:
                continue
            if not self._equal(old, new, name):
                yield self._change(old, new, name)
            elif before or after:
                spelled.append(self._change(old, new, name))

    def _change(self, old: Record, new: Record, name: str) -> FieldChange:
        before, after = old.fields.get(name), new.fields.get(name)
        doubts = dict.fromkeys(reason for record in (old, new) for reason in _doubts(record, (name,)))
        return FieldChange(name, before, after, edits(before, after, self.folder), "+".join(doubts))

    def _other_table(self, old: Record, new: Record) -> Iterable[FieldChange]:
        before, after = title_of(old), title_of(new)
        if before != after and (before, after) not in self.titles:
            yield FieldChange(TITLE, before or None, after or None, edits(before, after, self.folder))


def _doubts(record: Record, names: Iterable[str]) -> list[str]:
    values = (record.values.get(name) for name in names)
    return [reason for value in values if value for reason in value.doubt.split("+") if reason]
