"""``catalog normalize``: tables that were extracted before into clean rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import options
from pipeline.errors import CatalogError


def normalize(
    tables: Annotated[
        Path, typer.Argument(metavar="TABLES", help="A tables.json, as `catalog extract` writes it.", show_default=False)
    ],
    output: options.Output = None,
    profile: options.Profile = None,
) -> None:
    """Turn a tables.json into the files that `catalog run` writes, without reading the source again."""
    from pipeline import export, raw, workspace
    from pipeline.catalog import from_document
    from pipeline.cli.finish import finish
    from pipeline.cli.progress import bar
    from pipeline.profile import load

    source = workspace.source_at(tables)
    if output is None and not source.in_tree:
        raise CatalogError(f"{tables}: does not lie at raw/<catalog>/<version>/, so say where to write: -o DIR")
    export.prepare(output or source.normalized)
    with bar(tables.name):
        made = from_document(raw.read(tables), source, load(profile or source.family), f"as in {tables.name}")
    raise typer.Exit(finish(made.parcel(output), source, output))
