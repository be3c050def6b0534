"""Lines that are drawn under or through a text, as word processors and browsers draw underlines: they are no rules of a table.

An underline begins where a glyph begins, or an indentation before it, and ends where one ends, straight below the base line; a
rule runs from one vertical rule to another, whatever text stands above it.
"""

from __future__ import annotations

import numpy as np

from pipeline.engines.lattice.chars import Bools
from pipeline.engines.lattice.glyphs import Glyphs
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.rules import Rules

# Points: a line this short is a dash of a rule, unless it touches an underline; and what falls short of the vertical rules at its
# ends by no more than this, or passes the middle of them by no more than half of a thick rule, is a rule.
_SHORT, _FALLS, _PASSES = 6.0, 0.25, 1.5
_TOUCHES = 0.6
# Shares of the font size: how far above (struck through) and below the base line it lies, and how exactly it keeps to the glyphs.
_THROUGH, _UNDER, _EXACT = 0.6, 0.3, 0.15
# A paragraph is indented by so many characters at most, which are underlined too.
_INDENT = 2
# The least share of a line that has glyphs above it: the rest are spaces.
_COVERED = 0.6


def without_underlines(rules: Rules, glyphs: Glyphs) -> Rules:
    """The rules without the lines that belong to texts."""
    if not len(glyphs):
        return rules
    free = _hang_free(rules)
    short = rules.across[:, 2] - rules.across[:, 1] < _SHORT
    maybe = np.flatnonzero(free & ~short)
    maybe = maybe[_near_text(rules.across[maybe, 0], glyphs)] if len(maybe) else maybe
    if not len(maybe):
        return rules
    drawn = maybe[_follow_text(rules.across[maybe], glyphs)]
    if len(drawn):
        drawn = np.append(drawn, _pieces(rules.across, drawn, np.flatnonzero(free & short), glyphs))
    return Rules(np.delete(rules.across, drawn, axis=0), rules.down) if len(drawn) else rules


def _pieces(lines: Floats, drawn: Ints, short: Ints, glyphs: Glyphs) -> Ints:
    """Those of the short lines that are a piece of an underline: under one sign, and touching a piece that is known for one.

    Writer draws the line below a box and that below the channel behind it one by one; of a type of five points a box is no wider
    than a dash.
    """
    found = short[:0]
    short = short[np.isin(np.round(lines[short, 0], 1), np.round(lines[drawn, 0], 1))]
    while len(short) and len(drawn):
        one, other = lines[short][:, None], lines[drawn][None]
        level = np.abs(one[..., 0] - other[..., 0]) < _TOUCHES
        touches = level & (one[..., 1] <= other[..., 2] + _TOUCHES) & (one[..., 2] >= other[..., 1] - _TOUCHES)
        near = touches.any(axis=1)
        drawn, short = short[near], short[~near]
        drawn = drawn[_follow_text(lines[drawn], glyphs)] if len(drawn) else drawn
        found = np.append(found, drawn)
    return found


def _hang_free(rules: Rules) -> Bools:
    """Which lines across do not reach from one vertical rule to another."""
    across, down = rules.across, np.sort(rules.down[:, 0])
    ends = ((across[:, 1], _PASSES, _FALLS), (across[:, 2], _FALLS, _PASSES))
    one, other = (
        np.searchsorted(down, at - behind) < np.searchsorted(down, at + before, side="right") for at, before, behind in ends
    )
    return np.asarray(~(one & other))


def _near_text(y: Floats, glyphs: Glyphs) -> Bools:
    """Which heights have the base line of any text near them; one look a text object, which has one base line."""
    first = np.flatnonzero(np.diff(glyphs.piece, prepend=-1))
    base, most = np.sort(glyphs.base[first, 1]), float(glyphs.em.max())
    return np.asarray(np.searchsorted(base, y - _UNDER * most) < np.searchsorted(base, y + _THROUGH * most))


def _follow_text(lines: Floats, glyphs: Glyphs) -> Bools:
    """Which of these lines (y, x0, x1) have glyphs above them from end to end."""
    order = np.argsort(glyphs.base[:, 1])
    base, most = glyphs.base[order, 1], float(glyphs.em.max())
    first = np.searchsorted(base, lines[:, 0] - _UNDER * most)
    count = np.searchsorted(base, lines[:, 0] + _THROUGH * most) - first
    # Every pair of a line and a glyph at its height, then those in which the glyph stands over the line.
    line = np.repeat(np.arange(len(lines)), count)
    glyph = order[np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)]
    over = np.flatnonzero((glyphs.box[glyph, 0] < lines[line, 2]) & (glyphs.box[glyph, 2] > lines[line, 1]))
    line, glyph = line[over], glyph[over]
    y, x0, x1 = lines[line].T
    em, left, right = glyphs.em[glyph], glyphs.box[glyph, 0], glyphs.box[glyph, 2]
    down, shared = (y - glyphs.base[glyph, 1]) / em, np.minimum(x1, right) - np.maximum(x0, left)
    on = (down > -_THROUGH) & (down < _UNDER) & (glyphs.turn[glyph] == 0)
    indent = np.full(len(lines), np.inf)
    np.minimum.at(indent, line[on], ((left - x0) / em)[on])
    starts = np.abs(indent - np.clip(np.round(indent), 1, _INDENT)) < _EXACT
    starts |= np.bincount(line, on & (np.abs(left - x0) < _EXACT * em), len(lines)) > 0
    ends = np.bincount(line, on & (np.abs(right - x1) < _EXACT * em), len(lines)) > 0
    return np.asarray(starts & ends & (np.bincount(line, shared * on, len(lines)) > _COVERED * (lines[:, 2] - lines[:, 1])))
