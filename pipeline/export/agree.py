"""Whether the files of an output folder are whole and say the same."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from pipeline.errors import OutputError
from pipeline.export import datapackage, items_csv
from pipeline.export.text import plain


def disagreements(folder: Path) -> list[str]:
    """One line for each thing that does not agree; raises OutputError where the folder is not one that a run wrote."""
    package = datapackage.read(folder)
    if package is None:
        raise OutputError(f"{folder}: no output of a run (no {datapackage.NAME} of this program); name the folder given to -o")
    told = [f"{name} is missing or is not as it was written" for name in datapackage.changed(folder, package)]
    try:
        items: list[dict[str, Any]] = json.loads((folder / "items.json").read_bytes())
        rows = {str(item["row"]): item for item in items}
        return told + _table(folder, items) + _histories(folder, rows) + _rows_of_issues(folder, rows)
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        return [*told, f"cannot be compared: {type(error).__name__}: {error}"]


def _table(folder: Path, items: list[dict[str, Any]]) -> list[str]:
    text = _read(folder / "items.csv")
    names = next(csv.reader(io.StringIO(text, newline="")))
    return [] if items_csv.rows_text(names, items) == text else ["items.csv does not say what items.json says"]


def _histories(folder: Path, rows: dict[str, dict[str, Any]]) -> list[str]:
    told = []
    for line in _lines(folder / "provenance.csv"):
        item = rows.get(line["row"], {})
        if line["field"] not in item or plain(item[line["field"]]) != line["value"]:
            told.append(f"provenance.csv, row {line['row']}, {line['field']}: items.json has another value")
    return list(dict.fromkeys(told))


def _rows_of_issues(folder: Path, rows: dict[str, dict[str, Any]]) -> list[str]:
    lines = _lines(folder / "issues.csv")
    return [f"issues.csv names row {line['row']}, which items.json has not" for line in lines if line["row"] not in ("", *rows)]


def _lines(path: Path) -> csv.DictReader[str]:
    return csv.DictReader(io.StringIO(_read(path), newline=""))


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")
