"""``items.csv``: the rows of ``items.json`` as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.export.text import columns, csv_text
from pipeline.model import Record


def text(records: Sequence[Record]) -> str:
    """The file for these records: every field that any of them has is a column."""
    return rows_text(columns(records), [record.fields for record in records])


def rows_text(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """The same for plain rows, e.g. for those of an ``items.json``."""
    return csv_text(names, [[row.get(name) for name in names] for row in rows])
