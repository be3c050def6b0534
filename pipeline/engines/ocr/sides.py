"""The open sides of a table without an outer border: on a page with few rows nothing shows where its outer columns end.

Their level rules run out into the paper there, and too few of them to make a side; a page before shows where the side is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.engines.lattice.slots import RuledGrid
from pipeline.engines.ocr.raster import Floats

# So many edges in their places are no chance; a strange one between them may be a scratch of the copier's drum.
_LEAST, _STRANGE = 6, 1
# How far (points) an edge may stand from its place, and how much larger or smaller (share) a page may be than another.
_NEAR, _LARGER = 2.5, 0.02


def open_sides(grids: Sequence[RuledGrid], known: Sequence[Floats]) -> Floats:
    """The sides (x, top, bottom; points) that tables lack and those of pages before, with edges at ``known``, have."""
    found = []
    for grid in grids:
        outer = next((sides for xs in reversed(known) if (sides := _lacking(grid.xs, xs))), [])
        found += [(x, float(grid.ys[0]), float(grid.ys[-1])) for x in outer]
    return np.array(found, float).reshape(-1, 3)


def _lacking(here: Floats, known: Floats) -> list[float]:
    """Where the outer edges stand that ``known`` has beyond those of a table; [] where it is another table, or lacks none."""
    for left, right in ((1, 1), (1, 0), (0, 1)):
        inner = known[left : len(known) - right]
        if len(inner) < _LEAST or not len(inner) <= len(here) <= len(inner) + _STRANGE:
            continue
        scale = (here[-1] - here[0]) / (inner[-1] - inner[0])
        moved = here[0] + (known - inner[0]) * scale
        places = moved[left : len(known) - right]
        if abs(scale - 1) <= _LARGER and (np.abs(places[:, None] - here[None, :]).min(axis=1) <= _NEAR).all():
            return [float(moved[0])] * left + [float(moved[-1])] * right
    return []
