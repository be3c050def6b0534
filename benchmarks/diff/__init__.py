"""How well and how fast versions are compared, beside daff and csv-diff."""

from __future__ import annotations

TITLE = "Versions compared"


def run() -> str:
    """The section of the report."""
    from . import measure

    return measure.section()
