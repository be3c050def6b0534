"""Apache Parquet through pyarrow: lists are lists, yes and no are booleans, and unknown is null."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pyarrow
import pyarrow.parquet

from pipeline.export.feed import Column, ColumnKind, Feed

_TYPES: Mapping[ColumnKind, Any] = {
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "boolean": pyarrow.bool_(),
    "list": pyarrow.list_(pyarrow.string()),
    "string": pyarrow.string(),
}


def data(feed: Feed) -> bytes:
    """The file; every column has its Chinese title in its metadata, the file what it was made from (key ``catalog``)."""
    out = io.BytesIO()
    pyarrow.parquet.write_table(table(feed), out, compression="zstd")
    return out.getvalue()


def table(feed: Feed) -> Any:
    """The rows as an Arrow table."""
    facts = {"catalog": json.dumps(dict(feed.facts), ensure_ascii=False)}
    fields = pyarrow.schema([_field(column) for column in feed.columns], metadata=facts)
    return pyarrow.Table.from_pylist(feed.rows, schema=fields)


def _field(column: Column) -> Any:
    told = {"title": column.title, "description": column.description}
    return pyarrow.field(column.name, _TYPES[column.kind], metadata={key: text for key, text in told.items() if text})
