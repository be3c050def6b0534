"""What the engine saw before it made cells of it, for a person to look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.engines.lattice import pdfium
from pipeline.engines.lattice.rules import boxes_to_rules
from pipeline.engines.lattice.strip import read_raw
from pipeline.errors import SourceError
from pipeline.model import BBox


@dataclass(frozen=True, slots=True)
class View:
    """The ruled lines of a page, before pieces of one line are united: boxes (in points) without height or width.

    ``turns``: quarter turns clockwise by which the engine turned the shown page, to read text that is set sideways.
    """

    across: tuple[BBox, ...]
    down: tuple[BBox, ...]
    turns: int


def view(path: Path, number: int, password: str | None = None) -> View:
    """The view of one page (1-based) of a PDF; raises SourceError or PasswordError."""
    with pdfium.open_document(path, password) as document:
        if not 1 <= number <= len(document):
            raise SourceError(f"{path.name}: there is no page {number}; it has {len(document)}")
        with pdfium.open_pages(document, [number - 1], path.name) as pages:
            raw = read_raw(pages, [number])
            _, shown = pdfium.page_frame(pages[0][0])
    rules = boxes_to_rules(raw.boxes, raw.frames)
    across = tuple(BBox(x0, y, x1, y) for y, x0, x1 in rules.across.tolist())
    down = tuple(BBox(x, top, x, bottom) for x, top, bottom in rules.down.tolist())
    return View(across, down, (raw.frames.frames[0].turns - shown) % 4)
