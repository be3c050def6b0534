"""An output folder → what does not hold of it: digests computed anew, and every invariant looked at again.

Nothing is read a second time from the source, and no engine is asked: that is the cross-check (``pipeline.verify``), which runs
while the rows are made. This finds files that were changed, mixed or damaged afterwards, and a program that broke its word.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline import workspace
from pipeline.audit import files, histories, rows, tables
from pipeline.audit.folder import Folder, read
from pipeline.errors import SourceError

__all__ = ["CHECKS", "audit"]

Check = Callable[[Folder], list[str]]

# In words what is looked at, and by whom.
CHECKS: tuple[tuple[str, Check], ...] = (
    ("digests of the files", files.digests),
    ("the package's own entries", files.entries),
    ("items.csv says what items.json says", rows.equal),
    ("rows are numbered, values are of their types", rows.typed),
    ("cells tile, glyph accounts balance, or an issue says so", tables.accounted),
    ("each value has its lines in provenance.csv, and they say the same", histories.complete),
    ("each place in provenance.csv is printed", histories.placed),
    ("each doubt has its issue, each issue its row", histories.told),
)


def audit(folder: Path, source: Path | None = None) -> list[str]:
    """One line for each thing that does not hold, nothing where all does.

    ``source`` is the file that it was made from; a folder under normalized/ is compared with its source under raw/ unasked.
    Raises OutputError where no run wrote the folder, SourceError where ``source`` is missing.
    """
    found = read(folder)
    told = [line for _, check in CHECKS for line in _tried(check, found)]
    path = source or _source_of(folder)
    if source is not None and not source.is_file():
        raise SourceError(f"{source}: no such file; check the path")
    return told + (files.made_from(found, path) if path else [])


def _tried(check: Check, found: Folder) -> list[str]:
    try:
        return check(found)
    # A file that was damaged may break whatever looks at it.
    except Exception as error:
        return [f"cannot be looked at ({check.__name__}): {type(error).__name__}: {' '.join(str(error).split())[:200]}"]


def _source_of(folder: Path) -> Path | None:
    """The source of a folder ``normalized/<catalog>/<version>/``, where it is there."""
    place = folder.resolve()
    if place.parent.parent.name != workspace.NORMALIZED:
        return None
    home = place.parents[2] / workspace.RAW / place.parent.name / place.name
    found = [path for path in sorted(home.glob("source.*")) if path.suffix != ".toml"]
    return found[0] if len(found) == 1 else None
