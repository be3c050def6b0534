"""The fast engine: pdfium's glyphs and ruled lines in numpy columns, cells from the rules alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.strip import raw_to_pages, read_raw
from pipeline.errors import SourceError
from pipeline.model import Document, Page

NAME = "lattice"


def read(
    path: Path,
    *,
    pages: frozenset[int] | None = None,
    password: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """The ruled tables of a PDF.

    ``pages`` are 1-based numbers (None = all), ``progress(done, total)`` is called after each page. Raises SourceError or
    PasswordError where the file cannot be read, and SourceError where a page number is beyond its end.
    """
    with pdfium.open_document(path, password) as document:
        total = len(document)
        wanted = sorted(pages) if pages is not None else list(range(1, total + 1))
        if wanted and wanted[-1] > total:
            raise SourceError(f"{path.name}: page {wanted[-1]} was asked for, but it has {total} pages; choose from 1-{total}")
        read_pages: list[Page] = []
        known: list[pdfium.Floats] = []
        while len(read_pages) < len(wanted):
            left = wanted[len(read_pages) :]
            with pdfium.open_pages(document, [number - 1 for number in left[: pdfium.STRIP]], path.name) as handles:
                raw = read_raw(handles, left[: len(handles)])
            for page in raw_to_pages(raw, known):
                read_pages.append(page)
                if progress:
                    progress(len(read_pages), len(wanted))
    return Document(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), f"lattice (pdfium {_version()})", tuple(read_pages))


def _version() -> str:
    from pypdfium2.version import PDFIUM_INFO

    return str(PDFIUM_INFO)
