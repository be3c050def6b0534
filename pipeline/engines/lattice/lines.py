"""From glyphs with cells to the text of the cells: printed lines in reading order."""

from __future__ import annotations

import numpy as np

from pipeline.engines.lattice.chars import Bools
from pipeline.engines.lattice.glyphs import Glyphs
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.text import CJK_RANGES, radicals_to_characters

_LINE, _GROUP = ord("\n"), 0
# Shares of the font size: a base line this far away is another line, a gap this wide between Latin glyphs is a space.
_LEADING, _SPACE = 0.45, 0.2
# Two glyphs of one line that start closer than this share of the narrower one are painted over each other.
_OVER = 0.4
# Lines of one text are never set closer than this share of the font size.
_LEAST_LEADING = 0.7


def reading_axes(glyphs: Glyphs) -> tuple[Floats, Floats]:
    """For each glyph how far along its line it starts, and how far down its line lies, by its writing direction."""
    if not glyphs.turn.any():
        return glyphs.box[:, 0], glyphs.base[:, 1]
    turn = np.maximum(glyphs.turn, 0)
    along = np.choose(turn, [glyphs.box[:, 0], glyphs.box[:, 1], -glyphs.box[:, 2], -glyphs.box[:, 3]])
    down = np.choose(turn, [glyphs.base[:, 1], -glyphs.base[:, 0], -glyphs.base[:, 1], glyphs.base[:, 0]])
    return along, down


def group_texts(glyphs: Glyphs, group: Ints, n: int) -> tuple[list[str], set[int]]:
    """The text of each of ``n`` groups (``group`` numbers them, negative = none), printed lines from top to bottom.

    And the groups in which glyphs are painted over each other, so that nobody can tell their order.
    """
    texts, over = [""] * n, set[int]()
    kept = np.flatnonzero(group >= 0)
    if not len(kept):
        return texts, over
    glyphs, group = (glyphs, group) if len(kept) == len(glyphs) else (glyphs.take(kept), group[kept])
    along, down, length = *reading_axes(glyphs), _lengths(glyphs)
    upright = _set_vertically(glyphs, group, down)
    if len(upright):
        along, down, length = along.copy(), down.copy(), length.copy()
        along[upright], down[upright] = glyphs.base[upright, 1], -glyphs.middle[upright, 0]
        length[upright] = glyphs.em[upright]
    order = _line_order(group, along, down, glyphs.em)
    owner, em, start, level = group[order], glyphs.em[order], along[order], down[order]
    code, length = glyphs.code[order], length[order]
    step, sink = np.diff(start), np.abs(np.diff(level))
    new_group = np.diff(owner) != 0
    new_line = (np.diff(level) > _LEADING * em[1:]) | ((step < 0) & (sink > 0.2 * em[1:]))
    beside = ~new_line & (step >= 0) & (step < _OVER * np.minimum(length[:-1], length[1:]))
    below = new_line & (np.diff(level) < _LEAST_LEADING * np.minimum(em[:-1], em[1:]))
    if below.any():
        below &= _share_width(owner, start, length, new_line)
    painted_over = ~new_group & (beside | below)
    gap, wide, worded = step - length[:-1], _wide(code), glyphs.worded[order][1:]
    space = ((gap > _SPACE * em[1:]) | worded) & ~wide[1:] & ~wide[:-1]
    if space.any():
        solid = wide[1:] & wide[:-1] & ~new_line & ~new_group
        space &= (gap - _tracking(owner[1:], gap, solid)[owner[1:]] > _SPACE * em[1:]) | worded
    between = np.where(new_group, _GROUP, np.where(new_line, _LINE, np.where(space, ord(" "), -1)))
    at = np.flatnonzero(between >= 0)
    joined = np.insert(code, at + 1, between[at]).astype("<u4").tobytes().decode("utf-32-le")
    numbers = owner[np.concatenate([[0], np.flatnonzero(new_group) + 1])]
    for number, text in zip(numbers.tolist(), radicals_to_characters(joined).split("\0"), strict=True):
        texts[number] = text
    return texts, set(owner[1:][painted_over].tolist())


def _tracking(owner: Ints, gap: Floats, solid: Bools) -> Floats:
    """For each group the gap that a publisher has put between all characters: the least between two Chinese ones."""
    least = np.full(int(owner.max()) + 1, np.inf)
    np.minimum.at(least, owner[solid], gap[solid])
    return np.where(np.isfinite(least), np.maximum(least, 0), 0)


def _set_vertically(glyphs: Glyphs, group: Ints, down: Floats) -> Ints:
    """The glyphs of groups that are written in columns, from top to bottom and the columns from right to left.

    They are painted so: mostly straight down, hardly ever to the right, and at least once up again and to the left.
    """
    together, em = group[1:] == group[:-1], glyphs.em[1:]
    sink = np.diff(down)
    up = together & (sink < -0.6 * em)
    if not up.any():
        return np.zeros(0, np.int64)
    aside = np.diff(glyphs.middle[:, 0])
    turned = group[1:][up & (aside < -0.8 * em) & (aside > -3 * em)]
    n = int(group.max()) + 1
    falls = np.bincount(group[1:][together & (np.abs(aside) < 0.3 * em) & (sink > 0.5 * em) & (sink < 2 * em)], minlength=n)
    level = np.bincount(group[1:][together & (np.abs(sink) < 0.3 * em)], minlength=n)
    turns = np.bincount(turned, minlength=n)
    vertical = (turns > 0) & (falls >= 2 * turns) & (level * 4 <= falls)
    return np.flatnonzero(vertical[group] & (glyphs.turn == 0))


def _share_width(owner: Ints, start: Floats, length: Floats, new_line: Bools) -> Bools:
    """For each pair of neighbours in reading order: do the lines that end and begin there stand above each other?"""
    fresh = np.concatenate([[True], new_line | (np.diff(owner) != 0)])
    line, first = np.cumsum(fresh) - 1, np.flatnonzero(fresh)
    low, high = np.minimum.reduceat(start, first), np.maximum.reduceat(start + length, first)
    one, other = line[:-1], line[1:]
    return np.asarray(np.minimum(high[one], high[other]) > np.maximum(low[one], low[other]))


def _line_order(group: Ints, along: Floats, down: Floats, em: Floats) -> Ints:
    order = _order(group, down)
    fresh = np.ones(len(order), bool)
    fresh[1:] = (np.diff(group[order]) != 0) | (np.diff(down[order]) > _LEADING * em[order][1:])
    return order[_order(np.cumsum(fresh), along[order], order)]


def _order(group: Ints, place: Floats, rank: Ints | None = None) -> Ints:
    """The order by group, then by place to a 1024th of a point, then by rank (that of the file).

    One column of packed numbers is sorted several times faster than two, as long as everything fits in.
    """
    steps = np.round((place - place.min()) * 1024).astype(np.int64)
    rank = np.arange(len(group)) if rank is None else rank
    low, middle = len(group).bit_length(), int(steps.max()).bit_length()
    if int(group.max()).bit_length() + middle + low > 63:
        return np.lexsort((rank, steps, group))
    packed = np.sort((((group << middle) + steps) << low) + rank)
    place_of = np.empty(len(group), np.int64)
    place_of[rank] = np.arange(len(group))
    return np.asarray(place_of[packed & ((1 << low) - 1)])


def _lengths(glyphs: Glyphs) -> Floats:
    """How long each glyph is along its line."""
    across = glyphs.box[:, 2] - glyphs.box[:, 0]
    return np.where(glyphs.turn % 2 == 1, glyphs.box[:, 3] - glyphs.box[:, 1], across) if glyphs.turn.any() else across


# Whether a code point of the Basic Multilingual Plane is Chinese, looked up once for all.
_WIDE = np.zeros(0x10000, bool)
for _first, _last in CJK_RANGES:
    _WIDE[_first : _last + 1] = True


def _wide(code: Ints) -> Bools:
    """Which code points are Chinese (no space stands between them and their neighbours)."""
    return np.asarray(_WIDE[np.minimum(code, 0xFFFF)] | (code >= 0x20000))
