"""What the rows of a page tell about each other: where its columns stand, which it lost, what its rows tick."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.align.looks import Look
from pipeline.align.path import Around, Path
from pipeline.align.units import Unit

# A row with so many texts shows where its columns stand; it counts more than a row of item and ticks.
_RICH, _WEIGHT = 3, 3
_SURE = 1.0


@dataclass(frozen=True, slots=True)
class PageMap:
    """What a page's rows tell: for each row width the cell index of each unit; the units that the page does not print at all;
    (tick unit, number of its cells) where the page prints fewer than the table has; the width that most of its rows have; the
    units of which it is not sure that they stand there, since another one may be lost."""

    anchors: Mapping[int, tuple[tuple[int, int], ...]]
    lost: frozenset[int]
    few: tuple[tuple[int, int], ...]
    width: int
    unsure: frozenset[int] = frozenset()

    def around(self, width: int) -> Around:
        """What it tells a row of so many cells. A short row may have lost cells on a page that is whole."""
        return Around(self.anchors.get(width, ()), self.lost, self.few, bool(self.few) or width < self.width)


def around_without(units: Sequence[Unit], lost: frozenset[int], full: bool) -> Around:
    """What would hold if a page had all columns but the lost ones; ``full``: for a row with a cell for each of these."""
    anchors: list[tuple[int, int]] = []
    at = 0
    for j, unit in enumerate(units):
        if j not in lost:
            anchors.append((j, at))
            at += len(unit.columns)
    return Around(tuple(anchors) if full else (), lost)


def map_page(
    rows: Sequence[Sequence[Look]], paths: Sequence[Path], units: Sequence[Unit], lost: frozenset[int], stripped: bool
) -> PageMap:
    """Votes of the rows of one page, save for those that slid: such a row would confirm itself.

    ``lost`` are units that it is known to lack; ``stripped``: the dump cut blank cells off the ends of its lines.
    """
    votes: dict[int, dict[int, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for row, path in ((row, path) for row, path in zip(rows, paths, strict=True) if not path.slid):
        weight = _WEIGHT if is_rich(row) else 1
        for j, at in _places(row, path, units):
            votes[len(row)][j][at] += weight
    anchors = {
        width: tuple(sorted((j, max(counts, key=lambda i: (counts[i], -i))) for j, counts in by_unit.items()))
        for width, by_unit in votes.items()
    }
    few = () if stripped else tuple(_few(rows, paths, units))
    return PageMap(anchors, lost | _lost(rows, paths, units), few, usual_width(rows))


def usual_width(rows: Sequence[Sequence[Look]]) -> int:
    """The number of cells that most rows have."""
    widths = Counter(map(len, rows))
    return max(widths, key=lambda width: (widths[width], width), default=0)


def filled_width(rows: Sequence[Sequence[Look]]) -> int:
    """The number of cells up to the last one that any row fills."""
    return max((n for row in rows for n, look in enumerate(row, 1) if not look.blank), default=0)


def _places(row: Sequence[Look], path: Path, units: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Where a row prints its units, as far as its own looks tell."""
    for j, unit in enumerate(units):
        if unit.ticks:
            ticks = path.ticks[j]
            if any(ticks.reading.pattern) and (is_rich(row) or ticks.margin >= _SURE):
                yield j, ticks.start
        elif (at := path.cells.get(unit.columns[0])) is not None and (not row[at].blank or is_rich(row)):
            yield j, at


def _few(rows: Sequence[Sequence[Look]], paths: Sequence[Path], units: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """The tick units for which the page prints fewer cells than they have columns, with their number."""
    rich = [path for row, path in zip(rows, paths, strict=True) if is_rich(row)] or list(paths)
    for j, unit in enumerate(units):
        if unit.ticks:
            sizes = Counter(path.ticks[j].stop - path.ticks[j].start for path in rich if any(path.ticks[j].reading.pattern))
            usual = max(sizes, key=lambda size: (sizes[size], size), default=len(unit.columns))
            if usual < len(unit.columns):
                yield j, usual


def is_rich(row: Sequence[Look]) -> bool:
    """Whether a row prints enough texts to show where its columns stand."""
    return sum(not look.blank and look.tick is None for look in row) >= _RICH + 2


def _lost(rows: Sequence[Sequence[Look]], paths: Sequence[Path], units: Sequence[Unit]) -> frozenset[int]:
    """Units without a cell, not even a blank one, in most rows that show where their columns stand, and surely in none.

    A row that slid does not show it.
    """
    rich = [path for row, path in zip(rows, paths, strict=True) if is_rich(row) and not path.slid]
    printed = {column for path in paths for column, i in path.cells.items() if path.margins.get(i, 0.0) >= _SURE}
    skips = Counter(column for path in rich for column in path.skipped)
    columns = {j: unit.columns[0] for j, unit in enumerate(units) if unit.may_be_lost}
    return frozenset(j for j, column in columns.items() if rich and column not in printed and 2 * skips[column] > len(rich))
