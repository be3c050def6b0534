"""``provenance.csv``: where every value comes from, one line a value and place.

A value without a place (nothing is printed for it) has one line with an empty place. Derived fields are listed with the
value that they were derived from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.export.text import PLACE_COLUMNS, csv_text, place_cells
from pipeline.model import Record

HEADER = ("row", "seq", "field", "value", "printed", "origin", "rule", "score", "doubt", *PLACE_COLUMNS)


def text(records: Sequence[Record]) -> str:
    """The file for these records."""
    return csv_text(HEADER, (line for record in records for line in _lines(record)))


def _lines(record: Record) -> Iterator[tuple[Any, ...]]:
    for field in record.fields:
        if (value := record.values.get(field)) is None:
            continue
        history = (value.printed, value.origin, value.rule, value.score, value.doubt)
        for place in value.places or (None,):
            yield (record.row, record.seq, field, record.fields[field], *history, *place_cells(place))
