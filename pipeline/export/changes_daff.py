"""``changes.csv``: what changed, in daff's highlighter format (paulfitz.github.io/daff-doc/spec.html, version 0.8).

A table for a spreadsheet: the first column says what happened to a row (``+++`` added, ``---`` removed, ``->`` changed, ``:``
moved), a changed cell holds the old value, an arrow and the new one. Row and serial numbers and derived fields are left out:
they change with every row that is put in above.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence

from pipeline.export.text import csv_text, plain
from pipeline.model import Diff, FieldChange, Record
from pipeline.profile import Profile
from pipeline.report import Side

NAME = "changes.csv"
_ARROW = re.compile(r"(-+)>")
_SKIPPED = "..."


def text(diff: Diff, old: Side, new: Side, profile: Profile) -> str:
    """The file: the rows of the new version that changed, with a neighbour on either side, removed rows where they stood."""
    return csv_text(*_table(diff, old, new, profile))


def _table(diff: Diff, old: Side, new: Side, profile: Profile) -> tuple[list[str], list[list[str]]]:
    parts = [part for part in (diff, diff.doubtful) if part]
    names = _columns(old.records, new.records, profile)
    header, lines = ["@@", *names], _with_context(list(_lines(parts, old, new, names)))
    if not diff.columns_added and not diff.columns_removed:
        return header, lines
    tags = dict.fromkeys(diff.columns_added, "+++") | dict.fromkeys(diff.columns_removed, "---")
    return ["!", *(tags.get(name, "") for name in names)], [header, *lines]


def _lines(parts: Sequence[Diff], old: Side, new: Side, names: Sequence[str]) -> Iterator[list[str]]:
    """Every row, with its tag."""
    changes, arrow = _changes(parts), _arrow([*old.records, *new.records], names)
    added = {record.row for part in parts for record in part.added}
    moved = {match.new.row for part in parts for match in part.moved}
    for record, gone in _merged(parts, new.records, added):
        if gone:
            yield ["---", *(plain(record.fields.get(name)) for name in names)]
            continue
        changed = changes.get(record.row, {})
        tag = "+++" if record.row in added else arrow if changed else ":" if record.row in moved else ""
        yield [tag, *(_cell(record, name, changed, arrow) for name in names)]


def _columns(old: Sequence[Record], new: Sequence[Record], profile: Profile) -> list[str]:
    """Every field that is compared, in the order of the new version."""
    derived = {name for field in profile.fields if field.kind != "tick" for name in field.derived}
    hidden = {"row", *profile.names("serial"), *derived}
    names = dict.fromkeys(name for records in (new, old) for record in records for name in record.fields)
    return [name for name in names if name not in hidden]


def _changes(parts: Sequence[Diff]) -> dict[int, dict[str, FieldChange]]:
    """By row of the new version and field."""
    found: dict[int, dict[str, FieldChange]] = {}
    for part in parts:
        for match in (*part.renamed, *part.changed):
            found.setdefault(match.new.row, {}).update({change.field: change for change in match.changes})
    return found


def _merged(parts: Sequence[Diff], new: Sequence[Record], added: set[int]) -> Iterator[tuple[Record, bool]]:
    """The rows of the new version, and (True) the removed ones, as far down as they stood in the old one."""
    removed = deque(sorted((record for part in parts for record in part.removed), key=lambda record: record.row))
    passed = 0
    for record in new:
        while removed and removed[0].row <= passed + 1:
            passed += 1
            yield removed.popleft(), True
        yield record, False
        passed += record.row not in added
    yield from ((record, True) for record in removed)


def _cell(record: Record, name: str, changed: dict[str, FieldChange], arrow: str) -> str:
    if change := changed.get(name):
        return f"{plain(change.old)}{arrow}{plain(change.new)}"
    return plain(record.fields.get(name))


def _arrow(records: Sequence[Record], names: Sequence[str]) -> str:
    """An arrow that is longer than any that a value holds."""
    cells = (plain(record.fields.get(name)) for record in records for name in names)
    longest = max((len(dashes) for cell in cells for dashes in _ARROW.findall(cell)), default=0)
    return "-" * (longest + 1) + ">"


def _with_context(lines: Sequence[list[str]]) -> list[list[str]]:
    """What changed and the rows beside it; a row of dots for each run that is left out."""
    kept: list[list[str]] = []
    for number, line in enumerate(lines):
        if any(near[0] for near in lines[max(0, number - 1) : number + 2]):
            kept.append(line)
        elif not kept or kept[-1][0] != _SKIPPED:
            kept.append([_SKIPPED] * len(line))
    return kept
