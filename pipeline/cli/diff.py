"""``catalog diff``: what changed between two versions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import options
from pipeline.errors import CatalogError

if TYPE_CHECKING:
    from pipeline.report import View
    from pipeline.versions import Version


def diff(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[OLD NEW | CATALOG OLD NEW]",
            help="Two folders that `catalog run` wrote (or sources), or a catalog of the tree and two of its versions. "
            "Without any: each version of each catalog against the one before it.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            help="The folder to write; it is replaced as a whole. "
            "Not needed for versions of the tree: normalized/CATALOG/OLD..NEW/.",
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="json|md|html|csv", help="Print this instead of a report for the terminal."),
    ] = None,
    fields: Annotated[str | None, typer.Option("--fields", metavar="LIST", help="Compare only these fields, by name.")] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="LIST", help="Only these kinds: added,removed,renamed,moved,changed.")
    ] = None,
    ignore_doubtful: Annotated[
        bool, typer.Option("--ignore-doubtful", help="Leave out what rests on a doubted value or on an unsure match.")
    ] = False,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="zh|en", help="Of the report. Without it: English on the terminal, Chinese in files."),
    ] = None,
    profile: options.Profile = None,
) -> None:
    """Say what changed between two versions: rows added, removed, renamed, moved, and each changed field.

    Rows are matched by names and context, so a new serial number is no change and a renamed item is not one removed and one
    added. With a folder to write to: changes.json, changes.md, changes.html and changes.csv (daff's highlighter format).
    Leaves with 0 where the versions are equal, 1 where they differ, 2 where they could not be compared.
    """
    from pipeline.diff import KINDS

    request = _Request(
        form, _names(fields), _kinds(only, KINDS), not ignore_doubtful, language, profile, output, fields is only is None
    )
    match what or []:
        case []:
            raise typer.Exit(_all(request))
        case [old, new]:
            raise typer.Exit(_two(request, Path(old), Path(new)))
        case [name, old, new]:
            raise typer.Exit(_of_tree(request, name, old, new))
    raise CatalogError(f"diff: takes OLD NEW, or CATALOG OLD NEW, or nothing; got {len(what or [])} names")


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked of each comparison; ``whole`` tells that nothing was left out by a filter."""

    form: str | None
    fields: Collection[str] | None
    kinds: Collection[str] | None
    doubtful: bool
    language: str | None
    profile: str | None
    output: Path | None
    whole: bool


def _names(text: str | None) -> list[str] | None:
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


def _kinds(text: str | None, known: Collection[str]) -> list[str] | None:
    kinds = _names(text)
    for kind in kinds or []:
        if kind not in known:
            raise CatalogError(f"--only {kind}: no such kind; there are {', '.join(known)}")
    return kinds


def _two(request: _Request, old: Path, new: Path) -> int:
    from pipeline import versions

    before, after = versions.read(old, request.profile), versions.read(new, request.profile)
    if before.name == after.name:
        before, after = replace(before, name=str(old)), replace(after, name=str(new))
    return _compare(request, before, after, request.output)


def _of_tree(request: _Request, name: str, old: str, new: str) -> int:
    from pipeline import versions, workspace

    target = request.output
    if target is None and request.whole and request.doubtful and request.form is None:
        target = Path(workspace.NORMALIZED, name, f"{old}{versions.BETWEEN}{new}")
    return _compare(request, versions.in_tree(name, old), versions.in_tree(name, new), target)


def _all(request: _Request) -> int:
    from pipeline import versions

    if request.output:
        raise CatalogError("-o goes with two versions; what lies in the tree is written to normalized/")
    codes = [0]
    for name in versions.catalogs():
        found = versions.names(name)
        undated = [version for version in found if not versions.is_dated(version)]
        if undated and len(found) > 1:
            told = f"no number in its name says where it stands; compare it by: catalog diff {name} OLD NEW"
            typer.echo(f"{name}: left out {', '.join(undated)}: {told}", err=True)
        codes += [_of_tree(request, name, old, new) for old, new in versions.successive(found)]
    if len(codes) == 1:
        typer.echo("nothing to compare: no catalog in raw/ or normalized/ has two versions", err=True)
    return max(codes)


def _compare(request: _Request, old: Version, new: Version, target: Path | None) -> int:
    from pipeline import report, sights, versions
    from pipeline.diff import diff as compare
    from pipeline.diff import narrowed
    from pipeline.export import changes

    family = versions.family_of(new, request.profile)
    _check_fields(request.fields, old, new)
    found = narrowed(compare(old.records, new.records, family, request.fields), request.kinds, request.doubtful)
    shows = target is not None or request.form == "html"
    seen = [sights.sight(side) if shows else None for side in (old, new)]
    sides = [
        report.Side(side.name, side.title, side.records, side.sha256, sight) for side, sight in zip((old, new), seen, strict=True)
    ]
    if request.form is not None and request.form not in changes.FORMATS:
        raise CatalogError(f"--format {request.form}: no such format; there are {', '.join(changes.FORMATS)}")
    written = report.view(found, sides[0], sides[1], family, request.language or "zh")
    pictures = {
        name: sights.drawn(side, sight, written.pages(name))
        for name, side, sight in zip(("old", "new"), (old, new), seen, strict=True)
    }
    if target:
        changes.write(target, found, written, family, pictures)
    if request.form:
        typer.echo(changes.text(request.form, found, written, family, pictures), nl=False)
    else:
        _print(report.view(found, sides[0], sides[1], family, request.language or "en"))
    if target:
        typer.echo(f"{old.name}{versions.BETWEEN}{new.name} → {target}", err=True)
    return 1 if found.different else 0


def _check_fields(fields: Collection[str] | None, old: Version, new: Version) -> None:
    known = dict.fromkeys(name for version in (old, new) for record in version.records for name in record.fields)
    for name in fields or []:
        if name not in known:
            raise CatalogError(f"--fields {name}: no such field; there are {', '.join(known)}")


def _print(view: View) -> None:
    from rich.console import Console

    from pipeline import report

    console = Console(highlight=False, soft_wrap=True)
    for line in report.lines(view):
        console.print(line)
