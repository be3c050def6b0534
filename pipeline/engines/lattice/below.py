"""Text below the last rule of a table: lines that keep the pitch of those above it, or that stand in a cell with an open end."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice.feet import is_page_number
from pipeline.engines.lattice.glyphs import Glyphs
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.ranks import distinct, median
from pipeline.engines.lattice.slots import RuledGrid

# Paragraphs of a cell stand no further apart, as a share of the font size.
_PARAGRAPH = 5.0
# A line whose base line is no further below a rule, as a share of the font size, is struck through by it.
_STRUCK = 0.75
# As shares of the font size: what reaches further over an edge on both sides stands across it, and signs of one line stand no
# further apart.
_ACROSS, _SET = 0.3, 0.6
# Where no two lines of a table tell its pitch, a line this close below another one, and this flush with it, is of the same text.
_CLOSE, _FLUSH = 1.6, 0.1
_CLOSING = [ord(sign) for sign in "，。、；：）》〉】〕”’"]
# Signs on both sides of an edge are as far apart as those of one line, give or take so much; cells leave more room at it. A line
# that leaves less room than this at several edges heeds none.
_EVEN, _ROOM, _SEVERAL = 0.1, 0.3, 2


def keep_pitch(glyphs: Glyphs, cell: Ints, shown: npt.NDArray[np.bool_], grids: list[RuledGrid]) -> set[int]:
    """Lines that hang below a table's last rule belong to the cell above them (in place); returned are the cells which others
    below may belong to: paragraphs stand further apart than lines. ``shown`` are the glyphs that no clip hides: below the line
    that the end of a page cuts in two, Calc hides the next ones of its cell.

    They do where they go on at the pitch of the lines above, or where that cell is open below: WeasyPrint ends the vertical
    rules of a cut row at the height of its shortest cell, and Chromium centres a cut cell's text over the empty rest of the page.
    """
    offset = 0
    free = np.flatnonzero((cell < 0) & (glyphs.turn == 0))
    seen = np.where(shown, cell, -1)
    perhaps: set[int] = set()
    for grid in grids:
        bottom, table = float(grid.ys[-1]), range(offset, offset + len(grid.cells))
        for line in _lines_below(glyphs, free[cell[free] < 0], grid, _next_table(grid, grids)):
            x, y, em = float(glyphs.box[line, 0].min()), float(glyphs.base[line, 1].mean()), float(glyphs.em[line].mean())
            column = int(np.searchsorted(grid.xs, x + 0.1, side="right")) - 1
            owner = int(grid.label[-1, column]) + offset
            near = False
            if grid.bottom_ruled[column]:
                hangs = _goes_on_closed(glyphs, seen, owner, table, x, y, em, bottom)
            else:
                inside = _right(glyphs, line).max() <= grid.xs[column + 1] + _ACROSS * em and x >= grid.xs[column] - _ACROSS * em
                hangs = bool(inside) and _goes_on_open(glyphs, seen, owner, table, y, em)
                near = bool(inside) and _is_near(glyphs, seen, owner, y, em)
            whole = _whole(glyphs, line, free) if hangs or near else line
            if not (hangs or near) or is_page_number(glyphs.code[whole]):
                continue
            heedless = _heeds_no_edge(glyphs, whole, grid)
            if hangs and not heedless:
                cell[line] = seen[line] = owner
            elif hangs or not heedless:
                perhaps.add(owner)
        offset += len(grid.cells)
    return perhaps


def _next_table(grid: RuledGrid, grids: list[RuledGrid]) -> float:
    """Where the next table below one begins, to which belongs what stands there."""
    tops = (float(g.ys[0]) for g in grids if g.ys[0] >= grid.ys[-1] and g.xs[0] < grid.xs[-1] and g.xs[-1] > grid.xs[0])
    return min(tops, default=np.inf)


def _lines_below(glyphs: Glyphs, free: Ints, grid: RuledGrid, floor: float) -> list[Ints]:
    """The lines that those of the free glyphs straight below a table, above ``floor``, make in each of its columns; from top to
    bottom."""
    x, y, em = (glyphs.box[free, 0] + glyphs.box[free, 2]) / 2, glyphs.base[free, 1] - grid.ys[-1], glyphs.em[free]
    near = (y > -em) & (x > grid.xs[0]) & (x < grid.xs[-1]) & (glyphs.base[free, 1] < floor)
    below = free[near]
    if not len(below):
        return []
    column, down = np.searchsorted(grid.xs, x[near], side="right"), y[near]
    # Column by column: where cells are centred, the lines of one stand at any height beside those of another.
    order = np.lexsort((down, column))
    breaks = (np.diff(down[order]) > 0.4 * em[near][order][1:]) | (np.diff(column[order]) != 0)
    lines = np.split(order, np.flatnonzero(breaks) + 1)
    return [below[np.sort(line)] for line in sorted(lines, key=lambda line: float(down[line].min()))]


def _right(glyphs: Glyphs, line: Ints) -> Floats:
    """Where the ink of signs ends: that of closing ones is in the left half of their box, and browsers take the other off."""
    closing = np.isin(glyphs.code[line], _CLOSING)
    return np.asarray(glyphs.box[line, 2] - np.where(closing, 0.5 * glyphs.em[line], 0.0))


def _whole(glyphs: Glyphs, line: Ints, free: Ints) -> Ints:
    """The line of the page that a line below a column is part of, without a gap."""
    y, em = float(glyphs.base[line[0], 1]), float(glyphs.em[line[0]])
    level = free[np.abs(glyphs.base[free, 1] - y) < 0.1 * em]
    level = level[np.argsort(glyphs.box[level, 0])]
    run = np.cumsum(np.append(0.0, glyphs.box[level[1:], 0] - glyphs.box[level[:-1], 2]) > _SET * em)
    return np.asarray(level[np.isin(run, run[np.isin(level, line)])])


def _heeds_no_edge(glyphs: Glyphs, whole: Ints, grid: RuledGrid) -> bool:
    """Whether a line goes on over an edge of the last row's cells, below a sign or between two, as the title of a table does:
    then it is the page's, or two lines of cells side by side are full."""
    em = float(glyphs.em[whole[0]])
    edges = grid.xs[1:-1][grid.label[-1, 1:] != grid.label[-1, :-1]]
    over = (glyphs.box[whole, :1] < edges - _ACROSS * em) & (_right(glyphs, whole)[:, None] > edges + _ACROSS * em)
    return bool(over.any()) or _steps_over(glyphs, whole, edges) or _without_room(glyphs, whole, edges) >= _SEVERAL


def _steps_over(glyphs: Glyphs, whole: Ints, edges: Floats) -> bool:
    """Whether signs of a line stand right and left of an edge as evenly as the others do."""
    middle = (glyphs.box[whole, 0] + glyphs.box[whole, 2]) / 2
    step = np.diff(middle)
    if len(step) < 3:
        return False
    even = np.abs(step - median(step)) < _EVEN * float(glyphs.em[whole[0]])
    return bool((even[:, None] & (middle[:-1, None] < edges) & (middle[1:, None] > edges)).any())


def _without_room(glyphs: Glyphs, whole: Ints, edges: Floats) -> int:
    """At how many edges the signs of a line stand as close to each other as anywhere, or on the edge."""
    ends, starts = glyphs.box[whole[:-1], 2], glyphs.box[whole[1:], 0]
    middle = (glyphs.box[whole, 0] + glyphs.box[whole, 2]) / 2
    close = (starts - ends) < _ROOM * float(glyphs.em[whole[0]])
    return int((close[:, None] & (middle[:-1, None] < edges) & (middle[1:, None] > edges)).any(axis=0).sum())


def _goes_on_open(glyphs: Glyphs, cell: Ints, owner: int, table: range, y: float, em: float) -> bool:
    """Whether a line at base line ``y`` can be text of a cell with no closing rule: its first, in a size that the table (the
    numbers of its cells) has, or the next after its last."""
    mine = np.flatnonzero(cell == owner)
    if not len(mine):
        sizes = glyphs.em[(cell >= table.start) & (cell < table.stop)]
        return bool((np.abs(sizes - em) <= 0.1 * em).any() or not len(sizes))
    step = y - float(glyphs.base[mine, 1].max())
    if abs(float(glyphs.em[mine].mean()) - em) > 0.1 * em or step < -0.1 * em:
        return False
    return step <= 2.2 * em or step <= 1.15 * _pitch(glyphs, cell, table, em)


def _is_near(glyphs: Glyphs, cell: Ints, owner: int, y: float, em: float) -> bool:
    """Whether a line at base line ``y`` stands below the text of a cell, in its size, no further than a paragraph would."""
    mine = np.flatnonzero(cell == owner)
    if not len(mine) or abs(float(glyphs.em[mine].mean()) - em) > 0.1 * em:
        return False
    return bool(0 < y - float(glyphs.base[mine, 1].max()) < _PARAGRAPH * em)


def _goes_on_closed(glyphs: Glyphs, cell: Ints, owner: int, table: range, x: float, y: float, em: float, bottom: float) -> bool:
    """Whether a line at base line ``y`` goes on the text of a cell that ends at ``bottom``, left edge and pitch alike; that of a
    cell of one line is the one of the table (Writer lets the last line of a cut cell hang over its end). A line that the closing
    rule of an empty cell strikes through is its text: Chromium leaves the last of a cut row less room than a line needs."""
    mine = np.flatnonzero(cell == owner)
    if not len(mine):
        return bool(y - bottom < _STRUCK * em)
    if abs(float(glyphs.em[mine].mean()) - em) > 0.1 * em or y - bottom > 1.6 * em:
        return False
    levels = _levels(glyphs, mine)
    steps = np.diff(levels)
    pitch = median(steps) if len(steps) else _pitch(glyphs, cell, table, em)
    left, step = abs(float(glyphs.box[mine, 0].min()) - x), y - float(levels[-1])
    if not pitch:
        return left < _FLUSH * em and step < _CLOSE * em
    return left < 1.5 * em and abs(step - pitch) < 0.15 * pitch


def _pitch(glyphs: Glyphs, cell: Ints, table: range, em: float) -> float:
    """How far apart the lines of type of this size stand in the cells of a table (their numbers); 0 where each has but one."""
    others = [np.flatnonzero((cell == other) & (np.abs(glyphs.em - em) <= 0.1 * em)) for other in table]
    steps = np.concatenate([np.zeros(0), *(np.diff(_levels(glyphs, other)) for other in others)])
    return float(median(steps)) if len(steps) else 0.0


def _levels(glyphs: Glyphs, mine: Ints) -> Floats:
    """The base lines of glyphs, from top to bottom."""
    levels = distinct(np.round(glyphs.base[mine, 1], 1))
    apart = np.diff(levels) > 0.4 * float(glyphs.em[mine].mean()) if len(mine) else np.zeros(0, bool)
    return levels[np.concatenate([[True], apart])] if len(levels) else levels
