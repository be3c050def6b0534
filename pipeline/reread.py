"""A folder that a run wrote → the ``Catalog`` that wrote it, without reading the source again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from pipeline import raw, workspace
from pipeline.catalog import Catalog
from pipeline.errors import OutputError
from pipeline.export import datapackage, issues_csv, read_back
from pipeline.model import Document, Issue, Severity
from pipeline.normalize import Normalized
from pipeline.profile import load
from pipeline.workspace import TABLES, Source


def read(path: str | Path, profile: str | Path | None = None) -> Catalog:
    """The catalog in an output folder: its rows with their history, its issues and its tables.

    ``profile`` is the folder of the profile that it was made with, where that is none of the package's own. What is written of
    the catalog again is what stands in the folder. Raises OutputError where no run wrote the folder or a file of it is missing,
    ProfileError and RawError.

    >>> import pipeline
    >>> pipeline.run("raw/social-insurance/text/source.txt").write("out")
    >>> catalog = pipeline.read("out")
    >>> catalog.records[16].fields["time_limit_value"], catalog.records[16].fields["time_limit_unit"]
    (20, 'working_day')
    """
    folder = Path(path)
    package = datapackage.read(folder)
    if package is None:
        raise OutputError(f"{folder}: no output of a run (no {datapackage.NAME} of this program); name the folder given to -o")
    run = package["run"]
    source = _source(folder, package)
    normalized = Normalized(read_back.records(folder), _issues(folder / "issues.csv"), _headings(package))
    return Catalog(source, _document(folder, source), load(profile or run["profile"]["name"]), normalized, run["inputs"])


def _source(folder: Path, package: Mapping[str, Any]) -> Source:
    """The source as the run knew it: in the tree, where the folder lies there, else beside what came of it."""
    name, meta = package["run"]["source"]["name"], dict(package.get("catalog") or {})
    home = folder.resolve()
    if home.parent.parent.name == workspace.NORMALIZED:
        catalog, version = home.parent.name, home.name
        path = home.parents[2] / workspace.RAW / catalog / version / name
        return Source(path, True, catalog, version, meta)
    return Source(home / name, version=meta.get("version", ""), meta=meta)


def _document(folder: Path, source: Source) -> Document:
    """The tables lie in the folder itself, or, in the tree, beside the source."""
    places = (folder / TABLES, source.tables)
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        wanted = " nor ".join(dict.fromkeys(str(place) for place in places))
        raise OutputError(f"{folder}: its tables are missing (neither {wanted}); make it again with `catalog run`")
    return raw.read(found)


def _headings(package: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The printed headings of the columns that the profile does not know."""
    schemas = [entry.get("schema", {}) for entry in package["resources"] if entry["path"] == "items.csv"]
    fields = [field for schema in schemas for field in schema.get("fields", ())]
    return tuple((field["name"], field["title"]) for field in fields if field["name"].startswith("extra_"))


def _issues(path: Path) -> tuple[Issue, ...]:
    try:
        return tuple(_issue(line) for line in issues_csv.read(path))
    except (OSError, KeyError, ValueError) as error:
        raise OutputError(f"{path}: cannot be read: {error}; make it again with `catalog run`") from error


def _issue(line: Mapping[str, str]) -> Issue:
    row, seq = (int(line[name]) if line[name] else None for name in ("row", "seq"))
    place = next(iter(read_back.places([line[name] for name in ("page", "x0", "top", "x1", "bottom")])), None)
    return Issue(line["code"], cast(Severity, line["severity"]), line["message"], row, seq, line["field"], place)
