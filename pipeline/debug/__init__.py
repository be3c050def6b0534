"""A page of a PDF as an engine saw it: rules, the grid, cells with their spans, and open edges, drawn over the page.

Beside a scanned page stands what was read in it, each character coloured by how sure its reading is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.extract import extract
from pipeline.model import Page

if TYPE_CHECKING:
    from PIL.Image import Image

# Pixels a point: 2 is 144 dpi, at which characters of 7 points can be read.
SCALE = 2.0
# No picture larger than this (pixels along a side) is drawn: a page of a hostile file may measure kilometres.
LARGEST = 5_000


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing, and the page that is drawn."""

    image: Image
    page: Page


def debug_page(
    path: str | Path, page: int, *, engine: str | None = None, password: str | None = None, scale: float = SCALE
) -> Image:
    """The picture (PIL) of one page (1-based) of a PDF with what the engine saw; a notebook shows it.

    ``scale`` is pixels a point. Raises SourceError or PasswordError where there is no such page or it cannot be read.
    """
    return picture(Path(path), page, engine, password, scale).image


def picture(path: Path, number: int, engine: str | None = None, password: str | None = None, scale: float = SCALE) -> Picture:
    """The same, with the page that is drawn. Coloured as ``draw.LEGEND`` says."""
    if path.suffix.lower() != ".pdf" and path.is_file():
        raise SourceError(f"{path.name}: only pages of a PDF can be drawn; `catalog extract` writes the tables of a dump")
    if number < 1:
        raise SourceError(f"{path.name}: there is no page {number}; pages count from 1")
    # Earlier pages tell what a blank open column is, so a page that is read alone may look otherwise than in a run.
    document = extract(path, engine, frozenset(range(1, number + 1)), password)
    page = document.pages[-1]
    scale = min(scale, LARGEST / max(page.width, page.height, 1.0))
    return Picture(_drawn(path, page, password, scale), page)


def _drawn(path: Path, page: Page, password: str | None, scale: float) -> Image:
    """The page with what was seen on it and, where it was read from a picture, the readings to its right."""
    # What draws is loaded when something is drawn.
    from pipeline.debug import draw, readings
    from pipeline.engines.lattice.view import view

    if not readings.is_recognised(page.tables):
        seen = view(path, page.number, password)
        shown = _shown(path, page.number, password, scale, seen.turns)
        return draw.with_legend(draw.draw(shown, scale, (*seen.across, *seen.down), page.tables), scale)
    shown = draw.draw(_shown(path, page.number, password, scale, page.turned), scale, (), page.tables, grid=False)
    both = readings.beside(shown, readings.draw_readings(shown.size, scale, page.tables))
    return draw.with_legend(both, scale, (*draw.LEGEND[2:], *readings.LEGEND))


def _shown(path: Path, number: int, password: str | None, scale: float, turns: int) -> Image:
    """The page as pdfium paints it, turned clockwise by as many quarters as the engine turned it."""
    import pypdfium2

    from pipeline import substitute

    with substitute.drawing(), pypdfium2.PdfDocument(path, password=password) as pdf:
        painted: Image = pdf[number - 1].render(scale=scale, rotation=90 * turns).to_pil()
        return painted
