"""The end of every command that makes rows: write them, and say on stderr what came out."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from pipeline.parcel import Parcel
from pipeline.workspace import Source


def finish(parcel: Parcel, source: Source, output: Path | None, why: str = "") -> int:
    """Write into ``output``, or to the places in the tree; the exit code. ``why`` tells why it was done again, "" = asked for."""
    parcel.write(source, output)
    name = f"{source.catalog}/{source.version}" if source.in_tree else parcel.source
    where = output or Path(os.path.relpath(source.normalized))
    typer.echo(f"{name}: {parcel.summary} → {where}" + (f" ({why})" if why else ""), err=True)
    return 1 if parcel.errors else 0
