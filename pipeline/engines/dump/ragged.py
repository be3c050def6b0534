"""Rows of any length → a ``PageTable`` that tiles."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline import limits
from pipeline.model import Cell, GlyphAccount, Page, PageTable, Place, TextLine
from pipeline.text import squash

# A byte that could not be read stands in the text as U+FFFD; what stood there is not known.
_UNREADABLE = "\ufffd"


def glyphs(text: str) -> int:
    """How many glyphs a text prints, white space and zero-width characters aside."""
    return len(squash(text))


def doubt_of(text: str) -> str:
    """``encoding`` where the text holds a character that could not be read."""
    return "encoding" if _UNREADABLE in text else ""


def check_size(rows: int, columns: int) -> None:
    """Raises limits.TooMuch for a table that is no table: a mistaken span or a bomb."""
    limits.check("columns", columns, "columns in a table")
    limits.check("objects", rows * columns, "slots in a table")


def table_of_rows(page: int, rows: Sequence[tuple[int, Sequence[str]]]) -> PageTable:
    """Rows of (line of the file, cell texts) as a table; short rows end in empty cells whose place has no column."""
    width = max(len(texts) for _, texts in rows)
    check_size(len(rows), width)
    cells = [
        Cell(r, c, 1, 1, text, Place(page, line=line, column=column), doubt=doubt_of(text))
        for r, (line, texts) in enumerate(rows)
        for c, (text, column) in enumerate(_padded(texts, width))
    ]
    return PageTable(page, None, len(rows), width, tuple(cells))


def _padded(texts: Sequence[str], width: int) -> list[tuple[str, int | None]]:
    printed: list[tuple[str, int | None]] = [(text, column) for column, text in enumerate(texts, 1)]
    return printed + [("", None)] * (width - len(printed))


def page_of(
    number: int, table: PageTable | None, outside: Sequence[tuple[int, str]], printed: int, dropped: dict[str, int]
) -> Page:
    """A page with its table, the lines (line of the file, text) around it and the glyph account.

    ``printed`` is counted by the reader while it reads, the other side of the account here from what was kept.
    """
    lines = tuple(TextLine(text, Place(number, line=line)) for line, text in outside if glyphs(text))
    account = GlyphAccount(
        printed=printed,
        in_cells=sum(glyphs(cell.text) for cell in table.cells) if table else 0,
        outside=sum(glyphs(line.text) for line in lines),
        dropped=tuple(sorted((reason, count) for reason, count in dropped.items() if count)),
    )
    return Page(number, 0.0, 0.0, (table,) if table else (), lines, account)
