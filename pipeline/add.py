"""A file that was received → its place in the tree: ``raw/<catalog>/<version>/source.*``, with a ``source.toml`` beside it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipeline import engines, folder, workspace
from pipeline.engines.base import check_file, digest
from pipeline.errors import SourceError
from pipeline.workspace import SOURCE_TOML, Source

# A name that is a folder's name on every system, and no option, hidden file or way out of the tree.
_NAME = re.compile(r"\w[\w.+ -]*", re.UNICODE)


def add(file: Path, catalog: str, version: str, described: Mapping[str, str], root: Path = Path(".")) -> Source:
    """Put a file in its place; the source that it is then.

    ``described`` goes into source.toml as it is. The place appears as a whole or not at all; a file that is there already,
    byte for byte, stays. Raises SourceError where another one is, or where the file or a name cannot be used.
    """
    check_file(file)
    engines.choose(file)
    for option, name in (("--catalog", catalog), ("--version", version)):
        if not _NAME.fullmatch(name) or name.endswith((".", " ")) or ".." in name:
            raise SourceError(f"{option} {name!r}: cannot be a folder's name; use letters, digits and - _ . + inside it")
    sha256 = digest(file)
    target = root / workspace.RAW / catalog / version
    if target.exists():
        return _known(target, file, sha256)
    with folder.replaced(target, (), lambda _: False) as fresh:
        placed = fresh / f"source{file.suffix.lower()}"
        shutil.copyfile(file, placed)
        workspace.write_meta(fresh / SOURCE_TOML, {**described, "sha256": sha256}, placed.name)
    return workspace.source_at(target / f"source{file.suffix.lower()}")


def _known(target: Path, file: Path, sha256: str) -> Source:
    source = next(iter(workspace.sources(target)), None)
    if source is None or digest(source.path) != sha256:
        there = source.path if source else target
        raise SourceError(f"{there}: another source is there, and what was received is never replaced; choose another --version")
    return source
