"""The caption above a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.model import BBox, Page, TextLine
from pipeline.text import is_cjk, join_lines, squash

# Lines that stand above tables and are no captions: page numbers, attachment marks, units and dates.
_NO_TITLE = re.compile(r"^(附件\d*|附表\d*|第?\d+页?|[-—－\d\s/共页第]+|单位[:：].*|填报.*|\d{4}年.*日|更新.*)[:：]?$")

_ENDS_TITLE = re.compile(r"(?:目录|清单|表)(?:[（(][^（()）]*[)）])?$")

# How far apart (points) a line of two scanned pages may stand, how alike (rapidfuzz ratio) it is read, and its least length.
_APART, _ALIKE, _LEAST = 20.0, 80.0, 4

# The share of its height by which a line may stand below a table to which it belongs; notes stand further below.
_STRAIGHT = 0.5


def is_whole_title(title: str) -> bool:
    """Whether a caption certainly names a table of its own: it ends as catalogs are called, and is no continuation (续表)."""
    return _ENDS_TITLE.search(squash(title)) is not None and "续" not in title


def running_lines(pages: Sequence[Page]) -> frozenset[str]:
    """The lines outside tables (white space removed) that several pages print at one height: running heads and feet."""
    lines = [
        _Line(squash(line.text), line.place.bbox.top, page.number) for page in pages for line in page.outside if line.place.bbox
    ]
    counts = Counter((text, height) for text, height, _ in {(one.text, round(one.top / 4), one.page) for one in lines})
    scans = {page.number for page in pages if any(cell.scores for table in page.tables for cell in table.cells)}
    read = sorted((line for line in lines if line.page in scans and len(line.text) >= _LEAST), key=lambda line: line.top)
    return frozenset(text for (text, _), count in counts.items() if count > 1) | _running_in_scans(read)


class _Line(NamedTuple):
    text: str
    top: float
    page: int


def _running_in_scans(lines: Sequence[_Line]) -> set[str]:
    """Those of the lines of recognised pages, from above to below, that another page has, too, at nearly the same height.

    Each sheet lies in the scanner in its own way, and a character may be read as another; titles of two tables may differ in
    one character.
    """
    found: set[str] = set()
    for at, line in enumerate(lines):
        for other in lines[at + 1 :]:
            if other.top - line.top > _APART:
                break
            title = _ENDS_TITLE.search(line.text) or _ENDS_TITLE.search(other.text)
            alike = not title and fuzz.ratio(line.text, other.text) >= _ALIKE
            if line.page != other.page and (line.text == other.text or alike):
                found |= {line.text, other.text}
    return found


def page_heads(pages: Sequence[Page], running: frozenset[str]) -> frozenset[str]:
    """Those of the ``running`` lines that are no title, though they may end as one does: some page prints its own below them."""
    found: set[str] = set()
    for page in pages:
        lines = [(squash(line.text), line.place.bbox.top) for line in page.outside if line.place.bbox]
        titles = [top for text, top in lines if text not in running and _ENDS_TITLE.search(text) and _is_title(text)]
        found.update(text for text, top in lines if text in running and any(top < other for other in titles))
    return frozenset(found)


def title_below(page: Page, running: frozenset[str], before: str = "") -> str:
    """The caption that a page ends with, of a table that begins on the next page; "" where it ends otherwise.

    ``before`` is that of the page before: it still waits for its table where this page holds none, and nothing but what stands
    between the two (a date, a unit, a page number).
    """
    texts = [squash(line.text) for line in page.outside]
    if before and not page.tables and all(text in running or _NO_TITLE.match(text) for text in texts):
        return before
    floor = max((t.bbox.bottom for t in page.tables if t.bbox), default=0.0)
    lines = [line for line in page.outside if line.place.bbox and line.place.bbox.top >= floor - 3]
    found = _caption_of([line for line in lines if squash(line.text) not in running])
    return found if _ENDS_TITLE.search(found) else ""


def text_below(page: Page, position: int, running: frozenset[str]) -> bool:
    """Whether a page prints text straight below its ``position``-th table, and no table there: more than a running line, a page
    number or a caption."""
    table, later = page.tables[position], page.tables[position + 1 :]
    if table.bbox is None or any(squash(cell.text) for other in later for cell in other.cells):
        return False
    lines = [(squash(line.text), line.place.bbox) for line in page.outside if line.place.bbox]
    below = [
        text
        for text, box in lines
        if box.top >= table.bbox.bottom - 3 and box.x0 >= table.bbox.x0 - 3 and box.x1 <= table.bbox.x1 + 3
    ]
    return any(not (text in running or _NO_TITLE.match(text) or _ENDS_TITLE.search(text)) for text in below)


def title_above(page: Page, position: int, running: frozenset[str] = frozenset(), heads: frozenset[str] = frozenset()) -> str:
    """The caption of the ``position``-th table of a page: the lines between it and the table above, "" where there are none.

    A dump has no boxes: there the lines before the block's table count. Of ``running`` lines only a title is one,
    and none of the ``heads`` is.
    """
    lines = lines_above(page, position)
    kept = [line for line in lines if squash(line.text) not in running]
    return _caption_of(kept) or _caption_of(
        [line for line in lines if _ENDS_TITLE.search(squash(line.text)) and squash(line.text) not in heads]
    )


def lines_at_foot(page: Page, position: int, running: frozenset[str]) -> list[BBox]:
    """Where lines of text stand so straight below the ``position``-th table of a page that they are hardly below it."""
    box = page.tables[position].bbox
    lines = [(squash(line.text), line.place.bbox) for line in page.outside if line.place.bbox]
    return [
        at
        for text, at in lines
        if box
        and box.bottom - 3 <= at.top <= box.bottom + _STRAIGHT * (at.bottom - at.top)
        and any(map(is_cjk, text))
        and not (text in running or _NO_TITLE.match(text) or _ENDS_TITLE.search(text))
    ]


def lines_above(page: Page, position: int) -> list[TextLine]:
    """The lines between the ``position``-th table of a page and the table above; in a dump those before the block's table."""
    table = page.tables[position]
    if table.bbox is None:
        return [
            line for line in page.outside if line.place.line is None or _line(table.cells[0].place.line) > _line(line.place.line)
        ]
    top = table.bbox.top
    floor = max((t.bbox.bottom for t in page.tables[:position] if t.bbox and t.bbox.bottom <= top), default=0.0)
    return [
        line for line in page.outside if line.place.bbox and floor <= line.place.bbox.top and line.place.bbox.bottom <= top + 3
    ]


def _caption_of(lines: Sequence[TextLine]) -> str:
    return caption([line.text for line in lines], [line.place.bbox for line in lines])


def caption(lines: Sequence[str], boxes: Sequence[BBox | None] = ()) -> str:
    """The title that lines above a table print, "" where none of them is one; a title may stand on two lines.

    A line that ends as catalogs are called is the title, whatever else stands there (who made it, when). What stands above it
    begins it where their ``boxes``, if there are any, show one size of type and one place: a running head shows neither.
    """
    found = [(join_lines(text), box) for text, box in zip_longest(lines, boxes) if _is_title(text)]
    if not found:
        return ""
    whole = [n for n, (text, _) in enumerate(found) if _ENDS_TITLE.search(text)]
    at = whole[-1] if whole else len(found) - 1
    (before, upper), (title, lower) = found[at - 1] if at else ("", None), found[at]
    begins = bool(before) and not before.endswith(("目录", "清单", "表")) and _are_one(upper, lower)
    return before + title if begins else title


def _are_one(upper: BBox | None, lower: BBox | None) -> bool:
    """Whether two lines may be one title: of one height, and above each other."""
    if upper is None or lower is None:
        return True
    one, other = upper.bottom - upper.top, lower.bottom - lower.top
    shared = min(upper.x1, lower.x1) - max(upper.x0, lower.x0)
    return 0.8 * one < other < 1.25 * one and shared > 0.5 * min(upper.x1 - upper.x0, lower.x1 - lower.x0)


def _line(number: int | None) -> int:
    return number or 0


def _is_title(line: str) -> bool:
    text = squash(line)
    return sum(map(is_cjk, text)) >= 4 and not _NO_TITLE.match(text)
