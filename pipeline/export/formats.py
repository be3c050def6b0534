"""The formats for other systems, by name. A format's module, and the library under it, is imported when it is asked for."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from pipeline.errors import MissingExtraError, OutputError
from pipeline.export.feed import Feed


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is called, how its file ends, what it is for, and the module of this package that writes it."""

    name: str
    suffix: str
    describe: str
    module: str


FORMATS: dict[str, Format] = {
    entry.name: entry
    for entry in (
        Format("xlsx", ".xlsx", "a workbook for people", "xlsx"),
        Format("parquet", ".parquet", "columns with real list and bool types", "parquet"),
        Format("sqlite", ".sqlite", "a database file of one catalog version", "sqlite"),
        Format("duckdb", ".duckdb", "the same for DuckDB, with real lists", "duckdb"),
        Format("csv-excel", ".csv", "CSV that a spreadsheet opens rightly and runs nothing of", "csv_excel"),
        Format("jsonl", ".jsonl", "one JSON object a line", "jsonl"),
        Format("markdown", ".md", "a table to read, with its doubts", "markdown"),
    )
}


def chosen(names: list[str]) -> list[Format]:
    """The formats of these names (each may hold several, parted by commas), each once; raises OutputError for others."""
    wanted = dict.fromkeys(part.strip() for name in names for part in name.split(",") if part.strip())
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        raise OutputError(f"--to {','.join(unknown)}: no such format; there are {', '.join(FORMATS)}")
    return [FORMATS[name] for name in wanted]


def data(form: Format, feed: Feed, merged: bool = False) -> bytes:
    """The file of a feed in a format; raises MissingExtraError where its library is not installed.

    ``merged``: cells that the source prints merged are merged again, where the format can (xlsx).
    """
    try:
        module = importlib.import_module(f"pipeline.export.{form.module}")
    except ImportError as error:
        hint = f"{form.name} needs {error.name}, which is an extra: pip install 'disclosure-catalog[feeds]'"
        raise MissingExtraError(hint) from error
    written: bytes = module.data(feed, merged=merged) if form.name == "xlsx" else module.data(feed)
    return written
