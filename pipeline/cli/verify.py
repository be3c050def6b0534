"""``catalog verify``: whether an output folder is what a run wrote, and keeps what a run promises."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `catalog run` wrote.", show_default=False)],
    source: Annotated[
        Path | None,
        typer.Option(
            "--source",
            metavar="FILE",
            help="The source of DIR, to compare its digest. Not needed under normalized/.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Recompute every digest and look at every invariant again; nothing is read a second time from the source.

    (`catalog run --verify` is something else: other engines read the source, while the rows are made. `catalog check` prints
    the issues.) Leaves with 0 where all holds, 1 where something does not, 2 where DIR is no output of a run.
    """
    from pipeline.audit import CHECKS, audit

    told = audit(folder, source)
    for line in told:
        typer.echo(line)
    typer.echo(f"{folder}: {len(told)} faults" if told else f"{folder}: all holds ({len(CHECKS)} checks)", err=True)
    raise typer.Exit(1 if told else 0)
