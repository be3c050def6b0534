"""``catalog extract``: a source into its tables, exactly as printed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import options
from pipeline.errors import CatalogError


def extract(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A PDF or a text dump.", show_default=False)],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The file to write. Not needed for a source at raw/CATALOG/VERSION/: tables.json beside it.",
        ),
    ] = None,
    engine: options.Engine = None,
    pages: options.Pages = None,
    password: options.Password = None,
) -> None:
    """Read a source and write its tables, cell by cell as printed, with the place of each cell."""
    from pipeline import account, raw, workspace
    from pipeline.cli.progress import bar
    from pipeline.export.text import encoded
    from pipeline.extract import extract as extract_document
    from pipeline.folder import write_file

    found = workspace.source_at(source)
    if output is None and not found.in_tree:
        raise CatalogError(f"{source}: does not lie at raw/<catalog>/<version>/, so say where to write: -o FILE")
    with bar(source.name) as progress:
        document = extract_document(source, engine, options.page_numbers(pages), password, progress)
        write_file(output or found.tables, encoded(raw.document_to_json(document)))
    issues = account.account(document)
    errors = [issue for issue in issues if issue.severity == "error"]
    for issue in issues:
        typer.echo(f"{issue.severity}: {issue.code}: {issue.message}", err=True)
    tables = [table for page in document.pages for table in page.tables]
    cells = sum(len(table.cells) for table in tables)
    where = output or Path(os.path.relpath(found.tables))
    typer.echo(f"{source.name}: {len(document.pages)} pages, {len(tables)} tables, {cells} cells → {where}", err=True)
    raise typer.Exit(1 if errors else 0)
