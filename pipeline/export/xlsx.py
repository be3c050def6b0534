"""A workbook for people: Chinese headings that stay in sight, filters, and doubtful cells in colour with the reason as a comment.

Texts are written as texts, with the prefix mark that Excel sets for an apostrophe, so that what looks like a formula is none,
not even after the cell was opened for editing. The value itself is not changed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import xlsxwriter

from pipeline.errors import OutputError
from pipeline.export.feed import Column, Feed, clean
from pipeline.export.issues_csv import HEADER as ISSUES
from pipeline.export.people import reasons, runs, shown
from pipeline.model import Record

# What Excel can hold (Microsoft: Excel specifications and limits).
LONGEST = 32_767
MOST_ROWS = 1_048_576
CUT = "…（过长，全文见 items.json）"
DOUBT_COLOUR = "#FFE699"
_WIDTHS = {"integer": 7, "number": 9, "boolean": 9, "list": 36, "string": 20}
_BASE = {"valign": "top", "text_wrap": True}


def data(feed: Feed, merged: bool = False) -> bytes:
    """The file, with the sheets 目录 (the rows), 存疑 (each doubted value), 问题 (issues) and 说明 (what it was made from).

    ``merged`` merges the cells that the source prints as one; a sheet with merged cells has no filter, which Excel would apply
    to the first row of each. A text that is too long for a cell is cut, and says so. Raises OutputError beyond the rows that a
    sheet can hold.
    """
    if len(feed.records) >= MOST_ROWS:
        raise OutputError(
            f"{feed.name}: {len(feed.records)} rows; a sheet of Excel holds {MOST_ROWS - 1}, so take another format"
        )
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        # A fixed date, so that equal rows give equal bytes.
        book.set_properties({"title": feed.title, "created": datetime(2000, 1, 1)})
        _items(_Sheet(book, "目录"), feed, merged)
        _listed(_Sheet(book, "存疑"), ("行号", "序号", "字段", "值", "原文", "原因"), list(_doubts(feed)))
        _listed(_Sheet(book, "问题"), ISSUES, [[clean(line[name]) for name in ISSUES] for line in feed.issues])
        _listed(_Sheet(book, "说明"), ("项目", "内容"), feed.facts)
    return out.getvalue()


class _Sheet:
    """A sheet whose texts are never formulas; formats are made once."""

    def __init__(self, book: Any, name: str) -> None:
        self.sheet = book.add_worksheet(name)
        self._book = book
        self._formats: dict[tuple[bool, bool, bool], Any] = {}

    def write(self, row: int, column: int, value: Any, *, head: bool = False, doubted: bool = False) -> None:
        """One cell; ``value`` is a whole number or something to show as a text."""
        if isinstance(value, int) and not isinstance(value, bool):
            self.sheet.write_number(row, column, value, self.format("", head, doubted))
        elif text := fitted(shown(value)):
            self.sheet.write_string(row, column, text, self.format(text, head, doubted))
        else:
            self.sheet.write_blank(row, column, None, self.format("", head, doubted))

    def merge(self, first: int, last: int, column: int, value: Any, doubted: bool) -> None:
        """The cells of some rows as one."""
        text = fitted(shown(value))
        self.sheet.merge_range(first, column, last, column, "", self.format(text, False, doubted))
        self.write(first, column, value, doubted=doubted)

    def format(self, text: str, head: bool, doubted: bool) -> Any:
        key = (runs(text), head, doubted)
        if key not in self._formats:
            head_look = {"bold": True, "bg_color": "#D9E1F2", "border": 1, "valign": "vcenter"} if head else {}
            doubt_look = {"bg_color": DOUBT_COLOUR} if doubted else {}
            prefixed = {"quote_prefix": True} if key[0] else {}
            self._formats[key] = self._book.add_format(_BASE | head_look | doubt_look | prefixed)
        return self._formats[key]


def fitted(text: str) -> str:
    """The text as a cell can hold it."""
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


def _items(sheet: _Sheet, feed: Feed, merged: bool) -> None:
    rows = feed.rows
    for number, column in enumerate(feed.columns):
        sheet.write(0, number, column.title, head=True)
        sheet.sheet.set_column(number, number, _WIDTHS[column.kind])
        for first, last in _blocks(feed.records, column) if merged else ((i, i) for i in range(len(rows))):
            value, doubt = rows[first][column.name], _doubt(feed.records[first], column.name)
            if first == last:
                sheet.write(first + 1, number, value, doubted=bool(doubt))
            else:
                sheet.merge(first + 1, last + 1, number, value, bool(doubt))
            if doubt:
                _comment(sheet, first + 1, number, feed.records[first], column.name)
    names = [column.name for column in feed.columns]
    kept = max((names.index(name) + 1 for name in feed.key), default=1)
    sheet.sheet.freeze_panes(1, kept)
    if not merged:
        sheet.sheet.autofilter(0, 0, max(len(rows), 1), len(names) - 1)
    _for_print(sheet)


def _blocks(records: Sequence[Record], column: Column) -> Iterator[tuple[int, int]]:
    """Rows (first, last; 0-based) that one printed cell gave its value."""

    def source(index: int) -> object:
        value = records[index].values.get(column.name)
        alone = value is None or not value.places or column.name in ("row", "seq") or column.kind == "boolean"
        return index if alone else (value.places, value.doubt, shown(records[index].fields.get(column.name)))  # type: ignore[union-attr]

    for _, same in groupby(range(len(records)), key=source):
        block = list(same)
        yield block[0], block[-1]


def _doubt(record: Record, name: str) -> str:
    value = record.values.get(name)
    return value.doubt if value else ""


def _comment(sheet: _Sheet, row: int, column: int, record: Record, name: str) -> None:
    value = record.values[name]
    text = f"存疑：{reasons(value.doubt)}" + (f"\n原文：{clean(value.printed)}" if value.printed.strip() else "")
    sheet.sheet.write_comment(row, column, fitted(text), {"x_scale": 2, "author": "catalog"})


def _doubts(feed: Feed) -> Iterator[list[Any]]:
    for record in feed.records:
        for column in feed.columns:
            if doubt := _doubt(record, column.name):
                value, printed = clean(record.fields.get(column.name)), clean(record.values[column.name].printed)
                yield [record.row, record.seq, column.title, value, printed, reasons(doubt)]


def _listed(sheet: _Sheet, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    for line, cells in enumerate([header, *rows]):
        for number, value in enumerate(cells):
            sheet.write(line, number, value, head=line == 0)
    sheet.sheet.set_column(0, len(header) - 1, 24)
    sheet.sheet.freeze_panes(1, 0)
    sheet.sheet.autofilter(0, 0, max(len(rows), 1), len(header) - 1)


def _for_print(sheet: _Sheet) -> None:
    """On paper: lying, as wide as one page, with the headings on each."""
    sheet.sheet.set_landscape()
    sheet.sheet.set_paper(8)
    sheet.sheet.fit_to_pages(1, 0)
    sheet.sheet.repeat_rows(0)
