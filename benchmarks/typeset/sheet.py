"""A PDF's pages laid on their side or on a larger sheet, so that they are seen as before: /Rotate and CropBox."""

from __future__ import annotations

from pathlib import Path

# What turns a page of a width and a height so that /Rotate turns it back: the matrix a, b, c, d, e, f of PDF, 8.3.3.
Matrix = tuple[float, float, float, float, float, float]


def relay(pdf: Path, turn: int, offset: list[float]) -> None:
    """Write the file again (in place) with /Rotate ``turn`` and a CropBox that begins at ``offset``; seen, it stays the same."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf.read_bytes())
    try:
        for page in document:
            _relay(page, turn, offset)
            page.close()
        document.save(str(pdf))
    finally:
        document.close()


def _relay(page: object, turn: int, offset: list[float]) -> None:
    import pypdfium2.raw as pdfium

    width, height = page.get_size()  # type: ignore[attr-defined]
    a, b, c, d, e, f = matrix(width, height, turn)
    dx, dy = offset
    laid = (height, width) if turn in (90, 270) else (width, height)
    box = (dx, dy, dx + laid[0], dy + laid[1])
    sheet = (0.0, 0.0, box[2] + dx / 2, box[3] + dy / 2)
    clip = pdfium.FS_RECTF(sheet[0], sheet[3], sheet[2], sheet[1])
    pdfium.FPDFPage_TransFormWithClip(page, pdfium.FS_MATRIX(a, b, c, d, e + dx, f + dy), clip)  # type: ignore[arg-type]
    page.set_mediabox(*sheet)  # type: ignore[attr-defined]
    page.set_cropbox(*box)  # type: ignore[attr-defined]
    page.set_rotation(turn)  # type: ignore[attr-defined]


def matrix(width: float, height: float, turn: int) -> Matrix:
    """What lays the content of a page on its side, so that a clockwise turn by ``turn`` degrees sets it upright. Pure."""
    return {
        0: (1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
        90: (0.0, 1.0, -1.0, 0.0, height, 0.0),
        180: (-1.0, 0.0, 0.0, -1.0, width, height),
        270: (0.0, -1.0, 1.0, 0.0, 0.0, width),
    }[turn]
