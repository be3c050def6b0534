"""Dashed and dotted rules: ink that comes and goes at one pitch, the same all over the page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.engines.ocr.raster import median

# Dashes follow each other at a pitch between these (points), at least so many, and this share of them at the same pitch. What is
# closer is a hairline of dots, which a scan blurs into a solid one or beats with.
_CLOSEST, _PITCH, _DASHES, _REGULAR = 1.1, 13.0, 4, 0.7
# How far two pitches of one pattern may differ: a share, and dots (a short line measures its pitch coarsely).
_SHARE, _DOTS = 0.12, 0.6
# A page is ruled in dashes when the lines of one pattern that are at least this long (points) add up to this in both directions.
LONG, _ENOUGH = 60.0, 100.0


@dataclass(frozen=True, slots=True)
class Pattern:
    """How dashes repeat: ``pitch`` in dots from one to the next."""

    pitch: float

    def same(self, other: Pattern) -> bool:
        return abs(self.pitch - other.pitch) <= max(_SHARE * other.pitch, _DOTS)


def pattern_of(core: npt.NDArray[np.bool_], unit: float) -> Pattern | None:
    """The pattern of a line, given where along it there is ink; None where ink comes and goes irregularly."""
    starts = (core[1:] & ~core[:-1]).nonzero()[0]
    pitch = starts[1:] - starts[:-1]
    if len(pitch) < _DASHES:
        return None
    usual = median(pitch)
    regular = np.abs(pitch - usual) <= max(1.5, 0.2 * usual)
    if not _CLOSEST * unit <= usual <= _PITCH * unit or float(regular.mean()) < _REGULAR:
        return None
    return Pattern(float(pitch[regular].mean()))


def common_pattern(found: list[list[tuple[Pattern, float]]], unit: float) -> Pattern | None:
    """The pattern that most of the dashed length of a page has, level and upright; None where either is little.

    ``found`` holds for both directions the patterns with the lengths of their lines (dots). Strokes of text may look dashed.
    """
    long = [[(pattern, length) for pattern, length in side if length >= LONG * unit] for side in found]
    best = max((p for side in long for p, _ in side), key=lambda p: _shorter(p, long), default=None)
    return best if best and _shorter(best, long) >= _ENOUGH * unit else None


def _shorter(pattern: Pattern, long: list[list[tuple[Pattern, float]]]) -> float:
    return min(sum(length for other, length in side if other.same(pattern)) for side in long)
