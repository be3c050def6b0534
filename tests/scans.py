"""Pictures of pages as PDFs, made anew by the tests: a page drawn by pdfium, changed as a scanner might, put back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

Dots = npt.NDArray[np.uint8]
DPI = 200


def picture_of(source: Path, page: int = 1, dpi: int = DPI) -> Dots:
    """A page (1-based) as grey dots."""
    with pypdfium2.PdfDocument(source) as pdf:
        return np.array(pdf[page - 1].render(scale=dpi / 72).to_pil().convert("L"))


def scan(path: Path, pictures: Sequence[Dots], dpi: int = DPI) -> Path:
    """A PDF whose pages are pictures and nothing else."""
    images = [Image.fromarray(picture) for picture in pictures]
    images[0].save(path, resolution=dpi, save_all=True, append_images=images[1:])
    return path


def scanned(source: Path, path: Path, change: Callable[[Dots], Dots] = lambda dots: dots) -> Path:
    """The first page of a PDF as a scan."""
    return scan(path, [change(picture_of(source))])


def words(path: Path, rows: Sequence[Sequence[str]], width: float = 120, height: float = 30) -> Path:
    """A PDF page with a ruled table of Latin words (Helvetica, which every reader has)."""
    canvas = Canvas(str(path), pagesize=(60 + width * len(rows[0]), 120 + height * len(rows)))
    top = 60 + height * len(rows)
    canvas.setFont("Helvetica", 11)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            canvas.rect(30 + c * width, top - (r + 1) * height, width, height)
            canvas.drawString(36 + c * width, top - (r + 1) * height + 11, text)
    canvas.save()
    return path
