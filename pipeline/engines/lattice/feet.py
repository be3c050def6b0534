"""Page numbers that a browser prints over the open end of a table: they are the page's, not the cell's.

Chromium draws the rules of a row for which a page has no room down over the foot of the page, where the page number stands.
"""

from __future__ import annotations

import re

import numpy as np

from pipeline.engines.lattice.glyphs import Glyphs
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.ranks import distinct
from pipeline.engines.lattice.slots import RuledGrid

# How much of a page its foot is at most (the margin that browsers and word processors leave is 1 to 2.5 cm).
_FOOT = 0.1
# A page number stands in the middle of its page, give or take so many points.
_CENTRED = 3.0
# Signs of a page number stand no further apart, as a share of the font size.
_SET = 0.6
# A number alone, or of how many; between dashes; in words. Not a telephone number, which has a dash and more digits.
_NUMBER, _DASH = r"\s*\d{1,4}\s*", r"\s*[\-—－–·][\s\-—－–·]*"
_PLAIN = re.compile(rf"{_NUMBER}(?:/{_NUMBER})?")
_IN_WORDS = rf"(?:[\s/，,]*[第共]{_NUMBER}页){{1,2}}\s*|(?:第)?{_NUMBER}页(?:[\s/，,]*共?{_NUMBER}页)?\s*"
_DRESSED = re.compile(rf"{_DASH}{_NUMBER}(?:{_DASH})?|{_IN_WORDS}")
# One of these stands in every page number; looked up first, since hardly any page has one in a cell.
_IS_DIGIT = np.zeros(0x10000, bool)
_IS_DIGIT[[ord(digit) for digit in "0123456789０１２３４５６７８９"]] = True


def is_page_number(codes: Ints) -> bool:
    """Whether a line is a page number (- 3 -, 第 3 页, 3/12)."""
    text = "".join(map(chr, codes.tolist()))
    return bool(_PLAIN.fullmatch(text) or _DRESSED.fullmatch(text))


def leave_page_numbers(glyphs: Glyphs, cell: Ints, grids: list[list[RuledGrid]], pages: Floats) -> None:
    """Take page numbers at a page's foot out of the open cells of the table that ends there (in place)."""
    floor = pages[:, 3] - _FOOT * (pages[:, 3] - pages[:, 1])
    low = np.flatnonzero(glyphs.base[:, 1] > floor[glyphs.page])
    low = low[(cell[low] >= 0) & (glyphs.turn[low] == 0)]
    holders = set(cell[low[_IS_DIGIT[np.minimum(glyphs.code[low], 0xFFFF)]]].tolist())
    if not holders:
        return
    offset = 0
    for number, mine in enumerate(grids):
        for grid in mine:
            # Rules that begin at the foot itself are those of a row of the next page; none of its cells has a text here.
            inside = grid.label if grid.ys[0] > floor[number] else grid.label[-1, ~grid.bottom_ruled]
            owners = distinct((inside + offset).ravel()).tolist()
            if holders.intersection(owners):
                _leave(glyphs, cell, low[np.isin(cell[low], owners)], pages[number])
            offset += len(grid.cells)


def _leave(glyphs: Glyphs, cell: Ints, low: Ints, page: Floats) -> None:
    """Take the page number out of the cells that these glyphs at the foot of the page belong to: it may stand across a rule."""
    for lines in _last_lines(glyphs, cell, low):
        for line in (np.concatenate(lines), *lines):
            if _is_of_page(glyphs, line, page):
                cell[line] = -1


def _is_of_page(glyphs: Glyphs, line: Ints, page: Floats) -> bool:
    box = glyphs.box[line]
    aside = abs(float(box[0, 0] + box[-1, 2]) / 2 - float(page[0] + page[2]) / 2)
    text = "".join(map(chr, glyphs.code[line].tolist()))
    return bool(_DRESSED.fullmatch(text) or (_PLAIN.fullmatch(text) and aside < _CENTRED))


def _last_lines(glyphs: Glyphs, cell: Ints, low: Ints) -> list[list[Ints]]:
    """The last line of each of these cells, from left to right, together with those in which it goes on without a gap."""
    lines = []
    for owner in distinct(cell[low]).tolist():
        mine = low[cell[low] == owner]
        last = mine[glyphs.base[mine, 1] > glyphs.base[mine, 1].max() - 0.4 * glyphs.em[mine]]
        lines.append(last[np.argsort(glyphs.box[last, 0])])
    lines.sort(key=lambda line: float(glyphs.box[line[0], 0]))
    together: list[list[Ints]] = []
    for line in lines:
        if together and _goes_on(glyphs, int(together[-1][-1][-1]), int(line[0])):
            together[-1].append(line)
        else:
            together.append([line])
    return together


def _goes_on(glyphs: Glyphs, one: int, other: int) -> bool:
    em = glyphs.em[one]
    gap = glyphs.box[other, 0] - glyphs.box[one, 2]
    return bool(abs(gap) < _SET * em and abs(glyphs.base[other, 1] - glyphs.base[one, 1]) < 0.1 * em)
