"""The options that several commands share, and what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Engine = Annotated[
    str | None, typer.Option("--engine", metavar="NAME", help="How to read the source; `catalog engines` lists them.")
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME|PATH",
        help="The family of documents: a name from `catalog profiles`, or a folder. "
        "Without it: what source.toml beside the source names, else disclosure-catalog.",
    ),
]
Pages = Annotated[str | None, typer.Option("--pages", metavar="LIST", help="Read only these pages, counted from 1, e.g. 1-3,7.")]
Password = Annotated[str | None, typer.Option("--password", metavar="TEXT", help="The password of an encrypted PDF.")]
Limit = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=NUMBER",
        help="Allow a document more, or less, than the profile does before it is ended: seconds, page_seconds, memory (MiB), "
        "pages, objects, columns, image (millions of pixels), nesting. May be given several times.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        metavar="DIR",
        help="The folder to write; it is replaced as a whole. "
        "Not needed for a source at raw/CATALOG/VERSION/: its rows go to normalized/CATALOG/VERSION/.",
    ),
]


def limits(given: list[str] | None) -> dict[str, float]:
    """What ``--limit`` names, as numbers."""
    from pipeline.limits import parse

    return parse(given or ())


def page_numbers(text: str | None) -> frozenset[int] | None:
    """The numbers that ``--pages`` names, None for all."""
    from pipeline.engines.base import parse_pages

    return None if text is None else parse_pages(text)
