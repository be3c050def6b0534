"""A folder that a run wrote → what the formats for other systems are made of: typed columns, rows, doubts, issues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import OutputError, ProfileError
from pipeline.export import datapackage, issues_csv, provenance_csv, read_back, schema
from pipeline.export.text import PLACE_COLUMNS, columns, encoded, place_cells
from pipeline.model import Record
from pipeline.profile import Profile, load

ColumnKind = Literal["integer", "number", "boolean", "list", "string"]


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the rows: its name, its heading in Chinese, what it holds (a list is one of texts), a remark in English."""

    name: str
    title: str
    kind: ColumnKind = "string"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """One catalog version, ready to be written: ``rows`` have every column, and no character that UTF-8 cannot hold.

    ``name`` is fit for a file's name, ``issues`` are the lines of ``issues.csv``, ``package`` is its ``datapackage.json``.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    issues: tuple[Mapping[str, str], ...]
    package: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that say what a row is called, the widest first."""
        named = self.package["run"]["profile"].get("key", ())
        return tuple(column.name for column in self.columns if column.name in named)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [{column.name: clean(record.fields.get(column.name)) for column in self.columns} for record in self.records]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the rows are and were made from, as (name, value) lines."""
        run = self.package["run"]
        facts = {
            "title": self.title,
            "version": self.package.get("version"),
            "source": run["source"]["name"],
            "source_sha256": run["source"]["sha256"],
            "engine": run["engine"],
            "profile": f"{run['profile']['name']} {run['profile']['version']}",
            "program": f"{run['program']['name']} {run['program']['version']}",
        }
        described = {key: value for key, value in (self.package.get("catalog") or {}).items() if key not in ("sha256", "name")}
        return [(key, clean(str(value))) for key, value in (facts | described).items() if value is not None]


HISTORY_COLUMNS: tuple[Column, ...] = (
    *(Column(name, name, "integer") for name in provenance_csv.HEADER[:2]),
    *(Column(name, name, "number" if name == "score" else "string") for name in provenance_csv.HEADER[2:9]),
    *(Column(name, name, "integer" if name == "page" else "number") for name in PLACE_COLUMNS),
)


def histories(records: Sequence[Record]) -> Iterator[tuple[Any, ...]]:
    """The lines of ``provenance.csv``, typed: one a value and place, its columns those of ``provenance_csv.HEADER``."""
    for record in records:
        for name in record.fields:
            if (value := record.values.get(name)) is None:
                continue
            history = clean((value.printed, value.origin, value.rule, value.score, value.doubt))
            for place in value.places or (None,):
                yield (record.row, record.seq, name, clean(record.fields[name]), *history, *place_cells(place))


def read(folder: Path) -> Feed:
    """The feed of an output folder; raises OutputError where no run wrote it, or it cannot be read."""
    package = datapackage.read(folder)
    if package is None:
        raise OutputError(f"{folder}: no output of a run (no {datapackage.NAME} of this program); name the folder given to -o")
    records = read_back.records(folder)
    path = folder / "issues.csv"
    issues = tuple(issues_csv.read(path)) if path.is_file() else ()
    return Feed(
        _file_name(package, folder),
        clean(package.get("title") or folder.name),
        _columns(package, records),
        records,
        issues,
        package,
    )


def clean(value: Any) -> Any:
    """The same value as UTF-8 can hold it: half a surrogate pair (a broken font) is written out as ``\\ud800``."""
    if isinstance(value, str):
        return encoded(value).decode()
    return type(value)(clean(item) for item in value) if isinstance(value, (list, tuple)) else value


def kinds(profile: Profile) -> dict[str, ColumnKind]:
    """What each field of a profile holds; one that the profile does not know is text."""
    found: dict[str, ColumnKind] = {"row": "integer", "table_title": "string"}
    for entry in schema.items([name for field in profile.fields for name in (field.name, *field.derived)], profile, {})["fields"]:
        found[entry["name"]] = entry["type"]
    for field in profile.fields:
        if field.kind in ("list", "channels"):
            found |= dict.fromkeys((field.name, *field.derived), "list")
    return found


def _columns(package: Mapping[str, Any], records: Sequence[Record]) -> tuple[Column, ...]:
    described = {field["name"]: field for field in _items_schema(package)}
    known = _known_kinds(package)
    return tuple(_column(name, described.get(name, {}), known, records) for name in columns(records) or list(known) or ["row"])


def _column(name: str, described: Mapping[str, Any], known: Mapping[str, ColumnKind], records: Sequence[Record]) -> Column:
    """Values decide over what is told: a list anywhere in a column makes it a column of lists."""
    kind: ColumnKind = known.get(name) or described.get("type") or "string"
    if any(isinstance(record.fields.get(name), list) for record in records):
        kind = "list"
    return Column(name, clean(described.get("title") or name), kind, described.get("description", ""))


def _known_kinds(package: Mapping[str, Any]) -> dict[str, ColumnKind]:
    """Empty where the profile is not at hand, such as a folder on another machine."""
    try:
        return kinds(load(package["run"]["profile"]["name"]))
    except ProfileError:
        return {}


def _items_schema(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    resource: dict[str, Any] = next((entry for entry in package["resources"] if entry["path"] == "items.csv"), {})
    fields: list[dict[str, Any]] = resource.get("schema", {}).get("fields", [])
    return fields


def _file_name(package: Mapping[str, Any], folder: Path) -> str:
    name = str((package.get("catalog") or {}).get("name") or package.get("name") or folder.resolve().name)
    return "".join("-" if char in '/\\:*?"<>|' or ord(char) < 32 else char for char in name).strip(". ") or "catalog"
