"""Whether the tables keep their word: each slot has one cell, each glyph one place."""

from __future__ import annotations

from pipeline import account
from pipeline.audit.folder import Folder


def accounted(folder: Folder) -> list[str]:
    """Every page balances and every table tiles; where one does not, the run must have said so."""
    said = {(line["code"], line["page"]) for line in folder.issues}
    found = account.account(folder.document)
    return [
        f"tables.json, page {issue.place.page}: {issue.message}, and issues.csv does not say so"
        for issue in found
        if issue.code in ("account", "tiling") and issue.place and (issue.code, str(issue.place.page)) not in said
    ]
