"""Which glyph belongs to which cell.

A glyph goes to the slot that its centre lies in, with three exceptions that follow the way writers paint: a run of text stays
whole where it hangs over a rule (ARCHITECTURE rule 4), a glyph that a clip hides belongs to the cell that the clip cuts out, and
a line below the last rule that keeps the pitch of the lines above it belongs to their cell.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.engines.lattice.chars import Bools
from pipeline.engines.lattice.feet import is_page_number, leave_page_numbers
from pipeline.engines.lattice.glyphs import Glyphs
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.ranks import distinct, median
from pipeline.engines.lattice.slots import RuledGrid

ABOVE, BELOW = -1, 1
# Lines of one text are painted straight after each other; at most this many glyphs of another column slip in between.
_APART = 8


class Assignment(NamedTuple):
    """For each glyph: ``cell`` (numbered through all grids of the page, -1 = in none) and ``side``: 0 seen, or ABOVE / BELOW
    the part of the cell that is visible."""

    cell: Ints
    side: Ints


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
    cell = _keep_flows_whole(glyphs, cell, edges)
    side = np.zeros(len(glyphs), np.int64)
    unseen = np.flatnonzero(~seen)
    if len(unseen):
        at = glyphs.page[unseen]
        owner, where = _hidden_owner(middle[unseen], glyphs.clip[unseen], at, grids, tables[at], pages[at])
        inside_run = _runs_with_seen(runs, seen)[unseen]
        cell[unseen] = np.where(inside_run, cell[unseen], owner)
        side[unseen] = np.where(inside_run, 0, where)
    _keep_pitch(glyphs, cell, every)
    leave_page_numbers(glyphs, cell, grids, pages)
    return Assignment(cell, side)


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


def _keep_flows_whole(glyphs: Glyphs, cell: Ints, edges: Floats) -> Ints:
    """Lines that run over the bottom of their cell into the one below stay with the cell that they began in.

    Chromium gives the rest of a cut row too little height: its lines are painted over the next row, straight after each other
    and at their pitch. A line must touch the rule between, or the lower cell begin again with a text of its own, and the step to
    the next line be the pitch of the text; a clipped glyph names its cell by its clip.
    """
    flowing = np.flatnonzero((cell >= 0) & (glyphs.turn == 0) & np.isinf(glyphs.clip[:, 1]))
    if len(flowing) < 2 or not _may_flow(glyphs, cell, edges, flowing):
        return cell
    # The columns are numbered by the cells, which are few, and short numbers are sorted in no time.
    _, numbers = np.unique(np.round(edges[:, 0]), return_inverse=True)
    column = numbers.astype(np.uint16 if len(edges) < 1 << 16 else np.int64)[cell[flowing]]
    order = flowing[np.argsort(column, kind="stable")]
    base, em, owner = glyphs.base[order, 1], glyphs.em[order], cell[order]
    step = np.diff(base)
    near = (np.abs(np.diff(em)) < 0.05 * em[1:]) & (step > 0.8 * em[1:]) & (step < 2.2 * em[1:]) & (np.diff(order) <= _APART)
    inner, crossing = near & (owner[1:] == owner[:-1]), near & (owner[1:] != owner[:-1])
    _take_back_heads(glyphs, cell, edges, order, step[inner])
    for i in np.flatnonzero(crossing).tolist():
        home, other = int(cell[order[i]]), int(cell[order[i + 1]])
        if home == other or not _stands_above(edges, home, other):
            continue
        if not _touches(base, em, i, float(edges[home, 3])) and not _begins_again(order, owner, base, i, float(step[i])):
            continue
        pitches = step[inner & (owner[1:] == home)]
        pitches = pitches if len(pitches) else step[inner & (np.abs(em[1:] - em[i]) < 0.05 * em[i])]
        if len(pitches) and abs(float(step[i]) - median(pitches)) < 0.06 * em[i]:
            _take_flow(glyphs, cell, order[i:], home, other, float(step[i]))
    return cell


def _may_flow(glyphs: Glyphs, cell: Ints, edges: Floats, flowing: Ints) -> bool:
    """A cheap look whether any line may have left its cell: a rule is touched, two cells follow each other in painting order
    and column, or a cell is too low for a line."""
    base, em, box = glyphs.base[flowing, 1], glyphs.em[flowing], edges[cell[flowing]]
    if (base > box[:, 3] - 0.05 * em).any() or (base - 0.83 * em < box[:, 1]).any():
        return True
    if (edges[:, 3] - edges[:, 1]).min() < 1.3 * em.max():
        return True
    follows = (np.diff(flowing) == 1) & (np.diff(cell[flowing]) != 0) & (np.abs(np.diff(box[:, 0])) < 1)
    return bool(follows.any())


def _take_back_heads(glyphs: Glyphs, cell: Ints, edges: Floats, order: Ints, pitches: Floats) -> None:
    """Text painted below an empty cell that is too low for a line may have begun in that one (in place).

    It did where it crosses the rule between, or where the lower cell's own text is painted later, over it.
    """
    if not len(pitches):
        return
    pitch = median(pitches)
    low = np.flatnonzero(edges[:, 3] - edges[:, 1] < 1.3 * glyphs.em[order].max())
    for home in low[~np.isin(low, cell)].tolist():
        under = np.flatnonzero(np.abs(edges[:, [0, 2, 1]] - edges[home, [0, 2, 3]]).max(axis=1) < 1)
        other = int(under[0]) if len(under) else -1
        flow = order[cell[order] == other]
        if len(flow) and (_crosses(glyphs, int(flow[0]), float(edges[home, 3])) or _painted_over(glyphs, flow, pitch)):
            cell[flow[0]] = home
            _take_flow(glyphs, cell, flow, home, other, pitch)


def _crosses(glyphs: Glyphs, i: int, rule: float) -> bool:
    return bool(glyphs.base[i, 1] - 0.83 * glyphs.em[i] < rule)


def _painted_over(glyphs: Glyphs, flow: Ints, pitch: float) -> bool:
    """Whether the lines painted first run out and later ones begin above their end."""
    base = glyphs.base[flow, 1]
    breaks = np.flatnonzero((np.diff(base) < -0.1 * pitch) | (np.diff(flow) > _APART))
    return bool(len(breaks) and base[breaks[0] + 1 :].min() < base[breaks[0]] + 0.8 * pitch)


def _stands_above(edges: Floats, home: int, other: int) -> bool:
    """Whether one cell stands directly above another of the same columns."""
    same = abs(edges[home, 0] - edges[other, 0]) < 1 and abs(edges[home, 2] - edges[other, 2]) < 1
    return bool(same and abs(edges[home, 3] - edges[other, 1]) < 1)


def _touches(base: Floats, em: Floats, i: int, rule: float) -> bool:
    """Whether the line that glyph ``i`` ends, or the one after it, is cut by a rule. Chinese ink reaches from .88 em above the
    base line to .12 em below it; the fonts' own boxes are taller than that."""
    return bool(base[i] > rule - 0.05 * em[i] or base[i + 1] - 0.83 * em[i + 1] < rule)


def _begins_again(order: Ints, owner: Ints, base: Floats, i: int, pitch: float) -> bool:
    """Whether the lines painted straight after glyph ``i`` run out, and the lower cell's own text is painted later."""
    other, j = owner[i + 1], i + 1
    if order[i + 1] != order[i] + 1:
        return False
    while j + 1 < len(order) and owner[j + 1] == other and order[j + 1] - order[j] <= _APART:
        down = base[j + 1] - base[j]
        if abs(down) > 0.1 * pitch and abs(down - pitch) > 0.1 * pitch:
            return bool(down < 0)
        j += 1
    return bool((owner[j + 1 :] == other).any())


def _take_flow(glyphs: Glyphs, cell: Ints, flow: Ints, home: int, other: int, pitch: float) -> None:
    """Give the lines that follow the first glyph of ``flow`` to its cell as long as they keep the pitch (in place)."""
    level, last = float(glyphs.base[flow[0], 1]), int(flow[0])
    for j in flow[1:].tolist():
        down = float(glyphs.base[j, 1]) - level
        if cell[j] != other or j - last > _APART:
            return
        if abs(down) > 0.1 * glyphs.em[j]:
            if abs(down - pitch) > 0.06 * glyphs.em[j]:
                return
            level = float(glyphs.base[j, 1])
        cell[j], last = home, j


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
    below = (middle[:, 1] > high[:, 1]) | (middle[:, 0] > pages[:, 2]) | (middle[:, 0] < pages[:, 0])
    side = np.where(middle[:, 1] < low[:, 1], ABOVE, np.where(below, BELOW, 0))
    edge = np.where(side == ABOVE, np.fmax(low[:, 1], tables[:, 0]) + 0.5, np.fmin(high[:, 1], tables[:, 1]) - 0.5)
    return _slot(np.stack([x, edge], axis=1), page, grids), side


def _keep_pitch(glyphs: Glyphs, cell: Ints, grids: list[RuledGrid]) -> None:
    """Lines that hang below a table's last rule belong to the cell above them (in place).

    They do where they go on at the pitch of the lines above, or where that cell is open below: WeasyPrint ends the vertical
    rules of a cut row at the height of its shortest cell, and Chromium centres a cut cell's text over the empty rest of the page.
    """
    offset = 0
    free = np.flatnonzero((cell < 0) & (glyphs.turn == 0))
    for grid in grids:
        bottom = float(grid.ys[-1])
        for line in _lines_below(glyphs, free[cell[free] < 0], grid):
            x, y, em = float(glyphs.box[line, 0].min()), float(glyphs.base[line, 1].mean()), float(glyphs.em[line].mean())
            column = int(np.searchsorted(grid.xs, x + 0.1, side="right")) - 1
            owner = int(grid.label[-1, column]) + offset
            if grid.bottom_ruled[column]:
                hangs = _goes_on_closed(glyphs, cell, owner, x, y, em, bottom)
            else:
                inside = glyphs.box[line, 2].max() <= grid.xs[column + 1] + 0.3 * em and x >= grid.xs[column] - 0.3 * em
                hangs = bool(inside) and _goes_on_open(glyphs, cell, owner, y, em) and not is_page_number(glyphs.code[line])
            if hangs:
                cell[line] = owner
        offset += len(grid.cells)


def _lines_below(glyphs: Glyphs, free: Ints, grid: RuledGrid) -> list[Ints]:
    """Those of the free glyphs straight below a table, cut into lines, and these at the table's columns; from top to bottom."""
    x, y, em = (glyphs.box[free, 0] + glyphs.box[free, 2]) / 2, glyphs.base[free, 1] - grid.ys[-1], glyphs.em[free]
    near = (y > -em) & (x > grid.xs[0]) & (x < grid.xs[-1])
    below = free[near]
    if not len(below):
        return []
    column = np.searchsorted(grid.xs, x[near], side="right")
    level = np.round(y[near] / (0.4 * em[near])).astype(np.int64)
    order = np.lexsort((column, level))
    breaks = np.flatnonzero((np.diff(level[order]) != 0) | (np.diff(column[order]) != 0)) + 1
    return list(np.split(below[order], breaks))


def _goes_on_open(glyphs: Glyphs, cell: Ints, owner: int, y: float, em: float) -> bool:
    """Whether a line at base line ``y`` can be text of a cell with no closing rule: its first, or the next after its last."""
    mine = np.flatnonzero(cell == owner)
    if not len(mine):
        return True
    step = y - float(glyphs.base[mine, 1].max())
    return bool(abs(float(glyphs.em[mine].mean()) - em) <= 0.1 * em and -0.1 * em <= step <= 2.2 * em)


def _goes_on_closed(glyphs: Glyphs, cell: Ints, owner: int, x: float, y: float, em: float, bottom: float) -> bool:
    """Whether a line at base line ``y`` goes on the text of a cell that ends at ``bottom``, left edge and pitch alike."""
    mine = np.flatnonzero(cell == owner)
    if not len(mine) or abs(float(glyphs.em[mine].mean()) - em) > 0.1 * em or y - bottom > 1.6 * em:
        return False
    levels = distinct(np.round(glyphs.base[mine, 1], 1))
    levels = levels[np.concatenate([[True], np.diff(levels) > 0.4 * em])]
    if len(levels) < 2:
        return False
    pitch = median(np.diff(levels))
    return abs(float(glyphs.box[mine, 0].min()) - x) < 1.5 * em and abs(y - float(levels[-1]) - pitch) < 0.15 * pitch
