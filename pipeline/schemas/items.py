"""The schema of ``items.json``, from the fields of the profile and the types that ``cast`` gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.export.feed import ColumnKind, kinds
from pipeline.export.schema import items
from pipeline.profile import Profile, load

FORMAT = "catalog-items/1"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
Json = dict[str, Any]

_TYPES: Mapping[ColumnKind, Json] = {
    "integer": {"type": ["integer", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "string": {"type": ["string", "null"]},
    "list": {"type": ["array", "null"], "items": {"type": "string", "minLength": 1}},
}
# The closed vocabularies of ARCHITECTURE, The fields; null where nothing is told.
UNITS = ("working_day", "calendar_day", "hour", "month", "year")
KINDS = ("within", "before", "immediate", "timely", "long_term", "periodic", "compound", "other")


def items_schema(profile: Profile | None = None) -> Json:
    """The schema of ``items.json`` of a family of documents (without ``profile``: of the default one).

    A field that is not listed is an extra column (``extra_…``) or what a profile derives from one; both hold texts.
    """
    family = profile or load()
    properties = {entry["name"]: _property(entry, family) for entry in _entries(family)}
    return {
        "$schema": DRAFT,
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": "items.json",
        "description": f"{family.title}: one object a row, in printed order. A field that a table lacks is null.",
        "type": "array",
        "items": {
            "type": "object",
            "required": ["row"],
            "properties": properties,
            "patternProperties": {"^extra_": {"type": ["string", "null"]}},
            "additionalProperties": False,
        },
    }


def _entries(profile: Profile) -> list[Json]:
    names = ["row", "table_title", *(name for field in profile.fields for name in (field.name, *field.derived))]
    fields: list[Json] = items(names, profile, {})["fields"]
    return fields


def _property(entry: Json, profile: Profile) -> Json:
    name = entry["name"]
    if name == "row":
        return {"title": entry["title"], "type": "integer", "minimum": 1}
    told = {"title": entry["title"]} | ({"description": entry["description"]} if "description" in entry else {})
    closed = _vocabulary(name, profile)
    return told | ({"enum": [*closed, None]} if closed else dict(_TYPES[kinds(profile)[name]]))


def _vocabulary(name: str, profile: Profile) -> tuple[str, ...]:
    """Limits derive their value, unit, kind and trigger, in this order."""
    for field in profile.fields:
        if field.kind == "limit" and name in field.derived:
            return {1: UNITS, 2: KINDS}.get(field.derived.index(name), ())
    return ()
