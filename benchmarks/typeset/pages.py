"""Catalogs cut into pages as writers cut them, without setting a PDF: what an engine would see of them. Pure.

A PDF takes seconds to set and a page break is one of a few in it; here a thousand documents take a minute, and each way of ending
a page is met in every place. What writers do was taken from the PDFs that they set: Writer fills the fragments of a cut cell one
after the other and closes most of them, browsers leave them open, Calc paints the whole text on each page and clips it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from pipeline.model import BBox, Cell, Document, Page, PageTable, Place, TextLine
from pipeline.text import radicals_to_characters

from .catalog import Catalog
from .cells import TableCell, heading_rows, table
from .layout import PAPERS, Layout
from .xlsx import row_heights

MARGIN = 36.0
Edges = tuple[float, float]


@dataclass(frozen=True)
class Cutting:
    """How pages end. ``text`` says where that of a cut cell stands: ``flow`` (line by line from its top), ``centred`` over all of
    it, ``clipped`` (centred, and painted whole on each page), ``one`` (whole, in its highest fragment) or ``repeat`` (whole, in
    each). ``open``: a cell that goes on has no rule there. ``rows``: rows may be cut."""

    text: str
    open: bool
    rows: bool

    @property
    def name(self) -> str:
        return f"{self.text}, {'open' if self.open else 'closed'}{', rows cut' if self.rows else ''}"


CUTTINGS = (
    Cutting("flow", True, True),
    Cutting("flow", True, False),
    Cutting("flow", False, True),
    Cutting("flow", False, False),
    Cutting("centred", True, False),
    Cutting("centred", False, False),
    Cutting("clipped", True, False),
    Cutting("clipped", False, False),
    Cutting("one", False, False),
    Cutting("repeat", False, False),
)


def document(rng: random.Random, catalog: Catalog, layout: Layout, cutting: Cutting) -> Document:
    """The catalog as an engine sees its pages."""
    cells = table(catalog, layout)
    width = PAPERS[layout.paper][0] - 2 * MARGIN
    xs = list(accumulate((w / sum(layout.widths) * width for w in layout.widths), initial=MARGIN))
    heights = row_heights(cells, [b - a for a, b in pairwise(xs)], layout)
    head = heading_rows(layout)
    ys = list(accumulate(heights[head:], initial=0.0))
    room = (PAPERS[layout.paper][1] - 2 * MARGIN - 20) * rng.uniform(0.6, 1.0) - sum(heights[:head])
    pitch = layout.size * 1.45
    cuts = _cuts(ys, room, pitch, cutting.rows)
    body = [cell for cell in cells if cell.row >= head]
    top = [cell for cell in cells if cell.row < head]
    parts = {
        id(cell): _parts(cell, xs, (ys[cell.row - head], ys[cell.row + cell.rows - head]), cuts, pitch, layout, cutting)
        for cell in body
    }
    pages = []
    for number, (start, stop) in enumerate(pairwise(cuts), 1):
        headed = heights[:head] if number == 1 or layout.repeat_header else []
        rows = [r for r in range(len(ys) - 1) if min(ys[r + 1], stop) - max(ys[r], start) > 0.01]
        table_ = _table(number, xs, top if headed else [], headed, body, rows, head, (start, stop), ys, parts, cutting)
        title = TextLine(catalog.title, Place(number, BBox(200, MARGIN - 20, 500, MARGIN - 8)))
        pages.append(Page(number, *PAPERS[layout.paper], (table_,), (title,) if layout.title and number == 1 else ()))
    return Document("source.pdf", "ab" * 32, "drawn 1.0", tuple(pages))


def _cuts(ys: Sequence[float], room: float, pitch: float, rows: bool) -> list[float]:
    """Where pages begin and end, in points of the body."""
    cuts = [0.0]
    while ys[-1] - cuts[-1] > room:
        end = cuts[-1] + room
        before = max((y for y in ys if cuts[-1] < y <= end), default=0.0)
        after = min(y for y in ys if y > end)
        may_cut = rows and end - before > pitch + 4 and after - end > pitch + 4
        cuts.append(end if may_cut or not before else before)
    return [*cuts, ys[-1]]


def _parts(
    cell: TableCell, xs: Sequence[float], edges: Edges, cuts: Sequence[float], pitch: float, layout: Layout, cutting: Cutting
) -> dict[int, tuple[str, str, str]]:
    """Of each page that the cell stands on (1-based): what it prints there, and what is hidden above and below."""
    lines = _wrapped(radicals_to_characters(cell.text), xs[cell.col + cell.cols] - xs[cell.col] - 4, layout.size)
    shares = {n: min(edges[1], b) - max(edges[0], a) for n, (a, b) in enumerate(pairwise(cuts), 1)}
    shares = {n: share for n, share in shares.items() if share > 0.01}
    if cutting.text == "repeat" or len(shares) == 1:
        return {n: ("\n".join(lines), "", "") for n in shares}
    if cutting.text == "one":
        home = max(shares, key=lambda n: shares[n])
        return {n: ("\n".join(lines) if n == home else "", "", "") for n in shares}
    last = max(shares)
    start = max(0.0, (sum(shares.values()) - len(lines) * pitch) / 2) if cutting.text != "flow" else 0.0
    found, done, passed = {}, 0, 0.0
    for n, share in shares.items():
        passed += share
        if n == last:
            count = len(lines) - done
        elif cutting.text == "flow":
            count = min(len(lines) - done, max(0, int((share - 2) / pitch)))
        else:
            count = max(0, min(len(lines), int((passed - start) / pitch + 0.5)) - done)
        shown, above, below = lines[done : done + count], lines[:done], lines[done + count :]
        hidden = ("\n".join(above), "\n".join(below)) if cutting.text == "clipped" else ("", "")
        found[n] = ("\n".join(shown), *hidden)
        done += count
    return found


def _wrapped(text: str, width: float, size: float) -> list[str]:
    """The printed lines of a text: a Chinese character is as wide as the font is high, others half of it."""
    lines = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for char in paragraph:
            step = size if ord(char) > 0x2E7F or char in "（）《》" else size / 2
            if used + step > width and line and char not in "、，；。》）":
                lines.append(line)
                line, used = "", 0.0
            line, used = line + char, used + step
        lines.append(line)
    return lines if text else []


def _table(
    number: int,
    xs: Sequence[float],
    top: Sequence[TableCell],
    headed: Sequence[float],
    body: Sequence[TableCell],
    rows: Sequence[int],
    head: int,
    page: Edges,
    ys: Sequence[float],
    parts: dict[int, dict[int, tuple[str, str, str]]],
    cutting: Cutting,
) -> PageTable:
    """One page's table: its headings and what it shows of the body."""
    tops = list(accumulate(headed, initial=MARGIN))
    cells = [
        Cell(
            c.row,
            c.col,
            c.rows,
            c.cols,
            c.text,
            Place(number, BBox(xs[c.col], tops[c.row], xs[c.col + c.cols], tops[c.row + c.rows])),
        )
        for c in top
    ]
    at = {row: n + len(headed) for n, row in enumerate(rows)}
    for cell in body:
        mine = [at[r] for r in range(cell.row - head, cell.row + cell.rows - head) if r in at]
        if not mine:
            continue
        low, high = ys[cell.row - head], ys[cell.row + cell.rows - head]
        y0, y1 = (max(low, page[0]) - page[0] + tops[-1], min(high, page[1]) - page[0] + tops[-1])
        text, above, below = parts[id(cell)][number]
        cells.append(
            Cell(
                mine[0],
                cell.col,
                len(mine),
                cell.cols,
                text,
                Place(number, BBox(xs[cell.col], y0, xs[cell.col + cell.cols], y1)),
                open_top=cutting.open and low < page[0] - 0.01,
                open_bottom=cutting.open and high > page[1] + 0.01,
                hidden_above=above,
                hidden_below=below,
            )
        )
    bottom = tops[-1] + page[1] - page[0]
    return PageTable(number, BBox(xs[0], MARGIN, xs[-1], bottom), len(headed) + len(rows), len(xs) - 1, tuple(cells))
