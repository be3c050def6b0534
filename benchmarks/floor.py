"""The least that any reader on pdfium has to do: the floor that the engine's speed is measured against.

For each page: load it and its text page, one loose box a glyph, the bounds of each path object. The functions take plain integers
and write into numpy buffers, so that Python adds as little as it can.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Collection
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as raw

_POINTER, _INT = ctypes.c_void_p, ctypes.c_int


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(getattr(raw, name), _POINTER).value or 0)


_char_box = _bound("FPDFText_GetLooseCharBox", _INT, _POINTER, _INT, _POINTER)
_object_type = _bound("FPDFPageObj_GetType", _INT, _POINTER)
_object_bounds = _bound("FPDFPageObj_GetBounds", _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)
_page_object = _bound("FPDFPage_GetObject", _POINTER, _POINTER, _INT)


def count_pages(path: Path) -> int:
    """How many pages a PDF has."""
    document = pypdfium2.PdfDocument(path)
    pages = len(document)
    document.close()
    return pages


def read(path: Path, pages: Collection[int] | None = None) -> None:
    """Do the least for each page (1-based numbers, None = all)."""
    document = pypdfium2.PdfDocument(path)
    for index in range(len(document)) if pages is None else [number - 1 for number in sorted(pages)]:
        page = raw.FPDF_LoadPage(document.raw, index)
        text = raw.FPDFText_LoadPage(page)
        _glyphs(ctypes.cast(text, _POINTER).value, max(0, raw.FPDFText_CountChars(text)))
        _paths(ctypes.cast(page, _POINTER).value, max(0, raw.FPDFPage_CountObjects(page)))
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(page)
    document.close()


def _glyphs(text: int | None, n: int) -> None:
    boxes = np.zeros((n, 4), np.float32)
    base = boxes.ctypes.data
    deque(map(_char_box, repeat(text), range(n), range(base, base + 16 * n, 16)), maxlen=0)


def _paths(page: int | None, n: int) -> None:
    objects = list(map(_page_object, repeat(page), range(n)))
    kinds = map(_object_type, objects)
    paths = [handle for handle, kind in zip(objects, kinds, strict=True) if kind == raw.FPDF_PAGEOBJ_PATH]
    bounds = np.zeros((len(paths), 4), np.float32)
    base = bounds.ctypes.data
    columns = [range(base + 4 * c, base + 4 * c + 16 * len(paths), 16) for c in range(4)]
    deque(map(_object_bounds, paths, *columns), maxlen=0)
