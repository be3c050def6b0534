"""The ruled lines of a scanned page: ridges whose ends are held by other ridges, which the arcs of seals are not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.engines.ocr.dashes import LONG, Pattern, common_pattern
from pipeline.engines.ocr.flatten import Flat
from pipeline.engines.ocr.raster import Floats
from pipeline.engines.ocr.ridges import BLUR, LONG_BLUR, Candidate, Views, candidates, dark_views

Bools = npt.NDArray[np.bool_]
_T = TypeVar("_T")
_R = TypeVar("_R")

# With fewer rules than this in either direction the table may be drawn in long dashes, or a fax has broken its rules.
_FEW = 5
# How far (points) an end may stand from the rule that holds it, and how far the ends of an open side may differ.
HOLD, ALIGNED = 2.4, 2.0
# A dashed rule may end in a gap: a share of its pitch.
_GAP_OF_DASHES = 0.45
# Ends of lines that no rule holds count when so many stand in line, and this share of those around (points): a table's open side.
_OPEN_SIDE, _AROUND, _SHARE_OPEN = 3, 40.0, 0.34
# Lines that go on where others end in line: one for so many (share) is a scratch of the copier's drum.
_PASSING = 0.125
# So many lines that are so long (points) and end in line make a side though they cross but one rule: a page with one row.
_MANY, _TALL = 6, 100.0
# So do shorter ones of one length that stand over so much of the page (points): the last lines of a row, which a page's end cut.
_WIDE = 200.0
# Pieces (points) of a rule that a fax has broken: at least so long, at most so far apart, and so nearly in line. No column and no
# row is so narrow.
_PIECE, _BROKEN, _LEVEL = 20.0, 9.0, 1.0


@dataclass(frozen=True, slots=True)
class Ridges:
    """Straight thin lines along one axis, in dots: rows of (position at start, position at end, start, end)."""

    lines: Floats

    @property
    def position(self) -> Floats:
        return np.asarray((self.lines[:, 0] + self.lines[:, 1]) / 2)


@dataclass(frozen=True, slots=True)
class Found:
    """The level and the upright rules of a page, and the pattern of its dashes where it is ruled in dashes.

    ``views`` are the pictures in which they were found: the page as it lies, and turned so that upright rules are its rows.
    """

    across: Ridges
    down: Ridges
    pattern: Pattern | None
    views: tuple[Views, Views]

    def __len__(self) -> int:
        return len(self.across.lines) + len(self.down.lines)


def find_rules(flat: Flat, unit: float) -> Found:
    """The rules of a picture with ``unit`` dots in a point."""
    dark = np.asarray(cv2.bitwise_not(flat.gray), np.uint8)
    views = _both(lambda way: dark_views(way, flat.noise, unit), (dark, np.asarray(cv2.transpose(dark), np.uint8)))
    found = _rules(views, unit, flat.noise, BLUR)
    if min(len(found.across.lines), len(found.down.lines)) < _FEW:
        dashed = _rules(views, unit, flat.noise, LONG_BLUR)
        broken = _rules(views, unit, flat.noise, BLUR, broken=True)
        return max((found, dashed, broken), key=len)
    return found


def _rules(views: tuple[Views, Views], unit: float, noise: float, blur: float, broken: bool = False) -> Found:
    found = _both(lambda view: candidates(view, unit, noise, blur), views)
    pattern = common_pattern([[(c.pattern, c.length) for c in side if c.pattern] for side in found], unit)
    if broken and pattern is None:
        pattern = next(filter(None, map(_dominant, found)), None)
    across, down = (Ridges(_chosen(side, pattern, unit, broken)) for side in found)
    if broken:
        across, down = (Ridges(_whole(side.lines, unit)) for side in (across, down))
    reach = HOLD * unit + (_GAP_OF_DASHES * pattern.pitch if pattern else 0.0)
    return Found(*_held(across, down, unit, reach), pattern, views)


def _both(work: Callable[[_T], _R], ways: tuple[_T, _T]) -> tuple[_R, _R]:
    """The results for the level and the upright rules, sought at once: while the first page is opened, nothing else needs the
    second core (a single A3 page took a tenth less time)."""
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(work, ways[1])
        return work(ways[0]), other.result()


def _chosen(candidates: list[Candidate], pattern: Pattern | None, unit: float, broken: bool) -> Floats:
    """All solid rules; on a page ruled in dashes those of its pattern, and only long solid ones (a frame).

    ``broken``: those full of gaps as well.
    """
    plain = [c for c in candidates if c.solid or (broken and c.broken)]
    if pattern is not None:
        same = [c for c in candidates if c.pattern and c.pattern.same(pattern)]
        plain = same + [c for c in plain if c.length >= LONG * unit and c not in same]
    return np.array([c.line for c in plain], float).reshape(-1, 4)


def _dominant(candidates: list[Candidate]) -> Pattern | None:
    """The pattern that most of what may be rules in one direction has: the dashes of the other may begin anew at each cell."""
    longest = max((c for c in candidates if c.pattern), key=lambda c: c.length, default=None)
    if longest is None or longest.pattern is None:
        return None
    mine = sum(c.length for c in candidates if c.pattern and c.pattern.same(longest.pattern))
    return longest.pattern if 2 * mine > sum(c.length for c in candidates) else None


def _whole(lines: Floats, unit: float) -> Floats:
    """The lines with those made one that are the pieces of a rule which a fax has broken: in line, long, and hardly apart."""
    long = lines[:, 3] - lines[:, 2] >= _PIECE * unit
    found = lines[~long].tolist()
    open_pieces: list[list[float]] = []
    for line in lines[long][np.argsort(lines[long][:, 2], kind="stable")].tolist():
        mine = [p for p in open_pieces if abs(line[0] - p[1]) <= _LEVEL * unit and 0 <= line[2] - p[3] <= _BROKEN * unit]
        if mine:
            mine[-1][1], mine[-1][3] = line[1], line[3]
        else:
            open_pieces.append(line)
    return np.array([*found, *open_pieces], float).reshape(-1, 4)


def _held(across: Ridges, down: Ridges, unit: float, reach: float) -> tuple[Ridges, Ridges]:
    """Only what stands between two perpendicular rules, or runs out in line with others (an open side).

    A stroke of text in line with a rule lengthens its ridge; such an end is cut back to the last rule that it passes, and one
    that stops within ``reach`` (dots) of a rule is drawn on to it. What is left out may have held something else, so this goes on
    until nothing changes.
    """
    while True:
        new_across = _between(across, down, unit, reach)
        new_down = _between(down, new_across, unit, reach)
        if np.array_equal(new_across.lines, across.lines) and np.array_equal(new_down.lines, down.lines):
            return across, down
        across, down = new_across, new_down


def _between(lines: Ridges, others: Ridges, unit: float, reach: float) -> Ridges:
    if not len(lines.lines) or not len(others.lines):
        return Ridges(np.zeros((0, 4)))
    position, at = lines.position, others.position
    start, end = lines.lines[:, 2], lines.lines[:, 3]
    meets = (
        (position[:, None] >= others.lines[None, :, 2] - reach)
        & (position[:, None] <= others.lines[None, :, 3] + reach)
        & (at[None, :] >= start[:, None] - reach)
        & (at[None, :] <= end[:, None] + reach)
    )
    first = np.where(meets, at[None, :], np.inf).min(axis=1)
    last = np.where(meets, at[None, :], -np.inf).max(axis=1)
    spans = last - first > 2 * reach
    first, last = np.where(np.isinf(first), end, first), np.where(np.isinf(last), start, last)
    start, end = np.where(first < start, first, start), np.where(last > end, last, end)
    start = np.where((first - start > reach) & ~_open_side(start, spans, lines, unit), first, start)
    end = np.where((end - last > reach) & ~_open_side(end, spans, lines, unit), last, end)
    loose = ~meets.any(axis=1)
    open_both = _open_side(start, spans, lines, unit) & _open_side(end, spans, lines, unit)
    # What nothing holds is cut back to its other end, and many such ends in line would make an open side of themselves.
    kept = np.where(loose, open_both & (end > start), end - start >= 2 * reach)
    return Ridges(np.column_stack([lines.lines[:, :2], start, end])[kept])


def _open_side(ends: Floats, spans: Bools, lines: Ridges, unit: float) -> Bools:
    """Which ends stand in line with those of enough other lines, where hardly a line goes on: the edge of a table without border.

    ``spans`` are the lines that cross two rules or more. Strokes of a title that touch the rule below it make no side, since no
    such line ends in line with them, nor do the few rules that a title lengthens while the others around end below it.
    """
    reach = ALIGNED * unit
    apart = np.abs(ends[:, None] - ends[None, :])
    in_line = (apart <= reach).sum(axis=1)
    spanning = ((apart <= reach) & spans[None, :]).sum(axis=1)
    around = (apart <= _AROUND * unit).sum(axis=1)
    passing = (lines.lines[None, :, 2] < ends[:, None] - 2 * reach) & (lines.lines[None, :, 3] > ends[:, None] + 2 * reach)
    long = lines.lines[:, 3] - lines.lines[:, 2] >= _TALL * unit
    sided = long & (((apart <= reach) & long[None, :]).sum(axis=1) >= _MANY)
    enough = ((spanning >= 1) | sided | _comb(lines, reach, unit)) & (in_line >= _OPEN_SIDE) & (in_line >= _SHARE_OPEN * around)
    return np.asarray(enough & (passing.sum(axis=1) <= _PASSING * in_line))


def _comb(lines: Ridges, reach: float, unit: float) -> Bools:
    """Which lines stand in a row of many that begin and end in line."""
    begin, end = lines.lines[:, 2], lines.lines[:, 3]
    alike = (np.abs(begin[:, None] - begin[None, :]) <= reach) & (np.abs(end[:, None] - end[None, :]) <= reach)
    at = np.broadcast_to(lines.position, alike.shape)
    spread = np.where(alike, at, -np.inf).max(axis=1) - np.where(alike, at, np.inf).min(axis=1)
    return np.asarray((alike.sum(axis=1) >= _MANY) & (spread >= _WIDE * unit))
