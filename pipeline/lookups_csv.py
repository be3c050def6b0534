"""``lookups.csv`` → human overrides: read, checked, and put in order, the nearest first.

Columns: ``field,printed,value,item,version,status,reason``; only the first three must be there.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, replace
from pathlib import Path

from pipeline.errors import LookupsError
from pipeline.model import Lookup
from pipeline.profile import Profile
from pipeline.text import squash

NAME = "lookups.csv"
REQUIRED = ("field", "printed", "value")
COLUMNS = (*REQUIRED, "item", "version", "status", "reason")
STATUSES = ("", "confirmed")


def nearest(folders: Iterable[tuple[str, Path]], profile: Profile, version: str) -> tuple[Lookup, ...]:
    """The overrides in these folders (the nearest first, those without a file are skipped) that hold for ``version``.

    Each folder comes with the words that say where it is, for messages that are the same on every machine. Where two are
    for the same cell or row, the nearer one stays, and in one file the one for this version. Raises LookupsError with file,
    line and what is allowed.
    """
    chosen: dict[tuple[str, str, str], Lookup] = {}
    for where, folder in folders:
        entries = read(folder / NAME, profile) if (folder / NAME).is_file() else ()
        for entry in sorted(entries, key=lambda entry: not entry.version):
            if entry.version in ("", version):
                key = (entry.field, squash(entry.printed), squash(entry.item))
                chosen.setdefault(key, replace(entry, origin=f"{NAME} {where}"))
    return tuple(chosen.values())


def read(path: Path, profile: Profile) -> tuple[Lookup, ...]:
    """The overrides in one file, in its order."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="", strict=True)
            _check_header(path, reader.fieldnames or ())
            entries = [(reader.line_num, _entry(path, reader.line_num, row, profile)) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LookupsError(f"{path}: cannot be read as a UTF-8 CSV file: {error}") from error
    _check_contradictions(path, entries)
    return tuple(entry for _, entry in entries)


def digest(lookups: Sequence[Lookup]) -> str:
    """A SHA-256 over overrides in force; "" where there is none."""
    text = json.dumps([astuple(entry)[:-1] for entry in lookups], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest() if lookups else ""


def _check_header(path: Path, header: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name or "(no name)" for name in header if name not in COLUMNS]
    if missing or unknown:
        told = "; ".join(
            f"{what} column {', '.join(names)}" for what, names in (("missing", missing), ("unknown", unknown)) if names
        )
        raise LookupsError(f"{path}: {told}; allowed are {', '.join(COLUMNS)}")


def _entry(path: Path, line: int, row: dict[str, str], profile: Profile) -> Lookup:
    where = f"{path}, line {line}"
    if "" in row or None in row.values():
        raise LookupsError(f"{where}: not as many values as the header has columns")
    entry = Lookup(**{name: value.strip() for name, value in row.items()}, origin=NAME)
    fields = [field.name for field in profile.fields]
    if entry.field not in fields and not entry.field.startswith("extra_"):
        raise LookupsError(f"{where}: no such field: {entry.field!r}; allowed are {', '.join(fields)}, extra_…")
    if entry.status not in STATUSES:
        raise LookupsError(f"{where}: no such status: {entry.status!r}; allowed are confirmed, or nothing")
    if not entry.printed and not entry.item:
        raise LookupsError(f"{where}: without an item it would override every blank cell; name the item, or what is printed")
    return entry


def _check_contradictions(path: Path, entries: Sequence[tuple[int, Lookup]]) -> None:
    seen: dict[tuple[str, ...], tuple[int, Lookup]] = {}
    for line, entry in entries:
        key = (entry.field, squash(entry.printed), squash(entry.item), entry.version)
        first, earlier = seen.setdefault(key, (line, entry))
        if earlier.value != entry.value:
            raise LookupsError(f"{path}, line {line}: gives another value than line {first} for the same cell; keep one")
