"""The engine for text: what an OCR or layout model, a browser's copy or a converter wrote out instead of a page.

Three kinds of the same thing: cells between tabs (``.txt``, ``.tsv``), Markdown (``.md``) and HTML (``.html``). A dump has no
geometry. Its pages are its tables, numbered from 1, and a cell's place is page, line of the file and column in that line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from pathlib import Path

from pipeline import limits
from pipeline.engines.dump import markup, tabs
from pipeline.engines.dump.decode import decode
from pipeline.engines.dump.markdown import has_pipe_table
from pipeline.errors import SourceError
from pipeline.model import Document, Page

NAME = "dump"
VERSION = "1"
SUFFIXES = (".txt", ".tsv", ".md", ".markdown", ".html", ".htm")

_HTML = {".html", ".htm"}
_TABLE_TAG = re.compile(r"<table\b", re.IGNORECASE)


def read(
    path: Path,
    *,
    pages: Collection[int] | None = None,
    password: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """The tables of a text dump, cell by cell as printed.

    ``pages`` are numbers of tables from 1 (None = all), ``progress(done, total)`` counts them; a dump has no ``password``.
    ``Document.geometry`` is True only for HTML that merges body cells by rowspan: there a blank cell is blank. Raises
    SourceError where the file is no text, or where a page number is beyond its end.
    """
    data = path.read_bytes()
    text = decode(data, path.name)
    with limits.naming(path.name):
        found = _pages(text, path.suffix.lower())
    chosen = _choose(found, pages, path.name)
    if progress:
        progress(len(chosen), len(chosen))
    digest = hashlib.sha256(data).hexdigest()
    return Document(path.name, digest, f"{NAME} {VERSION}", chosen, geometry=any(_merges(page) for page in chosen))


def _pages(text: str, suffix: str) -> tuple[Page, ...]:
    if suffix in _HTML or (suffix in SUFFIXES and _TABLE_TAG.search(text)):
        return markup.read_html(text, markdown=suffix not in _HTML)
    return markup.read_markdown(text) if has_pipe_table(text) else tabs.read_tabs(text)


def _choose(found: tuple[Page, ...], pages: Collection[int] | None, name: str) -> tuple[Page, ...]:
    with limits.naming(name):
        limits.check("pages", len(found) if pages is None else len(pages), "pages")
    if pages is None:
        return found
    if beyond := sorted(number for number in pages if not 1 <= number <= len(found)):
        raise SourceError(f"{name}: page {beyond[-1]} was asked for, but it has {len(found)} tables; choose from 1-{len(found)}")
    return tuple(page for page in found if page.number in pages)


def _merges(page: Page) -> bool:
    """Whether body cells are merged. Two-level headings merge downward in every export, so the first two rows tell nothing."""
    return any(c.row_span > 1 and (c.row > 1 or c.row + c.row_span > 3) for table in page.tables for c in table.cells)
