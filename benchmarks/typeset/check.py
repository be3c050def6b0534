"""Is a sample fair: does the text layer hold every character of the truth, as often as it is printed?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pipeline.text import fold

from .catalog import Catalog
from .cells import heading_cells, printed, table
from .layout import Layout

Box = tuple[float, float, float, float]


def text_layer(pdf: Path) -> list[str]:
    """The text of each page as pdfium hands it out."""
    import pypdfium2

    document = pypdfium2.PdfDocument(str(pdf))
    try:
        return [_page_text(page) for page in document]
    finally:
        document.close()


def _page_text(page: object) -> str:
    textpage = page.get_textpage()  # type: ignore[attr-defined]
    try:
        return str(textpage.get_text_range())
    finally:
        textpage.close()
        page.close()  # type: ignore[attr-defined]


def missing(layer: list[str], catalogs: list[Catalog], layout: Layout) -> Counter[str]:
    """Characters that the body prints more often than the text layer holds beside the headings. Pure.

    Headings are taken off as often as they are printed, so that they cannot stand in for a lost line.
    """
    text = _countable("".join(layer))
    have = Counter(text)
    head = Counter(_countable("".join(cell.text for cell in heading_cells(layout))))
    times = max(text.count("公开依据"), len(catalogs))
    for char, count in head.items():
        have[char] -= count * times
    return Counter(_countable("".join(printed(table(c, layout)) for c in catalogs))) - have


def _countable(text: str) -> str:
    return fold(text).replace("\ufffe", "").replace("\x02", "")


def overprinted(pdf: Path) -> list[str]:
    """Pairs of different characters that are printed on top of each other.

    LibreOffice Writer sometimes lays a merged cell that it had to cut over the text of its neighbours; no reader can tell
    what such a page says.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(str(pdf))
    try:
        return [pair for page in document for pair in overlaps(_glyphs(page))]
    finally:
        document.close()


def _glyphs(page: object) -> list[tuple[str, Box]]:
    textpage = page.get_textpage()  # type: ignore[attr-defined]
    text = textpage.get_text_range()
    boxes = [textpage.get_charbox(i, loose=True) for i in range(textpage.count_chars())]
    if len(text) != len(boxes):
        text = text.ljust(len(boxes), "?")
    return [(char, box) for char, box in zip(text, boxes, strict=False) if char.strip() and box[2] > box[0] and box[3] > box[1]]


def overlaps(glyphs: list[tuple[str, Box]], share: float = 0.5) -> list[str]:
    """Pairs of different characters whose boxes (x0, y0, x1, y1) share more than ``share`` of the smaller one's area. Pure."""
    heights = sorted(box[3] - box[1] for _, box in glyphs)
    tall = 3 * heights[len(heights) // 2] if heights else 0
    pairs: list[str] = []
    near: dict[tuple[int, int], list[tuple[str, Box]]] = {}
    for char, box in glyphs:
        if box[3] - box[1] > tall:
            continue
        key = (int(box[0] // 12), int(box[1] // 12))
        around = [n for dx in (-1, 0, 1) for dy in (-1, 0, 1) for n in near.get((key[0] + dx, key[1] + dy), [])]
        pairs += [char + other for other, its in around if other != char and _shared(box, its) > share]
        near.setdefault(key, []).append((char, box))
    return pairs


def _shared(a: Box, b: Box) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return width * height / smaller if width > 0 and height > 0 else 0.0
