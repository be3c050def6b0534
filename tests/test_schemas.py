"""The JSON Schemas and the docs of the fields: in step with the types and the profile, and kept by what is written."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import pipeline
from pipeline import profile
from pipeline.export import items_json
from pipeline.model import Document, Record
from pipeline.raw import document_to_json
from pipeline.schemas.__main__ import generated
from pipeline.schemas.items import items_schema
from pipeline.schemas.tables import tables_schema

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(("path", "text"), [pytest.param(path, text, id=path.name) for path, text in generated().items()])
def test_what_is_generated_is_not_out_of_date(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run `python -m pipeline.schemas`"


@pytest.mark.parametrize("schema", [items_schema(), tables_schema()], ids=["items", "tables"])
def test_a_schema_is_one(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(":1")


def test_rows_keep_to_the_schema(records: tuple[Record, ...]) -> None:
    jsonschema.validate(json.loads(items_json.text(records)), items_schema())


def test_a_document_keeps_to_the_schema(document: Document) -> None:
    jsonschema.validate(json.loads(document_to_json(document)), tables_schema())


@pytest.mark.parametrize("source", ["text/source.txt", "2023/source.pdf"])
def test_a_real_catalog_keeps_to_the_schemas(source: str) -> None:
    files = pipeline.run(ROOT / "raw" / "social-insurance" / source).files()
    jsonschema.validate(json.loads(files["items.json"]), items_schema())
    jsonschema.validate(json.loads(files["tables.json"]), tables_schema())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("row", 0, id="row before the first"),
        pytest.param("row", None, id="no row"),
        pytest.param("seq", "1", id="a number as a text"),
        pytest.param("legal_bases", "《甲》", id="a list as a text"),
        pytest.param("legal_bases", [""], id="an empty entry"),
        pytest.param("audience_public", "true", id="a yes as a text"),
        pytest.param("time_limit_unit", "day", id="no such unit"),
        pytest.param("time_limit_kind", "", id="no such kind"),
        pytest.param("no_such_field", "", id="no such field"),
    ],
)
def test_the_schema_of_rows_refuses(field: str, value: Any, records: tuple[Record, ...]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([records[0].fields | {field: value}], items_schema())


def _without(data: Any, *way: Any) -> Any:
    changed = copy.deepcopy(data)
    inner = changed
    for step in way[:-1]:
        inner = inner[step]
    del inner[way[-1]]
    return changed


TABLE = ("pages", 0, "tables", 0)


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(("format",), id="format"),
        pytest.param(("pages", 0, "account"), id="account"),
        pytest.param((*TABLE, "n_rows"), id="rows of a table"),
        pytest.param((*TABLE, "cells", 0, "text"), id="text of a cell"),
        pytest.param(("pages", 0, "issues", 0, "severity"), id="severity"),
    ],
)
def test_the_schema_of_tables_wants(way: tuple[Any, ...], document: Document) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(_without(json.loads(document_to_json(document)), *way), tables_schema())


def test_the_docs_tell_of_every_field_in_both_languages() -> None:
    known = profile.load()
    names = {name for field in known.fields for name in (field.name, *field.derived)} | {"row", "table_title"}
    for path, text in generated().items():
        if path.suffix == ".md":
            assert {name for name in names if f"| `{name}` |" not in text} == set()
