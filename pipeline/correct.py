"""A person's correction of a value → a line in the ``lookups.csv`` beside the source, and the rows made again with it.

Nothing is edited in the output: a correction that lives beside the source survives every later run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline import catalog, folder, lookups_csv, raw, workspace
from pipeline.engines.base import digest, parse_pages
from pipeline.errors import CatalogError, OutputError, SourceError
from pipeline.export import datapackage, read_back
from pipeline.model import Lookup, Record, Value
from pipeline.profile import Profile, available, load
from pipeline.text import squash
from pipeline.workspace import Source


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of one value: that it is ``value``, or (None) that it is right as it is.

    ``row`` counts from 1. ``every`` means all cells that print the same, not this row alone.
    """

    row: int
    field: str
    value: str | None
    reason: str = ""
    every: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An output folder, the source that it was made from, and the package that says how."""

    output: Path
    source: Source
    package: dict[str, Any]
    profile: Profile

    @property
    def in_tree(self) -> bool:
        """Whether the output is where the tree keeps what comes of its source."""
        return self.source.in_tree and self.source.normalized == self.output


def find(output: Path, source: Path | None = None, profile: str | None = None) -> Place:
    """Where a correction of this output goes; raises CatalogError where it is no output, or its source is not known.

    A folder of the tree (under normalized/ or raw/) knows its source; for any other ``source`` must be given.
    """
    output = output.resolve()
    if output.parent.parent.name == workspace.RAW and not datapackage.is_ours(output):
        output = output.parents[2] / workspace.NORMALIZED / output.parent.name / output.name
    package = datapackage.read(output)
    if package is None:
        raise OutputError(f"{output}: no output of a run; name the folder given to -o, or one under {workspace.NORMALIZED}/")
    found = workspace.source_at(source) if source else _of_tree(output)
    if digest(found.path) != package["run"]["source"]["sha256"]:
        raise SourceError(f"{found.path}: is not the source that {output} was made from, or has changed; run it first")
    name = package["run"]["profile"]["name"]
    return Place(output, found, package, load(profile or (name if name in available() else found.family)))


def _of_tree(output: Path) -> Source:
    root, catalog_name, version = output.parents[2], output.parent.name, output.name
    home = root / workspace.RAW / catalog_name / version
    if output.parent.parent.name != workspace.NORMALIZED or not home.is_dir():
        raise CatalogError(f"{output}: lies in no {workspace.NORMALIZED}/<catalog>/<version>/, so name its source: --source FILE")
    return next(iter(workspace.sources(home)))


def correct(place: Place, correction: Correction) -> tuple[catalog.Catalog, Path]:
    """Write the line and make the rows again; the new rows, and the file that the line went to.

    Raises CatalogError, and then both are as before. Killed in between, the next `catalog run` makes the rows again.
    """
    records = read_back.records(place.output, every_place=False)
    entry = entry_for(records, correction, place.profile)
    path = place.source.path.with_name(lookups_csv.NAME)
    before = lookups_csv.content(path)
    folder.write_file(path, lookups_csv.with_entry(path, entry))
    try:
        made = _made_again(place)
        _check_taken(made, correction)
        made.store() if place.in_tree else made.write(place.output)
    except BaseException:
        lookups_csv.put_back(path, before)
        raise
    return made, path


def entry_for(records: Sequence[Record], correction: Correction, profile: Profile) -> Lookup:
    """The override that says this; raises CatalogError where the row, the field or the way is not possible."""
    record = next((record for record in records if record.row == correction.row), None)
    if record is None:
        raise CatalogError(f"--row {correction.row}: no such row; there are 1 to {len(records)}")
    value = record.values.get(correction.field)
    _check_field(record, correction.field, profile)
    if value is None:
        raise CatalogError(f"row {record.row}: its table has no column {correction.field}; there are {', '.join(record.values)}")
    where = f"row {record.row}, {correction.field}"
    if correction.every and not squash(value.printed):
        raise CatalogError(f"{where}: nothing is printed there, so --all would fill every blank; drop it")
    if correction.value is None and not value.doubt:
        raise CatalogError(f"{where}: is not in doubt, so there is nothing to confirm")
    names = [name for name in profile.key if name != profile.parent]
    item = "" if correction.every else _item(records, record, correction.field, names)
    status = "confirmed" if correction.value is None else ""
    return Lookup(correction.field, value.printed, correction.value or "", item, status=status, reason=correction.reason)


def _check_field(record: Record, field: str, profile: Profile) -> None:
    base = next((known.name for known in profile.fields if field in known.derived), None)
    if base:
        raise CatalogError(f"--field {field}: is derived from {base}; correct {base} instead")
    if field not in record.fields or field in ("row", "table_title"):
        raise CatalogError(f"--field {field}: no such field; there are {', '.join(record.values)}")


def _item(records: Sequence[Record], record: Record, field: str, names: Sequence[str]) -> str:
    """A name that, together with what is printed in the field, fits this row alone."""
    printed = squash(record.values[field].printed)
    alike = [other for other in records if field in other.values and squash(other.values[field].printed) == printed]
    counts = Counter(name for other in alike for name in {squash(name) for name in _known_as(other, names)})
    for name in _known_as(record, names):
        if counts[squash(name)] == 1:
            return name
    own = next(_known_as(record, names), "")
    told = f"{counts[squash(own)]} rows are named {own} and print the same there" if own else "it has no name"
    raise CatalogError(f"row {record.row}: {told}, so a line cannot mean this one alone; --all corrects every cell printed alike")


def _known_as(record: Record, names: Iterable[str]) -> Iterator[str]:
    """What the row is called, the narrowest name first, as printed before as read: a correction of the name changes neither."""
    for name in reversed(list(names)):
        value = record.values.get(name)
        if value and squash(value.printed):
            yield value.printed
        if value and squash(value.text) and not _is_settled(value):
            yield value.text


def _is_settled(value: Value) -> bool:
    return "lookup" in value.rule.split("+")


def _made_again(place: Place) -> catalog.Catalog:
    """The rows of the same source, from its tables where they are as they were written."""
    run = place.package["run"]
    inputs = run["inputs"]
    tables = place.source.tables if place.in_tree else place.output / workspace.TABLES
    verified = inputs.get("verified", "no")
    if tables.is_file() and digest(tables) == run["tables"]:
        made = catalog.from_document(raw.read(tables), place.source, place.profile, inputs["pages"])
        # The doubts of the cross-check stand in the tables.
        return replace(made, inputs={**made.inputs, "verified": verified})
    pages = parse_pages(inputs["pages"]) if inputs["pages"][:1].isdigit() else None
    path, family = place.source.path, place.profile.path
    return catalog.run(path, engine=inputs["engine"], profile=family, pages=pages, verify=verified == "yes")


def _check_taken(made: catalog.Catalog, correction: Correction) -> None:
    value = next(record.values[correction.field] for record in made.records if record.row == correction.row)
    if not _is_settled(value):
        told = "another line, nearer or for this row, says otherwise"
        raise CatalogError(f"row {correction.row}, {correction.field}: the correction would not be taken: {told}")
