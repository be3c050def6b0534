"""Draws what an engine saw over the picture of a page: rules, the grid, cells with their spans, and open edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw, ImageFont

from pipeline.model import BBox, Cell, PageTable

Colour = tuple[int, int, int]

RULE: Colour = (20, 90, 220)
GRID: Colour = (120, 120, 120)
CELL: Colour = (0, 140, 70)
REGION: Colour = (150, 60, 200)
OPEN: Colour = (235, 110, 0)
DOUBT: Colour = (215, 20, 30)

# What the legend says, in the order of drawing.
LEGEND = (
    (RULE, "rule, as drawn"),
    (GRID, "edge of the grid"),
    (CELL, "cell: row,col (tall x wide)"),
    (OPEN, "open edge: no closing rule"),
    (REGION, "piece of a merged region"),
    (DOUBT, "doubted"),
)
_TINT, _STRONG = 38, 90
_LABEL, _LEGEND_TEXT, _LEGEND_HEIGHT = 5.5, 9.0, 20.0


def draw(page: Image.Image, scale: float, rules: Iterable[BBox], tables: Sequence[PageTable], grid: bool = True) -> Image.Image:
    """The picture of a page (``scale`` pixels a point) with everything drawn over it; ``with_legend`` adds the legend.

    Without ``grid``, its edges are left out: on a page that lies askew every cell's box has its own.
    """
    # Paled, so that what is drawn over the print stands out against it.
    ground = Image.blend(page.convert("RGB"), Image.new("RGB", page.size, "white"), 0.4).convert("RGBA")
    layer = Image.new("RGBA", ground.size, (0, 0, 0, 0))
    pen = _Pen(ImageDraw.Draw(layer), scale)
    cells = [cell for table in tables for cell in table.cells]
    # A layer is painted on, not blended: what is to show goes on last.
    for cell in cells:
        pen.tint(cell)
    for table in tables if grid else ():
        pen.grid(table)
    for rule in rules:
        pen.rule(rule)
    for cell in cells:
        pen.frame(cell)
    return Image.alpha_composite(ground, layer).convert("RGB")


class _Pen:
    """Draws in points onto a layer of pixels."""

    def __init__(self, canvas: ImageDraw.ImageDraw, scale: float) -> None:
        self._canvas = canvas
        self._scale = scale
        self._font = ImageFont.load_default(size=_LABEL * scale)

    def grid(self, table: PageTable) -> None:
        """The edges of all rows and columns, dashed from end to end of the table."""
        if table.bbox is None:
            return
        boxes = [cell.place.bbox for cell in table.cells if cell.place.bbox]
        for x in {edge for box in boxes for edge in (box.x0, box.x1)}:
            self._dashes(BBox(x, table.bbox.top - 4, x, table.bbox.bottom + 4))
        for y in {edge for box in boxes for edge in (box.top, box.bottom)}:
            self._dashes(BBox(table.bbox.x0 - 4, y, table.bbox.x1 + 4, y))

    def rule(self, rule: BBox) -> None:
        """A ruled line, with a dot at each end: pieces of a broken or dashed line can be told apart."""
        self._canvas.line(self._pixels(rule), (*RULE, 200), max(round(0.9 * self._scale), 1))
        for x, y in ((rule.x0, rule.top), (rule.x1, rule.bottom)):
            self._canvas.ellipse(self._pixels(BBox(x - 0.9, y - 0.9, x + 0.9, y + 0.9)), (*RULE, 200))

    def tint(self, cell: Cell) -> None:
        """The ground of a cell that spans, is a piece of a region, or is doubted."""
        if cell.place.bbox and (_spans(cell) or cell.region is not None or cell.doubt):
            self._canvas.rectangle(self._pixels(cell.place.bbox), (*_colour(cell), _STRONG if cell.doubt else _TINT))

    def frame(self, cell: Cell) -> None:
        """A cell's frame just inside its edges, with its number, and its open edges."""
        box = cell.place.bbox
        if box is None:
            return
        inner, colour = _inside(box, 1.4), _colour(cell)
        self._canvas.rectangle(self._pixels(inner), None, (*colour, 255), max(round(0.5 * self._scale), 1))
        for is_open, y in ((cell.open_top, box.top), (cell.open_bottom, box.bottom)):
            if is_open:
                self._zigzag(inner.x0, inner.x1, y)
        label = f"{cell.row},{cell.col}" + (f" ({cell.row_span}x{cell.col_span})" if _spans(cell) else "")
        self._canvas.text(((inner.x0 + 0.8) * self._scale, inner.top * self._scale), label, (*colour, 255), self._font)

    def _zigzag(self, x0: float, x1: float, y: float) -> None:
        step, high = 3.0, 1.6
        count = max(int((x1 - x0) / step), 1)
        points = [(x0 + i * (x1 - x0) / count, y + (high if i % 2 else -high)) for i in range(count + 1)]
        self._canvas.line([(x * self._scale, y * self._scale) for x, y in points], (*OPEN, 255), max(round(1.1 * self._scale), 1))

    def _dashes(self, line: BBox) -> None:
        length, dash = max(line.width, line.height), 4.0
        dx, dy = (1.0, 0.0) if line.width else (0.0, 1.0)
        for start in range(int(length / dash)):
            if start % 2 == 0:
                a, b = start * dash, (start + 1) * dash
                piece = BBox(line.x0 + a * dx, line.top + a * dy, line.x0 + b * dx, line.top + b * dy)
                self._canvas.line(self._pixels(piece), (*GRID, 255), max(round(0.5 * self._scale), 1))

    def _pixels(self, box: BBox) -> tuple[float, float, float, float]:
        return box.x0 * self._scale, box.top * self._scale, box.x1 * self._scale, box.bottom * self._scale


def _colour(cell: Cell) -> Colour:
    return DOUBT if cell.doubt else REGION if cell.region is not None else CELL


def _spans(cell: Cell) -> bool:
    return cell.row_span > 1 or cell.col_span > 1


def _inside(box: BBox, margin: float) -> BBox:
    """The box with a margin, as far as it has room for one."""
    x, y = min(margin, box.width / 3), min(margin, box.height / 3)
    return BBox(box.x0 + x, box.top + y, box.x1 - x, box.bottom - y)


def with_legend(picture: Image.Image, scale: float, legend: Sequence[tuple[Colour, str]] = LEGEND) -> Image.Image:
    """The picture with the legend below it, in as many lines as it needs."""
    font = ImageFont.load_default(size=_LEGEND_TEXT * scale)
    gap, high = 6 * scale, _LEGEND_HEIGHT * scale
    canvas = ImageDraw.Draw(picture)
    lines: list[list[tuple[float, Colour, str]]] = [[]]
    x = gap
    for colour, text in legend:
        width = canvas.textlength(text, font) + 4 * gap
        if lines[-1] and x + width > picture.width:
            lines.append([])
            x = gap
        lines[-1].append((x, colour, text))
        x += width
    whole = Image.new("RGB", (picture.width, picture.height + round(high * len(lines))), "white")
    whole.paste(picture)
    canvas = ImageDraw.Draw(whole)
    for number, line in enumerate(lines):
        y = picture.height + high * number + high / 2
        for x, colour, text in line:
            canvas.rectangle((x, y - gap / 2, x + 1.5 * gap, y + gap / 2), colour)
            canvas.text((x + 2 * gap, y), text, "black", font, anchor="lm")
    return whole
