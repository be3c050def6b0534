"""Pictures of the pages of a PDF, small enough for a page that holds all of them: drawn by pdfium, kept as PNG or WebP.

Print is lines and letters: four greys show it (``png.py``). Pages that are photographs (scans) are kept as such, as WebP.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Bytes that a page may take on average: twenty of them, written as base64, stay below 8 MB.
PAGE_BYTES = 300_000
# No side of a picture is longer (pixels): a page of a hostile file may measure kilometres.
LARGEST = 4_000
# Pixels a point, and the quality of photographs (0..100), from the best to the least; the first that fits is taken.
_STEPS = ((1.5, 40), (1.25, 30), (1.0, 25), (0.75, 20), (0.5, 15))
# Print leaves the paper white; where more than this share of a page is between black and white, it is a photograph.
_PHOTOGRAPH, _WHITE, _BLACK = 0.2, 236, 24


class Picture(NamedTuple):
    """A page as a picture file, and the size of the page in points, as it is shown (after ``turned`` quarters clockwise)."""

    data: bytes
    width: float
    height: float
    pixels: tuple[int, int]

    @property
    def url(self) -> str:
        """The file itself as a URL, for a page that needs nothing else."""
        kind = "webp" if self.data[:4] == b"RIFF" else "png"
        return f"data:image/{kind};base64,{base64.b64encode(self.data).decode()}"


def pictures(
    path: Path,
    pages: Iterable[int],
    password: str | None = None,
    turned: Mapping[int, int] | None = None,
    limit: int | None = None,
) -> dict[int, Picture]:
    """The pictures of these pages (1-based) of a PDF, by number; {} where the file is none, or cannot be drawn.

    ``turned`` are quarter turns clockwise of pages that the engine has turned, ``limit`` the bytes that all pictures together
    may take: their size goes down step by step until they fit. The same file gives the same bytes.
    """
    wanted = sorted(pages)
    most = PAGE_BYTES * len(wanted) if limit is None else limit
    if path.suffix.lower() != ".pdf" or not path.is_file() or not wanted:
        return {}
    import pypdfium2

    from pipeline import substitute

    try:
        with substitute.drawing(), pypdfium2.PdfDocument(path, password=password) as pdf:
            drawn: dict[int, Picture] = {}
            for scale, quality in _STEPS:
                drawn = _drawn(pdf, wanted, turned or {}, scale, quality, most)
                if len(drawn) == len(wanted):
                    break
            return drawn
    except pypdfium2.PdfiumError:
        # What cannot be drawn has no picture; what cannot be read was told when it was read.
        return {}


def to_bytes(path: Path, turned: Mapping[int, int], password: str | None, progress: Callable[[int, int], None]) -> bytes:
    """What ``pictures`` draws of these pages, as a child hands it over: a line of JSON, and the files behind it."""
    drawn = pictures(path, turned, password, turned)
    head = [[number, len(p.data), p.width, p.height, *p.pixels] for number, p in drawn.items()]
    return b"".join([json.dumps(head).encode(), b"\n", *(p.data for p in drawn.values())])


def from_bytes(said: bytes) -> dict[int, Picture]:
    """The pictures that ``to_bytes`` wrote."""
    line, _, data = said.partition(b"\n")
    found: dict[int, Picture] = {}
    for number, size, width, height, across, down in json.loads(line):
        found[number] = Picture(data[:size], width, height, (across, down))
        data = data[size:]
    return found


def _drawn(pdf: Any, wanted: list[int], turned: Mapping[int, int], scale: float, quality: int, limit: int) -> dict[int, Picture]:
    """The pictures as far as they fit into ``limit`` bytes."""
    found: dict[int, Picture] = {}
    for number in wanted:
        picture = _picture(pdf[number - 1], turned.get(number, 0), scale, quality)
        limit -= len(picture.data)
        if limit < 0:
            break
        found[number] = picture
    return found


def _picture(page: Any, quarters: int, scale: float, quality: int) -> Picture:
    from pipeline import png

    width, height = page.get_size()
    if quarters % 2:
        width, height = height, width
    scale = min(scale, LARGEST / max(width, height, 1.0))
    bitmap = page.render(scale=scale, rotation=90 * quarters % 360, grayscale=True)
    pixels = bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width]
    data = _webp(pixels, quality) if _is_photograph(pixels) else png.four_greys(pixels)
    return Picture(data, round(width, 2), round(height, 2), (bitmap.width, bitmap.height))


def _webp(pixels: NDArray[np.uint8], quality: int) -> bytes:
    # Where the format is known already, Pillow does not load all the others that it can write.
    import PIL.WebPImagePlugin  # noqa: F401
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "WEBP", quality=quality, method=0)
    return out.getvalue()


def _is_photograph(pixels: NDArray[np.uint8]) -> bool:
    # Every fourth pixel of every fourth line tells as much.
    some = pixels[::4, ::4]
    return int(((some >= _BLACK) & (some < _WHITE)).sum()) > _PHOTOGRAPH * some.size
