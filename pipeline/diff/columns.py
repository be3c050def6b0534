"""Which fields of two versions can be compared, which only one of them has, and what its tables are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Record
from pipeline.profile import Profile

TITLE = "table_title"
Titles = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """``names`` are the fields that name a row, the broadest first; ``parent`` is the group it stands in ("" = none).

    ``compared`` are all other fields that both versions have. ``groups`` maps a field that holds the name in a tick to its
    tick: the tick does not determine the name, so it is compared where the ticks are equal. ``added`` and ``removed`` are
    fields that only one version has.
    """

    names: tuple[str, ...]
    parent: str
    compared: tuple[str, ...]
    groups: dict[str, str]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def only(self, fields: Collection[str] | None) -> Columns:
        """The same, with nothing else compared than these fields (None: no limit)."""
        if fields is None:
            return self

        def kept(names: Iterable[str]) -> tuple[str, ...]:
            return tuple(name for name in names if name in fields)

        return replace(self, compared=kept(self.compared), added=kept(self.added), removed=kept(self.removed))


def read_columns(old: Sequence[Record], new: Sequence[Record], profile: Profile) -> Columns:
    """The columns of two versions, in the order of the newer one's rows."""
    names = tuple(field for field in profile.key if field != profile.parent)
    groups = {group: field.name for field in profile.fields if field.kind == "tick" for group in field.derived}
    passed = {"row", TITLE, *names, *profile.names("serial")}
    passed |= {derived for field in profile.fields for derived in field.derived} - set(groups)
    in_old, in_new = _present(old), _present(new)
    both = tuple(field for field in dict.fromkeys([*in_new, *in_old]) if field not in passed)
    # A name in a tick is there only where some row has one: that is no column that comes or goes. Nor is one of no rows.
    whole = set(groups) if old and new else set(both)
    compared = tuple(field for field in both if field in whole or (field in in_old and field in in_new))
    added = tuple(field for field in both if field not in compared and field not in in_old)
    removed = tuple(field for field in both if field not in compared and field not in in_new)
    return Columns(names, profile.parent, compared, groups, added, removed)


def _present(records: Sequence[Record]) -> list[str]:
    """The fields that some row has: null everywhere means that there is no such column."""
    shapes = dict.fromkeys(tuple(record.fields) for record in records)
    names = dict.fromkeys(name for shape in shapes for name in shape)
    return [name for name in names if any(record.fields.get(name) is not None for record in records)]


def title_of(record: Record) -> str:
    """The caption of the table that a row stands in, "" where it has none."""
    return str(record.fields.get(TITLE) or "")


def usual_titles(pairs: Iterable[tuple[Record, Record]]) -> Titles:
    """Which captions continue each other: (old, new) such that most rows under one of them stand under the other.

    A row whose captions are no such pair went from one table to another.
    """
    counts = Counter((title_of(old), title_of(new)) for old, new in pairs)
    most_of_old: Counter[str] = Counter()
    most_of_new: Counter[str] = Counter()
    for (before, after), count in counts.items():
        most_of_old[before] = max(most_of_old[before], count)
        most_of_new[after] = max(most_of_new[after], count)
    return frozenset(pair for pair, count in counts.items() if count in (most_of_old[pair[0]], most_of_new[pair[1]]))
