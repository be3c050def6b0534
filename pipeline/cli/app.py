"""The commands, in the order in which ``--help`` shows them."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer

from pipeline import __version__

# A command, and the module and the function that it is.
COMMANDS = {
    "run": "run.run",
    "batch": "batch.batch",
    "extract": "extract.extract",
    "normalize": "normalize.normalize",
    "check": "check.check",
    "verify": "verify.verify",
    "explain": "explain.explain",
    "add": "add.add",
    "review": "review.review",
    "correct": "correct.correct",
    "diff": "diff.diff",
    "log": "history.log",
    "history": "history.history",
    "export-lexicon": "export_lexicon.export_lexicon",
    "debug": "debug.debug",
    "export": "export.export",
    "db": "db.db",
    "serve": "serve.serve",
    "engines": "show.engines",
    "profiles": "show.profiles",
}


def app_for(word: str = "") -> typer.Typer:
    """The program for a call whose first word is this: where that is a command, no other is loaded.

    Loading all of them and laying out their options takes as long as reading a catalog of ten pages.
    """
    app = typer.Typer(
        help="Turn published catalogs of disclosure (基层政务公开标准目录), PDF or text dump, into clean, traceable rows.",
        epilog="Exit codes: 0 done, 1 done with issues of severity error, 2 could not do it.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
    )
    app.callback()(_options)
    for name in (word,) if word in COMMANDS else COMMANDS:
        module, _, function = COMMANDS[name].partition(".")
        app.command(name)(getattr(import_module(f"pipeline.cli.{module}"), function))
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"catalog {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass
