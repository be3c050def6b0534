"""The schema of ``tables.json``, from the types of ``model.py``: what ``raw.py`` writes of each."""

from __future__ import annotations

from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pipeline import model
from pipeline.raw import FORMAT
from pipeline.schemas.items import DRAFT

Json = dict[str, Any]

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
_BOX: Json = {"type": ["array", "null"], "items": {"type": "number"}, "minItems": 4, "maxItems": 4}


def tables_schema() -> Json:
    """The schema of ``tables.json``."""
    document = _object(model.Document)
    document["properties"] = {"format": {"const": FORMAT}} | document["properties"]
    document["required"] = ["format", *document["required"], "geometry"]
    return {
        "$schema": DRAFT,
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": "tables.json",
        "description": "Every cell of every page as printed. Lengths in PDF points from the top left corner of the page.",
        **document,
        "$defs": {
            "place": _placed({}),
            "page": _whole(_object(model.Page), without="turned"),
            "table": _whole(_object(model.PageTable)),
            # A cell has no place of its own: its page is that of its table, its box or its line stands in the cell.
            "cell": _placed(_object(model.Cell, without="place")),
            "line": _placed(_object(model.TextLine, without="place")),
            "account": _whole(_object(model.GlyphAccount)),
            "issue": _object(model.Issue),
        },
    }


_DEFINED = {
    model.Page: "page",
    model.PageTable: "table",
    model.Cell: "cell",
    model.TextLine: "line",
    model.GlyphAccount: "account",
    model.Issue: "issue",
    model.Place: "place",
}


def _object(kind: type, without: str = "") -> Json:
    """A dataclass as an object; what has a default may be left out."""
    hints = get_type_hints(kind)
    told = [field for field in fields(kind) if field.name != without]
    required = [field.name for field in told if field.default is MISSING and field.default_factory is MISSING]
    properties = {field.name: _type(hints[field.name]) for field in told}
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


def _whole(schema: Json, without: str = "") -> Json:
    """An object of which everything is always written, but for one field."""
    return schema | {"required": [name for name in schema["properties"] if name != without]}


def _placed(schema: Json) -> Json:
    """An object with its place in it: a box on the page, or line and column of a dump; the page where it is another one."""
    integer = {"type": "integer", "minimum": 1}
    place = {"page": integer, "bbox": _BOX, "line": integer, "column": integer}
    base = schema or {"type": "object", "required": [], "additionalProperties": False, "properties": {}}
    return base | {"properties": base["properties"] | place}


def _type(hint: Any) -> Json:
    """A type of ``model.py`` as a schema."""
    if hint in _DEFINED:
        return {"$ref": f"#/$defs/{_DEFINED[hint]}"}
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint))
    if model.BBox in (hint, *get_args(hint)):
        return _BOX
    if isinstance(hint, UnionType):
        known = [part for part in get_args(hint) if part is not type(None)]
        return _type(known[0]) if known[0] in _DEFINED else {"type": [_PLAIN[part] for part in get_args(hint)]}
    return {"type": _PLAIN[hint]}


def _tuple(parts: tuple[Any, ...]) -> Json:
    if parts[-1] is Ellipsis:
        return {"type": "array", "items": _type(parts[0])}
    return {"type": "array", "prefixItems": [_type(part) for part in parts], "minItems": len(parts), "maxItems": len(parts)}
