"""A PDF page as a grey picture at the resolution of its scan."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

from pipeline import substitute

Gray = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Dots per inch: finer scans are read at the upper bound, which no recognition profits from; coarser ones are enlarged.
FINEST, COARSEST = 300.0, 200.0
# Scans below this are read, with a warning.
ENOUGH_DPI = 190.0
# A page of more dots than this is read coarser, so that one page stays within its memory.
_MOST_DOTS = 24e6
_FORM_DEPTH = 4
# A picture smaller than this share of the page (a logo, a photograph) says nothing about the scan's resolution.
_LARGE = 0.1


@dataclass(frozen=True, slots=True)
class Raster:
    """A page as dots: ``gray`` (height, width), 0 black; ``unit`` dots in a point; ``scan_dpi`` of the file, 0 = no picture.

    ``sealed`` is 1 where a seal stands on what is printed, None on a page without seals; ``unseen`` is 1
    where text stands that may not be drawn, since the file does not carry its font, None where all is.
    """

    gray: Gray
    unit: float
    scan_dpi: float
    sealed: Mask | None = None
    unseen: Mask | None = None


def percentile(dots: Gray, share: float) -> float:
    """As numpy's, which takes ten times as long on the few hundred dots of a character; ``share`` is 0..100."""
    flat = dots.ravel()
    at = share / 100 * (len(flat) - 1)
    low = int(at)
    high = min(low + 1, len(flat) - 1)
    flat = np.partition(flat, (low, high))
    return float(flat[low]) + (float(flat[high]) - float(flat[low])) * (at - low)


def median(values: npt.ArrayLike) -> float:
    """As numpy's, which takes ten times as long on a few hundred values, and loads numpy.ma to look at one that is not whole."""
    flat = np.asarray(values).ravel()
    high = len(flat) // 2
    low = high - 1 + len(flat) % 2
    flat = np.partition(flat, (low, high))
    return (float(flat[low]) + float(flat[high])) / 2


def page_to_raster(page: pypdfium2.PdfPage) -> Raster:
    """The page as a reader sees it; red seals are taken out. Raises PdfiumError where pdfium cannot draw it."""
    dpi = scan_dpi(page)
    width, height = page.get_size()
    wanted = min(FINEST, max(COARSEST, dpi)) if dpi else FINEST
    most = 72 * (_MOST_DOTS / max(width * height, 1.0)) ** 0.5
    scale = min(wanted, most) / 72
    bitmap = page.render(scale=scale, rev_byteorder=False, draw_annots=True, may_draw_forms=False)
    picture = bitmap.to_numpy()
    gray, sealed = without_seals(picture[..., :3], scale) if picture.ndim == 3 else (picture.copy(), None)
    bitmap.close()
    return Raster(np.ascontiguousarray(gray), scale, dpi, sealed, _unseen(page, gray.shape, scale))


def _unseen(page: pypdfium2.PdfPage, shape: tuple[int, ...], scale: float) -> Mask | None:
    """Where type may not be drawn for want of a font; all of the page where it is turned, or the type is part of a form."""
    lacking = substitute.uncertain(page)
    if not lacking:
        return None
    if page.get_rotation() or any(level for *_, level in lacking):
        return np.ones(shape, np.uint8)
    mask = np.zeros(shape, np.uint8)
    left, _, _, top = page.get_bbox()
    for x0, y0, x1, y1, _ in lacking:
        rows, columns = ((top - y1, top - y0), (x0 - left, x1 - left))
        mask[tuple(slice(max(0, int(scale * low)), max(0, int(scale * high) + 1)) for low, high in (rows, columns))] = 1
    return mask


def scan_dpi(page: pypdfium2.PdfPage) -> float:
    """The resolution of the largest pictures on the page, 0 where it has none."""
    area = max(page.get_width() * page.get_height(), 1.0)
    found = [
        _dpi(image)
        for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_FORM_DEPTH)
        if _share(image, area) > _LARGE
    ]
    return max(found, default=0.0)


def _share(image: Any, area: float) -> float:
    x0, y0, x1, y1 = image.get_bounds()
    return float(abs((x1 - x0) * (y1 - y0)) / area)


def _dpi(image: Any) -> float:
    columns, rows = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(image, columns, rows)
    x0, y0, x1, y1 = image.get_bounds()
    # A picture that is painted a quarter turned has its rows along the page's width; the area is the same either way.
    return float(72 * (columns.value * rows.value / max((x1 - x0) * (y1 - y0), 1.0)) ** 0.5)


# Red ink: how far the red channel stands above the others; and the size (points) from which a red shape is a seal, not text.
_RED, _SEAL = 36, 40.0
# What stays darker than this where a seal was taken out is print, or what is left of the seal.
_LEFT = 200


def without_seals(picture: npt.NDArray[np.uint8], unit: float) -> tuple[Gray, Mask | None]:
    """A BGR picture in grey, red seals as pale as their paper; and where they stand on print (1), None where there is no seal.

    Red light makes red ink vanish and leaves black ink black, so the red channel shows what the seal covers. Red text that
    belongs to no large red shape stays.
    """
    blue, green, red = (np.asarray(channel, np.uint8) for channel in cv2.split(picture))
    gray = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    redness = cv2.subtract(red, cv2.max(blue, green))
    mask = (redness > _RED).astype(np.uint8)
    if cv2.countNonZero(mask) < unit * unit * _SEAL:
        return gray, None
    reach = max(1, round(2 * unit))
    joined = np.asarray(cv2.dilate(mask, np.ones((reach, reach), np.uint8)), np.uint8)
    sealed = np.zeros_like(joined)
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    for x, y, width, height, _ in stats[1:count].tolist():
        if min(width, height) >= _SEAL * unit:
            area = np.s_[y : y + height, x : x + width]
            gray[area] = _without_ink(gray[area], red[area], joined[area])
            sealed[area] |= joined[area] & (gray[area] < _LEFT)
    return gray, sealed if sealed.any() else None


def _without_ink(gray: Gray, red: Gray, ink: Mask) -> Gray:
    """Grey dots in red light where there is red ink, made so much brighter that the ink is as pale as paper."""
    inked = ink > 0
    paleness = max(float(np.percentile(red[inked], 60)), 128.0)
    lit = np.minimum(red.astype(np.float32) * (255 / paleness), 255).astype(np.uint8)
    return np.where(inked, np.maximum(lit, gray), gray)
