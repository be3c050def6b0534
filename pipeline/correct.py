"""A person's correction of a value → a line in the ``lookups.csv`` beside the source, and the rows made again with it.

Nothing is edited in the output: a correction that lives beside the source survives every later run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline import catalog, folder, lookups_csv, raw, workspace
from pipeline.engines.base import digest, parse_pages
from pipeline.entry import Correction, entry_for
from pipeline.errors import CatalogError, OutputError, SourceError
from pipeline.export import datapackage, issues_csv, read_back
from pipeline.lookup import is_settled
from pipeline.pictures import Picture
from pipeline.profile import Profile, available, load
from pipeline.workspace import Source

__all__ = ["Correction", "Place", "check_taken", "correct", "entry_for", "find", "made_again", "store", "written"]


@dataclass(frozen=True, slots=True)
class Place:
    """An output folder, the source that it was made from, and the package that says how."""

    output: Path
    source: Source
    package: dict[str, Any]
    profile: Profile

    @property
    def lookups(self) -> Path:
        """The file that decisions about this source go to."""
        return self.source.path.with_name(lookups_csv.NAME)

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

    Raises CatalogError, and then both are as before. Killed in between, the next `catalog run` makes the rows again. Whoever
    else decides about the same source at this moment waits.
    """
    with folder.held(place.source.path):
        records = read_back.records(place.output, every_place=False)
        entry = entry_for(records, correction, place.profile, _questioned(place.output))
        with written(place.lookups, lookups_csv.with_entry(place.lookups, folder.content(place.lookups), entry)):
            made = made_again(place)
            check_taken(made, entry.field, correction.row)
            store(place, made)
    return made, place.lookups


def _questioned(output: Path) -> set[tuple[int, str]]:
    """The values that issues are about."""
    found = issues_csv.read(output / "issues.csv")
    return {(int(line["row"]), line["field"]) for line in found if line["row"] and line["field"]}


@contextmanager
def written(path: Path, data: bytes | None) -> Iterator[None]:
    """The file with this content (None: without the file); as it was before where the block raises."""
    before = folder.content(path)
    folder.put(path, data)
    try:
        yield
    except BaseException:
        folder.put(path, before)
        raise


def made_again(place: Place) -> catalog.Catalog:
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


def store(place: Place, made: catalog.Catalog, pictures: Mapping[int, Picture] | None = None) -> None:
    """Write the rows to where they came from; ``pictures`` are those of the pages, where they are drawn already."""
    made.store(pictures=pictures) if place.in_tree else made.write(place.output, pictures=pictures)


def check_taken(made: catalog.Catalog, field: str, row: int) -> None:
    """Raise CatalogError where a decision about this value is not what the rows were made with."""
    value = next(record.values[field] for record in made.records if record.row == row)
    if not is_settled(value):
        told = "another line, nearer or for this row, says otherwise"
        raise CatalogError(f"row {row}, {field}: the correction would not be taken: {told}")
