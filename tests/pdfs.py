"""Small ruled PDFs, drawn anew by the tests. Positions are points from the top-left corner of the page as drawn.

The font is reportlab's built-in STSong-Light, which embeds nothing: readers map its codes to characters by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

Border = Literal["line", "box", "double", "dashed"]
FONT, SIZE = "STSong-Light", 8.0
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


@dataclass(frozen=True)
class Span:
    """One cell of a drawn table; ``hidden`` names the sides (of "top", "bottom", "left", "right") without a rule."""

    row: int
    col: int
    text: str = ""
    row_span: int = 1
    col_span: int = 1
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Table:
    """A table with these column and row edges; ``border`` says how its rules are drawn."""

    xs: Sequence[float]
    ys: Sequence[float]
    spans: Sequence[Span]
    border: Border = "line"


@dataclass(frozen=True)
class Text:
    """Text beside the tables: its origin, its angle (degrees against the clock), its grey (0 black, 1 white)."""

    text: str
    x: float
    y: float
    size: float = SIZE
    angle: float = 0.0
    grey: float = 0.0


@dataclass(frozen=True)
class Sheet:
    """A page of this size as a reader sees it, once turned upright; ``crop`` is the part of it that is shown.

    ``turned`` is by how many degrees against the clock everything is drawn; with ``rotate`` the page's /Rotate undoes it.
    """

    tables: Sequence[Table] = ()
    texts: Sequence[Text] = ()
    size: tuple[float, float] = (400.0, 300.0)
    turned: int = 0
    rotate: bool = False
    crop: tuple[float, float, float, float] | None = None
    lines: Sequence[tuple[float, float, float, float]] = ()


def grid(texts: Sequence[Sequence[str]], left: float = 40, top: float = 60, width: float = 70, height: float = 30) -> Table:
    """A table of equal slots, one cell each."""
    xs = [left + width * c for c in range(len(texts[0]) + 1)]
    ys = [top + height * r for r in range(len(texts) + 1)]
    return Table(xs, ys, [Span(r, c, text) for r, row in enumerate(texts) for c, text in enumerate(row)])


def draw(path: Path, *sheets: Sheet, password: str | None = None) -> Path:
    """Writes the pages to ``path`` and returns it; the same pages give the same bytes (unless encrypted)."""
    canvas = Canvas(str(path), encrypt=password, invariant=1)
    for sheet in sheets:
        _draw_sheet(canvas, sheet)
        canvas.showPage()
    canvas.save()
    return path


def _draw_sheet(canvas: Canvas, sheet: Sheet) -> None:
    width, height = sheet.size
    # reportlab swaps the sides of a page that it flags as rotated.
    lying = sheet.turned % 180 == 90 and not sheet.rotate
    canvas.setPageSize((height, width) if lying else (width, height))
    canvas.setPageRotation(sheet.turned if sheet.rotate else 0)
    if sheet.crop:
        x0, top, x1, bottom = sheet.crop
        ends = [_media(x, height - y, sheet) for x, y in ((x0, top), (x1, bottom))]
        canvas.setCropBox((*map(min, zip(*ends, strict=True)), *map(max, zip(*ends, strict=True))))
    canvas.translate(*_media(0, 0, sheet))
    canvas.rotate(sheet.turned)
    for table in sheet.tables:
        _draw_rules(canvas, table, height)
        for span in table.spans:
            x, top = table.xs[span.col] + 3, table.ys[span.row] + 2
            for n, line in enumerate(span.text.split("\n")):
                _write(canvas, Text(line, x, top + (n + 1) * SIZE * 1.2), height)
    for x0, y0, x1, y1 in sheet.lines:
        canvas.line(x0, height - y0, x1, height - y1)
    for text in sheet.texts:
        _write(canvas, text, height)


def _media(x: float, y: float, sheet: Sheet) -> tuple[float, float]:
    """A point of the upright page (from its bottom left) where the turned page has it."""
    width, height = sheet.size
    return {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}[sheet.turned]


def _write(canvas: Canvas, text: Text, height: float) -> None:
    canvas.saveState()
    canvas.translate(text.x, height - text.y)
    canvas.rotate(text.angle)
    canvas.setFillGray(text.grey)
    canvas.setFont(FONT, text.size)
    canvas.drawString(0, 0, text.text)
    canvas.restoreState()


def _draw_rules(canvas: Canvas, table: Table, height: float) -> None:
    canvas.saveState()
    canvas.setLineWidth(0.5)
    if table.border == "dashed":
        canvas.setDash(3, 2)
    for x0, y0, x1, y1 in _sides(table):
        _draw_rule(canvas, table.border, x0, height - y0, x1, height - y1)
    canvas.restoreState()


def _draw_rule(canvas: Canvas, border: Border, x0: float, y0: float, x1: float, y1: float) -> None:
    across = y0 == y1
    if border == "box":
        low = min(y0, y1)
        canvas.rect(x0 - 0.25, low - 0.25, x1 - x0 + 0.5, abs(y1 - y0) + 0.5, stroke=0, fill=1)
        return
    for shift in (-1.25, 1.25) if border == "double" else (0.0,):
        dx, dy = (0.0, shift) if across else (shift, 0.0)
        canvas.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy)


def _sides(table: Table) -> list[tuple[float, float, float, float]]:
    """The sides of all cells that have a rule, each piece once."""
    owner = {(r, c): n for n, s in enumerate(table.spans) for r in _range(s.row, s.row_span) for c in _range(s.col, s.col_span)}
    hidden: set[tuple[float, float, float, float]] = set()
    sides: set[tuple[float, float, float, float]] = set()
    for (r, c), n in owner.items():
        (x0, x1), (y0, y1) = list(pairwise(table.xs))[c], list(pairwise(table.ys))[r]
        for side, near, piece in (
            ("top", (r - 1, c), (x0, y0, x1, y0)),
            ("bottom", (r + 1, c), (x0, y1, x1, y1)),
            ("left", (r, c - 1), (x0, y0, x0, y1)),
            ("right", (r, c + 1), (x1, y0, x1, y1)),
        ):
            if owner.get(near) == n:
                continue
            sides.add(piece)
            if side in table.spans[n].hidden:
                hidden.add(piece)
    return sorted(sides - hidden)


def _range(start: int, length: int) -> range:
    return range(start, start + length)
