"""What stands in the same order in both versions, and what has moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from pipeline.diff.rows import Rows


def common_order(old: Rows, new: Rows) -> list[tuple[int, int]]:
    """The longest sequence of rows (i, j) of equal names and group that both versions have in the same order."""
    numbers: dict[tuple[str | int, ...], int] = {}

    def tokens(rows: Rows) -> list[int]:
        keys = zip(rows.names, rows.groups.tolist(), rows.cells, strict=True)
        return [numbers.setdefault((*names, group) if any(names) else cells, len(numbers)) for names, group, cells in keys]

    blocks = LCSseq.opcodes(tokens(old), tokens(new)).as_matching_blocks()
    return [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]


def moved(order: Sequence[int]) -> set[int]:
    """The positions of the rows that must be moved so that ``order`` ascends; as few as can be.

    Of two neighbours that swapped places either could be named. Schensted, Longest increasing and decreasing subsequences,
    Canadian Journal of Mathematics 13, 1961.
    """
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for position, place in enumerate(order):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [position]
    kept: set[int] = set()
    position = last[-1] if last else -1
    while position >= 0:
        kept.add(position)
        position = before[position]
    return set(range(len(order))) - kept
