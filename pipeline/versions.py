"""The versions of a catalog: what lies in the tree, in which order they follow each other, and their rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline import catalog, workspace
from pipeline.errors import SourceError
from pipeline.export import datapackage, read_back
from pipeline.model import Document, Record
from pipeline.profile import DEFAULT, Profile, available, load

BETWEEN = ".."


@dataclass(frozen=True, slots=True)
class Version:
    """One version: ``name`` is what a reader calls it (2020), ``title`` that of its catalog, "" where it is not known.

    ``family`` names the profile that it was read with; ``sha256`` is that of the source it was made from, "" where not known.
    ``folder`` is the one that a run wrote, where it was read from there, else ``source`` and ``document`` are what was read.
    """

    name: str
    title: str
    records: tuple[Record, ...]
    family: str = DEFAULT
    sha256: str = ""
    folder: Path | None = None
    source: Path | None = None
    document: Document | None = None


def read(path: Path, profile: str | None = None) -> Version:
    """The version at a path: a folder that a run wrote, its items.json, or a source, which is then read.

    Raises CatalogError, with what was expected there.
    """
    if not path.exists():
        raise SourceError(f"{path}: no such file or folder; name what `catalog run` wrote, a source, or CATALOG OLD NEW")
    if not path.is_dir() and path.suffix != ".json":
        return _of_source(path, profile)
    folder = path if path.is_dir() else path.parent
    package = datapackage.read(folder) or {}
    return _of_folder(path, package, Path(folder.resolve()).name)


def in_tree(name: str, version: str, root: Path = Path(".")) -> Version:
    """A version by its catalog's name and its own: as it was normalised, or else read from its source."""
    folder = root / workspace.NORMALIZED / name / version
    if (folder / read_back.ITEMS).is_file():
        return _of_folder(folder, datapackage.read(folder) or {}, version)
    found = [source for source in sources(name, root) if source.version == version]
    if not found:
        known = ", ".join(names(name, root)) or "none"
        raise SourceError(f"{name}: has no version {version}; known are {known}")
    return _of_source(found[0].path, None)


def sources(name: str, root: Path = Path(".")) -> list[workspace.Source]:
    """The sources of a catalog under raw/."""
    folder = root / workspace.RAW / name
    return list(workspace.sources(folder)) if folder.is_dir() else []


def names(name: str, root: Path = Path(".")) -> list[str]:
    """The versions of a catalog, under raw/ and under normalized/, the oldest first."""
    normalised = {path.parent.name for path in (root / workspace.NORMALIZED / name).glob(f"*/{read_back.ITEMS}")}
    received = {source.version for source in sources(name, root)}
    return sorted((version for version in normalised | received if BETWEEN not in version), key=_by_number)


def catalogs(root: Path = Path(".")) -> list[str]:
    """The catalogs of the tree, by name."""
    folders = [path for base in (workspace.RAW, workspace.NORMALIZED) for path in (root / base).glob("*") if path.is_dir()]
    return sorted({path.name for path in folders if not path.name.startswith(".")})


def successive(versions: Sequence[str]) -> list[tuple[str, str]]:
    """Each version with the one that followed it.

    A version without a number in its name (text, draft) has no place in their order: it is left out.
    """
    return list(pairwise(version for version in versions if is_dated(version)))


def is_dated(version: str) -> bool:
    """Whether the name of a version says where it stands among the others."""
    return bool(re.search(r"\d", version))


def _by_number(version: str) -> tuple[bool, list[int], str]:
    """2020-9 before 2020-10, what has no number last."""
    return not is_dated(version), [int(number) for number in re.findall(r"\d+", version)], version


def _of_folder(path: Path, package: dict[str, Any], name: str) -> Version:
    run = package.get("run", {})
    family = run.get("profile", {}).get("name", DEFAULT)
    return Version(
        package.get("version") or name,
        package.get("title") or "",
        read_back.records(path, every_place=False),
        family if family in available() else DEFAULT,
        run.get("source", {}).get("sha256", ""),
        path if path.is_dir() else path.parent,
    )


def _of_source(path: Path, profile: str | None) -> Version:
    made = catalog.run(path, profile=profile)
    described = made.source.described()
    title = described.get("title") or next(filter(None, (record.fields.get("table_title") for record in made.records)), "")
    return Version(
        described.get("version") or described["name"],
        title,
        made.records,
        made.source.family,
        made.document.sha256,
        source=made.source.path,
        document=made.document,
    )


def family_of(version: Version, profile: str | None) -> Profile:
    """The profile to compare with: the one asked for, else the one that the version was read with."""
    return load(profile or version.family)
