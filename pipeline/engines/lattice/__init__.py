"""The fast engine: pdfium's glyphs and ruled lines in numpy columns, cells from the rules alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline import limits
from pipeline.engines.base import check_claims, digest
from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.strip import raw_to_pages, read_raw
from pipeline.errors import SourceError
from pipeline.model import Document, Page

NAME = "lattice"
# Pages that are worked on together: enough to spread numpy's overhead, few enough to keep memory small.
STRIP = 24


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
    with limits.naming(path.name):
        check_claims(path)
    with pdfium.open_document(path, password) as document:
        total = len(document)
        wanted = sorted(pages) if pages is not None else list(range(1, total + 1))
        if wanted and wanted[-1] > total:
            raise SourceError(f"{path.name}: page {wanted[-1]} was asked for, but it has {total} pages; choose from 1-{total}")
        with limits.naming(path.name):
            limits.check("pages", len(wanted), "pages")
        read_pages: list[Page] = []
        known: list[pdfium.Floats] = []
        for start in range(0, len(wanted), STRIP):
            raws = []
            for number in wanted[start : start + STRIP]:
                with pdfium.open_page(document, number - 1, path.name) as (page, text), limits.naming(path.name, number):
                    raws.append(read_raw(page, text, number))
                if progress:
                    progress(start + len(raws), len(wanted))
            read_pages += raw_to_pages(raws, known)
    return Document(path.name, digest(path), f"lattice (pdfium {_version()})", tuple(read_pages))


def _version() -> str:
    from pypdfium2.version import PDFIUM_INFO

    return str(PDFIUM_INFO)
