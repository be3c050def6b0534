"""``catalog db``: everything under normalized/ in one SQLite database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def db(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The folder with CATALOG/VERSION/ in it.", show_default=True)
    ] = Path("normalized"),
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="The database. Without it: catalogs.db in DIR."),
    ] = None,
) -> None:
    """Build the database of all catalogs and versions, or bring it in step: only what is new, changed or gone is done."""
    from pipeline.cli.progress import bar
    from pipeline.db import NAME, update

    target = output or folder / NAME
    with bar(str(target)) as progress:
        told = update(folder, target, progress)
    for message in told.failed:
        typer.echo(f"catalog: {' '.join(message.split())}", err=True)
    counts = ((told.added, "added"), (told.replaced, "replaced"), (told.removed, "removed"), (told.kept, "up to date"))
    done = ", ".join(f"{len(names)} {what}" for names, what in counts if names) or "nothing done"
    typer.echo(f"{target}: versions: {done}" + (f", {len(told.failed)} could not be read" if told.failed else ""), err=True)
    raise typer.Exit(1 if told.failed else 0)
