"""``catalog correct``: a value as a person knows it to be, written down where it survives every later run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import options
from pipeline.errors import CatalogError


def correct(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `catalog run` wrote.", show_default=False)],
    row: Annotated[int, typer.Option("--row", help="The row, by its number in items.json.", show_default=False)],
    field: Annotated[str, typer.Option("--field", metavar="NAME", help="The field, by its name in items.json.")],
    value: Annotated[
        str | None,
        typer.Option(
            "--value",
            metavar="TEXT",
            help="What the value is; ； joins the entries of a list (at its end too where one holds 、).",
        ),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="How you know: the evidence that the next reader will ask for.")
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Correct every cell of the field that prints the same.")] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="The value is right as it is (or as --value gives it): clear its doubt.")
    ] = False,
    source: Annotated[
        Path | None,
        typer.Option("--source", metavar="FILE", help="The source of DIR. Not needed under normalized/.", show_default=False),
    ] = None,
    profile: options.Profile = None,
) -> None:
    """Correct one value: write a line into the lookups.csv beside the source, and make the rows again.

    Only that row changes, also where its cell is merged with others (with --all: every cell printed alike). The line holds as
    long as the same is printed there; one that matches nothing any more is an issue.
    """
    from pipeline import correct as room
    from pipeline.export import read_back

    if value is None and not confirm:
        raise CatalogError("say what is right: --value TEXT, or --confirm where the value is right as it is")
    place = room.find(folder, source, profile)
    before = read_back.records(place.output, every_place=False)
    made, path = room.correct(place, room.Correction(row, field, value, reason, every, confirm))
    told = [(old, new) for old, new in zip(before, made.records, strict=True) if old.fields[field] != new.fields[field]]
    for old, new in told:
        typer.echo(f"row {new.row}, {field}: {_plain(old.fields[field])} → {_plain(new.fields[field])}", err=True)
    if not told:
        typer.echo(f"row {row}, {field}: {_plain(before[row - 1].fields[field])}, no longer in doubt", err=True)
    typer.echo(f"{Path(os.path.relpath(path))}: written; {made.summary}", err=True)
    raise typer.Exit(1 if any(issue.severity == "error" for issue in made.issues) else 0)


def _plain(value: object) -> str:
    from pipeline.export.text import plain

    return plain(value) or "(blank)"
