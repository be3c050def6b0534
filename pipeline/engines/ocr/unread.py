"""Ink that a reading does not account for, and characters that no ink accounts for: the recogniser drops 一, 、, □ or a bracket
and is sure of what is left, and it reads what shines through from the back of the paper.

It tells where along the line each character stands (a CTC model has one peak a character). Chinese type is set on an even
pitch, so ink that is further from every peak than half a character belongs to none that was read.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.engines.ocr.grown import PRINT, print_limit
from pipeline.engines.ocr.raster import Gray, Mask, percentile
from pipeline.engines.ocr.recognise import Reading

# Shares of the type size, measured on 516 lines of four pages with each of 1 200 characters left out in turn. Ink this far from
# every peak is unread; so much of it within one character is a character, or so much of it between two peaks that stand further
# apart than neighbours do. Before the first and behind the last peak ink reaches at most so far.
_FAR, _MUCH, _APART, _LITTLE = 0.62, 0.4, 1.4, 0.1
_BEFORE, _BEHIND = 0.95, 0.78
# A column has ink when this share of the type size in it is darker than halfway to the darkest. Smaller pieces are dirt.
_STROKE, _BETWEEN_LINES, _SPECK = 0.04, 0.14, 0.16
# The peak of a character is no further from its print. Measured on 13 000 characters of six scans: at most 0.31, of ；.
_OFF = 0.35


def unread_ink(crop: Gray, reading: Reading, em: float) -> tuple[int, ...]:
    """The places in a reading where ink was not read: k is before its character k, the number of characters behind the last.

    ``crop`` is the line with paper around it, ``em`` the size of its type in dots.
    """
    ink = _ink(crop, em)
    # Specks are looked for only where they matter.
    return _gaps(_without_specks(ink, em), reading, em) if _gaps(ink, reading, em) else ()


def without_ink(crop: Gray, reading: Reading, em: float) -> tuple[int, ...]:
    """The numbers of the characters at whose place nothing is as dark as print of the same line."""
    margin = max(2, round(_BETWEEN_LINES * em))
    darkest = crop[margin : max(crop.shape[0] - margin, margin + 1)].min(axis=0, initial=255)
    # By the darkest dot alone it is sooner told that there is no gap in which a character may stand that is not printed.
    if not _has_gap(darkest < 255 - PRINT * (255 - float(darkest.min(initial=255))), em):
        return ()
    printed = np.flatnonzero(darkest < print_limit(crop))
    if not len(printed):
        return ()
    apart = np.abs(printed[:, None] - np.array(reading.places) * crop.shape[1]).min(axis=0)
    return tuple(int(k) for k in np.flatnonzero(apart > _OFF * em) if not reading.text[k].isspace())


def _has_gap(printed: npt.NDArray[np.bool_], em: float) -> bool:
    """Whether a character that is not printed may stand between two columns that are, or before or behind them all."""
    columns = np.flatnonzero(printed)
    if not len(columns):
        return False
    ends = max(int(columns[0]), len(printed) - 1 - int(columns[-1]))
    return ends > _OFF * em or bool((columns[1:] - columns[:-1] > 2 * _OFF * em).any())


def _gaps(mask: Mask, reading: Reading, em: float) -> tuple[int, ...]:
    filled = mask.sum(axis=0, dtype=np.int64) >= max(1.0, _STROKE * em)
    places = np.array(reading.places) * mask.shape[1]
    if not filled.any() or not len(places):
        return (0,) if filled.any() else ()
    columns = np.arange(mask.shape[1])
    index = np.searchsorted(places, columns)
    left = columns - np.concatenate([[-np.inf], places])[index]
    right = np.concatenate([places, [np.inf]])[index] - columns
    far = filled & (np.minimum(left, right) > _FAR * em)
    ink = np.flatnonzero(filled)
    found = set(_between(far & (left + right > _APART * em) & np.isfinite(left + right), index, em))
    found.update(_dense(far, index, em))
    if places[0] - ink[0] > _BEFORE * em:
        found.add(0)
    if ink[-1] - places[-1] > _BEHIND * em:
        found.add(len(places))
    return tuple(sorted(found))


def _ink(crop: Gray, em: float) -> Mask:
    """1 where a line has ink, its neighbours above and below left out."""
    margin = max(2, round(_BETWEEN_LINES * em))
    inner = crop[margin : max(crop.shape[0] - margin, margin + 1)]
    if not inner.size:
        return np.zeros((1, crop.shape[1]), np.uint8)
    dark = (percentile(crop[::2], 3) + 255) / 2
    return np.ascontiguousarray((inner < dark).astype(np.uint8))


def _without_specks(ink: Mask, em: float) -> Mask:
    """The ink without pieces that are smaller than any sign."""
    _, label, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    large = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= _SPECK * em
    large[0] = False
    return np.asarray(large[label], np.uint8)


def _between(far: npt.NDArray[np.bool_], index: npt.NDArray[np.intp], em: float) -> list[int]:
    counts = np.bincount(index[far])
    return [int(k) for k in np.flatnonzero(counts >= _LITTLE * em)]


def _dense(far: npt.NDArray[np.bool_], index: npt.NDArray[np.intp], em: float) -> list[int]:
    """The places in whose neighbourhood a character's worth of ink is far from every peak."""
    width = max(1, round(0.9 * em))
    if not far.any() or len(far) < width:
        return []
    counts = np.convolve(far, np.ones(width), "valid")
    starts = np.flatnonzero(counts >= _MUCH * em)
    ink = np.flatnonzero(far)
    return [int(k) for k in np.unique(index[ink[np.searchsorted(ink, starts)]])]
