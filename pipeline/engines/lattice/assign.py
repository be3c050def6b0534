"""Which glyph belongs to which cell.

A glyph goes to the slot that its centre lies in, with three exceptions that follow the way writers paint: a run of text stays
whole where it hangs over a rule (ARCHITECTURE rule 4), a glyph that a clip hides belongs to the cell that the clip cuts out, and
a line below the last rule that keeps the pitch of the lines above it belongs to their cell.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.engines.lattice.below import keep_pitch
from pipeline.engines.lattice.chars import Bools
from pipeline.engines.lattice.feet import leave_page_numbers
from pipeline.engines.lattice.flows import keep_flows_whole
from pipeline.engines.lattice.glyphs import Glyphs
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.ranks import distinct
from pipeline.engines.lattice.slots import RuledGrid

ABOVE, BELOW = -1, 1


class Assignment(NamedTuple):
    """For each glyph: ``cell`` (numbered through all grids of the page, -1 = in none) and ``side``: 0 seen, or ABOVE / BELOW
    the part of the cell that is visible. ``perhaps`` are the cells which lines below the table may belong to, ``emptied`` those
    all of whose lines went to the cell above."""

    cell: Ints
    side: Ints
    perhaps: set[int]
    emptied: set[int]


def assign(glyphs: Glyphs, grids: list[list[RuledGrid]], tables: Floats, pages: Floats) -> Assignment:
    """The cell of every glyph of a strip of pages. ``grids`` are those of each page.

    ``pages`` (p, 4) are the pages' boxes, ``tables`` (p, 2) top and bottom of the tables on each (nan where there is none).
    """
    every = [grid for mine in grids for grid in mine]
    middle = glyphs.middle
    seen = _visible(middle, glyphs.clip, pages[glyphs.page])
    cell = _slot(middle, glyphs.page, grids)
    runs = _runs(glyphs)
    edges = cell_boxes(every)
    cell = _keep_runs_whole(glyphs, cell, runs, seen)
    cell = _join_hanging_pieces(glyphs, cell, runs, edges)
    printed = cell.copy()
    cell = keep_flows_whole(glyphs, cell, edges)
    moved = printed != cell
    emptied = set(printed[moved].tolist()) - set(cell.tolist()) if moved.any() else set[int]()
    side = np.zeros(len(glyphs), np.int64)
    unseen = np.flatnonzero(~seen)
    if len(unseen):
        at = glyphs.page[unseen]
        owner, where = _hidden_owner(middle[unseen], glyphs.clip[unseen], at, grids, tables[at], pages[at])
        inside_run = _runs_with_seen(runs, seen)[unseen]
        cell[unseen] = np.where(inside_run, cell[unseen], owner)
        side[unseen] = np.where(inside_run, 0, where)
    perhaps = keep_pitch(glyphs, cell, side == 0, every)
    leave_page_numbers(glyphs, cell, grids, pages)
    return Assignment(cell, side, perhaps, emptied)


def _visible(middle: Floats, clip: Floats, page: Floats) -> Bools:
    low, high = np.maximum(clip[:, :2], page[:, :2]), np.minimum(clip[:, 2:], page[:, 2:])
    return np.asarray(((middle >= low) & (middle <= high)).all(axis=1))


def _slot(points: Floats, page: Ints, grids: list[list[RuledGrid]]) -> Ints:
    """The number of the cell that each point (x, y) lies in, -1 = none. ``page`` is that of each point, ascending."""
    found = np.full(len(points), -1, np.int64)
    first = np.searchsorted(page, np.arange(len(grids) + 1)).tolist()
    offset = 0
    for start, stop, mine in zip(first, first[1:], grids, strict=False):
        x, y = points[start:stop].T
        for grid in mine:
            column = np.searchsorted(grid.xs, x, side="right") - 1
            row = np.searchsorted(grid.ys, y, side="right") - 1
            inside = np.flatnonzero((column >= 0) & (column < grid.label.shape[1]) & (row >= 0) & (row < grid.label.shape[0]))
            found[start + inside] = grid.label[row[inside], column[inside]] + offset
            offset += len(grid.cells)
    return found


def cell_boxes(grids: list[RuledGrid]) -> Floats:
    """(cells, 4): x0, top, x1, bottom of every cell, numbered through all grids."""
    if not grids:
        return np.zeros((0, 4))
    row, col, height, width, _ = np.concatenate([grid.cells for grid in grids]).T
    counts = [len(grid.cells) for grid in grids]
    xs, x = np.concatenate([grid.xs for grid in grids]), np.repeat(_starts([len(grid.xs) for grid in grids]), counts) + col
    ys, y = np.concatenate([grid.ys for grid in grids]), np.repeat(_starts([len(grid.ys) for grid in grids]), counts) + row
    return np.stack([xs[x], ys[y], xs[x + width], ys[y + height]], axis=1)


def _starts(counts: list[int]) -> Ints:
    return np.asarray(np.cumsum(counts) - counts)


def _runs(glyphs: Glyphs) -> Ints:
    """Number the runs: glyphs of one text object that follow each other on one base line without a gap."""
    starts = np.ones(len(glyphs), bool)
    if len(glyphs) > 1:
        sideways = glyphs.turn[1:] % 2 == 1
        line = np.where(sideways, glyphs.base[1:, 0] - glyphs.base[:-1, 0], glyphs.base[1:, 1] - glyphs.base[:-1, 1])
        start = np.where(sideways, glyphs.box[1:, 1] - glyphs.box[:-1, 3], glyphs.box[1:, 0] - glyphs.box[:-1, 2])
        back = np.where(glyphs.turn[1:] >= 2, glyphs.box[:-1, 0] - glyphs.box[1:, 2], start)
        em = glyphs.em[1:]
        starts[1:] = (
            (glyphs.piece[1:] != glyphs.piece[:-1])
            | (np.abs(line) > 0.3 * em)
            | (back > 0.35 * em)
            | (back < -0.6 * em)
            | glyphs.spaced[1:]
        )
    return np.cumsum(starts) - 1


def _keep_runs_whole(glyphs: Glyphs, cell: Ints, runs: Ints, seen: Bools) -> Ints:
    """Give a run that crosses a rule to the cell it starts in, together with the pieces that go on without a gap."""
    if len(cell) < 2:
        return cell
    cell = cell.copy()
    mixed = distinct(runs[1:][(runs[1:] == runs[:-1]) & (cell[1:] != cell[:-1])])
    for run in mixed.tolist():
        members = _members(runs, run)
        if not seen[members].any():
            continue
        home = next((c for c in cell[members].tolist() if c >= 0), -1)
        last = members[-1]
        cell[members] = home
        while last + 1 < len(cell) and _continues(glyphs, last, last + 1) and cell[last + 1] != home:
            following = _members(runs, int(runs[last + 1]))
            cell[following] = home
            last = following[-1]
    return cell


def _members(runs: Ints, run: int) -> Ints:
    """The glyphs of a run (the numbers ascend)."""
    return np.arange(np.searchsorted(runs, run), np.searchsorted(runs, run, side="right"))


def _join_hanging_pieces(glyphs: Glyphs, cell: Ints, runs: Ints, edges: Floats) -> Ints:
    """A piece that begins left of its cell's rule, straight behind the piece before it, is the end of that one's word.

    Chromium paints each glyph of a bold heading by itself: the 、 of 乡、村级 stands beyond the rule of its narrow column.
    """
    if len(cell) < 2 or not len(edges):
        return cell
    at = np.arange(1, len(cell))
    em = glyphs.em[1:]
    hangs = (
        (runs[1:] != runs[:-1])
        & (cell[1:] != cell[:-1])
        & (cell[1:] >= 0)
        & (cell[:-1] >= 0)
        & (np.abs(glyphs.base[1:, 1] - glyphs.base[:-1, 1]) < 0.3 * em)
        & (np.abs(glyphs.box[1:, 0] - glyphs.box[:-1, 2]) < 0.12 * em)
        & (glyphs.box[1:, 0] < edges[cell[1:], 0] - 0.02 * em)
        & ~glyphs.worded[1:]
    )
    for j in at[hangs].tolist():
        cell[_members(runs, int(runs[j]))] = cell[j - 1]
    return cell


def _continues(glyphs: Glyphs, one: int, other: int) -> bool:
    """Whether a glyph of the next text object goes on where the last one of a hanging run ended."""
    em = glyphs.em[one]
    level = abs(glyphs.base[one, 1] - glyphs.base[other, 1]) < 0.3 * em
    return bool(level and abs(glyphs.box[other, 0] - glyphs.box[one, 2]) < 0.12 * em and not glyphs.worded[other])


def _runs_with_seen(runs: Ints, seen: Bools) -> Bools:
    """For each glyph: is any glyph of its run visible (then a clip cuts the run sideways)."""
    any_seen = np.zeros(runs[-1] + 1, bool)
    np.logical_or.at(any_seen, runs, seen)
    return any_seen[runs]


def _hidden_owner(
    middle: Floats, clip: Floats, page: Ints, grids: list[list[RuledGrid]], tables: Floats, pages: Floats
) -> tuple[Ints, Ints]:
    """The cell that each hidden glyph was painted for, and on which side of its visible part the glyph lies.

    Calc clips a merged cell's text to the rows that the page shows of it (over the whole width), so the edge of the clip gives
    the row and the glyph's own x the column; without a clip the page's edge is the clip.
    """
    low, high = np.maximum(clip[:, :2], pages[:, :2]), np.minimum(clip[:, 2:], pages[:, 2:])
    x = np.clip(middle[:, 0], low[:, 0], high[:, 0])
    beside = (middle[:, 0] > pages[:, 2]) | (middle[:, 0] < pages[:, 0])
    side = np.where(middle[:, 1] < low[:, 1], ABOVE, np.where((middle[:, 1] > high[:, 1]) | beside, BELOW, 0))
    edge = np.where(side == ABOVE, np.fmax(low[:, 1], tables[:, 0]) + 0.5, np.fmin(high[:, 1], tables[:, 1]) - 0.5)
    # The end of a line that leaves the page sideways is of the row beside it.
    edge = np.where(beside & (middle[:, 1] >= low[:, 1]) & (middle[:, 1] <= high[:, 1]), middle[:, 1], edge)
    return _slot(np.stack([x, edge], axis=1), page, grids), side
