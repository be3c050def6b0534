"""The database of all catalogs in a browser and over HTTP, as JSON and CSV: Datasette with titles, facets, queries and search.

Datasette (docs.datasette.io) opens the file with ``mode=ro``: nothing that is asked for can change it. Its own search knows
no Chinese; ``escape_fts``, through which it passes what is typed, is replaced by ours on every connection.
"""

from __future__ import annotations

import sqlite3
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.db import tables
from pipeline.errors import MissingExtraError, OutputError

HOST = "127.0.0.1"
PORT = 8001
NAME = "catalogs"
_ITEMS_FIRST = ("catalog", "current")


def datasette(path: Path) -> Any:
    """Datasette with a database of ``catalog db``, which it can only read.

    Raises OutputError where the file is none, MissingExtraError where Datasette is not installed.
    """
    described = _described(path)
    try:
        from datasette.app import Datasette
        from datasette.database import Database
        from datasette.plugins import pm

        from pipeline.db import plugin
    except ImportError as error:
        raise MissingExtraError("serving needs Datasette, which is an extra: pip install 'disclosure-catalog[serve]'") from error

    class ReadOnly(Database):  # type: ignore[misc]
        """What asks for a connection to write with gets one to read with."""

        def connect(self, write: bool = False) -> sqlite3.Connection:
            connection: sqlite3.Connection = super().connect()
            return connection

    if not pm.is_registered(plugin):
        pm.register(plugin, name="catalog-search")
    served = Datasette(
        metadata=metadata(described),
        settings={"default_page_size": 50},
        static_mounts=[("look", str(Path(__file__).parent / "db" / "static"))],
    )
    served.add_database(ReadOnly(served, path=str(path.resolve()), is_mutable=True), name=NAME)
    return served


def application(path: Path) -> Any:
    """The same as an ASGI application."""
    return datasette(path).app()


def serve(path: Path, host: str = HOST, port: int = PORT) -> None:
    """Serve a database until the process is interrupted; by default only this machine can reach it."""
    app = application(path)
    import uvicorn

    uvicorn.run(app, host=host, port=port, log_level="warning", lifespan="on")


def metadata(fields: dict[str, dict[str, str]]) -> dict[str, Any]:
    """What Datasette shows: ``fields`` has title and type of each column of ``items``."""
    told: dict[str, Any] = tomllib.loads((files("pipeline.db") / "serve.toml").read_text(encoding="utf-8"))
    items = told["databases"][NAME]["tables"]["items"]
    items |= {"fts_table": tables.SEARCH, "fts_pk": "id"}
    items["facets"] = [name for name in (*_ITEMS_FIRST, *tables.FACETS) if name in fields or name in _ITEMS_FIRST]
    items["columns"] = {name: field["title"] for name, field in fields.items()} | items.get("columns", {})
    return told


def _described(path: Path) -> dict[str, dict[str, str]]:
    """Title and type of each field, from the database itself."""
    if not path.is_file():
        raise OutputError(f"{path}: no such database; make it with `catalog db`")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] != tables.LAYOUT:
                raise OutputError(f"{path}: was made by another version of this program; bring it in step with `catalog db`")
            lines = connection.execute("SELECT name, title, type FROM fields").fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise OutputError(f"{path}: is no database of `catalog db`: {error}") from error
    return {name: {"title": title, "type": kind} for name, title, kind in lines}
