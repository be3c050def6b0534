"""From blocks of ruled lines to grids: where the edges of a table are, and which of its slots are one cell.

numpy takes as long for one table as for thirty, so all tables of a strip of pages are worked on at once: their edges, and their
slots row by row, stand one table after the other in flat arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from pipeline.engines.lattice.blocks import SNAP, Block
from pipeline.engines.lattice.chars import Bools
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.ranks import distinct
from pipeline.engines.lattice.regions import cut_regions

# A side of a slot is closed when this share of it is ruled.
COVERED = 0.5
# And when rules come this close (points) to both of its ends: half of a thick or doubled rule across them.
REACH = 1.8
# What is smaller than this on either side is a check box or an ornament, not a table.
SMALL = 14.0
# So many columns are a row of a table, of which a page's end may leave one line of small type.
ROW, LOW = 5, 4.0
# The two lines of a doubled rule are at most this far apart (Word and Calc draw 2.5 points from edge to edge).
DOUBLED = 3.0
# Further than any coordinate on a strip: keeps the tables apart where all edges are searched at once.
_APART = 2.0**22


class RuledGrid(NamedTuple):
    """A ruled table: its edges and, for each slot, the number of its cell.

    ``xs`` (columns + 1) and ``ys`` (rows + 1) ascending; ``label`` (rows, columns) numbers cells from 0; ``cells`` (cells, 5)
    holds for each label row, col, row_span, col_span, and region or -1; ``top_ruled`` / ``bottom_ruled`` (columns) tell
    whether the table's first and last edge is drawn above and below each column.
    """

    xs: Floats
    ys: Floats
    label: Ints
    cells: Ints
    top_ruled: Bools
    bottom_ruled: Bools


@dataclass(frozen=True)
class _Edges:
    """The edges of several tables along one axis: positions, ascending, one table after the other."""

    at: Floats
    counts: Ints

    @classmethod
    def of(cls, edges: Sequence[Floats]) -> _Edges:
        return cls(np.concatenate(edges), np.array([len(e) for e in edges], np.int64))

    @cached_property
    def starts(self) -> Ints:
        return np.asarray(np.cumsum(self.counts) - self.counts)

    @cached_property
    def key(self) -> Floats:
        """The edges of all tables as one ascending column."""
        return np.asarray(self.at + np.repeat(np.arange(len(self.counts)), self.counts) * _APART)


@dataclass(frozen=True)
class _Slots:
    """The slots of several tables, row by row, one table after the other. Of each table: how many rows and columns."""

    rows: Ints
    columns: Ints

    @cached_property
    def starts(self) -> Ints:
        return np.asarray(np.cumsum(self.rows * self.columns) - self.rows * self.columns)

    @cached_property
    def table(self) -> Ints:
        return np.repeat(np.arange(len(self.rows)), self.rows * self.columns)

    @cached_property
    def _place(self) -> tuple[Ints, Ints]:
        row, column = np.divmod(np.arange(len(self.table)) - self.starts[self.table], self.columns[self.table])
        return row, column

    @property
    def row(self) -> Ints:
        return self._place[0]

    @property
    def column(self) -> Ints:
        return self._place[1]


def blocks_to_grids(blocks: Sequence[Block], small: float = SMALL) -> list[RuledGrid | None]:
    """The grid of each block (None where it is smaller than ``small`` points on a side, and so no table)."""
    edges = [(_edges(d[:, 0], a[:, 1].min(), a[:, 2].max()), _edges(a[:, 0], d[:, 1].min(), d[:, 2].max())) for a, d in blocks]
    large = [k for k, (xs, ys) in enumerate(edges) if _is_table(xs, ys, small)]
    grids: list[RuledGrid | None] = [None] * len(blocks)
    if large:
        found = _grids([blocks[k] for k in large], [edges[k] for k in large])
        for k, grid in zip(large, found, strict=True):
            grids[k] = grid
    return grids


def _is_table(xs: Floats, ys: Floats, small: float) -> bool:
    if len(xs) < 2 or len(ys) < 2:
        return False
    return bool(xs[-1] - xs[0] >= small and ys[-1] - ys[0] >= (small if len(xs) < ROW else LOW))


def _edges(positions: Floats, low: float, high: float) -> Floats:
    """Edges at the lines, and at the ends of the crossing lines where these reach beyond them (no outer border, open cells): a
    thick or doubled border is wider on either side, but the end of a row may be hardly more."""
    edges = distinct(positions)
    before = [low] if low < edges[0] - SNAP else []
    after = [high] if high > edges[-1] + SNAP else []
    return np.concatenate([before, edges, after]) if before or after else edges


def _without_doubled(lines: Floats, edges: Floats, breaks: Floats) -> Floats:
    """Edges with the two of a doubled rule as one: closer than any text is high, and ruled over the same slots.

    Where a page break leaves a strip of a row that thin, merged cells cross it, so its sides are not ruled over the same slots.
    """
    thin = np.diff(edges) < DOUBLED
    if not thin.any():
        return edges
    ruled = _ruled([lines], [edges], [breaks]).reshape(len(edges), -1)
    # Where doubled rules cross, corners are drawn in many ways.
    alike = (ruled[1:] == ruled[:-1]) | (np.diff(breaks) < DOUBLED)
    first = np.flatnonzero(thin & alike.all(axis=1))
    # Lines end at either of the two, so the edge between them is in reach of all.
    whole = edges.copy()
    whole[first] = (edges[first] + edges[first + 1]) / 2
    return np.delete(whole, first + 1)


def _grids(blocks: Sequence[Block], edges: Sequence[tuple[Floats, Floats]]) -> list[RuledGrid]:
    across, down = [a for a, _ in blocks], [d for _, d in blocks]
    ys = [_without_doubled(a, y, x) for a, (x, y) in zip(across, edges, strict=True)]
    xs = [_without_doubled(d, x, y) for d, (x, _), y in zip(down, edges, ys, strict=True)]
    slots = _Slots(*(np.array([len(e) - 1 for e in axis], np.int64) for axis in (ys, xs)))
    level, upright = _ruled(across, ys, xs), _ruled(down, xs, ys)
    label = _label(slots, level, upright)
    tops, bottoms = _outer(level, [len(y) for y in ys], [len(x) for x in xs])
    slots, label, ys, xs, changed = _drop_idle(slots, label, ys, xs)
    if changed:
        again = _ruled([across[k] for k in changed], [ys[k] for k in changed], [xs[k] for k in changed])
        anew = _outer(again, [len(ys[k]) for k in changed], [len(xs[k]) for k in changed])
        for k, top, bottom in zip(changed, *anew, strict=True):
            tops[k], bottoms[k] = top, bottom
    labels, cells = _rectangles(slots, label)
    return [RuledGrid(*parts) for parts in zip(xs, ys, labels, cells, tops, bottoms, strict=True)]


def _ruled(lines: Sequence[Floats], edges: Sequence[Floats], breaks: Sequence[Floats]) -> Bools:
    """For each table (edges, breaks - 1), flat: is the edge ruled between two neighbouring breaks.

    It is where lines cover most of it and reach both of its ends; an underline stops short of the cell's sides.
    """
    along, across = _Edges.of(breaks), _Edges.of(edges)
    slots = _Slots(across.counts, along.counts - 1)
    every = np.concatenate(lines)
    table = np.repeat(np.arange(len(lines)), [len(part) for part in lines])
    edge, near = _nearest(across, every[:, 0], table)
    every, table, edge = every[near], table[near], edge[near]
    shift, first = table * _APART, along.starts[table]
    # The intervals that a line overlaps: from the one that ends behind its start to the one that begins before its end.
    low = np.maximum(np.searchsorted(along.key, every[:, 1] + shift, side="right") - 1, first)
    high = np.minimum(np.searchsorted(along.key, every[:, 2] + shift) - 1, first + along.counts[table] - 2)
    counts = np.maximum(high - low + 1, 0)
    line = np.repeat(np.arange(len(counts)), counts)
    interval = low[line] + np.arange(len(line)) - (np.cumsum(counts) - counts)[line]
    start, end, left, right = every[line, 1], every[line, 2], along.at[interval], along.at[interval + 1]
    slot = (slots.starts[table] + (edge - across.starts[table]) * slots.columns[table] - first)[line] + interval
    n = len(slots.table)
    total = np.bincount(slot, np.maximum(np.minimum(end, right) - np.maximum(start, left), 0), minlength=n)
    begins = np.bincount(slot[start <= left + REACH], minlength=n) > 0
    ends = np.bincount(slot[end >= right - REACH], minlength=n) > 0
    at = along.starts[slots.table] + slots.column
    return np.asarray((total >= COVERED * (along.at[at + 1] - along.at[at])) & begins & ends)


def _nearest(edges: _Edges, positions: Floats, table: Ints) -> tuple[Ints, Bools]:
    """The nearest edge of its table to each position, and whether it is near enough."""
    wanted = positions + table * _APART
    right = np.searchsorted(edges.key, wanted).clip(1, len(edges.key) - 1)
    at = np.where(wanted - edges.key[right - 1] <= edges.key[right] - wanted, right - 1, right)
    return at, np.asarray(np.abs(edges.key[at] - wanted) <= SNAP)


def _label(slots: _Slots, level: Bools, upright: Bools) -> Ints:
    """Connected slots, each by the first of them; ``level`` are the walls above and below, ``upright`` those beside.

    The smallest number spreads along whole runs of a row, then of a column, so a rectangle is done after one round.
    """
    table, row, column = slots.table, slots.row, slots.column
    columns, rows = slots.columns[table], slots.rows[table]
    above = slots.starts + np.cumsum(slots.columns) - slots.columns
    beside = slots.starts + np.cumsum(slots.rows) - slots.rows
    wall_above = (row == 0) | level[above[table] + row * columns + column]
    wall_left = (column == 0) | upright[beside[table] + column * rows + row]
    by_column = np.empty(len(table), np.int64)
    by_column[slots.starts[table] + column * rows + row] = np.arange(len(table))
    across, down = np.flatnonzero(wall_left), np.flatnonzero(wall_above[by_column])
    run, stack = np.cumsum(wall_left) - 1, np.cumsum(wall_above[by_column]) - 1
    label = np.arange(len(table))
    while True:
        spread = np.empty_like(label)
        spread[by_column] = np.minimum.reduceat(np.minimum.reduceat(label, across)[run][by_column], down)[stack]
        if (spread == label).all():
            return label
        label = spread


def _drop_idle(
    slots: _Slots, label: Ints, ys: list[Floats], xs: list[Floats]
) -> tuple[_Slots, Ints, list[Floats], list[Floats], list[int]]:
    """Without the edges that separate nothing (an underlined word draws one); and the tables that lost some."""
    table, row, column = slots.table, slots.row, slots.column
    rows_at, columns_at = np.cumsum(slots.rows) - slots.rows, np.cumsum(slots.columns) - slots.columns
    works_row = np.zeros(int(slots.rows.sum()), bool)
    works_column = np.zeros(int(slots.columns.sum()), bool)
    works_row[rows_at], works_column[columns_at] = True, True
    below, beside = np.flatnonzero(row > 0), np.flatnonzero(column > 0)
    parts = below[label[below] != label[below - slots.columns[table[below]]]]
    works_row[rows_at[table[parts]] + row[parts]] = True
    parts = beside[label[beside] != label[beside - 1]]
    works_column[columns_at[table[parts]] + column[parts]] = True
    if works_row.all() and works_column.all():
        return slots, label, ys, xs, []
    kept = works_row[rows_at[table] + row] & works_column[columns_at[table] + column]
    rows, columns = np.add.reduceat(works_row, rows_at, dtype=np.int64), np.add.reduceat(works_column, columns_at, dtype=np.int64)
    changed = np.flatnonzero((rows < slots.rows) | (columns < slots.columns)).tolist()
    ys, xs = ys.copy(), xs.copy()
    for k in changed:
        ys[k] = ys[k][np.append(works_row[rows_at[k] : rows_at[k] + slots.rows[k]], True)]
        xs[k] = xs[k][np.append(works_column[columns_at[k] : columns_at[k] + slots.columns[k]], True)]
    return _Slots(rows, columns), label[kept], ys, xs, changed


def _outer(ruled: Bools, edges: Sequence[int], breaks: Sequence[int]) -> tuple[list[Bools], list[Bools]]:
    """The first and the last edge of each table: which of its columns are ruled there."""
    tops, bottoms, start = [], [], 0
    for n, columns in zip(edges, (b - 1 for b in breaks), strict=True):
        tops.append(ruled[start : start + columns])
        start += n * columns
        bottoms.append(ruled[start - columns : start])
    return tops, bottoms


def _rectangles(slots: _Slots, label: Ints) -> tuple[list[Ints], list[Ints]]:
    """For each table its slots' cells, and the cells as rows of (row, col, row_span, col_span, region)."""
    order = np.argsort(label, kind="stable")
    opens = np.ones(len(order), bool)
    opens[1:] = np.diff(label[order]) != 0
    first = np.flatnonzero(opens)
    row, column, home = slots.row[order], slots.column[order], slots.table[order][first]
    top, bottom = np.minimum.reduceat(row, first), np.maximum.reduceat(row, first)
    left, right = np.minimum.reduceat(column, first), np.maximum.reduceat(column, first)
    spans = np.stack([top, left, bottom - top + 1, right - left + 1, np.full(len(first), -1)], axis=1)
    full = np.diff(np.append(first, len(order))) == spans[:, 2] * spans[:, 3]
    ranked = np.lexsort((left, top, home))
    rank = np.empty(len(first), np.int64)
    rank[ranked] = np.arange(len(first))
    starts = np.searchsorted(home[ranked], np.arange(len(slots.rows) + 1))
    number = np.empty(len(order), np.int64)
    number[order] = rank[np.cumsum(opens) - 1]
    labels, cells = [], []
    for k, (rows, columns, at) in enumerate(zip(slots.rows.tolist(), slots.columns.tolist(), slots.starts.tolist(), strict=True)):
        mine = ranked[starts[k] : starts[k + 1]]
        grid = number[at : at + rows * columns].reshape(rows, columns) - starts[k]
        cut = (grid, spans[mine]) if full[mine].all() else cut_regions(grid, spans[mine], full[mine])
        labels.append(cut[0])
        cells.append(cut[1])
    return labels, cells
