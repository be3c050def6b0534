"""The readers that are compared, each as its users call it: path and pages (1-based, None = all) → tables by page."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from .grids import Grid, Slot, from_boxes, from_page_table, from_slots

Tables = dict[int, list[Grid]]
Reader = Callable[[Path, Collection[int] | None], Tables]


# What is timed: reading alone, as a user would write it.


def time_lattice(path: Path, pages: Collection[int] | None = None) -> object:
    """The fast engine of this project."""
    from pipeline import engines

    return engines.get("lattice").read(path, pages=frozenset(pages) if pages is not None else None)


def time_pdfplumber(path: Path, pages: Collection[int] | None = None) -> object:
    """pdfplumber's ``extract_tables`` on each page."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        return [page.extract_tables() for page in pdf.pages if pages is None or page.page_number in pages]


def time_camelot_vector(path: Path, pages: Collection[int] | None = None) -> object:
    """camelot's lattice flavour from the PDF's vector rules, text split at the rules."""
    return _read_pdf(path, pages, engine="vector", split_text=True)


def time_camelot_default(path: Path, pages: Collection[int] | None = None) -> object:
    """camelot as it comes: the lattice flavour on the rendered page."""
    return _read_pdf(path, pages)


# What is compared: the same readings as grids.


def lattice(path: Path, pages: Collection[int] | None = None) -> Tables:
    """The fast engine of this project."""
    document: Any = time_lattice(path, pages)
    return {page.number: [from_page_table(table) for table in page.tables] for page in document.pages}


def pdfplumber(path: Path, pages: Collection[int] | None = None) -> Tables:
    """pdfplumber with its default settings; spans from the boxes of its cells, which ``extract_tables`` does not tell."""
    import pdfplumber as library

    found = {}
    with library.open(path) as pdf:
        for page in pdf.pages:
            if pages is None or page.page_number in pages:
                found[page.page_number] = [_from_plumber(table) for table in page.find_tables()]
                page.close()
    return found


def camelot_vector(path: Path, pages: Collection[int] | None = None) -> Tables:
    """camelot's lattice flavour from the PDF's vector rules, text split at the rules."""
    return _camelot(path, pages, engine="vector", split_text=True)


def camelot_default(path: Path, pages: Collection[int] | None = None) -> Tables:
    """camelot as it comes: the lattice flavour on the rendered page."""
    return _camelot(path, pages)


READERS: dict[str, Reader] = {
    "lattice": lattice,
    "pdfplumber": pdfplumber,
    "camelot vector": camelot_vector,
    "camelot default": camelot_default,
}


def hush() -> None:
    """Keep the libraries' warnings about fonts and syntax off the terminal."""
    for name in ("pdfminer", "pdfplumber", "camelot", "playa"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.simplefilter("ignore")


def _from_plumber(table: Any) -> Grid:
    rows = zip(table.rows, table.extract(), strict=True)
    return from_boxes((box, text or "") for row, told in rows for box, text in zip(row.cells, told, strict=True) if box)


def _camelot(path: Path, pages: Collection[int] | None, **options: Any) -> Tables:
    found: Tables = {}
    for table in _read_pdf(path, pages, **options):
        rows = [[Slot(c.text, c.left, c.right, c.top, c.bottom) for c in row] for row in table.cells]
        found.setdefault(int(table.page), []).append(from_slots(rows))
    return found


def _read_pdf(path: Path, pages: Collection[int] | None, **options: Any) -> list[Any]:
    from camelot.io import read_pdf

    wanted = "all" if pages is None else ",".join(map(str, sorted(pages)))
    return list(read_pdf(str(path), pages=wanted, suppress_stdout=True, **options))
