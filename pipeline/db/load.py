"""One version of a catalog → lines of the database, and away with them again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.db import search, tables
from pipeline.export.feed import Feed, clean
from pipeline.export.text import place_cells, plain
from pipeline.model import Record, Value

LAWS = "legal_bases"
CHANNELS = "channels"
OFFERED = "channels_offered"
# What may differ between versions of an item that did not change.
_PLACE_IN_TABLE = ("row", "seq", "table_title")
_TITLE = re.compile(r"《(?:[^《》]|《[^《》]*》)+》")


def insert(db: Any, catalog: int, name: str, digest: str, feed: Feed) -> None:
    """The lines of a version; ``digest`` is what tells whether its folder has changed."""
    version = db["versions"].insert(_version(catalog, name, digest, feed)).last_pk
    tables.describe(db, feed.columns)
    first = (db.execute("SELECT max(id) FROM items").fetchone()[0] or 0) + 1
    rows = feed.rows
    ids = {record.row: number for number, record in enumerate(feed.records, first)}
    lines = [_item(ids[row["row"]], version, catalog, row) for row in rows]
    db["items"].insert_all(lines)
    _index(db, lines)
    _link(db, "laws", "law", [(ids[r["row"]], n, law_name(e), e) for r in rows for n, e in enumerate(r.get(LAWS) or (), 1)])
    _link(db, "channels", "channel", [line for row in rows for line in _channels(ids[row["row"]], row)])
    _histories(db, version, ids, feed.records)
    _issues(db, version, ids, feed)


def remove(db: Any, version: int) -> None:
    """All lines of a version."""
    # A contentless index forgets a text only where it is given that text again (sqlite.org/fts5.html, 6.2).
    cursor = db.execute("SELECT * FROM items WHERE version = ?", [version])
    names = [column[0] for column in cursor.description]
    for line in cursor.fetchall():
        row = dict(zip(names, line, strict=True))
        forget = f"INSERT INTO {tables.SEARCH} ({tables.SEARCH}, rowid, text) VALUES ('delete', ?, ?)"
        db.execute(forget, [row["id"], _searched(row)])
    for table, where in tables.OF_VERSION:
        db.execute(f"DELETE FROM {table} WHERE {where}", [version])


def law_name(entry: str) -> str:
    """The document that an entry cites: its title in 《》 without what trails it, else the entry."""
    title = _TITLE.search(entry)
    return title[0] if title else entry


def _version(catalog: int, name: str, digest: str, feed: Feed) -> dict[str, Any]:
    run, about = feed.package["run"], feed.package.get("catalog") or {}
    return {
        "catalog": catalog,
        "name": name,
        "title": feed.title,
        "source": run["source"]["name"],
        "sha256": run["source"]["sha256"],
        "engine": run["engine"],
        "profile": run["profile"]["name"],
        "program": run["program"]["version"],
        "about": json.dumps({name: clean(fact) for name, fact in about.items()}, ensure_ascii=False),
        "rows": len(feed.records),
        "doubts": sum(bool(value.doubt) for record in feed.records for value in record.values.values()),
        "errors": sum(issue["severity"] == "error" for issue in feed.issues),
        "digest": digest,
    }


def _item(number: int, version: int, catalog: int, row: Mapping[str, Any]) -> dict[str, Any]:
    told = json.dumps({name: value for name, value in row.items() if name not in _PLACE_IN_TABLE and value is not None})
    content = hashlib.sha256(told.encode()).hexdigest()[:16]
    cells = {name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value for name, value in row.items()}
    return {"id": number, "version": version, "catalog": catalog, "current": 0, "content": content} | cells


def _index(db: Any, lines: Sequence[Mapping[str, Any]]) -> None:
    told = ((line["id"], _searched(line)) for line in lines)
    db.conn.executemany(f"INSERT INTO {tables.SEARCH} (rowid, text) VALUES (?, ?)", told)


def _searched(line: Mapping[str, Any]) -> str:
    """What is searched of a line of ``items``: all its texts. It must depend on nothing else, see ``remove``."""
    names = sorted(name for name, value in line.items() if isinstance(value, str) and name not in tables.OWN)
    return search.indexed("\n".join(line[name] for name in names))


def _channels(item: int, row: Mapping[str, Any]) -> Iterator[tuple[int, int, str, bool]]:
    chosen = row.get(CHANNELS) or []
    named = list(dict.fromkeys((*(row.get(OFFERED) or ()), *chosen)))
    for position, name in enumerate(named, 1):
        yield item, position, name, name in chosen


def _link(db: Any, table: str, column: str, lines: Sequence[tuple[int, int, str, Any]]) -> None:
    """Lines (item, position, name, remark) into ``item_<table>``, with the names in a table of their own."""
    names = [(name,) for name in dict.fromkeys(line[2] for line in lines)]
    db.conn.executemany(f"INSERT OR IGNORE INTO {table} (name) VALUES (?)", names)
    known = {name: db.execute(f"SELECT id FROM {table} WHERE name = ?", [name]).fetchone()[0] for (name,) in names}
    told = ((item, position, known[name], remark) for item, position, name, remark in lines)
    db.conn.executemany(f"INSERT INTO item_{table} VALUES (?, ?, ?, ?)", told)


def _histories(db: Any, version: int, ids: Mapping[int, int], records: Sequence[Record]) -> None:
    """Values that are told alike are one source: the rows of a merged cell, and what is derived from it."""
    first = (db.execute("SELECT max(id) FROM sources").fetchone()[0] or 0) + 1
    known: dict[tuple[Any, ...], int] = {}
    links, doubts = [], []
    for record in records:
        for name, value in record.values.items():
            told = _told(value)
            links.append((ids[record.row], name, known.setdefault(told, first + len(known))))
            if value.doubt:
                shown = clean(plain(record.fields.get(name)))
                doubts.append((ids[record.row], name, shown, told[0], value.doubt, told[5]))
    db.conn.executemany(
        "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", ((n, version, *told) for told, n in known.items())
    )
    db.conn.executemany("INSERT INTO provenance VALUES (?, ?, ?)", links)
    db.conn.executemany("INSERT INTO doubts VALUES (?, ?, ?, ?, ?, ?)", doubts)


def _told(value: Value) -> tuple[Any, ...]:
    places = json.dumps([place_cells(place) for place in value.places])
    page = value.places[0].page if value.places else None
    return clean(value.printed), value.origin, value.rule, value.score, value.doubt, page, places


def _issues(db: Any, version: int, ids: Mapping[int, int], feed: Feed) -> None:
    for line in feed.issues:
        item = ids.get(int(line["row"])) if line["row"] else None
        told = {name: clean(line[name]) for name in ("code", "severity", "message", "field")}
        db["issues"].insert(told | {"version": version, "item": item, "page": int(line["page"]) if line["page"] else None})
