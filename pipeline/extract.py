"""Source → ``Document``: chooses the engine, lets it read, and puts coordinates into the form in which they are kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline import engines
from pipeline.engines.base import Progress, check_file, reading
from pipeline.engines.scans import scanned_pages
from pipeline.errors import MissingExtraError
from pipeline.model import BBox, Cell, Document, Issue, Page, PageTable, Place
from pipeline.text import squash

# What stands for a character that nobody knows; the share of them from which a page is better read from its picture, and the
# least text of such pages that is worth it.
_UNKNOWN, _MOST, _LEAST = "\ufffd", 0.5, 50


def extract(
    path: Path,
    engine: str | None = None,
    pages: frozenset[int] | None = None,
    password: str | None = None,
    progress: Progress | None = None,
) -> Document:
    """What an engine sees in a source: the named engine, or the one that its kind of file asks for.

    ``pages`` are page numbers from 1 (None = all), ``progress`` is called with pages done and pages in all. Raises
    SourceError (PasswordError, NoTableError) with a message that names the file.
    """
    check_file(path)
    reader = engines.get(engine or engines.choose(path))
    with reading(path, f"engine {reader.name}"):
        document = reader.read(path, pages=pages, password=password, progress=progress)
    if engine is None and path.suffix.lower() == ".pdf":
        document, scanned = _with_scans(document, path, password, progress)
        if scanned:
            return document
    # Copying every cell takes as long as the fast engine takes to read it.
    if getattr(reader, "rounds", False):
        return document
    return replace(document, pages=tuple(_page_in_hundredths(page) for page in document.pages))


def _with_scans(
    document: Document, path: Path, password: str | None, progress: Progress | None
) -> tuple[Document, frozenset[int]]:
    """The document with the pages that only a picture tells read by the engine for scans, and the numbers of those pages.

    They are pictures, those with text beside them where a table is found in them, or pages whose file does not say which
    characters most of their text is. Without the extra that this needs: an error for each such page where other pages have
    tables, else MissingExtraError.
    """
    blank = [page.number for page in document.pages if not _has_table(page)]
    untold = _untold_pages(document)
    with reading(path, "pdfium"):
        pictured = scanned_pages(path, blank, password)
    scans = pictured.scans | pictured.text | untold
    if not scans:
        return document, scans
    try:
        read = engines.get("ocr").read(path, pages=scans, password=password, progress=progress)
    except MissingExtraError as error:
        if len(untold.union(blank)) == len(document.pages):
            raise MissingExtraError(f"{path.name}: {error}") from error
        pages = tuple(
            _unread(page, str(error), page.number in pictured.text) if page.number in scans else page for page in document.pages
        )
        return replace(document, pages=pages), scans
    found = [page for page in read.pages if page.number not in pictured.text or _has_table(page)]
    scans = frozenset(page.number for page in found)
    if not scans:
        return document, scans
    drawn = (_told_by_its_picture(page) if page.number in untold else page for page in found)
    by_number = {page.number: page for page in (*document.pages, *drawn)}
    names = (document.engine, read.engine) if len(scans) < len(document.pages) else (read.engine,)
    return replace(document, engine=" + ".join(names), pages=tuple(by_number[n] for n in sorted(by_number))), scans


def _has_table(page: Page) -> bool:
    return any(cell.text for table in page.tables for cell in table.cells)


def _unread(page: Page, why: str, has_text: bool) -> Page:
    """The page with the issue that its picture was not read; one with text of its own (a cover) may hold no table at all."""
    what = "has a picture which" if has_text else "is a picture and"
    text = f"page {page.number}: {what} was not read: {why}"
    issue = Issue("not_read", "warning" if has_text else "error", text, place=Place(page.number))
    return replace(page, issues=(*page.issues, issue))


def _untold_pages(document: Document) -> frozenset[int]:
    """The pages of which the file does not say which characters most of the text of the tables is (fonts without ToUnicode).

    None where there is little text in all: a chart has axes that look like a table, and takes as long as a page of text.
    """
    texts = {page.number: _cell_text(page) for page in document.pages if any(i.code == "unreadable" for i in page.issues)}
    untold = {number: text for number, text in texts.items() if text.count(_UNKNOWN) > _MOST * len(text)}
    return frozenset(untold) if sum(map(len, untold.values())) >= _LEAST else frozenset()


def _cell_text(page: Page) -> str:
    return squash("".join(cell.text for table in page.tables for cell in table.cells))


def _told_by_its_picture(page: Page) -> Page:
    text = f"page {page.number}: its file does not say which characters most of its text is, so it was read from its picture"
    return replace(page, issues=(*page.issues, Issue("untold", "warning", text, place=Place(page.number))))


def _page_in_hundredths(page: Page) -> Page:
    """The page with coordinates in 1/100 pt: what ``tables.json`` holds is what the next room gets, on every machine."""
    return replace(
        page,
        width=round(page.width, 2),
        height=round(page.height, 2),
        tables=tuple(_table_in_hundredths(table) for table in page.tables),
        outside=tuple(replace(line, place=_place_in_hundredths(line.place)) for line in page.outside),
        issues=tuple(replace(issue, place=issue.place and _place_in_hundredths(issue.place)) for issue in page.issues),
    )


def _table_in_hundredths(table: PageTable) -> PageTable:
    bbox = table.bbox and _bbox_in_hundredths(table.bbox)
    return replace(table, bbox=bbox, cells=tuple(_cell_in_hundredths(cell) for cell in table.cells))


def _cell_in_hundredths(cell: Cell) -> Cell:
    return replace(cell, place=_place_in_hundredths(cell.place)) if cell.place.bbox else cell


def _place_in_hundredths(place: Place) -> Place:
    return replace(place, bbox=_bbox_in_hundredths(place.bbox)) if place.bbox else place


def _bbox_in_hundredths(bbox: BBox) -> BBox:
    return BBox(*(round(float(edge), 2) for edge in (bbox.x0, bbox.top, bbox.x1, bbox.bottom)))
