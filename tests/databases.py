"""Trees of normalized catalogs, small and made up, for tests of the database and of serving it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from test_export import folder_of

from pipeline.model import BBox, Place, Record, Value

LAWS = ["《工伤保险条例》第十条", "《社会保险法》"]


def record(row: int, item: str, **fields: Any) -> Record:
    """A row with a sure place for each printed value; a field named ``doubt`` puts the time limit in doubt."""
    doubt = fields.pop("doubt", "")
    typed: dict[str, Any] = {
        "row": row,
        "table_title": "目录",
        "seq": row,
        "first_level_item": "社会保险",
        "second_level_item": item,
        "legal_bases": LAWS,
        "time_limit": "20个工作日",
        "time_limit_value": 20,
        "disclosing_body": "人社局",
        "channels": ["政府网站"],
        "channels_offered": ["政府网站", "公示栏"],
        "audience_public": True,
    } | fields
    values = {}
    for number, (name, value) in enumerate(typed.items()):
        if name not in ("row", "table_title", "time_limit_value"):
            text = "；".join(value) if isinstance(value, list) else str(value)
            place = Place(1, BBox(number, row, number + 1, row + 1))
            values[name] = Value(text, text, doubt=doubt if name == "time_limit" else "", places=(place,))
    values["time_limit_value"] = values["time_limit"]
    return Record(row, typed, values)


def records(items: Iterable[str], **fields: Any) -> tuple[Record, ...]:
    return tuple(record(row, item, **fields) for row, item in enumerate(items, 1))


def add(root: Path, name: str, made: Sequence[Record]) -> Path:
    """``root/<catalog>/<version>`` anew with these rows."""
    folder = root / name
    shutil.rmtree(folder, ignore_errors=True)
    catalog, version = name.split("/")
    meta = {"name": name.replace("/", "-"), "version": version, "title": f"{catalog}目录", "domain": "社会保险", "issuer": "某县"}
    return folder_of(folder, tuple(made), meta)


def tree(root: Path) -> Path:
    """Two catalogs: one with three versions, the last undated; one with a single version."""
    add(root, "si/2020", records(["工伤认定", "失业登记", "退休申请"]))
    changed = (record(1, "工伤认定"), record(2, "失业登记", time_limit_value=10), record(3, "养老待遇", doubt="masked"))
    add(root, "si/2023", changed)
    add(root, "si/draft", records(["工伤预防"]))
    add(root, "edu/2021", records(["入学", "转学"], legal_bases=["《义务教育法》"], disclosing_body="教育局"))
    return root
