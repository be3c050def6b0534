"""``catalog review``: the report of an output folder in a browser, where its values can be confirmed and corrected."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import options


def review(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `catalog run` wrote.", show_default=False)],
    source: Annotated[
        Path | None,
        typer.Option("--source", metavar="FILE", help="The source of DIR. Not needed under normalized/.", show_default=False),
    ] = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="The address to listen at; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port to listen at; 0: any.")] = 8002,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = False,
    profile: options.Profile = None,
    password: options.Password = None,
) -> None:
    """Open the report of DIR with a form for decisions: confirm a value, correct it, or take that back.

    Each decision goes at once into the lookups.csv beside the source, and the files of DIR are made again. Several people may
    decide at once. Open the printed address: it holds a key without which the server answers nobody. Ends with Ctrl-C.
    """
    from pipeline import correct
    from pipeline.review import Desk
    from pipeline.review.server import serve

    desk = Desk(correct.find(folder, source, profile), password)

    def ready(address: str) -> None:
        typer.echo(f"{folder}: {address} (Ctrl-C ends it)", err=True)
        if browser:
            typer.launch(address)

    serve(desk, host, port, ready)
