"""The tree ``raw/<catalog>/<version>/`` and ``normalized/<catalog>/<version>/``: what lies where, and what is known of it.

A source in the tree is named ``source.pdf``, ``source.txt`` …; ``source.toml`` beside it says what it is. A source
anywhere else is just a file: it has no version, and its output goes where the caller says.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import SourceError
from pipeline.profile import DEFAULT, Profile

RAW = "raw"
NORMALIZED = "normalized"
TABLES = "tables.json"
SOURCE_TOML = "source.toml"


@dataclass(frozen=True, slots=True)
class Source:
    """A source file and what is known of it before it is read; ``meta`` is its ``source.toml``, values as text.

    ``in_tree`` is True for ``raw/<catalog>/<version>/source.*``; ``catalog`` and ``version`` are the folders' names there.
    """

    path: Path
    in_tree: bool = False
    catalog: str = ""
    version: str = ""
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def tables(self) -> Path:
        """Where the tables of a source in the tree are kept."""
        return self.path.with_name(TABLES)

    @property
    def normalized(self) -> Path:
        """Where the rows of a source in the tree are kept."""
        return self.path.parents[3] / NORMALIZED / self.catalog / self.version

    @property
    def family(self) -> str:
        """The profile that ``source.toml`` names, or the default one."""
        return self.meta.get("family") or DEFAULT

    def lookup_folders(self, profile: Profile) -> list[tuple[str, Path]]:
        """Where a ``lookups.csv`` may lie, in words and as a folder, the nearest first."""
        catalog_folder = [("of the catalog", self.path.parent.parent)] if _by_convention(self.path) else []
        return [("beside the source", self.path.parent), *catalog_folder, (f"of the profile {profile.name}", profile.path)]

    def described(self) -> dict[str, str]:
        """What is known of the catalog, for ``datapackage.json``."""
        place = {"name": f"{self.catalog}-{self.version}", "version": self.version} if self.in_tree else {}
        return {"name": self.path.stem} | place | self.meta


def source_at(path: Path) -> Source:
    """What is known of the source (or of the ``tables.json``) at this path; raises SourceError for a bad source.toml."""
    path = Path(os.path.abspath(path))
    folder = path.parent
    meta = _read_meta(folder / SOURCE_TOML)
    if not _by_convention(path):
        return Source(path, version=meta.get("version", ""), meta=meta)
    in_tree = folder.parent.parent.name == RAW
    return Source(path, in_tree, folder.parent.name, folder.name, meta)


def sources(folder: Path) -> Iterator[Source]:
    """All sources in ``raw/`` or in a folder under it, by name.

    Raises SourceError where one is not at ``raw/<catalog>/<version>/source.*``, or is not the only one there.
    """
    for home in sorted({path.parent for path in folder.glob("**/source.*")}):
        # What a killed `catalog add` left; the next one for this version tidies it up.
        if home.name.startswith("."):
            continue
        found = [path for path in sorted(home.glob("source.*")) if path.suffix != ".toml"]
        if len(found) != 1:
            names = ", ".join(path.name for path in found) or "none"
            raise SourceError(f"{home}: must hold one source besides source.toml (found: {names})")
        source = source_at(found[0])
        if not source.in_tree:
            raise SourceError(f"{found[0]}: must lie at {RAW}/<catalog>/<version>/{found[0].name}")
        yield source


def _by_convention(path: Path) -> bool:
    return path.stem == "source" or path.name == TABLES


def _read_meta(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"{path}: is no valid TOML: {error}") from error
    return {key: value if isinstance(value, str) else str(value) for key, value in data.items()}


def write_meta(path: Path, meta: Mapping[str, str], source: str) -> None:
    """Write a source.toml that says this of the file ``source`` beside it."""
    # A text in JSON is a text in TOML, but for the delete character (toml.io/en/v1.0.0#string).
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n".replace("\x7f", "\\u007f") for key, value in meta.items())
    header = f"# What is known of {source}, as it was received. The file itself is never edited.\n"
    path.write_text(header + "".join(lines), encoding="utf-8")
