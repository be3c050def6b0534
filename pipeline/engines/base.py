"""What every engine promises, and the checks that all of them make before they read.

A failed check raises a ``SourceError`` whose message is one line: the file, what was expected, what to do.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline import limits
from pipeline.errors import CatalogError, PasswordError, SourceError
from pipeline.model import Document

Progress = Callable[[int, int], None]

# ISO 32000-1, annex H.3 note 13: readers accept the header anywhere in the first 1024 bytes.
_HEADER, _HEADER_WITHIN = b"%PDF-", 1024
# What is looked at for the number of objects: the trailer with all that writers put behind it.
_TAIL = 4096
# FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY of fpdfview.h.
_PDFIUM_PASSWORD, _PDFIUM_SECURITY = 4, 5
# A range beyond this is a slip of the keyboard; writing it out as a set would only fill the memory.
_LAST_PAGE = 1_000_000


class Engine(Protocol):
    """Reads a source into a ``Document``: where the cells are and what they hold, nothing about meaning."""

    @property
    def name(self) -> str: ...

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    @property
    def describe(self) -> str: ...

    def read(
        self,
        path: Path,
        *,
        pages: frozenset[int] | None = None,
        password: str | None = None,
        progress: Progress | None = None,
    ) -> Document:
        """The pages (1-based; None = all) of a source; calls ``progress(done, total)`` after each. Raises SourceError.

        An engine whose other threads open the first page calls it before, with 0 done: there is time for something else.
        """
        ...


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """A PDF that can be opened: its digest and the width and height (points) of each page as a reader sees it."""

    sha256: str
    sizes: tuple[tuple[float, float], ...]


def check_file(path: Path) -> None:
    """Raises SourceError unless ``path`` is a file with something in it, and a PDF where its name says so.

    Only its head is read: what is no PDF is refused before anything is made of its bytes, be they gigabytes.
    """
    if path.is_dir():
        raise SourceError(f"{path}: is a folder, expected a file; name the source inside it")
    if not path.exists():
        raise SourceError(f"{path}: no such file; check the path")
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_WITHIN)
    except OSError as error:
        raise SourceError(f"{path}: cannot be opened ({error.strerror}); check who may read it") from error
    if not head:
        raise SourceError(f"{path.name}: the file is empty; fetch it again")
    if path.suffix.lower() == ".pdf" and _HEADER not in head:
        raise SourceError(f"{path.name}: not a PDF (no %PDF- at its head); a text dump needs a name that ends in .txt")


def check_pdf(path: Path, password: str | None = None) -> PdfFacts:
    """What there is to know before reading a PDF; raises SourceError or PasswordError where it cannot be opened."""
    check_file(path)
    with limits.naming(path.name):
        check_claims(path)
    return PdfFacts(digest(path), _page_sizes(path, password))


def check_claims(path: Path) -> None:
    """Raises limits.TooMuch where a PDF says that it has more objects than it may: a table of them would fill the memory.

    The number stands in the trailer, at the end of the file, and where the cross-reference begins (ISO 32000-1, 7.5.5, 7.5.8).
    """
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - _TAIL))
        said = file.read(_TAIL)
        if found := re.findall(rb"startxref\s+(\d{1,18})", said):
            file.seek(min(int(found[-1]), end))
            said += b"\n" + file.read(_TAIL)
    claimed = re.findall(rb"/Size\s+(\d{1,18})|xref\s+\d+\s+(\d{1,18})\s", said)
    limits.check("objects", max((int(size or entries) for size, entries in claimed), default=0), "objects")


def digest(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pdfium_error(path: Path, code: int | None, password: str | None) -> SourceError:
    """The error for a file that pdfium cannot load; ``code`` is its FPDF_ERR number."""
    if code == _PDFIUM_PASSWORD and password is None:
        return PasswordError(f"{path.name}: is encrypted; give its password with --password")
    if code == _PDFIUM_PASSWORD:
        return PasswordError(f"{path.name}: the password is wrong; give the right one with --password")
    if code == _PDFIUM_SECURITY:
        return SourceError(f"{path.name}: is encrypted in a way that is not supported; save it without encryption")
    return SourceError(f"{path.name}: is damaged, no page can be read; fetch it again or print it into a new PDF")


def parse_pages(text: str) -> frozenset[int]:
    """Page numbers from a list such as ``1-3,7``; raises CatalogError where it is no such list."""
    numbers: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?", part)
        if not match:
            raise CatalogError(f"pages {text!r}: {part.strip()!r} is no page; write numbers and ranges, such as 1-3,7")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last:
            raise CatalogError(f"pages {text!r}: {part.strip()!r} counts from no page; the first page is 1, ranges run upward")
        if last > _LAST_PAGE:
            raise CatalogError(f"pages {text!r}: {last} is more pages than any source has")
        numbers.update(range(first, last + 1))
    return frozenset(numbers)


def choose_pages(pages: frozenset[int] | None, count: int, path: Path) -> list[int]:
    """The page numbers to read, in order; raises SourceError where one is beyond the end."""
    if count == 0:
        raise SourceError(f"{path.name}: has no pages; fetch it again")
    with limits.naming(path.name):
        limits.check("pages", count if pages is None else len(pages), "pages")
    if pages is None:
        return list(range(1, count + 1))
    beyond = sorted(p for p in pages if not 1 <= p <= count)
    if beyond:
        raise SourceError(f"{path.name}: there is no page {_listed(beyond)}; it has {count} page{'s' * (count > 1)}")
    return sorted(pages)


def crop_offset(media: Sequence[float], crop: Sequence[float], rotate: int) -> tuple[float, float]:
    """How far the visible page lies right of and below the top-left corner of the turned media box, in points.

    ``media`` and ``crop`` are (x0, y0, x1, y1) in PDF user space, ``rotate`` is the page's /Rotate (clockwise).
    """
    left, bottom = max(crop[0] - media[0], 0.0), max(crop[1] - media[1], 0.0)
    right, top = max(media[2] - crop[2], 0.0), max(media[3] - crop[3], 0.0)
    corners = ((left, top), (bottom, left), (right, bottom), (top, right))
    return corners[rotate // 90 % 4]


@contextmanager
def reading(path: Path, library: str, page: int | None = None) -> Iterator[None]:
    """Turns whatever a library raises into a SourceError that names the file and the page."""
    try:
        yield
    except CatalogError:
        raise
    # The libraries raise KeyError, TypeError, RecursionError, assert … on damaged files: there is no closed list of them.
    except MemoryError:
        raise  # what runs out of memory is no fault of the file alone; whoever set the limit tells it
    except Exception as error:
        raise _library_error(path, library, page, error) from error


@contextmanager
def quiet(*loggers: str) -> Iterator[None]:
    """Keeps a library's warnings about fonts and syntax off the terminal; its errors still show."""
    levels = {name: logging.getLogger(name).level for name in loggers}
    for name in loggers:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def versioned(name: str, distribution: str) -> str:
    """An engine's name with the version of the library it stands on, e.g. ``pdfplumber 0.11.10``."""
    # Looking a version up brings in the mail parser and what that needs; the fast engine never asks.
    from importlib.metadata import version

    return f"{name} {version(distribution)}"


def _page_sizes(path: Path, password: str | None) -> tuple[tuple[float, float], ...]:
    import pypdfium2  # here, so that listing the engines does not load it

    try:
        pdf = pypdfium2.PdfDocument(path, password=password)
    except pypdfium2.PdfiumError as error:
        raise pdfium_error(path, error.err_code, password) from error
    try:
        return tuple(pdf.get_page_size(i) for i in range(len(pdf)))
    except pypdfium2.PdfiumError as error:
        raise pdfium_error(path, None, password) from error
    finally:
        pdf.close()


def _library_error(path: Path, library: str, page: int | None, error: Exception) -> SourceError:
    where = f"page {page}" if page else "the file"
    chain = f"{error!r} {error.__cause__!r}"
    if "Password" in chain or "decrypted" in chain:
        return PasswordError(f"{path.name}: {library} cannot decrypt it; check --password, or take --engine lattice")
    if "ExtractionNotAllowed" in chain:
        return SourceError(f"{path.name}: forbids taking text out, and {library} obeys; take --engine lattice")
    said = " ".join(str(error).split())[:120] or type(error).__name__
    return SourceError(f"{path.name}: {library} cannot read {where} ({said}); take another --engine or fetch it again")


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:5]))
    return f"{shown} …" if len(numbers) > 5 else shown
