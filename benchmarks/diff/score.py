"""How many of the edits that were made a comparison finds, and how many it invents. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.diff.edits import Edited
from pipeline.model import Diff

Edit = tuple[str, int, int | str]


@dataclass(slots=True)
class Tally:
    """Counts by kind of edit: made, found, found but listed as doubtful, and reported without having been made."""

    made: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[str] = field(default_factory=Counter)
    invented: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        return self.found.total() / self.made.total()

    def add(self, edited: Edited, diff: Diff) -> None:
        """Count one comparison."""
        made, sure, unsure = set(_made(edited)), set(reported(diff)), set(reported(diff.doubtful or Diff()))
        self.made.update(kind for kind, *_ in made)
        self.found.update(kind for kind, *_ in made & (sure | unsure))
        self.doubtful.update(kind for kind, *_ in (made & unsure))
        self.invented.update(kind for kind, *_ in (sure | unsure) - made)
        # Of two neighbours that swapped places either may be named, so moves are counted: as few as explain the order.
        needed = moves_needed([row for row in edited.origin if row is not None])
        told, guessed = len(diff.moved), len(diff.doubtful.moved) if diff.doubtful else 0
        self.made["moved"] += needed
        self.found["moved"] += min(needed, told + guessed)
        self.doubtful["moved"] += guessed
        self.invented["moved"] += max(0, told + guessed - needed)


def _made(edited: Edited) -> Iterable[Edit]:
    place = {origin: row for row, origin in enumerate(edited.origin) if origin is not None}
    yield from (("removed", row, "") for row in edited.removed)
    yield from (("added", row, "") for row in edited.added)
    yield from (("renamed", row, place[row]) for row in edited.renamed)
    yield from (("changed", row, name) for row, name in edited.changed if edited.old[row][name] != edited.new[place[row]][name])


def reported(diff: Diff) -> Iterable[Edit]:
    """What a comparison says, in the same words; rows count from 0."""
    yield from (("removed", record.row - 1, "") for record in diff.removed)
    yield from (("added", record.row - 1, "") for record in diff.added)
    yield from (("renamed", match.old.row - 1, match.new.row - 1) for match in diff.renamed)
    yield from (("changed", match.old.row - 1, change.field) for match in diff.changed for change in match.changes)


def moves_needed(order: Sequence[int]) -> int:
    """How many rows must be moved at least to come from ascending order to this one."""
    ends: list[int] = []
    for row in order:
        place = bisect_left(ends, row)
        ends[place : place + 1] = [row]
    return len(order) - len(ends)
