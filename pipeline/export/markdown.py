"""A GitHub-flavoured Markdown table to read: what is doubtful has a mark, and the reasons stand below the table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.export.feed import Column, Feed, clean
from pipeline.export.people import reasons, shown

MARK = "⚠"
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&$!])")


def data(feed: Feed) -> bytes:
    """The file. Columns in which no row holds anything are named below the table instead of standing empty in it."""
    rows = feed.rows
    filled = [column for column in feed.columns if any(row[column.name] not in (None, []) for row in rows)]
    empty = [escaped(column.title) for column in feed.columns if column not in filled]
    lines = [f"# {escaped(feed.title)}", "", *_table(feed, filled), ""]
    if empty:
        lines += [f"无内容的栏目：{'、'.join(empty)}", ""]
    doubts = list(_doubts(feed))
    if doubts:
        lines += [f"## 存疑（{MARK}）", "", *doubts, ""]
    return "\n".join(lines).encode()


def escaped(text: str) -> str:
    """A text that Markdown shows as it is, in one line."""
    return re.sub(r"\s*[\r\n]+\s*", " ", _SIGNS.sub(r"\\\1", text)).strip()


def _table(feed: Feed, columns: list[Column]) -> Iterator[str]:
    yield _line(escaped(column.title) for column in columns)
    yield _line("---" for _ in columns)
    for record, row in zip(feed.records, feed.rows, strict=True):
        doubted = {name for name, value in record.values.items() if value.doubt}
        yield _line(escaped(shown(row[c.name])) + f" {MARK}" * (c.name in doubted) for c in columns)


def _doubts(feed: Feed) -> Iterator[str]:
    for record in feed.records:
        for column in feed.columns:
            value = record.values.get(column.name)
            if value is not None and value.doubt:
                printed = f"，原文“{escaped(clean(value.printed))}”" if value.printed.strip() else ""
                yield f"- 第 {record.row} 行，{escaped(column.title)}{printed}：{escaped(reasons(value.doubt))}"


def _line(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"
