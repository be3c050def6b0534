"""``catalog export``: what a run wrote, in the formats of other systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    source: Annotated[
        str,
        typer.Argument(
            metavar="DIR|NAME",
            help="A folder that `catalog run` wrote, or a name under normalized/: CATALOG/VERSION, or CATALOG for all of it.",
            show_default=False,
        ),
    ],
    to: Annotated[
        list[str],
        typer.Option(
            "--to",
            metavar="FORMAT",
            help="xlsx, parquet, sqlite, duckdb, csv-excel, jsonl or markdown; several parted by commas, or --to again.",
        ),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The folder to write the files into.")] = Path(
        "."
    ),
    merged: Annotated[bool, typer.Option("--merged", help="Merge the cells that the source prints merged (xlsx only).")] = False,
) -> None:
    """Write the rows as a workbook, a table or a database file, named after the catalog and its version."""
    from pipeline.export import feed, formats
    from pipeline.export.find import folders
    from pipeline.folder import write_file

    wanted = formats.chosen(to)
    for folder in folders(source):
        read = feed.read(folder)
        for form in wanted:
            data = formats.data(form, read, merged)
            target = output / f"{read.name}{form.suffix}"
            write_file(target, data)
            typer.echo(f"{folder}: {len(read.records)} rows, {len(data):,} bytes → {target}", err=True)
