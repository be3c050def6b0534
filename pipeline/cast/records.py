"""The stitched table → its rows, each with typed values and the history of every value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from pipeline.cast.channels import read_channels
from pipeline.cast.columns import ListColumns, read_columns
from pipeline.cast.limit_words import LimitWords, read_words
from pipeline.cast.limits import Limit, read_limit
from pipeline.cast.lists import cut, given
from pipeline.cast.marks import Marks, read_marks
from pipeline.cast.numerals import serial_number
from pipeline.cast.ticks import read_tick
from pipeline.model import Grid, Record, Section, Value
from pipeline.profile import Field, Profile
from pipeline.text import fold, join_lines, squash

# (output field, typed value, the Value that it was read from)
Typed = tuple[str, Any, Value]


def cast(grid: Grid, profile: Profile) -> list[Record]:
    """The rows of a grid after ``fill``, in printed order, numbered from 1.

    All rows have the same fields, in the order of ARCHITECTURE, The fields: null where the row's table has no such column, ``[]``
    where a list cell is blank. Every printed field, and every field derived from it, has its ``Value``. Raises ProfileError
    where the profile lacks a setting.
    """
    names = _output_fields(grid, profile)
    slots = grid.slots()
    context = _read_context(grid, profile)
    cache: dict[tuple[str, Value], tuple[Typed, ...]] = {}
    records = []
    for row, section in _rows(grid):
        fields: dict[str, Any] = dict.fromkeys(names) | {"row": row + 1, "table_title": section.title or None}
        values: dict[str, Value] = {}
        for name in section.fields:
            key = (name, slots[row, name].value)
            if key not in cache:
                cache[key] = tuple(_typed(*key, context))
            for output, typed, value in cache[key]:
                fields[output], values[output] = list(typed) if isinstance(typed, tuple) else typed, value
        records.append(Record(row + 1, fields, {name: values[name] for name in names if name in values}))
    return records


def _rows(grid: Grid) -> Iterator[tuple[int, Section]]:
    whole = Section(0, "", tuple(dict.fromkeys(cell.field for cell in grid.cells)))
    starts = {section.row: section for section in grid.sections}
    section = whole
    for row in range(grid.n_rows):
        section = starts.get(row, section)
        yield row, section


def _output_fields(grid: Grid, profile: Profile) -> list[str]:
    """The fields of every row, in order. What is derived from ticks follows the last tick that every table has."""
    printed = dict.fromkeys(name for _, section in _rows(grid) for name in section.fields)
    ticks = [field.name for field in profile.fields if field.kind == "tick" and not field.optional]
    names: list[str] = ["row", "table_title"]
    from_ticks: list[str] = []
    for field in profile.fields:
        if field.optional and field.name not in printed:
            continue
        names.append(field.name)
        if field.kind == "tick":
            from_ticks += field.derived
        else:
            names += field.derived
        if ticks and field.name == ticks[-1]:
            names, from_ticks = names + from_ticks, []
    return list(dict.fromkeys([*names, *from_ticks, *printed]))


class _Context(NamedTuple):
    """What a value is read with: the profile's marks and words, and what the whole table tells about its columns."""

    profile: Profile
    marks: Marks
    words: LimitWords
    lists: ListColumns
    own_names: Mapping[str, frozenset[str]]


def _read_context(grid: Grid, profile: Profile) -> _Context:
    marks = read_marks(profile)
    own: dict[str, set[str]] = {field.name: {squash(part) for part in field.title.split("：")} for field in profile.fields}
    for heading in profile.headings:
        own.setdefault(heading.field, set()).add(squash(heading.heading))
    names = {name: frozenset(spellings - {""}) for name, spellings in own.items()}
    return _Context(profile, marks, read_words(profile), read_columns(grid, profile, marks), names)


def _typed(name: str, value: Value, context: _Context) -> Iterator[Typed]:
    """A printed value as its typed value and all that is derived from it."""
    field = context.profile.field(name)
    reader = _READERS.get(field.kind) if field else None
    if field and reader:
        yield from reader(field, value, context)
    else:
        value = _in_one_line(value)
        yield name, value.text or None, value


def _serial(field: Field, value: Value, context: _Context) -> Iterator[Typed]:
    number = serial_number(squash(value.text))
    doubt = "serial" if number is None and squash(value.text) else ""
    yield field.name, number, _doubted(_in_one_line(value), doubt)


def _list(field: Field, value: Value, context: _Context) -> Iterator[Typed]:
    found = given(value.text) if _is_given(value) else None
    found = found or cut(value.text, context.lists.reading(field.name, value))
    yield field.name, found.entries, _doubted(replace(value, text="；".join(found.entries)), found.doubt)


def _limit(field: Field, value: Value, context: _Context) -> Iterator[Typed]:
    value = _in_one_line(value)
    limit = read_limit(value.text, context.words) if value.text else None
    if limit and _is_unread(value, limit, field, context.profile):
        value = _doubted(value, "ocr")
    yield field.name, value.text or None, value
    typed = (limit.value, limit.unit, limit.kind, limit.trigger) if limit else (None,) * 4
    for number, (name, derived) in enumerate(zip(field.derived, typed, strict=False)):
        yield name, derived, _doubted(value, limit.doubt) if limit and not number else value


def _is_unread(value: Value, limit: Limit, field: Field, profile: Profile) -> bool:
    """Whether a limit was recognised from a picture and says no time: 之日起20作日内 has lost characters at the end of a line."""
    told = limit.value is not None or limit.kind not in ("other", "within")
    return bool(value.scores) and not told and fold(value.text) not in {fold(term) for term in profile.terms(field.name)}


def _channels(field: Field, value: Value, context: _Context) -> Iterator[Typed]:
    # The boxes of a value that a person gave are those in it.
    printed = value.text if _is_given(value) else value.printed
    found = read_channels(value.text, printed, context.lists.reading(field.name, value))
    offered = _doubted(replace(value, text="；".join(found.offered)), found.offered_doubt)
    yield field.name, found.chosen, _doubted(replace(offered, text="；".join(found.chosen)), found.doubt)
    for name in field.derived[:1]:
        yield name, found.offered, offered


def _tick(field: Field, value: Value, context: _Context) -> Iterator[Typed]:
    named = field.name in context.marks.named
    found = read_tick(value, context.marks, context.own_names[field.name], named)
    value = _doubted(_in_one_line(value), found.doubt)
    yield field.name, found.value, value
    for name in field.derived[:1]:
        yield name, found.group, value


_READERS: Mapping[str, Callable[[Field, Value, _Context], Iterator[Typed]]] = {
    "serial": _serial,
    "list": _list,
    "limit": _limit,
    "channels": _channels,
    "tick": _tick,
}


def _in_one_line(value: Value) -> Value:
    text = join_lines(value.text)
    return value if text == value.text else replace(value, text=text)


def _is_given(value: Value) -> bool:
    """Whether a person gave the text, so that it is no text of the page."""
    return value.origin == "looked_up"


def _doubted(value: Value, reason: str) -> Value:
    """A value with one more reason to doubt it, unless a person has settled it."""
    return value if "lookup" in value.rule.split("+") else value.doubted(reason)
