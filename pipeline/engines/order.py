"""The order in which a person reads the tables of a page."""

from __future__ import annotations

from collections.abc import Sequence

Box = tuple[float, float, float, float]
# Points by which tables may overlap and still lie below or beside each other: half of a thick rule on each side.
_OVERLAP = 3.0


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """The places of boxes (x0, top, x1, bottom) in reading order: from top to bottom, and of those side by side from the left.

    Two pages on one sheet are read one after the other, wherever their tables begin. The page is cut between tables, across
    where that is possible, else down, and each part again (the recursive X-Y cut of Nagy and Seth, 1984).
    """
    return _ordered(boxes, list(range(len(boxes))))


def _ordered(boxes: Sequence[Box], at: list[int]) -> list[int]:
    if len(at) < 2:
        return at
    for low, high in ((1, 3), (0, 2)):
        parts = _parts(boxes, at, low, high)
        if len(parts) > 1:
            return [place for part in parts for place in _ordered(boxes, part)]
    return sorted(at, key=lambda i: (round(boxes[i][1]), boxes[i][0]))


def _parts(boxes: Sequence[Box], at: list[int], low: int, high: int) -> list[list[int]]:
    """The boxes in groups between which nothing lies, along one axis."""
    parts: list[list[int]] = []
    reach = float("-inf")
    for place in sorted(at, key=lambda i: (boxes[i][low], i)):
        if boxes[place][low] >= reach - _OVERLAP:
            parts.append([])
        parts[-1].append(place)
        reach = max(reach, boxes[place][high])
    return parts
