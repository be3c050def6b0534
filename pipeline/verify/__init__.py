"""``Document`` × other readings of the same pages → ``Document`` with a doubt on each cell that they read otherwise.

A cell is confirmed when an independent reading has a cell with the same edges and the same text. A reading that differs is
outvoted by one that confirms: pdfium and the parsers under pdfplumber and camelot share no code, so that two of them see the
same by chance is less likely than that the third is wrong. What is neither confirmed nor explained (see ``explain.py``) is
doubted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.model import Document, Issue
from pipeline.verify import wording
from pipeline.verify.agreement import Agreement, total
from pipeline.verify.rows import CODE, with_rows

__all__ = ["Agreement", "verify", "with_rows"]


def verify(document: Document, readings: Mapping[str, Document | str]) -> tuple[Document, Agreement]:
    """The document with doubts (``verify``) on cells that other engines read otherwise, and with an issue for each.

    ``readings`` are those of other engines by name, of the same pages; a text in place of one says why there is none, and
    becomes a warning.
    """
    # Here, since most of what this room needs is needed by this function alone.
    from pipeline.verify.page import check_page

    engine = document.engine.split()[0]
    found = {name: {page.number: page for page in other.pages} for name, other in readings.items() if isinstance(other, Document)}
    checked = [
        check_page(page, engine, {name: pages[page.number] for name, pages in found.items() if page.number in pages})
        for page in document.pages
    ]
    pages = [page for page, _ in checked]
    failed = tuple(Issue(CODE, "warning", wording.not_read(name, why)) for name, why in readings.items() if isinstance(why, str))
    if pages and failed:
        pages[0] = replace(pages[0], issues=(*pages[0].issues, *failed))
    return replace(document, pages=tuple(pages)), total((engine, *found), [agreement for _, agreement in checked])
