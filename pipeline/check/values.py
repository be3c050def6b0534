"""Single values that cannot be right: blanks, groups without a tick, items that come twice, titles without an end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.check.wording import is_settled, issue, quoted, title_of
from pipeline.model import Issue, Place, Record
from pipeline.profile import Profile


def blank_fields(records: Sequence[Record], profile: Profile) -> Iterator[Issue]:
    """Required fields without a value: an error where the row then has no name at all, else a warning."""
    for record in records:
        nameless = not any(record.fields.get(name) for name in profile.key)
        for name in _asserted(profile, "not_blank"):
            if name in record.values and record.fields.get(name) in (None, "", []):
                severe = nameless and name in profile.key
                if is_settled(record, name) and not severe:
                    continue
                told = "the row names no item" if severe else "nothing is printed for this row"
                message = f"{title_of(name, profile)} is blank: {told}"
                yield issue("blank", "error" if severe else "warning", message, record, name)


def unticked_groups(records: Sequence[Record], profile: Profile) -> Iterator[Issue]:
    """Groups of tick columns (audience, method) of which a row ticks none, unless a column is not told."""
    for record in records:
        for group in _asserted(profile, "one_of"):
            names = [name for name in group if name in record.values]
            if names and all(record.fields[name] is False for name in names) and not is_settled(record, *names):
                titles = ", ".join(title_of(name, profile) for name in names)
                yield issue("one_of", "warning", f"none is ticked of: {titles}", record, names[0])


def repeated_items(records: Sequence[Record], profile: Profile) -> Iterator[Issue]:
    """Rows of one table that name the same item under the same parent."""
    first: dict[tuple[Any, ...], Record] = {}
    for record in records:
        names = tuple(record.fields.get(name) for name in profile.key)
        if not any(names[1:] if len(names) > 1 else names) or is_settled(record, profile.key[min(1, len(names) - 1)]):
            continue
        earlier = first.setdefault((record.fields.get("table_title"), *names), record)
        if earlier is not record and not _starts_again(earlier, record):
            told = " / ".join(str(name) for name in names if name)
            message = f"the item {quoted(told)} comes twice: also in row {earlier.row} (serial number {earlier.seq})"
            yield issue("repeated_item", "warning", message, record, profile.key[min(1, len(names) - 1)])


def _starts_again(earlier: Record, record: Record) -> bool:
    """Whether a later row counts from the start again: another table without a title, which may hold the same items."""
    return earlier.seq is not None and record.seq is not None and record.seq <= earlier.seq


def unclosed_titles(records: Sequence[Record], profile: Profile) -> Iterator[Issue]:
    """List entries with a 《 and no 》, or the other way round; once for each printed cell."""
    seen: set[tuple[Any, ...]] = set()
    for record in records:
        for name in (name for name in _asserted(profile, "closed_titles") if not is_settled(record, name)):
            for entry in record.fields.get(name) or []:
                if entry.count("《") != entry.count("》") and not _is_seen((name, entry), record, name, seen):
                    message = f"{title_of(name, profile)}: {quoted(entry)} does not have a 》 for each 《; a part may be lost"
                    yield issue("unclosed_title", "warning", message, record, name)


def unread_limits(records: Sequence[Record], profile: Profile) -> Iterator[Issue]:
    """Time limits that are neither a number nor a known word; once for each printed cell."""
    seen: set[tuple[Any, ...]] = set()
    limits = [field for field in profile.fields if field.kind == "limit" and len(field.derived) > 2]
    for record in records:
        for field in (field for field in limits if not is_settled(record, field.name)):
            number, kind = record.fields.get(field.derived[0]), record.fields.get(field.derived[2])
            text = record.fields.get(field.name)
            if kind == "other" and number is None and not _is_seen((field.name, text), record, field.name, seen):
                message = f"{field.title}: {quoted(text)} is no limit that is known; value, unit and kind are not told"
                yield issue("limit_unread", "warning", message, record, field.name)


def _asserted(profile: Profile, name: str) -> Sequence[Any]:
    found: Sequence[Any] = profile.settings.get("assertions", {}).get(name, ())
    return found


def _is_seen(key: tuple[Any, ...], record: Record, name: str, seen: set[tuple[Any, ...]]) -> bool:
    """Whether the same printed cell (of a merged cell: another of its rows) has been told of; remembers it."""
    places: tuple[Place, ...] = record.values[name].places if name in record.values else ()
    whole = (*key, places or record.row)
    known = whole in seen
    seen.add(whole)
    return known
