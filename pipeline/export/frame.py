"""Rows as a pandas DataFrame. pandas is imported here and only when a frame is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal

from pipeline.export.text import columns, plain
from pipeline.model import Record

if TYPE_CHECKING:
    import pandas

Lists = Literal["keep", "join", "explode"]
ENTRY = "entry"


def frame(records: Sequence[Record], lists: Lists = "keep") -> pandas.DataFrame:
    """One row a record, one column a field; whole numbers as Int64 and yes / no as boolean, so that unknown stays unknown.

    ``lists`` says what becomes of list values: ``keep`` them, ``join`` them by ；, or ``explode`` them: one row an entry, with
    its number in the column ``entry``. Lists of one record are exploded side by side, so that every entry stands once in
    its column: that two entries share a row says nothing. A shorter list is filled up with None; a record without entries
    keeps one row. Raises ValueError for anything else.
    """
    import pandas

    if lists not in ("keep", "join", "explode"):
        raise ValueError(f"lists={lists!r}: must be 'keep', 'join' or 'explode'")
    names = list(columns(records))
    rows: list[dict[str, Any]] = [record.fields for record in records]
    if lists == "join":
        rows = [{name: plain(value) if isinstance(value, list) else value for name, value in row.items()} for row in rows]
    elif lists == "explode":
        names = [*names[:1], ENTRY, *names[1:]]
        rows = [line for row in rows for line in _exploded(row)]
    table = pandas.DataFrame(rows, columns=names, dtype=object)
    for name in table.columns:
        known = {type(value) for value in table[name] if value is not None}
        if known == {bool}:
            table[name] = table[name].astype("boolean")
        elif known == {int}:
            table[name] = table[name].astype("Int64")
    return table


def _exploded(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    lists = {name: value for name, value in row.items() if isinstance(value, list)}
    empty = (None,) * len(lists)
    for number, entries in enumerate(list(zip_longest(*lists.values())) or [empty], 1):
        yield row | dict(zip(lists, entries, strict=True)) | {ENTRY: number}
