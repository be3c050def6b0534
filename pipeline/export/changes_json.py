"""``changes.json``: what changed between two versions, as data; ``schemas/changes.schema.json`` describes it.

One flat entry a change, so that a list of all renamed items is one filter away. What is doubtful has a list of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from pipeline.model import Diff, FieldChange, Match, Record
from pipeline.profile import Profile
from pipeline.report import Side

NAME = "changes.json"
FORMAT = "catalog-changes/1"
Json = dict[str, Any]


def text(diff: Diff, old: Side, new: Side, profile: Profile) -> str:
    """The file for this comparison."""
    teller = _Teller(profile)
    doubtful = diff.doubtful or Diff()
    content: Json = {
        "format": FORMAT,
        "old": _side(old),
        "new": _side(new),
        "summary": _summary(diff, doubtful),
        "columns_added": list(diff.columns_added),
        "columns_removed": list(diff.columns_removed),
        "titles": [{"old": change.old, "new": change.new} for change in diff.titles],
        "changes": list(teller.entries(diff)),
        "doubtful": list(teller.entries(doubtful)),
        "respelled": [entry for part in (diff, doubtful) for entry in teller.values("respelled", part.respelled)],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def schema() -> Json:
    """The JSON Schema (2020-12) of the file."""
    loaded: Json = json.loads((files("pipeline") / "schemas" / "changes.schema.json").read_text(encoding="utf-8"))
    return loaded


def _side(side: Side) -> Json:
    return {"name": side.name, "title": side.title or None, "rows": len(side.records), "sha256": side.sha256 or None}


def _summary(diff: Diff, doubtful: Diff) -> Json:
    def counts(part: Diff) -> Json:
        rows = {kind: len(getattr(part, kind)) for kind in ("added", "removed", "renamed", "moved")}
        return rows | {"changed": sum(len(match.changes) for match in part.changed)}

    return {"different": diff.different, **counts(diff), "doubtful": counts(doubtful)}


class _Teller:
    """Gives the entries of a comparison."""

    def __init__(self, profile: Profile) -> None:
        self._parent = profile.parent
        self._names = [name for name in profile.key if name != profile.parent]

    def entries(self, diff: Diff) -> Iterator[Json]:
        yield from ({"kind": "added", "new": self._name(record), **self._row(record, "new")} for record in diff.added)
        yield from ({"kind": "removed", "old": self._name(record), **self._row(record, "old")} for record in diff.removed)
        for match in diff.renamed:
            names = [{"field": change.field, **_values(change)} for change in match.changes]
            yield {
                "kind": "renamed",
                "old": self._name(match.old),
                "new": self._name(match.new),
                "names": names,
                **self._rows(match),
            }
        yield from ({"kind": "moved", "item": self._name(match.new), **self._rows(match)} for match in diff.moved)
        yield from self.values("changed", diff.changed)

    def values(self, kind: str, matches: tuple[Match, ...]) -> Iterator[Json]:
        for match in matches:
            for change in match.changes:
                entry = {"kind": kind, "item": self._name(match.new), "field": change.field, **_values(change)}
                doubt = "+".join(dict.fromkeys(filter(None, (change.doubt, match.doubt))))
                yield {**entry, **self._rows(match), **({"doubt": doubt} if doubt else {})}

    def _rows(self, match: Match) -> Json:
        group = match.new.fields.get(self._parent)
        rows = {"old_row": match.old.row, "old_seq": match.old.seq, "new_row": match.new.row, "new_seq": match.new.seq}
        score = {"score": round(min(match.score, 99.99), 2)} if match.score < 100 else {}
        return {"group": group, **rows, **score, **({"doubt": match.doubt} if match.doubt else {})}

    def _row(self, record: Record, side: str) -> Json:
        doubts = dict.fromkeys(value.doubt for name in self._names if (value := record.values.get(name)) and value.doubt)
        row = {"group": record.fields.get(self._parent), f"{side}_row": record.row, f"{side}_seq": record.seq}
        return {**row, **({"doubt": "+".join(doubts)} if doubts else {}), "record": record.fields}

    def _name(self, record: Record) -> str:
        return " / ".join(filter(None, (str(record.fields.get(name) or "") for name in self._names)))


def _values(change: FieldChange) -> Json:
    pieces = {op: [edit.text for edit in change.edits if edit.op == op] for op in ("out", "in")}
    edits = [[edit.op, edit.text] for edit in change.edits]
    return {"old_value": change.old, "new_value": change.new, "taken_out": pieces["out"], "put_in": pieces["in"], "edits": edits}
