"""``catalog batch``: many documents at once, each into a folder of its own."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import options
from pipeline.errors import CatalogError

if TYPE_CHECKING:
    from pipeline.batch import Job, Ledger, Outcome, Settings
    from pipeline.batch.pace import Pace

# How often progress is told where it is not drawn: in the log of a run that takes a night.
_TELL_SECONDS = 30.0


def batch(
    documents: Annotated[
        list[str],
        typer.Argument(
            metavar="GLOB...",
            help="Documents, or patterns of them in quotes (** for folders of any depth); also URLs such as s3://bucket/**/*.pdf.",
            show_default=False,
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="DIR", help="Where to write, a folder for each document; may be a URL.", show_default=False
        ),
    ],
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", min=1, metavar="N", help="Documents at once. Without it: one a processor.")
    ] = None,
    engine: options.Engine = None,
    profile: options.Profile = None,
    password: options.Password = None,
    verify: Annotated[
        bool, typer.Option("--verify/--no-verify", help="Have pdfplumber and camelot read the same pages, as in `run`.")
    ] = True,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Also write report.html, the page on which a person checks the rows.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Also do what is done.")] = False,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="SECONDS", help="End a document that takes longer.")
    ] = 300.0,
    memory_limit: Annotated[int, typer.Option("--memory-limit", metavar="MIB", help="End a document that takes more.")] = 1024,
    limit: options.Limit = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="ADDRESS", help="Run on the dask.distributed cluster there, e.g. tcp://host:8786."),
    ] = None,
    local_cluster: Annotated[
        bool, typer.Option("--local-cluster", help="Run on a dask.distributed cluster of N workers, started for this.")
    ] = False,
) -> None:
    """Do many documents; one that fails does not stop the others, and what is done is not done again.

    Writes for each document the folder that `run` writes, under its name below DIR; documents.csv (what is done, with counts)
    and failures.csv (what is not, and why). Leaves with 1 where there are failures or issues of severity error.
    """
    from pipeline import batch as many

    if scheduler and local_cluster:
        raise CatalogError("--scheduler and --local-cluster: take one of them")
    changed = options.limits(limit)
    seconds, memory = changed.pop("seconds", time_limit), changed.pop("memory", float(memory_limit)) * 2**20
    limits = tuple(sorted(changed.items()))
    settings = many.settled(many.Settings(engine, profile, password, verify, force, seconds, int(memory), report, limits))
    found = many.find(documents, output)
    ledger = many.Ledger(output)
    processes = jobs or _processors()
    with closing(_outcomes(found, settings, scheduler, local_cluster, processes)) as outcomes, _progress(len(found)) as tell:
        for outcome in outcomes:
            ledger.add(outcome)
            tell(outcome)
    ledger.close()
    typer.echo(f"{_summary(ledger)} → {output}", err=True)
    raise typer.Exit(_code(ledger))


def _outcomes(
    jobs: list[Job], settings: Settings, scheduler: str | None, local_cluster: bool, processes: int
) -> Generator[Outcome, None, None]:
    if scheduler or local_cluster:
        from pipeline.batch import cluster

        yield from cluster.outcomes(jobs, settings, scheduler, processes)
    else:
        from pipeline.batch import pool

        yield from pool.outcomes(jobs, settings, processes)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _summary(ledger: Ledger) -> str:
    outcomes = ledger.outcomes.values()
    failed = ledger.count("failed")
    told = [f"{ledger.count('made')} made", f"{ledger.count('kept')} up to date", f"{failed} failed"]
    rows, errors = (sum(getattr(outcome, name) for outcome in outcomes) for name in ("rows", "errors"))
    where = " (failures.csv)" if failed else ""
    return f"{len(outcomes)} documents: {', '.join(told)}{where}; {rows} rows, {errors} issues of severity error"


def _code(ledger: Ledger) -> int:
    if ledger.count("failed") == len(ledger.outcomes):
        return 2
    return 1 if any(outcome.state == "failed" or outcome.errors for outcome in ledger.outcomes.values()) else 0


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Outcome], None]]:
    """A function to call with each outcome: a bar on a terminal, elsewhere a line now and then; each failure is a line."""
    from pipeline.batch.pace import Pace

    pace = Pace(total)
    if not sys.stderr.isatty():
        yield _lines(pace)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    with Progress(BarColumn(), TextColumn("{task.description}"), console=console, transient=True) as display:
        bar = display.add_task(pace.told, total=total)

        def tell(outcome: Outcome) -> None:
            pace.step()
            if outcome.state == "failed":
                console.print(_failure(outcome), markup=False, highlight=False)
            display.update(bar, completed=pace.done, description=pace.told)

        yield tell


def _lines(pace: Pace) -> Callable[[Outcome], None]:
    told = time.monotonic()

    def tell(outcome: Outcome) -> None:
        nonlocal told
        pace.step()
        if outcome.state == "failed":
            typer.echo(_failure(outcome), err=True)
        if time.monotonic() - told > _TELL_SECONDS:
            typer.echo(pace.told, err=True)
            told = time.monotonic()

    return tell


def _failure(outcome: Outcome) -> str:
    message = outcome.message.removeprefix(f"{outcome.document}: ")
    return f"{outcome.document}: failed ({outcome.reason}): {message}"
