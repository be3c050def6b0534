"""Pages whose rules do not make the cells that a reader sees."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.headings.layout import Layout
from pipeline.model import Cell
from pipeline.text import squash


def is_broken(layout: Layout, serials: Sequence[Cell]) -> bool:
    """Whether nothing on the page can be trusted: ``serials`` are its cells in the column of the serial numbers, from above.

    In a recognised page a rule may be worn away: which rows that makes unsure, the engine knows.
    """
    return (layout.in_pieces and not layout.recognised) or _joins_rows(serials)


def _joins_rows(serials: Sequence[Cell]) -> bool:
    """Whether one of a page's serial cells prints numbers that follow each other, a line each.

    WeasyPrint draws the rules of headings that a page does not repeat over its first rows, and these then belong to nobody. A
    narrow column may set the digits of one number below each other: then it follows the one above, or the one below follows it.
    """
    texts = [squash(cell.text) for cell in serials]
    whole = [int(text) if text.isdecimal() else None for text in texts]
    return any(_several(cell.text) and not _follows(whole, n) for n, cell in enumerate(serials))


def _several(text: str) -> bool:
    lines = [squash(line) for line in text.split("\n")]
    return len(lines) > 1 and all(map(str.isdecimal, lines)) and all(int(b) == int(a) + 1 for a, b in pairwise(lines))


def _follows(whole: Sequence[int | None], n: int) -> bool:
    number, above, below = whole[n], whole[n - 1] if n else None, whole[n + 1] if n + 1 < len(whole) else None
    return number is not None and (above == number - 1 or below == number + 1)
