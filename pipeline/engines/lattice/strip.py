"""A strip of pages: glyphs and rules in, tables, outside text and balanced glyph accounts out.

numpy takes as long for one page as for thirty, so pages are read from pdfium one by one but worked on together: page ``i`` of a
strip is moved by ``i`` strides along both axes, where nothing of one page can touch another, and moved back at the end.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.assign import ABOVE, BELOW, Assignment, assign, cell_boxes
from pipeline.engines.lattice.borders import single_lines
from pipeline.engines.lattice.boxes import Boxes, form_matrices, read_boxes
from pipeline.engines.lattice.chars import Bools
from pipeline.engines.lattice.flows import FARTHEST
from pipeline.engines.lattice.frame import Frame, Frames
from pipeline.engines.lattice.glyphs import Glyphs, ink_to_glyphs, ink_to_turns
from pipeline.engines.lattice.grid import rules_to_grids
from pipeline.engines.lattice.ink import WATERMARK_SIZE, Clip, Ink, read_ink
from pipeline.engines.lattice.lines import group_texts, reading_axes
from pipeline.engines.lattice.paths import moved
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.quick import new_bboxes, new_cells, new_places
from pipeline.engines.lattice.ranks import median
from pipeline.engines.lattice.rules import boxes_to_rules
from pipeline.engines.lattice.seals import of_seals
from pipeline.engines.lattice.slots import RuledGrid
from pipeline.engines.lattice.underlines import without_underlines
from pipeline.model import BBox, Cell, GlyphAccount, Issue, Page, PageTable, Place, TextLine

DROPPED = ("", "watermark", "invisible", "painted twice", "seal")


class Raw(NamedTuple):
    """Everything that is read while pages are open: their numbers (1-based), frames, ink, and the boxes that may be rules.

    ``turned``: quarter turns clockwise of each frame beyond those that a viewer makes; ``sealed``: which text objects are text
    of a seal (None: there is no seal).
    """

    numbers: list[int]
    frames: Frames
    ink: Ink
    boxes: Boxes
    turned: list[int]
    sealed: Bools | None = None


def read_raw(pages: list[tuple[int, int]], numbers: list[int]) -> Raw:
    """The pages with these pdfium handles (page, text page). One set sideways without saying so is turned as a person would."""
    ink, boxes = read_ink([text for _, text in pages]), read_boxes([page for page, _ in pages])
    if ink.clips and boxes.forms:
        ink = replace(ink, clips=_on_the_page(ink.clips, [page for page, _ in pages]))
    frames = [Frame(*box, turns) for box, turns in (pdfium.page_frame(page) for page, _ in pages)]
    shown = [frame.turns for frame in frames]
    if any(shown) or (ink.matrix[:, 0] <= 0).any():
        quarters = _sideways(ink, np.array(shown))
        frames = [frame.turned(4 - turns) if turns else frame for frame, turns in zip(frames, quarters, strict=True)]
    stride = 2.0 ** np.ceil(np.log2(max(max(f.width, f.height) for f in frames) + 4096))
    turned = [(frame.turns - turns) % 4 for frame, turns in zip(frames, shown, strict=True)]
    sealed = [of_seals(rings, ink.handles, ink.page[ink.first], ink.origin) for rings in boxes.rings]
    stamped = np.logical_or.reduce(sealed) if sealed else None
    return Raw(numbers, Frames(frames, np.arange(len(frames)) * stride), ink, boxes, turned, stamped)


def _on_the_page(clips: Sequence[Clip], pages: list[int]) -> tuple[Clip, ...]:
    """The clips of text objects that stand in forms, in the coordinates of their page."""
    matrix = form_matrices(pages, {clip.handle for clip in clips})
    inside = [clip for clip in clips if clip.handle in matrix]
    if not inside:
        return tuple(clips)
    box = moved(np.array([clip.box for clip in inside]), np.array([matrix[clip.handle] for clip in inside]))
    placed = {clip.handle: replace(clip, box=tuple(edges)) for clip, edges in zip(inside, box.tolist(), strict=True)}
    return tuple(placed.get(clip.handle, clip) for clip in clips)


def raw_to_pages(raw: Raw, known: list[Floats]) -> list[Page]:
    """The pages of a strip. ``known`` are the column edges of the tables on earlier pages; those of these pages are added."""
    frames, n = raw.frames, len(raw.numbers)
    glyphs = ink_to_glyphs(raw.ink, frames)
    printed = np.bincount(glyphs.page, minlength=n)
    reasons = _drop_reasons(glyphs, n)
    if raw.sealed is not None:
        reasons[raw.sealed[glyphs.piece]] = DROPPED.index("seal")
    dropped = np.stack([np.bincount(glyphs.page[reasons == k], minlength=n) for k in range(len(DROPPED))])
    glyphs = glyphs if not reasons.any() else glyphs.take(reasons == 0)
    first = np.searchsorted(glyphs.page, np.arange(n + 1))
    middle = glyphs.middle
    text = [middle[a:b] for a, b in itertools.pairwise(first)]
    thick = np.zeros(n)
    np.maximum.at(thick, raw.boxes.page, raw.boxes.thick)
    rules = single_lines(without_underlines(boxes_to_rules(raw.boxes, frames), glyphs), thick, text, frames.offsets)
    grids = rules_to_grids(rules, text, known, frames.offsets)
    edges = np.concatenate([np.zeros((n, 2)), frames.sizes], axis=1) + frames.offsets[:, None]
    reach = np.array([(min(g.ys[0] for g in gs), max(g.ys[-1] for g in gs)) if gs else (np.nan, np.nan) for gs in grids])
    where = assign(glyphs, grids, reach, edges)
    tables = _tables(glyphs, where, grids, raw.numbers, frames.offsets)
    outside = _outside(glyphs, where, raw.numbers, frames.offsets)
    accounts = _accounts(glyphs, where, printed, dropped)
    return [
        Page(
            number,
            round(frame.width, 2),
            round(frame.height, 2),
            tables[i],
            outside[i],
            accounts[i],
            _issues(int(glyphs.unreadable[first[i] : first[i + 1]].sum()), tables[i], number),
            raw.turned[i],
        )
        for i, (number, frame) in enumerate(zip(raw.numbers, frames.frames, strict=True))
    ]


def _sideways(ink: Ink, page_turns: Ints) -> list[int]:
    """Quarter turns by which most of each page's text is written, 0 for an upright page."""
    turns = ink_to_turns(ink, page_turns)[ink.piece]
    told = turns >= 0
    counts = np.bincount(4 * ink.page[told] + turns[told], minlength=4 * len(page_turns)).reshape(-1, 4)
    best = counts.argmax(axis=1)
    return [int(turns) for turns in np.where(counts.max(axis=1) > 0.6 * counts.sum(axis=1), best, 0)]


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
            large = glyphs.em > WATERMARK_SIZE * median(glyphs.em[mine])
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
    every = [grid for mine in grids for grid in mine]
    if not every:
        return [() for _ in grids]
    home = np.repeat(np.arange(len(grids)), [len(mine) for mine in grids])
    counts = np.array([len(grid.cells) for grid in every])
    cells = iter(_cells(glyphs, where, every, np.repeat(home, counts), numbers, offsets))
    edges = np.array([(g.xs[0], g.ys[0], g.xs[-1], g.ys[-1]) for g in every]) - offsets[home][:, None]
    tables = [
        PageTable(numbers[page], BBox(*box), grid.label.shape[0], grid.label.shape[1], tuple(itertools.islice(cells, n)))
        for grid, page, box, n in zip(every, home.tolist(), np.round(edges, 2).tolist(), counts.tolist(), strict=True)
    ]
    left = iter(tables)
    return [tuple(itertools.islice(left, len(mine))) for mine in grids]


def _cells(
    glyphs: Glyphs, where: Assignment, grids: list[RuledGrid], home: Ints, numbers: list[int], offsets: Floats
) -> list[Cell]:
    """The cells of all grids, one grid after the other; ``home`` is the page of each, by its place in the strip."""
    n = len(home)
    shown = where.cell if not where.side.any() else np.where(where.side == 0, where.cell, -1)
    texts, over = group_texts(glyphs, shown, n)
    above, below = (_hidden_texts(glyphs, where, side, n) for side in (ABOVE, BELOW))
    doubts = [""] * n
    for cell in where.perhaps:
        doubts[cell] = "cut"
    # A line under a text, as wide as its cell, looks like a rule between two.
    for cell in where.emptied:
        doubts[cell] = "grid"
    for cell in over | _perhaps_of_above(over, cell_boxes(grids), glyphs, shown):
        doubts[cell] = "overprinted"
    for cell in set(where.cell[glyphs.unreadable].tolist()) - {-1}:
        doubts[cell] = "unreadable"
    bboxes = new_bboxes(*np.round(cell_boxes(grids) - offsets[home][:, None], 2).T.tolist())
    places = new_places([numbers[page] for page in home.tolist()], bboxes, itertools.repeat(None), itertools.repeat(None))
    spans = np.concatenate([grid.cells for grid in grids])
    row, col, height, width, region = spans.T.tolist()
    regions = [None if r < 0 else r for r in region]
    opens = (edge.tolist() for edge in _open_edges(grids, spans))
    return new_cells(row, col, height, width, texts, places, *opens, above, below, regions, doubts, itertools.repeat(()))


def _perhaps_of_above(over: set[int], boxes: Floats, glyphs: Glyphs, shown: Ints) -> set[int]:
    """The cells straight above these of which nobody can tell whether the text that is painted over is theirs.

    They are too low for a line, or the first line painted over stands across the rule between, or so near to their last one as if
    it were the next.
    """
    found: set[int] = set()
    for cell in over:
        above = np.abs(boxes[:, [0, 2, 3]] - boxes[cell, [0, 2, 1]]).max(axis=1) < 1
        first = np.flatnonzero(shown == cell)[np.argmin(glyphs.base[shown == cell, 1])]
        base, em = float(glyphs.base[first, 1]), float(glyphs.em[first])
        for other in np.flatnonzero(above).tolist():
            low = boxes[other, 3] - boxes[other, 1] < 1.3 * np.median(glyphs.em)
            last = glyphs.base[shown == other, 1].max(initial=-np.inf)
            if low or base - 0.83 * em < boxes[cell, 1] or base - last < FARTHEST * em:
                found.add(other)
    return found


def _open_edges(grids: list[RuledGrid], spans: Ints) -> tuple[Bools, Bools]:
    """Which cells touch the first edge, and the last edge, of their table where that is not drawn all along them."""
    grid = np.repeat(np.arange(len(grids)), [len(g.cells) for g in grids])
    columns = np.array([g.label.shape[1] for g in grids])
    first = (np.cumsum(columns) - columns)[grid] + spans[:, 1]
    foot = np.array([g.label.shape[0] for g in grids])[grid]
    ruled = (np.concatenate([g.top_ruled for g in grids]), np.concatenate([g.bottom_ruled for g in grids]))
    missing = (np.concatenate([[0], np.cumsum(~edge)]) for edge in ruled)
    top, bottom = (gaps[first + spans[:, 3]] > gaps[first] for gaps in missing)
    return top & (spans[:, 0] == 0), bottom & (spans[:, 0] + spans[:, 2] == foot)


def _hidden_texts(glyphs: Glyphs, where: Assignment, side: int, n: int) -> list[str]:
    """What is painted for each cell beyond its visible part, on one side."""
    mine = np.flatnonzero((where.side == side) & (where.cell >= 0))
    return group_texts(glyphs.take(mine), where.cell[mine], n)[0] if len(mine) else [""] * n


def _outside(glyphs: Glyphs, where: Assignment, numbers: list[int], offsets: Floats) -> list[tuple[TextLine, ...]]:
    """The text of each page in no table, a printed line each, from top to bottom."""
    at = np.flatnonzero((where.cell < 0) & (where.side == 0))
    pages: list[list[TextLine]] = [[] for _ in numbers]
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
            pages[page].append(TextLine(text.replace("\n", " "), Place(numbers[page], BBox(*edge))))
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
