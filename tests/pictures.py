"""Pictures of ruled pages, drawn dot by dot, and PDFs of them: what a scanner would send. No font of the system is needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.typeset import picture_pdf
from benchmarks.typeset.picture_pdf import Pixels, Sheet

# A page of 420 x 300 points.
WIDTH, HEIGHT = 420.0, 300.0
ROWS = (("No", "Name", "Note"), ("1", "Alpha Works", "open"), ("2", "Beta House", "2024"), ("3", "Gamma Office", "closed"))


def page(rows: Sequence[Sequence[str]] = ROWS, dpi: int = 200, left: float = 40, width: float = 340, of: float = WIDTH) -> Pixels:
    """A ruled table of these texts in black on white, ``left`` points from the edge of a page ``of`` points wide."""
    scale = dpi / 72
    picture = Image.new("L", (round(of * scale), round(HEIGHT * scale)), 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(9 * scale)
    columns, high = [left, left + width * 0.2, left + width * 0.65, left + width], 40
    for r in range(len(rows) + 1):
        y = (40 + r * high) * scale
        draw.line((columns[0] * scale, y, columns[-1] * scale, y), 0, max(1, round(0.7 * scale)))
    for x in columns:
        draw.line((x * scale, 40 * scale, x * scale, (40 + len(rows) * high) * scale), 0, max(1, round(0.7 * scale)))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            draw.text(((columns[c] + 6) * scale, (40 + r * high + 14) * scale), text, 0, font)
    return np.asarray(picture)


def blank(dpi: int = 200) -> Pixels:
    """A white page."""
    return page((), dpi) | np.uint8(255)


def scan(path: Path, *pages: Pixels | Sheet) -> Path:
    """The PDF of these pages; dots become a JPEG that fills a page of 420 x 300 points."""
    sheets = [p if isinstance(p, Sheet) else sheet(p) for p in pages]
    path.write_bytes(picture_pdf.pdf(sheets))
    return path


def sheet(pixels: Pixels, width: float = WIDTH, height: float = HEIGHT, content: str = "", rotate: int = 0) -> Sheet:
    """A page of this size, of a grey JPEG."""
    return Sheet(picture_pdf.jpeg(pixels, 90), width, height, content, rotate)


def texts(document: Any) -> list[list[list[str]]]:
    """For each table of each page the texts of its rows."""
    return [
        [[cell.text for cell in table.cells if cell.row == row] for row in range(table.n_rows)]
        for shown in document.pages
        for table in shown.tables
    ]


def vector(rows: Sequence[Sequence[str]] = ROWS, extra: str = "") -> Sheet:
    """The same table drawn with lines and type, over white; ``extra`` is painted after it."""
    columns, high = [40, 108, 261, 380], 40
    foot = 260 - high * len(rows)
    lines = [f"40 {260 - high * r} m 380 {260 - high * r} l S" for r in range(len(rows) + 1)]
    lines += [f"{x} 260 m {x} {foot} l S" for x in columns]
    type_ = [
        f"BT /F 9 Tf {columns[c] + 6} {260 - high * r - 23} Td ({text}) Tj ET"
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]
    return Sheet(picture_pdf.bilevel(np.full((8, 8), 255, np.uint8)), WIDTH, HEIGHT, "\n".join([*lines, *type_, extra]))


def invisible(rows: Sequence[Sequence[str]]) -> str:
    """The layer of text that OCR programs lay over a page: the texts at their places, in render mode 3."""
    columns = [40, 108, 261]
    said = [f"1 0 0 1 {columns[c] + 6} {260 - 40 * r - 23} Tm ({t}) Tj" for r, row in enumerate(rows) for c, t in enumerate(row)]
    return "BT 3 Tr /F 9 Tf\n" + "\n".join(said) + "\nET"
