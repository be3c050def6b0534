"""``catalog export-lexicon``: what people keep correcting, as lines for a profile's lexicons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import options


def export_lexicon(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to look for lookups.csv files, at any depth.", show_default=True)
    ] = Path("raw"),
    profile: options.Profile = None,
) -> None:
    """Propose lexicon lines from corrections made more than once; nothing is written, they are printed."""
    from pipeline import lookups_csv
    from pipeline.errors import LookupsError
    from pipeline.profile import DEFAULT, load
    from pipeline.proposals import proposed_terms

    if not folder.is_dir():
        raise LookupsError(f"{folder}: no such folder; name one with {lookups_csv.NAME} files in it, such as raw")
    family = load(profile or DEFAULT)
    files = sorted(folder.rglob(lookups_csv.NAME))
    entries = [replace(entry, origin=str(path)) for path in files for entry in lookups_csv.read(path, family)]
    proposed = proposed_terms(entries, family)
    for lexicon, terms in proposed.items():
        typer.echo(f"# {family.path.name}/lexicons/{lexicon}.txt")
        for term in terms:
            typer.echo(term)
    count = sum(map(len, proposed.values()))
    typer.echo(f"corrections: {len(entries)}, files: {len(files)}, new terms: {count}", err=True)
