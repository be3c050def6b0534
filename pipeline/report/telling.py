"""What changed, in the words and in the order of a letter: plain texts, so that no format decides anything.

Equal changes of several items are told once: a letter says that a time limit went from 20 to 15 days for these three items.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from pipeline.check.wording import REASONS, title_of
from pipeline.errors import CatalogError
from pipeline.model import Diff, Edit, FieldChange, Match, Record
from pipeline.profile import Profile
from pipeline.report.shots import Line, Shot, shots
from pipeline.report.view import KINDS, Block, Change, Entry, Section, Shown, Side, View


def languages() -> list[str]:
    """The languages of reports."""
    return sorted(_words())


def view(diff: Diff, old: Side, new: Side, profile: Profile, language: str = "zh") -> View:
    """The report of a comparison; raises CatalogError where the language is not known."""
    if language not in _words():
        raise CatalogError(f"--language {language}: no such language; there are {', '.join(languages())}")
    teller = _Teller(_words()[language], _words()[language]["reasons"], profile, old, new)
    sections = tuple(teller.sections(diff))
    doubtful = tuple(teller.sections(diff.doubtful)) if diff.doubtful else ()
    entries = [entry for section in (*sections, *doubtful) for block in section.blocks for entry in block.entries]
    groups = tuple(dict.fromkeys(entry.group for entry in entries if entry.group))
    counts = tuple(teller.counts(diff))
    return View(
        teller.words,
        teller.say("heading", title=new.title or old.title or teller.say("no_title"), old=old.name, new=new.name),
        teller.summary(diff, counts, sum(section.count for section in doubtful)),
        counts,
        tuple(teller.notes(diff)),
        sections,
        doubtful,
        groups,
        (old, new),
    )


@cache
def _words() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("pipeline.report") / "words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells changes in one language."""

    words: Mapping[str, str]
    reasons: Mapping[str, str]
    profile: Profile
    old: Side
    new: Side

    def say(self, key: str, **values: object) -> str:
        return self.words[key].format(**values)

    def counts(self, diff: Diff) -> Iterator[tuple[str, str]]:
        values = sum(len(match.changes) for match in diff.changed)
        sizes = {kind: len(getattr(diff, kind)) for kind in ("columns_added", "columns_removed", "titles", *KINDS)}
        for kind, size in sizes.items():
            if size:
                n = values if kind == "changed" else size
                yield kind, self.say(f"count_{kind}", n=n, items=size)

    def summary(self, diff: Diff, counts: Sequence[tuple[str, str]], doubtful: int) -> str:
        sides = {"old": self.old.name, "new": self.new.name, "old_rows": len(self.old.records), "new_rows": len(self.new.records)}
        if not diff.different:
            return self.say("equal", **sides)
        told = self.words["between"].join(text for _, text in counts) or self.say("no_sure")
        summary = self.say("summary", counts=told, **sides)
        return " ".join([summary, self.say("doubtful_too", count=doubtful)] if doubtful else [summary])

    def notes(self, diff: Diff) -> Iterator[str]:
        for key in ("columns_added", "columns_removed"):
            if names := getattr(diff, key):
                yield self.say(key, names="、".join(self.title(name) for name in names))
        for change in diff.titles:
            yield f"{self.say('title_changed')}：{change.old or self.say('nothing')} → {change.new or self.say('nothing')}"
        respelled = len(diff.respelled) + (len(diff.doubtful.respelled) if diff.doubtful else 0)
        if respelled:
            yield self.say("respelled", n=respelled)

    def sections(self, diff: Diff) -> Iterator[Section]:
        neighbours = _Neighbours(self, self.old.records), _Neighbours(self, self.new.records)
        rows = {
            "added": [
                replace(self.lone(record, "row_new"), prints=self.prints(None, record, *record.values)) for record in diff.added
            ],
            "removed": [
                replace(self.lone(record, "row_old"), prints=self.prints(record, None, *record.values)) for record in diff.removed
            ],
            "renamed": [self.entry(match) for match in diff.renamed],
            "moved": [replace(self.entry(match), note=self.went(match, *neighbours)) for match in diff.moved],
        }
        for kind, entries in rows.items():
            if entries:
                yield Section(kind, self.words[kind], len(entries), tuple(Block(None, (entry,)) for entry in entries))
        if diff.changed:
            count = sum(len(match.changes) for match in diff.changed)
            yield Section("changed", self.words["changed"], count, tuple(self.together(diff.changed)))

    def together(self, matches: Iterable[Match]) -> Iterator[Block]:
        """Equal changes of one field told once, in the order in which they first occur."""
        found: dict[Change, list[Entry]] = {}
        for match in matches:
            for change in match.changes:
                entry = replace(self.entry(match), changes=(), prints=self.prints(match.old, match.new, change.field))
                found.setdefault(self.change(change), []).append(entry)
        return (Block(change, tuple(entries)) for change, entries in found.items())

    def entry(self, match: Match) -> Entry:
        where = (*self.where(match.old, "row_old"), *self.where(match.new, "row_new"))
        score = self.say("score", score=f"{min(match.score, 99.9):.1f}") if match.score < 100 else ""
        changes = tuple(map(self.change, match.changes))
        group = str(match.new.fields.get(self.profile.parent) or "")
        prints = self.prints(match.old, match.new, *(change.field for change in match.changes))
        return Entry(
            self.name(match.new), self.name(match.old), group, where, score, self.why(match.doubt), changes=changes, prints=prints
        )

    def prints(self, old: Record | None, new: Record | None, *fields: str) -> tuple[Shown, ...]:
        """Where both versions print these fields of a row; of a version that has no such row, nothing."""
        names = tuple(reversed(self.profile.key))
        found = []
        for side, version, record in (("old", self.old, old), ("new", self.new, new)):
            pieces = shots(version.sight, record, names, fields) if record else ()
            shown = tuple(one for one in pieces if isinstance(one, Shot)), tuple(one for one in pieces if isinstance(one, Line))
            if pieces:
                found.append(Shown(side, version.name, *shown))
        return tuple(found)

    def lone(self, record: Record, key: str) -> Entry:
        doubts = dict.fromkeys(value.doubt for name in self.profile.key if (value := record.values.get(name)) and value.doubt)
        group = str(record.fields.get(self.profile.parent) or "")
        name = self.name(record)
        return Entry(
            name, name, group, self.where(record, key), doubt=self.why("+".join(doubts)), values=tuple(self.values(record))
        )

    def values(self, record: Record) -> Iterator[tuple[str, str]]:
        """What a row says besides its names, all its ticks in one line."""
        derived = {derived for field in self.profile.fields if field.kind != "tick" for derived in field.derived}
        hidden = {"row", "table_title", *self.profile.names("serial"), *self.profile.key, *derived}
        told = {name: value for name, value in record.fields.items() if name not in hidden and value}
        yield from ((self.title(name), self.text(value)) for name, value in told.items() if value is not True)
        if ticks := "；".join(self.title(name) for name, value in told.items() if value is True):
            yield self.say("ticks"), ticks

    def went(self, match: Match, before: _Neighbours, after: _Neighbours) -> str:
        return self.say("from_to", old=before.of(match.old), new=after.of(match.new))

    def change(self, change: FieldChange) -> Change:
        elements = isinstance(change.old, list) or isinstance(change.new, list)
        edits = change.edits
        if isinstance(change.old, bool) or isinstance(change.new, bool):
            edits = (Edit("out", self.text(change.old)), Edit("in", self.text(change.new)))
        return Change(change.field, self.title(change.field), edits, elements, self.why(change.doubt))

    def where(self, record: Record, key: str) -> tuple[str, ...]:
        parts = [self.say(key, row=record.row)]
        if record.seq is not None and record.seq != record.row:
            parts.append(self.say("seq", seq=record.seq))
        named = (record.values.get(name) for name in reversed(self.profile.key))
        if place := next((value.places[0] for value in named if value and value.places), None):
            parts.append(self.say("line", line=place.line) if place.line else self.say("page", page=place.page))
        return (" · ".join(parts),)

    def name(self, record: Record) -> str:
        names = [str(record.fields.get(name) or "") for name in self.profile.key if name != self.profile.parent]
        return " / ".join(filter(None, names)) or self.say("unnamed", row=record.row)

    def title(self, name: str) -> str:
        return self.say("title_changed") if name == "table_title" else title_of(name, self.profile)

    def text(self, value: object) -> str:
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, list):
            return "；".join(map(str, value))
        return self.say("nothing") if value is None else str(value)

    def why(self, doubt: str) -> str:
        codes = dict.fromkeys(code for code in doubt.split("+") if code)
        told = [self.reasons.get(code) or REASONS.get(code) or code.replace("_", " ") for code in codes]
        return self.say("why", reasons="；".join(told)) if told else ""


class _Neighbours:
    """Says of a row behind which other one it stands."""

    def __init__(self, teller: _Teller, records: Sequence[Record]) -> None:
        self._teller = teller
        self._before = {after.row: before for before, after in pairwise(records)}

    def of(self, record: Record) -> str:
        before = self._before.get(record.row)
        return self._teller.say("after", name=self._teller.name(before)) if before else self._teller.say("first")
