"""What was recognised on a scanned page, set again cell by cell, each character coloured by how sure its reading is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from pipeline.debug.draw import Colour
from pipeline.model import BBox, Cell, PageTable

# From this score (0..100) a character has this colour; the first fits characters that the profile takes without a doubt.
SURE: Colour = (0, 110, 60)
WEAK: Colour = (225, 120, 0)
POOR: Colour = (205, 15, 30)
_COLOURS = ((90, SURE), (60, WEAK), (0, POOR))
LEGEND = ((SURE, "read surely (90-100)"), (WEAK, "weakly (60-89)"), (POOR, "hardly (under 60), or not at all"))
# Points: the largest type that text is set in, and room around it; the label is the score of the weakest character.
_TYPE, _ROOM, _LABEL, _TINT = 8.0, 1.5, 4.5, 26
# Files of fonts that hold Chinese, on Debian, Windows and macOS; Pillow looks for them where the system keeps its fonts.
_FONTS = (
    "NotoSansCJK-Regular.ttc",
    "wqy-zenhei.ttc",
    "NotoSerifCJK-Regular.ttc",
    "uming.ttc",
    "DroidSansFallbackFull.ttf",
    "msyh.ttc",
    "simsun.ttc",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
)
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def is_recognised(tables: Sequence[PageTable]) -> bool:
    """Whether the text of these tables was read from a picture."""
    return any(cell.scores for table in tables for cell in table.cells)


def weakest(cell: Cell) -> int | None:
    """The score of a cell's weakest character, 0 where it holds ink that was not read, None where it is blank."""
    if cell.scores:
        return min(cell.scores)
    return 0 if cell.doubt else None


def colour_of(score: int) -> Colour:
    """The colour of a score."""
    return next(colour for least, colour in _COLOURS if score >= least)


def draw_readings(size: tuple[int, int], scale: float, tables: Iterable[PageTable]) -> Image.Image:
    """A white page of this size in pixels (``scale`` pixels a point) with what was read where it stands."""
    page = Image.new("RGB", size, "white")
    layer = ImageDraw.Draw(page, "RGBA")
    for table in tables:
        for cell in table.cells:
            if cell.place.bbox:
                _draw_cell(layer, scale, cell, cell.place.bbox)
    return page


def beside(left: Image.Image, right: Image.Image) -> Image.Image:
    """Two pictures side by side."""
    both = Image.new("RGB", (left.width + right.width, max(left.height, right.height)), "white")
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    return both


def _draw_cell(layer: ImageDraw.ImageDraw, scale: float, cell: Cell, box: BBox) -> None:
    score = weakest(cell)
    colour = colour_of(score) if score is not None else (170, 170, 170)
    tint = (*colour, _TINT if score is not None and score < 90 else 0)
    layer.rectangle([edge * scale for edge in (box.x0, box.top, box.x1, box.bottom)], tint, (*colour, 255), 1)
    if score is None:
        return
    _draw_text(layer, scale, cell, box)
    label = _font(_LABEL * scale)
    text = f"{score}{' ' + cell.doubt if cell.doubt else ''}"
    layer.text(((box.x1 - 0.8) * scale, (box.bottom - 0.6) * scale), text, (*colour, 255), label, anchor="rd")


def _draw_text(layer: ImageDraw.ImageDraw, scale: float, cell: Cell, box: BBox) -> None:
    """The lines of a cell, as large as they fit into it, every character in the colour of its score."""
    lines = [list(line) for line in _scored_lines(cell)]
    if not lines:
        return
    longest = max(sum(_wide(char) for char, _ in line) for line in lines)
    size = min(_TYPE, (box.width - 2 * _ROOM) / max(longest, 1), (box.height - _ROOM) / (1.25 * len(lines)))
    font = _font(max(size, 1.0) * scale)
    for row, line in enumerate(lines):
        x, y = (box.x0 + _ROOM) * scale, (box.top + _ROOM / 2 + 1.25 * size * row) * scale
        for char, score in line:
            layer.text((x, y), char, colour_of(score), font)
            x += layer.textlength(char, font)


def _scored_lines(cell: Cell) -> Iterator[list[tuple[str, int]]]:
    """The lines of a cell's text, each character with its score; white space has that of its line's end, which none sees."""
    scores = iter(cell.scores)
    for line in cell.text.split("\n"):
        yield [(char, 100 if char.isspace() else next(scores, 0)) for char in line]


def _wide(char: str) -> float:
    return 1.0 if ord(char) > 0x2000 else 0.6


@cache
def _font(size: float) -> Font:
    """A font with Chinese where the system has one; Pillow's own draws boxes for it, in the right colours."""
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
