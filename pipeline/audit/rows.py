"""Whether the rows are whole, and the same in both formats."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipeline.audit.folder import Folder
from pipeline.export import items_csv

# What a text must look like to be of a type of Table Schema.
_TYPES = {
    "integer": re.compile(r"-?\d+"),
    "number": re.compile(r"-?\d+(\.\d+)?"),
    "boolean": re.compile(r"true|false"),
    "string": re.compile(r".*", re.DOTALL),
}
_SHOWN = 5


def equal(folder: Folder) -> list[str]:
    """``items.csv`` is ``items.json`` in another format, to the byte."""
    text = folder.bytes("items.csv").decode("utf-8")
    names = next(csv.reader(io.StringIO(text, newline="")), [])
    known = list(dict.fromkeys(name for item in folder.items for name in item))
    told = [f"items.csv: has no column {name}" for name in known if name not in names]
    if items_csv.rows_text(names, folder.items) != text:
        told.append("items.csv: does not say what items.json says")
    return told


def typed(folder: Folder) -> list[str]:
    """Rows are numbered 1..n, and every value of a CSV file is what its schema says."""
    numbers = [item.get("row") for item in folder.items]
    told = [] if numbers == list(range(1, len(numbers) + 1)) else ["items.json: rows are not numbered 1, 2, 3 …"]
    for resource in folder.package["resources"]:
        if "schema" in resource:
            told += _misfits(resource["path"], folder.lines(resource["path"]), resource["schema"])
    return told


def _misfits(name: str, lines: list[dict[str, str]], schema: Mapping[str, Any]) -> list[str]:
    fields = schema["fields"]
    told = []
    if lines and [*lines[0]] != [field["name"] for field in fields]:
        told.append(f"{name}: its columns are not those of its schema")
    for field in fields:
        column, rules = field["name"], field.get("constraints", {})
        values = [(number, line.get(column) or "") for number, line in enumerate(lines, 1)]
        pattern, known = _TYPES[field["type"]], rules.get("enum")
        wrong = [n for n, text in values if (text and not pattern.fullmatch(text)) or (known and text not in known)]
        wrong += [n for n, text in values if rules.get("required") and not text]
        if rules.get("unique"):
            often = Counter(text for _, text in values)
            wrong += [n for n, text in values if often[text] > 1]
        told += [
            f"{name}, line {n + 1}: {column} is no {field['type']} that its schema allows" for n in sorted(set(wrong))[:_SHOWN]
        ]
    return told
