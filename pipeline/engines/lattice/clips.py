"""What the clips of painted objects leave visible of the lines that they draw."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.pdfium import Floats, Ints


def cut_to_clips(lines: Floats, source: Ints, handles: list[int]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Boxes (n, 4) of lines cut to the clips of the objects that draw them, and which of them are seen at all.

    ``handles[source[i]]`` is the object of line i; boxes and clips are in the coordinates of its content stream. Chromium paints
    the rows that a page break cuts with all their rules and clips them: a rule below the edge of the clip closed the cut cells.
    """
    objects, at = np.unique(source, return_inverse=True)
    cut = pdfium.clipped([handles[i] for i in objects.tolist()])
    if not cut:
        return lines, np.ones(len(lines), bool)
    clips = np.tile([-np.inf, -np.inf, np.inf, np.inf], (len(objects), 1))
    for i in cut:
        clips[i] = pdfium.clip_box(handles[objects[i]]) or clips[i]
    clip = clips[at]
    low, high = np.maximum(lines[:, :2], clip[:, :2]), np.minimum(lines[:, 2:], clip[:, 2:])
    # A hairline has no thickness that a clip could leave.
    hairline = lines[:, 2:] == lines[:, :2]
    return np.concatenate([low, high], axis=1), ((high > low) | (hairline & (high == low))).all(axis=1)
