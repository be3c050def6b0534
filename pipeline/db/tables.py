"""What the database holds. Columns of ``items`` come from the profiles; a profile that is new brings its own.

``items`` are the rows of all versions. ``valid_from`` is the version from which an item stands just so, ``valid_to`` the one in
which it no longer does (null: it still stands), both null where a version has no place in time. A list is a JSON array there;
laws and channels are also tables of their own, with links. ``sources`` are printed values with their history, each once, and
``provenance`` says which fields of which items were read from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.export.feed import Column

# Raised with every change of what follows: a database of another layout is made anew.
LAYOUT = 1

SEARCH = "items_search"
# Columns of ``items`` that are not fields of a catalog.
OWN = ("id", "version", "catalog", "valid_from", "valid_to", "current", "content")

_TABLES = """
CREATE TABLE catalogs (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT, domain TEXT, issuer TEXT, family TEXT);
CREATE TABLE versions (
    id INTEGER PRIMARY KEY, catalog INTEGER NOT NULL REFERENCES catalogs(id), name TEXT NOT NULL, position INTEGER,
    latest INTEGER NOT NULL DEFAULT 0, title TEXT, source TEXT, sha256 TEXT, engine TEXT, profile TEXT, program TEXT,
    about TEXT, rows INTEGER NOT NULL, doubts INTEGER NOT NULL, errors INTEGER NOT NULL, digest TEXT NOT NULL,
    UNIQUE (catalog, name));
CREATE TABLE items (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES versions(id), catalog INTEGER NOT NULL REFERENCES catalogs(id),
    valid_from TEXT, valid_to TEXT, current INTEGER NOT NULL DEFAULT 0, content TEXT NOT NULL, row INTEGER NOT NULL,
    UNIQUE (version, row));
CREATE INDEX items_of_catalog ON items (catalog, current);
CREATE TABLE laws (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE item_laws (
    item INTEGER NOT NULL REFERENCES items(id), position INTEGER NOT NULL, law INTEGER NOT NULL REFERENCES laws(id),
    cited TEXT NOT NULL, PRIMARY KEY (item, position)) WITHOUT ROWID;
CREATE INDEX items_by_law ON item_laws (law);
CREATE TABLE channels (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE item_channels (
    item INTEGER NOT NULL REFERENCES items(id), position INTEGER NOT NULL, channel INTEGER NOT NULL REFERENCES channels(id),
    chosen INTEGER NOT NULL, PRIMARY KEY (item, position)) WITHOUT ROWID;
CREATE INDEX items_by_channel ON item_channels (channel);
CREATE TABLE sources (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES versions(id), printed TEXT NOT NULL, origin TEXT NOT NULL,
    rule TEXT NOT NULL, score REAL, doubt TEXT NOT NULL, page INTEGER, places TEXT NOT NULL);
CREATE INDEX sources_of_version ON sources (version);
CREATE TABLE provenance (
    item INTEGER NOT NULL REFERENCES items(id), field TEXT NOT NULL, source INTEGER NOT NULL REFERENCES sources(id),
    PRIMARY KEY (item, field)) WITHOUT ROWID;
CREATE TABLE doubts (
    item INTEGER NOT NULL REFERENCES items(id), field TEXT NOT NULL, value TEXT, printed TEXT, reason TEXT NOT NULL, page INTEGER,
    PRIMARY KEY (item, field));
CREATE TABLE issues (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES versions(id), item INTEGER REFERENCES items(id), code TEXT,
    severity TEXT, message TEXT, field TEXT, page INTEGER);
CREATE INDEX issues_of_version ON issues (version);
CREATE TABLE fields (name TEXT PRIMARY KEY, title TEXT, type TEXT, description TEXT);
"""
_SEARCH = f"CREATE VIRTUAL TABLE {SEARCH} USING fts5(text, content='', tokenize='unicode61 remove_diacritics 0')"

# Each table with what a version's lines in it are found by, those first that others refer to last.
OF_VERSION = (
    ("provenance", "item IN (SELECT id FROM items WHERE version = ?)"),
    ("doubts", "item IN (SELECT id FROM items WHERE version = ?)"),
    ("item_laws", "item IN (SELECT id FROM items WHERE version = ?)"),
    ("item_channels", "item IN (SELECT id FROM items WHERE version = ?)"),
    ("issues", "version = ?"),
    ("sources", "version = ?"),
    ("items", "version = ?"),
    ("versions", "id = ?"),
)
_KINDS: dict[str, type] = {"integer": int, "number": float, "boolean": int, "list": str, "string": str}


def layout(db: Any) -> int:
    """The layout of a database (``PRAGMA user_version``), 0 of an empty one."""
    number: int = db.execute("PRAGMA user_version").fetchone()[0]
    return number


def create(db: Any) -> None:
    """The tables, in place of whatever an older layout has left."""
    drop(db)
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            db.execute(statement)
    db.execute(_SEARCH)
    db.execute(f"PRAGMA user_version = {LAYOUT}")


def drop(db: Any) -> None:
    """Everything away. FTS5 removes its shadow tables itself."""
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    for name in sorted(names, key=lambda name: name != SEARCH):
        if name == SEARCH or not name.startswith((f"{SEARCH}_", "sqlite_")):
            db.execute(f'DROP TABLE "{name}"')


def describe(db: Any, columns: Iterable[Column]) -> None:
    """Make sure that ``items`` has these columns; what a column is called stands in ``fields``."""
    known = {name.lower(): name for name in db["items"].columns_dict}
    for column in columns:
        if column.name.lower() not in known:
            db["items"].add_column(column.name, _KINDS[column.kind])
            if column.name in FACETS:
                db["items"].create_index([column.name])
        line = {"name": column.name, "title": column.title, "type": column.kind, "description": column.description}
        db["fields"].insert(line, pk="name", ignore=True)


FACETS = ("first_level_item", "disclosing_body", "time_limit_kind")
