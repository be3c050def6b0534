"""By which names a line of a ``lookups.csv`` may mean one row, and which rows a name means.

A row is named by its item alone (``待遇申领``) where that is enough, by the names above it too (``养老保险/待遇申领``), or by its
place among the rows of that name in printed order (``待遇申领#2``; ``#2`` is the second row that has no name at all). White space
does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from pipeline.model import Value
from pipeline.text import join_lines, squash

# The ways in which a row's name on one level is written: as printed, as read.
Level = tuple[str, ...]
_ABOVE, _NUMBER = "/", "#"


class Named(NamedTuple):
    """How one row is called: ``own`` are the levels that name it, the widest first, ``above`` what only stands over it."""

    own: tuple[Level, ...]
    above: tuple[Level, ...] = ()

    def single(self) -> Iterator[str]:
        """The name on each level of its own, the narrowest first."""
        for level in reversed(self.own):
            yield from level

    def whole(self) -> Iterator[str]:
        """All names in one, from the widest to the narrowest."""
        written = [level for level in (*self.above, *self.own) if level]
        if len(written) > 1:
            yield from (_ABOVE.join(names) for names in product(*written))

    def narrowest(self) -> Level:
        """The narrowest name, "" where the row has none."""
        return next((level for level in reversed(self.own) if level), ("",))


def named(values: Mapping[str, Value], own: Iterable[str], above: Iterable[str] = ()) -> Named:
    """How a row with these values is called; ``own`` and ``above`` are the fields of the names, the widest first."""
    return Named(tuple(_level(values, name) for name in own), tuple(_level(values, name) for name in above))


def rows_by_name(rows: Sequence[Named]) -> dict[str, list[int]]:
    """Every name (without white space) that means rows (counted from 0), each with those rows in order."""
    found: dict[str, list[int]] = defaultdict(list)
    for row, known in enumerate(rows):
        for name in dict.fromkeys(map(squash, (*known.single(), *known.whole()))):
            found[name].append(row)
    numbered = {f"{name}{_NUMBER}{n}": [row] for name, same in _narrowest(rows).items() for n, row in enumerate(same, 1)}
    # A number that is part of a printed name stays what it is.
    return numbered | found


def names_of(row: int, rows: Sequence[Named]) -> Iterator[str]:
    """The names of a row from the plainest to the most exact; each may mean other rows too, but for the last."""
    known = rows[row]
    yield from dict.fromkeys((*known.single(), *known.whole()))
    same = _narrowest(rows)
    yield from (f"{name}{_NUMBER}{same[squash(name)].index(row) + 1}" for name in known.narrowest())


def _level(values: Mapping[str, Value], name: str) -> Level:
    """The printed spelling before the one that was read; one of them where they differ in white space alone."""
    value = values.get(name)
    if value is None or not squash(value.printed + value.text):
        return ()
    printed, text = " ".join(value.printed.split()), join_lines(value.text)
    if squash(printed) == squash(text):
        return (text,)
    return tuple(filter(squash, (printed, text)))


def _narrowest(rows: Sequence[Named]) -> dict[str, list[int]]:
    """The rows of each narrowest name, white space removed; those without any name under ""."""
    found: dict[str, list[int]] = defaultdict(list)
    for row, known in enumerate(rows):
        for name in known.narrowest():
            found[squash(name)].append(row)
    return found
