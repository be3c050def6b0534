"""What can be shown of a version: where each of its values is printed, and pictures of the pages, where the source is at hand."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pipeline import raw, workspace
from pipeline.engines.base import digest
from pipeline.export import datapackage, read_back
from pipeline.model import Document
from pipeline.pictures import PAGE_BYTES, Picture, pictures
from pipeline.report import Sight
from pipeline.versions import Version

# Bytes that the pictures of one version may take: those of two, written as base64, stay below 10 MB.
LARGEST = 3_300_000


def sight(version: Version) -> Sight | None:
    """Where the values of a version are printed; None where neither its tables nor its source tell."""
    document = version.document or _document(version.folder)
    if document is None:
        return None
    records = read_back.records(version.folder) if version.folder else version.records
    places = {(record.row, name): value.places for record in records for name, value in record.values.items()}
    return Sight(document, places, source_of(version) is not None)


def source_of(version: Version) -> Path | None:
    """The source of a version, where it is at hand and still the one that was read."""
    path = version.source or _source(version.folder)
    return path if path is not None and path.is_file() and digest(path) == version.sha256 else None


def drawn(version: Version, seen: Sight | None, pages: Collection[int]) -> dict[int, Picture]:
    """Pictures of these pages of a version; {} where they cannot be drawn."""
    source = source_of(version) if seen and pages else None
    if seen is None or source is None:
        return {}
    turned = {page.number: page.turned for page in seen.document.pages}
    return pictures(source, pages, turned=turned, limit=min(LARGEST, PAGE_BYTES * len(pages)))


def _document(folder: Path | None) -> Document | None:
    """The tables lie in the output folder, or, in the tree, beside the source."""
    source = _source(folder)
    places = [folder / workspace.TABLES] if folder else []
    places += [source.with_name(workspace.TABLES)] if source else []
    return next((raw.read(path) for path in places if path.is_file()), None)


def _source(folder: Path | None) -> Path | None:
    """The source of an output folder of the tree."""
    home = folder.resolve() if folder else None
    package = datapackage.read(home) if home else None
    if home is None or package is None or home.parent.parent.name != workspace.NORMALIZED:
        return None
    name: str = package["run"]["source"]["name"]
    return home.parents[2] / workspace.RAW / home.parent.name / home.name / Path(name).name
