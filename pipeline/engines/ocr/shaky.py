"""Rows of a grid that may be wrong: a rule that is missed or invented shifts values without a trace, so it must leave a doubt."""

from __future__ import annotations

import numpy as np

from pipeline.engines.lattice.rules import Rules
from pipeline.engines.lattice.slots import RuledGrid
from pipeline.engines.ocr.raster import Floats

# A side of a slot of which less than the first share is ruled is open, more than the second is closed; in between nobody knows.
_OPEN, _CLOSED = 0.3, 0.7
# Points from an edge within which a rule is on it.
_ON = 2.5


def shaky_rows(grid: RuledGrid, rules: Rules, perhaps: Rules) -> frozenset[int]:
    """The rows in which a side of a slot is half ruled, or ``perhaps`` is, or a cell is no rectangle."""
    level = _unclear(rules.across, grid.ys, grid.xs) | (_covered(perhaps.across, grid.ys, grid.xs) >= _CLOSED)
    upright = _unclear(rules.down, grid.xs, grid.ys) | (_covered(perhaps.down, grid.xs, grid.ys) >= _CLOSED)
    rows = {int(edge) - step for edge in np.flatnonzero(level.any(axis=1)) for step in (0, 1)}
    rows.update(int(row) for row in np.flatnonzero(upright.any(axis=0)))
    rows.update(r for row, _, height, _, region in grid.cells.tolist() if region >= 0 for r in range(row, row + height))
    return frozenset(row for row in rows if 0 <= row < len(grid.ys) - 1)


def _unclear(lines: Floats, edges: Floats, breaks: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """For each edge and each stretch of it between two breaks, whether it is neither open nor closed."""
    found = _covered(lines, edges, breaks)
    return np.asarray((found > _OPEN) & (found < _CLOSED))


def _covered(lines: Floats, edges: Floats, breaks: Floats) -> Floats:
    """For each edge and each stretch of it between two breaks, which share of it a line covers."""
    start, end = breaks[:-1], breaks[1:]
    found = np.zeros((len(edges), len(start)))
    for k, edge in enumerate(edges.tolist()):
        on = lines[np.abs(lines[:, 0] - edge) <= _ON]
        if len(on):
            shared = np.minimum(on[:, 2:3], end[None, :]) - np.maximum(on[:, 1:2], start[None, :])
            found[k] = np.clip(shared, 0, None).max(axis=0) / np.maximum(end - start, 1.0)
    return found
