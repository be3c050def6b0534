"""One catalog version as an SQLite file, with nothing but the standard library: rows, list entries, history, issues."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.export.feed import HISTORY_COLUMNS, Feed, clean, histories
from pipeline.export.issues_csv import HEADER as ISSUES
from pipeline.export.text import plain


def data(feed: Feed) -> bytes:
    """The file. Tables: ``items``, ``entries`` (one line a list entry), ``provenance``, ``issues``, ``fields``, ``about``.

    A list in ``items`` is a JSON array (for ``json_each``), yes and no are 1 and 0, unknown is null.
    """
    connection = sqlite3.connect(":memory:")
    try:
        with connection:
            _tables(connection, feed)
        return connection.serialize()
    finally:
        connection.close()


def _tables(connection: sqlite3.Connection, feed: Feed) -> None:
    types = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "list": "TEXT", "string": "TEXT"}
    names = [(column.name, types[column.kind] + " PRIMARY KEY" * (column.name == "row")) for column in feed.columns]
    _fill(connection, "items", names, ([_cell(value) for value in row.values()] for row in feed.rows))
    links = [("row", "INTEGER REFERENCES items(row)"), ("field", "TEXT"), ("position", "INTEGER"), ("entry", "TEXT")]
    _fill(connection, "entries", links, _entries(feed))
    history = [(column.name, types[column.kind]) for column in HISTORY_COLUMNS]
    lines = ([*line[:3], plain(line[3]), *line[4:]] for line in histories(feed.records))
    _fill(connection, "provenance", history, lines)
    _fill(
        connection,
        "issues",
        [(name, "TEXT") for name in ISSUES],
        ([clean(line[n]) or None for n in ISSUES] for line in feed.issues),
    )
    described = ([c.name, c.title, c.kind, c.description] for c in feed.columns)
    _fill(connection, "fields", [(name, "TEXT") for name in ("name", "title", "type", "description")], described)
    _fill(connection, "about", [("name", "TEXT"), ("value", "TEXT")], feed.facts)


def _entries(feed: Feed) -> Iterable[tuple[Any, ...]]:
    for row in feed.rows:
        for column in feed.columns:
            if column.kind == "list":
                for position, entry in enumerate(row[column.name] or (), 1):
                    yield row["row"], column.name, position, entry


def _fill(connection: sqlite3.Connection, table: str, names: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> None:
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in names)
    connection.execute(f"CREATE TABLE {table} ({columns})")
    connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", rows)


def quoted(name: str) -> str:
    """A name of a column, which may be any heading, as SQL wants it."""
    return '"' + name.replace('"', '""') + '"'


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
