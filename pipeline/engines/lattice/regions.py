"""Merged regions that are no rectangle, cut into rectangles."""

from __future__ import annotations

import numpy as np

from pipeline.engines.lattice.chars import Bools
from pipeline.engines.lattice.pdfium import Ints


def cut_regions(label: Ints, spans: Ints, full: Bools) -> tuple[Ints, Ints]:
    """Numbers of cells (rows, columns) and the cells (row, col, row_span, col_span, region) with every region cut.

    ``label`` numbers the regions of a grid in the order of ``spans``, their extents; ``full`` tells which are rectangles.
    """
    out = np.full(label.shape, -1, np.int64)
    cells: list[tuple[int, int, int, int, int]] = []
    regions = 0
    for k, span in enumerate(spans[:, :4].tolist()):
        for row, col, height, width in [span] if full[k] else _cut(label == k):
            out[row : row + height, col : col + width] = len(cells)
            cells.append((row, col, height, width, -1 if full[k] else regions))
        regions += not full[k]
    return out, np.array(cells, np.int64)


def _cut(mask: Bools) -> list[tuple[int, int, int, int]]:
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


def _runs(row: Bools) -> set[tuple[int, int]]:
    steps = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
    return {(int(a), int(b)) for a, b in steps.reshape(-1, 2)}
