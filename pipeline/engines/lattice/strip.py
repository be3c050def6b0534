"""A strip of pages: glyphs and rules in, tables, outside text and balanced glyph accounts out.

numpy takes as long for one page as for thirty, so pages are read from pdfium one by one but worked on together: page ``i`` of a
strip is moved by ``i`` strides along both axes, where nothing of one page can touch another, and moved back at the end.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.assign import ABOVE, BELOW, Assignment, assign
from pipeline.engines.lattice.frame import Frame
from pipeline.engines.lattice.glyphs import Bools, Glyphs, Ink, ink_to_glyphs, read_ink
from pipeline.engines.lattice.grid import RuledGrid, rules_to_grids
from pipeline.engines.lattice.lines import group_texts, reading_axes
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.quick import new_bbox, new_cell, new_place
from pipeline.engines.lattice.rules import boxes_to_rules, read_boxes
from pipeline.model import BBox, GlyphAccount, Issue, Page, PageTable, Place, TextLine

# A pale glyph this many times larger than the page's usual type is a watermark; smaller pale text is just grey text.
_WATERMARK_SIZE = 1.6
DROPPED = ("", "watermark", "invisible", "painted twice")


@dataclass(frozen=True, slots=True)
class RawPage:
    """Everything that is read while a page is open: its number (1-based), frame, ink, and the boxes that may be rules.

    ``turned``: quarter turns clockwise of the frame beyond those that a viewer makes.
    """

    number: int
    frame: Frame
    ink: Ink
    boxes: Floats
    turned: int = 0


def read_raw(page: int, text_page: int, number: int) -> RawPage:
    """The page with these pdfium handles. A page set sideways without saying so is turned as a person would turn it."""
    box, turns = pdfium.page_frame(page)
    frame, ink = Frame(*box, turns), read_ink(text_page)
    if turns or (ink.matrix[:, 0] <= 0).any():
        quarters = _sideways(ink_to_glyphs([ink], [frame], np.zeros(1)))
        frame = frame.turned(4 - quarters) if quarters else frame
    return RawPage(number, frame, ink, read_boxes(page), (frame.turns - turns) % 4)


def raw_to_pages(raws: list[RawPage], known: list[Floats]) -> list[Page]:
    """The pages of a strip. ``known`` are the column edges of the tables on earlier pages; those of these pages are added."""
    frames = [raw.frame for raw in raws]
    stride = 2.0 ** np.ceil(np.log2(max(max(f.width, f.height) for f in frames) + 4096))
    offsets = np.arange(len(raws)) * stride
    glyphs = ink_to_glyphs([raw.ink for raw in raws], frames, offsets)
    printed = np.bincount(glyphs.page, minlength=len(raws))
    reasons = _drop_reasons(glyphs, len(raws))
    dropped = np.stack([np.bincount(glyphs.page[reasons == k], minlength=len(raws)) for k in range(len(DROPPED))])
    glyphs = glyphs if not reasons.any() else glyphs.take(reasons == 0)
    first = np.searchsorted(glyphs.page, np.arange(len(raws) + 1))
    middle = glyphs.middle
    text = [middle[a:b] for a, b in itertools.pairwise(first)]
    grids = rules_to_grids(boxes_to_rules([raw.boxes for raw in raws], frames, offsets), text, known, offsets, stride)
    edges = np.array([(0.0, 0.0, f.width, f.height) for f in frames]) + offsets[:, None]
    reach = np.array([(min(g.ys[0] for g in gs), max(g.ys[-1] for g in gs)) if gs else (np.nan, np.nan) for gs in grids])
    where = assign(glyphs, [g for gs in grids for g in gs], reach, edges)
    tables = _tables(glyphs, where, grids, [raw.number for raw in raws], offsets)
    outside = _outside(glyphs, where, first, raws, offsets)
    accounts = _accounts(glyphs, where, printed, dropped)
    return [
        Page(
            raw.number,
            round(raw.frame.width, 2),
            round(raw.frame.height, 2),
            tables[i],
            outside[i],
            accounts[i],
            _issues(int(glyphs.unreadable[first[i] : first[i + 1]].sum()), tables[i], raw.number),
            raw.turned,
        )
        for i, raw in enumerate(raws)
    ]


def _sideways(glyphs: Glyphs) -> int:
    """Quarter turns by which most of a page's text is written, 0 for an upright page."""
    turns = np.bincount(glyphs.turn[glyphs.turn >= 0], minlength=4)
    best = int(turns.argmax())
    return best if turns[best] > 0.6 * turns.sum() else 0


def _drop_reasons(glyphs: Glyphs, pages: int) -> Ints:
    """For each glyph why it is no text of its page: an index of DROPPED, 0 for those that are."""
    reasons = np.zeros(len(glyphs), np.int64)
    if not len(glyphs):
        return reasons
    reasons[_painted_twice(glyphs)] = DROPPED.index("painted twice")
    slanted = glyphs.turn < 0
    if glyphs.hidden.any() or glyphs.pale.any() or slanted.any():
        for page in range(pages):
            mine = glyphs.page == page
            if not mine.any():
                continue
            if not glyphs.hidden[mine].all():
                reasons[mine & glyphs.hidden] = DROPPED.index("invisible")
            large = glyphs.em > _WATERMARK_SIZE * float(np.median(glyphs.em[mine]))
            reasons[mine & (slanted | (glyphs.pale & large))] = DROPPED.index("watermark")
    return reasons


def _accounts(glyphs: Glyphs, where: Assignment, printed: Ints, dropped: Ints) -> list[GlyphAccount]:
    """Where the glyphs of each page went."""
    n = len(printed)
    hidden, placed = where.side != 0, where.cell >= 0
    count = [
        np.bincount(glyphs.page[m], minlength=n).tolist()
        for m in (placed & ~hidden, ~placed & ~hidden, placed & hidden, ~placed & hidden)
    ]
    accounts = []
    for i in range(n):
        reasons = {DROPPED[k]: int(dropped[k, i]) for k in range(1, len(DROPPED))}
        reasons |= {"clipped": count[2][i], "beyond the page": count[3][i]}
        accounts.append(
            GlyphAccount(int(printed[i]), count[0][i], count[1][i], tuple(sorted((r, c) for r, c in reasons.items() if c)))
        )
    return accounts


def _painted_twice(glyphs: Glyphs) -> Bools:
    """Glyphs that repeat an earlier one (the same character almost in the same place), as fake bold paints them."""
    twice = np.zeros(len(glyphs), bool)
    along, down = reading_axes(glyphs)
    # One packed key sorts several times faster than three: character, then line, then place on the line.
    order = np.argsort((glyphs.code << 43) + (np.round(down).astype(np.int64) << 22) + np.round(along * 4).astype(np.int64))
    reach = 0.15 * glyphs.em[order][1:]
    near = (np.diff(glyphs.code[order]) == 0) & (np.abs(np.diff(down[order])) < reach) & (np.abs(np.diff(along[order])) < reach)
    if near.any():
        twice[np.maximum(order[:-1][near], order[1:][near])] = True
    return twice


def _tables(
    glyphs: Glyphs, where: Assignment, grids: list[list[RuledGrid]], numbers: list[int], offsets: Floats
) -> list[tuple[PageTable, ...]]:
    """The tables of each page, with the text of their cells."""
    n = sum(len(g.cells) for gs in grids for g in gs)
    shown = where.cell if not where.side.any() else np.where(where.side == 0, where.cell, -1)
    texts, over = group_texts(glyphs, shown, n)
    above, below = (_hidden_texts(glyphs, where, side, n) for side in (ABOVE, BELOW))
    doubts = dict.fromkeys(over, "overprinted")
    if glyphs.unreadable.any():
        doubts.update({int(k): "unreadable" for k in where.cell[glyphs.unreadable]})
    pages, start = [], 0
    for number, offset, mine in zip(numbers, offsets.tolist(), grids, strict=True):
        tables = []
        for grid in mine:
            end = start + len(grid.cells)
            tables.append(_table(grid, number, offset, texts[start:end], above[start:end], below[start:end], doubts, start))
            start = end
        pages.append(tuple(tables))
    return pages


def _table(
    grid: RuledGrid,
    number: int,
    offset: float,
    texts: list[str],
    above: list[str],
    below: list[str],
    doubts: dict[int, str],
    start: int,
) -> PageTable:
    xs, ys = np.round(grid.xs - offset, 2).tolist(), np.round(grid.ys - offset, 2).tolist()
    foot = grid.label.shape[0]
    top_ruled, bottom_ruled = grid.top_ruled.tolist(), grid.bottom_ruled.tolist()
    cells = tuple(
        new_cell(
            row,
            col,
            height,
            width,
            texts[k],
            new_place(number, new_bbox(xs[col], ys[row], xs[col + width], ys[row + height]), None, None),
            row == 0 and not all(top_ruled[col : col + width]),
            row + height == foot and not all(bottom_ruled[col : col + width]),
            above[k],
            below[k],
            region if region >= 0 else None,
            doubts.get(start + k, ""),
            (),
        )
        for k, (row, col, height, width, region) in enumerate(grid.cells)
    )
    return PageTable(number, BBox(xs[0], ys[0], xs[-1], ys[-1]), foot, grid.label.shape[1], cells)


def _hidden_texts(glyphs: Glyphs, where: Assignment, side: int, n: int) -> list[str]:
    """What is painted for each cell beyond its visible part, on one side."""
    mine = np.flatnonzero((where.side == side) & (where.cell >= 0))
    return group_texts(glyphs.take(mine), where.cell[mine], n)[0] if len(mine) else [""] * n


def _outside(glyphs: Glyphs, where: Assignment, first: Ints, raws: list[RawPage], offsets: Floats) -> list[tuple[TextLine, ...]]:
    """The text of each page in no table, a printed line each, from top to bottom."""
    at = np.flatnonzero((where.cell < 0) & (where.side == 0))
    pages: list[list[TextLine]] = [[] for _ in raws]
    if len(at):
        rest = glyphs.take(at)
        line = _line_numbers(rest)
        n = int(line.max()) + 1
        texts, _ = group_texts(rest, line, n)
        low, high = np.full((n, 2), np.inf), np.full((n, 2), -np.inf)
        np.minimum.at(low, line, rest.box[:, :2])
        np.maximum.at(high, line, rest.box[:, 2:])
        owner = np.zeros(n, np.int64)
        owner[line] = rest.page
        edges = np.round(np.concatenate([low, high], axis=1) - offsets[owner][:, None], 2).tolist()
        for text, page, edge in zip(texts, owner.tolist(), edges, strict=True):
            pages[page].append(TextLine(text.replace("\n", " "), Place(raws[page].number, BBox(*edge))))
    return [tuple(lines) for lines in pages]


def _line_numbers(glyphs: Glyphs) -> Ints:
    _, down = reading_axes(glyphs)
    order = np.lexsort((down, glyphs.page))
    fresh = (np.diff(down[order]) > 0.45 * glyphs.em[order][1:]) | (np.diff(glyphs.page[order]) != 0)
    number = np.empty(len(order), np.int64)
    number[order] = np.concatenate([[0], np.cumsum(fresh)])
    return number


def _issues(lost: int, tables: tuple[PageTable, ...], number: int) -> tuple[Issue, ...]:
    issues = []
    if lost:
        text = (
            f"page {number}: {lost} characters cannot be read, since the file does not say which they are; compare with the page"
        )
        issues.append(Issue("unreadable", "error", text, place=Place(number)))
    for cell in (c for table in tables for c in table.cells):
        if cell.region is not None and cell.text:
            text = f"page {number}: a merged cell is no rectangle and was cut into rectangles; check {cell.text[:20]!r}"
            issues.append(Issue("region", "warning", text, place=cell.place))
    return tuple(issues)
