"""``normalized/`` → ``catalogs.db``: only what is new, changed or gone, all in one transaction."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.db import load, tables, validity
from pipeline.errors import CatalogError, MissingExtraError, OutputError
from pipeline.export import datapackage, feed, find

NAME = "catalogs.db"
# How long to wait for another process that writes, in seconds.
_PATIENCE = 60.0
_HEADER = b"SQLite format 3\0"
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What was done, as catalog/version names; ``failed`` has the message of each folder that could not be read."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    failed: tuple[str, ...]


def update(root: Path, target: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> Told:
    """Bring the database at ``target`` in step with all that lies in ``root`` as ``<catalog>/<version>/``.

    Readers see the old database until all is done, and a crash leaves the old one. A folder that cannot be read is told of and
    keeps the lines that it had. Raises OutputError where ``target`` is no database of this program, or nothing lies in ``root``.
    """
    found = {key: path for path in find.under(root) if (key := _key(path))}
    if not found:
        raise OutputError(f"{root}: no {root}/<catalog>/<version>/ that `catalog run` wrote")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _transaction(target) as db:
        if tables.layout(db) != tables.LAYOUT:
            tables.create(db)
        return _update(db, found, progress)


def _update(db: Any, found: Mapping[Key, Path], progress: Callable[[int, int], None]) -> Told:
    known = _known(db)
    digests = {key: _digest(path) for key, path in found.items()}
    new = [key for key in found if key not in known or known[key][1] != digests[key]]
    gone = [key for key in known if key not in found]
    failed: dict[Key, str] = {}
    for key in gone:
        load.remove(db, known[key][0])
    for done, key in enumerate(new):
        progress(done, len(new))
        try:
            read = _read(found[key])
        except CatalogError as error:
            failed[key] = str(error)
            continue
        if key in known:
            load.remove(db, known[key][0])
        load.insert(db, _catalog(db, key[0], read), key[1], digests[key], read)
    for name in sorted({key[0] for key in (*new, *gone)}):
        _settle(db, name)
    _tidy(db, bool(gone or new))
    done_keys = [key for key in new if key not in failed]
    return Told(
        _names(key for key in done_keys if key not in known),
        _names(key for key in done_keys if key in known),
        _names(gone),
        _names(key for key in found if key not in new),
        tuple(failed.values()),
    )


@contextmanager
def _transaction(target: Path) -> Iterator[Any]:
    """The database, to read and write in one transaction; where the block raises, it is as before."""
    try:
        import sqlite_utils
    except ImportError as error:
        raise MissingExtraError(
            "the database needs sqlite-utils, which is an extra: pip install 'disclosure-catalog[serve]'"
        ) from error
    is_new = not target.exists() or target.stat().st_size == 0
    connection = sqlite3.connect(target, timeout=_PATIENCE)
    try:
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("BEGIN IMMEDIATE")
        db = sqlite_utils.Database(connection, execute_plugins=False)
        if not is_new and tables.layout(db) == 0:
            raise OutputError(f"{target}: is a database of something else; name another file")
        yield db
        connection.commit()
    except sqlite3.DatabaseError as error:
        raise OutputError(f"{target}: cannot be written as a database: {error}") from error
    finally:
        connection.close()
        if is_new and target.exists() and target.stat().st_size == 0:
            target.unlink()


def _key(path: Path) -> Key | None:
    """Catalog and version; a folder that compares two versions (2020..2023) is none."""
    catalog, version = path.resolve().parts[-2:]
    return None if ".." in version else (catalog, version)


def _known(db: Any) -> dict[Key, tuple[int, str]]:
    query = (
        "SELECT catalogs.name, versions.name, versions.id, digest FROM versions JOIN catalogs ON catalogs.id = versions.catalog"
    )
    return {(catalog, name): (number, digest) for catalog, name, number, digest in db.execute(query).fetchall()}


def _digest(folder: Path) -> str:
    """The package names the digests of all other files."""
    return hashlib.sha256((folder / datapackage.NAME).read_bytes()).hexdigest()


def _read(folder: Path) -> feed.Feed:
    read = feed.read(folder)
    if changed := datapackage.changed(folder, dict(read.package)):
        raise OutputError(f"{folder}: {', '.join(changed)}: missing or not as it was written; run its source again")
    return read


def _catalog(db: Any, name: str, read: feed.Feed) -> int:
    about = read.package.get("catalog") or {}
    told = {"name": name, "title": read.title, "family": read.package["run"]["profile"]["name"]}
    told |= {key: about.get(key) for key in ("domain", "issuer")}
    db.execute("INSERT OR IGNORE INTO catalogs (name) VALUES (?)", [name])
    number: int = db.execute("SELECT id FROM catalogs WHERE name = ?", [name]).fetchone()[0]
    db["catalogs"].update(number, {key: feed.clean(value) for key, value in told.items()})
    return number


def _settle(db: Any, name: str) -> None:
    found = db.execute("SELECT id FROM catalogs WHERE name = ?", [name]).fetchone()
    if found is not None:
        validity.settle(db, found[0])


def _tidy(db: Any, changed: bool) -> None:
    """Nothing that no version has any more."""
    if changed:
        db.execute("DELETE FROM catalogs WHERE id NOT IN (SELECT catalog FROM versions)")
        db.execute("DELETE FROM laws WHERE id NOT IN (SELECT law FROM item_laws)")
        db.execute("DELETE FROM channels WHERE id NOT IN (SELECT channel FROM item_channels)")


def _names(keys: Any) -> tuple[str, ...]:
    return tuple(sorted("/".join(key) for key in keys))
