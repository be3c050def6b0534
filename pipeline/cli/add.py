"""``catalog add``: a received file into the tree, and run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import options


def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A PDF or a text dump.", show_default=False)],
    catalog: Annotated[str, typer.Option("--catalog", metavar="NAME", help="The catalog that it is a version of.")],
    version: Annotated[str, typer.Option("--version", metavar="V", help="The version, such as 2023: it orders the versions.")],
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Where it was published.")] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="The title of the catalog.")] = "",
    issuer: Annotated[str, typer.Option("--issuer", metavar="TEXT", help="Who published it.")] = "",
    profile: options.Profile = None,
    engine: options.Engine = None,
    password: options.Password = None,
) -> None:
    """Put a source at raw/NAME/V/, with a source.toml that says what it is, and run it.

    The file is copied, not moved. The same file again is no error; another file for the same version is.
    """
    from pipeline import add as room
    from pipeline.cli.run import Request, run_one

    described = {"title": title, "issuer": issuer, "url": url, "family": profile or ""}
    source = room.add(file, catalog, version, {name: value for name, value in described.items() if value})
    path = Path(os.path.relpath(source.path))
    typer.echo(f"{file}: {path}", err=True)
    raise typer.Exit(run_one(Request(engine=engine, profile=profile, password=password), path))
