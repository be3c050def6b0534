"""``catalog debug``: a picture of one page with what the engine saw on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import options
from pipeline.model import Cell


def debug(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A PDF.", show_default=False)],
    page: Annotated[int, typer.Option("--page", metavar="N", min=1, help="The page to draw, counted from 1.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="The PNG to write. Without it: <name>-page-<N>.png, here."),
    ] = None,
    engine: options.Engine = None,
    password: options.Password = None,
) -> None:
    """Draw a page with its rules, its grid, and its cells with their spans and open edges.

    Each cell is labelled with its row and column (counted from 0, as in tables.json); what it holds is printed, a line a
    cell.
    """
    from io import BytesIO

    from pipeline.debug import picture
    from pipeline.folder import write_file

    drawn = picture(source, page, engine, password)
    target = output or Path(f"{source.stem}-page-{page}.png")
    data = BytesIO()
    drawn.image.save(data, "PNG")
    write_file(target, data.getvalue())
    tables = drawn.page.tables
    for number, table in enumerate(tables, 1):
        typer.echo(f"table {number}: {table.n_rows} x {table.n_cols}")
        for cell in table.cells:
            typer.echo(_line(cell))
    cells = sum(len(table.cells) for table in tables)
    typer.echo(f"{source.name}: page {page}, {len(tables)} tables, {cells} cells → {target}", err=True)


def _line(cell: Cell) -> str:
    from pipeline.text import join_lines

    span = f" ({cell.row_span}x{cell.col_span})" if cell.row_span * cell.col_span > 1 else ""
    notes = ["open above"] * cell.open_top + ["open below"] * cell.open_bottom + [cell.doubt] * bool(cell.doubt)
    noted = f" [{', '.join(notes)}]" if notes else ""
    return f"{cell.row},{cell.col}{span}{noted} {join_lines(cell.text)}".rstrip()
