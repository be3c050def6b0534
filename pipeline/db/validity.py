"""From which version to which an item stands unchanged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any


def by_number(name: str) -> tuple[bool, list[int], str]:
    """The order of versions: 2020-9 before 2020-10; what has no number last, since it has no place in time."""
    numbers = [int(number) for number in re.findall(r"\d+", name)]
    return not numbers, numbers, name


def spans(contents: Sequence[frozenset[str]]) -> list[dict[str, tuple[int, int | None]]]:
    """For each version (the oldest first) its contents with (first version, first version without it or None), as indices.

    What went away and came back stands in two spans.
    """
    found: list[dict[str, tuple[int, int | None]]] = [{} for _ in contents]
    for number, here in enumerate(contents):
        before = found[number - 1] if number else {}
        found[number] = {content: (before[content][0] if content in before else number, None) for content in here}
    for number in range(len(contents) - 2, -1, -1):
        after = found[number + 1]
        for content, (first, _) in found[number].items():
            found[number][content] = (first, after[content][1] if content in after else number + 1)
    return found


def settle(db: Any, catalog: int) -> None:
    """Bring the order of a catalog's versions, and what is valid from when to when, in step with its items."""
    versions = sorted(
        db.execute("SELECT id, name FROM versions WHERE catalog = ?", [catalog]).fetchall(), key=lambda v: by_number(v[1])
    )
    dated = [version for version in versions if not by_number(version[1])[0]]
    latest = {dated[-1][0]} if dated else {number for number, _ in versions}
    for position, (number, name) in enumerate(versions, 1):
        place = position if (number, name) in dated else None
        db.execute("UPDATE versions SET position = ?, latest = ? WHERE id = ?", [place, number in latest, number])
    items = {number: _contents(db, number) for number, _ in versions}
    names = [name for _, name in dated]
    known = spans([frozenset(content for _, content in items[number]) for number, _ in dated])
    lines: list[tuple[Any, ...]] = []
    for index, (number, _) in enumerate(dated):
        for item, content in items[number]:
            first, end = known[index][content]
            lines.append((names[first], None if end is None else names[end], number in latest, item))
    lines += [(None, None, number in latest, item) for number, _ in versions[len(dated) :] for item, _ in items[number]]
    changed = "(valid_from IS NOT ?1 OR valid_to IS NOT ?2 OR current IS NOT ?3)"
    db.conn.executemany(f"UPDATE items SET valid_from = ?1, valid_to = ?2, current = ?3 WHERE id = ?4 AND {changed}", lines)


def _contents(db: Any, version: int) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = db.execute("SELECT id, content FROM items WHERE version = ?", [version]).fetchall()
    return found
