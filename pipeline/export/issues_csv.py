"""``issues.csv``: what a person should know about a run."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from pipeline.export.text import PLACE_COLUMNS, csv_text, place_cells
from pipeline.model import Issue

HEADER = ("code", "severity", "message", "row", "seq", "field", *PLACE_COLUMNS)


def text(issues: Sequence[Issue]) -> str:
    """The file for these issues."""
    return csv_text(HEADER, (_line(issue) for issue in issues))


def _line(issue: Issue) -> tuple[object, ...]:
    return (issue.code, issue.severity, issue.message, issue.row, issue.seq, issue.field, *place_cells(issue.place))


def read(path: Path) -> list[dict[str, str]]:
    """The lines of an ``issues.csv``, by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
