"""What became of each item from version to version, through all its names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.diff import continued, diff
from pipeline.model import Diff, FieldChange, Match, Record
from pipeline.profile import Profile
from pipeline.text import fold
from pipeline.versions import Version


@dataclass(frozen=True, slots=True)
class Step:
    """An item in one version: its row there, and what changed since the version before (nothing where it is new there)."""

    version: str
    record: Record
    changes: tuple[FieldChange, ...] = ()
    moved: bool = False
    score: float = 100.0


@dataclass(frozen=True, slots=True)
class Thread:
    """One item through the versions that have it, the oldest first; ``ended`` is the version that no longer has it, or ""."""

    steps: tuple[Step, ...]
    ended: str = ""


def threads(versions: Sequence[Version], profile: Profile) -> list[Thread]:
    """All items of a catalog, in the order of their first version and row."""
    open_threads: dict[int, list[Step]] = {}
    closed: list[Thread] = []
    if versions:
        open_threads = {record.row: [Step(versions[0].name, record)] for record in versions[0].records}
    for before, after in pairwise(versions):
        told = _told(diff(before.records, after.records, profile))
        follows = continued(before.records, after.records, profile)
        closed += [Thread(tuple(steps), after.name) for row, steps in open_threads.items() if row not in follows]
        came_from = {new: old for old, new in follows.items()}
        now: dict[int, list[Step]] = {}
        for record in after.records:
            step = Step(after.name, record, *told.get(record.row, ()))
            now[record.row] = [*open_threads[came_from[record.row]], step] if record.row in came_from else [step]
        open_threads = now
    found = closed + [Thread(tuple(steps)) for steps in open_threads.values()]
    order = {version.name: number for number, version in enumerate(versions)}
    return sorted(found, key=lambda thread: (order[thread.steps[0].version], thread.steps[0].record.row))


def _told(found: Diff) -> dict[int, tuple[tuple[FieldChange, ...], bool, float]]:
    """By row of the newer version: its changes, whether it moved, and the score of the match."""
    parts = [part for part in (found, found.doubtful) if part]
    moved = {match.new.row for part in parts for match in part.moved}
    by_row: dict[int, list[Match]] = {}
    for part in parts:
        for match in (*part.renamed, *part.changed, *part.moved):
            by_row.setdefault(match.new.row, []).append(match)
    return {
        row: (tuple(change for match in matches for change in match.changes), row in moved, matches[0].score)
        for row, matches in by_row.items()
    }


def of_item(found: Sequence[Thread], name: str, fields: Sequence[str]) -> list[Thread]:
    """The items that were called so in any version; where none was, those whose name held it."""
    wanted = fold(name)
    exact = [thread for thread in found if any(wanted in _names(step.record, fields) for step in thread.steps)]
    if exact:
        return exact
    return [thread for thread in found if any(wanted in own for step in thread.steps for own in _names(step.record, fields))]


def _names(record: Record, fields: Sequence[str]) -> Iterator[str]:
    return (fold(str(record.fields.get(name) or "")) for name in fields)
