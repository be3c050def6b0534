"""The commands, in the order in which ``--help`` shows them."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import (
    add,
    batch,
    check,
    correct,
    db,
    debug,
    diff,
    explain,
    export,
    export_lexicon,
    extract,
    history,
    normalize,
    review,
    run,
    serve,
    show,
    verify,
)

app = typer.Typer(
    help="Turn published catalogs of disclosure (基层政务公开标准目录), PDF or text dump, into clean, traceable rows.",
    epilog="Exit codes: 0 done, 1 done with issues of severity error, 2 could not do it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"catalog {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


app.command("run")(run.run)
app.command("batch")(batch.batch)
app.command("extract")(extract.extract)
app.command("normalize")(normalize.normalize)
app.command("check")(check.check)
app.command("verify")(verify.verify)
app.command("explain")(explain.explain)
app.command("add")(add.add)
app.command("review")(review.review)
app.command("correct")(correct.correct)
app.command("diff")(diff.diff)
app.command("log")(history.log)
app.command("history")(history.history)
app.command("export-lexicon")(export_lexicon.export_lexicon)
app.command("debug")(debug.debug)
app.command("export")(export.export)
app.command("db")(db.db)
app.command("serve")(serve.serve)
app.command("engines")(show.engines)
app.command("profiles")(show.profiles)
