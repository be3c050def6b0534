"""``catalog check``: what an output folder says about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `catalog run` wrote.", show_default=False)],
) -> None:
    """Print the issues of a folder, and verify that its files are whole and agree with each other."""
    from pipeline.export import agree, issues_csv

    told = agree.disagreements(folder)
    issues = issues_csv.read(folder / "issues.csv") if (folder / "issues.csv").is_file() else []
    for line in issues:
        where = [f"{name} {line[name]}" for name in ("row", "seq", "field", "page") if line[name]]
        typer.echo(f"{line['severity']}: {line['code']}: {line['message']}" + (f" ({', '.join(where)})" if where else ""))
    for message in told:
        typer.echo(f"error: files: {message}")
    errors = sum(line["severity"] == "error" for line in issues) + len(told)
    agreed = "the files agree" if not told else "the files do not agree"
    typer.echo(f"{folder}: {len(issues)} issues, {errors} errors, {agreed}", err=True)
    raise typer.Exit(1 if errors else 0)
