"""CSV for a spreadsheet: a byte order mark (else Excel takes UTF-8 for the local code page), Chinese headings, no formulas."""

from __future__ import annotations

import csv
import io

from pipeline.export.feed import Feed
from pipeline.export.people import harmless, shown

BOM = "\ufeff"


def data(feed: Feed) -> bytes:
    """The file: RFC 4180 with ``\\r\\n``; a text that a spreadsheet would run as a formula has an apostrophe before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(column.title) for column in feed.columns])
    for row in feed.rows:
        writer.writerow([_cell(value) for value in row.values()])
    return (BOM + out.getvalue()).encode()


def _cell(value: object) -> str:
    text = shown(value)
    return text if isinstance(value, int) else harmless(text)
