"""Ruled blocks side by side that are one table: where a page break cuts it, columns may stand open over the whole page.

Such a column has no horizontal rule at all, so nothing connects the columns left and right of it. They are one table when they
begin and end at the same height and something stands in the gap between them: text, a lone vertical rule, or a column that an
earlier page of the same document shows there. Columns that stand open at a side of the table are its own where an earlier page
shows all of them there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipeline.engines.lattice.pdfium import Floats

# Lines that lie this close (points) are one edge: doubled rules stand up to 2 points apart; where rules are single, only a
# pixel's jitter is allowed for.
SNAP, FINE = 3.0, 1.2
# Collinear pieces with a smaller gap are one line: dashes, and rules that a writer breaks where they cross.
GAP = 4.5

Block = tuple[Floats, Floats]
"""Horizontal and vertical lines, rows of (position, start, end)."""

Known = Callable[[], list[Floats]]
"""Gives the column edges of the tables on earlier pages; asked only where nothing else tells."""


def unite_blocks(blocks: list[Block], lone: Floats, text: Floats, known: Known) -> list[Block]:
    """The blocks with those of one table united; ``lone`` are vertical lines that touch no other line."""
    pending = sorted(blocks, key=lambda b: float(b[1][:, 0].min()))
    done: list[Block] = []
    while pending:
        block = pending.pop(0)
        partner = next((i for i, other in enumerate(pending) if _one_table(block, other, lone, text, known)), None)
        if partner is None:
            done.append(_with_lone(block, lone, known))
        else:
            other = pending.pop(partner)
            pending.insert(0, (np.vstack([block[0], other[0]]), np.vstack([block[1], other[1]])))
    return done


def _reach(block: Block) -> tuple[float, float, float, float]:
    """x0, top, x1, bottom of a block."""
    across, down = block
    return (
        float(min(down[:, 0].min(), across[:, 1].min())),
        float(down[:, 1].min()),
        float(max(down[:, 0].max(), across[:, 2].max())),
        float(down[:, 2].max()),
    )


def _one_table(left: Block, right: Block, lone: Floats, text: Floats, known: Known) -> bool:
    _, top, x0, bottom = _reach(left)
    x1, other_top, _, other_bottom = _reach(right)
    if x1 < x0 + SNAP or abs(top - other_top) > SNAP or abs(bottom - other_bottom) > SNAP:
        return False
    rules = (np.abs(lone[:, 1] - top) <= SNAP) & (np.abs(lone[:, 2] - bottom) <= SNAP) & (lone[:, 0] > x0) & (lone[:, 0] < x1)
    words = (text[:, 0] > x0) & (text[:, 0] < x1) & (text[:, 1] > top) & (text[:, 1] < bottom)
    if rules.any() or words.any():
        return True
    edges = np.concatenate([left[1][:, 0], right[1][:, 0]])
    return any(bool((np.abs(edges[:, None] - columns[None, :]).min(axis=1) <= SNAP).all()) for columns in known())


def _with_lone(block: Block, lone: Floats, known: Known) -> Block:
    """The block with the lone vertical rules that run from its top to its bottom, through it or beside it."""
    x0, top, x1, bottom = _reach(block)
    high = lone[(np.abs(lone[:, 1] - top) <= SNAP) & (np.abs(lone[:, 2] - bottom) <= SNAP)]
    through = (high[:, 0] > x0 - SNAP) & (high[:, 0] < x1 + SNAP)
    if not through.all() and _is_known(np.concatenate([block[1][:, 0], high[:, 0]]), known):
        through[:] = True
    return block[0], np.vstack([block[1], high[through]])


def _is_known(edges: Floats, known: Known) -> bool:
    """Whether these are all the column edges of a table on an earlier page, and no others."""
    apart = (np.abs(edges[:, None] - columns[None, :]) for columns in known())
    return any(bool((gap.min(axis=1) <= SNAP).all() and (gap.min(axis=0) <= SNAP).all()) for gap in apart)
