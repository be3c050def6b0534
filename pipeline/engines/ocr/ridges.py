"""Ridges: thin dark lines of a picture, and which of them look like the rules of a table.

A rule is a thin dark ridge, longer than any stroke of the table's type. Ridges of text lines are left out by how much of the
ridge is ink, how often ink crosses it, and what stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.engines.ocr.dashes import Pattern, pattern_of
from pipeline.engines.ocr.pieces import pieces
from pipeline.engines.ocr.raster import Gray, Ints

Line = tuple[float, float, float, float]

# Points. Shorter pieces are strokes; thicker ones are areas.
SHORTEST, THICKEST = 11.0, 4.4
# Points over which a ridge is smoothed along itself: gaps of dashes and of damage are narrower. The long one is for long dashes.
BLUR, LONG_BLUR = 4.0, 11.0
# Contrast (of 255) that a ridge must have after smoothing.
_RIDGE = 12.0
# Contrast from which a dot counts as ink: the highest of these that is below half the ridge's own. Hairlines are pale.
DOTS = (18.0, 36.0, 64.0, 96.0, 128.0)
# What tells a rule from a ridge of text, measured on 1 600 rules and 17 000 ridges of text in scans of known pages. A rule is
# ink nearly all along (at least), evenly dark (deviation over mean, at most), hardly ever crossed by strokes (share, at most),
# and stands by itself: this share of its length, at most, has ink at any of some distances (points) to a side.
_INK, _EVEN, _CROSSED, _BESIDE = 0.88, 0.3, 0.07, 0.4
_SIDES, _PARALLEL = (1.4, 2.2), 0.75
# Type has gaps: what is long (points) and ink all along is a rule, though a column of type may lean on it.
_SOLID, _SOLID_CROSSED = 0.97, 0.3
# A long rule may be worn, in a photocopy: less ink, short gaps (points), nothing beside it, and long (points).
_WORN_INK, _WORN_CROSSED, _WORN_BESIDE, _WORN_LONG, _GAP = 0.7, 0.02, 0.12, 40.0, 1.5
# One whose dashes follow no pattern, since they begin anew at each cell, or of which a copy has left hardly half: long (points),
# with so much ink, hardly anything across it and next to nothing beside it (type has 0.17 there at least, such rules 0.07).
_BROKEN_LONG, _BROKEN_INK, _BROKEN_CROSSED, _BROKEN_BESIDE = 40.0, 0.4, 0.05, 0.1
# The same for dashes.
_DASHED_INK, _DASHED_CROSSED = 0.2, 0.08
# A steeper ridge is no rule of a page that lies straight.
_STEEPEST = 0.06


@dataclass(frozen=True, slots=True)
class Views:
    """A picture prepared for ridges along its rows.

    ``peak`` is the darkest of each dot and its neighbours across, ``stroke`` how dark ink is that runs on to a side from there,
    further than a rule is thick, ``rule`` the same for ink that runs on further than any stroke: another rule, and rules may
    cross. ``levels`` are the contrasts at which ridges are judged.
    """

    dark: Gray
    peak: Gray
    stroke: Gray
    rule: Gray
    levels: tuple[float, ...]

    def level_of(self, darkness: float) -> int:
        """The number of the level at which a ridge of this darkness is judged."""
        return max([k for k, level in enumerate(self.levels) if level <= darkness / 2], default=0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ridge that may be a rule: it looks ``solid``, or its dashes repeat by a ``pattern``, or both, or it is ``broken``."""

    line: Line
    solid: bool
    pattern: Pattern | None
    broken: bool = False

    @property
    def length(self) -> float:
        return self.line[3] - self.line[2]


def candidates(views: Views, unit: float, noise: float, blur: float) -> list[Candidate]:
    """The ridges along the rows of a picture that may be rules; ``blur`` points along a ridge are smoothed into one."""
    dark = views.dark
    width = max(3, round(blur * unit) | 1)
    thick = (round(THICKEST * unit) | 1) + 2
    hat = cv2.morphologyEx(cv2.blur(dark, (width, 1)), cv2.MORPH_TOPHAT, np.ones((thick, 1), np.uint8))
    # Noise averages out along the ridge, save for what the blocks of JPEG keep.
    mask = (hat > max(_RIDGE, 4 * noise / width**0.5)).astype(np.uint8)
    mask = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    shortest = max(5, round(SHORTEST * unit))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    label, stats = pieces(np.asarray(mask, np.uint8))
    found: list[Candidate] = []
    for number, (x, y, across, height, _) in enumerate(stats[1:].tolist(), 1):
        area = np.s_[y : y + height, x : x + across]
        strength = np.where(label[area] == number, hat[area], 0).astype(np.float32)
        for part in _parallel(strength) if height > 2.5 * unit else [strength]:
            found += _fit(views, part, x, y, unit)
    return found


def dark_views(dark: Gray, noise: float, unit: float) -> Views:
    """The views of a picture of darkness (0 = paper)."""
    levels = tuple(max(level, 3 * noise) for level in DOTS)
    peak = np.asarray(cv2.dilate(dark, np.ones((3, 1), np.uint8)), np.uint8)
    return Views(dark, peak, _runs_on(dark, round(THICKEST * unit * 0.6) + 1), _runs_on(dark, round(SHORTEST * unit)), levels)


def _runs_on(dark: Gray, reach: int) -> Gray:
    """For each dot how dark the palest of the next ``reach`` dots above it is, or below it, whichever is darker."""
    strip = np.ones((reach, 1), np.uint8)
    above = cv2.erode(dark, strip, anchor=(0, reach - 1), borderValue=0)
    below = cv2.erode(dark, strip, anchor=(0, 0), borderValue=0)
    return np.asarray(cv2.max(above, below), np.uint8)


def _parallel(strength: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
    """A tall blob cut into its ridges: doubled rules stand so close that their blobs touch.

    The blob of a rule that leans is tall as well, so it is laid level by its own slope before its rows are told apart.
    """
    weight = np.add.reduce(strength, axis=0)
    columns = weight.nonzero()[0]
    along = np.arange(strength.shape[0], dtype=np.float32)[:, None]
    gain, _ = _straight(columns, (strength * along).sum(axis=0)[columns] / weight[columns]) if len(columns) > 2 else (0.0, 0.0)
    shift = np.round(gain * np.arange(strength.shape[1])).astype(np.int64)
    row = np.arange(strength.shape[0])[:, None] - shift[None, :]
    row -= row.min()
    profile = np.bincount(row.ravel(), weights=strength.ravel())
    high = np.concatenate([[0], (profile > 0.35 * profile.max()).astype(np.int8), [0]])
    return [
        np.where((row >= top) & (row < bottom), strength, np.float32(0))
        for top, bottom in np.flatnonzero(np.diff(high)).reshape(-1, 2).tolist()
    ]


def _fit(views: Views, strength: npt.NDArray[np.float32], x: int, y: int, unit: float) -> list[Candidate]:
    """The straight line through a blob (its top-left dot at x, y), as the rules that may lie on it."""
    weight = np.add.reduce(strength, axis=0)
    columns = weight.nonzero()[0]
    if len(columns) < SHORTEST * unit * 0.8:
        return []
    along = np.arange(strength.shape[0], dtype=np.float32)[:, None]
    heights = np.add.reduce(strength * along, axis=0)[columns] / weight[columns]
    gain, constant = _straight(columns, heights) if len(columns) > 8 * unit else (0.0, _mean(heights))
    at = np.rint(constant + gain * columns + y).astype(np.int64)
    # A straight line is lowest and highest at its ends.
    if abs(gain) > _STEEPEST or min(at[0], at[-1]) < 0 or max(at[0], at[-1]) >= views.peak.shape[0]:
        return []
    ridge = Ridge(views, at, columns + x, unit)
    dashed: list[tuple[slice, bool, Pattern | None]] = [
        (piece, ridge.is_rule(piece), pattern) for piece in ridge.whole() if (pattern := ridge.pattern(piece))
    ]
    found = []
    told = dashed or [(piece, True, None) for piece in ridge.pieces() if ridge.is_rule(piece)]
    broken = [] if told else [(piece, False, None) for piece in ridge.whole() if ridge.is_broken(piece)]
    for piece, solid, pattern in told or broken:
        start, end = int(ridge.along[piece.start]), int(ridge.along[piece.stop - 1]) + 1
        line = (constant + gain * (start - x) + y, constant + gain * (end - x) + y, float(start), float(end))
        found.append(Candidate(line, solid, pattern, bool(broken)))
    return found


class Ridge:
    """The dots of a picture along a ridge (row ``at`` of each column ``along``): where there is ink, and what is beside it."""

    def __init__(self, views: Views, at: Ints, along: Ints, unit: float) -> None:
        self._views, self._at = views, at
        self.along, self.unit = along, unit
        self.peak = views.peak[at, along]
        self.level = views.levels[views.level_of(share_of(self.peak, 0.7))]
        self.core = self.peak > self.level

    @cached_property
    def smooth(self) -> Gray:
        """Dots of a dotted hairline stand closer than the scan resolves; smoothed along the ridge they are a pale solid rule."""
        return np.asarray(cv2.blur(self.peak[None, :], (round(0.9 * self.unit) | 1, 1))[0], np.uint8)

    def whole(self) -> list[slice]:
        """All of it, from its first ink to its last."""
        filled = self.core.nonzero()[0]
        return self._long([slice(int(filled[0]), int(filled[-1]) + 1)]) if len(filled) else []

    def pieces(self) -> list[slice]:
        """The stretches between gaps that are too long for a worn rule."""
        filled = self.core.nonzero()[0]
        if not len(filled):
            return []
        breaks = (filled[1:] - filled[:-1] - 1 > _GAP * self.unit).nonzero()[0]
        starts = [int(filled[0]), *filled[breaks + 1].tolist()]
        ends = [*filled[breaks].tolist(), int(filled[-1])]
        return self._long([slice(a, b + 1) for a, b in zip(starts, ends, strict=True)])

    def _long(self, pieces: list[slice]) -> list[slice]:
        return [piece for piece in pieces if piece.stop - piece.start >= SHORTEST * self.unit * 0.8]

    def pattern(self, piece: slice) -> Pattern | None:
        """How its dashes repeat, None where it is not dashed."""
        # Hardly any ridge repeats, which is quickly told.
        found = pattern_of(self.core[piece], self.unit) if share(self.core[piece]) >= _DASHED_INK else None
        return found if found and self.strokes(piece) <= _DASHED_CROSSED else None

    def is_rule(self, piece: slice) -> bool:
        """Whether a stretch is a solid or a worn rule, and no ridge of text."""
        ink = share(self.core[piece])
        long = piece.stop - piece.start >= _WORN_LONG * self.unit
        # Most ridges are type, and fail at the first test: what needs more of the picture is looked at last.
        full = ink >= _INK or share(self.smooth[piece] > self.level) >= _INK
        # What is uneven for its gaps alone may still be a worn rule.
        if full and min(_deviation(self.peak[piece]), _deviation(self.smooth[piece])) <= _EVEN:
            if ink >= _SOLID and long:
                return self.strokes(piece) <= _SOLID_CROSSED
            return self.strokes(piece) <= _CROSSED and self.beside(piece) <= _BESIDE
        if not long or ink < _WORN_INK or _deviation(self.peak[piece][self.core[piece]]) > _EVEN:
            return False
        return self.strokes(piece) <= _WORN_CROSSED and self.beside(piece) <= _WORN_BESIDE

    def is_broken(self, piece: slice) -> bool:
        """Whether a stretch is a rule full of gaps, and no ridge of text."""
        if piece.stop - piece.start < _BROKEN_LONG * self.unit or share(self.core[piece]) < _BROKEN_INK:
            return False
        return self.strokes(piece) <= _BROKEN_CROSSED and self.beside(piece) <= _BROKEN_BESIDE

    def beside(self, piece: slice) -> float:
        """Share of a stretch that has ink beside it, where that is most. What is nearly all ink is a doubled or a thick rule."""
        at, along, dark = self._at[piece], self.along[piece], self._views.dark
        offsets = [sign * round(off * self.unit) for off in _SIDES for sign in (-1, 1)]
        shares = [share(dark[np.clip(at + offset, 0, dark.shape[0] - 1), along] > self.level) for offset in offsets]
        return max((inked for inked in shares if inked < _PARALLEL), default=0.0)

    def strokes(self, piece: slice) -> float:
        """Share of a stretch that ink crosses. A rule ends at rules that cross it; they are no strokes."""
        rim = min(round(2 * self.unit), (piece.stop - piece.start) // 4)
        dots = self._at[piece.start + rim : piece.stop - rim], self.along[piece.start + rim : piece.stop - rim]
        return share((self._views.stroke[dots] > self.level) & (self._views.rule[dots] <= self.level))


def share(dots: npt.NDArray[np.bool_]) -> float:
    """Which share of some dots is set (numpy's mean of a few hundred takes five times as long)."""
    return np.count_nonzero(dots) / len(dots)


def share_of(values: Gray, share: float) -> float:
    """The value below which this share of the values lies (numpy's percentile takes ten times as long on a few hundred)."""
    at = int(share * (len(values) - 1))
    return float(np.partition(values, at)[at])


def _deviation(darkness: Gray) -> float:
    """Standard deviation over the mean (numpy's own take twice as long on a few hundred)."""
    mean = _mean(darkness)
    apart = darkness - mean
    return float((np.add.reduce(apart * apart) / len(apart)) ** 0.5 / max(mean, 1.0))


def _mean(values: npt.NDArray[np.generic]) -> float:
    # Of few numbers this takes a quarter of the time of numpy's own, and there are tens of thousands of ridges on a page.
    return float(np.add.reduce(values) / len(values))


def _straight(along: Ints, across: npt.NDArray[np.float32]) -> tuple[float, float]:
    """Slope and height of the straight line through points, by least squares."""
    middle = _mean(along)
    apart = along - middle
    gain = float(np.add.reduce(apart * across) / np.add.reduce(apart * apart))
    return gain, _mean(across) - gain * middle
