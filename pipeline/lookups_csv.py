"""``lookups.csv`` → human overrides: read, checked, and put in order, the nearest first.

Columns: ``field,printed,value,item,version,status,reason``; only the first three must be there.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, replace
from pathlib import Path

from pipeline.errors import LookupsError
from pipeline.folder import content
from pipeline.model import Lookup
from pipeline.profile import Profile
from pipeline.text import squash

NAME = "lookups.csv"
REQUIRED = ("field", "printed", "value")
COLUMNS = (*REQUIRED, "item", "version", "status", "reason")
STATUSES = ("", "confirmed")


def nearest(
    folders: Iterable[tuple[str, Path]], profile: Profile, version: str, instead: Mapping[Path, bytes | None] | None = None
) -> tuple[Lookup, ...]:
    """The overrides in these folders (the nearest first, those without a file are skipped) that hold for ``version``.

    Each folder comes with the words that say where it is, for messages that are the same on every machine. Where two are
    for the same cell or row, the nearer one stays, and in one file the one for this version. ``instead`` gives files another
    content than they have (None: as if they were not there). Raises LookupsError with file, line and what is allowed.
    """
    changed = instead or {}
    chosen: dict[tuple[str, str, str], Lookup] = {}
    for where, folder in folders:
        path = folder / NAME
        data = changed[path] if path in changed else content(path)
        entries = parse(path, data, profile) if data is not None else ()
        for entry in sorted(entries, key=lambda entry: not entry.version):
            if entry.version in ("", version):
                key = (entry.field, squash(entry.printed), squash(entry.item))
                chosen.setdefault(key, replace(entry, origin=f"{NAME} {where}"))
    return tuple(chosen.values())


def read(path: Path, profile: Profile) -> tuple[Lookup, ...]:
    """The overrides in one file, in its order."""
    try:
        return parse(path, path.read_bytes(), profile)
    except OSError as error:
        raise LookupsError(f"{path}: cannot be read: {error.strerror}") from error


def parse(path: Path, data: bytes, profile: Profile) -> tuple[Lookup, ...]:
    """The overrides that a file with this content holds; ``path`` is the file to blame."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), restkey="", strict=True)
        _check_header(path, reader.fieldnames or ())
        entries = [(reader.line_num, _entry(path, reader.line_num, row, profile)) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
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


def with_entry(path: Path, before: bytes | None, entry: Lookup) -> bytes:
    """What a file that holds ``before`` (None: there is none) is to hold so that ``entry`` is in it: in place of the line for the
    same cell or row, else as its last.

    All other lines stay as they are; a file without the columns that the entry needs gets them. ``path`` is the file to blame
    in a LookupsError.
    """
    text, rows = _parsed(path, before)
    values = {name: getattr(entry, name) for name in COLUMNS}
    header = rows[0] if rows else list(COLUMNS)
    line = [values.get(name, "") for name in header]
    same = [n for n, row in enumerate(rows[1:], 1) if row and _cell(dict(zip(header, row, strict=False))) == _cell(values)]
    fits = all(name in header for name, value in values.items() if value)
    if rows and fits and not same:
        return (text if text.endswith("\n") else f"{text}\n").encode() + _lines([line], text)
    if not fits:
        header, rows = _wider(header, rows)
        line = [values[name] for name in header]
    kept = [row for n, row in enumerate(rows[1:], 1) if n not in same[1:]]
    for place in same[:1]:
        kept[place - 1] = line
    return _lines([header, *kept, *([] if same else [line])], text)


def without_entry(path: Path, before: bytes | None, entry: Lookup) -> bytes | None:
    """What such a file is to hold so that no line in it is for the cell or row of ``entry``; None where none would be left."""
    text, rows = _parsed(path, before)
    cell = _cell(asdict(entry))
    kept = [row for row in rows[1:] if not row or _cell(dict(zip(rows[0], row, strict=False))) != cell]
    return _lines([rows[0], *kept], text) if any(kept) else None


def same_cell(one: Lookup, other: Lookup) -> bool:
    """Whether two lines are for the same cell or row of the same version."""
    return _cell(asdict(one)) == _cell(asdict(other))


def _parsed(path: Path, data: bytes | None) -> tuple[str, list[list[str]]]:
    """The text of the file and its lines with the header; nothing of either where there is no file."""
    try:
        text = (data or b"").decode("utf-8-sig")
        return text, list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise LookupsError(f"{path}: cannot be read as a UTF-8 CSV file: {error}") from error


def _cell(values: Mapping[str, str]) -> tuple[str, ...]:
    """What a line is for."""
    return values["field"].strip(), *(squash(values.get(name, "")) for name in ("printed", "item", "version"))


def _wider(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """The same lines under all columns."""
    known = [dict(zip(header, row, strict=False)) for row in rows[1:]]
    return list(COLUMNS), [list(COLUMNS), *([row.get(name, "") for name in COLUMNS] for row in known)]


def _lines(rows: Iterable[Sequence[str]], like: str) -> bytes:
    """Rows as CSV, with the line ends that the file has."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n" if "\r\n" in like else "\n").writerows(rows)
    return out.getvalue().encode()
