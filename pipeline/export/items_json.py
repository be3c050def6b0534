"""``items.json``: an array of flat objects, one a row, in printed order; one field a line, for line-based comparison."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pipeline.model import Record

_json = json.JSONEncoder(ensure_ascii=False).encode


def text(records: Sequence[Record]) -> str:
    """The file for these records."""
    if not records:
        return "[]\n"
    return "[\n" + ",\n".join(_object(record) for record in records) + "\n]\n"


def _object(record: Record) -> str:
    lines = [f"  {_json(name)}: {_json(value)}" for name, value in record.fields.items()]
    return " {\n" + ",\n".join(lines) + "\n }"
