"""Which output folders a path or a name stands for."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import OutputError
from pipeline.export import datapackage
from pipeline.workspace import NORMALIZED


def folders(name: str) -> list[Path]:
    """The output folder at a path, or else all under it, by name; a name that is no path is looked up under ``normalized/``.

    Raises OutputError where there is none.
    """
    for base in (Path(name), Path(NORMALIZED) / name):
        if found := under(base):
            return found
    known = ", ".join(folder.relative_to(NORMALIZED).as_posix() for folder in under(Path(NORMALIZED))[:5]) or "nothing yet"
    raise OutputError(f"{name}: no folder that `catalog run` wrote, and no name under {NORMALIZED}/ (there: {known})")


def under(base: Path) -> list[Path]:
    """``base`` itself where a run wrote it, else the output folders in it and in the folders in it."""
    if datapackage.is_ours(base):
        return [base]
    if not base.is_dir():
        return []
    paths = (path.parent for path in (*base.glob(f"*/{datapackage.NAME}"), *base.glob(f"*/*/{datapackage.NAME}")))
    return sorted(path for path in paths if datapackage.is_ours(path))
