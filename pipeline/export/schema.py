"""Table Schema (specs.frictionlessdata.io/table-schema, version 1) of the CSV files: titles in Chinese, types, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pipeline.export.issues_csv import HEADER as ISSUE_HEADER
from pipeline.export.provenance_csv import HEADER as PROVENANCE_HEADER
from pipeline.export.text import LIST_SEPARATOR
from pipeline.model import Origin, Severity
from pipeline.profile import Field, Kind, Profile

Json = dict[str, Any]

_TYPES: Mapping[Kind, str] = {"serial": "integer", "tick": "boolean"}

# What cast derives from a field of a kind, in the order in which the profile names it: (title, type).
_DERIVED: Mapping[Kind, Sequence[tuple[str, str]]] = {
    "limit": (("数值", "integer"), ("单位", "string"), ("类型", "string"), ("起算", "string")),
    "channels": (("全部所列", "string"),),
    "tick": (("群体名称", "string"),),
}

_FIXED: Mapping[str, Json] = {
    "row": {"name": "row", "type": "integer", "title": "行号", "constraints": {"required": True, "unique": True}},
    "table_title": {"name": "table_title", "type": "string", "title": "目录名称"},
}

_COLUMNS: Mapping[str, tuple[str, str]] = {
    "row": ("integer", "行号"),
    "seq": ("integer", "序号"),
    "field": ("string", "字段"),
    "value": ("string", "值"),
    "printed": ("string", "原文"),
    "origin": ("string", "来历"),
    "rule": ("string", "规则"),
    "score": ("number", "相似度"),
    "doubt": ("string", "存疑"),
    "code": ("string", "问题代码"),
    "severity": ("string", "严重程度"),
    "message": ("string", "说明"),
    "page": ("integer", "页"),
    "x0": ("number", "左"),
    "top": ("number", "上"),
    "x1": ("number", "右"),
    "bottom": ("number", "下"),
}


def items(names: Sequence[str], profile: Profile, headings: Mapping[str, str]) -> Json:
    """The schema of ``items.csv``; ``headings`` has the printed headings of columns that the profile does not know."""
    known = dict(_FIXED) | {name: entry for field in profile.fields for name, entry in _of_field(field).items()}
    fields = [known.get(name) or {"name": name, "type": "string", "title": headings.get(name, name)} for name in names]
    return {"fields": fields, "primaryKey": "row", "missingValues": [""]}


def provenance() -> Json:
    """The schema of ``provenance.csv``."""
    return _of_row_file(PROVENANCE_HEADER, {"origin": {"enum": list(get_args(Origin))}})


def issues() -> Json:
    """The schema of ``issues.csv``."""
    return _of_row_file(ISSUE_HEADER, {"severity": {"enum": list(get_args(Severity))}})


def _of_field(field: Field) -> dict[str, Json]:
    entry: Json = {"name": field.name, "type": _TYPES.get(field.kind, "string"), "title": field.title}
    if field.kind in ("list", "channels"):
        entry["description"] = f"{field.title_en}; several values, separated by {LIST_SEPARATOR}"
    elif field.title_en:
        entry["description"] = field.title_en
    derived = {
        name: {"name": name, "type": kind, "title": f"{field.title}：{title}"}
        for name, (title, kind) in zip(field.derived, _DERIVED.get(field.kind, ()), strict=False)
    }
    return {field.name: entry} | derived


def _of_row_file(header: Sequence[str], constraints: Mapping[str, Json]) -> Json:
    fields: list[Json] = []
    for name in header:
        kind, title = _COLUMNS[name]
        fields.append({"name": name, "type": kind, "title": title})
        if name in constraints:
            fields[-1]["constraints"] = constraints[name]
    keys = [{"fields": "row", "reference": {"resource": "items", "fields": "row"}}]
    return {"fields": fields, "missingValues": [""], "foreignKeys": keys}
