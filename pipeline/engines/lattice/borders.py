"""Borders of several lines side by side, and borders so thick that what meets them ends short of their middle, as single lines
that meet.

Word processors and spreadsheets have borders of two and three lines, up to some points apart, and draw them around each cell: a
line ends at the inner or the outer line of the border that it meets, and LibreOffice lets those of the first row begin a whole
border below it. That several lines are one border is told by the page: nearly all of its lines of that direction stand in such
groups, each about as wide as the other, and no text stands within one. A row that the end of a page leaves a few points high is
the only one of its page.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.engines.lattice.chars import Bools
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.ranks import distinct, median
from pipeline.engines.lattice.rules import Rules

# Lines closer than this (points) stand at one level; those of one border at most so far apart: Writer draws the two lines of a
# border of 2.25 points 4.5 points apart.
_LEVEL, _BORDER = 0.6, 6.5
# Of the borders of a page, the share that has several lines and no text within, and how many have; the share that is enough where
# those of the other direction have several; how much wider than usual one of them may be.
_MOST, _FEWEST, _SOME, _WIDER = 0.8, 3, 0.5, 1.6
# How far from the middle of such a border a line ends that meets it: so many times the border's width, and this (points).
_AWAY, _NEAR = 1.5, 1.8
# What meets a thick line ends at its middle, at its edge, or this far (points) from its edge.
_BESIDE = 1.0


class _Borders(NamedTuple):
    """The borders of one direction: where the middle of each is, ascending, and how far from there lines may end that meet it."""

    middle: Floats
    reach: Floats


_NONE = _Borders(np.zeros(0), np.zeros(0))


def single_lines(rules: Rules, thick: Floats, text: list[Floats], offsets: Floats) -> Rules:
    """The rules of a strip of pages, each border as one line.

    ``thick`` tells for each page how thick its thickest lines are (0: not thicker than usual), ``text`` the middles (n, 2) of
    its glyphs; page ``i`` stands at ``offsets[i]`` in both directions.
    """
    across, down = (lines.copy() for lines in rules)
    if not len(across) or not len(down):
        return rules
    stride = float(offsets[1]) if len(offsets) > 1 else np.inf
    homes = [((lines[:, 0] + _BORDER) // stride).astype(np.int64) for lines in rules]
    grouped = _grouped(across[:, 0], homes[0], len(offsets)) | _grouped(down[:, 0], homes[1], len(offsets))
    for page in np.flatnonzero(grouped | (thick > 0)).tolist():
        mine = [np.flatnonzero(home == page) for home in homes]
        one, other = across[mine[0]], down[mine[1]]
        levels, sides = _borders(one, other, text[page], float(thick[page]))
        across[mine[0]] = _meeting(_centred(one, levels), sides)
        down[mine[1]] = _meeting(_centred(other, sides), levels)
    return Rules(across, down)


def _grouped(position: Floats, page: Ints, pages: int) -> Bools:
    """The pages whose lines of one direction may stand in groups: far fewer groups than levels."""
    order = np.argsort(position, kind="stable")
    step, home = np.diff(position[order]), page[order][1:]
    levels, groups = (1 + np.bincount(home, step > gap, minlength=pages) for gap in (_LEVEL, _BORDER))
    return np.asarray(levels >= 1.4 * groups)


def _borders(across: Floats, down: Floats, text: Floats, thick: float) -> tuple[_Borders, _Borders]:
    """The borders of a page across and down: groups of lines where nearly all stand in such, else each level by itself."""
    grouped = [_groups(across, text[:, ::-1], _MOST), _groups(down, text, _MOST)]
    found = [len(groups.middle) for groups in grouped]
    if max(found) < _FEWEST:
        grouped = [_NONE, _NONE]
    elif not found[0]:
        grouped[0] = _groups(across, text[:, ::-1], _SOME)
    elif not found[1]:
        grouped[1] = _groups(down, text, _SOME)
    levels, sides = (
        groups if len(groups.middle) else _Borders(alone, np.full(len(alone), thick / 2 + _BESIDE if thick else 0.0))
        for groups, alone in zip(grouped, (distinct(across[:, 0]), distinct(down[:, 0])), strict=True)
    )
    return levels, sides


def _groups(lines: Floats, text: Floats, share: float) -> _Borders:
    """Borders of several lines, none where fewer than that share are so; ``text``: middles of glyphs, first across the lines."""
    if not len(lines):
        return _NONE
    order = np.argsort(lines[:, 0], kind="stable")
    group = np.zeros(len(lines), np.int64)
    group[order] = np.cumsum(np.concatenate([[False], np.diff(lines[order, 0]) > _BORDER]))
    low, high = np.full(group.max() + 1, np.inf), np.full(group.max() + 1, -np.inf)
    np.minimum.at(low, group, lines[:, 0])
    np.maximum.at(high, group, lines[:, 0])
    width = high - low
    several = np.flatnonzero(width > _LEVEL)
    if not len(several) or width.max() > min(_BORDER, _WIDER * median(width[several])):
        return _NONE
    free = sum(not _within(lines[group == k], text) for k in several.tolist())
    return _Borders((low + high) / 2, _AWAY * width + _NEAR) if free >= share * len(width) else _NONE


def _within(lines: Floats, text: Floats) -> bool:
    """Whether a glyph stands between some of these lines."""
    near = text[(text[:, 0] > lines[:, 0].min()) & (text[:, 0] < lines[:, 0].max())]
    return bool(len(near) and (_over(lines, near, -1) & _over(lines, near, 1)).any())


def _over(lines: Floats, text: Floats, side: int) -> Bools:
    """Which glyphs have one of the lines beside them, on that side of their middle (-1: before it)."""
    beside = (lines[None, :, 0] - text[:, None, 0]) * side > 0
    along = (lines[None, :, 1] <= text[:, None, 1]) & (text[:, None, 1] <= lines[None, :, 2])
    return np.asarray((beside & along).any(axis=1))


def _centred(lines: Floats, borders: _Borders) -> Floats:
    """The lines, each in the middle of its border."""
    return np.column_stack([borders.middle[_nearest(borders, lines[:, 0])], lines[:, 1:]])


def _meeting(lines: Floats, crossing: _Borders) -> Floats:
    """The lines, those that end before the middle of a border, but within its reach, drawn on to it; none begins or ends beyond
    the outermost, within theirs."""
    longer = lines.copy()
    for end, outer, last in ((1, np.minimum, 0), (2, np.maximum, len(crossing.middle) - 1)):
        at = _nearest(crossing, lines[:, end])
        middle = crossing.middle[at]
        meets = np.abs(lines[:, end] - middle) <= crossing.reach[at]
        longer[:, end] = np.where(meets, np.where(at == last, middle, outer(lines[:, end], middle)), lines[:, end])
    return longer


def _nearest(borders: _Borders, positions: Floats) -> Ints:
    """Which of the borders is nearest to each position."""
    between = (borders.middle[1:] + borders.middle[:-1]) / 2
    return np.searchsorted(between, positions)
