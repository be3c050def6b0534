"""``catalog serve``: the database in a browser, and over HTTP as JSON and CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    database: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="A database that `catalog db` made.", show_default=True)
    ] = Path("normalized/catalogs.db"),
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="The address to listen at; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port to listen at.")] = 8001,
) -> None:
    """Open the database in Datasette: search, facets and ready-made queries, as pages, JSON and CSV. It is only read.

    Ends with Ctrl-C.
    """
    from pipeline import serve as server

    typer.echo(f"{database}: http://{host}:{port}/catalogs (Ctrl-C ends it)", err=True)
    server.serve(database, host, port)
