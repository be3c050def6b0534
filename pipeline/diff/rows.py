"""The rows of two versions, made ready for matching: every value folded, equal values with equal numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.diff.columns import Columns
from pipeline.model import Record
from pipeline.text import fold

Codes: TypeAlias = NDArray[np.int32]

# What joins the elements of a list in its folded form; no printed text holds it.
_BETWEEN = "\x1e"


@dataclass(frozen=True, slots=True)
class Pair:
    """Row ``old`` of the old version (0-based) continues as row ``new`` of the new one, ``moved`` where it left its place among
    the others; see ``Match`` for the rest.
    """

    old: int
    new: int
    score: float = 100.0
    doubt: str = ""
    moved: bool = False

    def mirrored(self) -> Pair:
        return replace(self, old=self.new, new=self.old)


@dataclass(frozen=True, slots=True)
class Rows:
    """One version. ``names[i]`` are the folded names of row i by level, ``cells[i]`` all its folded values: names, group and
    compared fields.

    ``groups[i]`` is the number of its group, ``codes[i, f]`` that of its value of compared field f: equal in both versions for
    equal texts.
    """

    names: list[tuple[str, ...]]
    cells: list[tuple[str, ...]]
    groups: Codes
    codes: Codes

    @property
    def named(self) -> NDArray[np.bool_]:
        """Whether each row has a name at all."""
        return np.fromiter(map(any, self.names), bool, len(self.names))

    def __len__(self) -> int:
        return len(self.names)


def ready(old: Sequence[Record], new: Sequence[Record], columns: Columns) -> tuple[Rows, Rows]:
    """Both versions ready for matching."""
    context = [field for field in columns.compared if field != columns.parent and field not in columns.groups]
    reader = _Reader(columns.names, (columns.parent, *context), Folder(), [{} for _ in ("", *context)])
    return reader.rows(old), reader.rows(new)


class Folder:
    """Folds values, each different one once: the rows of a catalog print few different texts, many times."""

    def __init__(self) -> None:
        self._known: dict[Any, str] = {}

    def __call__(self, value: Any) -> str:
        """A value as a text that is equal for equal values: widths, quotes and spaces are no difference, nor is how a blank
        is written (null, an empty text or an empty list).
        """
        key = tuple(value) if isinstance(value, list) else value
        # True and 1 are one key of a dict.
        if isinstance(key, bool):
            return "true" if key else "false"
        if key not in self._known:
            self._known[key] = self._folded(key)
        return self._known[key]

    def _folded(self, value: Any) -> str:
        if value is None:
            return ""
        return _BETWEEN.join(map(self, value)) if isinstance(value, tuple) else fold(str(value))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads both versions with the same numbers; ``context`` are the group's field and the compared ones."""

    names: Sequence[str]
    context: Sequence[str]
    folder: Folder
    numbers: list[dict[str, int]]

    def rows(self, records: Sequence[Record]) -> Rows:
        names = [tuple(self.folder(record.fields.get(name)) for name in self.names) for record in records]
        texts = [tuple(self.folder(record.fields.get(name)) for name in self.context) for record in records]
        codes = np.zeros((len(records), len(self.context)), np.int32)
        for column, known in enumerate(self.numbers):
            codes[:, column] = [known.setdefault(row[column], len(known)) for row in texts]
        return Rows(names, [(*own, *rest) for own, rest in zip(names, texts, strict=True)], codes[:, 0], codes[:, 1:])
