"""How values are written in text formats."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.model import Place, Record

LIST_SEPARATOR = "；"


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV file: one header line, ``\\n`` line ends, quotes where they are needed (RFC 4180 otherwise)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if type(value) is str else plain(value)
    # A lone carriage return is not quoted before Python 3.13, and breaks the line for whoever reads it back.
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def plain(value: Any) -> str:
    """A value as text: nothing for None, ``true`` / ``false``, lists joined by ``；``, numbers with at most 2 decimals."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Most are edges of boxes on whole or tenths of points, which Python writes as they are wanted.
        text = repr(round(value, 2) + 0.0)
        return text.removesuffix(".0") if "e" not in text else f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, (list, tuple)):
        return LIST_SEPARATOR.join(plain(item) for item in value)
    return str(value)


def encoded(text: str) -> bytes:
    """UTF-8. A code point that UTF-8 cannot hold (half a surrogate pair from a broken font) is written as ``\\ud800``."""
    return text.encode("utf-8", errors="backslashreplace")


def columns(records: Iterable[Record]) -> tuple[str, ...]:
    """The fields of all records; one that only some tables have stands where those tables have it."""
    merged: list[str] = []
    for fields in dict.fromkeys(tuple(record.fields) for record in records):
        position = 0
        for name in fields:
            if name in merged:
                position = merged.index(name) + 1
            else:
                merged.insert(position, name)
                position += 1
    return tuple(merged)


PLACE_COLUMNS = ("page", "x0", "top", "x1", "bottom")


def place_cells(place: Place | None) -> tuple[int | float | None, ...]:
    """The values of ``PLACE_COLUMNS``. In a dump ``page`` is the block, ``top`` the line and ``x0`` the column."""
    if place is None:
        return (None,) * len(PLACE_COLUMNS)
    if place.bbox is None:
        return place.page, place.column, place.line, None, None
    return place.page, place.bbox.x0, place.bbox.top, place.bbox.x1, place.bbox.bottom
