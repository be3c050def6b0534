"""The plugin of Datasette that makes its search find Chinese; only ``pipeline.serve`` imports it, where Datasette is there."""

from __future__ import annotations

import sqlite3

from datasette import hookimpl

from pipeline.db import search


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """In place of Datasette's own function of that name, which it registers before."""
    conn.create_function("escape_fts", 1, search.matching, deterministic=True)
