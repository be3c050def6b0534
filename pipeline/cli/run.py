"""``catalog run``: a source, or everything under raw/, into clean rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import options
from pipeline.errors import CatalogError, SourceError

if TYPE_CHECKING:
    from pipeline.engines.base import Progress
    from pipeline.workspace import Source


def run(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="SOURCE",
            help="A PDF or a text dump, or a folder under raw/. Without it: everything under raw/ that is new or changed.",
            show_default=False,
        ),
    ] = None,
    output: options.Output = None,
    engine: options.Engine = None,
    profile: options.Profile = None,
    pages: options.Pages = None,
    password: options.Password = None,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify/--no-verify",
            help="Have pdfplumber and camelot read the same pages, and doubt what they read otherwise. Slower; "
            "only for PDFs that the engine lattice reads. (`catalog verify DIR` looks at files that were written.)",
        ),
    ] = True,
    limit: options.Limit = None,
    report: Annotated[
        bool,
        typer.Option("--report/--no-report", help="Write report.html, the page on which a person checks the rows."),
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Also run what is up to date.")] = False,
) -> None:
    """Read a source and write its rows, their history and its issues.

    Writes items.json and items.csv (the rows), provenance.csv (where each value comes from, and each doubt), issues.csv
    (what to look at), tables.json (the tables as printed), datapackage.json (what all of it is) and report.html (all of it
    beside the pages, to be checked in a browser).
    """
    numbers = options.page_numbers(pages)
    request = Request(output, engine, profile, numbers, password, verify, report, options.limits(limit))
    if source is not None and not source.is_dir():
        raise typer.Exit(run_one(request, source))
    raise typer.Exit(_run_tree(request, source or Path("raw"), force))


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for each source."""

    output: Path | None = None
    engine: str | None = None
    profile: str | None = None
    pages: frozenset[int] | None = None
    password: str | None = None
    verify: bool = True
    report: bool = True
    limits: dict[str, float] = field(default_factory=dict)


def _run_tree(request: Request, folder: Path, force: bool) -> int:
    """Every source under a folder of the tree; one that fails does not keep the others from being done."""
    from pipeline import export, rebuild
    from pipeline.profile import load
    from pipeline.workspace import sources

    if request.output:
        raise CatalogError("-o goes with one SOURCE; what lies under raw/ is written to normalized/")
    found = list(sources(folder)) if folder.is_dir() else []
    if not found:
        raise SourceError(f"{folder}: no source there; expected raw/<catalog>/<version>/source.pdf (or .txt), or name a SOURCE")
    codes, kept = [0], []
    for source in found:
        try:
            # A run that was killed at its very end leaves the old folder beside the new one.
            export.prepare(source.normalized)
            family = load(request.profile or source.family)
            why = (
                "forced" if force else rebuild.why(source, request.engine, request.pages, family, request.verify, request.report)
            )
            if why:
                codes.append(run_one(request, source.path, why))
            else:
                errors = _errors(source)
                codes.append(1 if errors else 0)
                kept.append(f"{source.catalog}/{source.version}" + (f" (errors: {errors})" if errors else ""))
        except CatalogError as error:
            typer.echo(f"catalog: {' '.join(str(error).split())}", err=True)
            codes.append(2)
    if kept:
        typer.echo(f"up to date (same source, profile, overrides and program): {', '.join(kept)}", err=True)
    return max(codes)


def _errors(source: Source) -> int:
    """How many errors the run found that wrote what is up to date."""
    from pipeline.export import issues_csv

    return sum(line["severity"] == "error" for line in issues_csv.read(source.normalized / "issues.csv"))


def run_one(request: Request, path: Path, why: str = "") -> int:
    """Run one source; the exit code. ``why`` it is run is told with what came out."""
    from pipeline.engines.base import check_file

    # What is no source is refused before anything that takes its time.
    if path.is_file() or not path.exists():
        check_file(path)
    from pipeline import export, guard, limits, parcel, workspace
    from pipeline.cli.finish import finish
    from pipeline.cli.progress import bar
    from pipeline.profile import load

    source = workspace.source_at(path)
    if request.output is None and not source.in_tree:
        raise CatalogError(f"{path}: does not lie at raw/<catalog>/<version>/, so say where to write: -o DIR")
    export.prepare(request.output or source.normalized)
    held = limits.of(load(request.profile or source.family).settings, request.limits)
    with bar(path.name) as progress:
        made = parcel.from_bytes(guard.call(partial(_made, request, path), held, path.name, progress))
    return finish(made, source, request.output, why)


def _made(request: Request, path: Path, progress: Progress) -> bytes:
    """All of the work, in a child: also what cleans the rows is held to the limits, and only finished files come back."""
    from pipeline import catalog

    made = catalog.run(
        path,
        engine=request.engine,
        profile=request.profile,
        pages=request.pages,
        password=request.password,
        verify=request.verify,
        limits=request.limits,
        isolate=False,
        draw=request.report,
        progress=progress,
    )
    return made.parcel(request.output, report=request.report).to_bytes()
