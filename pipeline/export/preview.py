"""A catalog at a glance, as HTML for a notebook: the first rows, and every doubt. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from pipeline.export.text import plain
from pipeline.model import Record

ROWS = 8
DOUBTS = 12


def html(name: str, summary: str, columns: Iterable[str], records: Sequence[Record], doubts: Sequence[tuple[Record, str]]) -> str:
    """A heading, a short table of rows (their numbers and ``columns``) and one of (row, field, value, printed, doubt)."""
    shown = ["row", *(column for column in columns if any(column in record.fields for record in records))]
    rows = [[plain(record.fields.get(column)) for column in shown] for record in records[:ROWS]]
    parts = [f"<p><b>{escape(name)}</b>: {escape(summary)}</p>", _table(shown, rows), _rest(len(records), ROWS, "rows")]
    if doubts:
        parts.append(_table(("row", "field", "value", "printed", "doubt"), map(_doubt, doubts[:DOUBTS])))
        parts.append(_rest(len(doubts), DOUBTS, "values in doubt"))
    return "".join(parts)


def _doubt(doubted: tuple[Record, str]) -> list[str]:
    record, field = doubted
    value = record.values[field]
    return [str(record.row), field, plain(record.fields.get(field)), value.printed, value.doubt]


def _table(header: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _rest(total: int, shown: int, what: str) -> str:
    return f"<p>… {total - shown} more {what}</p>" if total > shown else ""
