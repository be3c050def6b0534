"""What changed between two versions, as a report for readers."""

from __future__ import annotations

from pipeline.report.page import html
from pipeline.report.shots import Sight
from pipeline.report.telling import languages, view
from pipeline.report.terminal import lines, marked
from pipeline.report.view import Block, Change, Entry, Section, Side, View, shown

__all__ = [
    "Block",
    "Change",
    "Entry",
    "Section",
    "Side",
    "Sight",
    "View",
    "html",
    "languages",
    "lines",
    "marked",
    "shown",
    "view",
]
