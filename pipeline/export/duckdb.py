"""One catalog version as a DuckDB file: lists are lists, and every column carries its Chinese title as a comment."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

from pipeline.export import parquet
from pipeline.export.feed import Feed, clean, histories
from pipeline.export.issues_csv import HEADER as ISSUES
from pipeline.export.provenance_csv import HEADER as HISTORY
from pipeline.export.text import plain


def data(feed: Feed) -> bytes:
    """The file. Tables: ``items``, ``provenance``, ``issues`` and ``about``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.duckdb"
        with duckdb.connect(str(path)) as connection:
            _tables(connection, feed)
        return path.read_bytes()


def _tables(connection: Any, feed: Feed) -> None:
    _fill(connection, "items", parquet.table(feed))
    _fill(connection, "provenance", _history(feed))
    issues = {name: [clean(line[name]) or None for line in feed.issues] for name in ISSUES}
    _fill(connection, "issues", pyarrow.table(issues, pyarrow.schema([(name, pyarrow.string()) for name in ISSUES])))
    names, values = zip(*feed.facts, strict=True)
    _fill(connection, "about", pyarrow.table({"name": names, "value": values}))
    for column in feed.columns:
        connection.execute(f"COMMENT ON COLUMN items.{_quoted(column.name)} IS {_text(column.title)}")


def _fill(connection: Any, name: str, table: Any) -> None:
    connection.register("incoming", table)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
    connection.unregister("incoming")


def _history(feed: Feed) -> Any:
    types = {"row": pyarrow.int64(), "seq": pyarrow.int64(), "page": pyarrow.int64()}
    types |= dict.fromkeys(("score", "x0", "top", "x1", "bottom"), pyarrow.float64())
    lines = [(*line[:3], plain(line[3]), *line[4:]) for line in histories(feed.records)]
    fields = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in HISTORY])
    return pyarrow.table([[line[index] for line in lines] for index in range(len(HISTORY))], schema=fields)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
