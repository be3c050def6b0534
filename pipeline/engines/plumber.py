"""The engine ``pdfplumber``: an independent reading for cross-checks, and a second opinion on odd files.

pdfplumber tells closed cells (``TableFinder.cells``), rules (``.edges``) and glyphs (``Page.chars``). What it leaves to do:
a cell that a page break leaves open is no cell to it, so tables are grown to the ends of their rules; a glyph belongs to the
cell that holds its centre. It knows no clipping paths: text that a clip hides counts as printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pdfplumber
from pdfplumber.page import Page as PlumberPage
from pdfplumber.table import TableFinder

from pipeline.engines import glyphs, painted
from pipeline.engines.base import Progress, check_pdf, choose_pages, crop_offset, quiet, reading, versioned
from pipeline.engines.beside import side_by_side
from pipeline.engines.glyphs import Glyph
from pipeline.engines.sketch import TOLERANCE, Box, Rules, Sketch
from pipeline.engines.tiling import Tiling, region_issues, tile
from pipeline.errors import SourceError
from pipeline.model import BBox, Document, GlyphAccount, Issue, Page, Place

NAME = "pdfplumber"
# Both edges of a doubled rule (2.5 pt) snap to one. Dots and dashes are shorter than the default least length of 1.
_SETTINGS = {
    "snap_tolerance": TOLERANCE,
    "join_tolerance": 4.5,
    "intersection_tolerance": TOLERANCE,
    "edge_min_length_prefilter": 0.1,
}
# A table that is cut at both ends has one rule without crossings a column; a chart may have thousands.
_LONE_RULES = 40

Columns = tuple[float, ...]
Home = tuple[int, int]


def read(
    path: Path, *, pages: frozenset[int] | None = None, password: str | None = None, progress: Progress | None = None
) -> Document:
    """The ruled tables of a PDF; ``pages`` are 1-based (None = all). Raises SourceError or PasswordError."""
    facts = check_pdf(path, password)
    chosen = choose_pages(pages, len(facts.sizes), path)
    found: list[Page] = []
    known: list[Columns] = []
    with quiet("pdfminer", "pdfplumber"), reading(path, NAME), pdfplumber.open(path, password=password) as pdf:
        if len(pdf.pages) < chosen[-1]:
            shortage = f"pdfplumber finds {len(pdf.pages)} of its {len(facts.sizes)} pages"
            raise SourceError(f"{path.name}: {shortage}; take --engine lattice")
        for done, number in enumerate(chosen, 1):
            with reading(path, NAME, number):
                found.append(_read_page(pdf.pages[number - 1], number, known))
            if progress:
                progress(done, len(chosen))
    return Document(path.name, facts.sha256, versioned(NAME, "pdfplumber"), tuple(found))


def _read_page(page: PlumberPage, number: int, known: list[Columns]) -> Page:
    """One page; ``known`` are the column edges of the tables on earlier pages, those of this page are added."""
    printed = _glyphs(page)
    if turns := glyphs.quarter_turns(printed):
        # The whole page is set sideways without saying so: read it as a person would turn it.
        page.close()
        page = _turned(page, turns)
        printed = _glyphs(page)
    width, height, crop = _visible(page)
    shown, dropped = glyphs.sift(printed, width, height)
    tilings = _tilings(page, crop, shown, known)
    known.extend(tiling.xs for tiling in tilings)
    page.close()
    homes = _homes(shown, tilings)
    outside = [glyph for glyph, home in zip(shown, homes, strict=True) if home is None]
    cells: dict[int, dict[int, list[Glyph]]] = {k: {} for k in range(len(tilings))}
    for glyph, home in zip(shown, homes, strict=True):
        if home:
            cells[home[0]].setdefault(home[1], []).append(glyph)
    tables = tuple(tiling.filled({i: glyphs.cell_text(held) for i, held in cells[k].items()}) for k, tiling in enumerate(tilings))
    in_cells = sum(glyphs.count(held) for table in cells.values() for held in table.values())
    account = GlyphAccount(glyphs.count(printed), in_cells, glyphs.count(outside), tuple(sorted(dropped.items())))
    issues = (*chain.from_iterable(map(region_issues, tables)), *_unreadable(shown, number))
    return Page(number, round(width, 2), round(height, 2), tables, glyphs.text_lines(outside, number), account, issues, turns)


def _glyphs(page: PlumberPage) -> list[Glyph]:
    _, _, crop = _visible(page)
    return glyphs.from_chars(page.chars, page.height, page.mediabox[:2], crop)


def _turned(page: PlumberPage, turns: int) -> PlumberPage:
    raw = page.page_obj
    raw.rotate = raw.attrs["Rotate"] = (raw.rotate + 90 * turns) % 360
    return PlumberPage(page.pdf, raw, page.page_number)


def _visible(page: PlumberPage) -> tuple[float, float, tuple[float, float]]:
    """Width and height of the page as a reader sees it, and how far it lies inside the turned media box."""
    raw = page.page_obj
    media, crop = _upright(raw.mediabox), _upright(raw.cropbox)
    crop = (max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3]))
    if crop[0] >= crop[2] or crop[1] >= crop[3]:
        crop = media
    width, height = crop[2] - crop[0], crop[3] - crop[1]
    if raw.rotate % 180:
        width, height = height, width
    return width, height, crop_offset(media, crop, raw.rotate)


def _upright(box: Sequence[float]) -> tuple[float, float, float, float]:
    return min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])


def _tilings(page: PlumberPage, crop: tuple[float, float], shown: Sequence[Glyph], known: Sequence[Columns]) -> list[Tiling]:
    page._edges = painted.edges([*page.lines, *page.rects, *page.curves])
    finder = TableFinder(page, _SETTINGS)
    corner = (page.mediabox[0] + crop[0], page.mediabox[1] + crop[1])
    inks = [(glyph.x, glyph.y) for glyph in shown if not glyph.blank]
    sketches = side_by_side(_sketches(finder, corner), inks, known)
    tilings = [tile(page.page_number, sketch) for sketch in sketches if _is_table(sketch)]
    return _without_nested([tiling for tiling in tilings if len(tiling.table.cells) > 1])


def _sketches(finder: TableFinder, corner: tuple[float, float]) -> list[Sketch]:
    """What touches each other as one sketch, and each vertical rule that touches nothing as its own."""
    root: dict[int, int] = {}

    def find(edge: int) -> int:
        while root.setdefault(edge, edge) != edge:
            edge = root[edge]
        return edge

    for crossing in finder.intersections.values():
        first, *others = [find(id(edge)) for edge in chain(crossing["v"], crossing["h"])]
        root.update(dict.fromkeys(others, first))
    edges: dict[int, list[dict[str, Any]]] = {}
    for edge in finder.edges:
        if id(edge) in root or edge["orientation"] == "v":
            edges.setdefault(find(id(edge)), []).append(edge)
    boxes: dict[int, list[Box]] = {}
    for x0, top, x1, bottom in finder.cells:
        owner = find(id(finder.intersections[x0, top]["v"][0]))
        boxes.setdefault(owner, []).append(Box(_moved(x0, top, x1, bottom, corner)))
    sketches = [Sketch(tuple(boxes.get(owner, ())), _rules(group, corner)) for owner, group in edges.items()]
    lone = sorted((s for s in sketches if s.is_lone_rule), key=lambda s: -s.bbox.height)
    return [s for s in sketches if not s.is_lone_rule] + lone[:_LONE_RULES]


def _rules(edges: Sequence[dict[str, Any]], corner: tuple[float, float]) -> Rules:
    x, y = corner
    across = tuple((e["top"] - y, e["x0"] - x, e["x1"] - x) for e in edges if e["orientation"] == "h")
    down = tuple((e["x0"] - x, e["top"] - y, e["bottom"] - y) for e in edges if e["orientation"] == "v")
    return Rules(across, down)


def _moved(x0: float, top: float, x1: float, bottom: float, corner: tuple[float, float]) -> BBox:
    return BBox(x0 - corner[0], top - corner[1], x1 - corner[0], bottom - corner[1])


def _is_table(sketch: Sketch) -> bool:
    """Whether rules make cells: some that are closed, or at least three rules side by side."""
    return bool(sketch.boxes) or (sketch.rules is not None and len(sketch.rules.vertical) > 2)


def _without_nested(tilings: list[Tiling]) -> list[Tiling]:
    """Without what is drawn inside one cell of another table: a reader takes it as part of that cell."""
    return [t for t in tilings if not any(_inside_a_cell(t, other) for other in tilings if other is not t)]


def _inside_a_cell(inner: Tiling, outer: Tiling) -> bool:
    first = outer.locate(inner.xs[0], inner.ys[0])
    return first is not None and first == outer.locate(inner.xs[-1], inner.ys[-1])


def _homes(shown: Sequence[Glyph], tilings: Sequence[Tiling]) -> list[Home | None]:
    """For each glyph its table and cell: those that hold its centre, or those of the glyph that it hangs on to.

    Closing punctuation at the end of a full line hangs over the rule: it starts in the cell, but its centre is beyond.
    """
    homes: list[Home | None] = []
    for i, glyph in enumerate(shown):
        home = _home(glyph.x, glyph.y, tilings)
        if i and home != homes[-1] and glyph.follows(shown[i - 1]) and _home(glyph.box.x0, glyph.y, tilings) == homes[-1]:
            home = homes[-1]
        homes.append(home)
    return homes


def _home(x: float, y: float, tilings: Sequence[Tiling]) -> Home | None:
    for k, tiling in enumerate(tilings):
        cell = tiling.locate(x, y)
        if cell is not None:
            return k, cell
    return None


def _unreadable(shown: Sequence[Glyph], number: int) -> tuple[Issue, ...]:
    lost = sum(glyphs.REPLACEMENT in glyph.text for glyph in shown)
    message = f"page {number}: {lost} characters cannot be read: the file does not say which they are; compare with the page"
    return (Issue("unreadable", "error", message, place=Place(number)),) if lost else ()
