"""The fast engine: pdfium's glyphs and ruled lines in numpy columns, cells from the rules alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline import limits
from pipeline.engines.base import check_claims, digest
from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.quick import uncollected
from pipeline.engines.lattice.strip import Raw, raw_to_pages, read_raw
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
        while len(read_pages) < len(wanted):
            left = wanted[len(read_pages) :]
            with pdfium.open_pages(document, [number - 1 for number in left[: pdfium.STRIP]], path.name) as handles:
                raw = _raw(handles, left[: len(handles)], path.name)
            with uncollected():
                made = raw_to_pages(raw, known)
            for page in made:
                read_pages.append(page)
                if progress:
                    progress(len(read_pages), len(wanted))
    return Document(path.name, digest(path), f"lattice (pdfium {_version()})", tuple(read_pages))


def _raw(handles: list[tuple[int, int]], numbers: list[int], name: str) -> Raw:
    """The pages read together; where that is too much, the error names the page that has it."""
    try:
        return read_raw(handles, numbers)
    except limits.TooMuch:
        for handle, number in zip(handles, numbers, strict=True):
            with limits.naming(name, number):
                read_raw([handle], [number])
        raise


def _version() -> str:
    from pypdfium2.version import PDFIUM_INFO

    return str(PDFIUM_INFO)
