"""A folder that a run wrote → its rows again, with their doubts: ``items.json`` and ``provenance.csv`` back into records."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, get_args

from pipeline.errors import OutputError
from pipeline.export.provenance_csv import HEADER
from pipeline.model import BBox, Origin, Place, Record, Value

ITEMS = "items.json"
HISTORY = "provenance.csv"
# A field as long as a whole page: csv would stop at 131,072 characters.
_LONGEST = 2**31 - 1


def records(folder: Path) -> tuple[Record, ...]:
    """The rows of an output folder, or of an ``items.json`` alone; raises OutputError where they cannot be read.

    Without a ``provenance.csv`` beside it no value has a history, and none is in doubt. Of the places of a value the first is
    kept: this is for comparing and correcting, not for tracing.
    """
    path = folder / ITEMS if folder.is_dir() else folder
    rows = _rows(path)
    history = path.with_name(HISTORY)
    values = _values(history) if history.is_file() else {}
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


def _values(path: Path) -> dict[int, dict[str, Value]]:
    """By row and field."""
    values: dict[int, dict[str, Value]] = {}
    csv.field_size_limit(_LONGEST)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            if tuple(next(lines, ())) != HEADER:
                raise OutputError(f"{path}: its columns are not {', '.join(HEADER)}; run its source again")
            for row, field, line in _first_lines(lines):
                values.setdefault(int(row), {})[field] = _value(line)
    except (OSError, ValueError, IndexError, csv.Error) as error:
        raise OutputError(f"{path}: cannot be read: {error}; run its source again") from error
    return values


def _first_lines(lines: Iterator[Sequence[str]]) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Of the lines of one value, one for each of its places, the first."""
    for (row, field), same in groupby(lines, key=lambda line: (line[0], line[2])):
        yield row, field, next(same)


def _value(line: Sequence[str]) -> Value:
    _, _, _, text, printed, origin, rule, score, doubt, *place = line
    if origin not in get_args(Origin):
        raise ValueError(f"no such origin: {origin!r}")
    known: Origin = origin  # type: ignore[assignment]
    return Value(text, printed, known, rule, float(score) if score else None, doubt, _places(place))


def _places(cells: Sequence[str]) -> tuple[Place, ...]:
    page, x0, top, x1, bottom = cells
    if not page:
        return ()
    if x1:
        return (Place(int(page), BBox(float(x0), float(top), float(x1), float(bottom))),)
    return (Place(int(page), line=int(top) if top else None, column=int(x0) if x0 else None),)
