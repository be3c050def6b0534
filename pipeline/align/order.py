"""In which order the rows of a dump print the columns: a damaged heading row may tell it wrong, and extra columns nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.align.looks import Look

# Rows of full width to look at; points by which another order must be better; points that a cell must fit with.
_SAMPLE, _BETTER, _FITS = 300, 5.0, 1.0
# Points for a blank where no row leaves one.
_BLANK = -2.0
# How many rows, and which share of them, must contradict an order that no row of full width can confirm.
_ROWS, _SHARE = 2, 0.8
# A row tells the order when it prints this many columns that its looks tell.
_TOLD = 4

Row = Sequence[Look]


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a column: its ``kind``; ``extra``: the family does not know it; ``filled``: no row leaves it blank;
    ``item``: it names the item, at one of its levels."""

    kind: str
    extra: bool
    filled: bool
    item: bool = False


def printed_order(rows: Sequence[Row], columns: Sequence[Traits]) -> list[int]:
    """Column indexes in the order in which the rows print them: the given order, unless the rows tell a better one.

    Orders are compared by the points of all cells in rows of full width. The levels of an item stand as given unless their blanks
    say otherwise: they share their names (a catalog lists 任务分配 as its first level, the lexicon as a second one).
    """
    given = list(range(len(columns)))
    full = [row for row in rows if len(row) == len(columns)][:_SAMPLE]
    learnt = _by_looks(rows, columns)
    if not full:
        return _with_items_as_given(learnt, columns) if _contradicted(rows, columns) else given
    options = [_with_extras(order, full, columns) for order in (given, _with_items_as_given(learnt, columns), learnt)]
    points = [_fit(full, order, columns) for order in options]
    best = points.index(max(points))
    return options[best] if points[best] > _fit(full, given, columns) + _BETTER else given


def _with_items_as_given(order: Sequence[int], columns: Sequence[Traits]) -> list[int]:
    """The order with the levels of an item among themselves as they are given."""
    items = iter(column for column, traits in enumerate(columns) if traits.item)
    return [next(items) if columns[column].item else column for column in order]


def is_straight(row: Row, order: Sequence[int], columns: Sequence[Traits]) -> bool:
    """Whether every cell of a row of full width looks like the column that it stands in."""
    if len(row) != len(order):
        return False
    return all(
        not columns[column].filled if look.blank else look.scores[column] >= _FITS
        for look, column in zip(row, order, strict=True)
    )


def _with_extras(order: Sequence[int], full: Sequence[Row], columns: Sequence[Traits]) -> list[int]:
    """The order with each extra column where most rows fit it."""
    found = [column for column in order if not columns[column].extra]
    extras = [column for column in order if columns[column].extra]
    # Until all extras have found their place, no row has the width of the order; so those without one wait at its end.
    for number, extra in enumerate(extras):
        waiting = extras[number + 1 :]
        options = [[*found[:at], extra, *found[at:], *waiting] for at in range(len(found), -1, -1)]
        best = max(options, key=lambda option: _fit(full, option, columns))
        found = best[: len(best) - len(waiting)]
    return found


def _fit(full: Sequence[Row], order: Sequence[int], columns: Sequence[Traits]) -> float:
    """The points of all cells in an order. A name of an item fits each of its levels as well as the best of them."""
    items = [column for column, traits in enumerate(columns) if traits.item]
    total = 0.0
    for row in full:
        for look, column in zip(row, order, strict=True):
            if look.blank:
                total += _BLANK if columns[column].filled else 0.0
            else:
                total += max(look.scores[i] for i in items) if columns[column].item else look.scores[column]
    return total


def _by_looks(rows: Sequence[Row], columns: Sequence[Traits]) -> list[int]:
    """The columns by the middle of the places at which their looks appear; the others after the one before them."""
    told = _told(rows, columns)
    position: list[tuple[float, int]] = []
    last = -1.0
    for column in range(len(columns)):
        places = sorted(places[column] for places in told if column in places)
        last = (places[(len(places) - 1) // 2] + places[len(places) // 2]) / 2 if places else last + 0.01
        position.append((last, column))
    return [column for _, column in sorted(position)]


def _contradicted(rows: Sequence[Row], columns: Sequence[Traits]) -> bool:
    told = _told(rows, columns)
    for a, b in combinations(range(len(columns)), 2):
        if columns[a].item and columns[b].item:
            continue
        both = [places for places in told if a in places and b in places]
        against = sum(places[a] > places[b] for places in both)
        if against >= _ROWS and against >= _SHARE * len(both):
            return True
    return False


def _told(rows: Sequence[Row], columns: Sequence[Traits]) -> list[dict[int, int]]:
    """Where rows print the columns that their looks tell; tick columns look alike and stand where the first tick stands."""
    ticks = [column for column, traits in enumerate(columns) if traits.kind == "tick"]
    told: list[dict[int, int]] = []
    for row in rows:
        places = {look.best: i for i, look in reversed(list(enumerate(row))) if look.best is not None}
        first = next((i for i, look in enumerate(row) if look.tick is not None), None)
        if first is not None:
            places |= dict.fromkeys(ticks, first)
        if len(places) >= _TOLD:
            told.append(places)
    return told
