"""The review page of a catalog as plain texts, before any format: sheets with boxes, rows with cells, what to look at.

Everything points at everything by id: a cell ``v17-time_limit`` (row and field) names the boxes that print it, a box ``p2c31``
(page and cell) the cells that came of it, a task the cell, row, box or page that it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.model import Edit

# What a cell or a box may be marked with, worst first; the first one gives it its colour.
MARKS = ("error", "doubt", "looked_up", "repaired", "joined", "inherited", "spanned", "absent", "issue")
SHOWN = MARKS[:5]


class Words(NamedTuple):
    """A text in both languages of the page."""

    zh: str
    en: str


class Column(NamedTuple):
    """A field that the rows show: ``kind`` is the profile's, ``key`` tells whether it names the row."""

    field: str
    title: Words
    kind: str
    key: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row. ``entries`` are those of a list, () for any other value; ``text`` is the whole as plain text.

    ``tick`` is yes, no or unknown for a tick, else "". ``aside`` are texts derived from the value (a limit's number, a
    group's name). ``edits`` lead from the printed text to the value, () where nothing but white space differs. ``reasons``
    say why the value is doubted, ``doubt`` is the codes. ``boxes`` are the ids of its places, ``pages`` the pages they are
    on. ``decided`` is the reason that a person gave for an override. Cells that differ in nothing but their id (a merged
    cell has one a row) ``share`` a number.
    """

    id: str
    column: Column
    text: str
    entries: tuple[str, ...]
    tick: str
    aside: tuple[Words, ...]
    marks: tuple[str, ...]
    origin: str
    rules: tuple[str, ...]
    score: str
    doubt: str
    reasons: tuple[Words, ...]
    edits: tuple[Edit, ...]
    boxes: tuple[str, ...]
    pages: tuple[int, ...]
    decided: str
    share: int


class Row(NamedTuple):
    """A row: ``name`` is what it is called, ``title`` the caption of its table where that begins here, else ""."""

    id: str
    number: int
    name: str
    title: str
    cells: tuple[Cell, ...]


class Box(NamedTuple):
    """A printed cell: its rectangle in points from the top left ((0, 0, 0, 0) in a dump), what it prints, what came of it."""

    id: str
    x: float
    y: float
    width: float
    height: float
    text: str
    mark: str
    cells: tuple[str, ...]


class Line(NamedTuple):
    """A line of a dump: its number in the file, and its cells; a piece that is no cell has a box without an id."""

    number: int | None
    pieces: tuple[Box, ...]


class Sheet(NamedTuple):
    """A page in points, with the boxes of its cells, or in ``lines`` the text of a block of a dump."""

    number: int
    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...] = ()


class Task(NamedTuple):
    """Something to look at: one issue of ``issues.csv``. ``target`` is the id that it is about, "" = the source as a whole.

    ``name`` is the row's, ``text`` the value, ``reasons`` say why it must be looked at, ``message`` is the issue's own.
    """

    id: str
    severity: str
    code: str
    title: Words
    target: str
    field: str
    row: int | None
    pages: tuple[int, ...]
    name: str
    column: Words | None
    text: str
    reasons: tuple[Words, ...]
    message: str


class View(NamedTuple):
    """The whole page. ``counts`` are the issues by code, with its words, and sum up to ``issues.csv``; ``doubts`` are values."""

    heading: str
    origin: tuple[tuple[Words, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sheets: tuple[Sheet, ...]
    tasks: tuple[Task, ...]
    counts: tuple[tuple[str, Words, int], ...]
    errors: int
    doubts: int
    words: Mapping[str, Words]
    codes: Mapping[str, Words]
    geometry: bool = True
