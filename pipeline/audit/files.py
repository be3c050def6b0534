"""Whether the files are those that were written, and made from what they say."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.audit.folder import Folder
from pipeline.engines.base import digest
from pipeline.export import DATA
from pipeline.workspace import TABLES

PACKAGE = "datapackage.json"


def digests(folder: Folder) -> list[str]:
    """Files that are missing or not as they were written, the tables beside the source included."""
    told = []
    for resource in folder.package["resources"]:
        name = resource["path"]
        if not (folder.path / name).is_file():
            told.append(f"{name}: is missing")
        elif _sha256(folder.bytes(name)) != resource["hash"].removeprefix("sha256:"):
            told.append(f"{name}: is not as it was written (its sha256 differs)")
        elif len(folder.bytes(name)) != resource["bytes"]:
            told.append(f"{PACKAGE}: says that {name} has {resource['bytes']} bytes, it has {len(folder.bytes(name))}")
    try:
        same = _sha256(folder.bytes(TABLES)) == folder.package["run"]["tables"]
    except OSError:
        return [*told, f"{TABLES}: is missing"]
    return told if same else [*told, f"{TABLES}: is not what the rows were made from (its sha256 differs)"]


def entries(folder: Folder) -> list[str]:
    """What the package says of itself."""
    run, named = folder.package["run"], [resource["path"] for resource in folder.package["resources"]]
    missing = [name for name in DATA if name not in (*named, PACKAGE, TABLES)]
    told = [f"{PACKAGE}: does not list {name}" for name in missing]
    if run["inputs"]["source"] != run["source"]["sha256"]:
        told.append(f"{PACKAGE}: names two different sources")
    if run["inputs"]["profile"] != run["profile"]["sha256"]:
        told.append(f"{PACKAGE}: names two different profiles")
    if run["inputs"]["engine"] != run["engine"].split()[0]:
        told.append(f"{PACKAGE}: names two different engines")
    document = folder.document
    said = (run["source"]["name"], run["source"]["sha256"], run["engine"])
    if said != (document.source, document.sha256, document.engine):
        told.append(f"{TABLES}: was read from another source, or by another engine, than {PACKAGE} says")
    return told


def made_from(folder: Folder, source: Path) -> list[str]:
    """Whether this is the source."""
    if digest(source) == folder.package["run"]["source"]["sha256"]:
        return []
    return [f"{source.name}: is not the file that the rows were made from (its sha256 differs)"]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
