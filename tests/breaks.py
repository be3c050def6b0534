"""Small PDFs drawn by the tests: rules and paints that few writers use, and catalogs that a page break cuts.

Positions are points from the top-left corner of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pdfs import FONT, SIZE, Span, Table
from reportlab.pdfgen.canvas import Canvas
from tables import picture_to_rows, rows_to_cells

from pipeline.model import Cell

Rule = Literal["line", "hair", "thick", "dots", "broken", "white"]
PITCH = 1.2 * SIZE
SHEET = (900.0, 500.0)
HEADINGS = {
    "seq": "序号",
    "first": "一级事项",
    "second": "二级事项",
    "third": "三级事项",
    "content": "公开内容",
    "laws": "公开依据",
    "limit": "公开时限",
    "body": "公开主体",
    "channels": "公开渠道和载体",
    "public": "全社会",
    "specific": "特定群体",
    "proactive": "主动公开",
}


class Paper:
    """A page to draw on."""

    def __init__(self, canvas: Canvas, height: float) -> None:
        self.canvas = canvas
        self.height = height

    def rule(self, x0: float, y0: float, x1: float, y1: float, how: Rule = "line") -> None:
        """A line along an axis, drawn as ``how`` says; "broken" lacks a pixel in its middle."""
        self.canvas.saveState()
        self.canvas.setLineWidth(0.02 if how == "hair" else 0.5)
        self.canvas.setStrokeGray(1.0 if how == "white" else 0.0)
        low, high = self.height - y0, self.height - y1
        if how == "dots":
            n = int(max(abs(x1 - x0), abs(y1 - y0)) / 2)
            for i in range(n + 1):
                self.canvas.rect(x0 + (x1 - x0) * i / n - 0.4, low + (high - low) * i / n - 0.4, 0.8, 0.8, stroke=0, fill=1)
        elif how == "thick":
            self.canvas.rect(x0 - 1.25, min(low, high) - 1.25, x1 - x0 + 2.5, abs(low - high) + 2.5, stroke=0, fill=1)
        elif how == "broken":
            dx, dy = (0.4, 0.0) if low == high else (0.0, -0.4)
            x, y = (x0 + x1) / 2, (low + high) / 2
            self.canvas.line(x0, low, x - dx, y - dy)
            self.canvas.line(x + dx, y + dy, x1, high)
        else:
            self.canvas.line(x0, low, x1, high)
        self.canvas.restoreState()

    def rules(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """The rules of a table without merged cells."""
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])

    def write(self, x: float, y: float, text: str, size: float = SIZE, mode: int = 0) -> None:
        """Text with its base line at ``y``; ``mode`` 3 paints nothing."""
        line = self.canvas.beginText(x, self.height - y)
        line.setFont(FONT, size)
        line.setTextRenderMode(mode)
        line.textOut(text)
        line.setTextRenderMode(0)
        self.canvas.drawText(line)

    def table(self, table: Table, how: Rule = "line") -> None:
        """The sides and the texts of a table's cells; ``how`` counts, the table's own ``border`` does not."""
        for span in table.spans:
            x0, x1 = table.xs[span.col], table.xs[span.col + span.col_span]
            y0, y1 = table.ys[span.row], table.ys[span.row + span.row_span]
            sides = {"top": (x0, y0, x1, y0), "bottom": (x0, y1, x1, y1), "left": (x0, y0, x0, y1), "right": (x1, y0, x1, y1)}
            for name, side in sides.items():
                if name not in span.hidden:
                    self.rule(*side, how)
            self.lines(x0 + 3, y0 + 2, span.text.split("\n"))

    def lines(self, x: float, top: float, texts: Sequence[str]) -> None:
        """Lines of text from ``top`` down."""
        for n, text in enumerate(texts, 1):
            self.write(x, top + n * PITCH, text)

    @contextmanager
    def clip(self, x0: float, top: float, x1: float, bottom: float) -> Iterator[None]:
        """What is painted inside shows in this box only."""
        self.canvas.saveState()
        path = self.canvas.beginPath()
        path.rect(x0, self.height - bottom, x1 - x0, bottom - top)
        self.canvas.clipPath(path, stroke=0, fill=0)
        yield
        self.canvas.restoreState()

    @contextmanager
    def form(self, name: str, scale: float = 1.0, left: float = 0.0, top: float = 0.0) -> Iterator[None]:
        """What is painted inside becomes a form XObject, painted once: scaled, then moved to the right and down."""
        self.canvas.beginForm(name)
        yield
        self.canvas.endForm()
        self.canvas.saveState()
        self.canvas.transform(scale, 0, 0, scale, left, self.height * (1 - scale) - top)
        self.canvas.doForm(name)
        self.canvas.restoreState()


def paint(path: Path, *pages: Callable[[Paper], None], size: tuple[float, float] = (400.0, 300.0)) -> Path:
    """Writes a PDF with these pages and returns its path."""
    canvas = Canvas(str(path), pagesize=size, invariant=1)
    for page in pages:
        page(Paper(canvas, size[1]))
        canvas.showPage()
    canvas.save()
    return path


def ruled(picture: str, left: float = 40.0, top: float = 60.0) -> Table:
    """A table as wide and high as the texts of its picture need; its upper left corner is at (left, top)."""
    cells = rows_to_cells(picture_to_rows(picture))
    return Table(_column_edges([cells], left), _row_edges(cells, top), [_span(cell) for cell in cells])


def paint_catalog(path: Path, pictures: Sequence[str], titles: Sequence[str] = (), every: bool = False) -> Path:
    """A catalog page by page, each a picture (see ``tables``) whose first row names the fields.

    The headings stand on the first page, or on ``every`` one; a title stands above a page's table. Text under a clip is painted
    whole on its page, and a clip as wide as the page shows its part.
    """
    tables = [picture_to_rows(picture) for picture in pictures]
    headed = [_with_headings(rows, every or i == 0) for i, rows in enumerate(tables)]
    xs = _column_edges([rows_to_cells(rows) for rows in headed])
    named = [*titles, *[""] * len(pictures)]
    pages = [_page(rows, xs, title) for rows, title in zip(headed, named, strict=False)]
    return paint(path, *pages, size=SHEET)


def _with_headings(rows: list[list[str]], headings: bool) -> list[list[str]]:
    return [[HEADINGS.get(name, name.removeprefix("extra_")) for name in rows[0]], *rows[1:]] if headings else rows[1:]


def _column_edges(pages: Sequence[Sequence[Cell]], left: float = 30.0) -> list[float]:
    """Edges wide enough for every line of every page."""
    edges = [left]
    for col in range(max(cell.col + cell.col_span for cell in pages[0])):
        lines = [line for cells in pages for cell in cells if cell.col == col for line in cell.text.split("\n")]
        edges.append(edges[-1] + 10 + SIZE * max(map(len, lines), default=0))
    return edges


def _row_edges(cells: Sequence[Cell], top: float = 50.0) -> list[float]:
    """Edges high enough for every cell; a merged cell stretches the last of its rows."""
    heights: list[float] = []
    for row in range(max(cell.row + cell.row_span for cell in cells)):
        heights.append(PITCH + 6)
        for cell in cells:
            if cell.rows[-1] == row:
                need = PITCH * len(cell.text.split("\n")) + 6
                heights[row] += max(0.0, need - sum(heights[cell.row :]))
    return [top + sum(heights[:row]) for row in range(len(heights) + 1)]


def _page(rows: list[list[str]], xs: list[float], title: str) -> Callable[[Paper], None]:
    cells = rows_to_cells(rows)
    ys = _row_edges(cells)

    def draw(paper: Paper) -> None:
        paper.write(xs[0], 40, title, size=12)
        paper.table(Table(xs, ys, [_span(cell) for cell in cells]))
        for cell in cells:
            if cell.hidden_above or cell.hidden_below:
                _write_clipped(paper, cell, xs, ys)

    return draw


def _span(cell: Cell) -> Span:
    hidden = frozenset(side for side, is_open in (("top", cell.open_top), ("bottom", cell.open_bottom)) if is_open)
    text = "" if cell.hidden_above or cell.hidden_below else cell.text
    return Span(cell.row, cell.col, text, cell.row_span, cell.col_span, hidden)


def _write_clipped(paper: Paper, cell: Cell, xs: list[float], ys: list[float]) -> None:
    above, shown, below = (
        [line for line in text.split("\n") if line] for text in (cell.hidden_above, cell.text, cell.hidden_below)
    )
    top, bottom = ys[cell.row], ys[cell.row + cell.row_span]
    with paper.clip(0, top, SHEET[0], bottom):
        paper.lines(xs[cell.col] + 3, top + 2 - PITCH * len(above), [*above, *shown])
        # A gap below the last line that shows would put the next one into the picture: it goes below the edge.
        paper.lines(xs[cell.col] + 3, bottom + 2, below)
