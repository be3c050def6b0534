"""Seals drawn as lines and letters: a coloured ring, and in it text of the same colour.

Most seals are pictures, and hold no text. In those of a drawing program the arc of letters is slanted and known as a stamp by
that; the line below it (财务专用章, a number) is upright, and stands over the cells like any text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.chars import Bools
from pipeline.engines.lattice.pdfium import Floats, Ints

# Points: official seals are 38 to 58 mm wide (国发〔1999〕25号), and are printed reduced; an ellipse is up to 3 : 2.
_SMALLEST, _LARGEST, _LONGER = 50.0, 260.0, 1.6
# A ring has at least four curves of three points each.
_POINTS, _CURVE = 13, 1
# Channels of a colour (0..255): how far apart those of ink that is not black or grey are, and how near those of one ink.
_COLOURED, _ALIKE = 80, 60


class Rings(NamedTuple):
    """Coloured rings: ``box`` (n, 4), ``page`` (its place in the strip) and ``rgb`` (n, 3)."""

    box: Floats
    page: Ints
    rgb: npt.NDArray[np.int64]


def may_be_rings(box: npt.NDArray[np.float32]) -> Bools:
    """Which boxes (n, 4) have the size and shape of a ring; hardly any does, so that nothing more is asked of the others."""
    size = box[:, 2:] - box[:, :2]
    low, high = size.min(axis=1), size.max(axis=1)
    return np.asarray((low >= _SMALLEST) & (high <= _LARGEST) & (high <= _LONGER * low))


def ring_colour(handle: int) -> tuple[int, int, int] | None:
    """The colour of a path that is a ring; None where it has no curves, or is black, grey or white."""
    count = pdfium.path_count(handle)
    if count < _POINTS or not any(pdfium.segment_type(pdfium.path_segment(handle, i)) == _CURVE for i in range(_POINTS)):
        return None
    mode = np.zeros((1, 2), np.int32)
    pdfium.fill_rows(pdfium.path_draw_mode, [handle], None, mode, 2)
    if not mode.any():
        return None
    red, green, blue = _colours([handle], pdfium.stroke_color if mode[0, 1] else pdfium.fill_color)[0].tolist()
    return (red, green, blue) if max(red, green, blue) - min(red, green, blue) >= _COLOURED else None


def of_seals(rings: Rings, handles: list[int], page: Ints, origin: Floats) -> Bools:
    """Which text objects are text of a seal: they begin in a ring of their colour. ``origin`` (m, 2) is where they begin."""
    found = np.zeros(len(handles), bool)
    for box, home, rgb in zip(rings.box, rings.page, rings.rgb, strict=True):
        inside = (page == home) & (origin >= box[:2]).all(axis=1) & (origin <= box[2:]).all(axis=1)
        at = [i for i in np.flatnonzero(inside).tolist() if handles[i]]
        if at:
            colours = _colours([handles[i] for i in at], pdfium.fill_color)
            found[at] |= (np.abs(colours - rgb) <= _ALIKE).all(axis=1)
    return found


def _colours(handles: list[int], read: Callable[..., int]) -> npt.NDArray[np.int64]:
    rgba = np.zeros((len(handles), 4), np.uint32)
    pdfium.fill_rows(read, handles, None, rgba, 4)
    return rgba[:, :3].astype(np.int64)
