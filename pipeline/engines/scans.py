"""Which pages of a PDF are pictures of pages: nobody sees text that is drawn as text, but something is printed.

Such a page may still hold text that nobody sees (the invisible layer of a scanner's own OCR, often in the wrong language) or a
few visible characters (a page number, a scanner's stamp); neither makes it a page of text. Where there are more, only reading the
picture tells whether it is a page with a line below it, or the ground of a page of text.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline import substitute

substitute.install()

# A page with more visible characters is a page of text.
_FEW = 40
# A picture over this share of the page makes it a scan; so do so many painted paths where no character is visible (a page whose
# type was turned into outlines).
_COVERS, _OUTLINES = 0.4, 300
# A picture over this share of the page hides what was painted before it.
_HIDES = 0.9
_FORM_DEPTH = 6
_INVISIBLE = 3  # text render mode, ISO 32000-1, table 106


class Pictured(NamedTuple):
    """Page numbers: those that are ``scans``, and those that have a picture as large and more ``text`` than a scan has."""

    scans: frozenset[int] = frozenset()
    text: frozenset[int] = frozenset()


def scanned_pages(path: Path, numbers: Collection[int], password: str | None = None) -> Pictured:
    """Which of the pages ``numbers`` (1-based) are pictures. Raises PdfiumError where the file cannot be opened."""
    if not numbers:
        return Pictured()
    document = pypdfium2.PdfDocument(path, password=password)
    try:
        visible = {number: _written_on_picture(document[number - 1]) for number in numbers}
    finally:
        document.close()
    pictured = {number: count for number, count in visible.items() if count is not None}
    scans = frozenset(number for number, count in pictured.items() if count <= _FEW)
    return Pictured(scans, frozenset(pictured) - scans)


def _written_on_picture(page: pypdfium2.PdfPage) -> int | None:
    """How many visible characters a page has beside its picture; None where it has none that may be a page."""
    objects = list(page.get_objects(max_depth=_FORM_DEPTH))
    area = max(page.get_width() * page.get_height(), 1.0)
    visible = _visible_characters(page, objects, area)
    pictures = sum(_area(entry) for entry in objects if entry.type == pdfium.FPDF_PAGEOBJ_IMAGE)
    outlines = sum(entry.type == pdfium.FPDF_PAGEOBJ_PATH for entry in objects)
    return visible if pictures >= _COVERS * area or (visible == 0 and outlines >= _OUTLINES) else None


def _visible_characters(page: pypdfium2.PdfPage, objects: list[Any], area: float) -> int:
    """How many characters of the page are drawn so that somebody may see them; ``objects`` stand in the order of painting."""
    texts = [entry for entry in objects if entry.type == pdfium.FPDF_PAGEOBJ_TEXT]
    over = max((k for k, entry in enumerate(objects) if _hides_all(entry, area)), default=0)
    on_top = [entry for entry in objects[over:] if entry.type == pdfium.FPDF_PAGEOBJ_TEXT]
    seen = [entry for entry in on_top if pdfium.FPDFTextObj_GetTextRenderMode(entry.raw) != _INVISIBLE]
    if not seen:
        return 0
    text_page = page.get_textpage()
    total = sum(not char.isspace() for char in text_page.get_text_bounded())
    text_page.close()
    return total if len(seen) == len(texts) else min(total, 4 * len(seen))


def _hides_all(entry: Any, area: float) -> bool:
    """Whether a picture lies over all that was painted before it: OCR programs put their text under the scan."""
    return bool(entry.type == pdfium.FPDF_PAGEOBJ_IMAGE) and _area(entry) >= _HIDES * area


def _area(entry: Any) -> float:
    x0, y0, x1, y1 = entry.get_bounds()
    return float(abs((x1 - x0) * (y1 - y0)))
