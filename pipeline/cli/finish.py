"""The end of every command that makes rows: write them, and say on stderr what came out."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from pipeline.catalog import Catalog


def finish(catalog: Catalog, output: Path | None, why: str = "", report: bool | None = None) -> int:
    """Write into ``output``, or to the places in the tree; the exit code.

    ``why`` tells why it was done again, "" = asked for; ``report`` whether with a review page (None: as ``write`` decides).
    """
    if output is None:
        catalog.store(report=report)
    else:
        catalog.write(output, report=report)
    source = catalog.source
    name = f"{source.catalog}/{source.version}" if source.in_tree else catalog.document.source
    where = output or Path(os.path.relpath(source.normalized))
    typer.echo(f"{name}: {catalog.summary} → {where}" + (f" ({why})" if why else ""), err=True)
    return 1 if any(issue.severity == "error" for issue in catalog.issues) else 0
