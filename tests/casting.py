"""Grids of a few values, cast: what the tests of cast share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipeline.cast import cast
from pipeline.model import BBox, Grid, GridCell, Place, Record, Section, Value
from pipeline.profile import Profile, load


def profile_with(**lexicons: Sequence[str]) -> Profile:
    """The profile of the family with these terms only (``content_elements=…``): what a test shows, no other term settles."""
    names = {name.replace("_", "-"): tuple(terms) for name, terms in lexicons.items()}
    return replace(load(), lexicons=names)


PLAIN = profile_with()


def value(text: str, width: float | None = None, **history: Any) -> Value:
    places = (Place(1, BBox(0, 0, width, 10)),) if width else ()
    return Value(text, text, places=places, **history)


def grid_of(rows: Sequence[dict[str, Value]], title: str = "", geometry: bool = True) -> Grid:
    fields = tuple(dict.fromkeys(name for row in rows for name in row))
    cells = tuple(GridCell(number, 1, name, cell) for number, row in enumerate(rows) for name, cell in row.items())
    return Grid(len(rows), cells, (Section(0, title, fields),), geometry=geometry)


def cast_one(field: str, text: str, profile: Profile = PLAIN, geometry: bool = True) -> Record:
    return cast(grid_of([{field: value(text)}], geometry=geometry), profile)[0]
