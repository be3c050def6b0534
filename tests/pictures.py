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
