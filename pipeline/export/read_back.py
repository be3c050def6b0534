"""A folder that a run wrote → its rows again, with their doubts: ``items.json`` and ``provenance.csv`` back into records."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

from pipeline.errors import OutputError
from pipeline.export.provenance_csv import HEADER
from pipeline.model import BBox, Origin, Place, Record, Value

ITEMS = "items.json"
HISTORY = "provenance.csv"
# A field as long as a whole page: csv would stop at 131,072 characters.
_LONGEST = 2**31 - 1


def records(folder: Path, every_place: bool = True) -> tuple[Record, ...]:
    """The rows of an output folder, or of an ``items.json`` alone; raises OutputError where they cannot be read.

    Without a ``provenance.csv`` beside it no value has a history, and none is in doubt. ``every_place`` False keeps the first
    place of each value only, which is a quarter of the work: a merged cell over many pages has dozens.
    """
    path = folder / ITEMS if folder.is_dir() else folder
    rows = _rows(path)
    history = path.with_name(HISTORY)
    values = _values(history, every_place) if history.is_file() else {}
    return tuple(Record(row["row"], row, values.get(row["row"], {})) for row in rows)


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        items = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise OutputError(f"{path}: no such file; name a folder that `catalog run` wrote") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot be read as JSON: {error}") from error
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise OutputError(f"{path}: is no array of rows; name a folder that `catalog run` wrote, or its {ITEMS}")
    return [{"row": number, **item} for number, item in enumerate(items, 1)]


def _values(path: Path, every_place: bool) -> dict[int, dict[str, Value]]:
    """By row and field."""
    values: dict[int, dict[str, Value]] = {}
    csv.field_size_limit(_LONGEST)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            if tuple(next(lines, ())) != HEADER:
                raise OutputError(f"{path}: its columns are not {', '.join(HEADER)}; run its source again")
            read = _Reader()
            for row, field, same in _grouped(lines, every_place):
                values.setdefault(int(row), {})[field] = read.value(same)
    except (OSError, ValueError, IndexError, csv.Error) as error:
        raise OutputError(f"{path}: cannot be read: {error}; run its source again") from error
    return values


def _grouped(lines: Iterable[list[str]], every_place: bool) -> Iterator[tuple[str, str, list[list[str]]]]:
    """The lines of each value, one for each of its places, or only the first of them."""
    row, field, same = "", "", list[list[str]]()
    for line in lines:
        if line[2] == field and line[0] == row:
            if every_place:
                same.append(line)
            continue
        if same:
            yield row, field, same
        row, field, same = line[0], line[2], [line]
    if same:
        yield row, field, same


class _Reader:
    """Reads values; equal ones are one object, since a merged cell gives each of its rows the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[str, ...], ...], Value] = {}

    def value(self, lines: Sequence[Sequence[str]]) -> Value:
        """The value whose lines these are."""
        key = tuple(tuple(line[3:]) for line in lines)
        if key not in self._known:
            self._known[key] = _value(lines)
        return self._known[key]


def _value(lines: Sequence[Sequence[str]]) -> Value:
    _, _, _, text, printed, origin, rule, score, doubt, *_ = lines[0]
    if origin not in get_args(Origin):
        raise ValueError(f"no such origin: {origin!r}")
    known: Origin = origin  # type: ignore[assignment]
    printed_at = tuple(place for line in lines for place in places(line[9:]))
    return Value(text, printed, known, rule, float(score) if score else None, doubt, printed_at)


def places(cells: Sequence[str]) -> tuple[Place, ...]:
    """The place that the cells of ``PLACE_COLUMNS`` tell, or none."""
    page, x0, top, x1, bottom = cells
    if not page:
        return ()
    if x1:
        return (Place(int(page), BBox(float(x0), float(top), float(x1), float(bottom))),)
    return (Place(int(page), line=int(top) if top else None, column=int(x0) if x0 else None),)
