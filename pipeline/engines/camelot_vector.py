"""The engine ``camelot``: camelot's lattice flavour from the PDF's vector rules (``engine="vector"``), for cross-checks.

camelot tells a grid of slots with the edges it saw, and the text it put into each; slots without an edge between them are one
cell. The account counts characters of the page's text lines, which camelot hands out with each table: what it puts into no
cell although it stands in a table is dropped as "lost by camelot" and reported. A page on which it finds no table has no
account. What it knows nothing of (watermarks, clips) stands in its cells. Its ``confidence`` measures how full a table is, not
how right, and is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import playa
from camelot.io import read_pdf

from pipeline.engines.base import PdfFacts, Progress, check_pdf, choose_pages, crop_offset, quiet, reading, versioned
from pipeline.engines.beside import side_by_side
from pipeline.engines.sketch import TOLERANCE, Box, Rules, Segment, Sketch
from pipeline.engines.tiling import Tiling, region_issues, tile
from pipeline.model import BBox, Cell, Document, GlyphAccount, Issue, Page, PageTable, Place, TextLine
from pipeline.text import radicals_to_characters, squash

NAME = "camelot"
# camelot opens the file anew for each call; a block of pages a call keeps that cheap and still shows progress.
_BLOCK = 8
_LOST = "lost by camelot"
# Page sizes of two libraries that agree differ by rounding only.
_SAME_SIZE = 0.5

Columns = tuple[float, ...]
_camelot_read: Any = read_pdf


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns camelot's coordinates (from the bottom left of the media box) into a reader's."""

    width: float
    height: float
    media_height: float
    left: float = 0.0
    top: float = 0.0

    def box(self, x0: float, y0: float, x1: float, y1: float) -> BBox:
        return BBox(x0 - self.left, self.media_height - y1 - self.top, x1 - self.left, self.media_height - y0 - self.top)


def read(
    path: Path, *, pages: frozenset[int] | None = None, password: str | None = None, progress: Progress | None = None
) -> Document:
    """The ruled tables of a PDF; ``pages`` are 1-based (None = all). Raises SourceError or PasswordError."""
    facts = check_pdf(path, password)
    chosen = choose_pages(pages, len(facts.sizes), path)
    found: list[Page] = []
    known: list[Columns] = []
    with quiet("camelot", "playa"):
        for start in range(0, len(chosen), _BLOCK):
            block = chosen[start : start + _BLOCK]
            tables = _tables(path, block, password)
            for number in block:
                with reading(path, NAME, number):
                    found.append(_read_page(path, password, facts, number, tables.get(number, []), known))
                if progress:
                    progress(len(found), len(chosen))
    return Document(path.name, facts.sha256, versioned(NAME, "camelot-py"), tuple(found))


def _tables(path: Path, numbers: Sequence[int], password: str | None) -> dict[int, list[Any]]:
    """camelot's tables by page; where a block fails, its pages are read one by one to name the one that does."""
    if len(numbers) == 1:
        with reading(path, NAME, numbers[0]):
            return {numbers[0]: _call(path, numbers, password)}
    try:
        tables = _call(path, numbers, password)
    except Exception:  # raised again below, by the page that is to blame
        return {number: _tables(path, [number], password)[number] for number in numbers}
    return {number: [table for table in tables if table.page == number] for number in numbers}


def _call(path: Path, numbers: Sequence[int], password: str | None) -> list[Any]:
    pages = ",".join(map(str, numbers))
    found = _camelot_read(
        str(path), pages=pages, password=password, flavor="lattice", engine="vector", split_text=True, suppress_stdout=True
    )
    return list(found)


def _read_page(
    path: Path, password: str | None, facts: PdfFacts, number: int, tables: Sequence[Any], known: list[Columns]
) -> Page:
    """One page; ``known`` are the column edges of the tables on earlier pages, those of this page are added."""
    width, height = facts.sizes[number - 1]
    if not tables:
        return Page(number, round(width, 2), round(height, 2), ())
    frame = _frame(path, password, number, tables[0], (width, height))
    loose = _loose_lines(tables, frame)
    inks = [((box.x0 + box.x1) / 2, (box.top + box.bottom) / 2) for _, box in loose]
    drawn = [_sketch(table, frame) for table in tables]
    sketches = side_by_side([*drawn, *_lone_rules(tables[0], drawn, frame)], inks, known)
    sketches = [sketch for sketch in sketches if sketch.boxes]
    tilings = [tiling for tiling in (tile(number, sketch) for sketch in sketches) if len(tiling.table.cells) > 1]
    known.extend(tiling.xs for tiling in tilings)
    shown, outside = _with_loose(tilings, loose, number)
    account = _account(tables[0], shown, outside)
    issues = (*chain.from_iterable(map(region_issues, shown)), *_losses(account, number))
    return Page(
        number, round(frame.width, 2), round(frame.height, 2), shown, outside, account, issues, _turn(tables[0]) // 90 % 4
    )


def _account(table: Any, shown: Sequence[PageTable], outside: Sequence[TextLine]) -> GlyphAccount:
    in_cells = sum(len(squash(cell.text)) for page_table in shown for cell in page_table.cells)
    beside = sum(len(squash(line.text)) for line in outside)
    lost = sum(len(squash(line.get_text())) for line in table.textlines) - in_cells - beside
    return GlyphAccount(in_cells + beside + max(lost, 0), in_cells, beside, ((_LOST, lost),) if lost > 0 else ())


def _losses(account: GlyphAccount, number: int) -> tuple[Issue, ...]:
    lost = sum(n for _, n in account.dropped)
    message = f"page {number}: camelot put {lost} characters into no cell; compare with --engine lattice"
    return (Issue("glyphs_lost", "warning", message, place=Place(number)),) if lost else ()


def _frame(path: Path, password: str | None, number: int, table: Any, size: tuple[float, float]) -> _Frame:
    media_width, media_height = table.pdf_size
    turn = _turn(table)
    width, height = reversed(size) if turn else size
    if abs(width - media_width) < _SAME_SIZE and abs(height - media_height) < _SAME_SIZE:
        return _Frame(width, height, media_height)
    with playa.open(path, password=password or "") as pdf:
        page = pdf.pages[number - 1]
        left, top = crop_offset(page.mediabox, page.cropbox, page.rotate + turn)
    return _Frame(width, height, media_height, left, top)


def _turn(table: Any) -> int:
    """Degrees clockwise: camelot turns a page whose text is set sideways, and says which way it had been turned."""
    return {"clockwise": -90, "anticlockwise": 90}.get(table.rotation, 0)


def _sketch(table: Any, frame: _Frame) -> Sketch:
    """The slots of a camelot table as boxes: slots of one cell share a region, open where no segment closes the table."""
    rules = _page_rules(table, frame)
    owner = _owners(table.cells)
    last = len(table.cells) - 1
    boxes = []
    for r, row in enumerate(table.cells):
        for c, cell in enumerate(row):
            box = frame.box(cell.x1, cell.y1, cell.x2, cell.y2)
            above = r == 0 and not rules.close(box.top, box.x0, box.x1)
            below = r == last and not rules.close(box.bottom, box.x0, box.x1)
            boxes.append(Box(box, _lines(cell.text), above, below, owner[r, c]))
    inside = BBox(boxes[0].bbox.x0, boxes[0].bbox.top, boxes[-1].bbox.x1, boxes[-1].bbox.bottom)
    return Sketch(tuple(boxes), _within(rules, inside))


def _page_rules(table: Any, frame: _Frame) -> Rules:
    """All rules of the page. camelot keeps them with each table, for plotting."""
    vertical, horizontal = getattr(table, "_segments", None) or ((), ())
    return Rules(tuple(_across(s, frame) for s in horizontal), tuple(_down(s, frame) for s in vertical))


def _lone_rules(table: Any, drawn: Sequence[Sketch], frame: _Frame) -> list[Sketch]:
    """The vertical rules beside camelot's tables that begin and end with one: each may be a side of open columns."""
    tables = [sketch.bbox for sketch in drawn]
    beside = [rule for rule in _page_rules(table, frame).vertical if not any(_crosses(rule, box) for box in tables)]
    return [Sketch((), Rules((), (rule,))) for rule in beside if any(_is_level(rule, box) for box in tables)]


def _crosses(rule: Segment, table: BBox) -> bool:
    return table.x0 - TOLERANCE <= rule[0] <= table.x1 + TOLERANCE and rule[1] < table.bottom and rule[2] > table.top


def _is_level(rule: Segment, table: BBox) -> bool:
    return abs(rule[1] - table.top) <= TOLERANCE and abs(rule[2] - table.bottom) <= TOLERANCE


def _owners(cells: Sequence[Sequence[Any]]) -> dict[tuple[int, int], int]:
    """For each slot the number of the cell it belongs to: slots with no edge between them are one."""
    owner: dict[tuple[int, int], int] = {}
    for r, row in enumerate(cells):
        for c in range(len(row)):
            if (r, c) in owner:
                continue
            owner[r, c] = number = len(owner)
            todo = [(r, c)]
            while todo:
                slot = todo.pop()
                for near in _through(cells, *slot):
                    if near not in owner:
                        owner[near] = number
                        todo.append(near)
    return owner


def _through(cells: Sequence[Sequence[Any]], r: int, c: int) -> list[tuple[int, int]]:
    """The neighbours that no edge divides from a slot."""
    here = cells[r][c]
    near = []
    if r and not (here.top or cells[r - 1][c].bottom):
        near.append((r - 1, c))
    if r + 1 < len(cells) and not (here.bottom or cells[r + 1][c].top):
        near.append((r + 1, c))
    if c and not (here.left or cells[r][c - 1].right):
        near.append((r, c - 1))
    if c + 1 < len(cells[r]) and not (here.right or cells[r][c + 1].left):
        near.append((r, c + 1))
    return near


def _across(segment: Sequence[float], frame: _Frame) -> Segment:
    box = frame.box(*segment)
    return box.top, box.x0, box.x1


def _down(segment: Sequence[float], frame: _Frame) -> Segment:
    box = frame.box(*segment)
    return box.x0, box.top, box.bottom


def _within(rules: Rules, box: BBox) -> Rules:
    """The rules that run inside a table, or along its sides."""
    across = (r for r in rules.horizontal if box.top - 2 <= r[0] <= box.bottom + 2 and r[1] > box.x0 - 2 and r[2] < box.x1 + 2)
    down = (r for r in rules.vertical if box.x0 - 2 <= r[0] <= box.x1 + 2 and r[1] > box.top - 2 and r[2] < box.bottom + 2)
    return Rules(tuple(across), tuple(down))


def _lines(text: str) -> str:
    lines = (line.strip() for line in radicals_to_characters(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _loose_lines(tables: Sequence[Any], frame: _Frame) -> list[tuple[str, BBox]]:
    """The page's text lines that lie in none of its tables, top to bottom, with their boxes."""
    boxes = [frame.box(*table._bbox) for table in tables]
    lines = [(_lines(line.get_text()), frame.box(line.x0, line.y0, line.x1, line.y1)) for line in tables[0].textlines]
    loose = [(text, box) for text, box in lines if text and not any(_centred_in(box, table) for table in boxes)]
    return sorted(loose, key=lambda pair: (pair[1].top, pair[1].x0))


def _centred_in(box: BBox, table: BBox) -> bool:
    # The 2 points are camelot's own: text_in_bbox of camelot.utils takes lines that hang over a table by as much.
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    return table.x0 - 2 <= x <= table.x1 + 2 and table.top - 2 <= y <= table.bottom + 2


def _with_loose(
    tilings: Sequence[Tiling], loose: Sequence[tuple[str, BBox]], number: int
) -> tuple[tuple[PageTable, ...], tuple[TextLine, ...]]:
    """The tables with the lines that stand in a column between two of camelot's, and the lines outside all tables."""
    cells = [list(tiling.table.cells) for tiling in tilings]
    outside = []
    for text, box in loose:
        homes = [tiling.locate((box.x0 + box.x1) / 2, (box.top + box.bottom) / 2) for tiling in tilings]
        k = next((k for k, home in enumerate(homes) if home is not None), None)
        if k is None:
            place = Place(number, BBox(*(round(v, 2) for v in (box.x0, box.top, box.x1, box.bottom))))
            outside.append(TextLine(text.replace("\n", " "), place))
        else:
            i = homes[k] or 0
            cells[k][i] = _with_line(cells[k][i], text)
    tables = tuple(replace(tiling.table, cells=tuple(mine)) for tiling, mine in zip(tilings, cells, strict=True))
    return tables, tuple(outside)


def _with_line(cell: Cell, text: str) -> Cell:
    return replace(cell, text=f"{cell.text}\n{text}" if cell.text else text)
