"""The engine for scans: what a picture of a page prints, each character with how sure its reading is.

The page is drawn at its own resolution, its paper evened, laid straight; rules are found by morphology and become a grid by the
same geometry as those of born-digital pages; cells are cut into lines, lines are read by the model in the rapidocr wheel.
Everything runs on this machine; no network is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from contextvars import copy_context
from importlib.util import find_spec
from pathlib import Path

import cv2
import pypdfium2

from pipeline import substitute
from pipeline.engines.base import Progress, check_pdf, choose_pages, digest, reading
from pipeline.engines.ocr.page import Opened, open_page, read_page
from pipeline.engines.ocr.raster import Floats
from pipeline.engines.ocr.recognise import load_model
from pipeline.model import Document, Page

# They are used after the first page was opened; that one is missing is reported before.
for name in ("onnxruntime", "rapidocr"):
    if find_spec(name) is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

NAME = "ocr"


def read(
    path: Path,
    *,
    pages: frozenset[int] | None = None,
    password: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """The ruled tables of scanned pages.

    ``pages`` are 1-based numbers (None = all), ``progress(done, total)`` is called when the first page is being opened, with 0,
    and after each page. Every cell has ``scores``. Raises SourceError or PasswordError where the file cannot be read, and
    SourceError where a page number is beyond its end.
    """
    facts = check_pdf(path, password)
    wanted = choose_pages(pages, len(facts.sizes), path)
    document = pypdfium2.PdfDocument(path, password=password)
    try:
        with _opencv_on_one_core(), substitute.drawing():
            read_pages = list(_pages(path, document, wanted, progress or (lambda done, total: None)))
    finally:
        document.close()
    return Document(path.name, digest(path), f"{NAME} (rapidocr {load_model().version})", tuple(read_pages))


@contextmanager
def _opencv_on_one_core() -> Iterator[None]:
    """OpenCV's own threads are left out while pages are read, and put back: they wait busily for pieces of work that are too
    small to share (an A3 page took a tenth more of both cores, and no less time), and the model needs the other core."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _pages(path: Path, document: pypdfium2.PdfDocument, wanted: Sequence[int], progress: Progress) -> Iterator[Page]:
    """The pages, read one by one; while one is read, a second thread (which alone calls pdfium) opens the next.

    While it opens the first, this thread has time: ``progress`` is told of it, and the model is loaded.
    """
    known: list[Floats] = []

    def opened(number: int, edges: Sequence[Floats]) -> Opened:
        with closing(document[number - 1]) as page:
            return open_page(page, number, edges)

    def ahead(number: int, edges: Sequence[Floats]) -> Future[Opened]:
        # The limits that hold in this thread hold in the other.
        return pool.submit(copy_context().run, opened, number, edges)

    with ThreadPoolExecutor(1) as pool:
        coming = ahead(wanted[0], known)
        progress(0, len(wanted))
        for done, number in enumerate(wanted, 1):
            following = wanted[done : done + 1]
            with reading(path, "engine ocr", number):
                load_model()
                page = coming.result()
                for after in following:
                    coming = ahead(after, [*known, *page.edges])
                read, as_read = read_page(page, known)
            if as_read is not page:
                # It had to be turned: its columns, by which the next page is laid out, are others.
                for after in following:
                    coming = ahead(after, [*known, *as_read.edges])
            known += as_read.edges
            yield read
            progress(done, len(wanted))
