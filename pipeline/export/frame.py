"""Rows as a pandas DataFrame. pandas is imported here and only when a frame is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.export.text import columns
from pipeline.model import Record

if TYPE_CHECKING:
    import pandas


def frame(records: Sequence[Record]) -> pandas.DataFrame:
    """One row a record, one column a field; whole numbers as Int64 and yes / no as boolean, so that unknown stays unknown."""
    import pandas

    table = pandas.DataFrame([record.fields for record in records], columns=list(columns(records)), dtype=object)
    for name in table.columns:
        known = {type(value) for value in table[name] if value is not None}
        if known == {bool}:
            table[name] = table[name].astype("boolean")
        elif known == {int}:
            table[name] = table[name].astype("Int64")
    return table
