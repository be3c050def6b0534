"""From ruled lines to tables: which lines are one edge, which edges are one table, and which frames are none."""

from __future__ import annotations

from functools import partial

import numpy as np

from pipeline.engines.lattice.blocks import FINE, GAP, SNAP, Block, unite_blocks
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.ranks import distinct
from pipeline.engines.lattice.rules import Rules
from pipeline.engines.lattice.slots import LOW, RuledGrid, blocks_to_grids
from pipeline.engines.order import reading_order

# So many different column layouts of earlier pages are remembered.
KNOWN = 16
# A frame round a page or a table has at most this many cells.
FRAME = 2


def rules_to_grids(rules: Rules, text: list[Floats], known: list[Floats], offsets: Floats) -> list[list[RuledGrid]]:
    """The ruled tables of each page of a strip, from top to bottom, then from left to right.

    Page ``i`` stands at ``offsets[i]`` in both directions, multiples of one stride. ``text`` holds for each page the centres
    (n, 2) of its glyphs and ``known`` the column edges of tables on earlier pages (in page coordinates; those of these pages
    are added): both tell whether two ruled blocks side by side are one table whose columns between them are open at both ends.
    """
    stride = float(offsets[1]) if len(offsets) > 1 else np.inf
    across, down = _merge(rules.across, stride), _merge(rules.down, stride)
    blocks, lone = _components(across, down)
    mine: list[list[Block]] = [[] for _ in offsets]
    for block in blocks:
        mine[int((block[1][0, 0] + SNAP) // stride)].append(block)
    pages = _Pages(known, offsets)
    for page, offset in enumerate(offsets.tolist()):
        alone = lone[(lone[:, 0] + SNAP) // stride == page] if len(lone) else lone
        if len(mine[page]) > 1 or len(alone):
            mine[page] = unite_blocks(mine[page], alone, text[page], partial(pages.known_at, offset))
        pages.waiting.append((mine[page], alone))
    return pages.settled()


class _Pages:
    """The grids of pages, made for many pages at once: as late as possible, which is when a page asks for those before it."""

    def __init__(self, known: list[Floats], offsets: Floats) -> None:
        self.known, self.offsets = known, offsets
        self.grids: list[list[RuledGrid]] = []
        self.waiting: list[tuple[list[Block], Floats]] = []

    def known_at(self, offset: float) -> list[Floats]:
        """The column edges of the tables on all pages so far, in the coordinates of a page on the strip."""
        self.settled()
        return [xs + offset for xs in self.known]

    def settled(self) -> list[list[RuledGrid]]:
        """The grids of all pages so far, each page's in reading order."""
        found = iter(blocks_to_grids([block for blocks, _ in self.waiting for block in blocks]))
        for blocks, alone in self.waiting:
            made = [next(found) for _ in blocks]
            grids = [grid for grid in made if grid is not None]
            offset = float(self.offsets[len(self.grids)])
            known = [xs + offset for xs in self.known]
            for block in (block for block, grid in zip(blocks, made, strict=True) if grid is None):
                grids += _small(block, known)
            if len(alone) > 1:
                grids += _rows_without_rules(alone, grids, known)
            grids = _in_order(_without_nested(grids)) if len(grids) > 1 else grids
            for grid in grids:
                _remember(self.known, grid.xs - offset)
            self.grids.append(grids)
        self.waiting = []
        return self.grids


def _small(block: Block, known: list[Floats]) -> list[RuledGrid]:
    """The end of a table on an earlier page, of whose verticals stand here that are no higher than a row of a few columns, or
    than less of one: then they stand on one rule, and Chromium prints the rest of the row's text over it."""
    across, down = block
    top, bottom = float(down[:, 1].min()), float(across[:, 0].max())
    if np.ptp(across[:, 0]) <= FINE:
        is_sliver = bottom - top > FINE and not (down[:, 2] > bottom + SNAP).any()
        return _row(down[:, 0], top, bottom, known, ruled=True) if is_sliver else []
    if not any(len(xs) > 2 and _are_edges(down[:, 0], xs) for xs in known):
        return []
    return [grid for grid in blocks_to_grids([block], LOW) if grid is not None]


def _row(positions: Floats, top: float, bottom: float, known: list[Floats], ruled: bool) -> list[RuledGrid]:
    """A row of the table on an earlier page whose inner edges all stand at these positions, and nothing else does."""
    xs = next((xs for xs in reversed(known) if len(xs) > 3 and _are_edges(positions, xs)), None)
    if xs is None:
        return []
    columns = len(xs) - 1
    cells = np.array([(0, col, 1, 1, -1) for col in range(columns)], np.int64)
    return [
        RuledGrid(
            xs,
            np.array([top, bottom]),
            np.arange(columns).reshape(1, -1),
            cells,
            np.zeros(columns, bool),
            np.full(columns, ruled),
        )
    ]


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
        if bottom - top > FINE:
            found += _row(rules[:, 0], top, bottom, known, ruled=False)
    return found


def _are_edges(positions: Floats, xs: Floats) -> bool:
    """Whether lines stand at every inner edge, and at edges only."""
    near = np.abs(positions[:, None] - xs[None, :]) <= SNAP
    return bool(near.any(axis=1).all() and near[:, 1:-1].any(axis=0).all())


def _in_order(grids: list[RuledGrid]) -> list[RuledGrid]:
    return [grids[i] for i in reading_order([(float(g.xs[0]), float(g.ys[0]), float(g.xs[-1]), float(g.ys[-1])) for g in grids])]


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
            return [(across[a == k], down[d == k]) for k in distinct(a) if (d == k).any()], down[~np.isin(d, a)]
        a, d = low_a, low_d


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
