"""Whether every value can be traced: its lines in ``provenance.csv``, the places that they name, and the issue of its doubt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.audit.folder import Folder
from pipeline.export.text import PLACE_COLUMNS, place_cells, plain

# Fields that are not printed in a cell of the row.
_UNPRINTED = ("row", "table_title")
_DOUBTS = ("doubt", "verify")
_SHOWN = 20
# Of the columns of a place: page (block) and top (line).
_LINE = slice(0, 3, 2)

Places = tuple[tuple[str, ...], ...]


def complete(folder: Folder) -> list[str]:
    """Every value has a line, every line a value, and they say the same."""
    rows = {str(item["row"]): item for item in folder.items}
    told: dict[str, None] = {}
    lines: set[tuple[str, str]] = set()
    for line in folder.provenance:
        row, field = line["row"], line["field"]
        lines.add((row, field))
        if field not in rows.get(row, {}):
            told[f"provenance.csv, row {row}, {field}: items.json has no such value"] = None
        elif plain(rows[row][field]) != line["value"]:
            told[f"provenance.csv, row {row}, {field}: items.json has another value"] = None
        elif line["seq"] != plain(rows[row].get("seq")):
            told[f"provenance.csv, row {row}, {field}: names another serial number"] = None
    for row, item in rows.items():
        for field, value in item.items():
            if field not in _UNPRINTED and _says_something(value) and (row, field) not in lines:
                told[f"items.json, row {row}, {field}: provenance.csv does not say where it comes from"] = None
    return [*told][:_SHOWN]


def placed(folder: Folder) -> list[str]:
    """Every place is that of a cell in ``tables.json``; in a dump that of a line, since a blank may stand anywhere in it."""
    known = slice(None) if folder.document.geometry else _LINE
    cells = {
        tuple(plain(value) for value in place_cells(cell.place))[known]
        for page in folder.document.pages
        for table in page.tables
        for cell in table.cells
    }
    told: dict[str, None] = {}
    for line in folder.provenance:
        place = tuple(line[column] for column in PLACE_COLUMNS)
        if place[0] and place[known] not in cells:
            told[f"provenance.csv, row {line['row']}, {line['field']}: tables.json has no cell at its place"] = None
        if not place[0] and line["printed"]:
            told[f"provenance.csv, row {line['row']}, {line['field']}: is printed, but nowhere"] = None
    return [*told][:_SHOWN]


def told(folder: Folder) -> list[str]:
    """Every doubt has an issue that tells of it (a merged cell one for all its rows), every issue of a doubt its doubt."""
    rows = {str(item["row"]): item for item in folder.items}
    found = [
        f"issues.csv: names row {line['row']}, which items.json has not"
        for line in folder.issues
        if line["row"] not in ("", *rows)
    ]
    places, doubts = _places(folder.provenance)
    issued = {(line["row"], line["field"]) for line in folder.issues if line["code"] in _DOUBTS and line["field"]}
    about = {places[key] for key in issued if key in places}
    silent = [key for key in doubts if key not in issued and places[key] not in about]
    found += [f"provenance.csv, row {row}, {field}: is in doubt, and issues.csv does not say so" for row, field in silent]
    sure = [key for key in issued if key in places and not doubts.get(key)]
    found += [
        f"issues.csv, row {row}, {field}: is told to be in doubt, and provenance.csv says nothing of it" for row, field in sure
    ]
    return found[:_SHOWN]


def _places(lines: Iterable[dict[str, str]]) -> tuple[dict[tuple[str, str], Places], dict[tuple[str, str], str]]:
    """By row and field: the places of a value, and its doubt where it has one."""
    places: dict[tuple[str, str], Places] = {}
    doubts: dict[tuple[str, str], str] = {}
    for line in lines:
        key = line["row"], line["field"]
        places[key] = (*places.get(key, ()), tuple(line[column] for column in PLACE_COLUMNS))
        if line["doubt"]:
            doubts[key] = line["doubt"]
    return places, doubts


def _says_something(value: Any) -> bool:
    return value not in (None, "", [])
