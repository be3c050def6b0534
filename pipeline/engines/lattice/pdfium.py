"""pdfium from Python, in bulk: functions bound once, integer addresses handed in, results written straight into numpy buffers.

One call through pypdfium2's helpers builds several Python objects; ``map`` over a bound function with addresses as arguments
builds none, which is about ten times faster. pdfium is not thread-safe: one per process, parallel work goes by process.
"""

from __future__ import annotations

import ctypes
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as raw

from pipeline import limits, substitute
from pipeline.errors import PasswordError, SourceError

substitute.install()

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TEXT, PATH, IMAGE, FORM = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM

# Points: 700 m. Beyond it coordinates are no longer exact, and no writer means it (ISO 32000-1 knows 14,400, annex C).
_FARTHEST = 2_000_000.0
_MILLION = 1_000_000.0
# Pages that are worked on together: enough to spread numpy's overhead, few enough to keep memory small; and fewer where they
# hold more than so many characters and objects.
STRIP, LARGE = 24, 100_000

# A handle that comes back as ``_HANDLE`` is a number, 0 for none, which goes into numpy as it is; as a ``_POINTER`` it would be
# None.
_POINTER, _HANDLE, _INT = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int


def _bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The function as one that takes plain integers for handles and addresses (pypdfium2's own wants typed pointers)."""
    address = ctypes.cast(getattr(raw, name), _POINTER).value
    if address is None:
        raise ImportError(f"pdfium has no function {name}")
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


char_box = _bind("FPDFText_GetLooseCharBox", _INT, _POINTER, _INT, _POINTER)
char_origin = _bind("FPDFText_GetCharOrigin", _INT, _POINTER, _INT, _POINTER, _POINTER)
char_object = _bind("FPDFText_GetTextObject", _HANDLE, _POINTER, _INT)
char_code = _bind("FPDFText_GetUnicode", ctypes.c_uint, _POINTER, _INT)
char_generated = _bind("FPDFText_IsGenerated", _INT, _POINTER, _INT)
char_unmapped = _bind("FPDFText_HasUnicodeMapError", _INT, _POINTER, _INT)
char_matrix = _bind("FPDFText_GetMatrix", _INT, _POINTER, _INT, _POINTER)
char_size = _bind("FPDFText_GetFontSize", ctypes.c_double, _POINTER, _INT)
char_fill = _bind("FPDFText_GetFillColor", _INT, _POINTER, _INT, _POINTER, _POINTER, _POINTER, _POINTER)
text_font = _bind("FPDFTextObj_GetFont", _HANDLE, _POINTER)
text_mode = _bind("FPDFTextObj_GetTextRenderMode", _INT, _POINTER)
text_bytes = _bind("FPDFText_GetText", _INT, _POINTER, _INT, _INT, _POINTER)

object_type = _bind("FPDFPageObj_GetType", _INT, _POINTER)
object_bounds = _bind("FPDFPageObj_GetBounds", _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)
object_matrix = _bind("FPDFPageObj_GetMatrix", _INT, _POINTER, _POINTER)
object_clip = _bind("FPDFPageObj_GetClipPath", _HANDLE, _POINTER)
fill_color = _bind("FPDFPageObj_GetFillColor", _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)
stroke_color = _bind("FPDFPageObj_GetStrokeColor", _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)
stroke_width = _bind("FPDFPageObj_GetStrokeWidth", _INT, _POINTER, _POINTER)
page_object = _bind("FPDFPage_GetObject", _POINTER, _POINTER, _INT)
form_object = _bind("FPDFFormObj_GetObject", _POINTER, _POINTER, ctypes.c_ulong)
form_count = _bind("FPDFFormObj_CountObjects", _INT, _POINTER)
image_size = _bind("FPDFImageObj_GetImagePixelSize", _INT, _POINTER, _POINTER, _POINTER)
path_draw_mode = _bind("FPDFPath_GetDrawMode", _INT, _POINTER, _POINTER, _POINTER)
path_count = _bind("FPDFPath_CountSegments", _INT, _POINTER)
path_segment = _bind("FPDFPath_GetPathSegment", _POINTER, _POINTER, _INT)
segment_point = _bind("FPDFPathSegment_GetPoint", _INT, _POINTER, _POINTER, _POINTER)
segment_type = _bind("FPDFPathSegment_GetType", _INT, _POINTER)
segment_close = _bind("FPDFPathSegment_GetClose", _INT, _POINTER)
clip_count = _bind("FPDFClipPath_CountPaths", _INT, _POINTER)
clip_segments = _bind("FPDFClipPath_CountPathSegments", _INT, _POINTER, _INT)
clip_segment = _bind("FPDFClipPath_GetPathSegment", _POINTER, _POINTER, _INT, _INT)


def fill_rows(call: Callable[..., Any], handles: Any, indexes: Any, rows: npt.NDArray[Any], columns: int) -> None:
    """Call ``call(handle, index?, address of row[0], …)`` for every row of ``rows``; each column is one out-parameter.

    ``columns`` is how many addresses the function takes (1 = it writes the whole row); ``indexes`` None leaves the index out.
    """
    if not len(rows):
        return
    base, step, item = rows.ctypes.data, rows.strides[0], rows.itemsize
    end = base + step * len(rows)
    addresses = [range(base + item * c, end + item * c, step) for c in range(columns)]
    front = [handles] if indexes is None else [handles, indexes]
    deque(map(call, *front, *addresses), maxlen=0)


def address(handle: Any) -> int:
    """A pypdfium2 handle as a plain integer."""
    value = ctypes.cast(handle, _POINTER).value
    if not value:
        raise SourceError("pdfium returned no handle")
    return value


@contextmanager
def open_document(path: Path, password: str | None) -> Iterator[pypdfium2.PdfDocument]:
    """The document, closed at the end; raises PasswordError or SourceError with a message for the user."""
    try:
        document = pypdfium2.PdfDocument(path, password=password)
    except pypdfium2.PdfiumError as error:
        # pdfium sees no fault in a file whose catalog leads to no page, and then tells the fault of the file before.
        if _opens(path, password):
            raise SourceError(f"{path.name}: has no page that can be read; fetch it again") from None
        if "password" in str(error).lower():
            wrong = "the password is wrong" if password else "it is encrypted"
            raise PasswordError(f"{path.name}: {wrong}; give the right one with --password") from None
        raise SourceError(f"{path.name}: pdfium cannot read it as a PDF ({error}); get the file again or repair it") from None
    try:
        yield document
    finally:
        document.close()


def _opens(path: Path, password: str | None) -> bool:
    """Whether pdfium itself takes a file; pypdfium2 does not where it has no page."""
    opened = raw.FPDF_LoadDocument(os.fsencode(path), password.encode() if password else None)
    if opened:
        raw.FPDF_CloseDocument(opened)
    return bool(opened)


@contextmanager
def open_page(document: pypdfium2.PdfDocument, index: int, name: str) -> Iterator[tuple[int, int]]:
    """Handles of page ``index`` (0-based) and of its text page, as integers, closed at the end; raises SourceError."""
    page = raw.FPDF_LoadPage(document.raw, index)
    if not page:
        raise SourceError(f"{name}: page {index + 1} is damaged; pdfium cannot load it")
    text = raw.FPDFText_LoadPage(page)
    try:
        if not text:
            raise SourceError(f"{name}: page {index + 1}: pdfium cannot read its text")
        if not max(map(abs, page_frame(address(page))[0])) < _FARTHEST:
            raise SourceError(f"{name}: page {index + 1} is larger than any sheet of paper; print it into a new PDF")
        yield address(page), address(text)
    finally:
        if text:
            raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(page)


@contextmanager
def open_pages(document: pypdfium2.PdfDocument, indexes: Sequence[int], name: str) -> Iterator[list[tuple[int, int]]]:
    """The handles of the first of these pages (0-based) and of their text pages, as many as are well held open together; closed
    at the end. Raises SourceError."""
    with ExitStack() as stack:
        handles: list[tuple[int, int]] = []
        size = 0
        for index in indexes[:STRIP]:
            page, text = stack.enter_context(open_page(document, index, name))
            handles.append((page, text))
            with limits.naming(name, index + 1):
                size += count_chars(text) + _count_objects(page)
            if size > LARGE:
                break
        yield handles


def check_images(handles: list[int]) -> None:
    """Raises limits.TooMuch for an image of more pixels than any scan has: whoever draws the page would fill the memory."""
    sizes = np.zeros((len(handles), 2), np.uint32)
    fill_rows(image_size, handles, None, sizes, 2)
    largest = float((sizes[:, 0].astype(float) * sizes[:, 1]).max(initial=0.0))
    limits.check("image", largest / _MILLION, "million pixels in an image")


def page_frame(page: int) -> tuple[tuple[float, float, float, float], int]:
    """The visible box (x0, y0, x1, y1) in the file's own coordinates, and the quarter turns clockwise that a viewer makes."""
    box = raw.FS_RECTF()
    handle = ctypes.cast(page, raw.FPDF_PAGE)
    raw.FPDF_GetPageBoundingBox(handle, box)
    return (box.left, box.bottom, box.right, box.top), int(raw.FPDFPage_GetRotation(handle)) % 4


def objects(page: int) -> list[int]:
    """Handles of all page objects that stand directly on the page."""
    return list(map(page_object, repeat(page), range(_count_objects(page))))


def _count_objects(page: int) -> int:
    n = max(0, int(raw.FPDFPage_CountObjects(ctypes.cast(page, raw.FPDF_PAGE))))
    limits.check("objects", n, "objects")
    return n


def count_chars(text_page: int) -> int:
    """How many characters the text page has; pdfium says -1 for a broken one."""
    n = max(0, int(raw.FPDFText_CountChars(ctypes.cast(text_page, raw.FPDF_TEXTPAGE))))
    limits.check("objects", n, "characters")
    return n


def clipped(handles: list[int]) -> list[int]:
    """Indexes of the objects that have a clip which cuts them."""
    clips = list(map(object_clip, handles))
    if 0 in clips:
        return [i for i, clip in enumerate(clips) if clip and clip_count(clip) > 0]
    return [i for i, n in enumerate(map(clip_count, clips)) if n > 0]


def clip_box(handle: int) -> tuple[float, float, float, float] | None:
    """The box that an object's clip leaves visible, in the coordinates of its content stream; None where nothing is cut.

    pdfium drops a rectangular clip that contains the whole object, so what is left really cuts.
    """
    clip = object_clip(handle)
    paths = clip_count(clip) if clip else 0
    boxes = [_clip_path_box(clip, k) for k in range(max(0, paths))]
    found = [b for b in boxes if b is not None]
    if not found:
        return None
    array = np.array(found)
    return (float(array[:, 0].max()), float(array[:, 1].max()), float(array[:, 2].min()), float(array[:, 3].min()))


def _clip_path_box(clip: int, index: int) -> tuple[float, float, float, float] | None:
    n = clip_segments(clip, index)
    if n <= 0:
        return None
    points = np.zeros((n, 2), np.float32)
    fill_rows(segment_point, [clip_segment(clip, index, s) for s in range(n)], None, points, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
