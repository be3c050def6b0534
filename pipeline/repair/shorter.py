"""A list that ends on a whole entry where every other row of the document prints one and the same longer list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

# Fewer rows than this may agree by chance.
_ROWS = 3

Slot = TypeVar("Slot")


def the_shorter(lists: Mapping[tuple[str, ...], Sequence[Slot]]) -> Slot | None:
    """The one place that prints the beginning of what all others print; None where there is no such place.

    ``lists`` has for each list of entries the places that print it. The list stays as printed, with a doubt.
    """
    if len(lists) != 2:
        return None
    (short, once), (long, often) = sorted(lists.items(), key=lambda item: len(item[0]))
    if len(once) == 1 and len(often) >= _ROWS and short and long[: len(short)] == short:
        return once[0]
    return None
