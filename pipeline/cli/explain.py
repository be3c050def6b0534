"""``catalog explain``: one row of an output, field by field: what was printed, what was made of it, and why."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import CatalogError


def explain(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `catalog run` wrote.", show_default=False)],
    seq: Annotated[int | None, typer.Option("--seq", help="The row's serial number, as printed.", show_default=False)] = None,
    row: Annotated[int | None, typer.Option("--row", help="The row's place in the output, from 1.", show_default=False)] = None,
) -> None:
    """Print the history of one row: each field, printed → value, origin, rule, score, doubt and place.

    A serial number that several tables of one file use is explained for each of them.
    """
    if (seq is None) == (row is None):
        raise CatalogError("say which row to explain: either --seq N (as printed) or --row N (its place in the output)")
    lines = _lines(folder, "row" if row is not None else "seq", str(row if row is not None else seq))
    for number in dict.fromkeys(line["row"] for line in lines):
        _print_row([line for line in lines if line["row"] == number])


def _lines(folder: Path, column: str, wanted: str) -> list[dict[str, str]]:
    """The lines of ``provenance.csv`` of one row; raises CatalogError that names the rows there are."""
    path = folder / "provenance.csv"
    if not path.is_file():
        raise CatalogError(f"{folder}: holds no provenance.csv; name a folder that `catalog run` wrote")
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    found = [line for line in lines if line[column] == wanted]
    if not found:
        known = [line[column] for line in lines if line[column]] or ["none"]
        raise CatalogError(f"{folder}: no row with {column} {wanted}; there are {known[0]} to {known[-1]}")
    return found


def _print_row(lines: list[dict[str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"row {lines[0]['row']}, serial {lines[0]['seq'] or '—'}", title_justify="left", show_lines=True)
    for heading in ("field", "printed", "value", "origin", "rule", "score", "doubt", "place"):
        table.add_column(heading, overflow="fold", no_wrap=False)
    for first, places in _by_field(lines):
        printed = "as the value" if first["printed"].replace("\n", "") == first["value"] else first["printed"]
        told = (first["field"], printed, first["value"], first["origin"], first["rule"], first["score"], first["doubt"], places)
        table.add_row(*(Text(cell) for cell in told), style="yellow" if first["doubt"] else None)
    Console().print(table)


def _by_field(lines: list[dict[str, str]]) -> list[tuple[dict[str, str], str]]:
    """For each field its first line, and the places of all of them in words."""
    fields: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        fields.setdefault(line["field"], []).append(line)
    return [(mine[0], "\n".join(_place(line) for line in mine)) for mine in fields.values()]


def _place(line: dict[str, str]) -> str:
    if not line["page"]:
        return "nowhere"
    if not line["bottom"]:
        return f"block {line['page']}, line {line['top']}, column {line['x0'] or '—'}"
    return f"page {line['page']} at {line['x0']}, {line['top']} – {line['x1']}, {line['bottom']}"
