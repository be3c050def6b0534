"""The engine for scans: what a picture of a page prints, each character with how sure its reading is.

The page is drawn at its own resolution, its paper evened, laid straight; rules are found by morphology and become a grid by the
same geometry as those of born-digital pages; cells are cut into lines, lines are read by the model in the rapidocr wheel.
Everything runs on this machine; no network is used.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import onnxruntime  # noqa: F401  a missing part of the extra is reported before any page is read
import pypdfium2

from pipeline.engines.base import check_pdf, choose_pages, digest, reading
from pipeline.engines.ocr.page import read_page
from pipeline.engines.ocr.raster import Floats
from pipeline.model import Document, Page

NAME = "ocr"


def read(
    path: Path,
    *,
    pages: frozenset[int] | None = None,
    password: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """The ruled tables of scanned pages.

    ``pages`` are 1-based numbers (None = all), ``progress(done, total)`` is called after each page. Every cell has ``scores``.
    Raises SourceError or PasswordError where the file cannot be read, and SourceError where a page number is beyond its end.
    """
    facts = check_pdf(path, password)
    wanted = choose_pages(pages, len(facts.sizes), path)
    read_pages: list[Page] = []
    known: list[Floats] = []
    document = pypdfium2.PdfDocument(path, password=password)
    try:
        for done, number in enumerate(wanted, 1):
            with reading(path, "engine ocr", number):
                read_pages.append(read_page(document[number - 1], number, known))
            if progress:
                progress(done, len(wanted))
    finally:
        document.close()
    return Document(path.name, digest(path), f"{NAME} (rapidocr {version('rapidocr')})", tuple(read_pages))
