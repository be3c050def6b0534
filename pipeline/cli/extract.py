"""``catalog extract``: a source into its tables, exactly as printed."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import options
from pipeline.errors import CatalogError

if TYPE_CHECKING:
    from pipeline.engines.base import Progress


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
    limit: options.Limit = None,
) -> None:
    """Read a source and write its tables, cell by cell as printed, with the place of each cell."""
    from pipeline import guard, limits, workspace
    from pipeline.cli.progress import bar
    from pipeline.folder import write_file
    from pipeline.profile import load

    found = workspace.source_at(source)
    if output is None and not found.in_tree:
        raise CatalogError(f"{source}: does not lie at raw/<catalog>/<version>/, so say where to write: -o FILE")
    held = limits.of(load(found.family).settings, options.limits(limit))
    with bar(source.name) as progress:
        work = partial(_made, source, engine, options.page_numbers(pages), password)
        head, _, tables = guard.call(work, held, source.name, progress).partition(b"\n")
        write_file(output or found.tables, tables)
    told = json.loads(head)
    for line in told["issues"]:
        typer.echo(line, err=True)
    where = output or Path(os.path.relpath(found.tables))
    typer.echo(f"{source.name}: {told['counts']} → {where}", err=True)
    raise typer.Exit(1 if told["errors"] else 0)


def _made(path: Path, engine: str | None, pages: frozenset[int] | None, password: str | None, progress: Progress) -> bytes:
    """The work of a child: a line of JSON that says what is to be told, and the file."""
    from pipeline import account, raw
    from pipeline.export.text import encoded
    from pipeline.extract import extract as extract_document

    document = extract_document(path, engine, pages, password, progress)
    issues = account.account(document)
    tables = [table for page in document.pages for table in page.tables]
    told = {
        "issues": [f"{issue.severity}: {issue.code}: {issue.message}" for issue in issues],
        "counts": f"{len(document.pages)} pages, {len(tables)} tables, {sum(len(t.cells) for t in tables)} cells",
        "errors": sum(issue.severity == "error" for issue in issues),
    }
    return json.dumps(told).encode() + b"\n" + encoded(raw.document_to_json(document))
