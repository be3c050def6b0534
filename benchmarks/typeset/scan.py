"""Scans with their truth: typeset catalogs, drawn by pdfium and damaged as ``scanner`` does it.

``python -m benchmarks.typeset -o FOLDER --scans 12 --seed 7`` writes ``FOLDER/scans/NNN-scan-<kind><dpi>-<renderer>-<domain>/``
with ``source.pdf`` (pictures only), ``truth.json`` and ``layout.json``. The same seed and the same typeset PDF give the same
bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline import engines

from . import check, make, picture_pdf, truth
from .make import Case
from .scanner import KINDS

_RESOLUTIONS = (200, 200, 200, 250, 300)
_ROWS = (8, 26)
_PAGES = 3
_ATTEMPTS = 6


@dataclass(frozen=True)
class Scan:
    """One scan to be made: the printed case, what happens to it, and at which resolution."""

    case: Case
    kind: str
    dpi: int

    @property
    def name(self) -> str:
        case = self.case
        return f"{case.number:03d}-scan-{self.kind}{self.dpi}-{case.layout.renderer}-{case.catalogs[0].domain}"


def scans(folder: Path, count: int, seed: int, kinds: Sequence[str] = tuple(KINDS)) -> Iterator[str]:
    """Write ``count`` scans, kinds in turn; a line for each that is written or drawn again."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(range(count))
    for attempt in range(_ATTEMPTS):
        drawn = [draw(number, seed, attempt, kinds) for number in wanted]
        with tempfile.TemporaryDirectory() as scratch:
            pdfs = make.print_cases([scan.case for scan in drawn], Path(scratch))
            again = []
            for scan, pdf in zip(drawn, pdfs, strict=True):
                reason = unfair(scan.case, pdf)
                if reason:
                    again.append(scan.case.number)
                else:
                    _write(folder / scan.name, scan, pdf, seed)
                yield f"{scan.name}: {reason or 'written'}"
        wanted = again


def draw(number: int, seed: int, attempt: int, kinds: Sequence[str]) -> Scan:
    """The scan of a number and a seed; each attempt is another draw of the catalog, not of the kind."""
    rng = np.random.default_rng((seed, number))
    kind = kinds[number % len(kinds)]
    # Each kind meets each renderer: a round of kinds begins with the next renderer.
    case = make.draw_case(number, f"scan/{seed}", attempt, rows=_ROWS, renderer=sum(divmod(number, len(kinds))))
    return Scan(case, kind, int(rng.choice(_RESOLUTIONS)))


def unfair(case: Case, pdf: Path) -> str:
    """Why a printed case cannot be judged as a picture, or "": beyond what holds for every case, text that a clip hides."""
    reason = make.unfair(case, pdf)
    if reason:
        return reason
    pages = engines.get("lattice").read(pdf).pages
    if len(pages) > _PAGES:
        return f"{len(pages)} pages"
    seen = ["".join(cell.text for table in page.tables for cell in table.cells) for page in pages]
    lost = check.missing(seen, case.catalogs, case.layout)
    return f"not to be seen: {''.join(sorted(lost.elements()))[:40]}" if lost else ""


def damaged(pdf: Path, kind: str, dpi: int, seed: int) -> bytes:
    """A PDF with the pages of another as pictures, damaged."""
    import pypdfium2

    rng = np.random.default_rng((seed, dpi, *kind.encode()))
    document = pypdfium2.PdfDocument(str(pdf))
    try:
        sheets = []
        for page in document:
            pixels = page.render(scale=dpi / 72, grayscale=True).to_numpy()
            pixels = np.ascontiguousarray(pixels.reshape(pixels.shape[:2]))
            sheets.append(picture_pdf.Sheet(KINDS[kind](rng, pixels, dpi), *page.get_size()))
        return picture_pdf.pdf(sheets)
    finally:
        document.close()


def _write(folder: Path, scan: Scan, pdf: Path, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    case = scan.case
    (folder / "source.pdf").write_bytes(damaged(pdf, scan.kind, scan.dpi, seed + case.number))
    make.write_json(folder / "layout.json", case.layout.as_json() | {"scan": scan.kind, "dpi": scan.dpi})
    make.write_json(folder / "truth.json", truth.document(case.catalogs, case.layout.cols, case.layout.title))
