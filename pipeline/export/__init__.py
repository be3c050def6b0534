"""Rows and issues → files, one module a format. Every module gives the text of its file; only ``write`` touches the disk.

The same rows give the same bytes, on any machine: no time stamps, no folders, UTF-8, lines end with a line feed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline import folder
from pipeline.export import agree, datapackage, frame, issues_csv, items_csv, items_json, preview, provenance_csv

DATA = ("items.json", "items.csv", "provenance.csv", "issues.csv", "tables.json", "datapackage.json")
REPORT = "report.html"
# Every name that a run writes into an output folder; anything else in it belongs to the user and is kept.
NAMES = (*DATA, REPORT)

__all__ = [
    "DATA",
    "NAMES",
    "REPORT",
    "agree",
    "datapackage",
    "frame",
    "issues_csv",
    "items_csv",
    "items_json",
    "prepare",
    "preview",
    "provenance_csv",
    "write",
]


def prepare(target: Path) -> None:
    """Raise OutputError where ``write`` could not write into ``target``; tidy up after runs that were killed there."""
    folder.prepare(target, NAMES, datapackage.is_ours)


def write(target: Path, files: Mapping[str, bytes]) -> None:
    """Replace the folder ``target`` as a whole by one with these files; raises OutputError, and then it is as before."""
    with folder.replaced(target, NAMES, datapackage.is_ours) as fresh:
        for name, data in files.items():
            (fresh / name).write_bytes(data)
