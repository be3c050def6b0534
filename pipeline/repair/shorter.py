"""A list that ends on a whole entry where every other row of the document prints one and the same longer list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# Fewer rows than this may agree by chance.
_ROWS = 3


def is_shorter(entries: Sequence[str], others: Iterable[Sequence[str]]) -> bool:
    """Whether all other lists are the same and this one is its beginning. It stays as printed, with a doubt."""
    lists = [list(other) for other in others]
    if len(lists) < _ROWS or not entries or any(other != lists[0] for other in lists):
        return False
    return len(entries) < len(lists[0]) and list(entries) == lists[0][: len(entries)]
