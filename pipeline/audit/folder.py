"""The files of an output folder, read once for all that look at them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline import raw, workspace
from pipeline.errors import OutputError
from pipeline.export import datapackage
from pipeline.model import Document

_LONGEST = 2**31 - 1


@dataclass
class Folder:
    """What stands in the folder; each part is parsed when it is first asked for."""

    path: Path
    package: dict[str, Any]
    _held: dict[str, bytes] = field(default_factory=dict)

    def bytes(self, name: str) -> bytes:
        """The content of a file; the tables of a folder under normalized/ lie beside the source."""
        if name not in self._held:
            path = self.path / name
            self._held[name] = (path if path.exists() or name != workspace.TABLES else self.beside_source).read_bytes()
        return self._held[name]

    @property
    def beside_source(self) -> Path:
        """Where the tables lie for a folder of the tree."""
        place = self.path.resolve()
        return place.parents[2] / workspace.RAW / place.parent.name / place.name / workspace.TABLES

    def lines(self, name: str) -> list[dict[str, str]]:
        """The lines of a CSV file, by column."""
        csv.field_size_limit(_LONGEST)
        return list(csv.DictReader(io.StringIO(self.bytes(name).decode("utf-8"), newline="")))

    @cached_property
    def items(self) -> list[dict[str, Any]]:
        """The rows of ``items.json``."""
        items: list[dict[str, Any]] = json.loads(self.bytes("items.json"))
        return items

    @cached_property
    def provenance(self) -> list[dict[str, str]]:
        """The lines of ``provenance.csv``."""
        return self.lines("provenance.csv")

    @cached_property
    def issues(self) -> list[dict[str, str]]:
        """The lines of ``issues.csv``."""
        return self.lines("issues.csv")

    @cached_property
    def document(self) -> Document:
        """What ``tables.json`` holds."""
        return raw.json_to_document(self.bytes(workspace.TABLES), workspace.TABLES)


def read(path: Path) -> Folder:
    """The folder; raises OutputError where no run of this program wrote it."""
    package = datapackage.read(path)
    if package is None:
        raise OutputError(f"{path}: no output of a run (no {datapackage.NAME} of this program); name the folder given to -o")
    return Folder(path, package)
