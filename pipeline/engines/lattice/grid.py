"""From ruled lines to grids: which lines are one table, where its edges are, and which slots are one cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice.blocks import FINE, GAP, SNAP, Block, unite_blocks
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.rules import Rules

# A side of a slot is closed when this share of it is ruled.
COVERED = 0.5
# So many different column layouts of earlier pages are remembered.
KNOWN = 16
# And when rules come this close (points) to both of its ends: half of a thick or doubled rule across them.
REACH = 1.8
# What is smaller than this on either side is a check box or an ornament, not a table.
SMALL = 14.0
# So many columns are a row of a table, of which a page's end may leave one line of small type.
ROW, LOW = 5, 4.0
# The two lines of a doubled rule are at most this far apart (Word and Calc draw 2.5 points from edge to edge).
DOUBLED = 3.0
# A frame round a page or a table has at most this many cells.
FRAME = 2


@dataclass(frozen=True, slots=True)
class RuledGrid:
    """A ruled table: its edges and, for each slot, the number of its cell.

    ``xs`` (columns + 1) and ``ys`` (rows + 1) ascending; ``label`` (rows, columns) numbers cells from 0; ``cells`` holds for
    each label (row, col, row_span, col_span, region or -1); ``top_ruled`` / ``bottom_ruled`` (columns) tell whether the
    table's first and last edge is drawn above and below each column.
    """

    xs: Floats
    ys: Floats
    label: Ints
    cells: tuple[tuple[int, int, int, int, int], ...]
    top_ruled: npt.NDArray[np.bool_]
    bottom_ruled: npt.NDArray[np.bool_]


def rules_to_grids(
    rules: Rules, text: list[Floats], known: list[Floats], offsets: Floats, stride: float
) -> list[list[RuledGrid]]:
    """The ruled tables of each page of a strip, from top to bottom, then from left to right.

    Page ``i`` stands at ``offsets[i]`` in both directions, pages are ``stride`` apart. ``text`` holds for each page the centres
    (n, 2) of its glyphs and ``known`` the column edges of tables on earlier pages (in page coordinates; those of these pages
    are added): both tell whether two ruled blocks side by side are one table whose columns between them are open at both ends.
    """
    across, down = _merge(rules.across, stride), _merge(rules.down, stride)
    blocks, lone = _components(across, down)
    home = [int((block[1][0, 0] + SNAP) // stride) for block in blocks]
    pages: list[list[RuledGrid]] = []
    for page, offset in enumerate(offsets.tolist()):
        mine = [block for block, at in zip(blocks, home, strict=True) if at == page]
        alone = lone[(lone[:, 0] + SNAP) // stride == page] if len(lone) else lone
        whole = unite_blocks(mine, alone, text[page], [xs + offset for xs in known]) if len(mine) > 1 or len(alone) else mine
        grids = [g for a, d in whole if (g := _grid(a, d)) is not None]
        if len(alone) > 1:
            grids += _rows_without_rules(alone, grids, [xs + offset for xs in known])
        grids = sorted(_without_nested(grids) if len(grids) > 1 else grids, key=lambda g: (round(g.ys[0]), g.xs[0]))
        for grid in grids:
            _remember(known, grid.xs - offset)
        pages.append(grids)
    return pages


def _rows_without_rules(lone: Floats, grids: list[RuledGrid], known: list[Floats]) -> list[RuledGrid]:
    """The last lines of a row that goes on over a page's end, in a table without an outer border: no horizontal rule is left.

    What is left are vertical rules of one height, at each of the inner edges of a table on an earlier page and at no other place.
    """
    outside = [not any(g.ys[0] - SNAP <= line[1] and line[2] <= g.ys[-1] + SNAP for g in grids) for line in lone]
    found: list[RuledGrid] = []
    rest = lone[outside]
    while len(rest):
        alike = (np.abs(rest[:, 1] - rest[0, 1]) <= SNAP) & (np.abs(rest[:, 2] - rest[0, 2]) <= SNAP)
        rules, rest = rest[alike], rest[~alike]
        top, bottom = float(rules[:, 1].min()), float(rules[:, 2].max())
        xs = next((xs for xs in reversed(known) if len(xs) > 3 and _are_edges(rules[:, 0], xs)), None)
        if xs is not None and bottom - top > FINE:
            columns = len(xs) - 1
            cells = tuple((0, col, 1, 1, -1) for col in range(columns))
            none = np.zeros(columns, bool)
            found.append(RuledGrid(xs, np.array([top, bottom]), np.arange(columns).reshape(1, -1), cells, none, none))
    return found


def _are_edges(positions: Floats, xs: Floats) -> bool:
    """Whether lines stand at every inner edge, and at edges only."""
    near = np.abs(positions[:, None] - xs[None, :]) <= SNAP
    return bool(near.any(axis=1).all() and near[:, 1:-1].any(axis=0).all())


def _remember(known: list[Floats], xs: Floats) -> None:
    """Add the column edges of a table to those of earlier pages, each layout once and only the last ones."""
    if not any(len(xs) == len(other) and np.abs(xs - other).max() < FINE for other in known):
        known.append(xs)
        del known[:-KNOWN]


def _cluster(values: Floats, stride: float) -> tuple[Floats, Ints]:
    """Centres of groups of values that are one edge, ascending, and each value's group.

    Lines closer than SNAP are one edge on a page where rules are drawn doubled, else only FINE is allowed for: a page break can
    leave a row 2 points high (Chromium), which looks like a doubled rule, but then it is the only one.
    """
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    page = ((ranked + SNAP) // stride).astype(np.int64)
    step = np.diff(ranked)
    same = page[1:] == page[:-1]
    coarse, fine = (1 + np.bincount(page[1:], same & (step > gap), minlength=int(page[-1]) + 1) for gap in (SNAP, FINE))
    gap = np.where(fine >= 1.4 * coarse, SNAP, FINE)
    starts = np.ones(len(values), bool)
    starts[1:] = step > gap[page[1:]]
    groups = np.empty(len(values), np.int64)
    groups[order] = np.cumsum(starts) - 1
    first = np.flatnonzero(starts)
    low, high = ranked[first], ranked[np.concatenate([first[1:] - 1, [len(ranked) - 1]])]
    return (low + high) / 2, groups


def _merge(lines: Floats, stride: float) -> Floats:
    """Lines (position, start, end) with those on one edge united where they touch or nearly do."""
    if not len(lines):
        return lines.reshape(0, 3)
    centres, groups = _cluster(lines[:, 0], stride)
    order = np.lexsort((lines[:, 1], groups))
    group, start, end = groups[order], lines[order, 1], lines[order, 2]
    # Shifting every group beyond the one before lets one running maximum find the gaps of all groups at once.
    shift = group * (float(np.ptp(lines[:, 1:])) + 10 * GAP)
    reach = np.maximum.accumulate(end + shift)
    first = np.ones(len(order), bool)
    first[1:] = (start + shift)[1:] > reach[:-1] + GAP
    at = np.flatnonzero(first)
    return np.stack([centres[group[at]], start[at], np.maximum.reduceat(end, at)], axis=1)


def _components(across: Floats, down: Floats) -> tuple[list[Block], Floats]:
    """Lines that touch, directly or through others, are one block; and the vertical lines that touch no other."""
    if not len(across) or not len(down):
        return [], down
    meets = (
        (across[:, None, 1] <= down[None, :, 0] + SNAP)
        & (across[:, None, 2] >= down[None, :, 0] - SNAP)
        & (down[None, :, 1] <= across[:, None, 0] + SNAP)
        & (down[None, :, 2] >= across[:, None, 0] - SNAP)
    )
    name = np.arange(len(across) + len(down))
    a, d = name[: len(across)], name[len(across) :]
    while True:
        low_a = np.minimum(a, np.where(meets, d[None, :], len(name)).min(axis=1))
        low_d = np.minimum(d, np.where(meets, low_a[:, None], len(name)).min(axis=0))
        if (low_a == a).all() and (low_d == d).all():
            return [(across[a == k], down[d == k]) for k in np.unique(a) if (d == k).any()], down[~np.isin(d, a)]
        a, d = low_a, low_d


def _grid(across: Floats, down: Floats) -> RuledGrid | None:
    xs = _edges(down[:, 0], across[:, 1].min(), across[:, 2].max())
    ys = _edges(across[:, 0], down[:, 1].min(), down[:, 2].max())
    if len(xs) < 2 or len(ys) < 2 or xs[-1] - xs[0] < SMALL or ys[-1] - ys[0] < (SMALL if len(xs) < ROW else LOW):
        return None
    ys, xs = _without_doubled(across, ys, xs), _without_doubled(down, xs, ys)
    level = _ruled(across, ys, xs)  # (rows + 1, columns): is the edge above row r drawn in column c
    upright = _ruled(down, xs, ys).T  # (rows, columns + 1)
    label = _label(level[1:-1], upright[:, 1:-1])
    ys, label = _drop_idle(ys, label)
    xs, turned = _drop_idle(xs, label.T)
    label = turned.T
    ruled = level if level.shape == (len(ys), len(xs) - 1) else _ruled(across, ys, xs)
    cells, label = _rectangles(label)
    return RuledGrid(xs, ys, label, cells, ruled[0], ruled[-1])


def _edges(positions: Floats, low: float, high: float) -> Floats:
    """Edges at the lines, and at the ends of the crossing lines where these reach beyond them (no outer border, open cells)."""
    edges = np.unique(positions)
    before = [low] if low < edges[0] - 1.5 * SNAP else []
    after = [high] if high > edges[-1] + 1.5 * SNAP else []
    return np.array([*before, *edges.tolist(), *after])


def _without_doubled(lines: Floats, edges: Floats, breaks: Floats) -> Floats:
    """Edges with the two of a doubled rule as one: closer than any text is high, and ruled over the same slots.

    Where a page break leaves a strip of a row that thin, merged cells cross it, so its sides are not ruled over the same slots.
    """
    thin = np.diff(edges) < DOUBLED
    if not thin.any():
        return edges
    ruled = _ruled(lines, edges, breaks)
    # Where doubled rules cross, corners are drawn in many ways.
    alike = (ruled[1:] == ruled[:-1]) | (np.diff(breaks) < DOUBLED)
    first = np.flatnonzero(thin & alike.all(axis=1))
    # Lines end at either of the two, so the edge between them is in reach of all.
    whole = edges.copy()
    whole[first] = (edges[first] + edges[first + 1]) / 2
    return np.delete(whole, first + 1)


def _ruled(lines: Floats, edges: Floats, breaks: Floats) -> npt.NDArray[np.bool_]:
    """(edges, breaks - 1): is the edge ruled between two neighbouring breaks.

    It is where lines cover most of it and reach both of its ends; an underline stops short of the cell's sides.
    """
    at = np.abs(lines[:, None, 0] - edges[None, :]).argmin(axis=1)
    near = np.abs(lines[:, 0] - edges[at]) <= SNAP
    at, lines = at[near], lines[near]
    left, right = breaks[None, :-1], breaks[None, 1:]
    overlap = np.clip(np.minimum(lines[:, None, 2], right) - np.maximum(lines[:, None, 1], left), 0, None)
    total = np.zeros((len(edges), len(breaks) - 1))
    np.add.at(total, at, overlap)
    begins, ends = np.zeros(total.shape, bool), np.zeros(total.shape, bool)
    np.logical_or.at(begins, at, (overlap > 0) & (lines[:, None, 1] <= left + REACH))
    np.logical_or.at(ends, at, (overlap > 0) & (lines[:, None, 2] >= right - REACH))
    return np.asarray((total >= COVERED * (right - left)) & begins & ends)


def _label(level: npt.NDArray[np.bool_], upright: npt.NDArray[np.bool_]) -> Ints:
    """Number the connected slots; ``level`` (rows - 1, columns) and ``upright`` (rows, columns - 1) are the walls between."""
    rows, columns = upright.shape[0], level.shape[1]
    label = np.arange(rows * columns).reshape(rows, columns)
    while True:
        before = label
        label = label.copy()
        for wall, one, other in ((level, label[1:], label[:-1]), (upright, label[:, 1:], label[:, :-1])):
            low = np.minimum(one, other)
            np.minimum(one, low, out=one, where=~wall)
            np.minimum(other, low, out=other, where=~wall)
        if (label == before).all():
            return label


def _drop_idle(edges: Floats, label: Ints) -> tuple[Floats, Ints]:
    """Without the edges that separate nothing (an underlined word draws one)."""
    works = np.ones(len(edges), bool)
    works[1:-1] = (label[1:] != label[:-1]).any(axis=1)
    return edges[works], label[works[:-1]]


def _rectangles(label: Ints) -> tuple[tuple[tuple[int, int, int, int, int], ...], Ints]:
    """Cells as (row, col, row_span, col_span, region); regions that are no rectangle are cut into some, region numbered."""
    _, flat = np.unique(label, return_inverse=True)
    flat = flat.reshape(label.shape)
    n = int(flat.max()) + 1
    rows, columns = np.divmod(np.arange(label.size), label.shape[1])
    # The first and the last slot of a region in reading order give its rows; its columns need the same over the turned grid.
    top, bottom = _extent(flat.ravel(), rows, n)
    left, right = _extent(flat.ravel(), columns, n)
    full = np.bincount(flat.ravel(), minlength=n) == (bottom - top + 1) * (right - left + 1)
    order = np.lexsort((left, top))
    if full.all():
        rank = np.empty(n, np.int64)
        rank[order] = np.arange(n)
        spans = np.stack([top, left, bottom - top + 1, right - left + 1, np.full(n, -1)], axis=1)[order]
        return tuple(map(tuple, spans.tolist())), rank[flat]
    return _with_cut_regions(flat, order.tolist(), full, np.stack([top, left, bottom - top + 1, right - left + 1], axis=1))


def _extent(flat: Ints, positions: Ints, n: int) -> tuple[Ints, Ints]:
    low, high = np.full(n, len(flat)), np.full(n, -1)
    np.minimum.at(low, flat, positions)
    np.maximum.at(high, flat, positions)
    return low, high


def _with_cut_regions(
    flat: Ints, order: list[int], full: npt.NDArray[np.bool_], spans: Ints
) -> tuple[tuple[tuple[int, int, int, int, int], ...], Ints]:
    out = np.full(flat.shape, -1, np.int64)
    cells: list[tuple[int, int, int, int, int]] = []
    regions = 0
    for k in order:
        pieces = [tuple(spans[k].tolist())] if full[k] else _cut(flat == k)
        for row, col, height, width in pieces:
            out[row : row + height, col : col + width] = len(cells)
            cells.append((row, col, height, width, -1 if full[k] else regions))
        regions += not full[k]
    return tuple(cells), out


def _cut(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """A region as few rectangles: runs of each row, joined downward while they keep their ends."""
    open_runs: dict[tuple[int, int], int] = {}
    done: list[tuple[int, int, int, int]] = []
    for row in range(mask.shape[0] + 1):
        runs = _runs(mask[row]) if row < mask.shape[0] else set()
        for run in [r for r in open_runs if r not in runs]:
            start = open_runs.pop(run)
            done.append((start, run[0], row - start, run[1] - run[0]))
        for run in runs:
            open_runs.setdefault(run, row)
    return sorted(done)


def _runs(row: npt.NDArray[np.bool_]) -> set[tuple[int, int]]:
    steps = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
    return {(int(a), int(b)) for a, b in steps.reshape(-1, 2)}


def _without_nested(grids: list[RuledGrid]) -> list[RuledGrid]:
    """Frames drawn inside one cell of another table are part of that cell; a mere frame round a table is no table.

    A frame has one cell, or two (the border of a page with a rule along its margin), and fewer than the table in it.
    """
    pairs = [(g, o) for g in grids for o in grids if o is not g]
    frames = [g for g, o in pairs if len(g.cells) <= FRAME and len(g.cells) < len(o.cells) and _inside_one_cell(o, g)]
    grids = [g for g in grids if not any(g is f for f in frames)]
    return [g for g in grids if not any(_inside_one_cell(g, other) for other in grids if other is not g)]


def _inside_one_cell(inner: RuledGrid, outer: RuledGrid) -> bool:
    x = np.searchsorted(outer.xs, [inner.xs[0] + 0.1, inner.xs[-1] - 0.1]) - 1
    y = np.searchsorted(outer.ys, [inner.ys[0] + 0.1, inner.ys[-1] - 0.1]) - 1
    rows, columns = outer.label.shape
    if (x < 0).any() or (y < 0).any() or (x >= columns).any() or (y >= rows).any():
        return False
    return bool(outer.label[y[0], x[0]] == outer.label[y[1], x[1]])
