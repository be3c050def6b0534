"""From ridges to grids: pieces too short to be seen as rules alone are looked for where others are, then the shared geometry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipeline.engines.lattice.grid import rules_to_grids
from pipeline.engines.lattice.rules import Rules
from pipeline.engines.lattice.slots import RuledGrid
from pipeline.engines.ocr.dashes import Pattern
from pipeline.engines.ocr.raster import Floats, median
from pipeline.engines.ocr.ridges import Ridge, Views, share, share_of
from pipeline.engines.ocr.rules import Found, Ridges
from pipeline.engines.ocr.sides import open_sides

# Points: a table smaller than this on either side is a framed word or a large character. One of so many columns is what a page's
# end leaves of a table: its headings, or one line of a row.
_SMALL, _COLUMNS, _LOW = 40.0, 5, 8.0
# A side between two crossing rules that continues a level is ruled when it looks like the page's rules: as dark and, on a page
# ruled in dashes, with as much ink, by these factors; next to nothing crosses it (share), little stands beside it.
_AS_DARK, _AS_MUCH, _CROSSED, _BESIDE = 0.55, 0.6, 0.03, 0.15
# Ends of rules up to this long (points) may be strokes of type; a rule is ink in this share of it, a little off the rules across.
_SHORT, _THROUGH, _RIM = 16.0, 0.96, 0.8
# Ink all along a side that is long (points) is a rule, though type leans on it. Type between two rules that stand at the level of
# another is ink in at most 0.83 of its length (measured on 140 such lines of eight pages): above this share nobody knows.
_SOLID, _LONG, _PERHAPS = 0.97, 30.0, 0.85
# What a fax or a copy has left of such a side: it is so long (points), so much of it is ink, more by so much than of the places
# beside it, and hardly any of that runs on to a side (share). Of 60 such sides of faxes none had more than 0.00, of type at the
# level of a rule none less than 0.08.
_LEFT_LONG, _LEFT, _LEFT_MORE, _LEFT_CROSSED = 20.0, 0.45, 0.33, 0.01
# With a gap of this share of its length nobody knows: an underline, or a rule that ends within a stretch, is ink at one end.
# The gaps that faxes and folds leave in a side are 0.32 at most.
_GAP = 0.34
# Only a rule of which this share was found, and no stroke of type, is looked for further with so little to go by.
_FOUND = 0.12
# How far (points) such a side may stand from the level of the rules that it continues.
_OFF = 1.2
NONE: Floats = np.zeros((0, 3))


def to_rules(across: Ridges, down: Ridges, unit: float) -> Rules:
    """Ridges in dots as rules in points."""
    return Rules(*(np.column_stack([r.position, r.lines[:, 2], r.lines[:, 3]]) / unit for r in (across, down)))


@dataclass(frozen=True, slots=True)
class Ruled:
    """The tables of a page, its rules, and the sides between two of them that may be ruled or not, all in points."""

    grids: list[RuledGrid]
    rules: Rules
    perhaps: Rules


def found_to_grids(found: Found, unit: float, text: Callable[[], Floats], known: list[Floats]) -> Ruled:
    """The ruled tables of a straight page; ``text`` (asked for last) and ``known`` as in ``rules_to_grids``."""
    rules = to_rules(found.across, found.down, unit)
    if found.pattern is None:
        across = _trimmed(rules.across, rules.down, found.views[0], unit)
        rules = Rules(across, _trimmed(rules.down, across, found.views[1], unit))
    ruled = _ruled(rules, found, unit, text, known)
    sides = open_sides(ruled.grids, known)
    if len(sides):
        ruled = _ruled(Rules(rules.across, np.vstack([rules.down, sides])), found, unit, text, known)
    return ruled


def _ruled(rules: Rules, found: Found, unit: float, text: Callable[[], Floats], known: list[Floats]) -> Ruled:
    across, down, level, upright = rules.across, rules.down, NONE, NONE
    # Twice: a rule that was completed closes stretches of the others.
    for _ in range(2):
        across, level = _completed(across, down, found.views[0], unit, found.pattern)
        down, upright = _completed(down, across, found.views[1], unit, found.pattern)
    rules = Rules(across, down)
    (grids,) = rules_to_grids(rules, [text()], list(known), np.zeros(1))
    return Ruled([grid for grid in grids if _is_large(grid)], rules, Rules(level, upright))


def _is_large(grid: RuledGrid) -> bool:
    wide, high = grid.xs[-1] - grid.xs[0], grid.ys[-1] - grid.ys[0]
    return bool(len(grid.cells) > 1 and wide >= _SMALL and (high >= _SMALL or (len(grid.xs) > _COLUMNS and high >= _LOW)))


@dataclass(frozen=True, slots=True)
class _Usual:
    """What the rules of a page look like: how dark their ink is, how much of them is ink, how their dashes repeat."""

    darkness: float
    ink: float
    pattern: Pattern | None


def _completed(lines: Floats, crossing: Floats, views: Views, unit: float, pattern: Pattern | None) -> tuple[Floats, Floats]:
    """The lines with the pieces between crossing rules that go on at their level, and the pieces that perhaps do.

    Rows of (position, start, end) in points; ``views`` are of the picture laid so that the lines run along its rows.
    """
    if not len(lines) or len(crossing) < 2:
        return lines, NONE
    ridges = [_ridge(views, at, start, end, unit) for at, start, end in lines.tolist()]
    usual = _Usual(median([_darkness(r) for r in ridges]), median([_ink(r) for r in ridges]), pattern)
    added, perhaps = [], []
    for height in _levels(lines[:, 0]):
        at = np.sort(crossing[(crossing[:, 1] - 1 <= height) & (crossing[:, 2] + 1 >= height), 0])
        mine = lines[np.abs(lines[:, 0] - height) <= _OFF]
        worn = len(at) > 1 and at[-1] > at[0] and _overlap(mine, float(at[0]), float(at[-1])) >= _FOUND
        for left, right in zip(at[:-1].tolist(), at[1:].tolist(), strict=True):
            if right - left < 4 or _overlap(mine, left, right) >= 0.5:
                continue
            place, is_rule, may_be = _piece(views, (height, left + 1.5, right - 1.5), unit, usual, worn)
            if is_rule:
                added.append((place, left, right))
            elif may_be and pattern is None:
                perhaps.append((place, left, right))
    return np.vstack([lines, np.array(added, float).reshape(-1, 3)]), np.array(perhaps, float).reshape(-1, 3)


def _trimmed(lines: Floats, crossing: Floats, views: Views, unit: float) -> Floats:
    """The lines without ends that run on from rule to rule through a stroke of type: such a stroke does not reach the rules."""
    kept, real = lines.copy(), np.ones(len(lines), bool)
    for k, (height, start, end) in enumerate(lines.tolist()):
        at = np.sort(crossing[(crossing[:, 1] - 1 <= height) & (crossing[:, 2] + 1 >= height), 0])
        at = at[(at >= start - 1) & (at <= end + 1)]
        while len(at) > 2 and at[1] - at[0] <= _SHORT and not _runs_through(views, height, at[0], at[1], unit):
            at = at[1:]
            kept[k, 1] = at[0]
        while len(at) > 2 and at[-1] - at[-2] <= _SHORT and not _runs_through(views, height, at[-2], at[-1], unit):
            at = at[:-1]
            kept[k, 2] = at[-1]
        alone = len(at) == 2 and at[1] - at[0] <= _SHORT and (np.abs(lines[:, 0] - height) <= _OFF).sum() == 1
        real[k] = not alone or _runs_through(views, height, at[0], at[1], unit, strictly=True)
    return kept[real]


def _runs_through(views: Views, level: float, start: float, end: float, unit: float, strictly: bool = False) -> bool:
    """Whether a short stretch is ink all along at one of the places where the rule may lie, or else looks like a rule."""
    off = 1 if strictly else round(_OFF * unit)
    steps = np.arange(-off, off + 1) / unit
    ridges = [_ridge(views, level + step, start + _RIM, end - _RIM, unit) for step in steps.tolist()]
    best = max(ridges, key=_ink)
    whole = slice(0, len(best.along))
    if strictly:
        return _ink(best) >= _THROUGH and best.strokes(whole) <= _CROSSED and best.beside(whole) <= _BESIDE
    return _ink(best) >= _THROUGH or best.is_rule(whole)


def _levels(positions: Floats) -> list[float]:
    ranked = np.sort(positions)
    groups = np.split(ranked, np.flatnonzero(np.diff(ranked) > _OFF) + 1)
    return [float(group.mean()) for group in groups]


def _overlap(lines: Floats, left: float, right: float) -> float:
    """Share of a stretch that lines already cover."""
    covered = np.clip(np.minimum(lines[:, 2], right) - np.maximum(lines[:, 1], left), 0, None).sum()
    return float(covered / (right - left))


def _ridge(views: Views, level: float, start: float, end: float, unit: float) -> Ridge:
    """The dots at a level between two places, all in points."""
    height, width = views.dark.shape
    along = np.arange(max(round(start * unit), 0), min(max(round(end * unit), round(start * unit) + 1), width))
    return Ridge(views, np.full(len(along), min(max(round(level * unit), 0), height - 1)), along, unit)


def _darkness(ridge: Ridge) -> float:
    return share_of(ridge.peak, 0.85)


def _ink(ridge: Ridge) -> float:
    return share(ridge.core)


def _piece(views: Views, stretch: tuple[float, float, float], unit: float, usual: _Usual, worn: bool) -> tuple[float, bool, bool]:
    """Where near its level a stretch (level, start, end) looks most like a rule, whether it is one (or, if ``worn``, what is left
    of one), and whether nobody knows where it is none.
    """
    level, start, end = stretch
    steps = np.arange(-round(_OFF * unit), round(_OFF * unit) + 1) / unit
    ridges = [(level + step, _ridge(views, level + step, start, end, unit)) for step in steps.tolist()]
    most = max(_ink(ridge) for _, ridge in ridges)
    best = [(at, ridge) for at, ridge in ridges if _ink(ridge) >= 0.95 * most]
    at, ridge = best[len(best) // 2]
    left = worn and usual.pattern is None and _is_as_dark(ridge, usual) and _is_left(ridge, unit)
    is_rule = _is_like(ridge, unit, usual) or (left and _longest_gap(ridge) < _GAP)
    return at, is_rule, left or most >= _PERHAPS


def _longest_gap(ridge: Ridge) -> float:
    """The share of a stretch that is its longest gap."""
    ink = np.flatnonzero(np.concatenate([[True], ridge.core, [True]]))
    return float((ink[1:] - ink[:-1]).max() - 1) / len(ridge.core)


def _is_left(ridge: Ridge, unit: float) -> bool:
    """Whether the ink of a stretch is what is left of a rule: full of gaps, but nothing crosses it."""
    whole = slice(0, len(ridge.along))
    enough = len(ridge.along) >= _LEFT_LONG * unit and _ink(ridge) >= _LEFT
    return enough and ridge.strokes(whole) <= _LEFT_CROSSED and _ink(ridge) - ridge.beside(whole) >= _LEFT_MORE


def _is_as_dark(ridge: Ridge, usual: _Usual) -> bool:
    return _AS_DARK <= _darkness(ridge) / usual.darkness <= 1 / _AS_DARK


def _is_like(ridge: Ridge, unit: float, usual: _Usual) -> bool:
    whole = slice(0, len(ridge.along))
    if not _is_as_dark(ridge, usual):
        return False
    if usual.pattern is None:
        solid = _ink(ridge) >= _SOLID and len(ridge.along) >= _LONG * unit
        return ridge.is_rule(whole) and (solid or ridge.beside(whole) <= 2 * _BESIDE)
    if (pattern := ridge.pattern(whole)) and pattern.same(usual.pattern):
        return True
    expected = len(ridge.along) / usual.pattern.pitch
    dashes = int((ridge.core[1:] & ~ridge.core[:-1]).sum()) + int(ridge.core[0])
    like = _AS_MUCH * usual.ink <= _ink(ridge) <= usual.ink / _AS_MUCH and dashes >= 0.5 * expected
    return like and ridge.strokes(whole) <= _CROSSED and ridge.beside(whole) <= _BESIDE
